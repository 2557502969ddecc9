"""What handleplaner add to Min uge: plans that wait for me, and the milestones that come next."""

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.dates import day
from access.kept import Read, kept
from access.policy import visible
from access.request import TenantRequest
from access.roles import Verb
from access.web import tenant_url
from meetings.fillers import Filling
from meetings.models import Meeting
from meetings.parts import Counted
from plans import catalogue, function_parts
from plans.models import CatalogueEntry, FollowUp, Milestone, Plan
from plans.reading import in_force

AHEAD, MOST = timedelta(days=60), 5


def waiting(request: TenantRequest) -> dict[str, Any] | None:
    """Plans sent to a Lokalråd in which this actor may approve, without those he wrote or sent himself. One query, or none."""
    found = _waiting_for(request.actor)
    return {"plans": found} if found else None


def first_plan(request: TenantRequest) -> dict[str, Any] | None:
    """That the first plan may be begun, for who may begin one. No query: who sits in the styregruppe has a right to each plan that there is."""
    actor = request.actor
    may_begin = request.tenant.is_kommune and actor.holds(Verb.EDIT_PLANS) and not actor.plans_with(Verb.VIEW_PLAN)
    return {"tenant": request.tenant} if may_begin else None


def _waiting_for(actor: Actor) -> list[Plan]:
    if not actor.plans_with(Verb.APPROVE_PLAN):
        return []
    own = Q(author_id=actor.user_id) | Q(submitted_by_id=actor.user_id)
    plans = visible(actor, Verb.APPROVE_PLAN, Plan.objects.filter(status=Plan.Status.SUBMITTED)).exclude(own).select_related("submitted_by")
    return list(plans)


def counted(actor: Actor) -> Counted:
    """For the weekly mail: plans and descriptions of tasks that wait for him."""
    return Counted(waiting=len(_waiting_for(actor)) + len(function_parts.at_leader(actor)))


@kept
def _steps(tenant: Any, until: Any) -> QuerySet[Milestone]:
    plans = in_force(Plan.objects.filter(tenant_id=tenant)).order_by()
    steps = Milestone.objects.filter(tenant_id=tenant, plan__in=plans.values("pk"), due_on__lte=until).exclude(status=Milestone.Status.REACHED)
    return steps.select_related("plan", "initiative").defer("plan__texts", "initiative__texts").order_by("due_on", "pk")


def next_milestones(request: TenantRequest) -> dict[str, Any] | None:
    """Milestones of the plans in force that are late or due soon, for those who work with the plan. One query, or none."""
    actor, today = request.actor, timezone.localdate()
    read, mine = milestones_read(request), actor.plans_with(Verb.VIEW_PLAN)
    found = [step for step in read.rows() if step.plan_id in mine][:MOST] if read else []
    for step in found:
        step.is_overdue = step.due_on < today  # type: ignore[attr-defined, operator]  # for the template; due_on is filtered above
    return {"milestones": found} if found else None


def milestones_read(request: TenantRequest) -> Read[Milestone] | None:
    """What `next_milestones` asks for; None where it asks nothing."""
    actor = request.actor
    return _steps.of(actor.tenant_id, timezone.localdate() + AHEAD) if actor.plans_with(Verb.VIEW_PLAN) else None


@kept
def _entries_due(tenant: Any, today: Any) -> QuerySet[CatalogueEntry]:
    return CatalogueEntry.objects.filter(tenant_id=tenant, review_on__lte=today).order_by("review_on", "title").only("public_id", "title", "review_on")


def catalogue_due(request: TenantRequest) -> dict[str, Any] | None:
    """Entries of the catalogue whose day to be looked through has come, for those who write it. One query, or none."""
    read = catalogue_read(request)
    found = read.rows() if read else []
    return {"entries": found[:MOST], "more": max(len(found) - MOST, 0)} if found else None


def catalogue_read(request: TenantRequest) -> Read[CatalogueEntry] | None:
    """What `catalogue_due` asks for; None where it asks nothing."""
    return _entries_due.of(request.actor.tenant_id, timezone.localdate()) if catalogue.may_write(request.actor) else None


def follow_ups_due(request: TenantRequest, meeting: Meeting) -> list[Filling]:
    """Follow-ups of plans that are due by the meeting, for those who work with the plan. One query, or none."""
    actor = request.actor
    if not actor.plans_with(Verb.VIEW_PLAN):
        return []
    plans = in_force(visible(actor, Verb.VIEW_PLAN, Plan.objects.all())).order_by()
    last = timezone.localtime(meeting.starts_at).date() + timedelta(days=30)
    rows = FollowUp.objects.filter(tenant_id=actor.tenant_id, plan__in=plans.values("pk"), is_done=False, due_on__lte=last).select_related("plan", "initiative")
    today = timezone.localdate()
    return [
        Filling(
            _("%(plan)s: follow-up %(day)s") % {"plan": _of(row), "day": day(row.due_on)}, tenant_url(request, "plan_detail", row.plan.public_id), is_late=row.due_on < today
        )
        for row in rows.order_by("due_on", "pk")[:MOST]
    ]


def _of(row: FollowUp) -> str:
    """What is followed up: the whole plan, or one indsats of it; several fall due on the same day."""
    return f"{row.plan.title}, {row.initiative.title}" if row.initiative else row.plan.title
