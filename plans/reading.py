"""Which plans an actor sees, and in which form. An approved plan is every member's; a draft is for those who work on it."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404

from access.actor import Actor
from access.kept import Read, kept
from access.policy import may, visible
from access.roles import Verb
from plans.models import Milestone, Plan, PlanVersion

SHOWN = ("tenant", "forum", "approving_forum", "template", "author", "submitted_by")


def seen(actor: Actor) -> QuerySet[Plan]:
    """The plans of the tenant that this actor may read; newest period and version first."""
    approved = visible(actor, Verb.VIEW_ORGANISATION, Plan.objects.filter(status=Plan.Status.APPROVED))
    drafts = visible(actor, Verb.VIEW_PLAN, Plan.objects.all()) | visible(actor, Verb.EDIT_PLANS, Plan.objects.all())
    return (approved | drafts).select_related(*SHOWN).order_by("-period_from", "-version")


def fetch_seen(actor: Actor, public_id: str) -> Plan:
    """One plan that the actor may read, else Http404."""
    found = _with_id(actor.tenant_id, public_id) if public_id.isalnum() else []  # a NUL in the address is no key
    for plan in found:
        if _is_seen(actor, plan):
            return plan
    raise Http404("no such plan for this actor")


@kept
def _with_id(tenant: Any, public_id: Any) -> QuerySet[Plan]:
    return Plan.objects.filter(tenant_id=tenant, public_id=public_id).select_related(*SHOWN).order_by()


def _is_seen(actor: Actor, plan: Plan) -> bool:
    """The same as `seen`, asked of one plan."""
    verbs = [Verb.VIEW_PLAN, Verb.EDIT_PLANS, *([Verb.VIEW_ORGANISATION] if plan.status == Plan.Status.APPROVED else [])]
    return any(may(actor, verb, plan) for verb in verbs)


def lineage(plan: Plan) -> QuerySet[Plan]:
    """All versions of the same plan that the context shows: a version is a row of its own, so that the approved one stays."""
    return Plan.objects.filter(tenant_id=plan.tenant_id, forum_id=plan.forum_id, period_from=plan.period_from).order_by("-version")


def newer_version(plan: Plan) -> Plan | None:
    """The newest version of this plan that the context shows, if it is newer than this one."""
    return next(iter(newer_read(plan).rows()), None)


def newer_read(plan: Plan) -> Read[Plan]:
    """What `newer_version` asks for."""
    return _newer.of(plan.tenant_id, plan.forum_id, plan.period_from, plan.version)


@kept
def _newer(tenant: Any, forum: Any, begins: Any, version: Any) -> QuerySet[Plan]:
    return Plan.objects.filter(tenant_id=tenant, forum_id=forum, period_from=begins, version__gt=version).order_by("-version")[:1]


def in_force(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """The approved plans among these that no newer approved version replaces."""
    newer = Plan.objects.filter(
        tenant_id=OuterRef("tenant_id"), forum_id=OuterRef("forum_id"), period_from=OuterRef("period_from"), status=Plan.Status.APPROVED, version__gt=OuterRef("version")
    )
    return plans.filter(~Exists(newer), status=Plan.Status.APPROVED)


def with_counts(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """Adds .initiative_count, .milestone_count and .reached_count, in the same query."""
    reached = Q(milestones__status=Milestone.Status.REACHED)
    return plans.annotate(
        initiative_count=Count("initiatives", distinct=True),
        milestone_count=Count("milestones", distinct=True),
        reached_count=Count("milestones", filter=reached, distinct=True),
    )


def frozen_texts(actor: Actor, plan: Plan) -> list[PlanVersion]:
    """The frozen texts that this plan can be compared with: all of its forum that the actor sees, newest first."""
    rows = PlanVersion.objects.filter(tenant_id=actor.tenant_id, plan__forum_id=plan.forum_id, plan__in=seen(actor).order_by().values("pk"))
    return list(rows.select_related("plan").order_by("-plan__period_from", "-number"))
