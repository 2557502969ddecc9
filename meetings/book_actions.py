"""Order a meeting book, and order it again."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.looking_after import look_after_from_now
from access.notify import queue_job
from access.policy import require
from access.roles import Verb
from access.wrong_tries import too_often
from meetings.agenda_actions import need
from meetings.attachment_actions import forget_files
from meetings.book_retention import keep_until
from meetings.errors import MeetingStateError
from meetings.models import Meeting, MeetingBook

MOST_AGAIN, AGAIN_WITHIN = 5, timedelta(hours=1)  # for one reader and one meeting: each is minutes of the worker


def order_book(meeting: Meeting, *, actor: Actor) -> MeetingBook:
    """The actor's book of the meeting: a new one, which the worker makes after COMMIT, or the one he has. Raises PermissionDenied."""
    require(actor, Verb.VIEW_AGENDA, meeting)
    new = {"forum_id": meeting.forum_id, "ordered_at": timezone.now(), "keep_until": keep_until(meeting)}
    with transaction.atomic():
        book, is_new = MeetingBook.objects.get_or_create(tenant_id=meeting.tenant_id, meeting=meeting, ordered_by_id=actor.user_id, defaults=new)
        if is_new:
            _queue(actor, book)
    return book


def order_again(meeting: Meeting, *, actor: Actor) -> MeetingBook:
    """Have the book made anew from what the actor may read now; the old file is deleted. Raises MeetingStateError while it is being made, and for the sixth time within an hour."""
    book = order_book(meeting, actor=actor)
    with transaction.atomic():
        book = MeetingBook.objects.select_for_update(of=("self",)).get(pk=book.pk)
        if book.is_running:
            raise MeetingStateError(_("The meeting book is being made. It is ready in a moment."))
        too_many = _("You have had the meeting book made %(count)s times within an hour. Wait a little before you have it made again.") % {"count": MOST_AGAIN}
        need(not too_often(f"book:{meeting.pk}:{actor.user_id}", most=MOST_AGAIN, within=AGAIN_WITHIN), too_many)
        forget_files([book.book_key] if book.book_key else [])
        book.edition += 1
        book.status, book.progress, book.step, book.error, book.in_hand = MeetingBook.Status.QUEUED, 0, "", "", ""
        book.book_key, book.file_size, book.sha256, book.pages, book.contents, book.left_out, book.stumbled = "", 0, "", 0, {}, {}, []
        book.finished_at, book.ordered_at, book.keep_until = None, timezone.now(), keep_until(meeting)
        book.save()
        _queue(actor, book)
    return book


def _queue(actor: Actor, book: MeetingBook) -> None:
    queue_job(actor, "make_book", book_id=book.pk, edition=book.edition)
    look_after_from_now(book, "look_after_book", actor=actor, book_id=book.pk, edition=book.edition)
