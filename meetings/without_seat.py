"""Min uge of somebody without a seat: no meeting and no agreement is his, so the page leads to what he manages or supervises, and to what every member reads."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from access.request import TenantRequest
from access.roles import Verb
from access.web import page

PAGES: dict[str, Any] = {  # line of the menu -> what one finds there
    "setup": _("Forums and seats, and all else that the kommune is made of."),
    "people": _("Who is invited, and which seats they have."),
    "log": _("Who has read what about whom, and what he gave as purpose."),
    "access_reviews": _("Who has access in each forum, and whether its chair has signed for it."),
    "export": _("When the kommune leaves SSP: one person asks, another confirms."),
    "sparring": _("Where you go when you are worried about a child or a young person."),
    "catalogue": _("What the kommune does, for whom, and who knows more."),
    "plans": _("The goals that have been approved, and how far they have come."),
    "organisation": _("Which forums there are, how they hang together, and the prevention model."),
    "cooperation": _("What the police and the kommuner of the politikreds have agreed on."),
}


def week_part(request: TenantRequest) -> dict[str, Any] | None:
    """Min uge, main column: the pages of the reader's menu that are most his, each with a sentence. No query; None for who has a seat."""
    if request.actor.has_seat or not request.actor.is_member:
        return None
    lines = {line.id: line for line in page(request)["nav"]}
    return {"pages": [(lines[name], says) for name, says in PAGES.items() if name in lines], "supervises": Verb.VIEW_AUDIT in request.actor.tenant_verbs}
