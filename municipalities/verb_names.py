"""What a right is called in a kommune: in its own names where a right is about something that has one."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from access.roles import Verb
from municipalities.terms import Term, term, terms_of

SAID: Mapping[Verb, Any] = {  # a plural, or the council's definite form: the name may be of either gender
    Verb.EDIT_PLANS: _("Write %(plans)s and send them for approval"),
    Verb.ORDER_REPORT: _("Order the report for %(council)s"),
    Verb.VIEW_REPORT: _("Read the report for %(council)s"),
}


def verb_name(terms: Mapping[str, str] | None, verb: Verb) -> str:
    """The right in words, for a list of what somebody may do."""
    names = {"plans": term(terms, Term.PLAN, "plural"), "council": term(terms, Term.LOCAL_COUNCIL, "definite")}
    return str(SAID[verb]) % names if verb in SAID else str(verb.label)


def verb_name_in(tenant_id: int | None, verb: Verb) -> str:
    """The same, for a sentence that is said where no page holds the tenant. One query for a right about something that has a name of its own, else none."""
    return verb_name(terms_of(tenant_id) if tenant_id is not None and verb in SAID else None, verb)
