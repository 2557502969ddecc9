"""Mails about what goes up and down: who is to act is told that something waits, and the forum that asked that it has its answer. Never what it says."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from access.models import User
from access.notices import Notice
from access.notify import send_mail
from access.roles import Convening, DataClass, ForumKind, SeatRole, Verb, verbs_of
from meetings.models import Handover
from municipalities.models import Forum, Seat


def ask_for_second(handover: Handover) -> None:
    """Every other member who knows the forum's cases: nothing happens until one of them says yes or no."""
    _send(handover, handover.from_forum, _holders(handover.from_forum, Verb.VIEW_CASES), _("A theme waits for a second member: %(forum)s"), Notice.ACTION, handover.asked_by_id)


def tell_of_return(handover: Handover) -> None:
    """Who has written it, that it is to be written anew."""
    _send(handover, handover.from_forum, [handover.asked_by], _("A theme is sent back to be written anew: %(forum)s"), Notice.PROPOSAL)


def tell_of_sending(handover: Handover, by: int) -> None:
    """Who plans the meetings of the forum that gets it."""
    _send(handover, handover.to_forum, _holders(handover.to_forum, Verb.CONVENE), _("Another forum has sent something: %(forum)s"), Notice.PROPOSAL, by)


def tell_of_answer(handover: Handover, by: int) -> None:
    """Who has written it, and who plans the meetings of the forum that sent it."""
    people = [handover.asked_by, *_holders(handover.from_forum, Verb.CONVENE)]
    _send(handover, handover.from_forum, people, _("Another forum has answered: %(forum)s"), Notice.PROPOSAL, by)


def _holders(forum: Forum, verb: Verb) -> list[User]:
    seats = Seat.objects.current().filter(tenant_id=forum.tenant_id, forum_id=forum.pk, user__isnull=False).select_related("user").order_by("pk")
    rule = ForumKind(forum.kind), DataClass(forum.ceiling), Convening(forum.convening)
    return [seat.user for seat in seats if seat.user is not None and verb in verbs_of(rule[0], SeatRole(seat.role), *rule[1:], seat.duties)]


def _send(handover: Handover, forum: Forum, people: Iterable[User], subject: str | Promise, notice: Notice, but: int | None = None) -> None:
    recipients = {user.pk: user for user in people if user.pk != but}.values()
    with translation.override(settings.LANGUAGE_CODE):
        words = str(subject) % {"forum": forum.name}
    path = reverse("handover_detail", args=[forum.tenant.slug, handover.public_id])
    send_mail(handover.tenant_id, recipients, subject=words[:200], path=path, notice=notice, bundle=f"handover:{handover.public_id}", forum_id=forum.pk)
