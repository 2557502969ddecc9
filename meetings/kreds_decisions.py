"""The Kredsråd's decisions on their way to every kommune: published from its minutes, read on the next agenda of each Lokalråd, or beside it."""

from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from access.actor import Actor
from access.cpr import LOOKS_LIKE_CPR
from access.policy import may, require
from access.request import TenantRequest
from access.roles import DataClass, ForumKind, Verb
from meetings.agenda_actions import need
from meetings.fillers import MOST, Filling
from meetings.handovers import last_meeting_at
from meetings.models import AgendaItem, Fill, KredsDecision, Meeting
from meetings.rows import locked_item

OPEN_CLASSES = (DataClass.PUBLIC, DataClass.INTERNAL)


def publish_decision(item: AgendaItem, *, actor: Actor) -> KredsDecision:
    """Let every kommune of the politikreds read what was decided under an item of the Kredsråd, as the minutes have it now."""
    require(actor, Verb.WRITE_MINUTES, item)
    meeting, item = locked_item(item, actor, Verb.WRITE_MINUTES)
    need(meeting.forum.kind == ForumKind.KREDSRAAD, _("Only decisions of the Kredsråd are published to the kommuner."))
    need(meeting.is_held and item.decision != "", _("Nothing has been decided under the item at a meeting that is over."))
    need(item.data_class in OPEN_CLASSES, _("Only a public or internal item is published to the kommuner."))
    need(not LOOKS_LIKE_CPR.search(item.title + "\n" + item.decision), _("This looks like a CPR number. Take it out: no person data may stand here."))
    need(not KredsDecision.objects.filter(item=item).exists(), _("The decision has been published already."))
    return KredsDecision.objects.create(
        tenant_id=item.tenant_id, forum_id=item.forum_id, item=item, title=item.title, text=item.decision,
        held_on=localtime(meeting.starts_at).date(), published_by_id=actor.user_id,
    )  # fmt: skip


def meeting_part(request: TenantRequest, meeting: Meeting) -> dict[str, Any] | None:
    """Beside the agenda of a Kredsråd that was held: its decisions, and which the kommuner have. Two queries."""
    if meeting.forum.kind != ForumKind.KREDSRAAD or not meeting.is_held:
        return None
    items = list(AgendaItem.objects.filter(meeting=meeting, data_class__in=OPEN_CLASSES).exclude(decision="").order_by("order", "pk"))
    known = set(KredsDecision.objects.filter(item__in=items).values_list("item_id", flat=True))
    rows = [(item, item.pk in known) for item in items]
    return {"meeting": meeting, "rows": rows, "may_publish": bool(may(request.actor, Verb.WRITE_MINUTES, meeting))} if rows else None


def from_kreds(request: TenantRequest, meeting: Meeting) -> list[Filling]:
    """For a Lokalråd: what the Kredsråd has published since its last meeting."""
    if meeting.forum.kind != ForumKind.LOKALRAAD or not request.actor.parent_tenant_id:
        return []
    rows = KredsDecision.objects.filter(tenant_id=request.actor.parent_tenant_id, published_at__gte=last_meeting_at(meeting)).order_by("published_at", "pk")[:MOST]
    shape = _("The Kredsråd decided %(day)s, “%(title)s”: %(text)s")
    return [Filling(shape % {"day": date_format(row.held_on, _("j F Y")), "title": row.title, "text": row.text}) for row in rows]


def beside_part(request: TenantRequest, meeting: Meeting) -> dict[str, Any] | None:
    """Beside the agenda of a Lokalråd that has no item for what comes from above: a kommune's own agenda keeps no decision from it. One query."""
    told: dict[str, Any] = meeting.neighbours  # type: ignore[attr-defined]  # fill_in puts them there, by what fills each item of the reader's agenda
    lines = from_kreds(request, meeting) if meeting.is_open and Fill.HANDOVER_ABOVE not in told else []
    return {"lines": lines} if lines else None
