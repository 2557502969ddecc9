"""The plan as it is read: on the page, by who approves it, and in the PDF. The same context for all three."""

from collections.abc import Sequence
from datetime import date
from itertools import zip_longest
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.kept import Read, kept
from plans.content import MILESTONES, digest, is_intact, plan_content, rows_of, rows_reads
from plans.models import Decision, FollowUp, Initiative, Milestone, Plan, PlanVersion
from plans.wording import counted

Status = Milestone.Status
TAGS = {Status.REACHED: "ok", Status.ON_TRACK: "info", Status.DELAYED: "warn", Status.NOT_STARTED: ""}
ICONS = {Status.REACHED: "check", Status.DELAYED: "warn"}


def plan_document(plan: Plan) -> dict[str, Any]:
    """The whole text. An approved plan is shown from its frozen version, whatever stands in the rows; a draft from them.

    Out: plan, frozen (PlanVersion or None), is_intact, seen (digest of what is shown), texts, initiatives. Five queries.
    """
    rows = rows_of(plan)
    frozen = next(iter(_frozen(plan.tenant_id, plan.pk)), None) if plan.status == Plan.Status.APPROVED else None
    content = frozen.content if frozen else plan_content(plan, rows)
    initiatives = [_initiative(number, part, row) for number, (part, row) in enumerate(zip_longest(content["initiatives"], rows), start=1) if part]
    return {
        "plan": plan, "frozen": frozen, "is_intact": frozen is None or is_intact(frozen), "seen": digest(content), "rows": rows,
        "texts": [_field(field) for field in content["texts"]], "initiatives": initiatives, "lead": lead(initiatives, plan),
    }  # fmt: skip


def document_reads(plan: Plan) -> list[Read[Any]]:
    """What `plan_document` and `history` ask for."""
    frozen = [_frozen.of(plan.tenant_id, plan.pk)] if plan.status == Plan.Status.APPROVED else []
    return [*rows_reads(plan), *frozen, *(part.of(*_family(plan)) for part in (_decisions, _follow_ups, _versions))]


@kept
def _frozen(tenant: Any, plan: Any) -> QuerySet[PlanVersion]:
    return PlanVersion.objects.filter(tenant_id=tenant, plan_id=plan).select_related("approved_by")[:1]


# of all versions of a plan (plans.reading.lineage)
@kept
def _versions(tenant: Any, forum: Any, begins: Any) -> QuerySet[PlanVersion]:
    rows = PlanVersion.objects.filter(plan__tenant_id=tenant, plan__forum_id=forum, plan__period_from=begins)
    return rows.select_related("plan", "approved_by")


@kept
def _decisions(tenant: Any, forum: Any, begins: Any) -> QuerySet[Decision]:
    return Decision.objects.filter(plan__tenant_id=tenant, plan__forum_id=forum, plan__period_from=begins).select_related("by")


@kept
def _follow_ups(tenant: Any, forum: Any, begins: Any) -> QuerySet[FollowUp]:
    rows = FollowUp.objects.filter(plan__tenant_id=tenant, plan__forum_id=forum, plan__period_from=begins)
    return rows.select_related("initiative", "by", "plan")


def history(plan: Plan, initiatives: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Everything that happened to the plan in all its versions that the context shows: decisions, follow-ups, versions."""
    family = _family(plan)
    decisions, follow_ups = _decisions(*family), _follow_ups(*family)
    titles = {part["row"].pk: part["title"] for part in initiatives if part["row"]}  # as approved
    found = [{"row": row, "title": titles.get(row.initiative_id, row.initiative.title) if row.initiative else ""} for row in follow_ups]
    return {"decisions": decisions[::-1], "follow_ups": found, "versions": _versions(*family), "steps": steps(plan, decisions)}


def _family(plan: Plan) -> tuple[int, int, date]:
    return plan.tenant_id, plan.forum_id, plan.period_from


def steps(plan: Plan, decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    """The way to approval: label, state ("done", "now" or ""), and when the step was taken."""
    taken = {decision.step: decision.at for decision in decisions if decision.plan_id == plan.pk}
    way = [
        (Plan.Status.DRAFT, _("Draft"), None),
        (Plan.Status.STEERING, plan.forum.name, taken.get(Decision.Step.TO_STEERING)),
        (Plan.Status.SUBMITTED, plan.approving_forum.name, taken.get(Decision.Step.SUBMITTED)),
        (Plan.Status.APPROVED, _("Approved"), plan.approved_on),
    ]
    now = [status for status, _label, _at in way].index(Plan.Status(plan.status))
    return [
        {"label": label, "state": "done" if place < now or plan.status == Plan.Status.APPROVED else "now" if place == now else "", "at": at if place <= now else None}
        for place, (_status, label, at) in enumerate(way)
    ]


def lead(initiatives: Sequence[dict[str, Any]], plan: Plan) -> str:
    """The plan in one or two sentences, from counts."""
    milestones = [step for initiative in initiatives for step in initiative["milestones"]]
    reached = sum(step["status"] == Status.REACHED for step in milestones)
    late = sum(step["is_late"] for step in milestones)
    first = f"{counted(plan, len(initiatives))}."
    if not milestones:
        return first
    second = _("%(reached)s of %(all)s milestones are reached.") % {"reached": reached, "all": len(milestones)}
    third = ngettext("One is late.", "%(late)s are late.", late) % {"late": late} if late else ""
    return " ".join(filter(None, (first, second, third)))


def plan_pdf_context(plan: Plan) -> dict[str, Any]:
    """For templates/pdf/plan.html."""
    document = plan_document(plan)
    return {**document, **history(plan, document["initiatives"]), "made_at": timezone.now()}


def _initiative(number: int, part: dict[str, Any], row: Initiative | None) -> dict[str, Any]:
    bands = {level.name: level.order for level in row.prevention_levels.all()} if row else {}
    steps_now = list(row.milestones.all()) if row else []
    milestones = [_milestone(said, step) for said, step in zip_longest(part["milestones"], steps_now) if said]
    return {
        "number": number, "title": part["title"], "row": row, "levels": [(bands.get(name, 0), name) for name in part["levels"]],
        "fields": [_field(field) for field in part["texts"]], "milestones": milestones, **_standing(milestones),
    }  # fmt: skip


def _standing(milestones: Sequence[dict[str, Any]]) -> dict[str, str]:
    """The one tag of an indsats: late, all reached, or on track."""
    if any(step["is_late"] for step in milestones):
        return {"tag": "warn", "standing": _("Late")}
    if milestones and all(step["status"] == Status.REACHED for step in milestones):
        return {"tag": "ok", "standing": _("Reached")}
    if any(step["status"] in (Status.ON_TRACK, Status.REACHED) for step in milestones):
        return {"tag": "ok", "standing": _("On track")}
    return {"tag": "", "standing": _("Not started")}


def _milestone(said: dict[str, str], step: Milestone | None) -> dict[str, Any]:
    """The words from the approved text, how far it is from the row."""
    due_on = date.fromisoformat(said["due_on"]) if said["due_on"] else None
    status = Status(step.status) if step else Status.NOT_STARTED
    overdue = due_on is not None and due_on < timezone.localdate() and status != Status.REACHED
    return {
        "text": said["text"], "due_on": due_on, "responsible": said["responsible"], "status": status, "public_id": step.public_id if step else "",
        "label": status.label, "tag": TAGS[status], "icon": ICONS.get(status, "clock"), "is_overdue": overdue, "is_late": overdue or status == Status.DELAYED,
    }  # fmt: skip


def _field(field: dict[str, str]) -> dict[str, Any]:
    kind = field.get("kind", "text")
    lines = [line.strip("-• \t") for line in field["text"].splitlines() if line.strip()] if kind == "list" else []
    return {**field, "lines": lines, "is_milestones": kind == MILESTONES}
