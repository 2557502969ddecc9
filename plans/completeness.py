"""What a plan still lacks before it can be sent to the Lokalråd. Looks at rows already fetched: no queries."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from plans.content import MILESTONES
from plans.models import Initiative, Plan, PlanTemplateField
from plans.wording import counted


class Missing(NamedTuple):
    """One thing to fill in: the part (public id of the indsats, or empty), the form's field, and a sentence."""

    part: str
    field: str
    sentence: str


def missing(plan: Plan, fields: Sequence[PlanTemplateField], rows: Sequence[Initiative]) -> list[Missing]:
    """Everything that stops the plan, in the order of the document."""
    found = [*_number(plan, len(rows)), *missing_in(plan, fields)]
    for row in rows:
        found += missing_in(row, fields)
    return found


def missing_in(part: Plan | Initiative, fields: Sequence[PlanTemplateField]) -> list[Missing]:
    """What one part lacks: its title, its required fields, its milestones."""
    of_plan = isinstance(part, Plan)
    found = [] if part.title.strip() else [_lack(part, "title", _("Title"))]
    for field in fields:
        if field.of_plan != of_plan or not field.is_required:
            continue
        if field.kind == MILESTONES:
            found += _milestones(part, field) if isinstance(part, Initiative) else []
        elif not part.texts.get(field.key, "").strip():
            found.append(_lack(part, f"text_{field.key}", field.label))
    return found


def _milestones(part: Initiative, field: PlanTemplateField) -> list[Missing]:
    steps = list(part.milestones.all())
    if not steps:
        return [Missing(part.public_id, "delmaal", _("%(part)s: add at least one milestone") % {"part": part.title})]
    return [
        Missing(part.public_id, f"{step.public_id}-{name}", sentence % {"part": part.title, "number": number})
        for number, step in enumerate(steps, start=1)
        for name, value, sentence in (
            ("text", step.text, _("%(part)s, milestone %(number)s: the text is missing")),
            ("due_on", step.due_on, _("%(part)s, milestone %(number)s: the date is missing")),
        )
        if not value
    ]


def _lack(part: Plan | Initiative, field: str, label: str) -> Missing:
    key = "" if isinstance(part, Plan) else part.public_id
    return Missing(key, field, _("%(part)s: %(label)s is missing") % {"part": part.title, "label": label})


def _number(plan: Plan, count: int) -> list[Missing]:
    least, most = plan.template.min_initiatives, plan.template.max_initiatives
    if count < least:
        return [Missing("", "", _("The plan must have at least %(least)s") % {"least": counted(plan, least)})]
    if count > most:
        return [Missing("", "", _("The plan may have at most %(most)s") % {"most": counted(plan, most)})]
    return []


def required_of(part: Plan | Initiative, fields: Sequence[PlanTemplateField]) -> tuple[int, int]:
    """(filled in, all) of the required fields of a part."""
    of_plan = isinstance(part, Plan)
    required = [field for field in fields if field.of_plan == of_plan and field.is_required]
    lacking = {"delmaal" if item.field == "delmaal" or "-" in item.field else item.field for item in missing_in(part, fields)} - {"title"}
    return len(required) - len(lacking), len(required)
