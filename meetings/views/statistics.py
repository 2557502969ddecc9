"""A forum's year in numbers."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from access.policy import fetch
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires
from meetings.statistics import WHOLE, read_statistics, year_asked
from municipalities.models import Forum


@require_safe
@in_menu("meetings")
@requires(Verb.VIEW_AGENDA)
def forum_statistics(request: TenantRequest, forum_id: str) -> HttpResponse:
    """Meetings, attendance and items of one year, for who reads the forum's agendas. 404 for everybody else."""
    forum = fetch(request.actor, Verb.VIEW_AGENDA, Forum.objects.all(), public_id=forum_id)
    year = year_asked(request.GET.get("aar", ""))
    context = {"forum": forum, "numbers": read_statistics(forum, year), "whole": WHOLE, "after": year + 1 if year < timezone.localdate().year else None}
    return TemplateResponse(request, "meetings/forum_statistics.html", {**context, "before": year - 1 if year > 2000 else None})
