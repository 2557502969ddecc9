"""Earlier versions of minutes that were approved, reopened and written anew; and whether each still is what was approved."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from access.actor import Actor
from access.kept import kept
from access.models import User
from meetings.agenda import Line, numbers_of, sees_all
from meetings.minutes import Minutes, checksum, read_minutes
from meetings.models import AgendaItem, Attendance, Meeting, MinutesVersion, MinutesVersionItem, Responsible, listed
from meetings.presence import Away


@dataclass(frozen=True)
class Earlier:
    """One earlier version as this reader sees it. `unchanged` is None when he does not see all of it."""

    row: MinutesVersion
    minutes: Minutes
    unchanged: bool | None


@dataclass(frozen=True)
class Agreed:
    """An agreement as an earlier version has it."""

    agreed_names: str
    what: str
    agreed_day: date


def versions_of(meeting: Meeting) -> list[MinutesVersion]:
    """The earlier versions, the first one first. One query, none for minutes that were never reopened."""
    return list(_versions(meeting.tenant_id, meeting.pk)) if meeting.version > 1 else []


@kept
def _versions(tenant: Any, meeting: Any) -> QuerySet[MinutesVersion]:
    return MinutesVersion.objects.filter(tenant_id=tenant, meeting_id=meeting).select_related("approved_by", "reopened_by")


def read_earlier(actor: Actor, meeting: Meeting, number: str) -> Earlier:
    """The version with that number, with the items of this reader. Raises Http404 when there is none."""
    row = next((version for version in versions_of(meeting) if str(version.number) == number), None)
    if row is None:
        raise Http404("no such version of these minutes")
    frozen = list(MinutesVersionItem.objects.filter(tenant_id=meeting.tenant_id, version=row))
    return Earlier(row, _as_minutes(actor, meeting, row, frozen), _is_unchanged(actor, meeting, row, frozen))


def _is_unchanged(actor: Actor, meeting: Meeting, row: MinutesVersion, frozen: list[MinutesVersionItem]) -> bool | None:
    if not sees_all(actor, meeting):
        return None
    return checksum({**row.content, "items": [item.content for item in frozen]}) == row.content_hash and _follows(meeting, row)


def _follows(meeting: Meeting, row: MinutesVersion) -> bool:
    before = next((version for version in versions_of(meeting) if version.number == row.number - 1), None)
    return bool(row.content.get("after") == (before.link if before else None))


def _as_minutes(actor: Actor, meeting: Meeting, row: MinutesVersion, frozen: list[MinutesVersionItem]) -> Minutes:
    now = read_minutes(actor, meeting)
    people = _people([row.content, *(item.content for item in frozen)])
    shown = {line.item.pk: line for line in now.lines}
    known = [(shown[item.item_id], item.content) for item in frozen if item.item_id in shown]
    items = [_as_item(line.item, content, people, row) for line, content in known]
    lines = [Line(place, number, item) for place, (number, item) in enumerate(zip(numbers_of(items), items, strict=True), start=1)]
    agenda = replace(now.agenda, lines=lines)
    there = [Attendance(user=people[key], presence=presence) for key, presence in row.content["present"] if key in people]
    return Minutes(agenda, sorted(there, key=lambda attendance: attendance.user.name))


def _as_item(now: AgendaItem, content: dict[str, Any], people: dict[str, User], row: MinutesVersion) -> AgendaItem:
    item: Any = copy.copy(now)
    item.title, item.presenter, item.text, item.decision = (content[name] for name in ("title", "presenter", "text", "decision"))
    item.agreed = [Agreed(_names(who, people), what, date.fromisoformat(day)) for who, what, day, *_others in content["agreements"]]
    item.corrections = [note for note in item.corrections if note.created_at <= row.reopened_at]
    item.attached = [file for file in item.attached if [file.name, file.sha256] in content.get("attachments", [])]
    item.away = [Away(people[key], is_recused=False) for key in content.get("away", []) if key in people] + [away for away in item.away if away.is_recused]
    return item  # type: ignore[no-any-return]  # Any for the attributes that only templates read


def _each(who: str | list[Any]) -> list[tuple[str, str]]:
    """(seat or nothing, id of the person or nothing) of each who is responsible (`minutes.content_of`)."""
    return [("", one) if isinstance(one, str) else (one[0], one[1]) for one in ([who] if isinstance(who, str) else who)]


def _names(who: str | list[Any], people: dict[str, User]) -> str:
    return listed([Responsible(people.get(key), seat).name for seat, key in _each(who)])


def _people(contents: Iterable[dict[str, Any]]) -> dict[str, User]:
    wanted: set[str] = set()
    for content in contents:
        wanted |= {key for key, _presence in content.get("present", [])} | set(content.get("away", []))
        wanted |= {key for agreed in content.get("agreements", []) for _seat, key in _each(agreed[0]) if key}
    return {user.public_id: user for user in User.objects.filter(public_id__in=wanted)}
