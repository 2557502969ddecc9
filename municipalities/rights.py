"""What seats and appointments give: the rows that `access.actor` resolves, and the kommuner one may choose."""

from collections.abc import Iterable
from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from access.kept import kept
from access.models import User
from access.right_rows import LABEL
from access.roles import AppointmentRole
from municipalities.models import PLEDGE_VERSION, Appointment, ConfidentialityPledge, ForumGroupPermission, Seat, TenantGroupPermission, valid_now


def rights(user_id: int, tenant_id: int) -> list[QuerySet[Any, Any]]:
    """Seats held now, what guardian's group rows give them, appointments with theirs, and whether he has accepted the duty of confidentiality."""
    mine = {"group__seats__user": user_id, "group__seats__tenant": tenant_id, "content_object__tenant": tenant_id}
    forums = ForumGroupPermission.objects.filter(valid_now("group__seats__"), **mine, group__seats__forum=F("content_object"))
    appointed = {"group__appointments__user": user_id, "group__appointments__tenant": tenant_id, "content_object": tenant_id}
    tenants = TenantGroupPermission.objects.filter(valid_now("group__appointments__"), **appointed)
    seats = Seat.objects.current().filter(user=user_id, tenant=tenant_id)
    appointments = Appointment.objects.current().filter(user=user_id, tenant=tenant_id)
    pledges = ConfidentialityPledge.objects.filter(user=user_id, tenant=tenant_id, version=PLEDGE_VERSION)
    return [
        _rows(pledges, "pledge", Value(""), Value(0), Value("")),
        _rows(forums, "forum", F("permission__codename"), F("content_object_id"), Value("")),
        _rows(tenants, "tenant", F("permission__codename"), F("content_object_id"), Value("")),
        _rows(seats, "seat", F("role"), F("forum_id"), Concat("title", Value(", "), "organisation__name")),
        _rows(appointments, "seat", F("role"), Value(0), F("role")),
    ]


def _rows(rows: QuerySet[Any, Any], kind: str, name: Any, object_id: Any, label: Any) -> QuerySet[Any, Any]:
    return rows.order_by().values_list(
        Value(kind, output_field=LABEL), Cast(name, LABEL), Cast(object_id, BigIntegerField()), Cast(label, LABEL)
    )  # fmt: skip


def tenants_of(user_id: int) -> Iterable[tuple[str, str, str]]:
    """(slug, name, role) of every seat and appointment the user holds now, in any tenant."""
    seats = list(Seat.objects.current().filter(user=user_id, tenant__active=True).values_list("tenant__slug", "tenant__name", "title"))
    yield from seats
    seated = {slug for slug, _name, _title in seats}
    appointments = Appointment.objects.current().filter(user=user_id, tenant__active=True).select_related("tenant")
    for appointment in appointments:
        if appointment.role != AppointmentRole.READER or appointment.tenant.slug not in seated:
            yield appointment.tenant.slug, appointment.tenant.name, appointment.get_role_display()


def people_of(tenant: Any) -> QuerySet[User]:
    """Everybody who holds or has held a seat or an appointment in this tenant."""
    seats = Seat.objects.filter(tenant_id=tenant, user=OuterRef("pk"))
    appointments = Appointment.objects.filter(tenant_id=tenant, user=OuterRef("pk"))
    return User.objects.filter(Exists(seats) | Exists(appointments))


everybody = kept(people_of)  # read at once, for the filter of the access log
