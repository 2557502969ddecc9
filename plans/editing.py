"""Writes of a plan's text while it is open, and of its follow-up once it is approved. Each locks the plan first.

Two people at once never overwrite each other: a save names the version of the part it began from, and another one
raises StaleTextError with what stands there now. A plan that is not open raises PlanStateError.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import Max
from django.utils.translation import gettext as _

from access.actor import Actor
from access.policy import require
from access.roles import Verb
from municipalities.models import PreventionLevel
from municipalities.terms import Term, term
from plans.actions import OPEN, PlanStateError, Status, lock
from plans.content import part_data, part_version, rows_of, statuses_version
from plans.models import FollowUp, Initiative, InitiativePreventionLevel, Milestone, Plan
from plans.reading import newer_version
from plans.wording import counted


class StaleTextError(Exception):
    """Somebody else has saved this part; `current` is the part as it is now."""

    def __init__(self, current: Plan | Initiative) -> None:
        super().__init__(_("Somebody else has changed this text."))
        self.current = current


class MilestoneInput(NamedTuple):
    """One row of the work desk."""

    text: str
    due_on: date | None
    responsible: str


@dataclass(frozen=True)
class PartInput:
    """What a form says about one part; levels and milestones belong to indsatser only."""

    title: str
    texts: Mapping[str, str]
    levels: frozenset[int] = frozenset()
    milestones: Mapping[str, MilestoneInput] = field(default_factory=dict)


def save_part(plan: Plan, part: Plan | Initiative, given: PartInput, *, actor: Actor, version: str) -> str:
    """Save the plan's own texts or one indsats; answers the new version. Raises StaleTextError, PlanStateError."""
    require(actor, Verb.EDIT_PLANS, plan)
    plan = lock(plan, *OPEN)
    current = plan if isinstance(part, Plan) else _initiative(plan, part.public_id)
    if version != part_version(current) and not _says(current, given):  # the same text twice is a lost answer, no conflict
        raise StaleTextError(current)
    current.title, current.texts = given.title, {**current.texts, **given.texts}
    current.save(update_fields=["title", "texts"])
    if isinstance(current, Initiative):
        _set_levels(current, given.levels)
        _set_milestones(current, given.milestones)
        current = _initiative(plan, current.public_id)
    return part_version(current)


def add_initiative(plan: Plan, *, actor: Actor) -> Initiative:
    """A new empty indsats at the end, up to the template's number."""
    require(actor, Verb.EDIT_PLANS, plan)
    plan = lock(plan, *OPEN)
    count, most = plan.initiatives.count(), plan.template.max_initiatives
    if count >= most:
        raise PlanStateError(_("The plan may have at most %(most)s.") % {"most": counted(plan, most)})
    last = plan.initiatives.aggregate(last=Max("order"))["last"] or 0
    return Initiative.objects.create(tenant_id=plan.tenant_id, plan=plan, order=last + 1, title=f"{term(plan.tenant.terms, Term.INITIATIVE, start=True)} {count + 1}")


def remove_initiative(initiative: Initiative, *, actor: Actor) -> None:
    """Take an indsats with its milestones out of an open plan."""
    require(actor, Verb.EDIT_PLANS, initiative.plan)
    lock(initiative.plan, *OPEN)
    initiative.delete()


def move_initiative(initiative: Initiative, *, actor: Actor, by: int) -> None:
    """One place up (-1) or down (+1); at the end nothing happens."""
    require(actor, Verb.EDIT_PLANS, initiative.plan)
    plan = lock(initiative.plan, *OPEN)
    _swap(list(plan.initiatives.all()), initiative.pk, by)


def add_milestone(initiative: Initiative, *, actor: Actor) -> Milestone:
    """An empty row at the end; it is filled in on the desk."""
    require(actor, Verb.EDIT_PLANS, initiative.plan)
    plan = lock(initiative.plan, *OPEN)
    last = initiative.milestones.aggregate(last=Max("order"))["last"] or 0
    return Milestone.objects.create(tenant_id=plan.tenant_id, plan=plan, initiative=initiative, order=last + 1)


def remove_milestone(milestone: Milestone, *, actor: Actor) -> None:
    """Take a milestone out of an open plan."""
    require(actor, Verb.EDIT_PLANS, milestone.plan)
    lock(milestone.plan, *OPEN)
    milestone.delete()


def move_milestone(milestone: Milestone, *, actor: Actor, by: int) -> None:
    """One place up (-1) or down (+1); at the end nothing happens."""
    require(actor, Verb.EDIT_PLANS, milestone.plan)
    lock(milestone.plan, *OPEN)
    _swap(list(milestone.initiative.milestones.all()), milestone.pk, by)


def set_statuses(plan: Plan, statuses: Mapping[str, str], *, actor: Actor, seen: str) -> int:
    """How far the milestones of an approved plan are: follow-up, not text. Answers how many changed.

    Raises PlanStateError when the statuses are others than those `seen`, or the plan has been replaced.
    """
    require(actor, Verb.EDIT_PLANS, plan)
    plan = _lock_in_force(plan)
    rows = rows_of(plan)
    if seen != statuses_version(rows):
        raise PlanStateError(_("Somebody else has changed a status. Look at it, and choose again."))
    changed = [step for row in rows for step in row.milestones.all() if statuses.get(step.public_id, step.status) != step.status]
    for step in changed:
        step.status = Milestone.Status(statuses[step.public_id])
        step.save(update_fields=["status"])
    return len(changed)


def record_follow_up(follow_up: FollowUp, *, actor: Actor, text: str) -> None:
    """Write what a follow-up found. It is done then, and stays as it is."""
    require(actor, Verb.EDIT_PLANS, follow_up.plan)
    lock(follow_up.plan, Status.APPROVED)
    fresh = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    if fresh.is_done:
        raise PlanStateError(_("Somebody else has already written this follow-up."))
    fresh.text, fresh.is_done, fresh.by_id = text, True, actor.user_id
    fresh.save(update_fields=["text", "is_done", "by"])


def _lock_in_force(plan: Plan) -> Plan:
    plan = lock(plan, Status.APPROVED)
    newer = newer_version(plan)
    if newer and newer.status == Status.APPROVED:
        raise PlanStateError(_("Version %(number)s has replaced this one. Follow up there.") % {"number": newer.version})
    return plan


def _initiative(plan: Plan, public_id: str) -> Initiative:
    found = Initiative.objects.filter(plan=plan, public_id=public_id).prefetch_related("prevention_levels", "milestones").first()
    if found is None:
        raise PlanStateError(_("Somebody else has removed this part of the plan."))
    return found


def _says(part: Plan | Initiative, given: PartInput) -> bool:
    """True when the part already says exactly what the form says."""
    data = part_data(part)
    rows = [[key, row.text, row.due_on.isoformat() if row.due_on else "", row.responsible] for key, row in given.milestones.items()]
    same_rows = sorted(data.get("milestones", [])) == sorted(rows)
    return data["title"] == given.title and data["texts"] == {**part.texts, **given.texts} and set(data.get("levels", [])) == given.levels and same_rows


def _set_levels(initiative: Initiative, wanted: frozenset[int]) -> None:
    links = {link.prevention_level_id: link for link in InitiativePreventionLevel.objects.filter(initiative=initiative)}
    for pk in links.keys() - wanted:
        links[pk].delete()
    for level in PreventionLevel.objects.filter(tenant_id=initiative.tenant_id, pk__in=wanted - links.keys()):
        InitiativePreventionLevel.objects.create(tenant_id=initiative.tenant_id, plan_id=initiative.plan_id, initiative=initiative, prevention_level=level)


def _set_milestones(initiative: Initiative, given: Mapping[str, MilestoneInput]) -> None:
    for step in initiative.milestones.all():
        row = given.get(step.public_id)
        if row and row != (step.text, step.due_on, step.responsible):
            step.text, step.due_on, step.responsible = row
            step.save(update_fields=["text", "due_on", "responsible"])


def _swap(rows: list[Initiative] | list[Milestone], pk: int, by: int) -> None:
    place = [row.pk for row in rows].index(pk)
    other = place + by
    if 0 <= other < len(rows):
        here, there = rows[place], rows[other]
        here.order, there.order = there.order, here.order
        here.save(update_fields=["order"])
        there.save(update_fields=["order"])
