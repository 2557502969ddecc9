"""How the worker makes a report: read in a short transaction, render in none, store in another.

It may be killed anywhere and run again: the figures are read once, and the first finished file counts.
"""

import hashlib
import logging
from typing import Any

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from access import exports, notify
from access.actor import Actor
from access.context import actor_of, context_of
from access.models import LogEntry, User
from access.vault import file_store
from municipalities.models import Tenant
from reports import documents
from reports.figures import Figures, read_figures
from reports.models import Report

logger = logging.getLogger(__name__)
Status = Report.Status


def make_report(tenant_id: int, user_id: int, report_id: int) -> None:
    """Make the file of a report for the user who ordered it, with the rights he has now.

    Does nothing when the report is done. A failure is written on the report, for the screen, and in full to the server's log.
    Raises PermissionError when the user has no seat any more: the report can then be started again by somebody who has.
    """
    user, tenant = User.objects.get(pk=user_id), Tenant.objects.get(pk=tenant_id)
    actor = actor_of(user, tenant.slug)
    with translation.override(settings.LANGUAGE_CODE):
        try:
            figures = _read(actor, report_id)
            if figures is not None:
                _store(actor, tenant, report_id, _render(actor, tenant, report_id, figures))
        except Exception:  # whatever stands in the way: the reader gets a sentence, the administrator the trace
            logger.exception("report %s of tenant %s failed", report_id, tenant_id)
            _note_failure(actor, report_id)


def _locked(actor: Actor, report_id: int) -> Report:
    return Report.objects.readable_by(actor).select_related("tenant", "audience", "ordered_by").select_for_update(of=("self",)).get(pk=report_id)


def _read(actor: Actor, report_id: int) -> Figures | None:
    """The figures, read now or by an earlier try; None when there is nothing left to do."""
    with context_of(actor):
        report = _locked(actor, report_id)
        if report.status == Status.DONE:
            return None
        report.figures = report.figures or read_figures(actor, report.half_year)
        report.status, report.progress, report.step = Status.RUNNING, 25, _("The figures are counted")
        report.save(update_fields=["figures", "status", "progress", "step", "touched_at"])
        return dict(report.figures)


def _render(actor: Actor, tenant: Tenant, report_id: int, figures: Figures) -> bytes:
    """The PDF. No transaction is open while WeasyPrint works."""
    with context_of(actor):
        report = Report.objects.readable_by(actor).select_related("audience", "forum", "ordered_by").get(pk=report_id)
        earlier = Report.objects.readable_by(actor).filter(audience=report.audience, period_from=report.half_year.before.first_day, status=Status.DONE).first()
    context = documents.report_document(report, figures, earlier.figures if earlier else None)
    _note_progress(actor, report_id, 50, _("The pages are laid out"))
    assert not connection.in_atomic_block, "rendering takes seconds: no transaction may wait for it"
    content = exports.render_pdf("reports/report_pdf.html", {**context, "tenant": tenant})
    _note_progress(actor, report_id, 90, _("The file is stored"))
    return content


def _store(actor: Actor, tenant: Tenant, report_id: int, content: bytes) -> None:
    key = file_store().put(content)
    with context_of(actor):
        report = _locked(actor, report_id)
        if report.status == Status.DONE:  # another run was first: its file counts
            file_store().remove(key)
            return
        report.file_key, report.file_size, report.sha256 = key, len(content), hashlib.sha256(content).hexdigest()
        report.status, report.progress, report.step, report.error, report.finished_at = Status.DONE, 100, "", "", timezone.now()
        report.save(update_fields=["file_key", "file_size", "sha256", "status", "progress", "step", "error", "finished_at", "touched_at"])
        exports.note_export(actor, report, LogEntry.Action.DOCUMENT, report.half_year.key)
        _tell(tenant, report)


def _tell(tenant: Tenant, report: Report) -> None:
    path = reverse("report_detail", args=[tenant.slug, report.public_id])
    notify.send_mail(tenant.pk, [report.ordered_by], subject=_("The report for the Lokalråd is ready"), path=path)


def _note_progress(actor: Actor, report_id: int, percent: int, step: str) -> None:
    _write(actor, report_id, progress=percent, step=step)


def _note_failure(actor: Actor, report_id: int) -> None:
    _write(actor, report_id, status=Status.FAILED, error=_("Something went wrong while the report was made. Try again, or tell your administrator."))


def _write(actor: Actor, report_id: int, **values: Any) -> None:
    """Set fields of a report that is not done, in a short transaction of its own."""
    with context_of(actor):
        report = _locked(actor, report_id)
        if report.status == Status.DONE:
            return
        for name, value in values.items():
            setattr(report, name, value)
        report.save(update_fields=[*values, "touched_at"])
