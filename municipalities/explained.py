"""What each kind of forum and each role is for, in a line: for who sets a kommune up and has never chosen one. The rights themselves: `access.roles`."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from access.roles import ForumKind, SeatRole
from municipalities.terms import Term, kind_name, role_name, term

type Terms = Mapping[str, str] | None

KINDS: Mapping[ForumKind, str | Promise] = {
    ForumKind.KREDSRAAD: _("The head of the police district and the mayors. It usually stands in the politikreds, not in the kommune."),
    ForumKind.LOKALRAAD: _("Heads of police and kommune. Approves %(plan)s and reads the reports."),
    ForumKind.STYREGRUPPE: _("Coordinates the work. Here %(plan)s is written."),
    ForumKind.NETVAERK: _("School, social services, police and others who share what they know. May take up single young people if its class says so."),
    ForumKind.SAGSFORUM: _("The meetings about single young people under § 115. Its class is “Person data, § 115”."),
    ForumKind.OVERLEVERING: _("The police hand over whom they have met. Its class is “Person data, § 115”."),
    ForumKind.ARBEJDSGRUPPE: _("A group with one task. Never person data."),
    ForumKind.AKUTGRUPPE: _("Is called with a few days’ notice when something has happened."),
    ForumKind.BEREDSKAB: _("Meets when an agreed sign shows, such as a conflict between groups."),
    ForumKind.INFOHUS: _("Radicalisation and extremism: a circle of its own, with the class “Person data, Infohus”."),
    ForumKind.EKSTERN: _("Outside the kommune, such as a national network in which somebody takes part."),
}  # fmt: skip
ROLES: Mapping[SeatRole, str | Promise] = {
    SeatRole.COORDINATOR: _("Calls meetings by the forum’s rule, writes and approves minutes. Writes %(plan)s in a %(group)s, and cases where the forum has them."),
    SeatRole.CHAIR: _("The same, and signs every half year who has access. Approves %(plan)s in a %(council)s."),
    SeatRole.MEMBER: _("Reads agendas and minutes, and cases where the forum has them. Approves %(plan)s in a %(council)s."),
    SeatRole.CONTACT: _("Reads agendas and minutes. Never a case."),
    SeatRole.PUPIL: _("The same. Never sits where single young people are discussed."),
    SeatRole.CIVIL: _("The same: somebody from an association or a shop. Never sits where single young people are discussed."),
    SeatRole.OBSERVER: _("Reads the same, without being a member."),
}  # fmt: skip


def kinds(terms: Terms) -> list[tuple[str, str]]:
    """(name, what it is for) of each kind, by the kommune's own words."""
    return [(kind_name(terms, kind), said % _words(terms)) for kind, said in KINDS.items()]


def roles(terms: Terms) -> list[tuple[str, str]]:
    """(name, what it may) of each role, the same."""
    return [(role_name(terms, role), said % _words(terms)) for role, said in ROLES.items()]


def _words(terms: Terms) -> dict[str, Any]:
    return {"plan": term(terms, Term.PLAN, "definite"), "group": term(terms, Term.STEERING_GROUP), "council": term(terms, Term.LOCAL_COUNCIL)}
