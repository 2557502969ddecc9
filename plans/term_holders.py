"""Free texts of plans that may hold a kommune's former word (`municipalities.term_uses`): titles, and who is responsible, while the plan is a draft."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from access.actor import Actor
from access.roles import Verb
from municipalities.term_uses import Holder
from plans.models import Initiative, Milestone, Plan

OPEN = (Plan.Status.DRAFT, Plan.Status.STEERING)


def _plans(actor: Actor) -> Any:
    """Those whose text may still be changed, in the forums whose plans he writes: nobody sees another's draft here."""
    return Plan.objects.filter(tenant_id=actor.tenant_id, status__in=OPEN, forum__in=actor.forums_with(Verb.EDIT_PLANS)).select_related("forum").order_by("forum__name", "pk")


def _of_plans(model: Any) -> Callable[[Actor], Any]:
    def rows(actor: Actor) -> Any:
        return model.objects.filter(tenant_id=actor.tenant_id, plan__in=_plans(actor).order_by()).select_related("plan__forum").order_by("plan", "order", "pk")

    return rows


HOLDERS = (
    Holder(_("Title of a draft of a plan"), "title", _plans, lambda plan: plan.forum.name),
    Holder(_("Title in a draft of a plan"), "title", _of_plans(Initiative), lambda initiative: initiative.plan.forum.name),
    Holder(_("Responsible in a draft of a plan"), "responsible", _of_plans(Milestone), lambda milestone: milestone.plan.forum.name),
)
