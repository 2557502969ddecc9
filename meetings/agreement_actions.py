"""What becomes of an agreement: done, moved, dropped, opened again. Also after the minutes are approved: they keep what was agreed."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.models import User
from access.policy import may
from access.roles import Verb
from meetings.errors import MeetingStateError
from meetings.handing_over import may_hand_over
from meetings.models import Agreement, AgreementParty, AgreementStep
from municipalities.models import Forum, Seat

Kind = AgreementStep.Kind
Status = Agreement.Status


def may_tick(actor: Actor, agreement: Agreement) -> bool:
    """True for whoever is responsible now, one of several too, and for who writes the minutes of the forum."""
    return agreement.tenant_id == actor.tenant_id and (actor.user_id in agreement.responsible_ids or bool(may(actor, Verb.WRITE_MINUTES, agreement)))


def need_seated(forum: Forum, who: Sequence[User | Seat]) -> None:
    """Raise MeetingStateError unless each of them sits in the forum now, or is a seat of it. One query."""
    rows = list(Seat.objects.current().filter(tenant_id=forum.tenant_id, forum_id=forum.pk).values_list("pk", "user_id"))
    seats, users = {pk for pk, _user in rows}, {user for _pk, user in rows}
    if not who:
        raise MeetingStateError(_("Somebody must be responsible for the agreement."))
    for one in who:
        if isinstance(one, User) and one.pk not in users:
            raise MeetingStateError(_("%(name)s has no seat in the forum now.") % {"name": one.name})
        if isinstance(one, Seat) and one.pk not in seats:
            raise MeetingStateError(_("The seat %(seat)s has ended. Choose again.") % {"seat": one})


def add_parties(agreement: Agreement, who: Sequence[User | Seat]) -> None:
    """These are responsible from now on: the next round. One row at a time, so that each stands in the log."""
    for one in who:
        AgreementParty.objects.create(tenant_id=agreement.tenant_id, item_id=agreement.item_id, agreement=agreement, round=agreement.round, **AgreementParty.values_of(one))
    agreement.forget_parties()


def tick_agreement(agreement: Agreement, *, actor: Actor) -> Agreement:
    """Mark an agreement as done, or open again. When several are responsible, one of them marks it for all; the history says who."""
    agreement = _locked(agreement, actor)
    is_open = agreement.status == Status.OPEN
    return _set(agreement, actor, Status.DONE if is_open else Status.OPEN, Kind.DONE if is_open else Kind.REOPENED, "")


def finish_agreement(agreement: Agreement, *, actor: Actor, remark: str) -> Agreement:
    """It is carried out."""
    return _set(_locked_open(agreement, actor), actor, Status.DONE, Kind.DONE, remark)


def drop_agreement(agreement: Agreement, *, actor: Actor, remark: str) -> Agreement:
    """It is not carried out after all, and the remark says why."""
    return _set(_locked_open(agreement, actor), actor, Status.DROPPED, Kind.DROPPED, remark)


def move_agreement(agreement: Agreement, *, actor: Actor, due_on: date, remark: str) -> Agreement:
    """It has until another day. The minutes keep the day that was agreed. Raises MeetingStateError for a day that is no other, or past."""
    agreement = _locked_open(agreement, actor)
    if due_on == agreement.due_on:
        raise MeetingStateError(_("The agreement already has that day. Choose another one."))
    if due_on < timezone.localdate():
        raise MeetingStateError(_("That day has passed. Choose today or a later day."))
    agreement.moved_from, agreement.due_on = agreement.agreed_day, due_on
    agreement.save(update_fields=["moved_from", "due_on"])
    _record(agreement, actor, Kind.MOVED, remark)
    return agreement


def hand_over(agreement: Agreement, *, actor: Actor, who: Sequence[User | Seat], remark: str = "") -> Agreement:
    """These are responsible from now on. Who it was agreed with stays in the minutes, and every handing over in the history.

    By who calls the forum's meetings or writes its minutes. Raises MeetingStateError when it is not open, or nothing would change.
    """
    if not may_hand_over(actor, agreement):
        raise PermissionDenied(_("Only who calls the meetings of the forum or writes its minutes can hand an agreement over."))
    agreement = _fresh(agreement)
    _need_open(agreement)
    need_seated(agreement.meeting.forum, who)
    if agreement.is_with(who):
        raise MeetingStateError(_("They are responsible already. Write who takes over."))
    agreement.round += 1
    agreement.save(update_fields=["round"])
    add_parties(agreement, who)
    _record(agreement, actor, Kind.HANDED, remark, round=agreement.round)
    return agreement


def _fresh(agreement: Agreement) -> Agreement:
    rows = Agreement.objects.select_for_update(of=("self",)).select_related("item", "meeting__forum")
    found: Agreement = rows.get(tenant_id=agreement.tenant_id, pk=agreement.pk)
    return found


def _locked(agreement: Agreement, actor: Actor) -> Agreement:
    if not may_tick(actor, agreement):
        raise PermissionDenied(_("Only %(name)s, or who writes the minutes of the forum, can mark the agreement.") % {"name": agreement.names})
    return _fresh(agreement)


def _locked_open(agreement: Agreement, actor: Actor) -> Agreement:
    agreement = _locked(agreement, actor)
    _need_open(agreement)
    return agreement


def _need_open(agreement: Agreement) -> None:
    if agreement.status != Status.OPEN:
        raise MeetingStateError(_("The agreement is no longer open. Open it again first."))


def _set(agreement: Agreement, actor: Actor, status: Status, kind: Kind, remark: str) -> Agreement:
    agreement.status, agreement.done_at = status, timezone.now() if status == Status.DONE else None
    agreement.save(update_fields=["status", "done_at"])
    _record(agreement, actor, kind, remark)
    return agreement


def _record(agreement: Agreement, actor: Actor, kind: Kind, remark: str, **more: int) -> None:
    AgreementStep.objects.create(
        tenant_id=agreement.tenant_id, item_id=agreement.item_id, agreement=agreement, kind=kind, remark=remark, due_on=agreement.due_on, author_id=actor.user_id, **more
    )
