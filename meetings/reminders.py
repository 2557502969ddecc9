"""Reminders of aftaler: to the one who has agreed, three days before and when the day has passed. Numbers and a link, never a text.

Each aftale, person, threshold and day has a row that is written once, in the transaction that puts the mail in the outbox; an aftale
that gets another day is reminded of anew. Nobody is mailed at night, on a weekend or on a public holiday: the mail of the last workday
before has what theirs would have had. The scheduler comes every hour, is told for whom something may be due (meetings.reminder_sql), and
acts as each of them: what is counted is what they may read.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Func, Value
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from access.actor import Actor
from access.context import actor_of, context_of
from access.models import User
from access.notices import Notice
from access.notify import send_mail
from access.policy import visible
from access.roles import Verb
from meetings.models import Agreement, AgreementReminder, Threshold
from meetings.seated import seated_people, system_of
from meetings.workdays import ONE_DAY, is_workday, workday_from
from municipalities.models import Tenant

logger = logging.getLogger(__name__)
BEFORE = timedelta(days=3)
FROM, UNTIL = 7, 17  # local time


class Due(NamedTuple):
    """How many aftaler somebody is to be reminded of now."""

    soon: int
    overdue: int


class Source(NamedTuple):
    """What an app knows of reminders: `claim` counts the actor's aftaler of its own that he has not been reminded of, and writes down that he
    now is; `people` is the database function that tells the system for whom there may be any (meetings.reminder_sql)."""

    claim: Callable[[Actor, date], Due]
    people: str


_sources: list[Source] = []


def register_reminder_source(source: Source) -> None:
    """Called from an app's `ready()`."""
    if source not in _sources:
        _sources.append(source)


def day_to_remind_on(now: datetime) -> date | None:
    """Today, on a workday between seven and five where the kommuner are; otherwise nobody is reminded."""
    local = timezone.localtime(now)
    return local.date() if is_workday(local.date()) and FROM <= local.hour < UNTIL else None


def remind_everybody(now: datetime) -> int:
    """Write the reminders that are due. Returns how many mails."""
    today = day_to_remind_on(now)
    if today is None:
        return 0
    return sum(remind(user, tenant, today) for tenant in Tenant.objects.filter(active=True) for user in people_to_remind(tenant, today))


def people_to_remind(tenant: Tenant, today: date) -> list[User]:
    """Active people with a seat here for whom something may be due. As many queries for five as for five hundred."""
    days = Value(today), Value(last_day(today))
    asked = [Func(*days, function=f"figures.{source.people}", output_field=ArrayField(BigIntegerField())) for source in _sources]
    with context_of(system_of(tenant)):
        answers = Tenant.objects.values_list(*asked).get(pk=tenant.pk)
    found = {pk for answer in answers for pk in answer}
    return [user for user in seated_people(tenant) if user.pk in found] if found else []


def remind(user: User, tenant: Tenant, today: date) -> bool:
    """One person's mail from one kommune, with the rights he has now. False when there is nothing he has not been reminded of."""
    try:
        with context_of(actor_of(user, tenant.slug)) as actor, translation.override(settings.LANGUAGE_CODE):
            counts = [source.claim(actor, today) for source in _sources]
            facts = {"soon": sum(due.soon for due in counts), "overdue": sum(due.overdue for due in counts)}
            if any(facts.values()):
                subject = _("Reminder of your agreements in SSP %(tenant)s") % {"tenant": tenant.name}
                send_mail(tenant.pk, [user], subject=subject, path=reverse("week", args=[tenant.slug]), notice=Notice.REMINDER, template="mail/reminder.txt", facts=facts)
            return any(facts.values())
    except PermissionError:  # he has no seat here any more: nothing of it is his to see
        return False
    except Exception:  # one broken aftale must not keep everybody else's reminders back
        logger.exception("the reminder of user %s in tenant %s failed", user.pk, tenant.pk)
        return False


def own_due(actor: Actor, today: date) -> Due:
    """Aftaler of general items."""
    rows = Agreement.objects.of(actor.user_id).filter(status=Agreement.Status.OPEN, due_on__lte=last_day(today))
    return claim(actor, today, visible(actor, Verb.VIEW_AGENDA, rows).order_by("due_on", "pk"), AgreementReminder)


def claim(actor: Actor, today: date, agreements: Iterable[Any], reminders: Any) -> Due:
    """Write a row for each aftale that has none for its threshold and day; count those that were new. In a steady order: two workers wait for each other."""
    found, mine = {Threshold.SOON: 0, Threshold.OVERDUE: 0}, {"tenant_id": actor.tenant_id, "user_id": actor.user_id}
    told = set(reminders.objects.filter(**mine).values_list("agreement", "threshold", "due_on"))
    for agreement in agreements:
        threshold = Threshold.OVERDUE if agreement.due_on < today else Threshold.SOON
        if (agreement.pk, threshold, agreement.due_on) not in told:
            _row, is_new = reminders.objects.get_or_create(**mine, agreement=agreement, threshold=threshold, due_on=agreement.due_on)
            found[threshold] += is_new
    return Due(found[Threshold.SOON], found[Threshold.OVERDUE])


def last_day(today: date) -> date:
    """The last day that is told of today: three days ahead, and also what the days until the next workday would have told of."""
    return workday_from(today + ONE_DAY) - ONE_DAY + BEFORE


OWN = Source(own_due, "people_to_remind")
