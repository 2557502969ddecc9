"""Where a plan is and what was decided, in the kommune's own names for its groups; and how its texts are set."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template.defaultfilters import linebreaks_filter
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from access.templatetags.page import dk
from municipalities.terms import Term, term
from plans.models import Decision, Plan

register = template.Library()


def _names(context: template.Context) -> Mapping[str, str] | None:
    found: Mapping[str, str] | None = getattr(context.get("tenant"), "terms", None)
    return found


@register.simple_tag(takes_context=True)
def plan_status(context: template.Context, plan: Plan) -> str:
    """The state of a plan: at whom it lies, under the name that they have here."""
    match plan.status:
        case Plan.Status.STEERING:
            return _("At %(group)s") % {"group": term(_names(context), Term.STEERING_GROUP, "definite")}
        case Plan.Status.SUBMITTED:
            return _("At %(group)s") % {"group": term(_names(context), Term.LOCAL_COUNCIL, "definite")}
    return plan.get_status_display()


@register.simple_tag(takes_context=True)
def plan_step(context: template.Context, decision: Decision) -> str:
    """A step on the plan's way, the same."""
    match decision.step:
        case Decision.Step.TO_STEERING:
            return _("Sent to %(group)s") % {"group": term(_names(context), Term.STEERING_GROUP, "definite")}
        case Decision.Step.SUBMITTED:
            return _("Sent to %(group)s") % {"group": term(_names(context), Term.LOCAL_COUNCIL, "definite")}
    return decision.get_step_display()


@register.simple_tag
def plan_text(field: Mapping[str, Any]) -> SafeString:
    """One text of the plan (text, kind, lines): its paragraphs, or the items of a list. Thirty on a page (script/bench)."""
    if field["kind"] == "list":
        return SafeString("<ul>") + format_html_join("", "<li>{}</li>", ((dk(line),) for line in field["lines"])) + SafeString("</ul>")
    return SafeString(linebreaks_filter(dk(field["text"])))
