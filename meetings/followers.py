"""The dates of a forum that meets before or after another: reckoned from the other's meetings. No database, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.slots import Gap
from meetings.workdays import ONE_DAY, Workdays
from municipalities.models import Forum

DAY_BEGINS, DAY_ENDS = time(8), time(17)  # a meeting right before or after another stays inside the working day


@dataclass(frozen=True)
class Anchor:
    """A meeting of the other forum: its public id, and when it is, in local time."""

    key: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Follower:
    """A meeting right before or after an anchor, or on the nearest workday."""

    key: str
    starts_at: datetime
    is_same_day: bool


def followers(forum: Forum, anchors: Iterable[Anchor], *, first: date, workdays: Workdays, usual: time, minutes: int) -> tuple[list[Follower], list[Gap]]:
    """One meeting for each anchor. On its own day if that is a workday with room for it, else on the nearest workday at the usual time."""
    after = forum.cadence_unit == Forum.CadenceUnit.AFTER
    found: list[Follower] = []
    gaps: list[Gap] = []
    for anchor in anchors:
        day = anchor.starts_at.date()
        beside = _beside(anchor, after, minutes)
        if beside and workdays.is_open(day) and day >= first:
            found.append(Follower(anchor.key, beside, True))
            continue
        step = 1 if after else -1
        near = workdays.nearest(day + step * ONE_DAY, step)
        if near is None or near < first:
            gaps.append(Gap(day, _("There is no workday for it near the other forum's meeting.")))
        else:
            found.append(Follower(anchor.key, at_clock(near, usual), False))
    return found, gaps


def _beside(anchor: Anchor, after: bool, minutes: int) -> datetime | None:
    """When it starts on the anchor's own day; None when the working day has no room for it."""
    length = timedelta(minutes=minutes)
    starts_at = anchor.ends_at if after else anchor.starts_at - length
    ends_at = starts_at + length
    fits = starts_at.date() == ends_at.date() == anchor.starts_at.date() and starts_at.time() >= DAY_BEGINS and ends_at.time() <= DAY_ENDS
    return starts_at if fits else None


def at_clock(day: date, clock: time) -> datetime:
    """That clock time on that day, in Danish time."""
    return timezone.make_aware(datetime.combine(day, clock))
