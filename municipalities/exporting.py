"""How the worker takes a whole kommune out: every table with a tenant, its files, its people and its log, in one locked file.

It acts as an actor that may read everything of this tenant and nothing else, which only this module makes. Row security stays
in force, each transaction is short and, once its log row is written, read-only. Person data is read behind tickets, a batch of
persons at a time. What is read goes into the zip, the zip through the lock and through the seal of the store, piece by piece:
no clear byte touches a disk, and no whole file the memory. Killed anywhere, it begins anew.
"""

import logging
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.actor import Actor
from access.constraints import RowSecurity
from access.context import actor_of, context_of, read_only
from access.gate import open_ticket
from access.log import whole_entries
from access.looking_after import look_again
from access.models import LogEntry, Purpose, User
from access.roles import Verb
from access.row_policies import POLICIES
from access.sealed_file import LockedWriter
from access.vault import file_store
from municipalities.archive import Archive, log_row, user_row
from municipalities.export_orders import KEPT, lock_for, tell_ready
from municipalities.models import ExportOrder, Forum, Tenant

logger = logging.getLogger(__name__)
Status = ExportOrder.Status
AT_WORK = (Status.QUEUED, Status.RUNNING)
ROWS, PERSONS, LOG_ROWS = 500, 50, 1000  # of one transaction
BROKEN = gettext_lazy("Something went wrong while the export was made. Nothing has left the house. Try again, or tell your administrator.")
READ = (Verb.VIEW_FORUM, Verb.VIEW_AGENDA, Verb.VIEW_AGGREGATE, Verb.VIEW_CASES, Verb.VIEW_REPORT, Verb.EDIT_PLANS)


class Clear(NamedTuple):
    """What stands in the export in place of a sealed column: a name and how to open it; nothing when the column is a secret of the product."""

    column: str
    name: str = ""
    value: Callable[[Any], str] | None = None


_clear: dict[str, Clear] = {"municipalities.ExportOrder": Clear("key_sealed")}


def register_clear(model: type[Model], column: str, name: str, value: Callable[[Any], str]) -> None:
    """Called from an app's `ready()`: a sealed column leaves the house in clear, or nobody could ever read it."""
    _clear[model._meta.label] = Clear(column, name, value)


# ---- what there is --------------------------------------------------------------------------------------------------
def tables() -> list[type[Model]]:
    """Every model whose rows belong to a tenant. The log has a file of its own."""
    found = [model for model in apps.get_models() if model is not LogEntry and any(field.attname == "tenant_id" for field in model._meta.concrete_fields)]
    return sorted(found, key=lambda model: model._meta.db_table)


def needs_ticket(model: type[Model]) -> bool:
    """True when row security shows a row only to who has written its person into the log."""
    kinds = [constraint.kind for constraint in model._meta.constraints if isinstance(constraint, RowSecurity)]
    return any("ticket_subjects" in (policy.using or "") for kind in kinds for policy in POLICIES[kind])


def export_actor(order: ExportOrder) -> Actor:
    """Reads everything of this tenant. It is made from an order that a second person has confirmed, for this job alone."""
    if order.confirmed_by_id is None or order.status != Status.RUNNING:
        raise PermissionError("only for a confirmed export that is being made")
    with context_of(Actor(user_id=order.confirmed_by_id, tenant_id=order.tenant_id, is_member=True)):
        forums = frozenset(Forum.objects.filter(tenant_id=order.tenant_id).values_list("pk", flat=True))
    return Actor(
        user_id=order.confirmed_by_id, tenant_id=order.tenant_id, is_member=True, is_system=True, is_export=True,
        forums=dict.fromkeys(READ, forums), tenant_verbs=frozenset({Verb.VIEW_AUDIT}),
    )  # fmt: skip


# ---- the job --------------------------------------------------------------------------------------------------------
def make_export(tenant_id: int, user_id: int, order_id: int) -> None:
    """Make the ordered file. Does nothing when it is done or another worker is at it; a failure becomes a sentence on the order."""
    keeper = Actor(user_id=user_id, tenant_id=tenant_id, is_system=True)  # writes down how far it is, reads nothing
    tenant = Tenant.objects.get(pk=tenant_id)
    with translation.override(settings.LANGUAGE_CODE):
        order = _claim(keeper, order_id)
        if order is None:
            return
        try:
            _require_still_dpo(User.objects.get(pk=user_id), tenant, order)
            _store(keeper, tenant, order)
        except PermissionError:
            _fail(keeper, order_id, _("The person who confirmed the export is no longer DPO. Order a new one."))
        except Exception:  # whatever stands in the way: the reader gets a sentence, the administrator the trace
            logger.exception("export %s of tenant %s failed", order_id, tenant_id)
            _fail(keeper, order_id, str(BROKEN))


def look_after(tenant_id: int, user_id: int, order_id: int, turn: int, attempt: int = 1) -> None:
    """See whether this attempt at the export is finished; if its worker has died, take over. Comes again until it is finished, but not for ever."""
    keeper = Actor(user_id=user_id, tenant_id=tenant_id, is_system=True)
    with context_of(keeper), translation.override(settings.LANGUAGE_CODE):
        order = ExportOrder.objects.select_for_update().filter(pk=order_id, tenant_id=tenant_id, attempt=attempt, status__in=AT_WORK).first()
        if order is None:
            return
        goes_on = look_again(order, "look_after_export", actor=keeper, turn=turn, order_id=order_id, attempt=attempt)
        if not goes_on:
            _end(order, str(BROKEN))
    if goes_on:
        make_export(tenant_id, user_id, order_id)


def _claim(keeper: Actor, order_id: int) -> ExportOrder | None:
    with context_of(keeper):
        order = ExportOrder.objects.select_for_update().filter(pk=order_id, tenant_id=keeper.tenant_id).first()
        if order is None or order.status not in AT_WORK or order.is_in_hand:
            return None
        order.status, order.progress, order.step, order.error = Status.RUNNING, 1, _("The tables are read"), ""
        order.save(update_fields=["status", "progress", "step", "error", "touched_at"])
    return order


def _require_still_dpo(user: User, tenant: Tenant, order: ExportOrder) -> None:
    if order.confirmed_by_id != user.pk or Verb.VIEW_AUDIT not in actor_of(user, tenant.slug).tenant_verbs:
        raise PermissionError("the right to confirm has ended")


def _build(keeper: Actor, tenant: Tenant, order: ExportOrder, sink: LockedWriter) -> None:
    """The archive, table by table, into the lock."""
    actor, models, people = export_actor(order), tables(), set[int]()

    def alive() -> None:
        _note(keeper, order.pk)

    with Archive(tenant, sink, alive) as archive:
        for number, model in enumerate(models):
            _note(keeper, order.pk, 5 + 75 * number // len(models), _("Table %(n)s of %(total)s") % {"n": number + 1, "total": len(models)})
            archive.add_table(model._meta.db_table, _plain_rows(actor, model, archive, people, alive))
        archive.add_table("municipalities_tenant", [_plain(tenant)])
        _note(keeper, order.pk, 82, _("The log is read"))
        archive.add_rows("log.jsonl", _log_rows(actor, people))
        archive.add_rows("users.jsonl", (user_row(user) for user in User.objects.filter(pk__in=people).order_by("pk")))
        archive.finish()
    sink.finish()


def _plain_rows(actor: Actor, model: type[Model], archive: Archive, people: set[int], alive: Callable[[], None]) -> Iterator[dict[str, Any]]:
    """Every row of the tenant as plain data; its file, if it has one, goes into the archive; the users it names are noted."""
    for rows in _ticket_batches(actor, model) if needs_ticket(model) else _batches(actor, model):
        alive()
        for row in rows:
            people.update(_users_in(row))
            archive.add_file(model._meta.db_table, row.pk, getattr(row, "file_key", ""))
            yield _plain(row)


def _batches(actor: Actor, model: type[Model]) -> Iterator[list[Any]]:
    last: Any = None
    while True:
        with context_of(actor):
            read_only()
            rows = model._default_manager.filter(tenant_id=actor.tenant_id).order_by("pk")
            found = list(rows.filter(pk__gt=last)[:ROWS] if last is not None else rows[:ROWS])
        if not found:
            return
        yield found
        last = found[-1].pk


def _ticket_batches(actor: Actor, model: type[Model]) -> Iterator[list[Any]]:
    persons: Any = model._meta.get_field("person").related_model
    for shells in _batches(actor, persons):
        ids = [shell.pk for shell in shells]
        for start in range(0, len(ids), PERSONS):
            batch = ids[start : start + PERSONS]
            with context_of(actor):
                open_ticket(actor, persons, batch, purpose=Purpose.EXPORT, action=LogEntry.Action.EXPORT, note=str(model._meta.verbose_name))
                read_only()
                found = list(model._default_manager.filter(tenant_id=actor.tenant_id, person__in=batch).order_by("pk"))
            yield found


def _log_rows(actor: Actor, people: set[int]) -> Iterator[dict[str, Any]]:
    before, until = None, timezone.now()
    while True:
        with context_of(actor):
            read_only()
            entries = whole_entries(until=until, limit=LOG_ROWS, before_id=before)
        if not entries:
            return
        people.update(entry.actor_id for entry in entries if entry.actor_id)
        yield from map(log_row, entries)
        before = entries[-1].pk


def _users_in(row: Model) -> Iterator[int]:
    for field in row._meta.concrete_fields:
        if field.related_model is User and getattr(row, field.attname):
            yield getattr(row, field.attname)


def _plain(row: Model) -> dict[str, Any]:
    """The columns of a row. A sealed one is opened or left out as its app has said; one that nobody speaks for stops the export."""
    clear = _clear.get(row._meta.label)
    plain: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if clear and field.attname == clear.column:
            if clear.value is not None:
                plain[clear.name] = clear.value(row)
        elif field.attname.endswith("_sealed"):
            raise LookupError(f"{row._meta.label}.{field.attname} is sealed: its app must call register_clear")
        else:
            plain[field.attname] = field.value_from_object(row)
    return plain


# ---- the order ------------------------------------------------------------------------------------------------------
def _store(keeper: Actor, tenant: Tenant, order: ExportOrder) -> None:
    """Make the locked file, and say on the order that it is there."""
    lock = lock_for(order)
    if lock is None:
        raise PermissionError("the key has been taken away")
    with file_store().writing() as draft:
        locked = LockedWriter(draft, lock)
        _build(keeper, tenant, order, locked)
    with context_of(keeper):
        found = ExportOrder.objects.select_for_update().get(pk=order.pk)
        if found.status != Status.RUNNING:  # called off, or another run was first
            file_store().remove(draft.key)
            return
        found.archive_key, found.file_size, found.sha256 = draft.key, locked.size, locked.sha256
        found.status, found.progress, found.step, found.key_sealed, found.salt = Status.DONE, 100, "", "", ""
        found.finished_at = timezone.now()
        found.expires_at = found.finished_at + KEPT
        found.save()
        open_ticket(keeper, ExportOrder, [], purpose=Purpose.EXPORT, action=LogEntry.Action.EXPORT, row=found)
        tell_ready(found, tenant)


def _note(keeper: Actor, order_id: int, percent: int | None = None, step: str = "") -> None:
    """A sign of life, in a transaction of its own."""
    with context_of(keeper):
        order = ExportOrder.objects.select_for_update().get(pk=order_id)
        if percent is not None:
            order.progress, order.step = percent, step[:80]
        order.save(update_fields=["progress", "step", "touched_at"])


def _fail(keeper: Actor, order_id: int, sentence: str) -> None:
    with context_of(keeper):
        order = ExportOrder.objects.select_for_update().get(pk=order_id)
        if order.status == Status.RUNNING:
            _end(order, sentence)


def _end(order: ExportOrder, sentence: str) -> None:
    order.status, order.error = Status.FAILED, sentence
    order.save(update_fields=["status", "error", "touched_at"])
