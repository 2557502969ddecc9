"""The people of a kommune: their accounts, where each stands, and the links they are sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core import signing
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, Now
from django.urls import reverse
from django.utils import timezone

from access.models import OutboxMessage, User
from access.roles import AppointmentRole
from municipalities.models import Appointment, Invitation, PersonState, Seat

SALT = "invitation"
NOT_YET = Q(user__last_login=None) | Q(user__last_login__lt=F("created_at"))  # invited, and not logged in since


@dataclass(frozen=True)
class Person:
    """Somebody as the administrator of one kommune sees him."""

    user: User
    name: str
    state: PersonState
    seats: list[Seat] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    invitation: Invitation | None = None


def account_of(email: str, name: str) -> User:
    """The user with this address, made if there is none. Where the demo runs he is one of its invented people: with a real one it would not start again."""
    return accounts_of({email: name}, is_demo=settings.SSP_DEMO)[email.lower()]


def accounts_of(names: Mapping[str, str], *, is_demo: bool = False) -> dict[str, User]:
    """The users with these addresses by address, made where there is none; such a one has no password until he chooses one. Two or three queries."""
    wanted = {email.lower(): name for email, name in names.items()}
    found = {user.email: user for user in User.objects.filter(email__in=wanted)}
    new = [_account(email, name, is_demo=is_demo) for email, name in wanted.items() if email not in found]
    if new:
        User.objects.bulk_create(new, ignore_conflicts=True)  # somebody else may make one of them at this moment
        found |= {user.email: user for user in User.objects.filter(email__in=[user.email for user in new])}
    return found


def _account(email: str, name: str, *, is_demo: bool) -> User:
    first, _, last = name.strip().rpartition(" ")
    user = User(email=email, username=email, first_name=first, last_name=last, is_demo=is_demo)
    user.set_unusable_password()
    return user


def password_path(user: User) -> str:
    """The path at which the user chooses a password; it works once, for as long as PASSWORD_RESET_TIMEOUT says (three days)."""
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), default_token_generator.make_token(user)])


def password_link(user: User) -> str:
    """The same as a whole address, for an operator to hand over."""
    return settings.SSP_BASE_URL + password_path(user)


def invitation_path(message: OutboxMessage, *, invitation: int, times: int) -> str:
    """The link of an invitation, made as its mail leaves (`access.notify.register_link`)."""
    token = signing.dumps([message.tenant_id, message.recipient_id, invitation, times], salt=SALT)
    return reverse("account_invitation", args=[token])


def read_token(token: str) -> tuple[int, int, int, int] | None:
    """(tenant, user, invitation, times sent) that the link's signature vouches for; None for anything else."""
    try:
        tenant_id, user_id, invitation_id, times = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return tenant_id, user_id, invitation_id, times


def open_invitations() -> QuerySet[Invitation]:
    """Invitations that have been neither revoked nor outlived."""
    return Invitation.objects.filter(revoked_at=None, expires_at__gt=Now())


def accounts(tenant_id: int, *, is_here: bool | None = None) -> QuerySet[User]:
    """Everybody who has, or has had, a seat or an appointment in this kommune; with `is_here` those who have one now, or none any more."""
    seats, appointments = Seat.objects.filter(tenant=tenant_id, user=OuterRef("pk")), Appointment.objects.filter(tenant=tenant_id, user=OuterRef("pk"))
    here = Q(Exists(seats.current())) | Q(Exists(appointments.current()))
    found = User.objects.filter(Exists(seats) | Exists(appointments), is_system=False)
    if is_here is not None:
        found = found.filter(here if is_here else ~here)
    invited_as = Subquery(_not_come(tenant_id).filter(user=OuterRef("pk")).order_by("-created_at").values("name")[:1])
    return found.annotate(invited_as=invited_as, shown_name=Coalesce("invited_as", Concat("first_name", Value(" "), "last_name"))).order_by("shown_name", "pk")


def _not_come(tenant_id: int) -> QuerySet[Invitation]:
    """Invitations after which nobody has logged in. Those that were called back too: whose account it is stays the owner's own business."""
    return Invitation.objects.filter(NOT_YET, tenant=tenant_id)


def matching(users: QuerySet[User], words: str, tenant_id: int) -> QuerySet[User]:
    """Those of `accounts` whose name or address holds the words, or whose seat, organisation or forum here does.

    The name is the one on the page: of who has not come yet the one that was written here, never that of an account he has elsewhere.
    """
    for word in words.split()[:5]:
        seats = Seat.objects.current().filter(tenant=tenant_id, user=OuterRef("pk"))
        sits = seats.filter(Q(title__icontains=word) | Q(organisation__name__icontains=word) | Q(forum__name__icontains=word))
        users = users.filter(Q(shown_name__icontains=word) | Q(email__icontains=word) | Exists(sits))
    return users


def with_details(users: QuerySet[User], tenant_id: int) -> Any:
    """The same with what a Person needs. Three more queries, whatever their number."""
    seats: Any = Seat.objects.current().filter(tenant=tenant_id).select_related("forum", "organisation").order_by("forum__level__order", "forum__order", "pk")
    return users.prefetch_related(
        Prefetch("seats", seats, to_attr="seats_here"),
        Prefetch("appointments", Appointment.objects.current().filter(tenant=tenant_id), to_attr="appointments_here"),
        Prefetch("invitations", Invitation.objects.filter(tenant=tenant_id, revoked_at=None), to_attr="invitations_here"),
    )


def coming_seats(user: User, tenant_id: int) -> list[Seat]:
    """The seats that he is to hold here from a coming day on. One query."""
    found = Seat.objects.not_over().filter(tenant=tenant_id, user=user, valid_from__gt=Now())
    return list(found.select_related("forum", "organisation").order_by("valid_from", "pk"))


def persons(users: Iterable[User]) -> list[Person]:
    """Each of the users, read by `with_details`, as a Person."""
    return [_person(user) for user in users]


def _person(user: Any) -> Person:
    invitation = user.invitations_here[0] if user.invitations_here else None
    state = state_of(user, invitation, is_here=bool(user.seats_here or user.appointments_here))
    name = user.invited_as or user.name
    appointments = [row for row in user.appointments_here if row.role != AppointmentRole.READER or not user.seats_here]  # who has got a seat is not without one
    return Person(user, name, state, user.seats_here, appointments, invitation)


def has_come(user: User, invitation: Invitation | None) -> bool:
    """True when the owner of the account has logged in, and since he was invited here if he was."""
    return bool(user.last_login and (invitation is None or user.last_login >= invitation.created_at))


def state_of(user: User, invitation: Invitation | None, *, is_here: bool) -> PersonState:
    """Where he stands here. An account that was there before counts as invited until its owner has logged in anew."""
    if not is_here:
        return PersonState.ENDED
    if invitation is None or has_come(user, invitation):
        return PersonState.ACTIVE
    return PersonState.INVITED if invitation.expires_at > timezone.now() else PersonState.EXPIRED


def invited_names(tenant_id: int) -> dict[int, str]:
    """User id -> the name the administrator wrote, of everybody who has been invited here and has not come: the last one. One query."""
    return dict(_not_come(tenant_id).order_by("created_at").values_list("user_id", "name"))


def name_here(tenant_id: int, user: User) -> str:
    """What somebody is called in this kommune: as he was invited while he has not come, else as his account says."""
    return invited_name(tenant_id, user.email) or user.name


def invited_name(tenant_id: int, email: str) -> str:
    """The name under which somebody who has not come yet was invited here; empty when there is no such person. One query."""
    found = Invitation.objects.filter(NOT_YET, tenant=tenant_id, revoked_at=None, user__email=email.lower())
    return next(iter(found.order_by("pk").values_list("name", flat=True)), "")


def call_by_invited_name(tenant_id: int, seats: Iterable[Seat]) -> list[Seat]:
    """The seats, with their holders `as_invited`. One query."""
    found = list(seats)
    as_invited(tenant_id, [seat.user for seat in found if seat.user is not None])
    return found


def as_invited(tenant_id: int, users: Iterable[User]) -> list[User]:
    """The users; who has not come yet bears the name that the administrator wrote, also when an account was there. One query.

    In memory alone and for the screen: nobody saves these users. Who may not read invitations sees the names of the accounts.
    """
    found, names = list(users), invited_names(tenant_id)
    for user in found:
        if user.pk in names:
            first, _space, last = names[user.pk].rpartition(" ")
            user.first_name, user.last_name, user.title, user.mark = first, last, "", "andre"
    return found
