"""One-click login for invented people. The switch refuses to start as soon as one user is not a demo user."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from access.models import User
from access.tenants import own_tenants


def real_people_exist() -> bool:
    """True if any user is neither a demo user nor a system user."""
    return User.objects.filter(is_demo=False, is_system=False).exists()


def refuse_demo_among_real_people() -> None:
    """Raise ImproperlyConfigured when demo login is on and a real user exists. Called at start-up."""
    if settings.SSP_DEMO and real_people_exist():
        raise ImproperlyConfigured("SSP_DEMO is on, but the database holds people who are not invented. Unset SSP_DEMO and start again.")


def demo_users() -> list[User]:
    """The people one may log in as by one click, in the order in which they were loaded."""
    if not settings.SSP_DEMO:
        return []
    return list(User.objects.filter(is_demo=True, is_active=True, is_system=False).exclude(title="").order_by("pk"))


@dataclass(frozen=True)
class DemoPerson:
    """An invented person on the login page."""

    pk: int
    name: str
    title: str
    initials: str
    mark: str
    elsewhere: str  # the other kommuner of one who has seats in several


def demo_groups() -> list[tuple[str, list[DemoPerson]]]:
    """(kommune, people) for the login page; a person stands once, under the first loaded of his kommuner. Empty outside demo mode."""
    groups: dict[str, list[DemoPerson]] = {}
    for user in demo_users():
        names = [tenant.name for tenant in own_tenants(user)]
        nowhere = _("Runs the product") if user.is_operator else _("Called in to one meeting, outside its hours")
        home = next((name for name in groups if name in names), names[0] if names else nowhere)
        elsewhere = ", ".join(name for name in names if name != home)
        groups.setdefault(home, []).append(DemoPerson(user.pk, user.name, user.title, user.initials, user.mark, elsewhere))
    return list(groups.items())
