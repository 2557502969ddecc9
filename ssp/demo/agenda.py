"""Demo: what members proposed for an agenda, what was parked, and what went up and down."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils import timezone

from access.context import context_of
from meetings import handover_actions
from meetings.kreds_decisions import publish_decision
from meetings.models import AgendaItem, Handover, ItemProposal

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


def load_handovers(world: World) -> None:
    """What one forum sent to another, by who convenes it; a theme is approved by its second member; then the answer."""
    for row in world.content.get("handovers", []):
        one, other, by = world.forums[row["from"]], world.forums[row["to"]], world.users[row["by"]]
        actor = replace(world.actor(), user_id=by.pk)
        with context_of(actor):
            item = AgendaItem.objects.get(meeting=world.meetings[row["meeting"]], title=row["item"]) if "item" in row else None
            made = handover_actions.write_handover(one, other, actor=actor, title=row["title"], text=row["text"], data_class=row["data_class"], item=item)
            if row["status"] != Handover.Status.DRAFT:
                made = handover_actions.send_handover(made, actor=actor)
        if "second" in row:
            second = replace(world.actor(), user_id=world.users[row["second"]].pk)
            with context_of(second):
                made = handover_actions.approve_handover(made, actor=second)
        if "answer" in row:
            answers = replace(world.actor(), user_id=world.users[row["answers"]].pk)
            with context_of(answers):
                handover_actions.answer_handover(made, actor=answers, answer=row["answer"], decline=True)


def load_decisions(world: World) -> None:
    """What the Kredsråd decided, published to the kommuner."""
    for row in world.content.get("published_decisions", []):
        actor = replace(world.actor(), user_id=world.users[row["by"]].pk)
        with context_of(actor):
            publish_decision(AgendaItem.objects.get(meeting=world.meetings[row["meeting"]], title=row["item"]), actor=actor)
