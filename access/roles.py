"""Who may do what: forum kind x seat role -> verbs, as one table that a lawyer can read.

Rights hang on the forum's *kind* and data *class*, never on its label ("styregruppe" means workers in one kommune
and elected politicians in the next) and never on rank. The table is written to django-guardian group permissions by
`municipalities.actions`, and compared with them by a system check.
"""

from collections.abc import Collection, Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verb(models.TextChoices):
    """Every ability in the product. Values are guardian codenames."""

    # every member of the tenant
    VIEW_ORGANISATION = "view_organisation", _("See the organisation and approved plans")
    # on a forum
    VIEW_FORUM = "view_forum_inside", _("See who holds the seats, dates and counts")
    VIEW_AGENDA = "view_agenda", _("Read public and internal items")
    VIEW_AGGREGATE = "view_aggregate", _("Read items with aggregated data")
    CONVENE = "convene", _("Plan and call meetings")
    WRITE_MINUTES = "write_minutes", _("Write minutes and attendance")
    APPROVE_MINUTES = "approve_minutes", _("Approve minutes")
    VIEW_CASES = "view_cases", _("Open cases under § 115")
    WRITE_CASES = "write_cases", _("Create and change cases under § 115")
    GRANT_GUEST = "grant_guest", _("Call in a guest for one case")
    EDIT_PLANS = "edit_plans", _("Write plans and send them for approval")
    ORDER_REPORT = "order_report", _("Order the report for the Lokalråd")
    VIEW_REPORT = "view_report", _("Read the report for the Lokalråd")
    RELEASE_FIGURES = "release_figures", _("Share the figures of a report with the police district")
    SIGN_ACCESS = "sign_access", _("Sign who has access to the forum")
    # on a plan
    VIEW_PLAN = "view_plan_draft", _("Read the plan before it is approved")
    APPROVE_PLAN = "approve_plan", _("Approve the plan or send it back")
    # on a tenant
    VIEW_AUDIT = "view_audit", _("Read the access log")
    MANAGE_TENANT = "manage_tenant", _("Set up forums and seats")


MEMBER_VERBS = frozenset({Verb.VIEW_ORGANISATION})
FORUM_VERBS = (
    Verb.VIEW_FORUM, Verb.VIEW_AGENDA, Verb.VIEW_AGGREGATE, Verb.CONVENE, Verb.WRITE_MINUTES, Verb.APPROVE_MINUTES,
    Verb.VIEW_CASES, Verb.WRITE_CASES, Verb.GRANT_GUEST, Verb.EDIT_PLANS, Verb.ORDER_REPORT, Verb.VIEW_REPORT, Verb.RELEASE_FIGURES, Verb.SIGN_ACCESS,
)  # fmt: skip
PLAN_VERBS = (Verb.VIEW_PLAN, Verb.APPROVE_PLAN)
TENANT_VERBS = (Verb.VIEW_AUDIT, Verb.MANAGE_TENANT)
PERSON_VERBS = frozenset({Verb.VIEW_CASES, Verb.WRITE_CASES, Verb.GRANT_GUEST})
GUEST_VERBS = frozenset({Verb.VIEW_CASES, Verb.VIEW_AGENDA})


class ForumKind(models.TextChoices):
    """What a forum is. Fixed in code: behaviour hangs on it."""

    KREDSRAAD = "KREDSRAAD", "Kredsråd"
    LOKALRAAD = "LOKALRAAD", "Lokalråd"
    STYREGRUPPE = "STYREGRUPPE", "Styregruppe"
    NETVAERK = "NETVAERK", "Netværk"
    SAGSFORUM = "SAGSFORUM", _("Case forum (§ 115)")
    OVERLEVERING = "OVERLEVERING", "Overlevering"
    ARBEJDSGRUPPE = "ARBEJDSGRUPPE", "Arbejdsgruppe"
    AKUTGRUPPE = "AKUTGRUPPE", "Akutgruppe"
    BEREDSKAB = "BEREDSKAB", "Beredskab"
    INFOHUS = "INFOHUS", "Infohus"
    EKSTERN = "EKSTERN", _("External")


class SeatRole(models.TextChoices):
    """What a seat lets its holder do in the forum; its title (SSP-konsulent, tovholder …) is free text."""

    COORDINATOR = "COORDINATOR", _("Coordinator")
    CHAIR = "CHAIR", _("Chair")
    MEMBER = "MEMBER", _("Member")
    CONTACT = "CONTACT", _("School contact")
    PUPIL = "PUPIL", _("Pupil representative")
    CIVIL = "CIVIL", _("Civil member")
    OBSERVER = "OBSERVER", _("Observer")


class Convening(models.TextChoices):
    """Who may call a forum's meetings."""

    ROLE = "ROLE", _("Chair and coordinator")
    ELECTED = "ELECTED", _("The elected chair")
    ANY_MEMBER = "ANY_MEMBER", _("Any member")
    POLICE = "POLICE", _("The police")
    TWO = "TWO", _("Two persons together")


class Duty(models.TextChoices):
    """What one seat may do beyond what its role gives."""

    CONVENE = "CONVENE", _("May call meetings")
    CHAIR = "CHAIR", _("May chair")
    MINUTES = "MINUTES", _("May take minutes")


class AppointmentRole(models.TextChoices):
    """Appointments on the tenant itself; they are not seats in a forum."""

    DPO = "DPO", _("Data protection officer")
    ADMIN = "ADMIN", _("IT administrator")
    SYSTEM = "SYSTEM", _("System")
    READER = "READER", _("Employee without a seat")  # a member and nothing more: MEMBER_VERBS


def seat_name(label: str) -> str:
    """What a seat or an appointment is called on screen: a seat by its own words, an appointment (`Actor.seats` has its value) in the reader's language."""
    return str(AppointmentRole(label).label) if label in AppointmentRole.values else label


class DataClass(models.TextChoices):
    """How sensitive an item is. A forum has one as its ceiling, an item one at or below it."""

    PUBLIC = "PUBLIC", _("Public")
    INTERNAL = "INTERNAL", _("Internal")
    AGGREGATE = "AGGREGATE", _("Aggregated")
    PERSON_115 = "PERSON_115", _("Person data, § 115")
    PERSON_INFOHUS = "PERSON_INFOHUS", _("Person data, Infohus")

    @property
    def is_person(self) -> bool:
        """True for the two classes that concern named persons."""
        return self in (DataClass.PERSON_115, DataClass.PERSON_INFOHUS)

    def fits_under(self, ceiling: "DataClass") -> bool:
        """True when an item of this class may stand in a forum with that ceiling."""
        if self is DataClass.PERSON_INFOHUS or ceiling is DataClass.PERSON_INFOHUS:
            return self is ceiling or (ceiling is DataClass.PERSON_INFOHUS and not self.is_person)
        order = list(DataClass)
        return order.index(self) <= order.index(ceiling)


_READ = frozenset({Verb.VIEW_FORUM, Verb.VIEW_AGENDA})
_MEMBER = _READ | {Verb.VIEW_AGGREGATE}
# the coordinator signs who has access only where nobody holds the chair: municipalities.access_review.to_sign
_RUN = _MEMBER | {Verb.CONVENE, Verb.WRITE_MINUTES, Verb.APPROVE_MINUTES, Verb.SIGN_ACCESS}
_CASES = frozenset({Verb.VIEW_CASES, Verb.WRITE_CASES})

_GENERAL: Mapping[SeatRole, frozenset[Verb]] = {
    SeatRole.COORDINATOR: _RUN,
    SeatRole.CHAIR: _RUN,
    SeatRole.MEMBER: _MEMBER,
    SeatRole.CONTACT: _READ,
    SeatRole.PUPIL: _READ,
    SeatRole.CIVIL: _READ,
    SeatRole.OBSERVER: _READ,
}
_PERSON: Mapping[SeatRole, frozenset[Verb]] = {
    SeatRole.COORDINATOR: _RUN | _CASES | {Verb.GRANT_GUEST},
    SeatRole.CHAIR: _RUN | _CASES | {Verb.GRANT_GUEST},
    SeatRole.MEMBER: _MEMBER | _CASES,
}

ROLE_TABLE: Mapping[ForumKind, Mapping[SeatRole, frozenset[Verb]]] = {
    # its secretary and the politidirektør write and publish the samarbejdsplan (retsplejeloven § 113)
    ForumKind.KREDSRAAD: {**_GENERAL, SeatRole.COORDINATOR: _RUN | {Verb.EDIT_PLANS}, SeatRole.CHAIR: _RUN | {Verb.EDIT_PLANS}},
    ForumKind.LOKALRAAD: {
        **_GENERAL,
        SeatRole.COORDINATOR: _RUN | {Verb.VIEW_REPORT, Verb.ORDER_REPORT},
        SeatRole.CHAIR: _RUN | {Verb.VIEW_REPORT, Verb.RELEASE_FIGURES},
        SeatRole.MEMBER: _MEMBER | {Verb.VIEW_REPORT},
    },
    ForumKind.STYREGRUPPE: {
        **_GENERAL,
        SeatRole.COORDINATOR: _RUN | {Verb.EDIT_PLANS, Verb.ORDER_REPORT, Verb.VIEW_REPORT},
        SeatRole.CHAIR: _RUN | {Verb.EDIT_PLANS, Verb.VIEW_REPORT},
    },
    # a network may be mixed (general and person items on one agenda): the ceiling decides, see verbs_of
    ForumKind.NETVAERK: {
        **_GENERAL,
        SeatRole.COORDINATOR: _PERSON[SeatRole.COORDINATOR],
        SeatRole.CHAIR: _PERSON[SeatRole.CHAIR],
        SeatRole.MEMBER: _PERSON[SeatRole.MEMBER],
    },
    ForumKind.SAGSFORUM: _PERSON,
    ForumKind.OVERLEVERING: _PERSON,
    ForumKind.ARBEJDSGRUPPE: _GENERAL,
    ForumKind.AKUTGRUPPE: _PERSON,
    ForumKind.BEREDSKAB: _PERSON,
    # an Infohus is a circle of its own: its cases need an explicit switch of hat and are not part of SSP's walls
    ForumKind.INFOHUS: {role: verbs - PERSON_VERBS for role, verbs in _PERSON.items()},
    ForumKind.EKSTERN: _GENERAL,
}

PLAN_TABLE: Mapping[tuple[ForumKind, SeatRole], frozenset[Verb]] = {
    # from the moment the plan is sent to the Lokalråd
    (ForumKind.LOKALRAAD, SeatRole.CHAIR): frozenset({Verb.VIEW_PLAN, Verb.APPROVE_PLAN}),
    (ForumKind.LOKALRAAD, SeatRole.MEMBER): frozenset({Verb.VIEW_PLAN, Verb.APPROVE_PLAN}),
    (ForumKind.LOKALRAAD, SeatRole.COORDINATOR): frozenset({Verb.VIEW_PLAN}),
    # from the draft on
    (ForumKind.STYREGRUPPE, SeatRole.COORDINATOR): frozenset({Verb.VIEW_PLAN}),
    (ForumKind.STYREGRUPPE, SeatRole.CHAIR): frozenset({Verb.VIEW_PLAN}),
    (ForumKind.STYREGRUPPE, SeatRole.MEMBER): frozenset({Verb.VIEW_PLAN}),
}

APPOINTMENT_TABLE: Mapping[AppointmentRole, frozenset[Verb]] = {
    AppointmentRole.DPO: frozenset({Verb.VIEW_AUDIT}),
    AppointmentRole.ADMIN: frozenset({Verb.MANAGE_TENANT}),
    AppointmentRole.SYSTEM: frozenset(),
    AppointmentRole.READER: frozenset(),
}


DUTY_VERBS: Mapping[Duty, frozenset[Verb]] = {
    Duty.CONVENE: frozenset({Verb.CONVENE}),
    Duty.CHAIR: frozenset({Verb.WRITE_MINUTES, Verb.APPROVE_MINUTES}),
    Duty.MINUTES: frozenset({Verb.WRITE_MINUTES}),
}
# roles that never run a meeting, whatever their seat says
NO_DUTIES = frozenset({SeatRole.PUPIL, SeatRole.CIVIL, SeatRole.OBSERVER})
# the roles that may convene under each rule; with POLICE only the seats of the police, by their duty
CONVENERS: Mapping[Convening, frozenset[SeatRole]] = {
    Convening.ROLE: frozenset({SeatRole.COORDINATOR, SeatRole.CHAIR}),
    Convening.ELECTED: frozenset({SeatRole.CHAIR}),
    Convening.ANY_MEMBER: frozenset({SeatRole.COORDINATOR, SeatRole.CHAIR, SeatRole.MEMBER, SeatRole.CONTACT}),
    Convening.POLICE: frozenset(),
    Convening.TWO: frozenset({SeatRole.COORDINATOR, SeatRole.CHAIR}),
}


def verbs_of(
    kind: ForumKind, role: SeatRole, ceiling: DataClass, convening: Convening = Convening.ROLE, duties: Collection[Duty] = ()
) -> frozenset[Verb]:
    """The verbs that a seat of this role, with these duties, gives in a forum of this kind, ceiling and convening rule."""
    verbs = ROLE_TABLE[kind].get(role, frozenset())
    if verbs:
        verbs -= {Verb.CONVENE}
        verbs |= {Verb.CONVENE} if role in CONVENERS[convening] else frozenset()
        verbs |= frozenset().union(*(DUTY_VERBS[duty] for duty in duties if role not in NO_DUTIES))
    if not DataClass.AGGREGATE.fits_under(ceiling):
        verbs -= {Verb.VIEW_AGGREGATE}
    return verbs if ceiling is DataClass.PERSON_115 else verbs - PERSON_VERBS


def roles_with(verb: Verb) -> list[tuple[ForumKind, SeatRole]]:
    """Every (forum kind, seat role) that the table gives this verb; for screens that explain who has access."""
    return [(kind, role) for kind, row in ROLE_TABLE.items() for role, verbs in row.items() if verb in verbs]
