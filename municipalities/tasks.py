"""The worker's way in: ids, one call."""

from celery import shared_task

from access.notify import register_job
from municipalities import export_orders, exporting


@register_job("make_export")
@shared_task(name="municipalities.tasks.make_export")
def make_export(*, tenant_id: int, user_id: int, order_id: int) -> None:
    """Make the ordered export; what goes wrong is written on the order."""
    exporting.make_export(tenant_id, user_id, order_id)


@shared_task(name="municipalities.tasks.remove_old_exports")
def remove_old_exports() -> None:
    """Take away the files whose seven days are over."""
    export_orders.remove_old_files()
