"""When a mail leaves, and with what: what its recipient has chosen, and what else waits for him about the same thing.

GATHER: who plans a meeting often changes time and place several times in a row and then rereads the page; that is over within a
quarter of an hour. Twenty minutes from the *first* change hold all of it, and a series of changes cannot put the mail off for
ever. What cannot wait (a call, a cancellation, a change of a meeting within a day) leaves at once and takes the waiting with it.

Some mails come in turns: asked, no longer asked, asked again. While they wait, only the last word counts, and one that takes back what
was never said is not sent at all. So a row of clicks is one mail at most.

Everything here runs in the worker, inside the outbox's own context and transaction.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import timezone

from access.models import MailChoice, OutboxMessage
from access.notices import ALWAYS, WAYS, Notice, Way

GATHER = timedelta(minutes=20)
REGRET = timedelta(minutes=5)  # how long a mail of a turn waits for its opposite
Outcome = OutboxMessage.Outcome


class Also(NamedTuple):
    """One line of what else a mail tells: the same thing several times is one line."""

    subject: str
    url: str
    times: int


class Turn(NamedTuple):
    """One side of something that is said and taken back: what it is about, and whether it is said or taken back."""

    about: str
    is_said: bool
    wait: timedelta = REGRET

    @property
    def kept(self) -> dict[str, str | bool]:
        """How it lies in the message."""
        return {"said_of": self.about, "is_said": self.is_said}


class Bundle:
    """Messages that leave as one mail."""

    def __init__(self, messages: Iterable[OutboxMessage]) -> None:
        self.messages = sorted(messages, key=lambda message: message.created_at or timezone.now())

    @property
    def lead(self) -> OutboxMessage:
        """The one whose words the mail has: the newest, or the newest of those that always come."""
        return ([message for message in self.messages if message.notice in ALWAYS] or self.messages)[-1]

    @property
    def calendar(self) -> tuple[str, str] | None:
        """(file, method): the newest calendar entry takes the place of the earlier ones."""
        found = [message.payload for message in self.messages if message.payload.get("ics")]
        return (found[-1]["ics"], found[-1]["method"]) if found else None

    def also(self) -> list[Also]:
        """What the others say, in their order."""
        counted = Counter((message.subject, settings.SSP_BASE_URL + message.path) for message in self.messages if message is not self.lead)
        return [Also(subject, url, count) for (subject, url), count in counted.items()]


def way_of(message: OutboxMessage) -> Way:
    """How the recipient wants this message now. Urgent ones do not wait."""
    if message.notice in ALWAYS or not message.notice:
        return Way.AT_ONCE
    row = MailChoice.objects.filter(tenant_id=message.tenant_id, user=message.recipient_id, notice=message.notice).first()
    way = Way(row.way) if row else WAYS[Notice(message.notice)][0]
    return Way.AT_ONCE if message.is_urgent and way != Way.OFF else way


def settle(message: OutboxMessage) -> bool:
    """Put a due message off or away, as its recipient has chosen, or as later ones have overtaken it. False: it is to leave now."""
    if message.payload.get("said_of") and message not in _last_words([message, *_waiting(message)]):
        return True
    way = way_of(message)
    if way in (Way.OFF, Way.WEEKLY):
        leave([message], Outcome.OFF if way == Way.OFF else Outcome.WEEKLY)
        return True
    gathered_at = message.created_at + GATHER
    if way != Way.BUNDLED or message.attempts or gathered_at <= timezone.now():
        return False
    message.due_at = gathered_at
    message.save(update_fields=["due_at"])
    return True


def waiting_with(message: OutboxMessage) -> list[OutboxMessage]:
    """What else waits for the same recipient in the same bundle and may leave with it; the lock on the bundle is held."""
    found = []
    for other in _last_words(_waiting(message)):
        way = way_of(other)
        if way in (Way.OFF, Way.WEEKLY):
            leave([other], Outcome.OFF if way == Way.OFF else Outcome.WEEKLY)
        else:
            found.append(other)
    return found


def _waiting(message: OutboxMessage) -> list[OutboxMessage]:
    return list(_same_bundle(message).filter(sent_at=None).exclude(pk=message.pk).select_for_update().order_by("created_at")) if message.bundle else []


def _same_bundle(message: OutboxMessage) -> Any:
    return OutboxMessage.objects.filter(tenant_id=message.tenant_id, kind="mail", recipient=message.recipient_id, bundle=message.bundle)


def _last_words(messages: Iterable[OutboxMessage]) -> list[OutboxMessage]:
    """The messages without those that a later one of their turn has overtaken, and without one that takes back what was never said: they leave unsent."""
    found: dict[str, OutboxMessage] = {}
    for message in sorted(messages, key=lambda one: one.created_at):
        key = message.payload.get("said_of") or str(message.pk)
        if key in found:
            leave([found[key]], Outcome.UNDONE)
        found[key] = message
    idle = [message for message in found.values() if message.payload.get("said_of") and not message.payload["is_said"] and not _was_said(message)]
    leave(idle, Outcome.UNDONE)
    return [message for message in found.values() if message not in idle]


def _was_said(message: OutboxMessage) -> bool:
    """Whether the last of its turn that the recipient got said what this one takes back."""
    told = _same_bundle(message).filter(payload__said_of=message.payload["said_of"], outcome__in=[Outcome.SENT, Outcome.JOINED])
    last = told.order_by("-sent_at", "-created_at").first()
    return last is not None and bool(last.payload["is_said"])


def leave(messages: Iterable[OutboxMessage], outcome: str) -> None:
    """The messages have left the outbox, in this way."""
    for message in messages:
        message.sent_at, message.outcome, message.error = timezone.now(), outcome, ""
        message.save(update_fields=["sent_at", "outcome", "error"])
