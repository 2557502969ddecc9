"""Ordering a whole kommune's export, confirming it by a second person, starting it again, taking the file away.

The administrator orders and never sees content; the DPO confirms, gets the passphrase once, and fetches the file.
"""

import base64
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.actor import Actor
from access.context import context_of
from access.looking_after import look_after_from_now
from access.models import User
from access.notices import Notice
from access.notify import queue_job, send_mail
from access.policy import require
from access.roles import AppointmentRole, Verb
from access.sealed_file import Lock, lock_of, new_passphrase
from access.vault import file_store, seal_text, unseal_text
from municipalities.models import Appointment, ExportOrder, Tenant

Status = ExportOrder.Status
KEPT = timedelta(days=7)
OPEN = (Status.ORDERED, Status.QUEUED, Status.RUNNING)


class ExportStateError(Exception):
    """The export is not where this step begins; the message can be shown."""


class NoOfficerError(ExportStateError):
    """Nobody in the kommune can confirm an export."""


def order_export(reason: str, *, actor: Actor) -> ExportOrder:
    """Ask for an export; the DPO gets a mail. One at a time."""
    order = ExportOrder(tenant_id=actor.tenant_id, reason=reason, ordered_by_id=actor.user_id)
    require(actor, Verb.MANAGE_TENANT, order)
    tenant = Tenant.objects.select_for_update(no_key=True).get(pk=actor.tenant_id)
    if ExportOrder.objects.filter(tenant=tenant, status__in=OPEN).exists():
        raise ExportStateError(_("An export is under way already. Call it off, or wait until it is finished."))
    appointed = Appointment.objects.current().filter(tenant=tenant, role=AppointmentRole.DPO).exclude(user_id=actor.user_id)
    people = User.objects.filter(is_active=True, pk__in=appointed.values("user_id"))
    if not people.exists():
        raise NoOfficerError(_("The kommune has no DPO in SSP who can confirm the export. Appoint one first."))
    order.save()
    _tell(order, tenant, people, gettext_lazy("An export of the whole kommune waits for your confirmation"))
    return order


def confirm_export(order: ExportOrder, *, actor: Actor) -> str:
    """The second person confirms: the passphrase comes back, this once. Only its key is kept, sealed, until the file is made."""
    require(actor, Verb.VIEW_AUDIT, order)
    found = _lock(order, Status.ORDERED)
    if found.ordered_by_id == actor.user_id:
        raise PermissionDenied(_("You have ordered this export yourself. Another person must confirm it."))
    passphrase = new_passphrase()
    lock = lock_of(passphrase)
    found.key_sealed = seal_text(base64.b64encode(lock.key).decode(), f"export:{found.pk}")
    found.salt, found.status, found.confirmed_by_id, found.confirmed_at = lock.salt.hex(), Status.QUEUED, actor.user_id, timezone.now()
    found.save()
    _queue(actor, found)
    return passphrase


def _queue(actor: Actor, order: ExportOrder) -> None:
    queue_job(actor, "make_export", order_id=order.pk)
    look_after_from_now(order, "look_after_export", actor=actor, order_id=order.pk, attempt=order.attempt)  # should the worker die


def lock_for(order: ExportOrder) -> Lock | None:
    """The key that the passphrase made; None when it has been taken away."""
    if not order.key_sealed:
        return None
    return Lock(base64.b64decode(unseal_text(order.key_sealed, f"export:{order.pk}")), bytes.fromhex(order.salt))


def cancel_export(order: ExportOrder, *, actor: Actor) -> None:
    """Call an order off before it is confirmed, or one that has failed. Either of the two may."""
    if not (actor.holds(Verb.MANAGE_TENANT) or actor.holds(Verb.VIEW_AUDIT)):
        raise PermissionDenied(_("Only the administrator and the DPO can call an export off."))
    found = _lock(order, Status.ORDERED, Status.FAILED, Status.QUEUED, Status.RUNNING)
    if found.is_running:
        raise ExportStateError(_("The worker is making the export now. Wait until it is finished."))
    found.status, found.key_sealed, found.salt = Status.CANCELLED, "", ""
    found.save()


def restart_export(order: ExportOrder, *, actor: Actor) -> None:
    """Have the worker try again, with the same passphrase. The DPO who confirmed it."""
    require(actor, Verb.VIEW_AUDIT, order)
    found = _lock(order, Status.FAILED, Status.QUEUED, Status.RUNNING)
    if found.confirmed_by_id != actor.user_id:
        raise PermissionDenied(_("Only the person who has confirmed the export can start it again."))
    if not found.may_be_restarted:
        raise ExportStateError(_("The export is being made, or its key is gone. Order a new one."))
    found.status, found.progress, found.step, found.error, found.attempt = Status.QUEUED, 0, "", "", found.attempt + 1
    found.save()
    _queue(actor, found)


def remove_old_files() -> int:
    """The scheduler's round: the files of every tenant whose days are over are taken away. Returns how many."""
    return sum(_remove_old(tenant_id, user_id) for tenant_id, user_id in _system_users())


def _system_users() -> list[tuple[int, int]]:
    users = dict(User.objects.filter(is_system=True).values_list("username", "pk"))
    return [(pk, users[f"system:{slug}"]) for pk, slug in Tenant.objects.values_list("pk", "slug") if f"system:{slug}" in users]


def _remove_old(tenant_id: int, user_id: int) -> int:
    with context_of(Actor(user_id=user_id, tenant_id=tenant_id, is_system=True)):
        orders = list(ExportOrder.objects.select_for_update().filter(tenant_id=tenant_id, status=Status.DONE, expires_at__lte=timezone.now()))
        for order in orders:
            file_store().remove(order.archive_key)
            order.status, order.archive_key = Status.REMOVED, ""
            order.save()
    return len(orders)


def tell_ready(order: ExportOrder, tenant: Tenant) -> None:
    """Mail to the DPO: it is there, for seven days."""
    assert order.confirmed_by is not None, "a database rule says so"
    _tell(order, tenant, [order.confirmed_by], gettext_lazy("The export of the whole kommune is ready"), Notice.ORDERED)


def _tell(order: ExportOrder, tenant: Tenant, people: object, subject: object, notice: Notice = Notice.ACTION) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        words = str(subject)
    send_mail(tenant.pk, people, subject=words, path=reverse("export_detail", args=[tenant.slug, order.public_id]), notice=notice)  # type: ignore[arg-type]  # a queryset or a list


def _lock(order: ExportOrder, *states: str) -> ExportOrder:
    found = ExportOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if found.status not in states:
        raise ExportStateError(_("Somebody was here before you: the export is now “%(status)s”.") % {"status": found.get_status_display()})
    return found
