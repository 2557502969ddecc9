"""The worker's way in: ids, one call."""

from celery import shared_task

from access.actor import Actor
from access.context import context_of
from access.notify import register_job
from access.vault import file_store
from municipalities import export_orders, exporting
from municipalities.models import Tenant
from municipalities.people_import import forget_old
from municipalities.presets import system_user


@register_job("make_export")
@shared_task(name="municipalities.tasks.make_export")
def make_export(*, tenant_id: int, user_id: int, order_id: int) -> None:
    """Make the ordered export; what goes wrong is written on the order."""
    exporting.make_export(tenant_id, user_id, order_id)


@register_job("look_after_export")
@shared_task(name="municipalities.tasks.look_after_export")
def look_after_export(*, tenant_id: int, user_id: int, order_id: int, turn: int, attempt: int = 1) -> None:
    """Some time after the confirmation: take over when the worker has died."""
    exporting.look_after(tenant_id, user_id, order_id, turn, attempt)


@shared_task(name="municipalities.tasks.remove_old_exports")
def remove_old_exports() -> None:
    """Take away the files whose seven days are over, and what a killed worker has left half written."""
    export_orders.remove_old_files()
    file_store().forget_drafts()


@shared_task
def forget_people_files() -> None:
    """The scheduler's round: files of people that nobody has confirmed within a day are gone."""
    for tenant in Tenant.objects.all():
        with context_of(Actor(user_id=system_user(tenant.slug).pk, tenant_id=tenant.pk, is_system=True)):
            forget_old(tenant.pk)
