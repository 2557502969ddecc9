"""The standing agendas of a forum: who may change them, what they are used for, and how one is shown.

They are changed by who plans the forum's meetings, and by who sets the kommune up; that is asked here alone. Row security
has the same rule (`agenda_template_2`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from access.actor import Actor
from access.policy import fetch, may, require, visible
from access.roles import DataClass, Verb
from meetings.agenda import classes_for, classes_under, name_buttons, numbers_of
from meetings.models import AgendaTemplate, AgendaTemplateItem, listed
from municipalities.models import Forum

KEEPERS = (Verb.CONVENE, Verb.MANAGE_TENANT)


@dataclass(frozen=True)
class StandingLine:
    """A standing item with its number, and whether it is the first or last of those it can change places with."""

    number: str  # «3», and «3b» for the second item under it
    item: AgendaTemplateItem
    is_first: bool
    is_last: bool


def may_keep(actor: Actor, row: Any) -> bool:
    """True for who changes the standing agendas of a forum; `row`: the forum, or one of them."""
    return any(may(actor, verb, row) for verb in KEEPERS)


def require_keeper(actor: Actor, row: Any) -> None:
    """Raise PermissionDenied with a sentence for anybody else."""
    if not may_keep(actor, row):
        require(actor, Verb.CONVENE, row)


def forums_kept(actor: Actor) -> QuerySet[Forum]:
    """The forums whose standing agendas the actor changes."""
    return visible(actor, _widest(actor), Forum.objects.in_order())


def fetch_kept[M: Model](actor: Actor, rows: QuerySet[M], public_id: str) -> M:
    """A forum or a standing agenda as who changes it gets it; one who only reads it gets a sentence (403), anybody else 404."""
    if Verb.MANAGE_TENANT in actor.tenant_verbs:
        return fetch(actor, Verb.MANAGE_TENANT, rows, public_id=public_id)
    row = fetch(actor, Verb.VIEW_AGENDA, rows, public_id=public_id)
    require(actor, Verb.CONVENE, row)
    return row


def _widest(actor: Actor) -> Verb:
    return Verb.MANAGE_TENANT if Verb.MANAGE_TENANT in actor.tenant_verbs else Verb.CONVENE


def classes_of(forum: Forum) -> list[DataClass]:
    """The classes that a standing item may have: never above the forum's ceiling; the class of cases marks the place of the closed part."""
    closed = [DataClass.PERSON_115] if forum.ceiling == DataClass.PERSON_115 else []
    return [*classes_under(forum.ceiling), *closed]


def left_out(actor: Actor, forum: Forum, templates: Iterable[AgendaTemplate | None]) -> str:
    """What is said to who has planned meetings of these when items are left out, for his seat does not read their class; else nothing."""
    unread = set(classes_under(forum.ceiling)) - set(classes_for(actor, forum))
    used = {template.pk for template in templates if template is not None} if unread else set()
    if not used or not AgendaTemplateItem.objects.filter(tenant_id=forum.tenant_id, template__in=used, data_class__in=unread).exists():
        return ""
    return _("Aggregated items of the standing agenda are left out: your seat does not read them. Ask the coordinator of the forum to put them on.")


def lines_of(template: AgendaTemplate) -> list[StandingLine]:
    """The items in their order, numbered as on an agenda. One query."""
    items = list(AgendaTemplateItem.objects.filter(tenant_id=template.tenant_id, template=template).order_by("order", "pk"))
    equals: dict[int | None, list[int]] = {}
    for item in items:
        equals.setdefault(item.parent_id, []).append(item.pk)
    lines = [
        StandingLine(number, item, equals[item.parent_id][0] == item.pk, equals[item.parent_id][-1] == item.pk) for number, item in zip(numbers_of(items), items, strict=True)
    ]
    name_buttons(lines)
    return lines


def minutes_of(items: Iterable[AgendaTemplateItem]) -> int:
    """How long the items take; what only marks the closed part takes none, for it never comes to a meeting."""
    return sum(item.duration for item in items if not item.is_closed)


def uses_of(templates: Sequence[AgendaTemplate]) -> dict[int, str]:
    """Id -> when the year's plan takes it, of all standing agendas of one forum, the oldest first (`year_plan_actions.agenda_for`)."""
    found, is_taken = {}, False
    for template in templates:
        if template.meeting_numbers:
            found[template.pk] = _("The year's meeting %(numbers)s") % {"numbers": listed([str(number) for number in template.meeting_numbers])}
        else:
            found[template.pk] = _("Only when somebody chooses it") if is_taken else _("Every meeting without an agenda of its own")
            is_taken = True
    return found
