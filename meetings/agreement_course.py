"""What becomes of an agreement, of a meeting or of a case: done, moved, dropped, opened again, handed over.

One course for both. What differs is asked of the side: who may, how a row is locked, who can be responsible, and where it is written down.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.models import User
from meetings.handing_over import may_hand_over
from meetings.models import Agreed, AgreementStep, Party
from municipalities.models import Seat

Kind, Status = AgreementStep.Kind, Agreed.Status


class Course[A: Agreed](ABC):
    """The course of the agreements of one side. Each act locks the row, changes it, and writes a step of its history; all raise PermissionDenied."""

    refused: type[ValueError]  # raised with a sentence when the state does not allow it

    @abstractmethod
    def fresh(self, agreement: A, actor: Actor) -> A:
        """The row as it is now, locked."""

    @abstractmethod
    def need_may_mark(self, agreement: A, actor: Actor) -> None:
        """Raise PermissionDenied for who may not say what has become of it."""

    @abstractmethod
    def need_able(self, agreement: A, who: Sequence[User | Seat]) -> None:
        """Raise `refused` unless there is somebody, and each of them can be responsible."""

    @abstractmethod
    def add_party(self, agreement: A, values: dict[str, Any]) -> None:
        """Write down one who is responsible in the agreement's round."""

    @abstractmethod
    def say(self, agreement: A, what: str, due_on: date) -> bool:
        """Write down what is agreed and by when, as far as it is another than before. True when something is."""

    @abstractmethod
    def write_step(self, agreement: A, actor: Actor, kind: str, remark: str, **more: int) -> None:
        """Write a step of its history."""

    def signed(self, agreement: A, actor: Actor) -> list[str]:
        """Note who has done it, where the row keeps that: the names of the columns that were set."""
        return []

    def add_parties(self, agreement: A, who: Sequence[User | Seat]) -> None:
        """These are responsible from now on: the next round. One row at a time, so that each stands in the log."""
        for one in who:
            self.add_party(agreement, {"round": agreement.round, **Party.values_of(one)})
        agreement.forget_parties()

    def tick(self, agreement: A, *, actor: Actor) -> A:
        """Mark it as done, or open again. When several are responsible, one of them marks it for all; the history says who."""
        agreement = self._marked_by(agreement, actor)
        is_open = agreement.status == Status.OPEN
        return self.set(agreement, actor, Status.DONE if is_open else Status.OPEN, Kind.DONE if is_open else Kind.REOPENED, "")

    def finish(self, agreement: A, *, actor: Actor, remark: str) -> A:
        """It is carried out."""
        return self.set(self._open_marked_by(agreement, actor), actor, Status.DONE, Kind.DONE, remark)

    def drop(self, agreement: A, *, actor: Actor, remark: str) -> A:
        """It is not carried out after all, and the remark says why."""
        return self.set(self._open_marked_by(agreement, actor), actor, Status.DROPPED, Kind.DROPPED, remark)

    def move(self, agreement: A, *, actor: Actor, due_on: date, remark: str) -> A:
        """It has until another day; the day that was agreed is kept. Raises `refused` for a day that is no other, or past."""
        agreement = self._open_marked_by(agreement, actor)
        if due_on == agreement.due_on:
            raise self.refused(_("The agreement already has that day. Choose another one."))
        if due_on < timezone.localdate():
            raise self.refused(_("That day has passed. Choose today or a later day."))
        agreement.moved_from, agreement.due_on = agreement.agreed_day, due_on
        agreement.save(update_fields=["moved_from", "due_on"])
        self.write_step(agreement, actor, Kind.MOVED, remark)
        return agreement

    def hand_over(self, agreement: A, *, actor: Actor, who: Sequence[User | Seat], remark: str = "") -> A:
        """These are responsible from now on. Who it was agreed with is kept, and every handing over stands in the history.

        By who calls the forum's meetings or writes its minutes. Raises `refused` when it is not open, one cannot be responsible, or
        nothing would change.
        """
        if not may_hand_over(actor, agreement):
            raise PermissionDenied(_("Only who calls the meetings of the forum or writes its minutes can hand an agreement over."))
        agreement = self._open(self.fresh(agreement, actor))
        self.need_able(agreement, who)
        if agreement.is_with(who):
            raise self.refused(_("They are responsible already. Write who takes over."))
        agreement.round += 1
        agreement.save(update_fields=["round"])
        self.add_parties(agreement, who)
        self.write_step(agreement, actor, Kind.HANDED, remark, round=agreement.round)
        return agreement

    def set(self, agreement: A, actor: Actor, status: str, kind: str, remark: str) -> A:
        """Give a locked row its state, and write the step."""
        agreement.status, agreement.done_at = status, timezone.now() if status == Status.DONE else None
        agreement.save(update_fields=["status", "done_at", *self.signed(agreement, actor)])
        self.write_step(agreement, actor, kind, remark)
        return agreement

    def _marked_by(self, agreement: A, actor: Actor) -> A:
        self.need_may_mark(agreement, actor)
        return self.fresh(agreement, actor)

    def _open_marked_by(self, agreement: A, actor: Actor) -> A:
        return self._open(self._marked_by(agreement, actor))

    def _open(self, agreement: A) -> A:
        if agreement.status != Status.OPEN:
            raise self.refused(_("The agreement is no longer open. Open it again first."))
        return agreement
