"""The half-yearly review of access: who may see what in a forum, in plain words, signed off by its chair; where nobody holds the chair, by the
coordinator. Nobody signs for himself alone: is who would sign the only holder, or is there nobody of the two, the data protection officer signs.

Due by the end of April and of October, and never before a forum's first holder has sat for a month. What was signed is
kept as it was (`AccessReview.content`). Guests are not on the list: what they are given ends by itself within hours.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from access.actor import Actor
from access.kept import kept
from access.request import TenantRequest
from access.roles import FORUM_VERBS, AppointmentRole, SeatRole, Verb
from access.web import tenant_url
from municipalities.actions import forum_rights
from municipalities.models import PLEDGE_VERSION, AccessReview, Appointment, ConfidentialityPledge, Forum, Seat
from municipalities.organisation import sees_inside
from municipalities.people import call_by_invited_name
from municipalities.terms import terms_of
from municipalities.verb_names import verb_name

SETTLING_IN = timedelta(days=30)


@dataclass(frozen=True)
class Access:
    """One holder of a seat and what it lets him do. Plain values: this is what is frozen."""

    seat: int
    name: str
    title: str
    organisation: str
    kind: str
    since: str
    may: tuple[str, ...]
    pledged: str  # the day, or nothing


@dataclass(frozen=True)
class ReviewState:
    """Where a forum's review of the current half-year stands."""

    forum: Forum
    due_on: date
    review: AccessReview | None

    @property
    def is_overdue(self) -> bool:
        """True when the day has passed and nobody has signed."""
        return self.review is None and self.due_on < timezone.localdate()


def half_year(day: date) -> str:
    """«2026-2»."""
    return f"{day.year}-{1 if day.month < 7 else 2}"


def due_day(day: date) -> date:
    """When the review of that day's half-year is due in a forum that has been there for long."""
    return date(day.year, 4, 30) if day.month < 7 else date(day.year, 10, 31)


def access_list(forum: Forum) -> list[Access]:
    """Everybody who holds a seat now, in the kommune's language and names. Four queries."""
    holders = Seat.objects.current().filter(forum=forum, user__isnull=False).select_related("user", "organisation", "group")
    seats = call_by_invited_name(forum.tenant_id, holders.order_by("pk"))
    given = ConfidentialityPledge.objects.filter(tenant_id=forum.tenant_id, version=PLEDGE_VERSION, user__in=[seat.user_id for seat in seats])
    terms = terms_of(forum.tenant_id)
    with translation.override(settings.LANGUAGE_CODE):
        pledged = {pledge.user_id: _day(pledge.accepted_at) for pledge in given}
        names = {verb: verb_name(terms, verb) for verb in FORUM_VERBS}
        return [_access(forum, seat, names, pledged.get(seat.user_id or 0, "")) for seat in seats]


def _access(forum: Forum, seat: Seat, names: Mapping[Verb, str], pledged: str) -> Access:
    verbs = forum_rights(forum, seat.group.name)
    may = tuple(name for verb, name in names.items() if verb in verbs)
    return Access(seat.pk, str(seat.user), seat.title, str(seat.organisation), str(seat.get_kind_display()), _day(seat.valid_from), may, pledged)


def _day(moment: datetime) -> str:
    return date_format(timezone.localdate(moment), _("j F Y"))


def frozen(lines: Iterable[Access]) -> list[dict[str, Any]]:
    """The list as it is stored."""
    return [{**asdict(line), "may": list(line.may)} for line in lines]


def fingerprint(lines: Iterable[Access]) -> str:
    """What the page carries, so that nobody signs another list than the one he has read."""
    return hashlib.sha256(json.dumps(frozen(lines), sort_keys=True).encode()).hexdigest()[:16]


def states(forums: QuerySet[Forum]) -> list[ReviewState]:
    """The current half-year of every active forum in which somebody has ever sat. Two queries."""
    today = timezone.localdate()
    found = list(_sat_in(forums, today))
    signed = AccessReview.objects.filter(half_year=half_year(today), forum__in=[forum.pk for forum in found]).select_related("signed_by").defer("content")
    reviews = {review.forum_id: review for review in signed}
    return [_state(forum, reviews.get(forum.pk), today) for forum in found]


def _sat_in(forums: QuerySet[Forum], today: Any) -> QuerySet[Forum]:
    active = forums.filter(Q(active_to=None) | Q(active_to__gte=today))
    return active.annotate(first_sat=Min("seats__valid_from", filter=Q(seats__user__isnull=False))).filter(first_sat__isnull=False)


def _state(forum: Any, review: AccessReview | None, today: date) -> ReviewState:
    settled = timezone.localdate(forum.first_sat) + SETTLING_IN
    return ReviewState(forum, review.due_on if review else max(due_day(today), settled), review)


def state_of(forum: Forum) -> ReviewState | None:
    """The same of one forum; None when it has ended or nobody has ever sat in it. One query if it was read with `first_sat`, else two."""
    today = timezone.localdate()
    if forum.active_to is not None and forum.active_to < today:
        return None
    known: Any = forum if hasattr(forum, "first_sat") else next(iter(_sat_in(Forum.objects.filter(pk=forum.pk), today)), None)
    if known is None or known.first_sat is None:
        return None
    return _state(known, next(iter(_review(forum.pk, half_year(today))), None), today)


@kept  # asked for on every forum's page
def _review(forum: Any, half: Any) -> QuerySet[AccessReview]:
    return AccessReview.objects.filter(forum_id=forum, half_year=half).select_related("signed_by").defer("content").order_by()


def to_sign(actor: Actor) -> QuerySet[Forum]:
    """The forums whose review this actor signs. The policy `access_review_2` says the same of a forum where he would be alone."""
    mine = Q(_signed_by(actor.user_id), pk__in=actor.forums_with(Verb.SIGN_ACCESS))
    left = Q(_left_to_dpo(actor.user_id)) if Verb.VIEW_AUDIT in actor.tenant_verbs else Q(pk__in=())
    return Forum.objects.filter(mine | left, tenant_id=actor.tenant_id).in_order()


def _holders() -> Any:
    return Seat.objects.current().filter(forum=OuterRef("pk"), user__isnull=False)


def _signed_by(user: Any) -> Any:
    """He holds the chair, or nobody does; and somebody sits there beside him."""
    chairs = _holders().filter(role=SeatRole.CHAIR)
    return (Exists(chairs.filter(user_id=user)) | ~Exists(chairs)) & Exists(_holders().exclude(user_id=user))


def _left_to_dpo(user: Any) -> Any:
    """The list is left to a data protection officer, and this one does not sit there."""
    return _lacks_signer() & ~Exists(_holders().filter(user_id=user))


def _lacks_signer() -> Any:
    """Somebody sits there, but nobody who could sign for another than himself."""
    others = Seat.objects.current().filter(forum=OuterRef("forum"), user__isnull=False).exclude(user=OuterRef("user"))
    signers = _holders().filter(Exists(others), role__in=(SeatRole.CHAIR, SeatRole.COORDINATOR))
    return Exists(_holders()) & ~Exists(signers)


def nobody_signs(forum: Forum) -> bool:
    """True where the list is left to a data protection officer, and the kommune has none but who sits there. Two queries at most."""
    sitting = Seat.objects.current().filter(forum=forum, user__isnull=False).values("user")
    officers = Appointment.objects.current().filter(tenant=forum.tenant_id, role=AppointmentRole.DPO, user__is_active=True).exclude(user__in=sitting)
    return Forum.objects.filter(_lacks_signer(), pk=forum.pk).exists() and not officers.exists()


@kept  # on every Min uge of a chair or a coordinator: two querysets of its own were a fifth of the page (script/bench)
def _unsigned(tenant: Any, user: Any, forums: Any, today: Any, half: Any) -> QuerySet[Forum]:
    reviews = AccessReview.objects.filter(forum=OuterRef("pk"), half_year=half)
    mine = Forum.objects.filter(_signed_by(user), ~Exists(reviews), tenant_id=tenant, pk__any=forums)
    return _sat_in(mine, today).order_by("level__order", "order", "name").only("public_id", "name")


@kept
def _unsigned_for_dpo(tenant: Any, user: Any, today: Any, half: Any) -> QuerySet[Forum]:
    reviews = AccessReview.objects.filter(forum=OuterRef("pk"), half_year=half)
    left = Forum.objects.filter(_left_to_dpo(user), ~Exists(reviews), tenant_id=tenant)
    return _sat_in(left, today).order_by("level__order", "order", "name").only("public_id", "name")


def may_read(actor: Actor, forum: Forum) -> bool:
    """Who reads the list: whoever sees the holders on the forum's page, and the data protection officer."""
    return forum.tenant_id == actor.tenant_id and (sees_inside(actor, forum) or actor.holds(Verb.VIEW_AUDIT))


def overdue_part(request: TenantRequest) -> dict[str, Any] | None:
    """Min uge: reviews that this actor should have signed. One query, for a data protection officer another; none for who signs nothing or before the day."""
    actor, today = request.actor, timezone.localdate()
    forums, is_dpo = actor.forums_with(Verb.SIGN_ACCESS), Verb.VIEW_AUDIT in actor.tenant_verbs
    if not (forums or is_dpo) or today <= due_day(today):
        return None
    unsigned = _unsigned(actor.tenant_id, actor.user_id, list(forums), today, half_year(today)) if forums else []
    unsigned += _unsigned_for_dpo(actor.tenant_id, actor.user_id, today, half_year(today)) if is_dpo else []
    late = [state for state in (_state(forum, None, today) for forum in unsigned) if state.is_overdue]
    return {"late": late, "tenant": request.tenant} if late else None


def forum_part(request: TenantRequest, forum: Forum) -> dict[str, Any] | None:
    """A forum's page: when its review is due, or who has signed it. Two queries."""
    if forum.tenant_id != request.actor.tenant_id:
        return None
    state = state_of(forum)
    return {"state": state, "url": tenant_url(request, "forum_access", forum.public_id), "signs": bool(request.actor.forums_with(Verb.SIGN_ACCESS) & {forum.pk})} if state else None
