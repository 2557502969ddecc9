"""Ordering a report, and starting one again that did not come through."""

from django.db import transaction
from django.utils.translation import gettext as _

from access import policy
from access.actor import Actor
from access.looking_after import look_after_from_now
from access.notify import queue_job
from access.roles import ForumKind, Verb
from municipalities.models import Forum
from municipalities.terms import Term, term, terms_of
from reports.models import Report
from reports.periods import HalfYear, ended_half_years


class CannotOrderError(Exception):
    """The report cannot be ordered like this; the text says why, for the screen."""


def order_report(half_year: HalfYear, *, actor: Actor) -> Report:
    """The report about a half-year: a new one, which the worker makes after COMMIT, or the one there is.

    Raises PermissionDenied without the right to order, CannotOrderError when the period has not ended or nobody reads it.
    """
    audience = policy.visible(actor, Verb.VIEW_ORGANISATION, Forum.objects.filter(kind=ForumKind.LOKALRAAD)).order_by("pk").first()
    if audience is None:
        raise CannotOrderError(_("The forum that the report goes to is missing: %(council)s.") % {"council": term(terms_of(actor.tenant_id), Term.LOCAL_COUNCIL)})
    own = policy.visible(actor, Verb.ORDER_REPORT, Forum.objects.all())
    forum = own.order_by("kind").last() or audience  # by name of the kind: the styregruppe before the Lokalråd itself
    policy.require(actor, Verb.ORDER_REPORT, forum)
    if half_year not in ended_half_years():
        raise CannotOrderError(_("Choose a half-year that has ended."))
    new = {"forum": forum, "period_to": half_year.last_day, "ordered_by_id": actor.user_id}
    report, is_new = Report.objects.get_or_create(tenant_id=audience.tenant_id, audience=audience, period_from=half_year.first_day, defaults=new)
    if is_new:
        _queue(actor, report)
    return report


def restart_report(report: Report, *, actor: Actor) -> None:
    """Have the worker try again. Raises CannotOrderError while it is at work or done already."""
    policy.require(actor, Verb.ORDER_REPORT, report.forum if report.forum_id in actor.forums_with(Verb.ORDER_REPORT) else report.audience)
    with transaction.atomic():
        locked = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if not locked.may_be_restarted:
            raise CannotOrderError(_("The report is being made, or it is ready."))
        locked.status, locked.progress, locked.step, locked.error = Report.Status.QUEUED, 0, "", ""
        locked.ordered_by_id, locked.attempt = actor.user_id or locked.ordered_by_id, locked.attempt + 1
        locked.save(update_fields=["status", "progress", "step", "error", "ordered_by", "attempt", "touched_at"])
        _queue(actor, locked)


def _queue(actor: Actor, report: Report) -> None:
    queue_job(actor, "make_report", report_id=report.pk)
    look_after_from_now(report, "look_after_report", actor=actor, report_id=report.pk, attempt=report.attempt)
