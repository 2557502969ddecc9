"""Open approved minutes again: what was approved is frozen as a version of its own, and the next one is written. A small mistake is a note instead."""

from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.roles import Verb
from meetings import invitations
from meetings.agenda import general_items, sees_all
from meetings.errors import MeetingStateError
from meetings.minutes import content_of, is_unchanged
from meetings.models import Meeting, MinutesVersion, MinutesVersionItem, PublicMinutes
from meetings.rows import locked_meeting

Status = Meeting.Status


def reopen_minutes(meeting: Meeting, *, actor: Actor, reason: str) -> MinutesVersion:
    """Freeze the approved minutes as a version and open them for the next one, which those who were present are told of.

    What was published of them is withdrawn at once, whether or not the actor writes minutes himself: a text that may be wrong is not public.

    Returns the frozen version. Raises MeetingStateError when they are not approved, when the actor does not see all of them, or when
    they are no longer what was approved: that is for the administrator to look into first.
    """
    meeting = locked_meeting(meeting, actor, Verb.APPROVE_MINUTES)
    if meeting.status != Status.APPROVED or not meeting.content_hash:
        raise MeetingStateError(_("Only approved minutes can be reopened."))
    if not sees_all(actor, meeting):
        raise MeetingStateError(_("You do not see every item of this meeting. Let a member who does reopen the minutes."))
    if not is_unchanged(actor, meeting):
        raise MeetingStateError(_("The text is no longer the one that was approved. Tell the administrator of the kommune."))
    version = _freeze(meeting, actor, reason)
    # row security lets who writes the minutes do it, and the log says so; for anybody else a trigger does it below, or stops the whole
    PublicMinutes.objects.filter(tenant_id=meeting.tenant_id, meeting=meeting).delete()
    meeting.status, meeting.version = Status.CLOSED, meeting.version + 1
    meeting.approved_at, meeting.approved_by, meeting.approved_at_meeting, meeting.content_hash = None, None, None, ""
    meeting.save(update_fields=["status", "version", "approved_at", "approved_by", "approved_at_meeting", "content_hash"])
    invitations.send(meeting, invitations.present(meeting), invitations.REOPENED)
    return version


def _freeze(meeting: Meeting, actor: Actor, reason: str) -> MinutesVersion:
    assert meeting.approved_by_id is not None, "approved minutes say by whom"
    assert meeting.approved_at is not None, "approved minutes say when"
    content = content_of(meeting)
    frozen = content.pop("items")
    version = MinutesVersion.objects.create(
        tenant_id=meeting.tenant_id, forum_id=meeting.forum_id, meeting=meeting, number=meeting.version, content=content, content_hash=meeting.content_hash,
        approved_by_id=meeting.approved_by_id, approved_at=meeting.approved_at, reason=reason, reopened_by_id=actor.user_id, reopened_at=timezone.now(),
    )  # fmt: skip
    for place, (item, said) in enumerate(zip(general_items(meeting), frozen, strict=True), start=1):
        MinutesVersionItem.objects.create(tenant_id=meeting.tenant_id, version=version, item=item, place=place, content=said)
    return version
