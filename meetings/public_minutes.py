"""Public minutes: what a forum publishes of its approved minutes, and what somebody without a login reads of it.

Published is a frozen copy of the PUBLIC items, numbered among themselves, so that no number is missing where an item is not
public. With their files. No names of those who came, no agreements, nothing of the closed part: a copy has no way to them.
"""

import hashlib
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor
from access.context import context_of
from access.roles import DataClass, Verb
from access.vault import file_store
from meetings.agenda import numbers_of
from meetings.errors import MeetingStateError
from meetings.minutes import is_unchanged
from meetings.models import AgendaItem, Attachment, CorrectionNote, Meeting, PublicAttachment, PublicMinutes
from meetings.rights import SEEN_IN_PART
from meetings.rows import locked_meeting
from municipalities.models import Tenant

MOST = 200  # on the list: ten years of a forum that meets often


def publish_minutes(meeting: Meeting, *, actor: Actor) -> PublicMinutes:
    """Publish the public items of approved minutes; again replaces the copy, with the corrections since.

    Raises PermissionDenied without WRITE_MINUTES, and MeetingStateError when the minutes are not approved, the forum's are not public,
    nothing is public, the text is not the one that was approved, or the actor is kept out of one of the items and so cannot see what he would publish.
    """
    meeting = locked_meeting(meeting, actor, Verb.WRITE_MINUTES)
    if meeting.status != Meeting.Status.APPROVED or not meeting.forum.minutes_are_public:
        raise MeetingStateError(_("Only approved minutes of a forum whose minutes are public can be published."))
    if meeting.pk in actor.recused_from(SEEN_IN_PART):
        raise MeetingStateError(_("You are disqualified from an item of this meeting. Somebody else must publish its minutes."))
    if is_unchanged(actor, meeting) is False:
        raise MeetingStateError(_("The text is no longer the one that was approved. Tell the administrator of the kommune."))
    items = list(public_items(meeting))
    if not items:
        raise MeetingStateError(_("No item of this meeting is public."))
    PublicMinutes.objects.filter(tenant_id=meeting.tenant_id, meeting=meeting).delete()
    minutes = PublicMinutes.objects.create(
        tenant_id=meeting.tenant_id, forum_id=meeting.forum_id, meeting=meeting, forum_name=meeting.forum.name, held_on=timezone.localdate(meeting.starts_at),
        content=_content(items), published_by_id=actor.user_id,
    )  # fmt: skip
    for row in public_files(meeting):
        place = [item.pk for item in items].index(row.item_id)
        PublicAttachment.objects.create(
            tenant_id=meeting.tenant_id, minutes=minutes, place=place, name=row.name, kind=row.kind, size=row.size, sha256=row.sha256, file_key=row.file_key
        )
    return minutes


def withdraw_minutes(meeting: Meeting, *, actor: Actor) -> None:
    """Nobody without a login reads them any more. Again changes nothing. Raises PermissionDenied without WRITE_MINUTES."""
    meeting = locked_meeting(meeting, actor, Verb.WRITE_MINUTES)
    PublicMinutes.objects.filter(tenant_id=meeting.tenant_id, meeting=meeting).delete()


def public_files(meeting: Meeting) -> list[Attachment]:
    """The files that go with the public items, as they stand under them now."""
    found = Attachment.objects.filter(tenant_id=meeting.tenant_id, meeting=meeting, item__data_class=DataClass.PUBLIC, item__is_withdrawn=False)
    return list(found.order_by("item__order", "item_id", "uploaded_at", "pk"))


def public_items(meeting: Meeting) -> QuerySet[AgendaItem]:
    """The items that would be published, in their order."""
    return AgendaItem.objects.filter(tenant_id=meeting.tenant_id, meeting=meeting, data_class=DataClass.PUBLIC, is_withdrawn=False).order_by("order", "pk")


def _content(items: list[AgendaItem]) -> list[dict[str, Any]]:
    """The public items with their text, decision and corrections; numbered among themselves. One query."""
    known = {item.pk for item in items}
    for item in items:
        if item.parent_id not in known:
            item.parent_id = None  # an item under one that is not public stands by itself
    notes: dict[int, list[str]] = {}
    for item_id, text in CorrectionNote.objects.filter(item__in=known).order_by("created_at", "pk").values_list("item_id", "text"):
        notes.setdefault(item_id, []).append(text)
    return [
        {"number": number, "title": item.title, "text": item.text, "decision": item.decision, "corrections": notes.get(item.pk, [])}
        for number, item in zip(numbers_of(items), items, strict=True)
    ]


def published_for(actor: Actor, meeting: Meeting) -> PublicMinutes | None:
    """What is published of the meeting now. Asks only where something can be."""
    if meeting.status != Meeting.Status.APPROVED or not meeting.forum.minutes_are_public:
        return None
    found: PublicMinutes | None = PublicMinutes.objects.filter(tenant_id=actor.tenant_id, meeting=meeting).first()
    return found


def read_public_list(slug: str) -> tuple[Tenant, list[PublicMinutes]]:
    """A tenant's published minutes, for somebody who is not logged in. Http404 when there are none: also for a tenant that does not exist."""
    tenant = _tenant(slug)
    with context_of(Actor(public_tenant_id=tenant.pk)):
        found = list(PublicMinutes.objects.filter(tenant_id=tenant.pk).defer("content")[:MOST])
    if not found:
        raise Http404("nothing published")
    return tenant, found


def read_public(slug: str, public_id: str) -> tuple[Tenant, PublicMinutes]:
    """One meeting's published minutes with their `files`, for somebody who is not logged in, or Http404."""
    tenant = _tenant(slug)
    with context_of(Actor(public_tenant_id=tenant.pk)):
        found = PublicMinutes.objects.filter(tenant_id=tenant.pk, public_id=public_id).prefetch_related("files").first()
    if found is None:
        raise Http404("nothing published")
    return tenant, found


def shown_items(minutes: PublicMinutes) -> list[dict[str, Any]]:
    """The items as they were published, each with its `files`."""
    return [{**item, "files": [file for file in minutes.files.all() if file.place == place]} for place, item in enumerate(minutes.content)]


def read_public_file(slug: str, minutes_id: str, file_id: str) -> tuple[PublicAttachment, bytes]:
    """A file of published minutes and what is in it, for somebody who is not logged in; Http404 also when it is not what was published."""
    minutes = read_public(slug, minutes_id)[1]
    found = next((file for file in minutes.files.all() if file.public_id == file_id), None)
    if found is None:
        raise Http404("nothing published")
    try:
        content = file_store().get(found.file_key)
    except FileNotFoundError as error:
        raise Http404("the file is gone") from error
    if hashlib.sha256(content).hexdigest() != found.sha256:
        raise Http404("not the file that was published")
    return found, content


def _tenant(slug: str) -> Tenant:
    tenant = Tenant.objects.filter(slug=slug, active=True).first()
    if tenant is None:
        raise Http404("nothing published")
    return tenant
