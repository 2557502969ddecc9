"""Keep somebody out of one item of an agenda (inhabil), and let him in again."""

from django.utils.translation import gettext as _

from access.actor import Actor
from access.models import User
from access.roles import Verb
from meetings.errors import MeetingStateError
from meetings.models import AgendaItem, ItemRecusal
from meetings.rows import locked_item
from municipalities.models import Seat


def recuse(item: AgendaItem, *, actor: Actor, user: User) -> ItemRecusal:
    """Keep a member of the forum out of an item, and of what stands under it, from his next click on. Again changes nothing.

    Raises MeetingStateError when the minutes are locked, when he has no seat here, or for an item of the closed part: there
    one is kept out of the case (cases/recusal_actions.py).
    """
    meeting, item = locked_item(item, actor, Verb.WRITE_MINUTES)
    if not meeting.is_open:
        raise MeetingStateError(_("The minutes are approved and locked. Nobody can be kept out of an item now."))
    if item.is_closed:
        raise MeetingStateError(_("Open the case, and note there who is disqualified."))
    if not Seat.objects.current().filter(tenant_id=meeting.tenant_id, forum_id=meeting.forum_id, user=user).exists():
        raise MeetingStateError(_("%(name)s has no seat in the forum now.") % {"name": user.name})
    for below in item.children.all():
        _keep_out(below, user, actor)
    return _keep_out(item, user, actor)


def _keep_out(item: AgendaItem, user: User, actor: Actor) -> ItemRecusal:
    known = ItemRecusal.objects.filter(item=item, user=user).first()
    return known or ItemRecusal.objects.create(
        tenant_id=item.tenant_id, item=item, meeting_id=item.meeting_id, forum_id=item.forum_id, user=user, noted_by_id=actor.user_id
    )


def admit(recusal: ItemRecusal, *, actor: Actor) -> None:
    """Let him in again. Never by himself: he does not see the item, and so has no row to take away."""
    meeting, _item = locked_item(recusal.item, actor, Verb.WRITE_MINUTES)
    if not meeting.is_open:
        raise MeetingStateError(_("The minutes are approved and locked. Nobody can be kept out of an item now."))
    recusal.delete()
