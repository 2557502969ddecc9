"""Where a plan is and what was decided, in the kommune's own names for its groups."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from municipalities.terms import Term, term
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
