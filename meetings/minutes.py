"""The minutes of a meeting as one document: what was written, what is missing, and the checksum of what was approved."""

import hashlib
import json
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.actor import Actor
from access.kept import Read, kept
from meetings.agenda import Agenda, Line, general_items, read_agenda, sees_all
from meetings.attachments import attach
from meetings.deputies import places
from meetings.models import Agreed, Agreement, Attachment, Attendance, CorrectionNote, ItemAbsence, Meeting, MinutesVersion
from meetings.presence import away_by_item

Presence = Attendance.Presence


@dataclass(frozen=True)
class Minutes:
    """One reader's minutes: his agenda with texts, agreements, notes, and who was there."""

    agenda: Agenda
    attendances: list[Attendance]

    @property
    def lines(self) -> list[Line]:
        """The items, numbered as this reader sees them."""
        return self.agenda.lines

    def names(self, presence: str) -> list[str]:
        """The names of those with this presence."""
        return [said_name(row) for row in self.attendances if row.presence == presence]

    @property
    def present_count(self) -> int:
        """How many places were taken: one and his deputy have one together."""
        return len(places(row for row in self.attendances if row.presence == Presence.PRESENT))

    @property
    def place_count(self) -> int:
        """How many places there are."""
        return len(places(self.attendances))

    @property
    def present(self) -> list[str]:
        """Who was there."""
        return self.names(Presence.PRESENT)

    @property
    def excused(self) -> list[str]:
        """Who sent apologies."""
        return self.names(Presence.EXCUSED)

    @property
    def absent(self) -> list[str]:
        """Who stayed away."""
        return self.names(Presence.ABSENT)


def said_name(row: Attendance) -> str:
    """The name, and of a deputy in whose place he came."""
    return _("%(name)s (for %(other)s)") % {"name": row.user.name, "other": row.stands_in_for.user.name} if row.stands_in_for else row.user.name


def read_minutes(actor: Actor, meeting: Meeting) -> Minutes:
    """This reader's minutes. Six queries, whatever the number of items."""
    agenda = read_agenda(actor, meeting)
    attach(agenda.lines, meeting)
    items = {line.item.pk: line.item for line in agenda.lines}
    for item in items.values():
        item.agreed, item.corrections, item.away = [], [], []  # type: ignore[attr-defined]  # what the templates read
    for agreement in _agreements(meeting.tenant_id, meeting.pk):
        if agreement.item_id in items:
            items[agreement.item_id].agreed.append(agreement)  # type: ignore[attr-defined]
    for note in _notes(meeting.tenant_id, meeting.pk):
        if note.item_id in items:
            items[note.item_id].corrections.append(note)  # type: ignore[attr-defined]
    attendances = attendance_of(meeting)
    for item_id, away in away_by_item(meeting, attendances).items():
        if item_id in items:
            items[item_id].away = away  # type: ignore[attr-defined]
    return Minutes(agenda, attendances)


@kept
def _agreements(tenant: Any, meeting: Any) -> QuerySet[Agreement]:
    return Agreement.objects.filter(tenant_id=tenant, meeting_id=meeting).with_parties()


@kept
def _notes(tenant: Any, meeting: Any) -> QuerySet[CorrectionNote]:
    return CorrectionNote.objects.filter(tenant_id=tenant, meeting_id=meeting).select_related("author")


@kept
def _attendances(tenant: Any, meeting: Any) -> QuerySet[Attendance]:
    rows = Attendance.objects.filter(tenant_id=tenant, meeting_id=meeting)
    return rows.select_related("user", "seat__organisation", "stands_in_for__user").order_by("user__first_name", "user__last_name", "pk")


def attendance_of(meeting: Meeting) -> list[Attendance]:
    """Who is invited, with seat and organisation, in a steady order."""
    return attendance_read(meeting).rows()


def attendance_read(meeting: Meeting) -> Read[Attendance]:
    """What `attendance_of` asks for."""
    return _attendances.of(meeting.tenant_id, meeting.pk)


def not_begun(meeting: Meeting) -> str:
    """Why the meeting can neither be closed nor its minutes approved yet, and what to do if it was held earlier."""
    when = date_format(localtime(meeting.starts_at), _("j F, G:i"))
    if meeting.is_planned:
        return _("The meeting does not begin until %(when)s, and cannot be closed before that. Was it held earlier? Change its time first.") % {"when": when}
    return _("The meeting does not begin until %(when)s. Its minutes can be approved after that.") % {"when": when}


def opened_early(meeting: Meeting) -> str:
    """What is said above minutes that are opened before the meeting begins; empty afterwards. Days before, they are prepared."""
    if not meeting.is_planned or meeting.has_begun:
        return ""
    if meeting.is_its_day:
        return not_begun(meeting)
    return _("The meeting begins %(when)s. Until then you prepare the minutes.") % {"when": date_format(localtime(meeting.starts_at), _("j F, G:i"))}


def missing(minutes: Minutes) -> list[str]:
    """What a reader of the minutes will miss, as sentences. Nothing here stops the meeting from being closed."""
    found = []
    held = [line for line in minutes.lines if not line.item.is_withdrawn]
    empty = [line.number for line in held if not line.item.text.strip() and not line.item.decision.strip()]
    if empty:
        found.append(ngettext("Item %(numbers)s has no text.", "Items %(numbers)s have no text.", len(empty)) % {"numbers": in_runs(held, empty)})
    decisions = [line.number for line in held if line.item.kind == "BESLUTNING" and not line.item.decision.strip()]
    if decisions:
        found.append(ngettext("Item %(numbers)s has no decision.", "Items %(numbers)s have no decision.", len(decisions)) % {"numbers": in_runs(held, decisions)})
    unknown = len(minutes.names(Presence.UNKNOWN))
    if unknown:
        found.append(ngettext("Attendance is not noted for %(count)s person.", "Attendance is not noted for %(count)s persons.", unknown) % {"count": unknown})
    if not minutes.attendances:
        found.append(_("Nobody has been called to the meeting."))
    return found


def in_runs(held: list[Line], numbers: list[str]) -> str:
    """Numbers of items as one says them: three or more in a row as «2–8», the others one by one."""
    runs: list[list[str]] = []
    for is_named, group in groupby((line.number for line in held), key=set(numbers).__contains__):
        runs += [list(group)] if is_named else []
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)  # a dash between numbers


def content_hash(meeting: Meeting) -> str:
    """SHA-256 over the general part of the minutes as canonical JSON. Asks row security: only whoever sees all may use it.

    Agreements stand in it with who, what and by when, not with their status: they may be ticked off afterwards.
    """
    return checksum(content_of(meeting))


def checksum(content: dict[str, Any]) -> str:
    """SHA-256 over canonical JSON."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def content_of(meeting: Meeting) -> dict[str, Any]:
    """What is approved: when and where, who was there, and `items`. After a reopening also `after`, the version before it."""
    agreements = Prefetch("agreements", Agreement.objects.order_by("pk").with_parties())
    attachments = Prefetch("attachments", Attachment.objects.order_by("pk"))
    absences = Prefetch("absences", ItemAbsence.objects.order_by("pk").select_related("user"))
    items = general_items(meeting).prefetch_related(agreements, attachments, absences)
    attendances = Attendance.objects.filter(tenant_id=meeting.tenant_id, meeting=meeting).order_by("pk").select_related("user")
    return {
        "meeting": [meeting.public_id, int(meeting.starts_at.timestamp()), meeting.place],
        "present": [[row.user.public_id, row.presence] for row in attendances],
        **({"after": _version_before(meeting)} if meeting.version > 1 else {}),
        "items": [
            {
                "title": item.title, "presenter": item.presenter, "class": item.data_class, "text": item.text, "decision": item.decision,
                "agreements": [[as_approved(agreed), agreed.what, agreed.agreed_day.isoformat()] for agreed in item.agreements.all()],
                **({"attachments": files} if (files := [[row.name, row.sha256] for row in item.attachments.all()]) else {}),
                **({"away": sorted(away)} if (away := [row.user.public_id for row in item.absences.all()]) else {}),
            }
            for item in items
        ],
    }  # fmt: skip


def as_approved(agreement: Agreed) -> str | list[Any]:
    """Who it was agreed with: one person as his id, as ever; else each as an id, a seat as [what it was called, the id of who held it]."""
    ids = [one.person.public_id if one.person else "" for one in agreement.agreed_by]
    if len(ids) == 1 and not agreement.agreed_by[0].seat:
        return ids[0]
    return [[one.seat, key] if one.seat else key for one, key in zip(agreement.agreed_by, ids, strict=True)]


def _version_before(meeting: Meeting) -> list[Any]:
    return MinutesVersion.objects.select_related("reopened_by").get(tenant_id=meeting.tenant_id, meeting=meeting, number=meeting.version - 1).link


def is_unchanged(actor: Actor, meeting: Meeting) -> bool | None:
    """Whether the checksum still fits what was approved; None when there is none, or the actor does not see all of it."""
    if not meeting.content_hash or not sees_all(actor, meeting):
        return None
    return content_hash(meeting) == meeting.content_hash
