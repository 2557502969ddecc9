"""Demo: what members proposed for an agenda, and what was parked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils import timezone

from access.context import context_of
from meetings.models import AgendaItem, ItemProposal

if TYPE_CHECKING:
    from ssp.demo.load import World

Status = ItemProposal.Status


def load(world: World) -> None:
    """Each proposal by the one who made it; then what became of it."""
    for row in world.content.get("proposals", []):
        forum, by = world.forums[row["forum"]], world.users[row["by"]]
        with context_of(replace(world.actor(), user_id=by.pk)):
            made = ItemProposal.objects.create(
                tenant=world.tenant, forum=forum, meeting=world.meetings.get(row.get("meeting", "")), title=row["title"], text=row.get("text", ""), kind=row["kind"],
                status=Status.PARKED if row["status"] == Status.PARKED else Status.WAITING, proposed_by=by,
            )  # fmt: skip
        if row["status"] in (Status.TAKEN, Status.DECLINED):
            with context_of(world.actor()):
                made.status, made.sentence = row["status"], row["sentence"]
                made.decided_by, made.decided_at = world.users["konsulent"], timezone.now()
                if made.status == Status.TAKEN:
                    made.taken_to = AgendaItem.objects.get(meeting=world.meetings[row["meeting"]], title=row["item"])
                made.save()
