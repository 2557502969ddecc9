"""Writes of a plan. Each names its actor, checks the state under lock, and logs."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.auth.models import Group, Permission

from access.models import User
from access.roles import PLAN_TABLE, ForumKind, Verb
from plans.models import Plan, PlanGroupPermission, PlanVersion


def write_plan_rights(plan: Plan) -> None:
    """Make guardian's rows of the plan equal to PLAN_TABLE: the styregruppe always, the Lokalråd once it is sent there."""
    forums = {ForumKind.STYREGRUPPE: plan.forum_id}
    if plan.status in (Plan.Status.SUBMITTED, Plan.Status.APPROVED):
        forums[ForumKind.LOKALRAAD] = plan.approving_forum_id
    wanted = {
        (Group.objects.get(name=f"forum:{forums[kind]}:{role}").pk, permission)
        for (kind, role), verbs in PLAN_TABLE.items()
        if kind in forums
        for permission in _permission_ids(verbs)
    }
    present = {(row.group_id, row.permission_id): row.pk for row in PlanGroupPermission.objects.filter(content_object=plan)}
    PlanGroupPermission.objects.filter(pk__in=[pk for key, pk in present.items() if key not in wanted]).delete()
    PlanGroupPermission.objects.bulk_create(
        PlanGroupPermission(group_id=group_id, permission_id=permission_id, content_object=plan) for group_id, permission_id in sorted(wanted - present.keys())
    )


def _permission_ids(verbs: frozenset[Verb]) -> list[int]:
    found = Permission.objects.filter(content_type__app_label="plans", content_type__model="plan", codename__in=verbs)
    return list(found.values_list("pk", flat=True))


def plan_content(plan: Plan) -> dict[str, Any]:
    """Everything that is approved, as plain data: the labels too, so that a later template does not change it."""
    fields = list(plan.template.fields.all())
    return {
        "title": plan.title,
        "period": [plan.period_from.isoformat(), plan.period_to.isoformat()],
        "texts": _labelled(plan.texts, [field for field in fields if field.of_plan]),
        "initiatives": [
            {
                "title": initiative.title,
                "levels": [level.name for level in initiative.prevention_levels.all()],
                "texts": _labelled(initiative.texts, [field for field in fields if not field.of_plan]),
                "milestones": [
                    {"text": step.text, "due_on": step.due_on.isoformat() if step.due_on else "", "responsible": step.responsible}
                    for step in initiative.milestones.all()
                ],
            }
            for initiative in plan.initiatives.prefetch_related("prevention_levels", "milestones")
        ],
    }  # fmt: skip


def _labelled(texts: Mapping[str, str], fields: list[Any]) -> list[dict[str, str]]:
    return [{"key": field.key, "label": field.label, "text": texts.get(field.key, "")} for field in fields]


def freeze_version(plan: Plan, *, by: User, on: date) -> PlanVersion:
    """Store the text as it is approved, with its SHA-256."""
    content = plan_content(plan)
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    return PlanVersion.objects.create(
        tenant_id=plan.tenant_id, plan=plan, number=plan.version, content=content, content_hash=digest, approved_on=on, approved_by=by, forum_name=plan.approving_forum.name
    )
