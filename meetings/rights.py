"""What keeps somebody out of an item of an agenda, whatever his seat gives: he is inhabil."""

from typing import Any

from django.db.models import QuerySet, Value

from access.right_rows import LABEL, each_named
from meetings.models import ItemRecusal

SEEN_IN_PART = "meetings.Meeting seen in part"


def rights(user_id: int, tenant_id: int) -> list[QuerySet[Any, Any]]:
    """(recused, model, id, no label) for each item he is kept out of, and for the meetings of which he therefore does not see all."""
    rows = ItemRecusal.objects.filter(user=user_id, tenant=tenant_id).order_by()
    closed = {"meetings.AgendaItem": "item_id", SEEN_IN_PART: "meeting_id"}
    return [rows.values_list(Value("recused", output_field=LABEL), *each_named(closed), Value("", output_field=LABEL))]
