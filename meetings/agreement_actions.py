"""What becomes of an agreement of a meeting. Also after the minutes are approved: they keep what was agreed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from access.actor import Actor
from access.models import User
from access.policy import may
from access.roles import Verb
from meetings.agreement_course import Course
from meetings.errors import MeetingStateError
from meetings.models import Agreement, AgreementParty, AgreementStep
from municipalities.models import Forum, Seat


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


class MeetingCourse(Course[Agreement]):
    """Agreements of general items: who sits in the forum can be responsible."""

    refused = MeetingStateError

    def fresh(self, agreement: Agreement, actor: Actor) -> Agreement:
        """The row as it is now, locked, with its item, meeting and forum. Who may has been asked."""
        rows = Agreement.objects.select_for_update(of=("self",)).select_related("item", "meeting__forum")
        found: Agreement = rows.get(tenant_id=agreement.tenant_id, pk=agreement.pk)
        return found

    def need_may_mark(self, agreement: Agreement, actor: Actor) -> None:
        """Raise PermissionDenied for who may not say what has become of it."""
        if not may_tick(actor, agreement):
            raise PermissionDenied(_("Only %(name)s, or who writes the minutes of the forum, can mark the agreement.") % {"name": agreement.names})

    def need_able(self, agreement: Agreement, who: Sequence[User | Seat]) -> None:
        """Raise MeetingStateError unless each of them sits in the forum now."""
        need_seated(agreement.meeting.forum, who)

    def add_party(self, agreement: Agreement, values: dict[str, Any]) -> None:
        """Write down one who is responsible."""
        AgreementParty.objects.create(tenant_id=agreement.tenant_id, item_id=agreement.item_id, agreement=agreement, **values)

    def say(self, agreement: Agreement, what: str, due_on: date) -> bool:
        """Write down what is agreed and by when: the words lie in the row."""
        changed = [name for name, value in (("what", what), ("due_on", due_on)) if getattr(agreement, name) != value]
        if changed:
            agreement.what, agreement.due_on = what, due_on
            agreement.save(update_fields=changed)
        return bool(changed)

    def write_step(self, agreement: Agreement, actor: Actor, kind: str, remark: str, **more: int) -> None:
        """Write a step of its history, with its remark."""
        AgreementStep.objects.create(
            tenant_id=agreement.tenant_id, item_id=agreement.item_id, agreement=agreement, kind=kind, remark=remark, due_on=agreement.due_on, author_id=actor.user_id, **more
        )


course = MeetingCourse()
add_parties, tick_agreement, finish_agreement, drop_agreement = course.add_parties, course.tick, course.finish, course.drop
move_agreement, hand_over = course.move, course.hand_over
