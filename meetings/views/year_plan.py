"""The year's meetings of a forum, proposed from its cadence; and the next meeting, set at a meeting."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from access.policy import fetch, require
from access.request import TenantRequest
from access.roles import Verb
from access.web import in_menu, requires, tenant_url
from meetings.agenda import fetch_meeting
from meetings.errors import PlanChangedError
from meetings.forms import WhenForm
from meetings.models import Meeting
from meetings.standing_agendas import left_out
from meetings.views.refusals import answers_refusals
from meetings.year_plan import YearPlan, default_year, read_year_plan, suggested_next, usual_of
from meetings.year_plan_actions import accept_dates, agenda_for, next_meeting_after, set_next_meeting, standing_agendas
from meetings.year_plan_forms import DatesForm, WishForm
from municipalities.cadences import cadence_sentence
from municipalities.models import Forum


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("meetings")
@requires(Verb.CONVENE)
def year_plan(request: TenantRequest, forum_id: str) -> HttpResponse:
    """See the proposal, change days, and make drafts of all, some or one of them. Nobody is told."""
    forum = fetch(request.actor, Verb.VIEW_AGENDA, Forum.objects.select_related("cadence_of"), public_id=forum_id)
    require(request.actor, Verb.CONVENE, forum)
    usual, year = usual_of(forum), _year_of_link(request)
    asked = request.POST if request.method == "POST" else request.GET if request.GET.keys() - {"year"} else None
    wishes = WishForm(asked, initial=WishForm.initial_of(year, usual))
    if asked is not None and wishes.is_valid():
        usual, year = wishes.cleaned_data["usual"], wishes.cleaned_data["year"]
    plan = read_year_plan(request.actor, forum, year, usual)
    if request.method == "POST" and wishes.is_valid():
        return _planned(request, plan, wishes)
    return _page(request, plan, wishes, DatesForm(rows=plan.rows), status=422 if asked is not None and not wishes.is_valid() else 200)


def _year_of_link(request: TenantRequest) -> int:
    """The year of which a warning has said that it lacks meetings; else the one that is planned now."""
    today, asked = timezone.localdate(), request.GET.get("year", "")
    return today.year if asked == str(today.year) else default_year(today)


def _planned(request: TenantRequest, plan: YearPlan, wishes: WishForm) -> HttpResponse:
    """Answer a press of one of the buttons: look again, plan the chosen ones, or plan one."""
    form = DatesForm(request.POST, rows=plan.rows, one=request.POST.get("one", ""), standing=plan.standing_days)
    if not form.is_valid():
        return _page(request, plan, wishes, form, status=422)
    if "look" in request.POST:
        return _page(request, read_year_plan(request.actor, plan.forum, plan.year, plan.usual, form.days), wishes, form)
    days = form.chosen | {key: timezone.localdate() for key in _gone(request, plan, form)}
    if not days:
        form.add_error(None, _("Choose at least one date."))
        return _page(request, plan, wishes, form, status=422)
    try:
        made = accept_dates(plan.forum, actor=request.actor, year=plan.year, usual=plan.usual, days=days)
    except PlanChangedError as error:
        messages.warning(request, str(error))
        return _page(request, plan, wishes, DatesForm(rows=plan.rows), status=409)
    said = ngettext("%(n)s meeting is planned as a draft. Nobody has been told.", "%(n)s meetings are planned as drafts. Nobody has been told.", len(made))
    messages.success(request, said % {"n": len(made)} if made else _("These meetings are planned already."))
    _say_left_out(request, plan.forum, made)
    return redirect(f"{tenant_url(request, 'year_plan', plan.forum.public_id)}?{wishes.address}")


def _say_left_out(request: TenantRequest, forum: Forum, made: list[Meeting]) -> None:
    templates = standing_agendas(forum)
    if said := left_out(request.actor, forum, [agenda_for(templates, meeting.number) for meeting in made]):
        messages.warning(request, said)


def _gone(request: TenantRequest, plan: YearPlan, form: DatesForm) -> set[str]:
    """Keys that were chosen on a page that is old by now: planned meanwhile, or proposed no more."""
    ticked = {name.removeprefix("on-") for name in request.POST if name.startswith("on-")}
    return ({form.one} if form.one else ticked) - {row.key for row in plan.rows}


def _page(request: TenantRequest, plan: YearPlan, wishes: WishForm, form: DatesForm, *, status: int = 200) -> HttpResponse:
    form.rows = plan.rows
    context = {"plan": plan, "forum": plan.forum, "wishes": wishes, "form": form, "sentence": cadence_sentence(plan.forum)}
    return TemplateResponse(request, "meetings/year_plan.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@in_menu("meetings")
@requires(Verb.CONVENE)
@answers_refusals
def meeting_next(request: TenantRequest, public_id: str) -> HttpResponse:
    """Set the next meeting while everybody is there. It becomes a draft with its standing agenda."""
    meeting = fetch_meeting(request.actor, Verb.VIEW_AGENDA, public_id)
    require(request.actor, Verb.CONVENE, meeting)
    known = next_meeting_after(meeting)
    if known is not None and request.method != "POST":
        return redirect(tenant_url(request, "meeting_detail", known.public_id))
    form = WhenForm(request.POST or None, initial={**WhenForm.initial_of(meeting), "date": suggested_next(meeting)})
    if request.method == "POST" and form.is_valid():
        made = set_next_meeting(meeting, actor=request.actor, **_when(form))
        messages.success(request, _("The next meeting is planned. Nobody is told before you call the participants."))
        _say_left_out(request, meeting.forum, [made])
        return redirect(tenant_url(request, "meeting_detail", made.public_id))
    return TemplateResponse(request, "meetings/meeting_next.html", {"form": form, "meeting": meeting}, status=422 if form.is_bound else 200)


def _when(form: WhenForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("starts_at", "ends_at", "place")}
