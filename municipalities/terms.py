"""What a kommune calls its roles, groups and plans. Whatever it does not name has the usual Danish name.

Stored in `Tenant.terms`: the word itself under the term's value, its definite form and its plural under `<value>_definite`
and `<value>_plural`. Read on pages and in documents by the tag `{% term %}`, without a query: the tenant of the request holds them.
"""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from access.roles import ForumKind, SeatRole
from municipalities.models import Tenant


class Term(models.TextChoices):
    """What may have a name of the kommune's own. The label says what it is, whatever it is called."""

    COORDINATOR = "coordinator", _("Who coordinates SSP")
    POLICE_LIAISON = "police_liaison", _("The police's daily link")
    POLICE_CHIEF = "police_chief", _("The head of the police locally")
    SCHOOL_CONTACT = "school_contact", _("The school's link to SSP")
    SOCIAL_CONTACT = "social_contact", _("The link of the social services")
    OUTREACH = "outreach", _("Outreach worker")
    PLAN = "plan", _("The kommune's plan")
    INITIATIVE = "initiative", _("An effort of the plan")
    LOCAL_COUNCIL = "local_council", _("The council of police and kommune")
    STEERING_GROUP = "steering_group", _("The group that coordinates")


class Form(models.TextChoices):
    """The form of a word, as a sentence needs it."""

    SINGULAR = "", _("The word")
    DEFINITE = "definite", _("Definite form")
    PLURAL = "plural", _("Plural")


# the usual names: (the word, definite, plural)
USUAL: Mapping[Term, tuple[Any, Any, Any]] = {
    Term.COORDINATOR: (pgettext_lazy("term", "SSP coordinator"), pgettext_lazy("term", "the SSP coordinator"), pgettext_lazy("term", "SSP coordinators")),
    Term.POLICE_LIAISON: (pgettext_lazy("term", "police liaison"), pgettext_lazy("term", "the police liaison"), pgettext_lazy("term", "police liaisons")),
    Term.POLICE_CHIEF: (pgettext_lazy("term", "police chief"), pgettext_lazy("term", "the police chief"), pgettext_lazy("term", "police chiefs")),
    Term.SCHOOL_CONTACT: (pgettext_lazy("term", "SSP school contact"), pgettext_lazy("term", "the SSP school contact"), pgettext_lazy("term", "SSP school contacts")),
    Term.SOCIAL_CONTACT: (pgettext_lazy("term", "social contact"), pgettext_lazy("term", "the social contact"), pgettext_lazy("term", "social contacts")),
    Term.OUTREACH: (pgettext_lazy("term", "outreach worker"), pgettext_lazy("term", "the outreach worker"), pgettext_lazy("term", "outreach workers")),
    Term.PLAN: (pgettext_lazy("term", "handleplan"), pgettext_lazy("term", "the handleplan"), pgettext_lazy("term", "handleplaner")),
    Term.INITIATIVE: (pgettext_lazy("term", "indsats"), pgettext_lazy("term", "the indsats"), pgettext_lazy("term", "indsatser")),
    Term.LOCAL_COUNCIL: (pgettext_lazy("term", "Lokalråd"), pgettext_lazy("term", "the Lokalråd"), pgettext_lazy("term", "the Lokalråd councils")),
    Term.STEERING_GROUP: (pgettext_lazy("term", "styregruppe"), pgettext_lazy("term", "the styregruppe"), pgettext_lazy("term", "styregrupper")),
}
NAMES_OF_BODIES = {Term.LOCAL_COUNCIL}  # written with a capital inside a sentence too
# roles that have a name of their own in the kommune; the others are called what they are
OF_ROLE: Mapping[SeatRole, Term] = {SeatRole.COORDINATOR: Term.COORDINATOR, SeatRole.CONTACT: Term.SCHOOL_CONTACT}
OF_KIND: Mapping[ForumKind, Term] = {ForumKind.LOKALRAAD: Term.LOCAL_COUNCIL, ForumKind.STYREGRUPPE: Term.STEERING_GROUP}  # kinds of forum, the same
LONGEST = 60


def term(terms: Mapping[str, str] | None, name: str, form: str = "", *, start: bool = False) -> str:
    """The kommune's word for a term in one of its forms, as it stands inside a sentence; `start`: with a capital, as a sentence begins.

    A kommune that has named the word but not the form gets its word, unless that is the usual one: another name's form would be another word.
    """
    chosen, which = Term(name), Form(form)
    own = terms or {}
    key = f"{chosen.value}_{which.value}" if which.value else chosen.value
    usual = [str(word) for word in USUAL[chosen]]
    word = own.get(chosen.value, "")
    said = own.get(key) or ("" if word.casefold() == usual[0].casefold() else word) or usual[list(Form).index(which)]
    return capfirst(said) if start else said if chosen in NAMES_OF_BODIES else inside_a_sentence(said)


def inside_a_sentence(word: str) -> str:
    """«Procesplan» as it was typed is «procesplan» there. «SSP-konsulent», «U18-plan» and «Trygt Natteliv» stay: abbreviations and names."""
    first, *others = word.split()
    is_common = first.isalpha() and first[1:].islower() and not any(other.istitle() for other in others)
    return word[0].lower() + word[1:] if is_common else word


def terms_of(tenant_id: int) -> Mapping[str, str]:
    """The names of a kommune, for a sentence that is said where no page holds the tenant. One query."""
    found: Mapping[str, str] = Tenant.objects.values_list("terms", flat=True).get(pk=tenant_id)
    return found


def role_name(terms: Mapping[str, str] | None, role: str) -> str:
    """What the kommune calls a role in a forum: its own word for the coordinator and the school's link, else the usual label."""
    chosen = SeatRole(role)
    own = (terms or {}).get(OF_ROLE[chosen].value) if chosen in OF_ROLE else None
    return capfirst(own) if own else str(chosen.label)


def kind_name(terms: Mapping[str, str] | None, kind: str) -> str:
    """What the kommune calls a kind of forum: its own word for the council and for the group that coordinates, else the usual label."""
    chosen = ForumKind(kind)
    own = (terms or {}).get(OF_KIND[chosen].value) if chosen in OF_KIND else None
    return capfirst(own) if own else str(chosen.label)


def kind_choices(terms: Mapping[str, str] | None) -> list[tuple[str, str]]:
    """Every kind of forum with its name here, for a form."""
    return [(kind.value, kind_name(terms, kind)) for kind in ForumKind]


def role_choices(terms: Mapping[str, str] | None) -> list[tuple[str, str]]:
    """Every role with its name here, for a form."""
    return [(role.value, role_name(terms, role)) for role in SeatRole]
