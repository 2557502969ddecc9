"""Min uge: one reader's week. His meetings, his agreements, what waits for him, and one sentence made from the counts."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.actor import Actor
from access.dates import day as said_day
from access.kept import Read, kept
from access.policy import among, visible
from access.roles import Verb
from access.sentences import one_full_stop
from meetings.models import Agreement, Meeting
from meetings.two_convene import passed_unconfirmed, to_confirm

Status = Meeting.Status


@dataclass(frozen=True)
class Day:
    """One day of the strip."""

    date: date
    meetings: list[Meeting]

    @property
    def is_today(self) -> bool:
        """True for today."""
        return self.date == timezone.localdate()


@dataclass(frozen=True)
class Week:
    """What Min uge shows."""

    monday: date
    days: list[Day]
    overdue: list[Agreement]
    this_week: list[Agreement]
    later: list[Agreement]
    waiting: list[Meeting]
    lead: str
    to_confirm: list[Meeting] = field(default_factory=list)  # two convene together, and another has asked
    unconfirmed: list[Meeting] = field(default_factory=list)  # until the day had passed

    @property
    def sunday(self) -> date:
        """The last day."""
        return self.monday + timedelta(days=6)

    @property
    def number(self) -> int:
        """The number of the week in the year."""
        return self.monday.isocalendar().week

    @property
    def is_current(self) -> bool:
        """True for the week we are in."""
        return self.monday <= timezone.localdate() <= self.sunday

    @property
    def open_count(self) -> int:
        """How many agreements are open."""
        return len(self.overdue) + len(self.this_week) + len(self.later)

    def beside(self, weeks: int) -> str:
        """The address part of another week: «2026-47»."""
        year, week, _weekday = (self.monday + timedelta(weeks=weeks)).isocalendar()
        return f"{year}-{week:02d}"

    @property
    def before(self) -> str:
        """The week before."""
        return self.beside(-1)

    @property
    def after(self) -> str:
        """The week after."""
        return self.beside(1)


def monday_of(text: str) -> date:
    """The Monday of «2026-47»; of this week when the text is empty or no week."""
    today = timezone.localdate()
    year, _sep, week = text.partition("-")
    try:
        found = date.fromisocalendar(int(year), int(week), 1)
    except (ValueError, OverflowError):
        found = today
    return found - timedelta(days=found.weekday()) if 2000 <= found.year <= 2100 else today - timedelta(days=today.weekday())


def reads_of_week(actor: Actor, monday: date, now: datetime) -> tuple[Read[Meeting], Read[Agreement]]:
    """What `read_week` asks for."""
    open_to_him = list(actor.forums_with(Verb.VIEW_AGENDA)), list(actor.guest_of("meetings.Meeting"))
    meetings = _meetings.of(actor.tenant_id, *_bounds(monday), now, *open_to_him)
    return meetings, _open_agreements.of(actor.tenant_id, actor.user_id)


def read_week(actor: Actor, monday: date, now: datetime, waiting: list[Meeting], overdue_elsewhere: int = 0) -> Week:
    """This reader's week. Two queries, whatever the number of meetings and agreements.

    `waiting`: the minutes he approves. `overdue_elsewhere` counts late agreements that other apps show on the page; the
    lead sentence counts them in.
    """
    begins, ends = _bounds(monday)
    of_meetings, of_agreements = reads_of_week(actor, monday, now)
    found = among(actor, Verb.VIEW_AGENDA, of_meetings.rows())
    meetings = [meeting for meeting in found if begins <= meeting.starts_at < ends]
    following = next((meeting for meeting in found if meeting.is_planned and meeting.starts_at >= now), None)
    groups = _by_day(among(actor, Verb.VIEW_AGENDA, of_agreements.rows()))
    week = Week(monday, _days(monday, meetings), *groups, waiting, lead="")
    lead = _lead(week, meetings, following, len(week.overdue) + overdue_elsewhere)
    return replace(week, lead=lead, to_confirm=to_confirm(actor, found), unconfirmed=passed_unconfirmed(actor, found))


def _bounds(monday: date) -> tuple[datetime, datetime]:
    return _begin(monday), _begin(monday + timedelta(days=7))


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


@kept
def _meetings(tenant: Any, begins: Any, ends: Any, now: Any, forums: Any, invited: Any) -> QuerySet[Meeting]:
    """Those of the week, the next one that is open to the reader, whenever it is, and drafts whose call waits for a second person."""
    following = Meeting.objects.filter(Q(forum__any=forums) | Q(pk__any=invited), tenant_id=tenant, starts_at__gte=now).coming().values("pk")[:1]
    of_week = Q(starts_at__gte=begins, starts_at__lt=ends) & ~Q(status=Status.CANCELLED)
    is_asked_for = Q(status=Status.DRAFT, call_asked_by__isnull=False)
    return Meeting.objects.filter(of_week | Q(pk=Subquery(following)) | is_asked_for, tenant_id=tenant).select_related("forum").with_replies().order_by("starts_at")


@kept
def _open_agreements(tenant: Any, who: Any) -> QuerySet[Agreement]:
    found: QuerySet[Agreement] = Agreement.objects.of(who).filter(tenant_id=tenant, status=Agreement.Status.OPEN).with_parties()
    return found.select_related("item", "meeting__forum").order_by("due_on", "pk")


def _days(monday: date, meetings: list[Meeting]) -> list[Day]:
    """Monday to Friday, and a day of the weekend only when it has a meeting or is today."""
    by_day: dict[date, list[Meeting]] = {}
    for meeting in meetings:
        by_day.setdefault(timezone.localtime(meeting.starts_at).date(), []).append(meeting)
    days = (monday + timedelta(days=n) for n in range(7))
    return [Day(found, by_day.get(found, [])) for found in days if found.weekday() < 5 or found in by_day or found == timezone.localdate()]


def my_agreements(actor: Actor) -> Any:
    """The actor's own agreements, with item, meeting and forum."""
    mine = Agreement.objects.of(actor.user_id).with_parties().select_related("item", "meeting__forum")
    return visible(actor, Verb.VIEW_AGENDA, mine).order_by("due_on", "pk")


def _by_day(found: list[Agreement]) -> tuple[list[Agreement], list[Agreement], list[Agreement]]:
    today = timezone.localdate()
    sunday = today + timedelta(days=6 - today.weekday())
    return (
        [agreement for agreement in found if agreement.due_on < today],
        [agreement for agreement in found if today <= agreement.due_on <= sunday],
        [agreement for agreement in found if agreement.due_on > sunday],
    )


def _lead(week: Week, meetings: list[Meeting], following: Meeting | None, overdue: int) -> str:
    """At most two sentences, the most urgent first."""
    if not week.is_current:
        return ngettext("%(count)s meeting in week %(week)s.", "%(count)s meetings in week %(week)s.", len(meetings)) % {"count": len(meetings), "week": week.number}
    left = [meeting for meeting in meetings if meeting.ends_at > timezone.now() and meeting.is_planned]
    counts = [
        (overdue, ngettext("%(count)s agreement is overdue", "%(count)s agreements are overdue", overdue)),
        (len(week.waiting), ngettext("%(count)s set of minutes waits for you", "%(count)s sets of minutes wait for you", len(week.waiting))),
        (len(left), ngettext("%(count)s meeting is left this week", "%(count)s meetings are left this week", len(left))),
    ]
    said = [words % {"count": count} for count, words in counts if count]
    first = _and(said) + "." if said else _("No agreements are overdue.")
    if left and not (overdue or week.waiting):
        first = _("No agreements are overdue.") + " " + first
    return first if left else f"{first} {_next_meeting(following)}".strip()


def _next_meeting(following: Meeting | None) -> str:
    if following is None:
        return ""
    when = said_day(following.starts_at) if (following.starts_at - timezone.now()).days < 2 else date_format(timezone.localtime(following.starts_at), _("l j F"))
    return one_full_stop(_("The next meeting is %(day)s.") % {"day": when})


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else _("%(first)s and %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}
