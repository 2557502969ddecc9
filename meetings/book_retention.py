"""How long a meeting book is kept, and who takes it away: the system, which sees that there is one and never what stands in it."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from access.context import context_of
from meetings.attachment_actions import forget_files
from meetings.models import Meeting, MeetingBook
from meetings.seated import system_of
from municipalities.models import Tenant

KEPT = timedelta(days=14)  # meetings.models.MeetingBook says why


def keep_until(meeting: Meeting) -> datetime:
    """When a book that is made now is taken away."""
    return max(timezone.now(), meeting.ends_at) + KEPT


def forget_old_books(tenant: Tenant) -> int:
    """The scheduler's round: books whose time is over. Returns how many."""
    return _forget(tenant, keep_until__lt=timezone.now())


def forget_books_of(tenant: Tenant, meeting_id: int, before: datetime) -> int:
    """The minutes have been approved: what was made of the meeting before that is not what was approved."""
    return _forget(tenant, meeting_id=meeting_id, ordered_at__lte=before)


def take_away(tenant: Tenant, book_id: int, edition: int) -> None:
    """Its owner has lost his right to it while it was made. A book that he has ordered again since is another one."""
    _forget(tenant, pk=book_id, edition=edition)


def _forget(tenant: Tenant, **which: Any) -> int:
    with context_of(system_of(tenant)):
        rows: QuerySet[MeetingBook] = MeetingBook.objects.filter(tenant_id=tenant.pk, **which)
        books = list(rows.select_for_update(of=("self",)))
        for book in books:
            book.delete()
        forget_files([book.book_key for book in books if book.book_key])
    return len(books)
