"""What an ad hoc grant opens: one case, one meeting, one item, while the database's clock is inside from/to."""

from collections.abc import Iterable
from typing import Any

from django.db.models import BigIntegerField, F, QuerySet, Value
from django.db.models.functions import Cast, Now

from access.right_rows import LABEL, each_named
from cases.models import AdHocGrant, CaseRecusal


def current_grants(user_id: int) -> QuerySet[AdHocGrant]:
    """The grants that open something for this user at this moment."""
    return AdHocGrant.objects.filter(user=user_id, revoked_at=None, valid_from__lte=Now(), valid_to__gt=Now())


def rights(user_id: int, tenant_id: int) -> list[QuerySet[Any, Any]]:
    """A guest's rights, one row for each thing that is opened; and each case that the user is kept out of."""
    grants = current_grants(user_id).filter(tenant=tenant_id).order_by()
    opened = {"cases.Case": "case_id", "meetings.Meeting": "meeting_id", "meetings.AgendaItem": "item_id"}
    kept_out = CaseRecusal.objects.filter(user=user_id, tenant=tenant_id).order_by()
    return [
        grants.values_list(Value("guest", output_field=LABEL), *each_named(opened), Value("Gæst", output_field=LABEL)),
        kept_out.values_list(
            Value("recused", output_field=LABEL), Value("cases.Case", output_field=LABEL), Cast(F("case_id"), BigIntegerField()), Value("", output_field=LABEL)
        ),
    ]


def tenants_of(user_id: int) -> Iterable[tuple[str, str, str]]:
    """(slug, name, role) of the kommuner where the user is a guest now."""
    for slug, name in current_grants(user_id).filter(tenant__active=True).values_list("tenant__slug", "tenant__name"):
        yield slug, name, "Gæst"
