"""The weekly mail: on Monday morning, or the first workday after a public holiday, what the week holds. Forums, dates, counts and links, read with the recipient's own rights.

The scheduler asks every ten minutes. Who has been told stands in a row that is written once, in the transaction that puts the mail in
the outbox: two schedulers, a killed worker and a broker that gives a task out twice all make one mail.
"""

import logging
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from access.actor import Actor
from access.context import actor_of, context_of
from access.mail_log import own_mails
from access.models import MailChoice, OutboxMessage, User
from access.notices import Notice, Way
from access.notify import send_mail
from access.policy import visible
from access.roles import Verb
from meetings.approvals import waiting_for
from meetings.invitations import span
from meetings.models import Agreement, Meeting, WeeklyMail
from meetings.parts import counted_elsewhere
from meetings.seated import seated_people, system_of
from meetings.two_convene import to_confirm
from meetings.workdays import workday_from
from municipalities.models import Tenant

logger = logging.getLogger(__name__)
HOUR = 7  # local time
MOST_MEETINGS, MOST_NEWS = 40, 40


def monday_to_tell_of(now: datetime) -> date | None:
    """The Monday whose mail is due: from seven o'clock on the first workday of its week, where the kommuner are, until the day is over.

    A server that was down catches up.
    """
    local = timezone.localtime(now)
    monday = local.date() - timedelta(days=local.weekday())
    return monday if local.date() == workday_from(monday) and local.hour >= HOUR else None


def tell_everybody(now: datetime) -> int:
    """Write the weekly mails that are due and not written yet. Returns how many."""
    monday = monday_to_tell_of(now)
    if monday is None:
        return 0
    return sum(tell_of_week(user, tenant, monday) for tenant in Tenant.objects.filter(active=True) for user in _untold(tenant, monday))


def _untold(tenant: Tenant, monday: date) -> list[User]:
    """Who has a seat now and no row for this week."""
    with context_of(system_of(tenant)):
        told = set(WeeklyMail.objects.filter(tenant=tenant, monday=monday).values_list("user_id", flat=True))
    return [user for user in seated_people(tenant) if user.pk not in told]


def tell_of_week(user: User, tenant: Tenant, monday: date) -> bool:
    """One person's mail from one kommune, with the rights he has now. False when he has been told, wants none, or there is nothing to say."""
    try:
        with context_of(actor_of(user, tenant.slug)) as actor, translation.override(settings.LANGUAGE_CODE):
            _row, is_first = WeeklyMail.objects.get_or_create(tenant_id=tenant.pk, user=user, monday=monday)
            return is_first and not _is_off(actor) and _write(user, tenant, read_digest(actor, tenant.slug, monday))
    except PermissionError:  # his last seat has ended a moment ago
        return False
    except Exception:  # one broken week must not keep everybody else's back; without a row it is tried again
        logger.exception("the weekly mail of user %s in tenant %s failed", user.pk, tenant.pk)
        return False


def _is_off(actor: Actor) -> bool:
    return MailChoice.objects.filter(tenant_id=actor.tenant_id, user_id=actor.user_id, notice=Notice.DIGEST, way=Way.OFF).exists()


def _write(user: User, tenant: Tenant, facts: dict[str, Any]) -> bool:
    if not any(facts[part] for part in ("meetings", "open", "waiting", "calls", "news")):
        return False
    subject = _("Your week in SSP %(tenant)s: week %(week)s") % {"tenant": tenant.name, "week": facts["week"]}
    send_mail(tenant.pk, [user], subject=subject, path=reverse("week", args=[tenant.slug]), notice=Notice.DIGEST, template="mail/digest.txt", facts=facts)
    return True


def read_digest(actor: Actor, slug: str, monday: date) -> dict[str, Any]:
    """What the mail says: called meetings of the week, numbers of aftaler, approvals and calls that wait for him as the second, and what he wanted kept for this mail."""
    today, elsewhere = timezone.localdate(), counted_elsewhere(actor)
    own = visible(actor, Verb.VIEW_AGENDA, Agreement.objects.of(actor.user_id).filter(status=Agreement.Status.OPEN))
    counts = own.aggregate(open=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=today)))
    return {
        "week": monday.isocalendar().week, "meetings": _meetings(actor, slug, monday), "news": _news(actor, monday),
        "open": counts["open"] + elsewhere.open, "overdue": counts["overdue"] + elsewhere.overdue, "waiting": len(waiting_for(actor)) + elsewhere.waiting,
        "calls": len(to_confirm(actor, Meeting.objects.filter(tenant_id=actor.tenant_id, status=Meeting.Status.DRAFT, call_asked_by__isnull=False))),
    }  # fmt: skip


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _meetings(actor: Actor, slug: str, monday: date) -> list[dict[str, str]]:
    """The week's called meetings: a draft tells nobody."""
    rows = Meeting.objects.filter(status=Meeting.Status.CALLED, starts_at__gte=_begin(monday), starts_at__lt=_begin(monday + timedelta(days=7)))
    found = visible(actor, Verb.VIEW_AGENDA, rows).select_related("forum").order_by("starts_at")[:MOST_MEETINGS]
    return [{"forum": row.forum.name, "when": span(row), "path": reverse("meeting_detail", args=[slug, row.public_id])} for row in found]


def _news(actor: Actor, monday: date) -> list[dict[str, str]]:
    """What has been kept for this mail since the last one, as far as he still reads the forum. Reminders are in the counts."""
    last = WeeklyMail.objects.filter(tenant_id=actor.tenant_id, user_id=actor.user_id, monday__lt=monday).order_by("-monday").first()
    since = last.made_at if last else _begin(monday - timedelta(days=7))
    kept = own_mails(actor).filter(outcome=OutboxMessage.Outcome.WEEKLY, sent_at__gt=since).exclude(notice=Notice.REMINDER).order_by("created_at")
    reads = actor.forums_with(Verb.VIEW_AGENDA)
    found = {(mail.subject, mail.path): None for mail in kept if mail.forum_id is None or mail.forum_id in reads}
    return [{"subject": subject, "path": path} for subject, path in list(found)[:MOST_NEWS]]
