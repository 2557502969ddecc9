"""Writes of the access review: sign, mark a member for ending, settle such a mark."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from access.actor import Actor
from access.models import User
from access.notices import Notice
from access.notify import send_mail
from access.policy import require
from access.roles import AppointmentRole, Verb
from municipalities.access_review import access_list, fingerprint, frozen, half_year, state_of, to_sign
from municipalities.actions import end_seat
from municipalities.models import AccessReview, Appointment, Forum, Seat, SeatEnding


class ReviewRefusedError(ValueError):
    """What cannot be done with the review now, as a sentence."""


def sign_review(forum: Forum, *, actor: Actor, seen: str, remark: str = "") -> AccessReview:
    """Keep the list as it is now, signed by who signs it (`municipalities.access_review`). Written once a half-year.

    Raises ReviewRefusedError when it is signed already or no longer what was read, PermissionDenied for a coordinator
    where somebody holds the chair, and for who would sign for himself alone.
    """
    if Verb.VIEW_AUDIT not in actor.tenant_verbs:
        require(actor, Verb.SIGN_ACCESS, forum)
    _require_signer(forum, actor)
    state, lines = state_of(forum), access_list(forum)
    if state is None:
        raise ReviewRefusedError(_("Nobody sits in the forum, so there is nothing to sign."))
    if state.review is not None:
        raise ReviewRefusedError(_("The review of this half-year is signed already."))
    if seen != fingerprint(lines):
        raise ReviewRefusedError(_("The list has changed since you opened it. Read it again, and then sign."))
    try:
        with transaction.atomic():  # two at once: the second is told
            return AccessReview.objects.create(
                tenant_id=forum.tenant_id, forum=forum, half_year=half_year(timezone.localdate()), due_on=state.due_on, signed_by_id=actor.user_id,
                remark=remark, content=frozen(lines),
            )  # fmt: skip
    except IntegrityError:
        raise ReviewRefusedError(_("The review of this half-year is signed already.")) from None


def _require_signer(forum: Forum, actor: Actor) -> None:
    if not to_sign(actor).filter(pk=forum.pk).exists():
        raise PermissionDenied(_("The chair of the forum signs who has access. Nobody signs for himself alone: there the data protection officer does."))


def ask_for_ending(seat: Seat, *, actor: Actor, reason: str = "") -> SeatEnding:
    """The chair says that somebody should no longer sit here; the administrators get a mail and a task. Asking twice is once."""
    require(actor, Verb.SIGN_ACCESS, seat.forum)
    _require_signer(seat.forum, actor)
    ending, created = SeatEnding.objects.get_or_create(
        tenant_id=seat.tenant_id, forum=seat.forum, seat=seat, settled_at=None, defaults={"asked_by_id": actor.user_id, "reason": reason}
    )
    if created:
        with translation.override(settings.LANGUAGE_CODE):
            subject = _("A seat should end")
        send_mail(seat.tenant_id, _administrators(seat.tenant_id), subject=subject, path=reverse("access_reviews", args=[seat.tenant.slug]), notice=Notice.ACTION)
    return ending


def _administrators(tenant_id: int) -> list[User]:
    rows = Appointment.objects.current().filter(tenant=tenant_id, role=AppointmentRole.ADMIN, user__is_active=True).select_related("user")
    return [row.user for row in rows]


def settle_ending(ending: SeatEnding, *, actor: Actor, end: bool) -> None:
    """The administrator ends the seat, or lets it stand. Raises ReviewRefusedError when somebody has settled it."""
    require(actor, Verb.MANAGE_TENANT, ending)
    ending = SeatEnding.objects.select_for_update(of=("self",)).select_related("seat__forum", "seat__group", "seat__user").get(pk=ending.pk)
    if ending.settled_at is not None:
        raise ReviewRefusedError(_("This is settled already."))
    if end and ending.seat.user is not None:
        _end_for_good(ending.seat, ending.seat.user, actor)
    ending.settled_at, ending.settled_by_id, ending.was_ended = timezone.now(), actor.user_id, end
    ending.save(update_fields=["settled_at", "settled_by", "was_ended"])


def _end_for_good(seat: Seat, holder: User, actor: Actor) -> None:
    """The seat, and what its holder was to have of the same place from a coming day on."""
    place = Q(pk=seat.pk) | (Q(forum_id=seat.forum_id, key=seat.key) & ~Q(key=""))
    held = Seat.objects.not_over().select_for_update(of=("self",)).filter(place, tenant_id=seat.tenant_id, user=holder)
    for row in held.select_related("forum", "group", "user").order_by("pk"):
        end_seat(row, actor=actor)
