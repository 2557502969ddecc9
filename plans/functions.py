"""The way of a funktionsbeskrivelse: drafted at one meeting, approved by every leader, final at a later one (DOMAIN.md P8).

Whoever takes the minutes of the forum writes; the leaders named on the description approve, and are other persons than the
writer. One of them who sends it back, or a change of the text, ends the round: what the others approved counts no more.
Who is named, and who has approved: `plans.function_leaders`.
"""

from collections.abc import Iterable
from datetime import timedelta
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
from access.bundles import Turn
from access.cpr import LOOKS_LIKE_CPR
from access.models import User
from access.notices import Notice
from access.notify import send_mail
from access.policy import may, require
from access.roles import Verb
from access.wrong_tries import too_often
from meetings.models import Meeting
from municipalities.models import Forum
from plans import function_leaders
from plans.actions import PlanStateError
from plans.content import digest
from plans.models import FunctionDescription, FunctionRecord, FunctionVersion

Status, Step = FunctionDescription.Status, FunctionRecord.Step
WAITS, WAITS_NO_MORE = gettext_lazy("A funktionsbeskrivelse waits for your approval"), gettext_lazy("A funktionsbeskrivelse has been taken back by the forum")
MOST_SENT, SENT_WITHIN = 3, timedelta(hours=1)  # of one description
WRITTEN = ("title", "organisation", "tasks", "duties")


def functions_in(actor: Actor) -> QuerySet[FunctionDescription]:
    """The descriptions that this actor sees (row security decides), by forum and order."""
    rows = FunctionDescription.objects.filter(tenant_id=actor.tenant_id)
    return rows.select_related("tenant", "forum", "organisation__leader", "author").order_by("forum__order", "forum_id", "order", "title")


def may_write(actor: Actor, forum: Forum) -> bool:
    """True for whoever takes the minutes of the forum."""
    return bool(may(actor, Verb.WRITE_MINUTES, forum))


def add_function(forum: Forum, *, actor: Actor, **written: Any) -> FunctionDescription:
    """A new draft in the forum."""
    require(actor, Verb.WRITE_MINUTES, forum)
    order = FunctionDescription.objects.filter(forum=forum).count() + 1
    return FunctionDescription.objects.create(tenant_id=forum.tenant_id, forum=forum, author_id=actor.user_id, order=order, **written)


def write_function(description: FunctionDescription, *, actor: Actor, seen: str, **written: Any) -> None:
    """Change the text of a draft. What the leaders have approved is a draft again, and goes to them anew."""
    found = lock(description, Status.DRAFT, Status.APPROVED, actor=actor)
    if seen != version_of(found):
        raise PlanStateError(_("Somebody else has changed the text since you opened it. Copy your text, open the page again and put it in."))
    if found.status == Status.APPROVED:
        record(found, Step.CHANGED, actor)
        begin_round(found)
    for name, value in written.items():
        setattr(found, name, value)
    found.author_id = actor.user_id
    found.save()


def send_to_leaders(description: FunctionDescription, meeting: Meeting, *, actor: Actor) -> None:
    """The draft has been made at this meeting: ask the leaders. Raises PlanStateError when there is no text or nobody to ask, and for the fourth time within an hour."""
    found = lock(description, Status.DRAFT, actor=actor)
    if not found.tasks.strip():
        raise PlanStateError(_("Write the overall tasks before you send the description."))
    leaders = function_leaders.to_ask(found, actor)
    found.leader_ids = [leader.pk for leader in leaders]
    found.drafted_at, found.drafted_on = meeting, _held_on(meeting, found)
    if too_often(f"function:{found.pk}", most=MOST_SENT, within=SENT_WITHIN):
        raise PlanStateError(_("The description has been sent %(count)s times within an hour. Wait a little before you send it again.") % {"count": MOST_SENT})
    found.status = Status.AT_LEADER
    record(found, Step.SENT, actor)
    found.save()
    ask(found, leaders)


def approve_function(description: FunctionDescription, *, actor: Actor, seen: str) -> bool:
    """A leader approves exactly the text he has read; true when he was the last. Refuses everybody else, and the writer."""
    found = lock(description, Status.AT_LEADER, as_leader=actor)
    if found.author_id == actor.user_id:
        raise PermissionDenied(_("You have written this description. Another leader must approve it."))
    if seen != version_of(found):
        raise PlanStateError(_("The text has been changed since you opened it. Read it again before you decide."))
    if actor.user_id in function_leaders.approvers(found):
        raise PlanStateError(_("You have approved this description already."))
    record(found, Step.APPROVED, actor)
    return settle(found)


def settle(description: FunctionDescription) -> bool:
    """Approved, once every leader has said yes. Of a locked row."""
    if set(description.leader_ids) - function_leaders.approvers(description):
        return False
    description.status, description.approved_on = Status.APPROVED, timezone.localdate()
    description.save()
    tell(description, description.author, gettext_lazy("A funktionsbeskrivelse has been approved by the leaders"), Notice.PLAN)
    return True


def send_function_back(description: FunctionDescription, *, actor: Actor, comment: str) -> None:
    """A leader gives the draft back with what has to be changed; the others' approvals of this round count no more."""
    found = lock(description, Status.AT_LEADER, as_leader=actor)
    if not comment.strip():
        raise PlanStateError(_("Write what has to be changed."))
    if LOOKS_LIKE_CPR.search(comment):
        raise PlanStateError(_("This looks like a CPR number. Take it out: no person data may stand here."))
    record(found, Step.SENT_BACK, actor, comment=comment.strip())
    begin_round(found)
    found.save()
    tell(found, found.author, gettext_lazy("A funktionsbeskrivelse has been sent back"))


def withdraw_function(description: FunctionDescription, *, actor: Actor) -> None:
    """The forum takes back what lies at the leaders, to change it or to ask others."""
    found = lock(description, Status.AT_LEADER, actor=actor)
    record(found, Step.WITHDRAWN, actor)
    begin_round(found)
    found.save()
    ask(found, User.objects.filter(pk__in=found.leader_ids), is_asked=False)


def finish_function(description: FunctionDescription, meeting: Meeting, *, actor: Actor) -> FunctionVersion:
    """The forum decides it at a later meeting than the one where it was drafted: from now on it stands."""
    found = lock(description, Status.APPROVED, actor=actor)
    day = _held_on(meeting, found)
    if found.drafted_on is None or found.drafted_at_id == meeting.pk or day <= found.drafted_on:
        raise PlanStateError(_("Choose a later meeting than the one where the description was drafted."))
    found.status, found.final_at, found.final_on = Status.FINAL, meeting, day
    record(found, Step.FINAL, actor)
    found.save()
    content, approvals = content_of(found), [{"name": row.by.name, "on": timezone.localdate(row.at).isoformat()} for row in function_leaders.approvals_of([found])]
    return FunctionVersion.objects.create(
        tenant_id=found.tenant_id, description=found, number=found.number, content=content, content_hash=digest(content), final_on=day, approvals=approvals
    )


def reopen_function(description: FunctionDescription, *, actor: Actor) -> None:
    """Begin the next version; the final one is kept."""
    found = lock(description, Status.FINAL, actor=actor)
    found.number, found.author_id, found.final_at, found.final_on = found.number + 1, actor.user_id, None, None
    record(found, Step.REOPENED, actor)
    begin_round(found)
    found.save()


def begin_round(description: FunctionDescription) -> None:
    """A draft again, which every leader approves anew. Of a locked row that is saved after."""
    description.status, description.round, description.approved_on = Status.DRAFT, description.round + 1, None
    description.drafted_at = description.drafted_on = None


def content_of(description: FunctionDescription) -> dict[str, str]:
    """The text as plain data."""
    return {"title": description.title, "organisation": description.organisation.name, "tasks": description.tasks, "duties": description.duties}


def version_of(description: FunctionDescription) -> str:
    """A short sum of the text: it travels with the forms."""
    return digest(content_of(description))[:16]


def lock(description: FunctionDescription, *states: str, actor: Actor | None = None, as_leader: Actor | None = None) -> FunctionDescription:
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
    """As it stands in the database now: others may have been named since the page was opened."""
    if not FunctionDescription.objects.filter(pk=description.pk, leader_ids__contains=[actor.user_id]).exists():
        raise PermissionDenied(_("Only a leader named on the description can approve it."))


def _held_on(meeting: Meeting, description: FunctionDescription) -> Any:
    day = timezone.localdate(meeting.starts_at)
    if meeting.forum_id != description.forum_id or meeting.status == Meeting.Status.CANCELLED or day > timezone.localdate():
        raise PlanStateError(_("Choose a meeting of the forum that has been held."))
    return day


def record(description: FunctionDescription, step: str, actor: Actor, *, comment: str = "", leader: User | None = None) -> None:
    """One step, in the round that runs: written before the description is saved, for the database looks whether it stands."""
    values = {"step": step, "number": description.number, "round": description.round, "comment": comment, "leader": leader}
    FunctionRecord.objects.create(tenant_id=description.tenant_id, description=description, by_id=actor.user_id, **values)


def ask(description: FunctionDescription, leaders: Iterable[User], *, is_asked: bool = True) -> None:
    """Tell the leaders that it waits for them, or no longer does; of what is sent and taken back in a row only the last word leaves."""
    for leader in leaders:
        tell(description, leader, WAITS if is_asked else WAITS_NO_MORE, turn=Turn(f"function:{description.pk}", is_asked))


def tell(description: FunctionDescription, recipient: User | None, subject: Any, notice: Notice = Notice.ACTION, turn: Turn | None = None) -> None:
    """A mail that says that something waits, with a link; nobody, for a draft that comes from a preset."""
    if recipient is not None:
        with translation.override(settings.LANGUAGE_CODE):
            words = str(subject)
        path = reverse("function_detail", args=[description.tenant.slug, description.public_id])
        send_mail(description.tenant_id, [recipient], subject=words, path=path, notice=notice, turn=turn, bundle=turn.about if turn else "")


def missing_in(found: list[FunctionDescription]) -> list[FunctionDescription]:
    """Those that are not final."""
    return [description for description in found if not description.is_final]
