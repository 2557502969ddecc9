"""Where a plan is and what was decided, in the kommune's own names for its groups."""

from collections.abc import Callable, Mapping

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from access.roles import ForumKind, SeatRole
from access.scope import Tenant
from municipalities.models import Forum
from municipalities.terms import Term, inside_a_sentence, role_name, term
from plans.models import Decision, Plan

type Terms = Mapping[str, str]
IN_THE_LOG: Mapping[str, Callable[[Terms], str]] = {  # model -> what its rows are called there (access.log_lines)
    "plans.plan": lambda terms: term(terms, Term.PLAN, start=True),
    "plans.planversion": lambda terms: _("Version of %(plan)s") % {"plan": term(terms, Term.PLAN)},
    "plans.decision": lambda terms: _("Decision about %(plan)s") % {"plan": term(terms, Term.PLAN)},
    "plans.followup": lambda terms: _("Follow-up of %(plan)s") % {"plan": term(terms, Term.PLAN)},
    "plans.initiative": lambda terms: term(terms, Term.INITIATIVE, start=True),
}


def counted(plan: Plan, number: int) -> str:
    """«2 indsatser», by the name that the parts of a plan have here."""
    return f"{number} {term(plan.tenant.terms, Term.INITIATIVE, '' if number == 1 else 'plural')}"


def status_name(plan: Plan, terms: Mapping[str, str] | None) -> str:
    """The state of a plan: at whom it lies, under the name that they have here."""
    match plan.status:
        case Plan.Status.STEERING:
            return _("At %(group)s") % {"group": term(terms, Term.STEERING_GROUP, "definite")}
        case Plan.Status.SUBMITTED:
            return _("At %(group)s") % {"group": term(terms, Term.LOCAL_COUNCIL, "definite")}
    return plan.get_status_display()


def step_name(decision: Decision, terms: Mapping[str, str] | None) -> str:
    """A step on the plan's way, the same."""
    match decision.step:
        case Decision.Step.TO_STEERING:
            return _("Sent to %(group)s") % {"group": term(terms, Term.STEERING_GROUP, "definite")}
        case Decision.Step.SUBMITTED:
            return _("Sent to %(group)s") % {"group": term(terms, Term.LOCAL_COUNCIL, "definite")}
    return decision.get_step_display()


def who_begins(tenant: Tenant) -> str:
    """Where a plan is begun and by whom, for who looks for it in vain. One query."""
    words = {"group": term(tenant.terms, Term.STEERING_GROUP), "plan": term(tenant.terms, Term.PLAN)}
    live = Forum.objects.filter(Q(active_to=None) | Q(active_to__gte=timezone.localdate()), tenant_id=tenant.id, kind=ForumKind.STYREGRUPPE)
    if not (names := list(live.order_by("order", "name").values_list("name", flat=True))):
        return _("A %(plan)s is begun in a %(group)s, and there is none yet. The administrator makes it under the set-up.") % words
    roles = [inside_a_sentence(role_name(tenant.terms, role)) for role in (SeatRole.COORDINATOR, SeatRole.CHAIR)]
    return _("It is begun in %(forums)s, by whoever is %(coordinator)s or %(chair)s there.") % {"forums": ", ".join(names), "coordinator": roles[0], "chair": roles[1]}
