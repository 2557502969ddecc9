"""Many people from a file: every row is judged before one is written, and all are written or none.

A row names a forum, an organisation and a role or title. Is there a vacant seat like that, it is held; else one is
made. What the rules of seats refuse is an error of the row. Rows that change nothing (the person holds the seat already)
are left alone. A row with neither forum nor role makes its person an employee without a seat.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.cpr import LOOKS_LIKE_CPR
from access.policy import require
from access.roles import AppointmentRole, SeatRole, Verb
from municipalities.actions import AdministratorSeatError, draft_seat, seat_group
from municipalities.formulas import starts_as_formula
from municipalities.models import Appointment, Forum, Organisation, PeopleImport, Seat, Tenant
from municipalities.people_actions import Invitee, invite_all
from municipalities.people_file import LONGEST_CELL
from municipalities.terms import role_name, terms_of

LIFE = timedelta(hours=24)
SINGLE_ROLES = (SeatRole.COORDINATOR, SeatRole.CHAIR)  # one at a time
KEPT = ("line", "name", "email", "forum", "role", "organisation")


class ImportRefusedError(ValueError):
    """The rows cannot be written as they are; nothing has been."""


@dataclass
class Row:
    """One row of the file and what it will do, or why it cannot be done."""

    line: int
    name: str
    email: str
    forum_name: str
    role_name: str
    organisation_name: str
    errors: list[str] = field(default_factory=list)
    forum: Forum | None = None
    organisation: Organisation | None = None
    role: SeatRole | None = None
    title: str = ""
    seat: Seat | None = None  # the vacant seat it takes
    is_known: bool = False  # holds the seat already: nothing to do

    @property
    def is_reader(self) -> bool:
        """True for an employee without a seat."""
        return not (self.forum_name or self.role_name)


@dataclass
class Kommune:
    """What the rows are compared with. Six queries, whatever the number of rows."""

    forums: dict[str, Forum]
    organisations: dict[str, Organisation]
    seats: dict[int, list[Seat]]
    emails: dict[int, str]  # user id -> address, of those who hold a seat or an appointment here
    administrators: set[str]  # the addresses of those who set the kommune up
    roles: dict[SeatRole, str]  # role -> what it is called here

    @classmethod
    def of(cls, tenant_id: int) -> "Kommune":
        """Read what there is now."""
        seats: dict[int, list[Seat]] = {}
        emails: dict[int, str] = {}
        for seat in Seat.objects.current().filter(tenant_id=tenant_id).select_related("organisation", "user").order_by("pk"):
            seats.setdefault(seat.forum_id, []).append(seat)
            if seat.user is not None:
                emails[seat.user.pk] = seat.user.email
        emails |= dict(Appointment.objects.current().filter(tenant_id=tenant_id).values_list("user_id", "user__email"))
        forums = {forum.name.casefold(): forum for forum in Forum.objects.filter(tenant_id=tenant_id)}
        terms = terms_of(tenant_id)
        roles = {role: role_name(terms, role) for role in SeatRole}
        administrators = Appointment.objects.not_over().filter(tenant_id=tenant_id, role=AppointmentRole.ADMIN)
        organisations = {row.name.casefold(): row for row in Organisation.objects.filter(tenant_id=tenant_id)}
        return cls(forums, organisations, seats, emails, set(administrators.values_list("user__email", flat=True)), roles)

    def role_of(self, word: str) -> SeatRole | None:
        """The role that is called so here, or by its usual name."""
        wanted = word.casefold()
        return next((role for role, name in self.roles.items() if wanted in (name.casefold(), str(role.label).casefold())), None)


def keep_rows(rows: Iterable[Mapping[str, Any]], *, actor: Actor) -> PeopleImport:
    """Keep what was read until somebody confirms. A row in which a CPR number stands is kept without its texts."""
    tenant = Tenant.objects.get(pk=actor.tenant_id)
    require(actor, Verb.MANAGE_TENANT, Forum(tenant=tenant))
    kept = [_blank(row) if _has_cpr(row["cells"]) else {key: row[key] for key in KEPT} for row in rows]
    return PeopleImport.objects.create(tenant=tenant, uploaded_by_id=actor.user_id, rows=kept)


def _has_cpr(cells: Iterable[str]) -> bool:
    return any(LOOKS_LIKE_CPR.search(cell) for cell in cells)


def _blank(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"line": row["line"], "cpr": True, **dict.fromkeys(KEPT[1:], "")}


def judge(kept: PeopleImport, actor: Actor) -> list[Row]:
    """Every row with its errors, compared with the kommune as it is now. Nothing is written."""
    kommune, judged = Kommune.of(kept.tenant_id), []
    taken: set[int] = set()
    for raw in kept.rows:
        row = Row(raw["line"], raw["name"], raw["email"].lower(), raw["forum"], raw["role"], raw["organisation"])
        if raw.get("cpr"):
            row.errors.append(_("A CPR number stands in this row. The row was not kept. Take the number out of the file."))
        else:
            _check_texts(row)
            if not row.is_reader:
                _check_place(row, kommune)
        judged.append(row)
    _check_among_themselves(judged)
    here = {*kommune.emails.values(), *(row.email for row in judged if not row.is_reader)}
    for row in judged:
        if not row.errors and row.is_reader:
            row.is_known = row.email in here
        elif not row.errors:
            _find_seat(row, kommune, taken, actor)
    return judged


def _check_texts(row: Row) -> None:
    texts = {_("Name"): row.name, _("E-mail"): row.email, _("Forum"): row.forum_name, _("Role"): row.role_name, _("Organisation"): row.organisation_name}
    may_be_empty = {_("Forum"), _("Role"), _("Organisation")} if row.is_reader else set()
    for heading, text in texts.items():
        if not text and heading not in may_be_empty:
            row.errors.append(_("%(heading)s is missing.") % {"heading": heading})
        elif starts_as_formula(text):
            row.errors.append(_("%(heading)s begins with %(sign)s, as a formula does. Write the text itself.") % {"heading": heading, "sign": text[0]})
        elif len(text) > (100 if heading == _("Name") else LONGEST_CELL):
            row.errors.append(_("%(heading)s is too long.") % {"heading": heading})
    if row.name and not all(sign.isalpha() or sign in " -.'’" for sign in row.name) and not starts_as_formula(row.name):
        row.errors.append(_("The name holds signs that belong to no name. Was the file saved with another encoding? Save it as “CSV UTF-8”."))
    if row.email and not starts_as_formula(row.email):
        try:
            validate_email(row.email)
        except ValidationError:
            row.errors.append(_("«%(email)s» is no e-mail address.") % {"email": row.email})


def _check_place(row: Row, kommune: Kommune) -> None:
    row.forum = kommune.forums.get(row.forum_name.casefold())
    row.organisation = kommune.organisations.get(row.organisation_name.casefold())
    if row.forum is None and row.forum_name:
        row.errors.append(_("There is no forum called «%(name)s» here.") % {"name": row.forum_name})
    if row.organisation is None and row.organisation_name:
        row.errors.append(_("There is no organisation called «%(name)s» here.") % {"name": row.organisation_name})
    if row.forum is not None and row.role_name:
        _check_role(row, kommune)
    is_private = row.organisation is not None and row.organisation.kind == Organisation.Kind.PRIVATE
    if row.forum is not None and row.forum.is_person_forum and (is_private or row.role in (SeatRole.PUPIL, SeatRole.CIVIL)):
        row.errors.append(_("Private organisations, civil members and pupils cannot sit in a forum with person data."))


def _check_role(row: Row, kommune: Kommune) -> None:
    """A title that a seat of the forum has, or the word of a role."""
    assert row.forum is not None
    wanted = row.role_name.casefold()
    like = next((seat for seat in kommune.seats.get(row.forum.pk, []) if seat.title.casefold() == wanted), None)
    row.role = SeatRole(like.role) if like else kommune.role_of(row.role_name)
    row.title = like.title if like else row.role_name
    if row.role is None:
        roles = ", ".join(kommune.roles.values())
        row.errors.append(_("«%(role)s» is neither a seat in the forum nor a role. The roles are: %(roles)s.") % {"role": row.role_name, "roles": roles})


def _check_among_themselves(rows: list[Row]) -> None:
    seen: dict[tuple[str, ...], Row] = {}
    names: dict[str, Row] = {}
    for row in rows:
        if not row.email:
            continue
        key = (row.email, row.forum_name.casefold(), row.role_name.casefold(), row.organisation_name.casefold())
        if key in seen:
            row.errors.append(_("The same person and seat stand in row %(n)s.") % {"n": seen[key].line})
        elif (first := names.setdefault(row.email, row)).name.casefold() != row.name.casefold():
            row.errors.append(_("Row %(n)s gives this address another name.") % {"n": first.line})
        seen.setdefault(key, row)


def _find_seat(row: Row, kommune: Kommune, taken: set[int], actor: Actor) -> None:
    assert row.forum is not None
    assert row.organisation is not None
    here = kommune.seats.get(row.forum.pk, [])
    same = [seat for seat in here if seat.title.casefold() == row.title.casefold() and seat.organisation_id == row.organisation.pk]
    row.is_known = any(seat.user_id and kommune.emails[seat.user_id] == row.email for seat in same)
    row.seat = next((seat for seat in same if seat.user_id is None and seat.pk not in taken), None)
    if row.forum.is_person_forum and row.email in kommune.administrators:
        row.errors.append(str(AdministratorSeatError()))
    elif row.seat is not None and not row.is_known:
        taken.add(row.seat.pk)
    elif row.role in SINGLE_ROLES and not row.is_known and any(seat.role == row.role for seat in here):
        row.errors.append(_("The forum has somebody with the role %(role)s already. End that seat first.") % {"role": kommune.roles[row.role]})


def confirm(kept: PeopleImport, *, actor: Actor) -> int:
    """Give every person his seat and invite him; returns how many rows did something. All or nothing.

    Raises ImportRefusedError when a row has an error now, or somebody else has confirmed. The rows are forgotten.
    """
    require(actor, Verb.MANAGE_TENANT, kept)
    with transaction.atomic():
        tenant = Tenant.objects.select_for_update().get(pk=kept.tenant_id)
        if not PeopleImport.objects.filter(pk=kept.pk).exists():
            raise ImportRefusedError(_("These people have been imported already."))
        rows = judge(kept, actor)
        if any(row.errors for row in rows):
            raise ImportRefusedError(_("Something has changed since the file was read. Look at the rows with errors. Nothing has been written."))
        todo = [row for row in rows if not row.is_known]
        invite_all(tenant, _invitees(todo, actor), actor=actor, is_bulk=True)
        PeopleImport.objects.filter(pk=kept.pk).delete()
    return len(todo)


def _invitees(rows: list[Row], actor: Actor) -> list[Invitee]:
    """Each person once, with all his seats: those that are vacant, and drafts of new ones."""
    groups: dict[tuple[Forum, SeatRole], Group] = {}
    people: dict[str, Invitee] = {}
    for row in rows:
        people[row.email] = people.get(row.email, Invitee(row.email, row.name, [], is_reader=True))
        if not row.is_reader:
            people[row.email] = replace(people[row.email], seats=[*people[row.email].seats, row.seat or _draft(row, groups, actor)], is_reader=False)
    return list(people.values())


def _draft(row: Row, groups: dict[tuple[Forum, SeatRole], Group], actor: Actor) -> Seat:
    assert row.forum is not None
    assert row.organisation is not None
    assert row.role is not None
    key = (row.forum, row.role)
    if key not in groups:
        groups[key] = seat_group(row.forum, row.role)
    return draft_seat(row.forum, groups[key], actor=actor, role=row.role, title=row.title, organisation=row.organisation)


def discard(kept: PeopleImport, *, actor: Actor) -> None:
    """Forget the rows without writing any."""
    require(actor, Verb.MANAGE_TENANT, kept)
    kept.delete()


def forget_old(tenant_id: int) -> int:
    """Delete what nobody has confirmed within a day; for the scheduler, inside the system's context. Returns how many files."""
    return PeopleImport.objects.filter(tenant_id=tenant_id, uploaded_at__lt=timezone.now() - LIFE).delete()[0]
