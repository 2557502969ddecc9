"""The mail door, and the outbox behind it. A mail says *that* something waits; the login shows *what*.

Mails and jobs are rows written in the same transaction as the work they belong to. The worker sends them after
COMMIT, with retries: an away broker or mail server cannot turn done work into an error page, nor lose a mail.
When a mail leaves, with what, or not at all, is what its recipient has chosen (`access.bundles`).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from access import bundles, doors
from access.actor import Actor
from access.context import context_of
from access.models import OutboxMessage, User
from access.notices import Notice, is_chosen
from access.one_line import one_line

MAX_ATTEMPTS = 8
BATCH = 50
Job = Callable[..., Any]
_jobs: dict[str, Job] = {}


def register_job(name: str) -> Callable[[Job], Job]:
    """Decorator: a Celery task that the outbox may start by this name."""

    def keep(job: Job) -> Job:
        _jobs[name] = job
        return job

    return keep


LinkMaker = Callable[..., str]
_links: dict[str, LinkMaker] = {}


def register_link(name: str, maker: LinkMaker) -> None:
    """Called from an app's `ready()`: (message, **ids) -> the path of a link that is a secret. Made on sending: it never lies in the database."""
    _links[name] = maker


def send_mail(
    tenant_id: int, recipients: Iterable[User], *, subject: str, path: str, notice: Notice, template: str = "mail/notice.txt",
    ics: str = "", method: str = "REQUEST", facts: Mapping[str, Any] | None = None,
    link: Mapping[str, str | int] | None = None, bundle: str = "", forum_id: int | None = None, is_urgent: bool = False,
    door: Mapping[str, str | int] | None = None, turn: bundles.Turn | None = None,
) -> None:  # fmt: skip
    """Put one mail a recipient in the outbox. `subject` never holds person data; `path` is the page it links to.

    `notice` is what it is about: some kinds the recipient may have gathered, in the weekly mail or not at all.
    Mails of the same `bundle` may leave as one; `is_urgent`: do not wait for others, even if he has chosen to. `forum_id`: the subject
    names this forum, so the list of his mails shows it as long as he reads the forum.

    `ics` is a calendar file and `method` what it asks of the calendar (RFC 5546). `facts` are texts for a template of its
    own, no person data either; they and the subject become texts of one line. `link` names a registered maker and its ids, in place of `path`.

    As it leaves, the door of the page is asked whether he may still see it (`access.doors`). `door` names a registered one and its ids,
    in place of the page's own and of the forum's. `turn`: it and its opposite take each other back while they wait.
    Raises LookupError for a page without a door.
    """
    doors.refuse_doorless(path)
    payload: dict[str, Any] = {"template": template, "ics": ics, "method": method, "facts": one_line(dict(facts or {})), "link": dict(link or {}), "door": dict(door or {})}
    payload |= turn.kept if turn else {}
    due_at = timezone.now() + (turn.wait if turn else timedelta(0))
    about = {"notice": notice, "bundle": bundle or (notice if is_chosen(notice) else ""), "forum_id": forum_id, "is_urgent": is_urgent}
    mail: dict[str, Any] = {"tenant_id": tenant_id, "kind": "mail", "subject": one_line(subject), "path": path, "payload": payload, "due_at": due_at, **about}
    _queue([OutboxMessage(recipient=recipient, **mail) for recipient in recipients])


@contextmanager
def sent_together() -> Iterator[None]:
    """For very many mails: what is put in the outbox inside goes there in one statement at the end, and wakes the worker once."""
    token = _gathered.set([])
    try:
        yield
        gathered = _gathered.get() or []
    finally:
        _gathered.reset(token)
    _queue(gathered)


def queue_job(actor: Actor, name: str, *, wait: timedelta = timedelta(0), **ids: int | str) -> None:
    """Have a registered job run after COMMIT, or some time later, for the actor who orders it. Only ids travel, never data or rights."""
    if name not in _jobs:
        raise LookupError(f"no such job: {name}")
    payload = {"job": name, "user_id": actor.user_id, **ids}
    _queue([OutboxMessage(tenant_id=actor.tenant_id, kind="job", payload=payload, due_at=timezone.now() + wait)])


_gathered: ContextVar[list[OutboxMessage] | None] = ContextVar("gathered", default=None)


def _queue(messages: list[OutboxMessage]) -> None:
    gathered = _gathered.get()
    if gathered is not None:
        gathered.extend(messages)
        return
    OutboxMessage.objects.bulk_create(messages)
    for tenant_id in {message.tenant_id for message in messages}:
        transaction.on_commit(partial(wake_outbox, tenant_id), robust=True)


def wake_outbox(tenant_id: int) -> None:
    """Tell the worker to look now. If the broker is away, the scheduler's next round finds the row all the same."""
    from access.tasks import send_outbox

    send_outbox.apply_async((tenant_id,), retry=False)


def tenants_with_mail() -> list[int]:
    """Ids of tenants that have something due; a definer function, for no tenant may look into another's outbox."""
    with connection.cursor() as cursor:
        cursor.execute("select figures.outbox_tenants()")
        return [row[0] for row in cursor.fetchall()]


def mails_of_tenant(*, undelivered: bool, before: datetime | None, limit: int) -> list[tuple[int, str, datetime, datetime, datetime | None, int, str]]:
    """(recipient, notice, made, due, left, attempts, outcome) of the newest mails, for who manages the context's tenant; anyone else gets none."""
    with connection.cursor() as cursor:
        cursor.execute("select * from figures.mails_of_tenant(%s, %s, %s)", [undelivered, before, limit])
        return list(cursor.fetchall())


def system_actor(tenant_id: int) -> Actor:
    """Who acts for a tenant when nobody has asked: the outbox and the scheduler's rounds."""
    return Actor(user_id=_system_user_id(tenant_id), tenant_id=tenant_id, is_system=True)


def empty_outbox(tenant_id: int) -> int:
    """Send what is due for a tenant, each message in a transaction of its own. Returns how many were dealt with."""
    system = system_actor(tenant_id)
    sent = 0
    while sent < BATCH and _send_next(system):
        sent += 1
    return sent


def _send_next(system: Actor) -> bool:
    """Deal with one due message; two workers never take the same one. False when nothing is due."""
    with context_of(system):
        message = _claim(system)
        if message is None:
            return False
        if not bundles.settle(message):
            _send(message, system)
        return True


def _claim(system: Actor) -> OutboxMessage | None:
    """The next due message that no other worker is at. The lock is on what it may leave together with, so that no bundle is sent in two halves."""
    due = OutboxMessage.objects.filter(tenant_id=system.tenant_id, sent_at=None, due_at__lte=timezone.now(), attempts__lt=MAX_ATTEMPTS)
    for pk, recipient_id, bundle in due.order_by("due_at").values_list("pk", "recipient_id", "bundle")[:BATCH]:
        if _lock(f"{system.tenant_id}:{recipient_id}:{bundle}" if bundle else str(pk)):
            message = due.filter(pk=pk).select_for_update().select_related(None).first()
            if message is not None:  # another worker may have sent it a moment ago
                return message
    return None


def _lock(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"outbox:{name}"])
        return bool(cursor.fetchone()[0])


def _send(message: OutboxMessage, system: Actor) -> None:
    message.attempts += 1
    together = [message, *bundles.waiting_with(message)]
    try:
        told = doors.still_open(together, system)
        if told:
            _deliver(told[0], told[1:])
    except Exception as error:  # noqa: BLE001  # whatever the mail server or the broker raises: keep the message, try later
        message.error = f"{type(error).__name__}: {error}"[:300]
        message.due_at = timezone.now() + timedelta(seconds=15 * 2**message.attempts)
    else:
        bundles.leave(told[:1], OutboxMessage.Outcome.SENT)
        bundles.leave(told[1:], OutboxMessage.Outcome.JOINED)
        bundles.leave((one for one in together if one not in told), OutboxMessage.Outcome.CLOSED)
    message.save(update_fields=["attempts", "error", "due_at"])


def _deliver(message: OutboxMessage, others: Sequence[OutboxMessage] = ()) -> None:
    """Start the job, or send the mail; `others` are told of in the same mail."""
    if message.kind == OutboxMessage.Kind.JOB:
        ids = {key: value for key, value in message.payload.items() if key != "job"}
        _jobs[message.payload["job"]].apply_async(kwargs={"tenant_id": message.tenant_id, **ids})  # type: ignore[attr-defined]  # a Celery task
        return
    bundle = bundles.Bundle([message, *others])
    lead = bundle.lead
    assert lead.recipient is not None, "a mail has a recipient"
    with translation.override(settings.LANGUAGE_CODE):
        facts = lead.payload.get("facts") or {}
        context = {
            **facts, "recipient": lead.recipient, "subject": lead.subject, "url": settings.SSP_BASE_URL + _path_of(lead), "base_url": settings.SSP_BASE_URL,
            "also": bundle.also(), "choices_url": _choices_url(lead),
        }  # fmt: skip
        text = tidy(render_to_string(lead.payload["template"], context) + render_to_string("mail/_end.txt", context))
        # one and the same number however often it is tried: a mail server that has it already may drop the second
        headers = {"Message-ID": f"<{message.pk}@{urlsplit(settings.SSP_BASE_URL).hostname}>"}
        mail = EmailMultiAlternatives(lead.subject, text, to=[lead.recipient.email], headers=headers)
    if calendar := bundle.calendar:
        _add_calendar(mail, *calendar)
    mail.send()


def tidy(text: str) -> str:
    """A letter: no empty lines at its ends, and never two in a row."""
    return re.sub(r"\n{3,}", "\n\n", text.strip()) + "\n"


def _choices_url(message: OutboxMessage) -> str:
    """The page on which the recipient chooses about this kind of mail; empty when there is nothing to choose."""
    slug = message.path.split("/")[1] if message.path.startswith("/") else ""
    return settings.SSP_BASE_URL + reverse("mail_choices", args=[slug]) if slug and is_chosen(message.notice) else ""


def _add_calendar(mail: EmailMultiAlternatives, ics: str, method: str) -> None:
    """The same entry twice: Outlook and Google act on the alternative body; a reader without a calendar finds the file.

    The file is `application/ics`, as Google sends it: a second text/calendar part would be acted on a second time.
    """
    mail.attach_alternative(ics, f"text/calendar; method={method}; charset=utf-8")
    mail.attach("moede.ics", ics.encode(), "application/ics")


def _path_of(message: OutboxMessage) -> str:
    ids = dict(message.payload.get("link") or {})
    return _links[str(ids.pop("name"))](message, **ids) if ids else message.path


def _system_user_id(tenant_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select u.id from access_user u join municipalities_tenant t on u.username = 'system:' || t.slug where t.id = %s and u.is_system", [tenant_id])
        found: int = cursor.fetchone()[0]
    return found
