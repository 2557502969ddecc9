"""The sparring door and its requests to be called back. No word here is about a child."""

from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.actor import Actor
from access.notices import Notice
from access.notify import send_mail
from access.policy import require
from access.roles import Verb
from access.scope import Tenant as Scope
from municipalities.models import CallRequest, SparringDoor, Tenant
from municipalities.presets import Made

OPEN_MOST = 5  # of one asker: the door is no chat


class NobodyAnswersError(Exception):
    """The request cannot be sent; the text says why, for the screen."""


def has_none(tenant: Scope) -> bool:
    """True for a kommune whose administrator has not set its door up."""
    return tenant.is_kommune and not tenant.has_sparring_door


def door_of(actor: Actor) -> SparringDoor | None:
    """The kommune's door, for its members."""
    return SparringDoor.objects.filter(tenant_id=actor.tenant_id).select_related("holder", "tenant").first()


def save_door(*, actor: Actor, **values: Any) -> SparringDoor:
    """Set the door up or change it; from now on it stands in everybody's menu."""
    tenant = Tenant.objects.select_for_update(no_key=True).get(pk=actor.tenant_id)
    door = SparringDoor.objects.filter(tenant=tenant).first() or SparringDoor(tenant=tenant)
    require(actor, Verb.MANAGE_TENANT, door)
    for name, value in values.items():
        setattr(door, name, value)
    door.save()
    if not tenant.has_sparring_door:
        tenant.has_sparring_door = True
        tenant.save(update_fields=["has_sparring_door"])
    return door


def ask_for_call(*, actor: Actor, how: str, when: str) -> CallRequest:
    """Ask to be called back: whoever answers the door gets a notice with a link, never the text."""
    door = door_of(actor)
    if door is None:
        raise Http404("the kommune has no door")
    if door.holder is None:
        raise NobodyAnswersError(door.no_answer)
    if CallRequest.objects.filter(tenant_id=actor.tenant_id, asker_id=actor.user_id, answered_at=None).count() >= OPEN_MOST:
        raise NobodyAnswersError(_("You have already asked several times. Call instead, or wait for the answer."))
    request = CallRequest.objects.create(tenant_id=actor.tenant_id, asker_id=actor.user_id, holder=door.holder, how=how, when=when)
    with translation.override(settings.LANGUAGE_CODE):
        subject = str(gettext_lazy("A colleague asks to be called back"))
    send_mail(actor.tenant_id, [door.holder], subject=subject, path=reverse("sparring", args=[door.tenant.slug]), notice=Notice.ACTION)
    return request


def mark_answered(public_id: str, *, actor: Actor) -> None:
    """Whoever answers the door has called back. Http404 for anybody else's."""
    found = CallRequest.objects.select_for_update().filter(tenant_id=actor.tenant_id, holder_id=actor.user_id, public_id=public_id).first()
    if found is None:
        raise Http404("no such request for this actor")
    if found.answered_at is None:
        found.answered_at = timezone.now()
        found.save(update_fields=["answered_at"])


def load_door(made: Made) -> None:
    """Preset section `[sparring]`: the door as the file says. Nobody answers until the administrator names somebody."""
    row = made.preset["sparring"]
    values = {key: row.get(key, "") for key in ("title", "phone", "mail", "hours", "text")}
    save_door(actor=made.actor, **values, steps="\n".join(row.get("steps", [])), holder=None)


def own_requests(actor: Actor) -> list[CallRequest]:
    """What this person has asked: his receipts."""
    return list(CallRequest.objects.filter(tenant_id=actor.tenant_id, asker_id=actor.user_id)[:20])


def to_answer(actor: Actor) -> list[CallRequest]:
    """What waits for whoever answers the door."""
    return list(CallRequest.objects.filter(tenant_id=actor.tenant_id, holder_id=actor.user_id, answered_at=None).select_related("asker").order_by("asked_at"))
