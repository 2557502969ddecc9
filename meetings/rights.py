"""What keeps somebody out of an item of an agenda, whatever his seat gives: he is inhabil."""

from typing import Any

from django.db.models import BigIntegerField, CharField, F, QuerySet, Value
from django.db.models.functions import Cast

from meetings.models import ItemRecusal

LABEL = CharField(max_length=300)
SEEN_IN_PART = "meetings.Meeting seen in part"


def rights(user_id: int, tenant_id: int) -> list[QuerySet[Any, Any]]:
    """(recused, model, id, no label) for each item he is kept out of, and for the meetings of which he therefore does not see all."""
    rows = ItemRecusal.objects.filter(user=user_id, tenant=tenant_id).order_by()
    closed = {"meetings.AgendaItem": "item_id", SEEN_IN_PART: "meeting_id"}
    return [
        rows.values_list(Value("recused", output_field=LABEL), Value(label, output_field=LABEL), Cast(F(column), BigIntegerField()), Value("", output_field=LABEL))
        for label, column in closed.items()
    ]
