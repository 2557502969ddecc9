"""Sharing the meeting dates of a year with the politikreds: of general forums alone, no draft, no agenda, no place."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.policy import visible
from access.roles import DataClass, ForumKind, Verb
from meetings.models import Meeting
from municipalities.models import Forum, Release
from municipalities.sharing import CannotShareError, Offer, Shareable, Snapshot
from municipalities.terms import Term, term, terms_of

GENERAL = [data_class for data_class in DataClass if not data_class.is_person]
HIDDEN = [Meeting.Status.DRAFT, Meeting.Status.CANCELLED]  # a draft is its forum's own, also inside the kommune


def _may(actor: Actor) -> bool:
    return actor.holds(Verb.CONVENE) and visible(actor, Verb.CONVENE, Forum.objects.filter(kind=ForumKind.LOKALRAAD)).exists()


def _years() -> list[int]:
    return [timezone.localdate().year, timezone.localdate().year + 1]


def _offers(actor: Actor) -> list[Offer]:
    if not _may(actor):
        return []
    rows = Release.objects.filter(tenant_id=actor.tenant_id, kind=Release.Kind.DATES, withdrawn_at=None)
    shared = dict(rows.values_list("period_from__year", "payload__summary__dates"))
    wanted = [year for year in _years() if shared.get(year) is None or shared[year] != _dates(actor, year)]
    return [Offer(Release.Kind.DATES, str(year), _title(year), _("Forum and date, of forums without person data")) for year in wanted]


def _dates(actor: Actor, year: int) -> list[dict[str, str]]:
    meetings = Meeting.objects.filter(tenant_id=actor.tenant_id, starts_at__year=year, forum__ceiling__in=GENERAL).exclude(status__in=HIDDEN)
    return [{"forum": meeting.forum.name, "at": meeting.starts_at.isoformat()} for meeting in meetings.select_related("forum").order_by("starts_at", "pk")]


def _title(year: int) -> str:
    return _("Meeting dates %(year)s") % {"year": year}


def _snapshot(actor: Actor, key: str) -> Snapshot:
    if key not in map(str, _years()):
        raise Http404("no such year")
    if not _may(actor):
        council = term(terms_of(actor.tenant_id), Term.LOCAL_COUNCIL, "definite")
        raise PermissionDenied(_("Only those who call %(council)s can share the dates.") % {"council": council})
    year = int(key)
    dates = _dates(actor, year)
    if not dates:
        raise CannotShareError(_("No meetings are planned for %(year)s yet.") % {"year": year})
    return Snapshot(_title(year), date(year, 1, 1), date(year, 12, 31), {"dates": dates}, {})


SHAREABLE = Shareable(Release.Kind.DATES, _offers, _snapshot, _may)
