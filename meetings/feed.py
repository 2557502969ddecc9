"""The calendar feed: a person's called meetings in all his kommuner, for his own calendar, which has no session.

The address is all that is known. It gives the id of its owner (meetings.feed_sql), and from there on everything is as for him: in
each kommune his rights are resolved anew and written into the walls. A seat that has ended is gone at the next fetch.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import BigIntegerField, Exists, Func, OuterRef, Q, Value
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from icalendar import Event

from access.actor import Actor
from access.context import actor_of, context_of
from access.exports import note_export
from access.models import LogEntry, User
from access.notices import Notice
from access.notify import send_mail
from access.policy import visible
from access.roles import Verb
from access.tenants import own_tenants
from access.wrong_tries import too_often
from meetings import documents
from meetings.agenda_actions import need
from meetings.models import Attendance, CalendarFeed, Meeting
from municipalities.models import Seat, Tenant

BACK = timedelta(days=365)
FETCH_NOTED = timedelta(minutes=15)  # how exactly the page says when it was last fetched
MOST_MADE, MADE_WITHIN = 5, timedelta(days=1)  # each is a mail, and many would bury the first
LOGGED = timedelta(days=1)  # a calendar asks every hour for the same: one row a day, and one whenever it gets something else
Status = Meeting.Status


@dataclass(frozen=True)
class Feed:
    """What a person's calendar gets now. The digest is the same as long as the meetings are."""

    owner: User
    actors: tuple[Actor, ...]  # one a kommune in which there are meetings
    content: str
    digest: str


def new_token() -> str:
    """An address that nobody guesses: 256 bits."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is kept of the address."""
    return hashlib.sha256(token.encode()).hexdigest()


def owner_of(token: str) -> User | None:
    """Whose address it is. None for one that is wrong or closed, and for an account that is no longer active."""
    owner = Func(Value(hash_of(token)), function="figures.owner_of_feed", output_field=BigIntegerField())
    return User.objects.filter(pk=owner, is_active=True, is_system=False).first()


def read_feed(owner: User) -> Feed:
    """The owner's meetings, each kommune read in a context of its own with his rights there. In Danish: a calendar has chosen no language."""
    events: list[Event] = []
    actors: list[Actor] = []
    with translation.override(settings.LANGUAGE_CODE):
        for tenant in own_tenants(owner):
            try:
                actor = actor_of(owner, tenant.slug)
            except PermissionError:  # his last seat there ended this moment
                continue
            with context_of(actor):
                found = [documents.feed_event(meeting) for meeting in meetings_of(actor)]
            events += found
            actors += [actor] if found else []
        content = documents.feed_calendar(events)
        return Feed(owner, tuple(actors), content, _digest(content))


def meetings_of(actor: Actor) -> Iterable[Meeting]:
    """The called meetings of the forums in which the actor holds a seat, a year back and all coming. One query.

    Not a draft, nor one that was cancelled as a draft. Not one to which only some were called, and he was not: the others get nothing.
    """
    forums = actor.forums_with(Verb.VIEW_AGENDA)  # by seats alone: what a guest is called in to is no forum of his
    mine = Attendance.objects.filter(meeting=OuterRef("pk"), user=actor.user_id)
    seated = Seat.objects.current().filter(user=actor.user_id, forum=OuterRef("forum"), valid_from__lte=OuterRef("called_at"))
    was_called = ~Q(status=Status.DRAFT) & (~Q(status=Status.CANCELLED) | Q(called_at__isnull=False))
    rows = Meeting.objects.filter(was_called, forum__in=forums, starts_at__gte=timezone.now() - BACK).filter(Exists(mine) | ~Exists(seated))
    return visible(actor, Verb.VIEW_AGENDA, rows).select_related("forum", "tenant").order_by("starts_at", "pk")


def _digest(content: str) -> str:
    """Of everything but the moment at which the file was made."""
    return hashlib.sha256(re.sub(r"DTSTAMP:\w+", "", content).encode()).hexdigest()


def note_fetch(feed: Feed, *, is_given: bool) -> None:
    """When it was fetched, and the log's row in each kommune of what has left. `is_given` is false when the calendar had it already."""
    now = timezone.now()
    with context_of(Actor(user_id=feed.owner.pk)):
        row = CalendarFeed.objects.filter(user=feed.owner).first()
        if row is None:  # closed this moment
            return
        lately = Q(fetched_at=None) | Q(fetched_at__lte=now - FETCH_NOTED)
        CalendarFeed.objects.filter(lately, pk=row.pk).update(fetched_at=now)
        logs = is_given and (row.noted_digest != feed.digest or row.noted_at is None or row.noted_at <= now - LOGGED)
        if logs:
            CalendarFeed.objects.filter(pk=row.pk).update(noted_at=now, noted_digest=feed.digest)
    for actor in feed.actors if logs else ():
        with context_of(actor), translation.override(settings.LANGUAGE_CODE):
            note_export(actor, row, LogEntry.Action.EXPORT, _("fetched by the calendar"))


def my_feed(actor: Actor) -> CalendarFeed | None:
    """The actor's own, if he has one."""
    found: CalendarFeed | None = CalendarFeed.objects.filter(user=actor.user_id).first()
    return found


def open_feed(actor: Actor) -> str:
    """Make an address, in place of the one there was. Returns its secret part, this once: only a hash is kept.

    Its owner gets a mail of it, without the address: somebody else may have sat at his screen.
    Raises MeetingStateError for the sixth within a day.
    """
    too_many = _("You have made %(count)s addresses within a day. You can still close the last one. Make a new one tomorrow.") % {"count": MOST_MADE}
    need(not too_often(f"feed:{actor.user_id}", most=MOST_MADE, within=MADE_WITHIN), too_many)
    token = new_token()
    made = {"token_hash": hash_of(token), "made_at": timezone.now(), "fetched_at": None, "noted_at": None, "noted_digest": ""}
    _row, is_first = CalendarFeed.objects.update_or_create(user_id=actor.user_id, defaults=made)
    _tell_owner(actor, is_renewed=not is_first)
    return token


def _tell_owner(actor: Actor, *, is_renewed: bool) -> None:
    tenant = Tenant.objects.get(pk=actor.tenant_id)
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("A calendar address has been renewed") if is_renewed else _("A calendar address has been made")
        facts = {"is_renewed": is_renewed, "when": date_format(timezone.localtime(), _("l j F, G:i"))}
    path = reverse("calendar_page", args=[tenant.slug])
    owner = User.objects.get(pk=actor.user_id)
    send_mail(tenant.pk, [owner], subject=subject, path=path, notice=Notice.ACCESS, template="mail/calendar_address.txt", facts=facts)


def close_feed(actor: Actor) -> None:
    """The address ends. Again changes nothing."""
    for feed in CalendarFeed.objects.filter(user=actor.user_id):
        feed.delete()
