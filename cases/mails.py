"""What cases add to the mails of aftaler: numbers. Which case, whom and what stands behind the login and its own log."""

from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from access.actor import Actor
from access.policy import visible
from access.roles import Verb
from cases.models import CaseAgreement, CaseAgreementReminder
from meetings.parts import Counted
from meetings.reminders import Due, Source, claim, last_day


def _own_open(actor: Actor) -> Any:
    """The shells of the actor's own open aftaler in cases he may still open."""
    rows = CaseAgreement.objects.of(actor.user_id).filter(status=CaseAgreement.Status.OPEN)
    return visible(actor, Verb.VIEW_CASES, rows).order_by("due_on", "pk")


def counted(actor: Actor) -> Counted:
    """For the weekly mail: how many are open and overdue. One query, or none."""
    if not actor.holds(Verb.VIEW_CASES):
        return Counted()
    return Counted(**_own_open(actor).aggregate(open=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=timezone.localdate()))))


def own_due(actor: Actor, today: date) -> Due:
    """For the reminder: those that he has not been reminded of yet."""
    if not actor.holds(Verb.VIEW_CASES):
        return Due(0, 0)
    return claim(actor, today, _own_open(actor).filter(due_on__lte=last_day(today)), CaseAgreementReminder)


REMINDERS = Source(own_due, "people_to_remind_of_cases")
