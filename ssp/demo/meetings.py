"""Demo: meetings with minutes, attendance and agreements."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from access.file_kinds import judge
from access.models import User
from access.roles import DataClass
from access.vault import file_store
from meetings.minutes import content_hash
from meetings.models import CLOSED_ITEM_TITLE, AgendaItem, AgendaTemplateItem, Agreement, AgreementParty, AgreementStep, Attachment, Attendance, Meeting
from municipalities.models import Seat

if TYPE_CHECKING:
    from ssp.demo.load import World

Status = Meeting.Status
FILES = Path(__file__).parent / "bilag"


def load(world: World) -> None:
    """Every meeting with its items: those of its forum's standing agenda first."""
    names = {row["key"]: (row["forum"], row["name"]) for row in world.preset.get("agenda_templates", [])}
    for row in world.content.get("meetings", []):
        meeting = _meeting(world, row)
        standing = _standing(world, *names[row["template"]]) if "template" in row else []
        rows = [_from_template(item) for item in standing] + row.get("items", [])
        for order, item in enumerate(rows, start=1):
            _item(world, meeting, row, order, item)
        if meeting.status != Status.DRAFT:  # nobody is called to a draft
            _attendance(world, meeting, row)
        if meeting.status == Status.APPROVED:
            meeting.content_hash = content_hash(meeting)
            meeting.save(update_fields=["content_hash"])


def _standing(world: World, forum: str, name: str) -> list[AgendaTemplateItem]:
    return list(AgendaTemplateItem.objects.filter(template__forum=world.forums[forum], template__name=name))


def _from_template(item: AgendaTemplateItem) -> dict[str, Any]:
    return {"title": item.title, "presenter": item.presenter, "minutes": item.duration, "kind": item.kind, "data_class": item.data_class, "fill": item.fill}


def _meeting(world: World, row: dict[str, Any]) -> Meeting:
    starts_at = world.moment(world.day(row["days"]), row["time"])
    held = row["status"] in (Status.CLOSED, Status.APPROVED)
    ends_at = starts_at + timedelta(minutes=row["minutes"])
    approver = world.users.get("konsulent") or next(iter(world.users.values()))
    meeting = Meeting.objects.create(
        tenant=world.tenant, forum=world.forums[row["forum"]], number=row.get("number", 1), starts_at=starts_at, ends_at=ends_at, place=row.get("place", ""),
        status=row["status"], called_at=_called_at(starts_at) if row["status"] != Status.DRAFT else None, closed_at=ends_at if held else None,
        approved_at=ends_at + timedelta(days=9) if row["status"] == Status.APPROVED else None, approved_by=approver if row["status"] == Status.APPROVED else None,
    )  # fmt: skip
    world.meetings[row["key"]] = meeting
    return meeting


def _called_at(starts_at: datetime) -> datetime:
    """Two weeks before; of a meeting that is further ahead some days ago: nobody is called in the future."""
    return min(starts_at - timedelta(days=14), timezone.now() - timedelta(days=3))


def _item(world: World, meeting: Meeting, meeting_row: dict[str, Any], order: int, row: dict[str, Any]) -> None:
    closed = DataClass(row["data_class"]).is_person
    item = AgendaItem.objects.create(
        tenant=world.tenant, forum=meeting.forum, meeting=meeting, order=order, title=CLOSED_ITEM_TITLE if closed else row["title"], presenter=row.get("presenter", ""),
        duration=row.get("minutes", 10), kind=row["kind"], data_class=row["data_class"], text="" if closed else row.get("text", ""),
        decision=row.get("decision", ""), fill=row.get("fill", ""), is_done=meeting.status in (Status.CLOSED, Status.APPROVED),
    )  # fmt: skip
    if closed:
        world.items[meeting_row["key"], row["case"]] = item
    for file in row.get("files", []):
        _attachment(world, item, file)
    for agreed in row.get("agreements", []):
        agreement = Agreement.objects.create(
            tenant=world.tenant, forum=meeting.forum, meeting=meeting, item=item, what=agreed["what"],
            due_on=world.day(agreed["due_days"]), status=agreed["status"], created_by=world.users.get("konsulent") or world.users[agreed["who"]],
            done_at=timezone.now() if agreed["status"] == "DONE" else None,
        )  # fmt: skip
        parties = [_party(world, meeting, key) for key in ([agreed["who"]] if isinstance(agreed["who"], str) else agreed["who"])]
        for party in parties:
            AgreementParty.objects.create(tenant=world.tenant, item=item, agreement=agreement, **AgreementParty.values_of(party))
        if agreement.is_done:
            author = next(party for party in parties if isinstance(party, User))
            AgreementStep.objects.create(tenant=world.tenant, item=item, agreement=agreement, kind="DONE", due_on=agreement.due_on, author=author)


def _party(world: World, meeting: Meeting, key: str) -> User | Seat:
    """A person by his key; a seat of the meeting's forum as «plads:ssp-konsulent»."""
    found: User | Seat = Seat.objects.current().get(forum=meeting.forum, key=key.removeprefix("plads:")) if key.startswith("plads:") else world.users[key]
    return found


def _attachment(world: World, item: AgendaItem, row: dict[str, Any]) -> None:
    content = (FILES / row["from"]).read_bytes()
    kind = judge(row["name"], content)
    Attachment.objects.create(
        tenant=world.tenant, forum=item.forum, meeting=item.meeting, item=item, name=row["name"], kind=kind.key, size=len(content), file_key=file_store().put(content),
        sha256=hashlib.sha256(content).hexdigest(), is_late=row.get("is_late", False), uploaded_by=world.users[row["by"]],
    )  # fmt: skip


def _attendance(world: World, meeting: Meeting, row: dict[str, Any]) -> None:
    noted, replies = row.get("attendance", {}), row.get("replies", {})
    keys = {user.pk: key for key, user in world.users.items()}
    for seat in Seat.objects.filter(forum=meeting.forum, user__isnull=False).order_by("pk").select_related("user"):
        assert seat.user is not None, "the filter says so"
        key = keys[seat.user.pk]
        Attendance.objects.create(
            tenant=world.tenant, forum=meeting.forum, meeting=meeting, seat=seat, user=seat.user,
            presence=noted.get(key, "UNKNOWN"), reply=replies.get(key, "NONE"),
        )  # fmt: skip
