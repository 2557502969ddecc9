"""The way of a plan: draft, styregruppe, Lokalråd, approved, next version. Each step locks the row and checks its state.

Every function requires the verb, writes a Decision, sets guardian's rows anew and puts mails in the outbox. A step that
does not fit the state raises PlanStateError with a sentence. The texts are written in `plans.editing`.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.actor import Actor
from access.models import User
from access.notices import Notice
from access.notify import send_mail
from access.policy import require
from access.roles import PLAN_TABLE, ForumKind, Verb
from municipalities.models import Forum, Seat, Tenant
from municipalities.terms import Term, term
from plans.completeness import Missing, missing
from plans.content import digest, fields_of, plan_content, rows_of
from plans.models import Decision, FollowUp, Initiative, InitiativePreventionLevel, Milestone, Plan, PlanGroupPermission, PlanTemplate, PlanVersion
from plans.periods import anniversaries, period_end
from plans.reading import lineage, newer_version
from plans.wording import status_name

Step, Status = Decision.Step, Plan.Status
OPEN = (Status.DRAFT, Status.STEERING)


class PlanStateError(Exception):
    """The plan is not where this step begins; the message can be shown."""


class IncompletePlanError(PlanStateError):
    """Something required is missing; `missing` says what."""

    def __init__(self, found: list[Missing]) -> None:
        super().__init__(_("The plan cannot be sent yet. Fill in what is missing."))
        self.missing = found


def create_plan(template: PlanTemplate, *, actor: Actor, forum: Forum, approving_forum: Forum, period_from: date) -> Plan:
    """A new draft with as many empty indsatser as the template asks for. One plan a period and forum."""
    require(actor, Verb.EDIT_PLANS, forum)
    # two people beginning the same plan; a forum itself is locked only by who may change it (row security)
    Tenant.objects.select_for_update(no_key=True).get(pk=forum.tenant_id)
    period_to = period_end(template, period_from)
    plan = Plan(
        tenant_id=actor.tenant_id, forum=forum, approving_forum=approving_forum, template=template, author_id=actor.user_id,
        title=f"{term(forum.tenant.terms, Term.PLAN, start=True)} {period_from.year}–{period_to.year}", period_from=period_from, period_to=period_to,
    )  # fmt: skip
    if lineage(plan).exists():
        raise PlanStateError(_("There is already a plan for this period."))
    plan.save()
    for number in range(1, template.min_initiatives + 1):
        Initiative.objects.create(tenant_id=plan.tenant_id, plan=plan, order=number, title=f"{term(forum.tenant.terms, Term.INITIATIVE, start=True)} {number}")
    write_plan_rights(plan)
    return plan


def send_to_steering(plan: Plan, *, actor: Actor, comment: str = "") -> None:
    """Show a draft to the styregruppe. It may still be changed."""
    require(actor, Verb.EDIT_PLANS, plan)
    plan = lock(plan, Status.DRAFT)
    _move(plan, Status.STEERING, Step.TO_STEERING, actor, comment)
    _mail(plan, _holders(plan.forum_id).exclude(pk=actor.user_id), gettext_lazy("%(plan)s is ready for %(group)s"), "plan_detail")


def submit_plan(plan: Plan, *, actor: Actor, comment: str = "") -> None:
    """Send a complete plan to the Lokalråd: from now on its text is closed. Raises IncompletePlanError."""
    require(actor, Verb.EDIT_PLANS, plan)
    plan = lock(plan, *OPEN)
    if not plan.decisions.filter(step=Step.TO_STEERING).exists():
        raise PlanStateError(_("Send the plan to %(group)s first.") % {"group": term(plan.tenant.terms, Term.STEERING_GROUP, "definite")})
    if found := missing(plan, fields_of(plan), rows_of(plan)):
        raise IncompletePlanError(found)
    plan.submitted_by_id = actor.user_id
    _move(plan, Status.SUBMITTED, Step.SUBMITTED, actor, comment)
    _mail(plan, approvers_of(plan), gettext_lazy("%(plan)s waits for approval"), "plan_approve", Notice.ACTION)


def send_back(plan: Plan, *, actor: Actor, comment: str) -> None:
    """Give the plan back to those who write it, with a comment; the Lokalråd no longer sees the draft."""
    require(actor, Verb.APPROVE_PLAN, plan)
    plan = lock(plan, Status.SUBMITTED)
    if not comment.strip():
        raise PlanStateError(_("Write what has to be changed."))
    _move(plan, Status.DRAFT, Step.SENT_BACK, actor, comment)
    _mail(plan, _writers(plan), gettext_lazy("%(plan)s has been sent back"), "plan_edit", Notice.ACTION)


def approve_plan(plan: Plan, *, actor: Actor, seen: str, comment: str = "") -> PlanVersion:
    """Approve exactly the text that was read (`seen` is its digest) and freeze it. The writer cannot approve his own plan."""
    require(actor, Verb.APPROVE_PLAN, plan)
    plan = lock(plan, Status.SUBMITTED)
    if reason := own_hand(plan, actor):
        raise PermissionDenied(reason)
    if seen != digest(plan_content(plan)):
        raise PlanStateError(_("The plan has been changed since you opened it. Read it again before you decide."))
    plan.approved_on = timezone.localdate()
    version = freeze_version(plan, by=User.objects.get(pk=actor.user_id), on=plan.approved_on)
    _carry_statuses(plan)
    _plan_follow_ups(plan)
    _move(plan, Status.APPROVED, Step.APPROVED, actor, comment)
    _mail(plan, _writers(plan), gettext_lazy("%(plan)s has been approved"), "plan_detail")
    return version


def reopen_plan(plan: Plan, *, actor: Actor) -> Plan:
    """Begin the next version as a row of its own: the approved one stays in force, and visible to all, until then."""
    require(actor, Verb.EDIT_PLANS, plan)
    plan = lock(plan, Status.APPROVED)
    if newer_version(plan):
        raise PlanStateError(_("A newer version has already been begun."))
    copy = Plan.objects.create(
        tenant_id=plan.tenant_id, forum=plan.forum, approving_forum=plan.approving_forum, template=plan.template, title=plan.title,
        period_from=plan.period_from, period_to=plan.period_to, version=plan.version + 1, texts=plan.texts, author_id=actor.user_id,
    )  # fmt: skip
    for row in rows_of(plan):
        _copy_initiative(row, copy)
    _move(copy, Status.DRAFT, Step.REOPENED, actor, "")
    return copy


def own_hand(plan: Plan, actor: Actor) -> str:
    """Why this actor cannot approve the plan although his seat may; empty when he can."""
    if actor.user_id in (plan.author_id, plan.submitted_by_id):
        council = term(plan.tenant.terms, Term.LOCAL_COUNCIL, "definite")
        return _("You have written this plan or sent it yourself. Somebody else in %(council)s must approve it.") % {"council": council}
    return ""


def lock(plan: Plan, *states: str) -> Plan:
    """The row as it is now, locked to the end of the transaction. Raises PlanStateError unless it is in one of `states`."""
    fresh = Plan.objects.select_for_update(of=("self",)).select_related("tenant", "forum", "approving_forum", "template").get(pk=plan.pk)
    if fresh.status not in states:
        raise PlanStateError(_("Somebody was here before you: the plan is now “%(status)s”.") % {"status": status_name(fresh, fresh.tenant.terms)})
    return fresh


def approvers_of(plan: Plan) -> Any:
    """The people whose seat lets them approve this plan now, without those who wrote or sent it."""
    permissions = PlanGroupPermission.objects.filter(content_object=plan, permission__codename=Verb.APPROVE_PLAN)
    seats = Seat.objects.current().filter(tenant_id=plan.tenant_id, group_id__in=permissions.values("group_id"))
    return User.objects.filter(is_active=True, pk__in=seats.values("user_id")).exclude(pk__in=[plan.author_id, plan.submitted_by_id or 0])


def _holders(forum_id: int) -> Any:
    seats = Seat.objects.current().filter(forum_id=forum_id, user__isnull=False)
    return User.objects.filter(is_active=True, pk__in=seats.values("user_id"))


def _writers(plan: Plan) -> Any:
    return User.objects.filter(is_active=True, pk__in=[plan.author_id, plan.submitted_by_id or plan.author_id])


def _move(plan: Plan, status: str, step: str, actor: Actor, comment: str) -> None:
    plan.status = status
    plan.save()
    Decision.objects.create(
        tenant_id=plan.tenant_id, plan=plan, step=step, version=plan.version, by_id=actor.user_id, seat_label=actor.seat_in(_deciding_forum(plan, step)), comment=comment.strip()
    )
    write_plan_rights(plan)


def _deciding_forum(plan: Plan, step: str) -> int:
    return plan.approving_forum_id if step in (Step.APPROVED, Step.SENT_BACK) else plan.forum_id


def _mail(plan: Plan, people: Iterable[User], subject: Any, route: str, notice: Notice = Notice.PLAN) -> None:
    with translation.override(settings.LANGUAGE_CODE):  # the recipient's language, not that of whoever clicked
        names = plan.tenant.terms
        called = f"{term(names, Term.PLAN, start=True)} {plan.period_from.year}–{plan.period_to.year}"  # a dash between years
        words = str(subject) % {"plan": called, "group": term(names, Term.STEERING_GROUP, "definite")}
    send_mail(plan.tenant_id, people, subject=words, path=reverse(route, args=[plan.tenant.slug, plan.public_id]), notice=notice)


def _copy_initiative(row: Initiative, plan: Plan) -> None:
    copy = Initiative.objects.create(tenant_id=plan.tenant_id, plan=plan, order=row.order, title=row.title, texts=row.texts)
    for level in row.prevention_levels.all():
        InitiativePreventionLevel.objects.create(tenant_id=plan.tenant_id, plan=plan, initiative=copy, prevention_level=level)
    for step in row.milestones.all():
        Milestone.objects.create(
            tenant_id=plan.tenant_id, plan=plan, initiative=copy, order=step.order, text=step.text, due_on=step.due_on, responsible=step.responsible, status=step.status
        )


def _carry_statuses(plan: Plan) -> None:
    """Follow-up went on in the approved version while the new one was written: take its statuses along."""
    old = Milestone.objects.filter(plan__in=lineage(plan).filter(status=Status.APPROVED, version__lt=plan.version)).order_by("plan__version")
    latest = {step.text: step.status for step in old}
    for step in plan.milestones.all():
        if latest.get(step.text, step.status) != step.status:
            step.status = latest[step.text]
            step.save(update_fields=["status"])


def _plan_follow_ups(plan: Plan) -> None:
    """Put the yearly follow-ups of the template into the calendar, unless an earlier version has done it."""
    if FollowUp.objects.filter(plan__in=lineage(plan)).exists():
        return
    for day in anniversaries(plan.period_from, plan.period_to, plan.template.followup_months):
        FollowUp.objects.create(tenant_id=plan.tenant_id, plan=plan, due_on=day)


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


def freeze_version(plan: Plan, *, by: User, on: date) -> PlanVersion:
    """Store the text as it is approved, with its SHA-256."""
    content = plan_content(plan)
    return PlanVersion.objects.create(
        tenant_id=plan.tenant_id, plan=plan, number=plan.version, content=content, content_hash=digest(content),
        approved_on=on, approved_by=by, forum_name=plan.approving_forum.name,
    )  # fmt: skip
