"""A meeting book of more than a hundred pages, made by the function that the worker calls."""

import random
from time import perf_counter
from typing import Any

from access.context import context_of
from access.exports import pdf_of
from bench import scale, visitors
from meetings import attachment_actions, book_making
from meetings.models import AgendaItem, Meeting, MeetingBook

FILES, PAGES_EACH, FEWEST = 4, 30, 100


def measure_book(user_key: str, meeting: Meeting) -> dict[str, Any]:
    """Its pages, and how long it took with a long agenda and four files under its items."""
    actor, content = visitors.actor(user_key), _file()
    with context_of(actor):
        for number, item in enumerate(AgendaItem.objects.filter(meeting=meeting).order_by("order")[:FILES], start=1):
            attachment_actions.add_attachment(item, actor=actor, name=f"Bilag {number}.pdf", content=content)
        about = {"tenant_id": actor.tenant_id, "forum_id": meeting.forum_id, "meeting": meeting, "ordered_by_id": actor.user_id}
        book = MeetingBook.objects.create(**about, ordered_at=meeting.starts_at, keep_until=meeting.ends_at)
    start = perf_counter()
    book_making.make_book(actor.tenant_id, actor.user_id, book.pk, book.edition)
    seconds = perf_counter() - start
    with context_of(actor):
        made = MeetingBook.objects.get(pk=book.pk)
    if not made.is_ready or made.pages < FEWEST:
        raise visitors.PageError(f"the meeting book was not made: {made.status}, {made.pages} pages")
    return {"book_pages": made.pages, "book_s": round(seconds, 2)}


def _file() -> bytes:
    """A tagged file of some pages of words."""
    words = [" ".join(random.choices(scale.WORDS, k=300)) for _page in range(PAGES_EACH)]  # noqa: S311  # words to measure with
    text = "".join(f"<h2>Afsnit {number}</h2><p>{said}</p>" for number, said in enumerate(words, start=1))
    return pdf_of(f'<html lang="da"><head><title>Bilag</title><style>h2{{break-before:page}}</style></head><body><h1>Bilag</h1>{text}</body></html>')
