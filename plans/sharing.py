"""Sharing an approved plan with the politikreds: the text as it was frozen at the approval."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from access import policy
from access.actor import Actor
from access.roles import Verb
from municipalities.models import Release
from municipalities.sharing import CannotShareError, Offer, Shareable, Snapshot
from plans.models import Plan, PlanVersion
from plans.reading import fetch_seen, in_force, seen


def _may_share(actor: Actor, plan: Plan) -> bool:
    return bool(policy.may(actor, Verb.EDIT_PLANS, plan) or policy.may(actor, Verb.APPROVE_PLAN, plan))


def _offers(actor: Actor) -> list[Offer]:
    if not _may(actor):
        return []
    shared = set(Release.objects.filter(tenant_id=actor.tenant_id, kind=Release.Kind.PLAN, withdrawn_at=None).values_list("source", "payload__number"))
    versions = dict(PlanVersion.objects.filter(tenant_id=actor.tenant_id).order_by("number").values_list("plan_id", "number"))  # the newest wins
    plans = [plan for plan in in_force(seen(actor)) if (plan.forum.public_id, versions.get(plan.pk)) not in shared]
    return [
        Offer(Release.Kind.PLAN, plan.public_id, plan.title, _("Approved by the %(forum)s") % {"forum": plan.approving_forum.name}) for plan in plans if _may_share(actor, plan)
    ]


def _may(actor: Actor) -> bool:
    return actor.holds(Verb.EDIT_PLANS) or actor.holds(Verb.APPROVE_PLAN)


def _snapshot(actor: Actor, key: str) -> Snapshot:
    plan = fetch_seen(actor, key)
    if not _may_share(actor, plan):
        raise PermissionDenied(_("Only those who write the plan or approve it can share it."))
    version = PlanVersion.objects.filter(plan=plan).first() if plan.status == Plan.Status.APPROVED else None
    if version is None:
        raise CannotShareError(_("Only an approved plan can be shared."))
    content: dict[str, Any] = version.content
    approved = {"approved_on": version.approved_on.isoformat(), "forum": version.forum_name, "number": version.number}
    summary = {"initiatives": [part["title"] for part in content["initiatives"]]}
    return Snapshot(plan.title, plan.period_from, plan.period_to, summary, {"plan": content, **approved}, source=plan.forum.public_id)


SHAREABLE = Shareable(Release.Kind.PLAN, _offers, _snapshot, _may)
