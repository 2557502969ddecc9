"""What a plan says, as plain data: to freeze it, to show it, to see whether two people wrote at the same time."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from access.kept import Read, fill, kept
from plans.models import Initiative, InitiativePreventionLevel, Milestone, Plan, PlanTemplateField, PlanVersion

MILESTONES = PlanTemplateField.Kind.MILESTONES


def fields_of(plan: Plan) -> list[PlanTemplateField]:
    """The fields of the plan's template, in their order. One query."""
    return list(PlanTemplateField.objects.filter(template_id=plan.template_id, tenant_id=plan.tenant_id))


def rows_of(plan: Plan) -> list[Initiative]:
    """The plan's indsatser with their bands and milestones. Three queries, whatever the number."""
    rows, bands, milestones = (read.rows() for read in rows_reads(plan))
    for row in rows:
        row.plan = plan
        fill(row, "prevention_levels", [band.prevention_level for band in bands if band.initiative_id == row.pk])
        fill(row, "milestones", [step for step in milestones if step.initiative_id == row.pk])
    return rows


def rows_reads(plan: Plan) -> list[Read[Any]]:
    """What `rows_of` asks for."""
    return [part.of(plan.tenant_id, plan.pk) for part in (_initiatives, _bands, _milestones)]


@kept
def _initiatives(tenant: Any, plan: Any) -> QuerySet[Initiative]:
    return Initiative.objects.filter(tenant_id=tenant, plan_id=plan)


@kept
def _bands(tenant: Any, plan: Any) -> QuerySet[InitiativePreventionLevel]:
    found = InitiativePreventionLevel.objects.filter(tenant_id=tenant, initiative__plan_id=plan).select_related("prevention_level")
    return found.order_by("prevention_level__order")


@kept
def _milestones(tenant: Any, plan: Any) -> QuerySet[Milestone]:
    return Milestone.objects.filter(tenant_id=tenant, initiative__plan_id=plan)


def plan_content(plan: Plan, rows: Sequence[Initiative] | None = None, fields: Sequence[PlanTemplateField] | None = None) -> dict[str, Any]:
    """Everything that is approved, as plain data: the labels too, so that a later template does not change it."""
    fields = fields_of(plan) if fields is None else fields
    own = [field for field in fields if not field.of_plan]
    return {
        "title": plan.title,
        "period": [plan.period_from.isoformat(), plan.period_to.isoformat()],
        "texts": _labelled(plan.texts, [field for field in fields if field.of_plan]),
        "initiatives": [_initiative(row, own) for row in (rows_of(plan) if rows is None else rows)],
    }


def _initiative(row: Initiative, fields: Sequence[PlanTemplateField]) -> dict[str, Any]:
    return {
        "title": row.title,
        "levels": [level.name for level in row.prevention_levels.all()],
        "texts": _labelled(row.texts, fields),
        "milestones": [
            {"text": step.text, "due_on": step.due_on.isoformat() if step.due_on else "", "responsible": step.responsible} for step in row.milestones.all()
        ],
    }  # fmt: skip


def _labelled(texts: Mapping[str, str], fields: Sequence[PlanTemplateField]) -> list[dict[str, str]]:
    return [{"key": field.key, "label": field.label, "kind": field.kind, "text": texts.get(field.key, "")} for field in fields]


def digest(content: Any) -> str:
    """SHA-256 of plain data in one fixed spelling: the same data always gives the same sum."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def is_intact(version: PlanVersion) -> bool:
    """True while the frozen text still has the sum it got when it was approved."""
    return digest(version.content) == version.content_hash


def part_data(part: Plan | Initiative) -> dict[str, Any]:
    """What the work desk lets a person change in one part: the plan as a whole, or one indsats."""
    data: dict[str, Any] = {"title": part.title, "texts": part.texts}
    if isinstance(part, Initiative):
        data["levels"] = sorted(level.pk for level in part.prevention_levels.all())
        data["milestones"] = [[step.public_id, step.text, step.due_on.isoformat() if step.due_on else "", step.responsible] for step in part.milestones.all()]
    return data


def part_version(part: Plan | Initiative) -> str:
    """A short sum of one part: it travels with the form, and tells whether somebody else has saved since."""
    return digest(part_data(part))[:16]


def statuses_version(rows: Sequence[Initiative]) -> str:
    """The same for the statuses of all milestones."""
    return digest([[step.public_id, step.status] for row in rows for step in row.milestones.all()])[:16]
