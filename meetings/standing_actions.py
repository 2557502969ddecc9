"""The writes of standing agendas. A meeting copies the items when it is made, so nothing here changes a meeting.

All raise PermissionDenied when the actor may not, and SetupError with a sentence, StaleError among them, when it cannot be.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from access.actor import Actor
from access.roles import DataClass
from meetings.agenda_actions import stricter
from meetings.errors import StandingItemGoneError
from meetings.item_order import blocks_of, move_among, write_order
from meetings.models import AgendaTemplate, AgendaTemplateItem, ItemKind
from meetings.presenters import kind_of
from meetings.standing_agendas import classes_of, require_keeper
from municipalities.errors import SetupError, StaleError
from municipalities.models import Forum, Tenant
from municipalities.versions import refuse_stale

PLACE = ("order",)  # changes when another item is moved: no reason to refuse a text
FIELDS = ("title", "presenter", "duration", "kind", "data_class", "fill", "is_optional")


def add_agenda(forum: Forum, *, actor: Actor, name: str, meeting_numbers: list[int], like: AgendaTemplate | None = None) -> AgendaTemplate:
    """A new standing agenda, empty or with the items of another one. Items of a class that this forum cannot have are left out."""
    require_keeper(actor, forum)
    _refuse_taken(AgendaTemplate(tenant_id=forum.tenant_id, forum=forum, name=name, meeting_numbers=meeting_numbers))
    made = AgendaTemplate.objects.create(tenant_id=forum.tenant_id, forum=forum, name=name, meeting_numbers=meeting_numbers)
    if like is not None:
        _copy(like.items.filter(data_class__in=classes_of(forum)), made)
    return made


def _copy(items: Iterable[AgendaTemplateItem], to: AgendaTemplate) -> None:
    copies: dict[int, AgendaTemplateItem] = {}
    for item in items:
        if item.parent_id is not None and item.parent_id not in copies:
            continue  # left out with the item above it
        same = {name: getattr(item, name) for name in (*FIELDS, "order", "presenter_kind")}
        copies[item.pk] = AgendaTemplateItem.objects.create(tenant_id=to.tenant_id, template=to, parent=copies.get(item.parent_id or 0), **same)


def change_agenda(template: AgendaTemplate, *, actor: Actor, seen: str | None, name: str, meeting_numbers: list[int]) -> AgendaTemplate:
    """Another name, or other meetings of the year."""
    template = _locked(template, actor)
    refuse_stale(template, seen)
    template.name, template.meeting_numbers = name, meeting_numbers
    _refuse_taken(template)
    template.save(update_fields=["name", "meeting_numbers"])
    return template


def remove_agenda(template: AgendaTemplate, *, actor: Actor) -> None:
    """Take it away with its items. Meetings that were made from it keep theirs."""
    _locked(template, actor).delete()


def _refuse_taken(template: AgendaTemplate) -> None:
    Tenant.objects.select_for_update(no_key=True).get(pk=template.tenant_id)  # two at once do not take the same number
    for other in AgendaTemplate.objects.filter(tenant_id=template.tenant_id, forum_id=template.forum_id).exclude(pk=template.pk).order_by("pk"):
        if other.name.lower() == template.name.lower():
            raise SetupError(_("The forum has a standing agenda with this name already. Choose another name."))
        for number in template.meeting_numbers:
            if number in other.meeting_numbers:
                raise SetupError(_("Meeting %(number)s uses “%(other)s” already. Take the number away there first.") % {"number": number, "other": other.name})


def add_standing_item(template: AgendaTemplate, *, actor: Actor, parent: AgendaTemplateItem | None = None, **fields: Any) -> AgendaTemplateItem:
    """A new item, last by itself or last under `parent`."""
    template = _locked(template, actor)
    item = AgendaTemplateItem(tenant_id=template.tenant_id, template=template)
    _write(item, template, parent, fields)
    return item


def change_standing_item(item: AgendaTemplateItem, *, actor: Actor, seen: str | None, parent: AgendaTemplateItem | None, **fields: Any) -> AgendaTemplateItem:
    """Change an item, or put it under another one. What stands under it becomes at least as closed as it is."""
    template, item = _locked_item(item, actor)
    refuse_stale(item, seen, PLACE)
    _write(item, template, parent, fields)
    for child in item.children.select_for_update(no_key=True):
        _close_at_least(child, DataClass(item.data_class))
    return item


def _write(item: AgendaTemplateItem, template: AgendaTemplate, parent: AgendaTemplateItem | None, fields: dict[str, Any]) -> None:
    """Check and save the item; its order is written anew when it comes to stand somewhere else."""
    chosen = DataClass(fields["data_class"])
    if chosen not in classes_of(template.forum):
        raise SetupError(_("An item of this class cannot stand on this forum's agenda."))
    above = _above(item, template, parent)
    is_new_place = item.pk is None or item.parent_id != (above and above.pk)
    if item.presenter != fields["presenter"]:  # a preset may say «Styregruppen» of the forum as a whole
        item.presenter_kind = kind_of(fields["presenter"], template.forum)
    for name in FIELDS:
        setattr(item, name, fields[name])
    item.parent = above
    item.data_class = stricter(chosen, DataClass(above.data_class)) if above else chosen
    if item.is_closed:
        item.kind = ItemKind.SAG
    if is_new_place:
        item.order = (AgendaTemplateItem.objects.filter(template=template).aggregate(Max("order"))["order__max"] or 0) + 1
    item.save()
    if is_new_place:
        write_order(blocks_of(_rows(template)))
        item.refresh_from_db(fields=["order"])


def _above(item: AgendaTemplateItem, template: AgendaTemplate, parent: AgendaTemplateItem | None) -> AgendaTemplateItem | None:
    """The item that it is to stand under, as it is now: of the same agenda, itself under none; and one with items under it stands by itself."""
    if parent is None:
        return None
    found = AgendaTemplateItem.objects.filter(template=template, pk=parent.pk, parent=None).exclude(pk=item.pk).first()
    if found is None or (item.pk is not None and item.children.exists()):
        raise SetupError(_("A sub-item stands under an item of the same agenda."))
    return found


def _close_at_least(child: AgendaTemplateItem, data_class: DataClass) -> None:
    chosen = stricter(DataClass(child.data_class), data_class)
    if chosen != child.data_class:
        child.data_class = chosen
        child.kind = ItemKind.SAG if child.is_closed else child.kind
        child.save(update_fields=["data_class", "kind"])


def move_standing_item(item: AgendaTemplateItem, *, actor: Actor, up: bool = False, to: int | None = None) -> int:
    """Move an item, with what stands under it, among its equals. Returns its new place among them."""
    template, item = _locked_item(item, actor)
    return move_among(_rows(template), item.pk, up=up, to=to)


def remove_standing_item(item: AgendaTemplateItem, *, actor: Actor) -> None:
    """Take an item off, with what stands under it."""
    _template, item = _locked_item(item, actor)
    item.delete()


def _rows(template: AgendaTemplate) -> list[AgendaTemplateItem]:
    return list(AgendaTemplateItem.objects.select_for_update(no_key=True).filter(template=template).order_by("order", "pk"))


def _locked(template: AgendaTemplate, actor: Actor) -> AgendaTemplate:
    """The standing agenda as it is now, locked: two who change it come one after the other."""
    require_keeper(actor, template)
    found = AgendaTemplate.objects.select_for_update(of=("self",), no_key=True).select_related("forum").filter(tenant_id=template.tenant_id, pk=template.pk).first()
    if found is None:
        raise StaleError(_("Somebody else has removed this standing agenda."))
    return found


def _locked_item(item: AgendaTemplateItem, actor: Actor) -> tuple[AgendaTemplate, AgendaTemplateItem]:
    template = _locked(item.template, actor)
    found = AgendaTemplateItem.objects.select_for_update(of=("self",), no_key=True).filter(template=template, pk=item.pk).first()
    if found is None:
        raise StandingItemGoneError(_("Somebody else has removed this item from the standing agenda."))
    return template, found
