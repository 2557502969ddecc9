"""Writes of seats beyond the first: change one, change who holds it, elect a chair. For the administrator, who sees no person data."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from access.actor import Actor
from access.models import User
from access.policy import require
from access.roles import NO_DUTIES, Convening, Duty, SeatRole, Verb
from municipalities.actions import PrivateMemberError, add_seat, database_now, end_seat, last_moment, refuse_administrators, seat_group
from municipalities.models import Forum, Organisation, Seat
from municipalities.places import keep_together, own_key, seats_of_place
from municipalities.seat_rules import SeatError, StaleSeatError, refuse_own_change, refuse_second, refuse_unfit


def new_seat(forum: Forum, *, actor: Actor, user: User | None = None, valid_from: datetime | None = None, **fields: Any) -> Seat:
    """A new seat in a forum, vacant or held from a moment on. `fields` as `add_seat` takes them.

    Raises SeatError, PrivateMemberError, OwnSeatError.
    """
    refuse_unfit(forum, fields["role"], fields["duties"], fields.get("deputy_for"))
    if user is not None:
        refuse_second(Seat(forum=forum, role=fields["role"]), user, valid_from)
    duties = _with_police(forum, fields["organisation"].kind, fields.pop("duties"))
    return add_seat(forum, actor=actor, user=user, valid_from=valid_from, duties=duties, **fields)


def change_seat(
    seat: Seat, *, actor: Actor, seen: str, role: SeatRole, title: str, organisation: Organisation, kind: str, deputy_for: Seat | None, has_vote: bool, duties: Collection[Duty]
) -> Seat:
    """Change what a seat is; its holder stays, and has the rights of what it is now at his next click. Who is to hold it after him gets it as it is now.

    Raises StaleSeatError when another has changed it since `seen`, SeatError, PrivateMemberError, OwnSeatError.
    """
    seat = _locked(seat, actor, seen)
    refuse_unfit(seat.forum, role, duties, deputy_for, seat)
    duties = _with_police(seat.forum, organisation.kind, duties)
    refuse_own_change(seat, role, duties, actor)
    if seat.forum.is_person_forum and (organisation.kind == Organisation.Kind.PRIVATE or role in (SeatRole.PUPIL, SeatRole.CIVIL)):
        raise PrivateMemberError(f"{title}, {organisation} cannot sit in {seat.forum}")
    coming = _coming(seat)
    for row in coming:
        refuse_own_change(row, role, duties, actor)
    if seat.elected_on is not None and role != SeatRole.CHAIR:
        seat.elected_on, seat.role_before = None, ""
    if (seat.title, seat.organisation_id) != (title, organisation.pk):
        keep_together(seat)
    for row in (seat, *coming):
        row.title, row.organisation, row.kind, row.deputy_for, row.has_vote = title, organisation, kind, deputy_for, has_vote
        _give(row, role, duties)
    _leave_vacant(seat, seat.valid_to, actor)  # what will be vacant is what it is now
    return seat


def _coming(seat: Seat) -> list[Seat]:
    """Who is to hold the place after him. After one without end nobody comes: whoever comes later has a place beside it."""
    if seat.valid_to is None:
        return []
    later = _overlapping(_copy_of(seat), max(database_now(), seat.valid_from))
    return [row for row in later if row.user is not None and row.pk != seat.pk and row.valid_from >= seat.valid_to]


def change_holder(seat: Seat, user: User | None, *, actor: Actor, seen: str, valid_from: datetime | None = None, valid_to: datetime | None = None) -> Seat:
    """Let somebody else hold the seat, or nobody, from now or from a coming day on; or the same person until another day.

    Who holds it keeps it until then, and stays as history. Returns the seat as it is held from then on.
    Raises StaleSeatError, SeatError, OwnSeatError.
    """
    seat = _locked(seat, actor, seen)
    refuse_administrators([(seat.forum, user)], actor)
    if user is not None and user == seat.user and valid_from in (None, seat.valid_from):
        return _hold_until(seat, valid_to, actor)
    if user is not None:
        refuse_second(seat, user, valid_from)
    now = database_now()
    former, held_at = seat if seat.user is not None else None, max(now, seat.valid_from)
    begins = valid_from or (now if user else held_at)
    if former is not None:
        seat = _followed(former, user, begins, actor)
    seat.user, seat.valid_from, seat.valid_to = user, max(begins, former.valid_to) if former and former.valid_to else begins, _in_time(seat.forum, valid_to)
    _fit_in(seat, actor, held_at)
    seat.save()
    if seat.valid_from <= database_now():
        _move_deputies(former, seat)
    has_held = former is not None and former.valid_to is not None and former.valid_from < former.valid_to
    _leave_vacant(seat, former.valid_to if former and has_held else held_at, actor)
    _leave_vacant(seat, seat.valid_to, actor)
    if user is not None:
        user.groups.add(seat.group)
    return seat


def _hold_until(seat: Seat, valid_to: datetime | None, actor: Actor) -> Seat:
    seat.valid_to = _in_time(seat.forum, valid_to)
    _fit_in(seat, actor, max(database_now(), seat.valid_from))
    seat.save(update_fields=["valid_to"])
    _leave_vacant(seat, seat.valid_to, actor)
    return seat


def _in_time(forum: Forum, valid_to: datetime | None) -> datetime | None:
    """No seat outlasts the last day of its forum."""
    return min((moment for moment in (valid_to, last_moment(forum)) if moment), default=None)


def _leave_vacant(seat: Seat, since: datetime | None, actor: Actor) -> None:
    """The place stays when nobody has it from a moment on, unless it was ad hoc: it is vacant until its next holder begins or its forum ends.

    Its row is written together with the day that will make it vacant, and begins by itself as every seat does.
    """
    if since is None:
        return
    now, place = database_now(), _copy_of(seat)
    place.valid_from, place.valid_to = since, last_moment(seat.forum)
    if _is_beside_another(seat, now) and not any(other.user for other in _overlapping(place, now)):
        seat.key = place.key = own_key(seat)  # two places of one key: each is vacant by itself when its holder has had his last day
        seat.save(update_fields=["key"])
    taken = [seat, *(other for other in _overlapping(place, now) if other.user is not None)]
    is_taken = any(one.valid_from <= since and (one.valid_to is None or since < one.valid_to) for one in taken)
    if is_taken or (place.valid_to is not None and place.valid_to <= since):
        return
    if not seat.key:
        keep_together(seat)
        seat.save(update_fields=["key"])
        place.key = seat.key
    _fit_in(place, actor, now)
    if place.kind != Seat.Kind.AD_HOC:
        place.save()


def _is_beside_another(seat: Seat, now: datetime) -> bool:
    """True when somebody else holds a place of the same key at the same time."""
    held_at = max(now, seat.valid_from)
    others = Seat.objects.not_over().filter(tenant_id=seat.tenant_id, forum_id=seat.forum_id, key=seat.key, user__isnull=False, valid_from__lte=held_at)
    return bool(seat.key) and others.exclude(pk=seat.pk).exclude(valid_to__lte=held_at).exists()


def _followed(former: Seat, user: User | None, begins: datetime, actor: Actor) -> Seat:
    """The place after the former holder, who keeps it until the next one begins. One who has not begun by then never does.

    Nor does one whose own first day is moved to a later one: until that day the place is nobody's.
    """
    now = database_now()
    is_moved = former.user == user and former.valid_from > now
    if former.valid_from < begins and begins > now and not is_moved:
        keep_together(former)  # two rows that are not over are one place by their key
        former.valid_to = min(former.valid_to or begins, begins)
        former.save(update_fields=["key", "valid_to"])
    else:
        end_seat(former, actor=actor)
    return _copy_of(former)


def _fit_in(seat: Seat, actor: Actor, held_at: datetime) -> None:
    """One holds a place at a time: a vacant stretch gives way, or becomes one with this; another holder's is refused. Raises SeatError, nothing being saved."""
    if seat.valid_to is not None and seat.valid_to <= seat.valid_from:
        raise SeatError(_("The seat ends before it begins. Choose a later day."))
    for other in _overlapping(seat, held_at):
        if seat.user is None and other.user is not None and other.valid_from > seat.valid_from:  # vacant until the next one comes
            seat.valid_to = other.valid_from
            return
        if other.user is not None:
            facts = {"name": other.user.name, "first": date_format(localtime(other.valid_from)), "last": date_format(localtime(other.valid_to)) if other.valid_to else "…"}
            raise SeatError(_("%(name)s has this seat from %(first)s to %(last)s. Choose other days, or change that first.") % facts)
        if other.valid_from < seat.valid_from:  # vacant until this one begins
            other.valid_to = seat.valid_from
            other.save(update_fields=["valid_to"])
        else:
            end_seat(other, actor=actor)


def _overlapping(seat: Seat, held_at: datetime) -> Sequence[Seat]:
    """The other rows of the place that hold it at some time of this one, the first first.

    `held_at`: a moment at which this row has the place: what is held then too is another place with the same key, beside this one.
    """
    if not seat.key:
        return []
    same = Seat.objects.not_over().filter(tenant_id=seat.tenant_id, forum_id=seat.forum_id, key=seat.key).exclude(pk=seat.pk).exclude(valid_to__lte=seat.valid_from)
    found = same.exclude(valid_from__gte=seat.valid_to) if seat.valid_to else same
    beside = Q(valid_from__lte=held_at) & (Q(valid_to=None) | Q(valid_to__gt=held_at))
    return list(found.exclude(beside).select_related("user", "forum", "group").order_by("valid_from"))


def vacate(seat: Seat, *, actor: Actor) -> None:
    """End the time of who holds the seat, now; the place stays, vacant, until its next holder begins or its forum ends."""
    held_at = max(database_now(), seat.valid_from)
    end_seat(seat, actor=actor)
    place = _copy_of(seat)
    place.valid_from, place.valid_to = max(held_at, seat.valid_to or held_at), last_moment(seat.forum)
    _fit_in(place, actor, held_at)
    place.save()
    _move_deputies(seat, place)


def _move_deputies(former: Seat | None, place: Seat) -> None:
    for deputy in Seat.objects.current().filter(deputy_for=former) if former else ():
        deputy.deputy_for = place
        deputy.save(update_fields=["deputy_for"])


def close_seat(seat: Seat, *, actor: Actor, seen: str) -> None:
    """Take the seat out of the forum. Who holds it has no access from his next click on; what was minuted stays."""
    seat = _locked(seat, actor, seen)
    for deputy in Seat.objects.current().filter(deputy_for__in={seat.pk, *seats_of_place(seat)}):
        deputy.deputy_for, deputy.kind = None, Seat.Kind.FIXED
        deputy.save(update_fields=["deputy_for", "kind"])
    has_an_end = seat.valid_to is not None  # after one without end nobody comes: whoever comes later has a place beside it
    end_seat(seat, actor=actor)
    for coming in _overlapping(_copy_of(seat), database_now()) if has_an_end else ():  # who would have got it later gets nothing either
        end_seat(coming, actor=actor)


def elect_chair(seat: Seat, *, actor: Actor, seen: str, on: date) -> Seat:
    """Note that the forum has elected the holder of a seat to its chair on a day. The former elected chair goes back to what he was.

    By the administrator, or by whoever writes the forum's minutes: the election stands there. Raises StaleSeatError, SeatError, OwnSeatError.
    """
    seat = _locked(seat, actor, seen, verb=Verb.MANAGE_TENANT if Verb.MANAGE_TENANT in actor.tenant_verbs else Verb.WRITE_MINUTES)
    if seat.forum.chairing != Forum.Chairing.ELECTED:
        raise SeatError(_("The chair of this forum is not elected. Change that in the forum first."))
    if seat.user is None:
        raise SeatError(_("Nobody holds the seat. A chair is a person."))
    if seat.role in NO_DUTIES:
        raise SeatError(_("A pupil, a private member or an observer cannot chair the forum."))
    refuse_own_change(seat, SeatRole.CHAIR, seat.duties, actor)
    for former in Seat.objects.current().filter(forum=seat.forum, role=SeatRole.CHAIR).exclude(pk=seat.pk).exclude(elected_on=None).select_related("forum"):
        before, former.elected_on, former.role_before = former.role_before, None, ""
        _give(former, SeatRole(before or SeatRole.MEMBER), former.duties)
    if seat.elected_on is None:
        seat.role_before = seat.role
    seat.elected_on = on
    _give(seat, SeatRole.CHAIR, seat.duties)
    return seat


def _locked(seat: Seat, actor: Actor, seen: str, *, verb: Verb = Verb.MANAGE_TENANT) -> Seat:
    require(actor, verb, seat.forum)
    place = Q(pk=seat.pk) | (Q(forum_id=seat.forum_id, key=seat.key) & ~Q(key=""))  # all its rows: two at once do not give it to two
    rows = Seat.objects.select_for_update(of=("self",)).select_related("forum", "organisation", "user", "group").filter(place, tenant_id=seat.tenant_id).order_by("pk")
    found: Seat = {row.pk: row for row in rows}[seat.pk]
    if found.valid_to is not None and found.valid_to <= database_now():
        raise StaleSeatError(_("The seat has been ended meanwhile. Nothing is changed."))
    if found.seen != seen:
        raise StaleSeatError(_("Somebody else has changed the seat since you opened it. Nothing is changed: look at it as it is now, and try again."))
    return found


def _give(seat: Seat, role: SeatRole, duties: Collection[Duty]) -> None:
    """Write role and duties, and move the holder to their group."""
    old = seat.group
    seat.role, seat.group = role, seat_group(seat.forum, role, duties)
    seat.may_convene, seat.may_chair, seat.may_minute = (duty in duties for duty in (Duty.CONVENE, Duty.CHAIR, Duty.MINUTES))
    seat.save()
    if seat.user is None or old == seat.group:
        return
    seat.user.groups.add(seat.group)
    if not Seat.objects.current().filter(group=old, user=seat.user).exists():
        seat.user.groups.remove(old)


def _copy_of(seat: Seat) -> Seat:
    """The same place, vacant: a new row. An elected chair was elected as a person, so the place is what it was before."""
    role = SeatRole(seat.role_before or seat.role)
    return Seat(
        tenant_id=seat.tenant_id, key=seat.key, forum=seat.forum, role=role, kind=seat.kind, deputy_for=seat.deputy_for, has_vote=seat.has_vote, may_convene=seat.may_convene,
        may_chair=seat.may_chair, may_minute=seat.may_minute, title=seat.title, organisation=seat.organisation, group=seat_group(seat.forum, role, seat.duties),
    )  # fmt: skip


def _with_police(forum: Forum, organisation_kind: str, duties: Collection[Duty]) -> frozenset[Duty]:
    """Where the police convene, their seats may: that is what the rule says."""
    is_theirs = forum.convening == Convening.POLICE and organisation_kind == Organisation.Kind.POLICE
    return frozenset(duties) | ({Duty.CONVENE} if is_theirs else frozenset())
