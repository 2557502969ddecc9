"""Writes of the organisation: forums and the rights of their groups, seats, appointments."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.logged import change_together, create_together
from access.models import User
from access.policy import require
from access.roles import APPOINTMENT_TABLE, AppointmentRole, Convening, DataClass, Duty, ForumKind, SeatRole, Verb, verbs_of
from municipalities.errors import SetupError
from municipalities.models import Appointment, Forum, ForumGroupPermission, Organisation, Seat, Tenant, TenantGroupPermission
from municipalities.seat_endings import tell_seat_ended


class PrivateMemberError(ValueError):
    """A private organisation or a pupil cannot sit in a forum that handles person data (§ 115 stk. 3)."""


class SeatTakenError(ValueError):
    """Somebody holds this seat already: end that first."""


class EndedForumError(SetupError):
    """A forum that is history has no seats to give."""


class OwnSeatError(ValueError):
    """Nobody gives himself a seat, or more rights with the one he has, in a forum with person data."""


class AdministratorSeatError(OwnSeatError):
    """Who sets the kommune up sees no person data: no IT administrator gets a seat there, whoever would give it."""

    def __init__(self) -> None:
        super().__init__(_("An IT administrator cannot have a seat in a forum with person data. Choose somebody else, or end the appointment first."))


def forum_group_name(forum_id: int, role: SeatRole, duties: Collection[Duty] = ()) -> str:
    """The group whose members hold a seat with this role and these duties in the forum: `forum:7:MEMBER+MINUTES`."""
    return f"forum:{forum_id}:" + "+".join([role, *sorted(duties)])


def open_forum(tenant: Tenant, *, actor: Actor, **fields: Any) -> Forum:
    """Create a forum and, for each seat role, its group with exactly the verbs of `access.roles`."""
    require(actor, Verb.MANAGE_TENANT, Forum(tenant=tenant))
    forum = Forum.objects.create(tenant=tenant, **fields)
    for role in SeatRole:
        seat_group(forum, role)
    write_forum_rights(forum)
    return forum


def seat_group(forum: Forum, role: SeatRole, duties: Collection[Duty] = ()) -> Group:
    """The group of a role with these duties in the forum; made, with its rights, when a seat first needs it."""
    group, created = Group.objects.get_or_create(name=forum_group_name(forum.pk, role, duties))
    if created:
        write_forum_rights(forum)
    return group


def forum_rights(forum: Forum, group_name: str) -> frozenset[Verb]:
    """What the role table gives the group of this name in the forum."""
    role, *duties = group_name.rpartition(":")[2].split("+")
    return verbs_of(ForumKind(forum.kind), SeatRole(role), DataClass(forum.ceiling), Convening(forum.convening), [Duty(duty) for duty in duties])


def write_forum_rights(forum: Forum) -> None:
    """Make the guardian rows of the forum equal to the role table: add what is missing, take away what is not in it."""
    groups = Group.objects.filter(name__startswith=f"forum:{forum.pk}:")
    wanted = {(group.pk, permission_id) for group in groups for permission_id in _permission_ids(Forum, forum_rights(forum, group.name))}
    _write_rights(ForumGroupPermission, forum, wanted)


def _write_rights(model: Any, row: Model, wanted: set[tuple[int, int]]) -> None:
    present = {(found.group_id, found.permission_id): found.pk for found in model.objects.filter(content_object=row)}
    model.objects.filter(pk__in=[pk for key, pk in present.items() if key not in wanted]).delete()
    model.objects.bulk_create(
        model(group_id=group_id, permission_id=permission_id, content_object=row) for group_id, permission_id in sorted(wanted - present.keys())
    )


def _permission_ids(model: type[Model], verbs: frozenset[Verb]) -> list[int]:
    found = Permission.objects.filter(content_type__app_label=model._meta.app_label, content_type__model=model._meta.model_name, codename__in=verbs)
    return list(found.values_list("pk", flat=True))


def add_seat(
    forum: Forum, *, actor: Actor, role: SeatRole, title: str, organisation: Organisation, user: User | None = None, key: str = "", valid_from: datetime | None = None,
    kind: Seat.Kind = Seat.Kind.FIXED, deputy_for: Seat | None = None, has_vote: bool = True, duties: Collection[Duty] = (),
) -> Seat:  # fmt: skip
    """Put a seat in a forum, held by `user` from `valid_from` (now) or vacant.

    Raises PrivateMemberError for a private organisation or a pupil in a forum with person data, AdministratorSeatError for an administrator there.
    """
    seat = draft_seat(forum, seat_group(forum, role, duties), actor=actor, role=role, title=title, organisation=organisation, user=user)
    seat.key, seat.kind, seat.deputy_for, seat.has_vote = key, kind, deputy_for, has_vote
    seat.may_convene, seat.may_chair, seat.may_minute = (duty in duties for duty in (Duty.CONVENE, Duty.CHAIR, Duty.MINUTES))
    if valid_from:
        seat.valid_from = valid_from
    seat.save()
    if user is not None:
        user.groups.add(seat.group)
    return seat


def draft_seat(forum: Forum, group: Group, *, actor: Actor, role: SeatRole, title: str, organisation: Organisation, user: User | None = None) -> Seat:
    """A seat that is not written yet, for `add_seat`, or for `hold_seats`. Raises what `add_seat` does."""
    require(actor, Verb.MANAGE_TENANT, forum)
    _refuse_ended(forum)
    refuse_administrators([(forum, user)], actor)
    if forum.is_person_forum and (organisation.kind == Organisation.Kind.PRIVATE or role in (SeatRole.PUPIL, SeatRole.CIVIL)):
        raise PrivateMemberError(f"{title}, {organisation} cannot sit in {forum}")
    return Seat(tenant_id=forum.tenant_id, forum=forum, role=role, title=title, organisation=organisation, group=group, user=user, valid_to=last_moment(forum))


def _refuse_ended(forum: Forum) -> None:
    if forum.has_ended:
        raise EndedForumError(_("%(forum)s has ended. Nobody can get a seat in it.") % {"forum": forum})


def refuse_administrators(seated: Iterable[tuple[Forum, User | None]], actor: Actor) -> None:
    """Raise AdministratorSeatError when one of these would be an administrator in a forum with person data. One query at most.

    The server's own command may; `guard_sql.ADMINISTRATOR_SEAT` says the same.
    """
    among_persons = {user.pk for forum, user in seated if user is not None and forum.is_person_forum}
    if not among_persons or actor.is_system:
        return
    administrators = Appointment.objects.not_over().filter(tenant_id=actor.tenant_id, role=AppointmentRole.ADMIN, user__in=among_persons)
    if actor.user_id in among_persons or administrators.exists():
        raise AdministratorSeatError


def hold_seat(seat: Seat, user: User, *, actor: Actor) -> None:
    """Put a person on a vacant seat, from now on. Raises SeatTakenError when somebody holds it, AdministratorSeatError for an administrator in a person forum."""
    hold_seats([(seat, user)], actor=actor)


def hold_seats(taken: Sequence[tuple[Seat, User]], *, actor: Actor) -> None:
    """Put people on vacant seats, from now on; drafts are written. A handful of queries, whatever their number. Raises what `hold_seat` does."""
    for seat, _user in taken:
        require(actor, Verb.MANAGE_TENANT, seat.forum)
        _refuse_ended(seat.forum)
    refuse_administrators([(seat.forum, user) for seat, user in taken], actor)
    there = [seat.pk for seat, _user in taken if seat.pk]
    rows = Seat.objects.not_over().select_for_update(of=("self",)).select_related("organisation", "user").order_by("pk")
    vacant = rows.in_bulk(there) if there else {}
    if held := next((seat for seat in vacant.values() if seat.user_id is not None), None):
        raise SeatTakenError(f"{held} is held by {held.user}")
    if len(vacant) < len(there):
        raise SeatTakenError("a seat is given twice, or has ended meanwhile")
    now = database_now()
    change_together([vacant[pk] for pk in there], user=[user for seat, user in taken if seat.pk], valid_from=now)
    drafts = [(seat, user) for seat, user in taken if not seat.pk]
    for seat, user in drafts:
        seat.user, seat.valid_from = user, now
    create_together([seat for seat, _user in drafts])
    memberships = User.groups.through
    memberships.objects.bulk_create([memberships(user=user, group_id=vacant.get(seat.pk, seat).group_id) for seat, user in taken], ignore_conflicts=True)


def end_seat(seat: Seat, *, actor: Actor) -> None:
    """End a seat now. Access ends at the holder's next click, old person items included. One that would begin later never does.

    Side effect: apps above are told (`municipalities.seat_endings`), and take his coming meetings out of his calendar.
    """
    require(actor, Verb.MANAGE_TENANT, seat.forum)
    seat.valid_to = database_now()
    seat.valid_from = min(seat.valid_from, seat.valid_to)
    seat.save(update_fields=["valid_from", "valid_to"])
    holder = seat.user
    if holder is None:
        return
    if not Seat.objects.current().filter(group=seat.group, user=holder).exists():
        holder.groups.remove(seat.group)
    tell_seat_ended(seat, actor)


def end_of_day(day: date) -> datetime:
    """The moment at which a last day is over."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def last_moment(forum: Forum) -> datetime | None:
    """When the forum's last day is over, and its seats with it; None while it has none."""
    return end_of_day(forum.active_to) if forum.active_to else None


def database_now() -> datetime:
    """The clock that seats are measured by."""
    with connection.cursor() as cursor:
        cursor.execute("select statement_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def next_tenant_id() -> int:
    """The id of the next kommune: its own context must name it before it is there."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('municipalities_tenant', 'id'))")
        found: int = cursor.fetchone()[0]
    return found


def appoint(tenant: Tenant, user: User, role: AppointmentRole, *, called: str = "") -> Appointment:
    """Appoint a DPO, administrator or system user, and give the role's group its verbs on the tenant.

    No actor: the first in a new tenant are appointed by nobody who is there. Later ones take two persons (`municipalities.appointment_actions`), and the
    database says so again. `called`: the name for the log, as it was written here.
    """
    group = Group.objects.get_or_create(name=f"tenant:{tenant.pk}:{role}")[0]
    write_appointment_rights(tenant)
    user.groups.add(group)
    appointment = Appointment(tenant=tenant, user=user, role=role, group=group)
    appointment.called = called
    appointment.save()
    return appointment


def write_appointment_rights(tenant: Tenant) -> None:
    """Make the guardian rows of the tenant equal to the table of appointments, for the roles that somebody has been given."""
    groups = {group.name.rpartition(":")[2]: group for group in Group.objects.filter(name__startswith=f"tenant:{tenant.pk}:")}
    wanted = {(groups[role].pk, pk) for role, verbs in APPOINTMENT_TABLE.items() if role in groups for pk in _permission_ids(Tenant, verbs)}
    _write_rights(TenantGroupPermission, tenant, wanted)
