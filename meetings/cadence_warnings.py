"""«min. 3, kun 2 planlagt»: a forum's meetings of the calendar year, held and planned, against what it has agreed.

Told to the forum's own: drafts are its own, and so is what is missing. The counts of a forum with person data are its
members' alone, and nobody else is asked about here.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from access.kept import Read, kept
from access.request import TenantRequest
from access.roles import Verb
from access.web import tenant_url
from meetings.models import Meeting
from meetings.querysets import HELD, PLANNED
from meetings.slots import Frame, calendar_days
from meetings.workdays import Workdays, workdays_between, workdays_of
from municipalities.figures import forum_figures
from municipalities.models import Forum, SchoolHoliday

Unit, Qualifier = Forum.CadenceUnit, Forum.CadenceQualifier
WEDNESDAY = 2
CADENCE = ("cadence_unit", "cadence_number", "cadence_months", "cadence_year_parity", "cadence_week_from", "cadence_week_to")  # what slots.py reckons from


def shortfall(forum: Forum, count: int, year: int, workdays: Callable[[], Workdays]) -> str:
    """A sentence when the meetings held and planned in the year do not keep what was agreed; else empty.

    MIN is kept by its number, CA by one less, EXACTLY by its number and no more than its extra ones. A rhythm of weeks or
    months is kept by what the workdays of the year have room for, with one to spare: `workdays` is asked for it alone.
    """
    number = forum.agreed_in(year)
    if not number:
        return ""
    if forum.cadence_unit in (Unit.WEEKS, Unit.MONTHS):
        return _rhythm(forum, count, year, workdays)
    spare = 1 if forum.cadence_qualifier == Qualifier.CA and number > 1 else 0
    if count < number - spare:
        return _too_few(_agreed(forum, number), count)
    if forum.cadence_qualifier == Qualifier.EXACTLY and count > number + forum.cadence_extra:
        agreed = _("%(n)s agreed and %(extra)s extra") % {"n": number, "extra": forum.cadence_extra} if forum.cadence_extra else _agreed(forum, number)
        return _("%(agreed)s, %(n)s planned") % {"agreed": agreed, "n": count}
    return ""


def _rhythm(forum: Forum, count: int, year: int, workdays: Callable[[], Workdays]) -> str:
    cadence = tuple(tuple(value) if isinstance(value := getattr(forum, name), list) else value for name in CADENCE)
    room = _room(cadence, year, frozenset(workdays().closed))
    return "" if count >= room - 1 else _too_few(_("about %(n)s in the rhythm, holidays apart") % {"n": room}, count)


@lru_cache(maxsize=1024)  # reckoned from what is given and nothing else, and a kommune's rhythms change once a year
def _room(cadence: tuple[Any, ...], year: int, closed: frozenset[date]) -> int:
    """How many meetings the year has room for in this rhythm."""
    frame = Frame(year, date(year, 1, 1), WEDNESDAY, Workdays(dict.fromkeys(closed, "")))
    return len(calendar_days(Forum(**dict(zip(CADENCE, cadence, strict=True))), frame).days)


def _agreed(forum: Forum, number: int) -> str:
    match forum.cadence_qualifier:
        case Qualifier.MIN:
            return _("at least %(cadence)s") % {"cadence": number}
        case Qualifier.CA:
            return _("about %(cadence)s") % {"cadence": number}
    return _("%(n)s agreed") % {"n": number}


def _too_few(agreed: str, count: int) -> str:
    shape = _("%(agreed)s, only %(n)s planned") if count else _("%(agreed)s, none planned")
    return shape % {"agreed": agreed, "n": count}


def forum_plan(request: TenantRequest, forum: Forum) -> dict[str, Any] | None:
    """What is missing, for who reads the forum's agendas; the way to the year's plan for who convenes. The page has counted the meetings."""
    may_convene = forum.pk in request.actor.forums_with(Verb.CONVENE)
    warning = ""
    year = timezone.localdate().year
    if forum.pk in request.actor.forums_with(Verb.VIEW_AGENDA) and forum.agreed_in(year):
        counted = forum_figures(request, [forum.pk])[forum.pk].counted if forum.cadence_unit != Unit.NONE else 0
        warning = shortfall(forum, counted, year, lambda: workdays_of(forum.tenant_id, [year]))
    return {"warning": warning, "may_convene": may_convene, "forum": forum, "year": year} if warning or may_convene else None


def _bounds(year: int) -> tuple[datetime, datetime]:
    return timezone.make_aware(datetime(year, 1, 1)), timezone.make_aware(datetime(year + 1, 1, 1))


@kept  # on every Min uge of who convenes: building it anew was a tenth of it (script/bench)
def _counted(tenant: Any, forums: Any, begins: Any, ends: Any, first: Any, last: Any) -> QuerySet[Any]:
    counted = Q(meetings__status__in=(*HELD, *PLANNED), meetings__starts_at__gte=begins, meetings__starts_at__lt=ends)
    away = SchoolHoliday.objects.filter(tenant_id=tenant, starts_on__lte=last, ends_on__gte=first).order_by("pk")
    met = Meeting.objects.filter(forum=OuterRef("pk"))
    begun = met.filter(starts_at__lt=ends)  # a forum that first meets next year lacks nothing in this
    found = Forum.objects.filter(tenant_id=tenant, pk__any=forums).annotate(count=Count("meetings", filter=counted), has_met=Exists(met), has_begun=Exists(begun))
    return found.annotate(away_from=ArraySubquery(away.values("starts_on")), away_to=ArraySubquery(away.values("ends_on"))).order_by("order", "name")


def week_warnings(request: TenantRequest) -> dict[str, Any] | None:
    """The forums in which the reader convenes and that do not keep what they agreed; and those that are to begin. One query: the school holidays come with the forums."""
    read, year = warnings_read(request), timezone.localdate().year
    forums = read.rows() if read else []
    found = [(forum, said) for forum in forums if forum.has_begun and (said := shortfall(forum, forum.count, year, partial(_workdays, forum, year)))]
    begins = _to_begin(request, forums)
    return {"warnings": found, "begins": begins, "year": year} if found or begins else None


def _to_begin(request: TenantRequest, forums: Sequence[Any]) -> list[tuple[str, str]]:
    """(what to do, where): of each forum that has a rhythm and has never had a meeting, its first ones; of a kommune without any, one meeting."""
    new = [forum for forum in forums if not forum.has_met]
    found = [_first_meetings(request, forum) for forum in new if forum.cadence_unit != Unit.NONE]
    return found if found or not new or len(new) < len(forums) else [(_("Plan the first meeting"), tenant_url(request, "meeting_new"))]


def _first_meetings(request: TenantRequest, forum: Any) -> tuple[str, str]:
    if forum.cadence_unit == Unit.AT_MEETING:
        return _("Plan the first meeting of %(forum)s") % {"forum": forum}, f"{tenant_url(request, 'meeting_new')}?forum={forum.public_id}"
    return _("Plan the year's meetings of %(forum)s") % {"forum": forum}, tenant_url(request, "year_plan", forum.public_id)


def warnings_read(request: TenantRequest) -> Read[Any] | None:
    """What `week_warnings` asks for; None for who convenes nothing."""
    convened, year = request.actor.forums_with(Verb.CONVENE), timezone.localdate().year
    return _counted.of(request.actor.tenant_id, list(convened), *_bounds(year), date(year, 1, 1), date(year, 12, 31)) if convened else None


def _workdays(forum: Any, year: int) -> Workdays:
    return workdays_between([year], (("", first, last) for first, last in zip(forum.away_from, forum.away_to, strict=True)))


def short_notice(meeting: Meeting) -> str:
    """A sentence when the meeting is nearer than the notice its forum has agreed; else empty."""
    agreed = meeting.forum.cadence_notice_days
    left = (timezone.localtime(meeting.starts_at).date() - timezone.localdate()).days
    if not meeting.is_planned or left >= agreed:
        return ""
    return _("Short notice: the forum has agreed to call %(agreed)s days before, and there are %(left)s left.") % {"agreed": agreed, "left": max(left, 0)}
