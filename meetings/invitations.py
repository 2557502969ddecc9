"""Mails about meetings: called, changed, moved, cancelled, minutes ready. Forum, time, place and a link; never a text of the agenda."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access.bundles import Turn
from access.dates import clocks
from access.models import User
from access.notices import Notice
from access.notify import send_mail
from access.roles import CONVENERS, Convening
from meetings import documents
from meetings.models import Attendance, ItemProposal, Meeting
from municipalities.models import Seat, valid_now

SOON = timedelta(days=1)
NO_TIME = timedelta(hours=2)


@dataclass(frozen=True)
class Mail:
    """What is said; with a method (RFC 5546) the mail carries the calendar file."""

    subject: str | Promise
    template: str
    route: str
    notice: Notice
    method: str = ""
    turn: Turn | None = None


ASKED, UNASKED = Turn("deputy", True), Turn("deputy", False)
CALLED = Mail(_("Invitation: %(forum)s, %(day)s"), "mail/meeting_called.txt", "meeting_detail", Notice.CALL, "REQUEST")
MOVED = Mail(_("Changed: %(forum)s, %(day)s"), "mail/meeting_moved.txt", "meeting_detail", Notice.CHANGE, "REQUEST")
CANCELLED = Mail(_("Cancelled: %(forum)s, %(day)s"), "mail/meeting_cancelled.txt", "meeting_detail", Notice.CANCELLED, "CANCEL")
CALL_ASKED = Mail(_("Confirm the call: %(forum)s, %(day)s"), "mail/meeting_call_asked.txt", "meeting_call", Notice.ACTION)
DEPUTY_ASKED = Mail(_("Can you come in another’s place? %(forum)s, %(day)s"), "mail/deputy_asked.txt", "meeting_detail", Notice.CALL, "REQUEST", ASKED)
DEPUTY_RELEASED = Mail(_("You need not come: %(forum)s, %(day)s"), "mail/deputy_released.txt", "meeting_detail", Notice.CANCELLED, "CANCEL", UNASKED)
DEPUTY_NOT_NEEDED = Mail(_("You need not come in another’s place: %(forum)s, %(day)s"), "mail/deputy_not_needed.txt", "meeting_detail", Notice.CANCELLED, turn=UNASKED)
DEPUTY_DECLINED = Mail(_("Your deputy does not come: %(forum)s, %(day)s"), "mail/deputy_declined.txt", "meeting_detail", Notice.ACTION, turn=Turn("declined", True))
DEPUTY_COMES = Mail(_("Your deputy comes after all: %(forum)s, %(day)s"), "mail/deputy_comes.txt", "meeting_detail", Notice.ACTION, turn=Turn("declined", False))
AGENDA_CHANGED = Mail(_("The agenda is changed: %(forum)s, %(day)s"), "mail/agenda_changed.txt", "meeting_detail", Notice.CHANGE)
ANSWER_MISSING = Mail(_("Do you come? %(forum)s, %(day)s"), "mail/answer_missing.txt", "meeting_detail", Notice.CALL)
MINUTES_READY = Mail(_("The minutes are ready for approval: %(forum)s, %(day)s"), "mail/minutes_ready.txt", "meeting_approve", Notice.MINUTES)

REOPENED = Mail(_("The minutes are open again: %(forum)s, %(day)s"), "mail/minutes_reopened.txt", "meeting_approve", Notice.MINUTES)


def invited(meeting: Meeting) -> list[User]:
    """Who has been called and still holds the seat, each once."""
    return _users(meeting)


def present(meeting: Meeting) -> list[User]:
    """Who was there and still holds the seat, each once."""
    return _users(meeting, presence=Attendance.Presence.PRESENT)


def _users(meeting: Meeting, **more: str) -> list[User]:
    rows = Attendance.objects.filter(valid_now("seat__"), tenant_id=meeting.tenant_id, meeting=meeting, **more)
    return list({row.user_id: row.user for row in rows.select_related("user").order_by("pk")}.values())


def replies(meeting: Meeting) -> dict[int, str]:
    """User id -> what he has answered. Who holds two seats has given both the same answer. One query."""
    return dict(Attendance.objects.filter(tenant_id=meeting.tenant_id, meeting=meeting).order_by("-pk").values_list("user_id", "reply"))


def send(meeting: Meeting, recipients: Iterable[User], mail: Mail) -> None:
    """Put the mails in the outbox, one a recipient, in Danish: they leave after COMMIT. All about one meeting may leave as one mail.

    A change of a meeting that begins within a day does not wait for others, and nothing waits within two hours of it.
    """
    is_soon = meeting.is_planned and meeting.starts_at < timezone.now() + SOON
    about: dict[str, Any] = {"notice": mail.notice, "bundle": f"meeting:{meeting.public_id}", "forum_id": meeting.forum_id, "is_urgent": is_soon}
    turn = mail.turn if mail.turn is None or meeting.starts_at > timezone.now() + NO_TIME else mail.turn._replace(wait=timedelta(0))
    path = reverse(mail.route, args=[meeting.tenant.slug, meeting.public_id])
    answers = replies(meeting) if mail.method else {}
    with translation.override(settings.LANGUAGE_CODE):
        subject = str(mail.subject) % {"forum": meeting.forum.name, "day": date_format(localtime(meeting.starts_at), "j. F Y")}
        facts = {"when": span(meeting), "place": meeting.place}
        for recipient in recipients:
            ics = documents.invitation(meeting, recipient, mail.method, answers.get(recipient.pk, Attendance.Reply.NONE)) if mail.method else ""
            send_mail(meeting.tenant_id, [recipient], subject=subject[:200], path=path, template=mail.template, ics=ics, method=mail.method, turn=turn, facts=facts, **about)


def span(meeting: Meeting) -> str:
    """«onsdag 2. december kl. 9–11», in the active language: as the page says it."""
    return f"{date_format(localtime(meeting.starts_at), gettext('l j F'))} {gettext('at %(clock)s') % {'clock': clocks(meeting.starts_at, meeting.ends_at)}}"


def tell_of_proposal(proposal: ItemProposal, *, answered_by: int | None = None) -> None:
    """A proposal has come: who convenes the forum is told. It has been answered: its proposer is. The forum and a link, never what is proposed."""
    forum = proposal.forum
    people = [proposal.proposed_by] if answered_by else _who_convene(proposal)
    subject = _("A proposal for an agenda is answered: %(forum)s") if answered_by else _("A proposal for an agenda: %(forum)s")
    with translation.override(settings.LANGUAGE_CODE):
        words = str(subject) % {"forum": forum.name}
    send_mail(
        proposal.tenant_id, [user for user in people if user.pk != (answered_by or proposal.proposed_by_id)], subject=words[:200],
        path=reverse("proposal_list", args=[forum.tenant.slug, forum.public_id]), notice=Notice.PROPOSAL, bundle=f"proposals:{forum.public_id}", forum_id=forum.pk,
    )  # fmt: skip


def _who_convene(proposal: ItemProposal) -> list[User]:
    roles = CONVENERS[Convening(proposal.forum.convening)]
    seats = Seat.objects.current().filter(tenant_id=proposal.tenant_id, forum_id=proposal.forum_id, user__isnull=False).select_related("user").order_by("pk")
    return list({seat.user.pk: seat.user for seat in seats if seat.user is not None and (seat.role in roles or seat.may_convene)}.values())
