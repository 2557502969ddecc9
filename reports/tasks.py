"""The worker's way in: ids, one call."""

from typing import Any

from celery import shared_task

from access.notify import register_job
from reports import making


@register_job("make_report")
@shared_task(name="reports.tasks.make_report", bind=True)
def make_report(self: Any, *, tenant_id: int, user_id: int, report_id: int) -> None:
    """Make the ordered report; what goes wrong is written on the report."""
    is_second_try = bool((self.request.delivery_info or {}).get("redelivered"))  # the broker has it back from a worker that died
    making.make_report(tenant_id, user_id, report_id, take_over=is_second_try)


@register_job("look_after_report")
@shared_task(name="reports.tasks.look_after_report")
def look_after_report(*, tenant_id: int, user_id: int, report_id: int, turn: int, attempt: int = 1) -> None:
    """Some time after the order: take over when the worker has died."""
    making.look_after(tenant_id, user_id, report_id, turn, attempt)
