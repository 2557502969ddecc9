"""Writes of what an organisation is made of: levels, areas, organisations, bands of the prevention model, trin, the matrix, names.

All take `actor`; all raise PermissionDenied when he may not, and a SetupError with a sentence for what cannot be.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from access.actor import Actor
from access.policy import require
from access.roles import Verb
from municipalities.errors import SetupError
from municipalities.models import Area, Forum, ForumTrin, Level, MatrixCell, Organisation, PreventionLevel, Seat, Tenant, Trin
from municipalities.trees import is_ring
from municipalities.versions import fingerprint, refuse_stale

type Part = Level | Area | Organisation | PreventionLevel | Trin
ORDERED = (Level, PreventionLevel)


def save_part(row: Any, *, actor: Actor, seen: str | None = None) -> None:
    """Save a new or changed level, area, organisation, band or trin. A new ordered one stands last. Raises StaleError, SetupError."""
    require(actor, Verb.MANAGE_TENANT, row)
    _lock(row.tenant_id)
    if row.pk is not None:
        refuse_stale(type(row).objects.select_for_update(of=("self",)).get(tenant_id=row.tenant_id, pk=row.pk), seen)
    elif isinstance(row, ORDERED):
        row.order = (type(row).objects.filter(tenant_id=row.tenant_id).aggregate(Max("order"))["order__max"] or 0) + 1
    if isinstance(row, Area):
        _refuse_ring(row)
    if isinstance(row, Organisation) and row.pk is not None:
        _refuse_private_in_person_forum(row)
    row.save()


def move_part(row: Any, *, actor: Actor, up: bool) -> None:
    """Swap a level or a band with its neighbour; at the end nothing changes."""
    require(actor, Verb.MANAGE_TENANT, row)
    _lock(row.tenant_id)
    rows = list(type(row).objects.select_for_update(of=("self",)).filter(tenant_id=row.tenant_id).order_by("order", "pk"))
    old = [one.pk for one in rows].index(row.pk)
    rows.insert(max(0, old - 1) if up else old + 1, rows.pop(old))
    for order, one in enumerate(rows, start=1):
        if one.order != order:
            one.order = order
            one.save(update_fields=["order"])


def remove_part(row: Any, *, actor: Actor) -> None:
    """Take one away that nothing uses. Raises SetupError: also for what the administrator himself cannot see, which the database does."""
    require(actor, Verb.MANAGE_TENANT, row)
    _lock(row.tenant_id)
    row = type(row).objects.select_for_update(of=("self",)).get(tenant_id=row.tenant_id, pk=row.pk)
    used_by = _users(row)
    if used_by:
        raise SetupError(_("“%(name)s” is used by %(users)s. Change that first.") % {"name": row, "users": _listed(used_by)})
    try:
        with transaction.atomic():
            row.delete()
            connection.check_constraints()
    except IntegrityError as error:
        raise SetupError(_("“%(name)s” is in use somewhere in the kommune, for example in a plan. It stays.") % {"name": row}) from error


def _users(row: Any) -> list[str]:
    """What uses the row, by name: at most four, as the administrator knows them."""
    match row:
        case Trin():
            return []
        case Level():
            found = [*row.forums.order_by("name"), *row.cells.select_related("level", "prevention_level")]
        case Area():
            found = [*row.forums.order_by("name"), *row.children.order_by("name")]
        case Organisation():
            found = list(Forum.objects.filter(pk__in=row.seats.values("forum_id")).order_by("name"))
        case _:
            found = [*row.forums.order_by("name"), *row.cells.select_related("level", "prevention_level")]
    names = [str(user) for user in found]
    return names if len(names) < 5 else [*names[:3], _("%(n)s others") % {"n": len(names) - 3}]


def _listed(names: list[str]) -> str:
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]} if len(names) > 1 else names[0]


def _refuse_ring(area: Area) -> None:
    parents = dict(Area.objects.filter(tenant_id=area.tenant_id).values_list("pk", "parent_id"))
    if area.pk is not None and is_ring(area.pk, area.parent_id, parents):
        raise SetupError(_("%(parent)s is a part of %(area)s already. An area cannot be a part of itself: choose another one.") % {"parent": area.parent, "area": area})


def _refuse_private_in_person_forum(organisation: Organisation) -> None:
    if organisation.kind != Organisation.Kind.PRIVATE:
        return
    seats = Seat.objects.not_over().filter(tenant_id=organisation.tenant_id, organisation=organisation, forum__ceiling__in=("PERSON_115", "PERSON_INFOHUS"))
    forums = sorted({seat.forum.name for seat in seats.select_related("forum")})
    if forums:
        raise SetupError(
            _("%(organisation)s cannot be private while it sits in %(forums)s: private organisations are kept out of person data. End its seats there first.")
            % {"organisation": organisation, "forums": ", ".join(forums)}
        )


def set_trin_forums(trin: Trin, forums: Collection[Forum], *, actor: Actor) -> None:
    """Which forums handle a trin."""
    require(actor, Verb.MANAGE_TENANT, trin)
    rows, ids = ForumTrin.objects.filter(tenant_id=trin.tenant_id, trin=trin), {forum.pk for forum in forums}
    rows.exclude(forum__in=ids).delete()
    there = set(rows.values_list("forum_id", flat=True))
    ForumTrin.objects.bulk_create(ForumTrin(tenant_id=trin.tenant_id, trin=trin, forum_id=pk) for pk in sorted(ids - there))


def set_prevention_shape(tenant: Tenant, shape: str, *, actor: Actor) -> None:
    """How the prevention model is drawn."""
    require(actor, Verb.MANAGE_TENANT, Forum(tenant=tenant))
    tenant = Tenant.objects.select_for_update(no_key=True).get(pk=tenant.pk)
    tenant.prevention_shape = shape
    tenant.save(update_fields=["prevention_shape"])


def set_placed_by(tenant: Tenant, words: str, *, actor: Actor) -> None:
    """Who says which trin a concern is on."""
    require(actor, Verb.MANAGE_TENANT, Forum(tenant=tenant))
    tenant = Tenant.objects.select_for_update(no_key=True).get(pk=tenant.pk)
    tenant.trin_placed_by = words
    tenant.save(update_fields=["trin_placed_by"])


def set_terms(tenant: Tenant, terms: Mapping[str, str], *, actor: Actor, seen: str | None = None) -> None:
    """What this kommune calls things; an empty name means the usual one. The names before the first change are kept until the texts that say
    them are settled (`municipalities.term_uses`), whoever opens the page, and whenever. Raises StaleError.
    """
    require(actor, Verb.MANAGE_TENANT, Forum(tenant=tenant))
    tenant = Tenant.objects.select_for_update(no_key=True).get(pk=tenant.pk)
    refuse_stale(tenant, seen)
    before, tenant.terms = tenant.terms, {key: text for key, text in terms.items() if text}
    if tenant.former_terms is None and tenant.terms != before:
        tenant.former_terms = before
    tenant.save(update_fields=["terms", "former_terms"])


def matrix_version(tenant_id: int) -> str:
    """The matrix as it stands, in a few letters, for the form that changes all of it."""
    cells = MatrixCell.objects.filter(tenant_id=tenant_id).order_by("pk")
    return "-".join(fingerprint(cell)[:4] for cell in cells) or "0"


def write_matrix(tenant_id: int, texts: Mapping[tuple[int, int], str], *, actor: Actor, seen: str | None = None) -> None:
    """Write the cells: (level id, band id) -> text; an empty one is taken away. Raises StaleError."""
    require(actor, Verb.MANAGE_TENANT, MatrixCell(tenant_id=tenant_id))
    _lock(tenant_id)
    known = {(cell.level_id, cell.prevention_level_id): cell for cell in MatrixCell.objects.select_for_update(of=("self",)).filter(tenant_id=tenant_id)}
    if seen is not None and matrix_version(tenant_id) != seen:
        refuse_stale(MatrixCell(), "")
    for (level_id, band_id), text in texts.items():
        cell = known.get((level_id, band_id)) or MatrixCell(tenant_id=tenant_id, level_id=level_id, prevention_level_id=band_id)
        if text and text != cell.text:
            cell.text = text
            cell.save()
        elif not text and cell.pk is not None:
            cell.delete()


def _lock(tenant_id: int) -> None:
    Tenant.objects.select_for_update(no_key=True).get(pk=tenant_id)
