"""Mails about meetings: called, moved, cancelled, minutes ready. Forum, date and a link; never a text of the agenda."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from access.models import User
from access.notify import send_mail
from meetings import documents
from meetings.models import Attendance, Meeting
from municipalities.models import valid_now


@dataclass(frozen=True)
class Mail:
    """What is said; with a method (RFC 5546) the mail carries the calendar file."""

    subject: str | Promise
    template: str
    route: str
    method: str = ""


CALLED = Mail(_("Invitation: %(forum)s, %(day)s"), "mail/meeting_called.txt", "meeting_detail", "REQUEST")
MOVED = Mail(_("Changed: %(forum)s, %(day)s"), "mail/meeting_moved.txt", "meeting_detail", "REQUEST")
CANCELLED = Mail(_("Cancelled: %(forum)s, %(day)s"), "mail/meeting_cancelled.txt", "meeting_detail", "CANCEL")
CALL_ASKED = Mail(_("Confirm the call: %(forum)s, %(day)s"), "mail/meeting_call_asked.txt", "meeting_call")
MINUTES_READY = Mail(_("The minutes are ready for approval: %(forum)s, %(day)s"), "mail/minutes_ready.txt", "meeting_approve")

REOPENED = Mail(_("The minutes are open again: %(forum)s, %(day)s"), "mail/minutes_reopened.txt", "meeting_approve")


def invited(meeting: Meeting) -> list[User]:
    """Who has been called and still holds the seat, each once."""
    return _users(meeting)


def present(meeting: Meeting) -> list[User]:
    """Who was there and still holds the seat, each once."""
    return _users(meeting, presence=Attendance.Presence.PRESENT)


def _users(meeting: Meeting, **more: str) -> list[User]:
    rows = Attendance.objects.filter(valid_now("seat__"), tenant_id=meeting.tenant_id, meeting=meeting, **more)
    return list({row.user_id: row.user for row in rows.select_related("user").order_by("pk")}.values())


def send(meeting: Meeting, recipients: Iterable[User], mail: Mail) -> None:
    """Put the mails in the outbox, one a recipient, in Danish: they leave after COMMIT."""
    path = reverse(mail.route, args=[meeting.tenant.slug, meeting.public_id])
    with translation.override(settings.LANGUAGE_CODE):
        subject = str(mail.subject) % {"forum": meeting.forum.name, "day": date_format(localtime(meeting.starts_at), "j. F Y")}
        for recipient in recipients:
            ics = documents.invitation(meeting, recipient, mail.method) if mail.method else ""
            send_mail(meeting.tenant_id, [recipient], subject=subject[:200], path=path, template=mail.template, ics=ics, method=mail.method)
