"""The way of the samarbejdsplan: written by the secretary, discussed in the Kredsråd, published for everybody (§§ 111 and 113).

Each step requires the right to write it, locks the row and checks its state. A step that does not fit raises PlanStateError.
"""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Least
from django.http import Http404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.actor import Actor
from access.context import context_of
from access.models import User
from access.notices import Notice
from access.notify import send_mail
from access.policy import require, visible
from access.roles import ForumKind, Verb
from meetings.models import Meeting
from municipalities.models import Forum, Seat, Tenant
from plans.actions import PlanStateError
from plans.content import digest
from plans.models import CooperationPlan, CooperationVersion

Status = CooperationPlan.Status
Sections = list[dict[str, str]]
NOT_DISCUSSED_THERE = gettext_lazy("Choose a meeting of the Kredsråd that has been held since the text was last changed.")


def kredsraad_of(actor: Actor) -> Forum:
    """The Kredsråd whose samarbejdsplan this actor writes; Http404 when there is none."""
    forum = visible(actor, Verb.EDIT_PLANS, Forum.objects.filter(kind=ForumKind.KREDSRAAD)).select_related("tenant").first()
    if forum is None:
        raise Http404("writes no samarbejdsplan")
    return forum


def years_to_begin(actor: Actor) -> list[int]:
    """This year and the next, without those that have been begun."""
    this_year = timezone.localdate().year
    begun = set(CooperationPlan.objects.filter(tenant_id=actor.tenant_id).values_list("year", flat=True))
    return [year for year in (this_year, this_year + 1) if year not in begun]


def begin_cooperation_plan(year: int, *, actor: Actor) -> CooperationPlan:
    """An empty draft for a year, with the headings that most such plans have. They may be changed."""
    forum = kredsraad_of(actor)
    Tenant.objects.select_for_update(no_key=True).get(pk=actor.tenant_id)  # two people beginning the same year
    if year not in years_to_begin(actor):
        raise PlanStateError(_("There is already a plan for this year, or it cannot be begun yet."))
    headings = [_("How crime and safety develop"), _("Common themes of the year"), _("What we do, and who does it"), _("Cooperation with the Lokalråd"), _("Follow-up")]
    sections = [{"heading": heading, "text": ""} for heading in headings]
    return CooperationPlan.objects.create(tenant_id=actor.tenant_id, forum=forum, year=year, sections=sections, author_id=actor.user_id)


def write_cooperation_plan(plan: CooperationPlan, sections: Sections, *, actor: Actor, seen: str) -> CooperationPlan:
    """Save the text. `seen` is the sum of the text that was begun from. What was discussed is a draft again once it is changed."""
    plan = _lock(plan, actor, Status.DRAFT, Status.DISCUSSED)
    if seen != version_of(plan):
        raise PlanStateError(_("Somebody else has changed the plan since you opened it. Copy your text, open the plan again and put it in."))
    if sections != plan.sections:
        plan.sections, plan.written_at, plan.author_id, plan.status, plan.meeting, plan.discussed_on = sections, timezone.now(), actor.user_id, Status.DRAFT, None, None
        plan.save()
    return plan


def meetings_to_choose(plan: CooperationPlan) -> QuerySet[Meeting]:
    """The meetings of the Kredsråd at which the text as it stands can have been discussed: held, and not over when it was last changed. The newest first."""
    held = Meeting.objects.filter(tenant_id=plan.tenant_id, forum_id=plan.forum_id, starts_at__lte=timezone.now()).exclude(status=Meeting.Status.CANCELLED)
    found: QuerySet[Meeting] = held.alias(over=Least("ends_at", "closed_at")).filter(over__gt=plan.written_at) if plan.written_at else held
    return found.order_by("-starts_at")


def note_discussed(plan: CooperationPlan, meeting: Meeting, *, actor: Actor) -> None:
    """Write down the meeting at which the Kredsråd discussed exactly this text."""
    plan = _lock(plan, actor, Status.DRAFT)
    if not any(section["text"].strip() for section in plan.sections):
        raise PlanStateError(_("The plan is still empty. Write it before it is discussed."))
    if not meetings_to_choose(plan).filter(pk=meeting.pk).exists():
        raise PlanStateError(str(NOT_DISCUSSED_THERE))
    plan.status, plan.meeting, plan.discussed_on = Status.DISCUSSED, meeting, timezone.localdate(meeting.starts_at)
    plan.save()


def publish_cooperation_plan(plan: CooperationPlan, *, actor: Actor) -> CooperationVersion:
    """Freeze the text and show it to everybody. Only after the discussion."""
    plan = _lock(plan, actor, Status.DISCUSSED)
    assert plan.discussed_on is not None, "a database rule says so"
    version = CooperationVersion.objects.create(
        tenant_id=plan.tenant_id, plan=plan, year=plan.year, number=plan.number, content=plan.content, content_hash=digest(plan.content),
        forum_name=plan.forum.name, discussed_on=plan.discussed_on, published_by_id=actor.user_id,
    )  # fmt: skip
    plan.status = Status.PUBLISHED
    plan.save()
    _tell(plan, actor)
    return version


def reopen_cooperation_plan(plan: CooperationPlan, *, actor: Actor) -> None:
    """Begin the next version of a published plan: the published one stays until the new one is published."""
    plan = _lock(plan, actor, Status.PUBLISHED)
    plan.status, plan.number, plan.meeting, plan.discussed_on = Status.DRAFT, plan.number + 1, None, None
    plan.save()


def _lock(plan: CooperationPlan, actor: Actor, *states: str) -> CooperationPlan:
    require(actor, Verb.EDIT_PLANS, plan)
    fresh = CooperationPlan.objects.select_for_update(of=("self",)).select_related("forum", "tenant").get(pk=plan.pk)
    if fresh.status not in states:
        raise PlanStateError(_("Somebody was here before you: the plan is now “%(status)s”.") % {"status": fresh.get_status_display()})
    return fresh


def _tell(plan: CooperationPlan, actor: Actor) -> None:
    seats = Seat.objects.current().filter(forum_id=plan.forum_id, user__isnull=False).exclude(user_id=actor.user_id)
    people = User.objects.filter(is_active=True, pk__in=seats.values("user_id"))
    with translation.override(settings.LANGUAGE_CODE):
        subject = str(gettext_lazy("The samarbejdsplan has been published"))
    send_mail(plan.tenant_id, people, subject=subject, path=reverse("cooperation_detail", args=[plan.tenant.slug, plan.year]), notice=Notice.PLAN)


def version_of(plan: CooperationPlan) -> str:
    """A short sum of the text: it travels with the form."""
    return digest(plan.content)[:16]


def published(actor: Actor) -> Any:
    """The published texts that this reader sees: his politikreds' own, or those of the one that his kommune belongs to."""
    return CooperationVersion.objects.filter(tenant_id__in=[actor.tenant_id, actor.parent_tenant_id or 0]).select_related("tenant")


def is_overdue(actor: Actor) -> bool:
    """True while this year's plan has not been published: § 113 asks for one every year."""
    return not published(actor).filter(year=timezone.localdate().year).exists()


def public_version(slug: str, year: int) -> CooperationVersion:
    """What a politikreds has published for a year, for somebody who is not logged in; Http404 when there is nothing."""
    tenant = Tenant.objects.filter(slug=slug, kind=Tenant.Kind.POLITIKREDS, active=True).first()
    if tenant is not None:
        with context_of(Actor(public_tenant_id=tenant.pk)):
            version = CooperationVersion.objects.filter(tenant_id=tenant.pk, year=year).select_related("tenant").first()
        if version is not None:
            return version
    raise Http404("nothing published")
