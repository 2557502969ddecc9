"""The worker's way in: ids, one call; and the scheduler's rounds of meetings."""

from datetime import datetime, timedelta
from typing import Any

from celery import shared_task
from django.utils import timezone

from access.notify import register_job
from meetings import book_making, book_retention, digest, former_invited, reminders
from municipalities.models import Tenant

ENDED_LATELY = timedelta(days=3)
LONGEST = 600  # seconds: a file that a library never gets through does not keep a worker for ever


@register_job("make_book")
@shared_task(name="meetings.tasks.make_book", bind=True, time_limit=LONGEST)
def make_book(self: Any, *, tenant_id: int, user_id: int, book_id: int, edition: int) -> None:
    """Make the ordered meeting book; what goes wrong is written on it."""
    is_second_try = bool((self.request.delivery_info or {}).get("redelivered"))  # the broker has it back from a worker that died
    book_making.make_book(tenant_id, user_id, book_id, edition, take_over=is_second_try)


@register_job("look_after_book")
@shared_task(name="meetings.tasks.look_after_book", time_limit=LONGEST)
def look_after_book(*, tenant_id: int, user_id: int, book_id: int, edition: int, turn: int) -> None:
    """Some time after the order: take over when the worker has died."""
    book_making.look_after(tenant_id, user_id, book_id, edition, turn)


@register_job("forget_books")
@shared_task(name="meetings.tasks.forget_books")
def forget_books(*, tenant_id: int, user_id: int, meeting_id: int, before: str) -> None:
    """After the approval: the books that were made before it are gone."""
    book_retention.forget_books_of(Tenant.objects.get(pk=tenant_id), meeting_id, datetime.fromisoformat(before))


@register_job("take_out_of_calendar")
@shared_task(name="meetings.tasks.take_out_of_calendar")
def take_out_of_calendar(*, tenant_id: int, user_id: int, meeting: str, recipient_id: int, is_cancelled: int = 1) -> None:
    """After a cancellation or a move: for who was called and holds the seat no more. A job from before there was a choice is about a cancellation."""
    former_invited.write_cancellation(tenant_id, meeting, recipient_id, bool(is_cancelled))


@register_job("leave_calendar")
@shared_task(name="meetings.tasks.leave_calendar")
def leave_calendar(*, tenant_id: int, user_id: int, forum_id: int, recipient_id: int) -> None:
    """After the end of a seat: the meetings to come leave the calendar of who held it."""
    former_invited.take_out_coming(tenant_id, forum_id, recipient_id)


@shared_task
def leave_calendars_after_last_days() -> None:
    """The scheduler's round: the seats whose last day was yesterday, or the days before should a round have failed."""
    for tenant in Tenant.objects.all():
        former_invited.take_out_after_last_days(tenant.pk, timezone.now() - ENDED_LATELY)


@shared_task(name="meetings.tasks.forget_old_books")
def forget_old_books() -> None:
    """The scheduler's round: meeting books whose time is over."""
    for tenant in Tenant.objects.all():
        book_retention.forget_old_books(tenant)


@shared_task
def tell_of_the_week() -> None:
    """On Monday morning: the weekly mails that are not written yet."""
    digest.tell_everybody(timezone.now())


@shared_task
def remind_of_agreements() -> None:
    """On weekdays: reminders of aftaler that are due and not written yet."""
    reminders.remind_everybody(timezone.now())
