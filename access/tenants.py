"""In which kommuner a user has something to do. Apps register what they know; `access` knows none of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser

from access.actor import Actor
from access.context import context_of
from access.models import User


@dataclass
class OwnTenant:
    """A kommune the user may choose, and as what."""

    slug: str
    name: str
    roles: list[str] = field(default_factory=list)


Lister = Callable[[int], Iterable[tuple[str, str, str]]]  # user id -> (slug, name, role)
_listers: list[Lister] = []


def register_lister(lister: Lister) -> None:
    """Called from an app's `ready()`."""
    if lister not in _listers:
        _listers.append(lister)


def own_tenants(user: User | AnonymousUser) -> list[OwnTenant]:
    """The tenants of this user, by name. Runs in a context that names the user and no tenant."""
    found: dict[str, OwnTenant] = {}
    if not isinstance(user, User):
        return []
    with context_of(Actor(user_id=user.pk)):
        for slug, name, role in (row for lister in _listers for row in lister(user.pk)):
            tenant = found.setdefault(slug, OwnTenant(slug, name))
            if role not in tenant.roles:
                tenant.roles.append(role)
    return sorted(found.values(), key=lambda tenant: tenant.name)


PeopleLister = Callable[[int], list[User]]  # tenant id -> users
_people_listers: list[PeopleLister] = []


def register_people(lister: PeopleLister) -> None:
    """Called from an app's `ready()`: who has, or has had, something to do in a tenant."""
    if lister not in _people_listers:
        _people_listers.append(lister)


def people_of(tenant_id: int) -> list[User]:
    """Everybody who has, or has had, something to do in this tenant, by name; for the filter of its access log."""
    found = {user.pk: user for lister in _people_listers for user in lister(tenant_id)}
    return sorted(found.values(), key=lambda user: user.name)


Namer = Callable[[int, Iterable[User]], list[User]]  # tenant id, users -> the same, called as the tenant calls them
_namers: list[Namer] = []


def register_namer(namer: Namer) -> None:
    """Called from an app's `ready()`: an account's own name may be nobody's business in a tenant."""
    if namer not in _namers:
        _namers.append(namer)


def called_here(tenant_id: int, users: Iterable[User]) -> list[User]:
    """The users with the names that the tenant knows them by; in memory alone, for the screen."""
    found = list(users)
    for namer in _namers:
        found = namer(tenant_id, found)
    return found
