"""Demo: the handleplan that runs and the one that waits for the Lokalråd."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from municipalities.models import PreventionLevel
from plans.models import Decision, FollowUp, Initiative, InitiativePreventionLevel, Milestone, Plan, PlanTemplate

if TYPE_CHECKING:
    from ssp.demo.load import World

def load(world: World) -> None:
    """Each plan with its indsatser, milestones, follow-ups and decisions."""
    if "plan_template" not in world.preset:
        return
    template = PlanTemplate.objects.get(tenant=world.tenant)
    for row in world.content.get("plans", []):
        _plan(world, template, row)


def _plan(world: World, template: PlanTemplate, row: dict[str, Any]) -> None:
    from plans.actions import freeze_version, write_plan_rights

    author = world.users[row["author"]]
    plan = Plan.objects.create(
        tenant=world.tenant, forum=world.forums["styregruppe"], approving_forum=world.forums["lokalraad"], template=template, title=row["title"],
        period_from=row["period_from"], period_to=row["period_to"], status=row["status"], version=row.get("version", 1), author=author,
        submitted_by=author, texts={key: text.strip() for key, text in row.get("fields", {}).items()},
    )  # fmt: skip
    initiatives = {part["key"]: _initiative(world, plan, part) for part in row["indsatser"]}
    for found in row.get("followups", []):
        FollowUp.objects.create(
            tenant=world.tenant, plan=plan, initiative=initiatives.get(found.get("indsats", "")), due_on=found.get("on") or world.day(found["days"]),
            text=found.get("text", ""), is_done=found.get("done", False), by=world.users[found["user"]] if "user" in found else None,
        )  # fmt: skip
    for step in row.get("steps", []):
        _decision(world, plan, step)
    write_plan_rights(plan)
    if plan.status == Plan.Status.APPROVED:
        approved = row["steps"][-1]
        plan.approved_on = approved.get("on") or world.day(approved["days"])
        plan.save(update_fields=["approved_on"])
        freeze_version(plan, by=world.users[approved["user"]], on=plan.approved_on)


def _initiative(world: World, plan: Plan, row: dict[str, Any]) -> Initiative:
    texts = {key: text.strip() for key, text in row["fields"].items()}
    initiative = Initiative.objects.create(tenant=world.tenant, plan=plan, order=row["order"], title=row["title"], texts=texts)
    names = [band["name"] for band in world.preset["prevention_levels"] if band["key"] in row.get("prevention_levels", [])]
    for band in PreventionLevel.objects.filter(tenant=world.tenant, name__in=names):
        InitiativePreventionLevel.objects.create(tenant=world.tenant, plan=plan, initiative=initiative, prevention_level=band)
    for order, step in enumerate(row.get("milestones", []), start=1):
        Milestone.objects.create(
            tenant=world.tenant, plan=plan, initiative=initiative, order=order, text=step["text"], due_on=world.day(step["due_days"]) if "due_days" in step else None,
            responsible=world.users[step["who"]].name if "who" in step else "", status=step["status"],
        )  # fmt: skip
    return initiative


def _decision(world: World, plan: Plan, row: dict[str, Any]) -> None:
    by = world.users[row["user"]]
    Decision.objects.create(
        tenant=world.tenant, plan=plan, step=row["step"], version=plan.version, by=by, seat_label=by.title, comment=row.get("comment", ""),
        at=world.moment(row.get("on") or world.day(row["days"]), "09:00"),
    )  # fmt: skip
