"""Celery entry points of the border: ids in, one call."""

from celery import shared_task
from django.db import connection

from access import notify


@shared_task
def send_outbox(tenant_id: int) -> None:
    """Send a tenant's due mails and start its due jobs."""
    notify.empty_outbox(tenant_id)


@shared_task
def sweep_outboxes() -> None:
    """The scheduler's round: whatever a lost wake-up or a dead worker left behind."""
    for tenant_id in notify.tenants_with_mail():
        notify.empty_outbox(tenant_id)


@shared_task
def make_log_partitions() -> None:
    """Keep the log's monthly partitions ready three months ahead."""
    with connection.cursor() as cursor:
        cursor.execute("select audit.make_partitions(3)")
