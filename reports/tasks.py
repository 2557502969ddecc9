"""The worker's way in: ids, one call."""

from celery import shared_task

from access.notify import register_job
from reports import making


@register_job("make_report")
@shared_task(name="reports.tasks.make_report")
def make_report(*, tenant_id: int, user_id: int, report_id: int) -> None:
    """Make the ordered report; what goes wrong is written on the report."""
    making.make_report(tenant_id, user_id, report_id)
