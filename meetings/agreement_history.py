"""What has become of an aftale, of a meeting or in a case, step by step; and whose hands it came into because a seat changed holder.

A seat that is responsible takes its aftaler along: nobody hands them over, and no step is written (the administrator who seats people
sees no aftale). So these lines are read from the seats themselves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings.models import AgreementStep, listed
from municipalities.models import Seat
from municipalities.places import is_same_place

Kind = AgreementStep.Kind
ENDS = {Kind.DONE: True, Kind.DROPPED: True, Kind.REOPENED: False}


@dataclass(frozen=True)
class Entry:
    """One line of the history. `by` is empty when nobody did it: a seat changed holder."""

    said: str
    at: datetime
    by: str = ""
    remark: str = ""


def history_of(agreement: Any, steps: Sequence[Any]) -> list[Entry]:
    """The lines, in order. `agreement` is read with its parties, `steps` in their order with their authors. One query, none without a seat."""
    told = [Entry(_said(agreement, step), step.created_at, step.author.name, step.remark) for step in steps]
    return sorted([*told, *_taken_over(agreement, steps)], key=lambda entry: entry.at)


def _said(agreement: Any, step: Any) -> str:
    if step.round:
        return _("Handed over to %(who)s") % {"who": listed([one.name for one in agreement.in_round(step.round)])}
    kind = str(step.get_kind_display())
    return f"{kind}: {date_format(step.due_on, _('j F Y'))}" if step.kind == Kind.MOVED else kind


def _taken_over(agreement: Any, steps: Sequence[Any]) -> Iterable[Entry]:
    held = [(row["round"], row["seat"]) for row in agreement.party_rows if row["seat"] is not None]
    if not held:
        return
    rows = {seat.pk: seat for seat in _seats_of_forums({seat for _round, seat in held})}
    ended = {step.round - 1: step.created_at for step in steps if step.round}  # a round ends when the next one begins
    for number, seat_id in held:
        first = rows[seat_id]
        for seat in rows.values():
            is_later = first.valid_to is not None and first.valid_to <= seat.valid_from <= ended.get(number, timezone.now())
            if is_later and is_same_place(first, seat) and _was_open(steps, seat.valid_from):
                yield Entry(_taken_by(seat), seat.valid_from)


def _seats_of_forums(ids: Iterable[int]) -> Iterable[Seat]:
    forums = Seat.objects.filter(pk__in=ids).values("forum")
    found: Iterable[Seat] = Seat.objects.filter(forum__in=forums, valid_from__lte=timezone.now()).select_related("user", "organisation").order_by("valid_from", "pk")
    return found


def _was_open(steps: Iterable[Any], at: datetime) -> bool:
    is_over = False
    for step in steps:
        if step.created_at <= at:
            is_over = ENDS.get(step.kind, is_over)
    return not is_over


def _taken_by(seat: Seat) -> str:
    if seat.user is None:
        return _("%(seat)s: the seat became vacant") % {"seat": seat}
    return _("%(name)s took it over with the seat %(seat)s") % {"name": seat.user.name, "seat": seat}
