"""A kommune is set up: from a preset or empty, in a politikreds that is there or made with it, with its first administrator.

One transaction: everything or nothing. The log names the operator who did it, and nobody's content is read or written.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.urls import get_resolver
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from access.actor import NOBODY, Actor
from access.context import context_of, write_context
from access.models import User
from access.roles import AppointmentRole, ForumKind, SeatRole
from municipalities import actions
from municipalities.appointment_wishes import AppointmentError, refuse_impossible
from municipalities.models import Forum, Organisation, Seat, Tenant
from municipalities.people_actions import PeopleError, let_in
from municipalities.preset_files import in_another_kommune, key_of, preset_names, read_preset
from municipalities.presets import make_tenant, setup_actor
from municipalities.school_holidays import add_usual_holidays

type Preset = dict[str, Any]
EMPTY = "tom"
ADDRESS, MOST_OF_ADDRESS = re.compile(r"[-a-z0-9_]+"), 40
POLITIKREDS = "politikreds"


class SetUpError(ValueError):
    """Why a kommune cannot be set up, as a sentence; `about`: the name of the field that has to be another, if one has."""

    def __init__(self, sentence: str | Promise, about: str = "") -> None:
        super().__init__(sentence)
        self.about = about


@dataclass(frozen=True)
class Order:
    """A kommune as it was ordered. `kreds` is the politikreds that is there; `new_kreds` the name of one to be made."""

    preset: str
    name: str
    slug: str
    code: str = ""
    kreds: Tenant | None = None
    new_kreds: str = ""
    areas: Sequence[str] = ()


@dataclass(frozen=True)
class FirstPeople:
    """Who is appointed as the kommune is made, each as (e-mail, name). The kreds' administrator: of one that is made with it."""

    administrator: tuple[str, str] | None = None
    dpo: tuple[str, str] | None = None
    kreds_administrator: tuple[str, str] | None = None


NOBODY_FIRST = FirstPeople()


def kommune_presets() -> list[str]:
    """The presets from which a kommune can be set up."""
    return [name for name in preset_names() if name not in (POLITIKREDS, EMPTY)]


def choices() -> list[tuple[str, str, int, int]]:
    """(key, name, number of forums, number of seats) of each preset one may begin from."""
    found = [(key, read_preset(key)) for key in kommune_presets()]
    return [(key, preset["tenant"]["name"], len(preset["forums"]), sum(len(row.get("seats", [])) for row in preset["forums"])) for key, preset in found]


def fresh_preset(name: str) -> Preset:
    """The preset by its name; «tom» has an organisation to make, and a name to give."""
    preset = read_preset(name)
    return preset | {"tenant": preset["tenant"] | {"name": "", "slug": ""}} if name == EMPTY else preset


def ordered_preset(order: Order) -> Preset:
    """What will be made: the preset under the ordered name, address, code and areas. Raises PresetError."""
    preset = in_another_kommune(read_preset(order.preset, areas=order.areas), order.name)
    return preset | {"tenant": preset["tenant"] | {"name": order.name, "slug": order.slug, "code": order.code}}


def _words_of_the_product() -> set[str]:
    """What the first part of an address means something else than a tenant."""
    first = {str(entry.pattern).split("/")[0] for entry in get_resolver().url_patterns}
    return first | {settings.STATIC_URL.strip("/")}


def read_code(text: str) -> str:
    """A kommunekode as it is kept: three digits. Raises SetUpError."""
    code = text.strip()
    digits = code[1:] if len(code) == 4 and code.startswith("0") else code
    if not (digits.isascii() and digits.isdecimal() and len(digits) == 3 and digits[0] != "0"):
        raise SetUpError(_("A kommunekode has three digits, such as 787. With a zero in front it has four."))
    return digits


def refuse_bad_address(slug: str) -> None:
    """Raise SetUpError for what no link can hold: the kommune would be made, and nobody could come to it."""
    if len(slug) > MOST_OF_ADDRESS or not ADDRESS.fullmatch(slug):
        raise SetUpError(_("Write letters from a to z, digits and hyphens only, such as thisted."))


def refuse_taken(name: str, slug: str, code: str = "") -> None:
    """Raise SetUpError when the name, address or kommunekode cannot be a new tenant's."""
    if slug in _words_of_the_product():
        raise SetUpError(_("The address «%(slug)s» belongs to the product itself. Choose another.") % {"slug": slug})
    other = Tenant.objects.filter(slug=slug).first()
    if other:
        raise SetUpError(_("The address «%(slug)s» is taken: %(name)s is there already. Choose another.") % {"slug": slug, "name": other.name})
    if Tenant.objects.filter(name__iexact=name).exists():
        raise SetUpError(_("%(name)s is there already.") % {"name": name}, "name")
    other = Tenant.objects.filter(code=code).first() if code else None
    if other:
        raise SetUpError(_("Kommunekode %(code)s is that of %(name)s. Write another.") % {"code": code, "name": other.name}, "code")


def set_up_kommune(order: Order, *, by: User | None = None, first: FirstPeople = NOBODY_FIRST) -> Tenant:
    """Make everything, in one transaction; the first people are appointed in it and get a mail each. Raises SetUpError, with nothing made."""
    preset = ordered_preset(order)
    try:
        with context_of(NOBODY):
            refuse_taken(order.name, order.slug, order.code)
            parent = _politikreds(order, preset, by, first)
            made = make_tenant(preset, parent=parent, is_demo=settings.SSP_DEMO, by=by)
            _add_holidays(made.tenant, made.actor)
            _appoint(made.tenant, AppointmentRole.ADMIN, first.administrator, made.actor)
            _appoint(made.tenant, AppointmentRole.DPO, first.dpo, made.actor)
            if parent:
                _seat_mayor(parent, made.tenant, by)
    except IntegrityError:  # another operator set it up in the same moment
        raise SetUpError(_("%(name)s, its address or its kommunekode has just been taken by another. Nothing was made.") % {"name": order.name}) from None
    return made.tenant


def _add_holidays(tenant: Tenant, actor: Actor) -> None:
    """This year's and the next one's, so that the first plan of meetings keeps clear of them; the kommune corrects them afterwards."""
    this = timezone.localdate().year
    for year in (this, this + 1):
        add_usual_holidays(tenant, year, actor=actor)


def _appoint(tenant: Tenant, role: AppointmentRole, person: tuple[str, str] | None, actor: Actor) -> None:
    """The person (e-mail, name), if there is one. There is nobody yet who could be asked: the operator stands behind it (ADR 36)."""
    if person is None:
        return
    email, name = person
    if User.objects.filter(pk=actor.user_id, email=email).exists():
        raise SetUpError(_("You cannot appoint yourself. Whoever runs SSP is nobody in a kommune."))
    try:
        refuse_impossible(tenant.pk, role, email)
        user = let_in(tenant, email, name, role, actor=actor)
    except (PeopleError, AppointmentError) as error:
        raise SetUpError(str(error)) from None
    actions.appoint(tenant, user, role, called=name)


def _politikreds(order: Order, preset: Preset, by: User | None, first: FirstPeople) -> Tenant | None:
    if not order.new_kreds:
        return order.kreds
    kreds = read_preset(POLITIKREDS)
    slug = key_of(order.new_kreds)
    refuse_taken(order.new_kreds, slug)
    kreds["tenant"] |= {"name": order.new_kreds, "slug": slug}
    kreds["forums"][0] |= preset.get("kredsraad", {})
    made = make_tenant(kreds, is_demo=settings.SSP_DEMO, by=by)
    _appoint(made.tenant, AppointmentRole.ADMIN, first.kreds_administrator, made.actor)
    return made.tenant


def _seat_mayor(kreds: Tenant, kommune: Tenant, by: User | None) -> None:
    """The Kredsråd gets a seat for the mayor of its new kommune, unless he has one."""
    actor: Actor = setup_actor(kreds, by)
    write_context(actor)
    sender = Organisation.objects.filter(tenant=kreds, name=kommune.name).first()
    for council in Forum.objects.filter(tenant=kreds, kind=ForumKind.KREDSRAAD):
        if sender and Seat.objects.current().filter(forum=council, organisation=sender).exists():
            continue
        sender = sender or Organisation.objects.create(tenant=kreds, name=kommune.name, kind=Organisation.Kind.MUNICIPAL_OTHER, mark=Organisation.Mark.OTHER)
        title = _("Mayor, %(kommune)s") % {"kommune": kommune.name}
        actions.add_seat(council, actor=actor, role=SeatRole.MEMBER, title=title, organisation=sender, key=f"{council.key}/{kommune.slug}"[:60])
