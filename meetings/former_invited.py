"""A meeting leaves the calendar of somebody who was called to it and holds the seat no more: when his seat ends, and when it is cancelled or moved.

He may see nothing of the meeting now, neither where it has been moved, nor that it has. So what takes it out is made of the calendar file
that he got last, and of nothing else: forum, date and place are those of his own invitation. Else than after a cancellation it says only that he
is called no more. Nobody but the system sees what mails somebody has got, so a job makes it.
"""

from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from access.actor import Actor
from access.context import context_of
from access.models import OutboxMessage
from access.notices import Notice
from access.notify import queue_job, send_mail, system_actor
from meetings.documents import cancellation_of, ends_at
from meetings.invitations import invited
from meetings.models import Attendance, Meeting
from municipalities.models import Seat

Outcome = OutboxMessage.Outcome
BUNDLE = "meeting:"  # as meetings.invitations puts it


def take_out(meeting: Meeting, actor: Actor) -> None:
    """After a cancellation or a move: order it for everybody who was called and holds no seat of the forum any more."""
    seated = {user.pk for user in invited(meeting)}
    called = set(Attendance.objects.filter(tenant_id=meeting.tenant_id, meeting=meeting).values_list("user_id", flat=True))
    for user_id in sorted(called - seated):
        queue_job(actor, "take_out_of_calendar", meeting=meeting.public_id, recipient_id=user_id, is_cancelled=int(not meeting.is_planned))


def leave(seat: Seat, actor: Actor) -> None:
    """His seat has ended: order that the coming meetings of the forum leave his calendar. An ending of seats (`municipalities.seat_endings`)."""
    if seat.user_id is not None:
        queue_job(actor, "leave_calendar", forum_id=seat.forum_id, recipient_id=seat.user_id)


def take_out_coming(tenant_id: int, forum_id: int, recipient_id: int) -> None:
    """Put in the outbox what takes out each meeting to come that he was called to; nothing while he has another seat in the forum."""
    with context_of(system_actor(tenant_id)):
        if Seat.objects.current().filter(tenant_id=tenant_id, forum_id=forum_id, user_id=recipient_id).exists():
            return
        rows = _invitations(tenant_id, recipient_id).filter(forum_id=forum_id, bundle__startswith=BUNDLE)
        meetings = {row.bundle.removeprefix(BUNDLE) for row in rows if ends_at(row.payload["ics"]) > timezone.now()}
    for meeting in sorted(meetings):
        write_cancellation(tenant_id, meeting, recipient_id, is_cancelled=False)


def take_out_after_last_days(tenant_id: int, since: datetime) -> None:
    """The same where a seat has ended by itself after `since`: its last day was written down beforehand, and nobody was there to order anything."""
    with context_of(system_actor(tenant_id)):
        ended = Seat.objects.filter(tenant_id=tenant_id, user__isnull=False, valid_to__gt=since, valid_to__lte=Now())
        left = set(ended.values_list("forum_id", "user_id"))
    for forum_id, user_id in sorted(left):
        take_out_coming(tenant_id, forum_id, user_id)


def write_cancellation(tenant_id: int, meeting: str, recipient_id: int, is_cancelled: bool) -> None:
    """Put it in the outbox; nothing when the last that he got was no invitation. `is_cancelled`: the meeting is; else it is held without him."""
    with context_of(system_actor(tenant_id)), translation.override(settings.LANGUAGE_CODE):
        told = _last_told(tenant_id, meeting, recipient_id)
        if told is None or told.recipient is None or told.payload["method"] != "REQUEST":
            return
        ics, summary = cancellation_of(told.payload["ics"])
        subject = _("Cancelled: %(meeting)s") if is_cancelled else _("You are no longer called: %(meeting)s")
        send_mail(
            tenant_id, [told.recipient], subject=subject % {"meeting": summary}, path=reverse("choose_tenant"), notice=Notice.CANCELLED,
            template="mail/meeting_left.txt" if is_cancelled else "mail/meeting_not_yours.txt", ics=ics, method="CANCEL",
            facts=told.payload["facts"], bundle=told.bundle, forum_id=told.forum_id, door={"name": "invited", "meeting": meeting},
        )  # fmt: skip


def is_invited(actor: Actor, *, meeting: str) -> bool:
    """The door of that mail: his own invitation stands in his calendar still. That it does not any more is all that he learns."""
    told = _last_told(actor.tenant_id, meeting, actor.user_id)
    return told is not None and told.payload["method"] == "REQUEST"


def _last_told(tenant_id: int, meeting: str, user_id: int | None) -> OutboxMessage | None:
    """The last mail about the meeting that has brought him a calendar file."""
    return _invitations(tenant_id, user_id).filter(bundle=f"{BUNDLE}{meeting}").select_related("recipient").order_by("-created_at").first()


def _invitations(tenant_id: int, user_id: int | None) -> QuerySet[OutboxMessage]:
    """The mails that have brought him a calendar file."""
    rows = OutboxMessage.objects.filter(tenant_id=tenant_id, kind=OutboxMessage.Kind.MAIL, recipient_id=user_id)
    return rows.filter(outcome__in=[Outcome.SENT, Outcome.JOINED]).exclude(payload__ics="")
