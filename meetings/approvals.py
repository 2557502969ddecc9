"""What those who were present have said about minutes, and what the reader may say himself."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, QuerySet
from django.utils.translation import gettext as _

from access.actor import Actor
from access.kept import Read, kept
from access.policy import among
from access.request import TenantRequest
from access.roles import Verb
from meetings.agenda import sees_all
from meetings.minutes import Minutes, content_hash
from meetings.models import Attendance, Meeting, MinutesAssent, MinutesComment

Status = Meeting.Status


@dataclass(frozen=True)
class Approval:
    """How far the minutes of a meeting have come with those who were there. `seen`: the checksum of what this reader is shown."""

    seen: str = ""
    may_answer: bool = False  # he was present, and they wait
    has_assented: bool = False  # to what he is shown now
    answers: list[tuple[str, str]] = field(default_factory=list)  # (name, what he says), everybody who was present


def was_present(actor: Actor, attendances: list[Attendance]) -> bool:
    """True when the actor is noted as present."""
    return any(row.user_id == actor.user_id and row.presence == Attendance.Presence.PRESENT for row in attendances)


def read_approval(actor: Actor, minutes: Minutes) -> Approval:
    """What has been said; each item gets its `comments`. Two queries, and those of the checksum while the minutes wait."""
    meeting = minutes.agenda.meeting
    if not meeting.is_held:
        return Approval()
    _put_comments(minutes, meeting)
    assents = _assents(meeting.tenant_id, meeting.pk)
    seen = content_hash(meeting) if meeting.status == Status.CLOSED else meeting.content_hash
    mine = {row.content_hash for row in assents if row.user_id == actor.user_id}
    whole = seen if sees_all(actor, meeting) else ""
    may_answer = meeting.status == Status.CLOSED and meeting.has_begun and was_present(actor, minutes.attendances)
    return Approval(seen, may_answer, seen in mine, _answers(minutes, list(assents), whole))


def _answers(minutes: Minutes, assents: list[MinutesAssent], whole: str) -> list[tuple[str, str]]:
    said = {comment.author_id: _("Has written a comment") for line in minutes.lines for comment in line.item.comments}  # type: ignore[attr-defined]  # _put_comments
    for row in assents:
        is_old = bool(whole) and row.sees_all and row.content_hash != whole
        said[row.user_id] = _("Found an earlier text right") if is_old else _("Finds the minutes right")
    there = {row.user_id: row.user.name for row in minutes.attendances if row.presence == Attendance.Presence.PRESENT}
    return [(name, said.get(user_id, _("Has not answered"))) for user_id, name in there.items()]


def _put_comments(minutes: Minutes, meeting: Meeting) -> None:
    by_item: dict[int, list[MinutesComment]] = {}
    for comment in _comments(meeting.tenant_id, meeting.pk):
        by_item.setdefault(comment.item_id, []).append(comment)
    for line in minutes.lines:
        line.item.comments = by_item.get(line.item.pk, [])  # type: ignore[attr-defined]  # what the templates read


@kept
def _assents(tenant: Any, meeting: Any) -> QuerySet[MinutesAssent]:
    return MinutesAssent.objects.filter(tenant_id=tenant, meeting_id=meeting)


@kept
def _comments(tenant: Any, meeting: Any) -> QuerySet[MinutesComment]:
    return MinutesComment.objects.filter(tenant_id=tenant, meeting_id=meeting).select_related("author")


@kept  # on every Min uge
def _closed(tenant: Any, user: Any) -> QuerySet[Meeting]:
    there = Attendance.objects.filter(meeting=OuterRef("pk"), user_id=user, presence=Attendance.Presence.PRESENT)
    said = [Exists(rows.filter(meeting=OuterRef("pk"))) for rows in (MinutesAssent.objects.filter(user_id=user), MinutesComment.objects.filter(author_id=user))]
    closed = Meeting.objects.filter(tenant_id=tenant, status=Status.CLOSED).select_related("forum").order_by("closed_at")
    owing: QuerySet[Meeting] = closed.annotate(owes_answer=ExpressionWrapper(Exists(there) & ~said[0] & ~said[1], BooleanField()))
    return owing


def to_approve(request: TenantRequest) -> list[Meeting]:
    """Meetings whose minutes the reader approves. One query a request, together with those that wait for his answer."""
    return among(request.actor, Verb.APPROVE_MINUTES, _closed_once(request))


def waiting_for(actor: Actor) -> list[Meeting]:
    """Meetings whose minutes he approves, or was at and has not answered: for a job, which has no request."""
    closed = _closed(actor.tenant_id, actor.user_id)
    approves = {meeting.pk for meeting in among(actor, Verb.APPROVE_MINUTES, closed)}
    return [meeting for meeting in among(actor, Verb.VIEW_AGENDA, closed) if meeting.pk in approves or meeting.owes_answer]  # type: ignore[attr-defined]  # annotated


def week_part(request: TenantRequest) -> dict[str, Any] | None:
    """Min uge: minutes of meetings the reader was at, and has not answered. Who approves them has them above."""
    approves = {meeting.pk for meeting in to_approve(request)}
    read = among(request.actor, Verb.VIEW_AGENDA, _closed_once(request))
    found = [meeting for meeting in read if meeting.owes_answer and meeting.pk not in approves]  # type: ignore[attr-defined]  # annotated
    return {"meetings": found} if found else None


def closed_read(request: TenantRequest) -> Read[Meeting]:
    """What `to_approve` and `week_part` ask for."""
    return _closed.of(request.actor.tenant_id, request.actor.user_id)


def _closed_once(request: TenantRequest) -> list[Meeting]:
    known = request.__dict__
    if "closed_meetings" not in known:
        known["closed_meetings"] = closed_read(request).rows()
    closed: list[Meeting] = known["closed_meetings"]
    return closed
