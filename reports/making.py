"""How the worker makes a report: read in a short transaction, render in none, store in another.

It may be killed anywhere and run again: the figures are read once, and the first finished file counts. While it lives it touches
the row at each step; a row that lies still for its lease is taken over (`look_after`), long before the broker gives the job back.
"""

import hashlib
import logging

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from access import exports, notify
from access.actor import Actor
from access.context import actor_of, context_of
from access.looking_after import look_again
from access.models import LogEntry, User
from access.notices import Notice
from access.roles import Verb
from access.vault import file_store
from municipalities.models import Tenant
from municipalities.terms import Term, term
from reports import documents
from reports.ending import BROKEN, NO_RIGHT, end_report
from reports.figures import Figures, read_figures
from reports.models import Report

logger = logging.getLogger(__name__)
Status = Report.Status


def make_report(tenant_id: int, user_id: int, report_id: int, *, take_over: bool = False) -> None:
    """Make the file of a report for the user who ordered it, with the rights he has now.

    Does nothing when the report is done, or another worker that lives is at it (`take_over`: that one is known to be dead).
    A failure is written on the report, for the screen, and in full to the server's log; so is a right that has been lost.
    """
    user, tenant = User.objects.get(pk=user_id), Tenant.objects.get(pk=tenant_id)
    try:
        actor = actor_of(user, tenant.slug)
        with translation.override(settings.LANGUAGE_CODE):
            figures = _read(actor, report_id, take_over=take_over)
            if figures is not None:
                content = _render(actor, tenant, report_id, figures)
                _store(actor_of(user, tenant.slug), tenant, report_id, content)  # with the rights he has by now
    except (PermissionError, PermissionDenied, Report.DoesNotExist):  # no seat, another seat, or none that sees the report
        end_report(tenant, user_id, report_id, NO_RIGHT)
    except Exception:  # whatever stands in the way: the reader gets a sentence, the administrator the trace
        logger.exception("report %s of tenant %s failed", report_id, tenant_id)
        end_report(tenant, user_id, report_id, BROKEN)


def look_after(tenant_id: int, user_id: int, report_id: int, turn: int, attempt: int = 1) -> None:
    """See whether this attempt at the report is finished; if its worker has died, take over. Comes again until it is finished, but not for ever."""
    user, tenant = User.objects.get(pk=user_id), Tenant.objects.get(pk=tenant_id)
    try:
        actor = actor_of(user, tenant.slug)
        with context_of(actor):
            report = _locked(actor, report_id)
            if report.status in (Status.DONE, Status.FAILED) or report.attempt != attempt:
                return
            goes_on = look_again(report, "look_after_report", actor=actor, turn=turn, report_id=report_id, attempt=attempt)
    except (PermissionError, Report.DoesNotExist):
        end_report(tenant, user_id, report_id, NO_RIGHT)
        return
    if goes_on:
        make_report(tenant_id, user_id, report_id)
    else:
        end_report(tenant, user_id, report_id, BROKEN)


def _locked(actor: Actor, report_id: int) -> Report:
    return Report.objects.readable_by(actor).select_related("tenant", "audience", "ordered_by").select_for_update(of=("self",)).get(pk=report_id)


def _read(actor: Actor, report_id: int, *, take_over: bool) -> Figures | None:
    """The figures, read now or by an earlier try; None when there is nothing left to do. Raises PermissionDenied."""
    with context_of(actor):
        report = _locked(actor, report_id)
        if report.status == Status.DONE or (report.is_in_hand and not take_over):
            return None
        if not {report.forum_id, report.audience_id} & actor.forums_with(Verb.ORDER_REPORT):
            raise PermissionDenied
        report.figures = report.figures or read_figures(actor, report.half_year)
        report.status, report.progress, report.step = Status.RUNNING, 25, _("The figures are counted")
        report.save(update_fields=["figures", "status", "progress", "step", "touched_at"])
        return dict(report.figures)


def _render(actor: Actor, tenant: Tenant, report_id: int, figures: Figures) -> bytes:
    """The PDF. No transaction is open while WeasyPrint works."""
    with context_of(actor):
        report = Report.objects.readable_by(actor).select_related("audience", "forum", "ordered_by").get(pk=report_id)
        earlier = Report.objects.readable_by(actor).filter(audience=report.audience, period_from=report.half_year.before.first_day, status=Status.DONE).first()
    context = documents.report_document(report, figures, earlier.figures if earlier else None, tenant.terms)
    _note_progress(actor, report_id, 50, _("The pages are laid out"))
    assert not connection.in_atomic_block, "rendering takes seconds: no transaction may wait for it"
    content = exports.render_pdf("reports/report_pdf.html", {**context, "tenant": tenant})
    _note_progress(actor, report_id, 90, _("The file is stored"))
    return content


def _store(actor: Actor, tenant: Tenant, report_id: int, content: bytes) -> None:
    key, is_kept = file_store().put(content), False
    try:
        is_kept = _keep(actor, tenant, report_id, key, content)
    finally:
        if not is_kept:
            file_store().remove(key)


def _keep(actor: Actor, tenant: Tenant, report_id: int, key: str, content: bytes) -> bool:
    """Write the file on the report, the log and the outbox. False when another run was first: its file counts."""
    with context_of(actor):
        report = _locked(actor, report_id)
        if report.status == Status.DONE:
            return False
        report.file_key, report.file_size, report.sha256 = key, len(content), hashlib.sha256(content).hexdigest()
        report.status, report.progress, report.step, report.error, report.finished_at = Status.DONE, 100, "", "", timezone.now()
        report.save(update_fields=["file_key", "file_size", "sha256", "status", "progress", "step", "error", "finished_at", "touched_at"])
        exports.note_export(actor, report, LogEntry.Action.DOCUMENT, report.half_year.key)
        _tell(tenant, report)
    return True


def _tell(tenant: Tenant, report: Report) -> None:
    path = reverse("report_detail", args=[tenant.slug, report.public_id])
    subject = _("The report for %(council)s is ready") % {"council": term(tenant.terms, Term.LOCAL_COUNCIL, "definite")}
    notify.send_mail(tenant.pk, [report.ordered_by], subject=subject, path=path, notice=Notice.ORDERED)


def _note_progress(actor: Actor, report_id: int, percent: int, step: str) -> None:
    """A sign of life on a report that is not done, in a short transaction of its own."""
    with context_of(actor):
        report = _locked(actor, report_id)
        if report.status != Status.DONE:
            report.progress, report.step = percent, step
            report.save(update_fields=["progress", "step", "touched_at"])
