"""How the worker makes a meeting book: the files are read one by one, the text in one short transaction, the pages laid out in none.

It works as who ordered the book, with the rights he has now; a right that has ended takes the book away. It may be killed anywhere
and run again. A file over which a worker died, or that took longer than a worker may be silent, is left out by the next one:
one bad file costs its own pages, never the book.
"""

import hashlib
import logging
from collections.abc import Collection
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import exports, pdf_pages
from access.actor import Actor
from access.context import actor_of, context_of, request_of
from access.looking_after import look_again
from access.models import LogEntry, User
from access.roles import Verb
from access.vault import SealBrokenError, file_store
from meetings.agenda import fetch_meeting
from meetings.book_documents import BookFile, book_context, file_name
from meetings.book_retention import keep_until, take_away
from meetings.books import Contents, filed_now, files_of, read_contents
from meetings.minutes import Minutes, read_minutes
from meetings.models import MeetingBook
from meetings.parts import closed_files
from municipalities.models import Tenant

logger = logging.getLogger(__name__)
Status = MeetingBook.Status
MOST_PAGES, MOST_BYTES = 3000, 150 * 1024 * 1024  # of one book: what a worker can hold, and anybody open
BROKEN = gettext_lazy("Something went wrong while the meeting book was made. Try again, or tell your administrator.")
NO_RIGHT = (PermissionError, PermissionDenied, Http404, MeetingBook.DoesNotExist)


class Order(NamedTuple):
    """Which book, in which edition, of which meeting, and who works at it. `filed`: the state of the files of the closed part as they are read for it."""

    actor: Actor
    book_id: int
    edition: int
    meeting_id: str  # public
    filed: list[Any]


class Read(NamedTuple):
    """What has become of the files: those that can be put in, and why the others cannot."""

    taken: dict[str, pdf_pages.Taken]
    left_out: dict[str, str]


def make_book(tenant_id: int, user_id: int, book_id: int, edition: int, *, take_over: bool = False) -> None:
    """Make the file of a book for the user who ordered it.

    Does nothing when it is done, ordered again since, or another worker that lives is at it (`take_over`: that one is known to be dead).
    """
    user, tenant = User.objects.get(pk=user_id), Tenant.objects.get(pk=tenant_id)
    try:
        with translation.override(settings.LANGUAGE_CODE):
            order, files = _begin(actor_of(user, tenant.slug), book_id, edition, take_over=take_over)
            if order is not None:
                read = _read_files(order, files)
                content, contents = _lay_out(user, tenant, order, read)
                _store(actor_of(user, tenant.slug), order, read, content, contents)  # with the rights he has by now
    except NO_RIGHT:  # no seat any more, or ordered again
        take_away(tenant, book_id, edition)
    except Exception:  # whatever stands in the way: the reader gets a sentence, the administrator the trace
        logger.exception("meeting book %s of tenant %s failed", book_id, tenant_id)
        _fail(user, tenant, book_id, edition)


def look_after(tenant_id: int, user_id: int, book_id: int, edition: int, turn: int) -> None:
    """See whether the book is finished; if its worker has died, take over. Comes again until it is finished, but not for ever."""
    user, tenant = User.objects.get(pk=user_id), Tenant.objects.get(pk=tenant_id)
    try:
        actor = actor_of(user, tenant.slug)
        with context_of(actor):
            book = _locked(actor, book_id, edition)
            if book.status in (Status.DONE, Status.FAILED):
                return
            goes_on = look_again(book, "look_after_book", actor=actor, turn=turn, book_id=book_id, edition=edition)
    except NO_RIGHT:
        take_away(tenant, book_id, edition)
        return
    if goes_on:
        make_book(tenant_id, user_id, book_id, edition)
    else:
        _fail(user, tenant, book_id, edition)


def _locked(actor: Actor, book_id: int, edition: int) -> MeetingBook:
    rows = MeetingBook.objects.filter(tenant_id=actor.tenant_id, ordered_by_id=actor.user_id, edition=edition).select_related("meeting__forum")
    return rows.select_for_update(of=("self",)).get(pk=book_id)


def _begin(actor: Actor, book_id: int, edition: int, *, take_over: bool) -> tuple[Order | None, list[Any]]:
    """Take the book in hand, and write down each file that will be read. No order when there is nothing left to do."""
    with context_of(actor):
        book = _locked(actor, book_id, edition)
        if book.status == Status.DONE or (book.is_in_hand and not take_over):
            return None, []
        if book.in_hand and book.in_hand not in book.stumbled:
            book.stumbled.append(book.in_hand)
        meeting = fetch_meeting(actor, Verb.VIEW_AGENDA, book.meeting.public_id)
        minutes = read_minutes(actor, meeting)
        filed = filed_now(actor, meeting)  # before the files themselves: what changes between the two makes the book stale
        files = _noted_files(actor, minutes, book.stumbled)
        book.status, book.progress, book.step, book.in_hand = Status.RUNNING, 5, _("The attachments are read"), ""
        book.left_out = dict.fromkeys(book.stumbled, "slow")
        book.save(update_fields=["status", "progress", "step", "in_hand", "stumbled", "left_out", "touched_at"])
        return Order(actor, book_id, edition, meeting.public_id, filed), files


def _noted_files(actor: Actor, minutes: Minutes, stumbled: list[str]) -> list[Any]:
    """The files of the items and of the cases that the reader may see, with a log row for each that will be read."""
    general = files_of(minutes)
    closed = closed_files(actor, minutes.agenda.meeting, LogEntry.Action.LIST)
    for file in general:
        if _is_read(file, stumbled):
            exports.note_export(actor, file, LogEntry.Action.EXPORT, str(file))
    for found in closed:
        if _is_read(found.file, stumbled):
            found.note(actor)
    return [*general, *(found.file for found in closed)]


def _is_read(file: Any, stumbled: Collection[str]) -> bool:
    return file.kind == "PDF" and file.public_id not in stumbled


def _read_files(order: Order, files: list[Any]) -> Read:
    """Each PDF made ready to be put in. Before each the row says which one it is, so that a successor knows over what this worker died."""
    with context_of(order.actor):
        stumbled = set(_locked(order.actor, order.book_id, order.edition).stumbled)
    taken: dict[str, pdf_pages.Taken] = {}
    left_out: dict[str, str] = {}
    for place, file in enumerate(files, start=1):
        if file.kind != "PDF":
            left_out[file.public_id] = "kind"
            continue
        if file.public_id in stumbled:
            left_out[file.public_id] = "slow"
            continue
        step = _("Attachment %(place)s of %(count)s is read") % {"place": place, "count": len(files)}
        _note(order, 5 + 55 * place // len(files), step, in_hand=file.public_id)
        found, why = _take(file)
        if found is not None and _is_full([*taken.values(), found]):
            found, why = None, "full"
        if found is not None:
            taken[file.public_id] = found
        else:
            left_out[file.public_id] = why
    return Read(taken, left_out)


def _is_full(taken: list[pdf_pages.Taken]) -> bool:
    return sum(one.pages for one in taken) > MOST_PAGES or sum(len(one.content) for one in taken) > MOST_BYTES


def _take(file: Any) -> tuple[pdf_pages.Taken | None, str]:
    try:
        return pdf_pages.take_pages(file_store().get(file.file_key)), ""
    except pdf_pages.CannotTakeError as error:
        return None, str(error)
    except (FileNotFoundError, SealBrokenError):
        return None, "gone"


def _lay_out(user: User, tenant: Tenant, order: Order, read: Read) -> tuple[bytes, Contents]:
    """The bytes of the book, and what it is made of. Persons of the closed part are written into the log in the transaction that reads them."""
    _note(order, 65, _("The pages are laid out"))
    html, files, contents = _read_text(user, tenant, order, read)
    assert not connection.in_atomic_block, "rendering takes seconds: no transaction may wait for it"
    own = exports.pdf_of(html)
    _note(order, 85, _("The pages are put together"))
    inserts = [pdf_pages.Insert(found.anchor, found.label, read.taken[found.file.public_id]) for found in files if found.pages]
    return pdf_pages.bind(own, inserts), contents


def _read_text(user: User, tenant: Tenant, order: Order, read: Read) -> tuple[str, list[BookFile], Contents]:
    request = request_of(user, tenant.slug)
    with context_of(request.actor):
        _locked(request.actor, order.book_id, order.edition)
        meeting = fetch_meeting(request.actor, Verb.VIEW_AGENDA, order.meeting_id)
        contents = read_contents(request, meeting, {*read.taken, *read.left_out}, order.filed)  # before the texts, for the same reason
        context = book_context(request, meeting, read.taken, read.left_out)
        html = exports.render_html("meetings/pdf/book.html", {**context, "actor": request.actor, "tenant": request.tenant, "reader": user})
        return html, context["files"], contents


def _store(actor: Actor, order: Order, read: Read, content: bytes, contents: Contents) -> None:
    key, is_kept = file_store().put(content), False
    try:
        is_kept = _keep(actor, order, read, key, content, contents)
    finally:
        if not is_kept:
            file_store().remove(key)


def _keep(actor: Actor, order: Order, read: Read, key: str, content: bytes, contents: Contents) -> bool:
    """Write the file on the book and into the log. False when another run was first: its file counts."""
    with context_of(actor):
        book = _locked(actor, order.book_id, order.edition)
        if book.status == Status.DONE:
            return False
        book.book_key, book.file_size, book.sha256 = key, len(content), hashlib.sha256(content).hexdigest()
        book.pages, book.contents, book.left_out = pdf_pages.count_pages(content), contents.stored, read.left_out
        book.status, book.progress, book.step, book.error, book.in_hand = Status.DONE, 100, "", "", ""
        book.finished_at, book.keep_until = timezone.now(), keep_until(book.meeting)
        book.save()
        exports.note_export(actor, book, LogEntry.Action.DOCUMENT, file_name(book.meeting))
    return True


def _note(order: Order, percent: int, step: str, in_hand: str = "") -> None:
    """A sign of life on a book that is not done, in a short transaction of its own."""
    with context_of(order.actor):
        book = _locked(order.actor, order.book_id, order.edition)
        if book.status != Status.DONE:
            book.progress, book.step, book.in_hand = percent, step, in_hand
            book.save(update_fields=["progress", "step", "in_hand", "touched_at"])


def _fail(user: User, tenant: Tenant, book_id: int, edition: int) -> None:
    """Failed, with a sentence for the screen. Nothing happens when it is done, or was ordered again meanwhile."""
    try:
        actor = actor_of(user, tenant.slug)
        with translation.override(settings.LANGUAGE_CODE), context_of(actor):
            book = _locked(actor, book_id, edition)
            if book.status != Status.DONE:
                book.status, book.error, book.in_hand = Status.FAILED, str(BROKEN), ""
                book.save(update_fields=["status", "error", "in_hand", "touched_at"])
    except NO_RIGHT:
        take_away(tenant, book_id, edition)
