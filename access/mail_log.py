"""Which mails went to whom: each sees his own; who manages the kommune sees kind, recipient, time and state of all, and no content."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.dates import clock, day
from access.models import OutboxMessage, User
from access.notices import Notice
from access.notify import MAX_ATTEMPTS, mails_of_tenant
from access.roles import Verb
from access.tenants import called_here

Outcome = OutboxMessage.Outcome


@dataclass(frozen=True)
class MailLine:
    """One mail on a page: when it was made, what it is about, what became of it."""

    made_at: datetime
    at: str
    about: str
    state: str
    tag: str
    subject: str = ""
    url: str = ""
    recipient: User | None = None


def own_mails(actor: Actor) -> QuerySet[OutboxMessage]:
    """The actor's own mails in this kommune, newest first; row security shows no others."""
    return OutboxMessage.objects.filter(tenant_id=actor.tenant_id, recipient_id=actor.user_id, kind=OutboxMessage.Kind.MAIL).order_by("-created_at")


def own_lines(actor: Actor, messages: Iterable[OutboxMessage]) -> list[MailLine]:
    """For the page of his own mails. A subject that names a forum is shown as long as he reads that forum."""
    reads = actor.forums_with(Verb.VIEW_AGENDA)
    lines = []
    for message in messages:
        state, tag = _state(message.due_at, message.sent_at, message.attempts, message.outcome)
        is_shown = bool(message.notice) and (message.forum_id is None or message.forum_id in reads)
        subject, url = (message.subject, message.path) if is_shown else ("", "")
        lines.append(MailLine(message.created_at, _at(message.created_at), _about(message.notice), state, tag, subject, url))
    return lines


def tenant_lines(tenant_id: int, *, undelivered: bool, before: datetime | None, limit: int) -> list[MailLine]:
    """For the administrator: three queries, and not a word of what the mails say; each recipient as the kommune calls him."""
    rows = mails_of_tenant(undelivered=undelivered, before=before, limit=limit)
    people = {user.pk: user for user in called_here(tenant_id, User.objects.filter(pk__in={row[0] for row in rows}))}
    lines = []
    for recipient_id, notice, made_at, due_at, sent_at, attempts, outcome in rows:
        state, tag = _state(due_at, sent_at, attempts, outcome)
        lines.append(MailLine(made_at, _at(made_at), _about(notice), state, tag, recipient=people[recipient_id]))
    return lines


def _about(notice: str) -> str:
    return str(Notice(notice).label) if notice else _("A mail from before the kinds were kept")


def _at(moment: datetime) -> str:
    return _("%(day)s at %(time)s") % {"day": day(moment), "time": clock(moment)}


def _state(due_at: datetime, sent_at: datetime | None, attempts: int, outcome: str) -> tuple[str, str]:
    """(words, colour) of what became of a mail."""
    if sent_at is not None:
        words = str(Outcome(outcome or Outcome.SENT).label)
        return (f"{words}, {_at(sent_at)}", "ok") if outcome in ("", Outcome.SENT, Outcome.JOINED) else (words, "")
    if attempts >= MAX_ATTEMPTS:
        return _("Given up after %(count)s attempts. The mail server did not take it.") % {"count": attempts}, "bad"
    if attempts:
        words = _("The mail server has not taken it yet. Tried %(count)s times, next time %(when)s.")
        return words % {"count": attempts, "when": _at(due_at)}, "warn"
    if due_at > timezone.now():
        return _("Waits for more about the same, until %(time)s") % {"time": clock(due_at)}, ""
    return _("On its way"), ""
