"""What reports put on an agenda: the figures that have come since the forum met last."""

from access.dates import day
from access.request import TenantRequest
from access.web import tenant_url
from meetings.fillers import Filling
from meetings.models import Meeting
from meetings.querysets import HELD
from reports.models import Report

MOST = 3


def new_figures(request: TenantRequest, meeting: Meeting) -> list[Filling]:
    """Reports made since the forum's meeting before this one, for those who may read them. Two queries at most."""
    before = Meeting.objects.filter(forum_id=meeting.forum_id, starts_at__lt=meeting.starts_at, status__in=HELD).order_by("-starts_at").first()
    rows = Report.objects.readable_by(request.actor).filter(status=Report.Status.DONE)
    if before is not None:
        rows = rows.filter(finished_at__gt=before.starts_at)
    return [
        Filling(f"{report.half_year.label} ({day(report.finished_at)})", tenant_url(request, "report_detail", report.public_id)) for report in rows.order_by("-finished_at")[:MOST]
    ]
