from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """The Lokalråd report: counts from cases, meetings and plans."""

    name = "reports"

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from access.roles import Verb
        from access.web import NavEntry, register_nav
        from meetings.fillers import register_filler
        from meetings.models import Fill
        from municipalities.sharing import register_shareable
        from reports import fillers, sharing, tasks  # noqa: F401  # registers the job, also in the web process that orders it
        from reports.models import Report

        register_shareable(sharing.SHAREABLE)
        register_filler(Fill.NEW_DATA, fillers.new_figures)
        group = _("Documentation")
        register_nav(NavEntry("reports", "report_list", "chart", _("Reports"), (Verb.ORDER_REPORT, Verb.VIEW_REPORT), 80, group=group))
        auditlog.register(Report, exclude_fields=["progress", "step", "figures", "touched_at"])
