"""Free texts of the standing agendas that may hold a kommune's former word (`municipalities.term_uses`): who presents an item."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from meetings.models import AgendaTemplateItem
from municipalities.term_uses import Holder


def _items(tenant_id: int) -> Any:
    return AgendaTemplateItem.objects.filter(tenant_id=tenant_id).exclude(presenter="").select_related("template__forum").order_by("template__forum__name", "template", "order")


HOLDER = Holder(_("Presenter on a standing agenda"), "presenter", _items, lambda item: item.template.forum.name)
