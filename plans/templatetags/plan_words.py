"""Where a plan is and what was decided, in the names of the kommune of this page; and how its texts are set."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template.defaultfilters import linebreaks_filter
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from access.line_breaks import dk
from plans.models import Decision, Plan
from plans.wording import status_name, step_name

register = template.Library()


def _names(context: template.Context) -> Mapping[str, str] | None:
    found: Mapping[str, str] | None = getattr(context.get("tenant"), "terms", None)
    return found


@register.simple_tag(takes_context=True)
def plan_status(context: template.Context, plan: Plan) -> str:
    """The state of a plan."""
    return status_name(plan, _names(context))


@register.simple_tag(takes_context=True)
def plan_step(context: template.Context, decision: Decision) -> str:
    """A step on the plan's way."""
    return step_name(decision, _names(context))


@register.simple_tag
def plan_text(field: Mapping[str, Any]) -> SafeString:
    """One text of the plan (text, kind, lines): its paragraphs, or the items of a list. Thirty on a page (script/bench)."""
    if field["kind"] == "list":
        return SafeString("<ul>") + format_html_join("", "<li>{}</li>", ((dk(line),) for line in field["lines"])) + SafeString("</ul>")
    return SafeString(linebreaks_filter(dk(field["text"])))
