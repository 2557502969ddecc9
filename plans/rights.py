"""What a seat gives on plans: guardian's group rows, for seats held now."""

from typing import Any

from django.db.models import BigIntegerField, F, QuerySet, Value
from django.db.models.functions import Cast

from access.right_rows import LABEL
from municipalities.models import valid_now
from plans.models import PlanGroupPermission


def rights(user_id: int, tenant_id: int) -> list[QuerySet[Any, Any]]:
    """(plan, verb, plan id, no label) for every plan the user's seats open."""
    mine = {"group__seats__user": user_id, "group__seats__tenant": tenant_id}
    rows = PlanGroupPermission.objects.filter(valid_now("group__seats__"), **mine).order_by()
    return [
        rows.values_list(
            Value("plan", output_field=LABEL), Cast(F("permission__codename"), LABEL), Cast(F("content_object_id"), BigIntegerField()), Value("", output_field=LABEL)
        )
    ]  # fmt: skip
