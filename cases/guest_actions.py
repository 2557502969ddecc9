"""Guests called in for one case at one meeting: from 24 hours before until 4 hours after, and never longer by itself."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from access.actor import Actor
from access.models import User
from access.notices import Notice
from access.notify import send_mail
from access.policy import require
from access.roles import SeatRole, Verb
from cases.errors import CaseStateError, GuestRefusedError
from cases.models import AdHocGrant, Case, CaseItem
from cases.rows import writer_id
from meetings.documents import called_in
from meetings.invitations import span
from meetings.models import Meeting
from meetings.rows import locked_meeting
from municipalities.models import Organisation, Seat

BEFORE = timedelta(hours=24)
AFTER = timedelta(hours=4)


def call_guest(link: CaseItem, *, actor: Actor, user: User, reason: str) -> AdHocGrant:
    """Let one person see this case at this meeting, and mail him that something waits (no name, no number).

    Raises GuestRefusedError when he has a seat here, comes from a private organisation or is called already.
    """
    require(actor, Verb.GRANT_GUEST, link)
    meeting = locked_meeting(link.meeting, actor, Verb.GRANT_GUEST)
    if not link.case.is_open:
        raise CaseStateError(_("The case is closed. Nothing more can be written in it."))
    if not meeting.is_planned or meeting.ends_at + AFTER < timezone.now():
        raise CaseStateError(_("The meeting has been held or cancelled. Nobody can be called in to it."))
    _refuse_unfit(link, user)
    grant: AdHocGrant = AdHocGrant.objects.create(
        tenant_id=link.tenant_id, forum_id=link.forum_id, case=link.case, item=link.item, meeting=meeting, user=user, reason=reason, granted_by_id=writer_id(actor),
        valid_from=meeting.starts_at - BEFORE, valid_to=meeting.ends_at + AFTER,
    )  # fmt: skip
    _tell(grant, meeting)
    return grant


def _tell(grant: AdHocGrant, meeting: Meeting, *, is_elsewhere: bool = False) -> None:
    """Mail him his hours and the place, with the calendar file; `is_elsewhere`: he has been told of another place."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Another place: called in for one item at a meeting") if is_elsewhere else _("Called in for one item at a meeting")
        facts = {"when": span(meeting), "place": meeting.place, "opens": _at(grant.valid_from), "closes": _at(grant.valid_to), "is_elsewhere": is_elsewhere}
        ics = calendar_file(grant, meeting)
    path = reverse("meeting_detail", args=[meeting.tenant.slug, meeting.public_id])
    about: dict[str, Any] = {"notice": Notice.CHANGE if is_elsewhere else Notice.CALL, "door": {"name": "guest", "grant": grant.pk}, "is_urgent": True}
    send_mail(grant.tenant_id, [grant.user], subject=subject, path=path, template="mail/guest_called.txt", facts=facts, ics=ics, **about)


def calendar_file(grant: AdHocGrant, meeting: Meeting, method: str = "REQUEST") -> str:
    """His entry in a calendar, one for each grant: the hours that it was given for, in constant words."""
    hours = (grant.valid_from + BEFORE, grant.valid_to - AFTER) if method == "CANCEL" else (meeting.starts_at, meeting.ends_at)
    return called_in(meeting, grant.user, uid=grant.public_id, hours=hours, method=method)


def _at(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), _("l j F, G:i"))


def is_called_in(actor: Actor, *, grant: int) -> bool:
    """The door of the mail to a guest, whose page opens a day before the meeting: his own grant, neither taken back nor over."""
    return AdHocGrant.objects.filter(pk=grant, user=actor.user_id, revoked_at=None, valid_to__gt=Now()).exists()


def _still_fits(grant: AdHocGrant, meeting: Meeting) -> bool:
    return meeting.is_planned and (grant.valid_from, grant.valid_to) == (meeting.starts_at - BEFORE, meeting.ends_at + AFTER)


def _refuse_unfit(link: CaseItem, user: User) -> None:
    if user.is_system or not user.is_active:
        raise GuestRefusedError(_("This user cannot be called in."))
    seats = list(Seat.objects.current().filter(tenant_id=link.tenant_id, user=user).select_related("organisation"))
    if any(seat.forum_id == link.forum_id for seat in seats):
        raise GuestRefusedError(_("This person has a seat in the forum and sees the case already."))
    if any(seat.organisation.kind == Organisation.Kind.PRIVATE or seat.role in (SeatRole.PUPIL, SeatRole.CIVIL) for seat in seats):
        raise GuestRefusedError(_("Private organisations and pupils are no party to § 115. They cannot be called in to a case."))
    if AdHocGrant.objects.filter(item=link.item, user=user, revoked_at=None).exists():
        raise GuestRefusedError(_("This person has been called in to the item already."))


def revoke_guest(grant: AdHocGrant, *, actor: Actor) -> None:
    """End a guest's access now. Again later is a new, assessed grant."""
    require(actor, Verb.GRANT_GUEST, grant)
    _revoke(grant)


def revoke_for_meeting(meeting: Meeting, actor: Actor) -> int:
    """End the guests' access to a meeting that is moved to another time or cancelled; returns how many. They must be called in anew.

    Told by `meetings.parts`. A meeting that only changes its place keeps its guests, and they are told of it. No verb of its own: it follows
    from moving the meeting, which has asked for one. Row security gives the grants only to who may open the cases.
    """
    grants = AdHocGrant.objects.filter(tenant_id=actor.tenant_id or 0, meeting=meeting, revoked_at=None).select_related("user", "case")
    over = [grant for grant in grants if not _still_fits(grant, meeting)]
    for grant in grants:
        if grant in over:
            _revoke(grant)
        else:
            _tell(grant, meeting, is_elsewhere=True)
    return len(over)


def revoke_for_item(link: CaseItem, actor: Actor) -> None:
    """End every guest's access to a case that is taken off the agenda, and tell them: with the item their grants are gone."""
    require(actor, Verb.WRITE_CASES, link)
    for grant in AdHocGrant.objects.filter(tenant_id=link.tenant_id, item_id=link.item_id, revoked_at=None, valid_to__gt=Now()).select_related("user", "case"):
        _revoke(grant)


def revoke_for_case(case: Case, actor: Actor) -> None:
    """End every guest's access to a case that is closed."""
    require(actor, Verb.WRITE_CASES, case)
    for grant in AdHocGrant.objects.filter(tenant_id=case.tenant_id, case=case, revoked_at=None, valid_to__gt=Now()).select_related("user", "case"):
        _revoke(grant)


def _revoke(grant: AdHocGrant) -> None:
    if grant.revoked_at is None:
        grant.revoked_at = timezone.now()
        grant.save(update_fields=["revoked_at"])
        with translation.override(settings.LANGUAGE_CODE):
            subject, facts = _("No longer called in for an item at a meeting"), {"when": _at(grant.valid_from + BEFORE)}
            ics = calendar_file(grant, grant.meeting, "CANCEL")
        about: dict[str, Any] = {"path": reverse("choose_tenant"), "notice": Notice.CANCELLED, "template": "mail/guest_released.txt"}
        send_mail(grant.tenant_id, [grant.user], subject=subject, facts=facts, ics=ics, method="CANCEL", **about)
