"""Free texts of agendas that may hold a kommune's former word (`municipalities.term_uses`): an item's title on a standing agenda, and who presents
it, there and in a draft. The titles of a draft are its writer's own.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from access.actor import Actor
from access.roles import Verb
from meetings.models import AgendaItem, AgendaTemplateItem, Meeting
from municipalities.term_uses import Holder


def _items(actor: Actor) -> Any:
    found = AgendaTemplateItem.objects.filter(tenant_id=actor.tenant_id)
    return found.select_related("template__forum").order_by("template__forum__name", "template", "order")


def _draft_items(actor: Actor) -> Any:
    """Of agendas that are not called yet, in the forums whose agendas he writes: nobody sees another's draft here."""
    found = AgendaItem.objects.filter(tenant_id=actor.tenant_id, meeting__status=Meeting.Status.DRAFT, forum__in=actor.forums_with(Verb.CONVENE)).exclude(presenter="")
    return found.select_related("forum").order_by("forum__name", "meeting", "order")


HOLDERS = (
    Holder(_("Item on a standing agenda"), "title", _items, lambda item: item.template.forum.name),
    Holder(_("Presenter on a standing agenda"), "presenter", _items, lambda item: item.template.forum.name),
    Holder(_("Presenter in a draft of an agenda"), "presenter", _draft_items, lambda item: item.forum.name),
)
