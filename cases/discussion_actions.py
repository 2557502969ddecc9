"""The discussion of a case at a meeting: facts and assessment apart, and who was present (the disclosure record)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.models import User
from access.roles import Verb
from cases.agreement_actions import add_agreement
from cases.errors import CaseStateError, StaleDiscussionError
from cases.models import Case, CaseAgreement, CaseItem, Discussion, ItemPresence
from cases.rows import locked_case, note_texts, writer_id
from meetings.models import Meeting
from meetings.rows import locked_meeting
from municipalities.models import Seat

Status = Meeting.Status


def save_discussion(
    link: CaseItem, *, actor: Actor, facts: str, assessment: str, version: int, concern_level: int | None = None, follow_up_on: date | None = None, present: Mapping[int, str]
) -> Discussion:
    """Save what was said, the level agreed, the next follow-up and who was present (user id -> seat). Inside an opened case.

    Before the meeting's day only the texts, as a preparation: the record of who heard what tells of nothing that has not been, and loses
    nothing that has: what was noted on the day from which the meeting was moved stays.
    Raises StaleDiscussionError when another has saved since `version`, CaseStateError when the meeting is not under way.
    """
    meeting = locked_meeting(link.meeting, actor, Verb.WRITE_CASES)
    need_writable(meeting)
    if not meeting.is_its_day and (present or concern_level or follow_up_on):
        raise CaseStateError(_("The meeting has not been held yet. Who is present, the level and the next follow-up are noted from its day on."))
    case = locked_case(link.case, actor)
    said = Discussion.objects.select_for_update().filter(tenant_id=link.tenant_id, item_id=link.item_id).first()
    if (said.version if said else 0) != version:
        raise _stale(said)
    is_new = said is None
    said = said or Discussion(tenant_id=link.tenant_id, item_id=link.item_id, case=case, person_id=link.person_id, meeting=meeting)
    said.facts, said.assessment, said.version = facts, assessment, version + 1
    if meeting.is_its_day:
        said.concern_level = concern_level
    said.saved_by_id, said.saved_at = writer_id(actor), timezone.now()
    said.save(force_insert=is_new, force_update=not is_new)
    if meeting.is_its_day:
        _note_presence(link, case, present)
    note_texts(link.item_id)
    _carry_over(case, meeting, concern_level, follow_up_on)
    if meeting.is_its_day and not link.item.is_done:
        link.item.is_done = True
        link.item.save(update_fields=["is_done"])
    return said


def _stale(said: Discussion | None) -> StaleDiscussionError:
    return StaleDiscussionError(said.facts, said.assessment, said.version, said.saved_by, said.saved_at) if said else StaleDiscussionError("", "", 0, None, None)


def why_locked(meeting: Meeting) -> str:
    """The sentence that says why nothing can be written under the meeting's cases; empty while something can."""
    if meeting.status == Status.DRAFT:
        return _("The meeting has not been called yet. Call it first; then the discussion can be written.")
    if meeting.status == Status.CANCELLED:
        return _("The meeting is cancelled. Nothing can be written under it.")
    if meeting.status == Status.APPROVED or meeting.version > 1:  # a reopening is of the general part: here nothing is frozen as a version
        return _("The minutes are approved and locked. Put the case on the agenda of the next meeting, and write the correction there.")
    return ""


def need_writable(meeting: Meeting) -> None:
    """Raise CaseStateError when nothing can be written under the meeting's cases."""
    if reason := why_locked(meeting):
        raise CaseStateError(reason)


def _note_presence(link: CaseItem, case: Case, present: Mapping[int, str]) -> None:
    """Make the presence rows equal to `present`, one row at a time so that each change is logged."""
    noted = {row.user_id: row for row in ItemPresence.objects.filter(tenant_id=link.tenant_id, item_id=link.item_id)}
    for user_id in noted.keys() - present.keys():
        noted[user_id].case = case
        noted[user_id].delete()
    for user_id in present.keys() - noted.keys():
        ItemPresence.objects.create(tenant_id=link.tenant_id, item_id=link.item_id, case=case, user=User(pk=user_id), seat_label=present[user_id])


def _carry_over(case: Case, meeting: Meeting, concern_level: int | None, follow_up_on: date | None) -> None:
    """The case's own level and follow-up follow its latest discussion."""
    if not case.is_open or Discussion.objects.filter(case=case, meeting__starts_at__gt=meeting.starts_at).exists():
        return
    wanted: dict[str, Any] = {"concern_level": concern_level or case.concern_level, "follow_up_on": follow_up_on or case.follow_up_on}
    changed = [name for name, value in wanted.items() if getattr(case, name) != value]
    for name in changed:
        setattr(case, name, wanted[name])
    if changed:
        case.save(update_fields=changed)


def agree_at_meeting(link: CaseItem, *, actor: Actor, who: User | Seat | Sequence[User | Seat], what: str, due_on: date) -> CaseAgreement:
    """An aftale made while the case is discussed: it belongs to the meeting's item."""
    need_writable(locked_meeting(link.meeting, actor, Verb.WRITE_CASES))
    return add_agreement(link.case, actor=actor, who=who, what=what, due_on=due_on, item=link.item)
