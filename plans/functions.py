"""The way of a funktionsbeskrivelse: drafted at one meeting, approved by the leader of who is sent, final at the next (DOMAIN.md P8).

Whoever takes the minutes of the forum writes; the leader named on the organisation approves, and is another person than the writer.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.actor import Actor
from access.cpr import LOOKS_LIKE_CPR
from access.kept import kept
from access.notices import Notice
from access.notify import send_mail
from access.policy import may, require
from access.request import TenantRequest
from access.roles import Verb
from meetings.models import Meeting
from municipalities.models import Forum, Organisation
from plans.actions import PlanStateError
from plans.content import digest
from plans.models import FunctionDescription, FunctionRecord, FunctionVersion

Status, Step = FunctionDescription.Status, FunctionRecord.Step
WRITTEN = ("title", "organisation", "tasks", "duties")


def functions_in(actor: Actor) -> QuerySet[FunctionDescription]:
    """The descriptions that this actor sees (row security decides), by forum and order."""
    rows = FunctionDescription.objects.filter(tenant_id=actor.tenant_id)
    return rows.select_related("tenant", "forum", "organisation__leader", "author", "approved_by").order_by("forum__order", "forum_id", "order", "title")


def may_write(actor: Actor, forum: Forum) -> bool:
    """True for whoever takes the minutes of the forum."""
    return bool(may(actor, Verb.WRITE_MINUTES, forum))


def is_leader(actor: Actor, description: FunctionDescription) -> bool:
    """True when the actor is named as leader of the organisation."""
    return bool(actor.user_id) and description.organisation.leader_id == actor.user_id


def add_function(forum: Forum, *, actor: Actor, **written: Any) -> FunctionDescription:
    """A new draft in the forum."""
    require(actor, Verb.WRITE_MINUTES, forum)
    order = FunctionDescription.objects.filter(forum=forum).count() + 1
    return FunctionDescription.objects.create(tenant_id=forum.tenant_id, forum=forum, author_id=actor.user_id, order=order, **written)


def write_function(description: FunctionDescription, *, actor: Actor, seen: str, **written: Any) -> None:
    """Change the text of a draft. What the leader has approved is a draft again, and goes to him anew."""
    found = _lock(description, Status.DRAFT, Status.APPROVED, actor=actor)
    if seen != version_of(found):
        raise PlanStateError(_("Somebody else has changed the text since you opened it. Copy your text, open the page again and put it in."))
    for name, value in written.items():
        setattr(found, name, value)
    found.author_id, found.status, found.approved_by, found.approved_on = actor.user_id, Status.DRAFT, None, None
    found.drafted_at = found.drafted_on = None
    found.save()


def send_to_leader(description: FunctionDescription, meeting: Meeting, *, actor: Actor) -> None:
    """The draft has been made at this meeting: ask the leader. Raises PlanStateError when there is no text or no leader."""
    found = _lock(description, Status.DRAFT, actor=actor)
    if not found.tasks.strip():
        raise PlanStateError(_("Write the overall tasks before you send the description."))
    if found.organisation.leader_id is None:
        raise PlanStateError(_("%(organisation)s has no leader in SSP. Ask the administrator to name one.") % {"organisation": found.organisation})
    if found.organisation.leader_id in (found.author_id, actor.user_id):
        raise PlanStateError(_("The leader has written this description. Somebody else must write it or send it."))
    found.drafted_at, found.drafted_on = meeting, _held_on(meeting, found)
    found.status = Status.AT_LEADER
    _save(found, Step.SENT, actor)
    _mail(found, found.organisation.leader, gettext_lazy("A funktionsbeskrivelse waits for your approval"))


def approve_function(description: FunctionDescription, *, actor: Actor, seen: str) -> None:
    """The leader approves exactly the text he has read. Refuses everybody else, and the writer."""
    found = _lock(description, Status.AT_LEADER, as_leader=actor)
    if found.author_id == actor.user_id:
        raise PermissionDenied(_("You have written this description. Another leader must approve it."))
    if seen != version_of(found):
        raise PlanStateError(_("The text has been changed since you opened it. Read it again before you decide."))
    found.status, found.approved_by_id, found.approved_on = Status.APPROVED, actor.user_id, timezone.localdate()
    _save(found, Step.APPROVED, actor)
    _mail(found, found.author, gettext_lazy("A funktionsbeskrivelse has been approved by the leader"), Notice.PLAN)


def send_function_back(description: FunctionDescription, *, actor: Actor, comment: str) -> None:
    """The leader gives the draft back, with what has to be changed."""
    found = _lock(description, Status.AT_LEADER, as_leader=actor)
    if not comment.strip():
        raise PlanStateError(_("Write what has to be changed."))
    if LOOKS_LIKE_CPR.search(comment):
        raise PlanStateError(_("This looks like a CPR number. Take it out: no person data may stand here."))
    found.status, found.drafted_at, found.drafted_on = Status.DRAFT, None, None
    _save(found, Step.SENT_BACK, actor, comment.strip())
    _mail(found, found.author, gettext_lazy("A funktionsbeskrivelse has been sent back"))


def finish_function(description: FunctionDescription, meeting: Meeting, *, actor: Actor) -> FunctionVersion:
    """The forum decides it at a later meeting than the one where it was drafted: from now on it stands."""
    found = _lock(description, Status.APPROVED, actor=actor)
    day = _held_on(meeting, found)
    if found.drafted_on is None or found.drafted_at_id == meeting.pk or day <= found.drafted_on:
        raise PlanStateError(_("Choose a later meeting than the one where the description was drafted."))
    found.status, found.final_at, found.final_on = Status.FINAL, meeting, day
    _save(found, Step.FINAL, actor)
    assert found.approved_by_id is not None, "a database rule says so"
    content = content_of(found)
    return FunctionVersion.objects.create(
        tenant_id=found.tenant_id, description=found, number=found.number, content=content, content_hash=digest(content), final_on=day, approved_by_id=found.approved_by_id
    )


def reopen_function(description: FunctionDescription, *, actor: Actor) -> None:
    """Begin the next version; the final one is kept."""
    found = _lock(description, Status.FINAL, actor=actor)
    found.status, found.number, found.author_id = Status.DRAFT, found.number + 1, actor.user_id
    found.drafted_at = found.drafted_on = found.final_at = found.final_on = found.approved_by = found.approved_on = None
    _save(found, Step.REOPENED, actor)


def name_leader(organisation: Organisation, leader: Any, *, actor: Actor) -> None:
    """Say who leads an organisation; the IT administrator's act."""
    require(actor, Verb.MANAGE_TENANT, organisation)
    found = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    found.leader = leader
    found.save(update_fields=["leader"])


def content_of(description: FunctionDescription) -> dict[str, str]:
    """The text as plain data."""
    return {"title": description.title, "organisation": description.organisation.name, "tasks": description.tasks, "duties": description.duties}


def version_of(description: FunctionDescription) -> str:
    """A short sum of the text: it travels with the forms."""
    return digest(content_of(description))[:16]


def _lock(description: FunctionDescription, *states: str, actor: Actor | None = None, as_leader: Actor | None = None) -> FunctionDescription:
    """The row as it is now, if this actor may take the step and it is in one of `states`."""
    if actor is not None:
        require(actor, Verb.WRITE_MINUTES, description)
    if as_leader is not None:
        _require_leader(as_leader, description)
    found = FunctionDescription.objects.select_for_update(of=("self",)).select_related("organisation__leader", "forum", "tenant", "author").filter(pk=description.pk).first()
    if found is None:
        raise Http404("no such description for this actor")
    if found.status not in states:
        raise PlanStateError(_("Somebody was here before you: the description is now “%(status)s”.") % {"status": found.get_status_display()})
    return found


def _require_leader(actor: Actor, description: FunctionDescription) -> None:
    """As it stands in the database now: another may have been named since the page was opened."""
    if not Organisation.objects.filter(pk=description.organisation_id, leader_id=actor.user_id).exists():
        raise PermissionDenied(_("Only the leader of %(organisation)s can approve this description.") % {"organisation": description.organisation})


def _held_on(meeting: Meeting, description: FunctionDescription) -> Any:
    day = timezone.localdate(meeting.starts_at)
    if meeting.forum_id != description.forum_id or meeting.status == Meeting.Status.CANCELLED or day > timezone.localdate():
        raise PlanStateError(_("Choose a meeting of the forum that has been held."))
    return day


def _save(description: FunctionDescription, step: str, actor: Actor, comment: str = "") -> None:
    description.save()
    FunctionRecord.objects.create(tenant_id=description.tenant_id, description=description, step=step, number=description.number, by_id=actor.user_id, comment=comment)


def _mail(description: FunctionDescription, recipient: Any, subject: Any, notice: Notice = Notice.ACTION) -> None:
    if recipient is not None:
        with translation.override(settings.LANGUAGE_CODE):
            words = str(subject)
        path = reverse("function_detail", args=[description.tenant.slug, description.public_id])
        send_mail(description.tenant_id, [recipient], subject=words, path=path, notice=notice)


# ---- what other pages show ------------------------------------------------------------------------------------------
@kept  # asked for on every Min uge
def _at_leader(tenant: Any, leader: Any) -> QuerySet[FunctionDescription]:
    waiting = FunctionDescription.objects.filter(tenant_id=tenant, status=Status.AT_LEADER, organisation__leader_id=leader)
    return waiting.select_related("forum", "organisation").order_by("forum__order", "forum_id", "order", "title")


def at_leader(actor: Actor) -> list[FunctionDescription]:
    """The descriptions that wait for this leader. One query."""
    return _at_leader(actor.tenant_id, actor.user_id) if actor.is_member else []


def waiting_for_leader(request: TenantRequest) -> dict[str, Any] | None:
    """Min uge: the descriptions that wait for this leader."""
    found = at_leader(request.actor)
    return {"functions": found} if found else None


@kept  # asked for on the page of every forum and meeting
def _of_forum(tenant: Any, forum: Any) -> QuerySet[FunctionDescription]:
    return FunctionDescription.objects.filter(tenant_id=tenant, forum_id=forum).select_related("organisation__leader").order_by("order", "title")


def forum_part(request: TenantRequest, forum: Forum) -> dict[str, Any] | None:
    """The forum's page: its descriptions, and what is missing before they are final. One query."""
    found = _of_forum(request.actor.tenant_id, forum.pk)
    if not found:
        return None
    return {"functions": found, "missing": missing_in(found), "forum": forum}


def meeting_part(request: TenantRequest, meeting: Meeting) -> dict[str, Any] | None:
    """A coming meeting's page: the descriptions that are not final yet. One query."""
    if not meeting.is_planned or not request.actor.is_member:
        return None
    found = [description for description in _of_forum(request.actor.tenant_id, meeting.forum_id) if not description.is_final]
    return {"functions": found, "forum": meeting.forum} if found else None


def missing_in(found: list[FunctionDescription]) -> list[FunctionDescription]:
    """Those that are not final."""
    return [description for description in found if not description.is_final]
