"""Where a kommune's former words still stand in its set-up: titles of seats, «led by», presenters of standing agendas. Free texts, so that a new
name (`municipalities.terms`) does not reach them by itself; here they are changed together, once the administrator has seen which.

Apps that hold such texts register theirs. A draft is changed here only by who may write it himself: another's is not shown to an administrator.
What is over, called or approved keeps its words: ended seats and forums, called meetings, minutes, plans.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.actor import Actor
from access.logged import change_together
from access.policy import require
from access.roles import Verb
from municipalities.errors import SetupError, StaleError
from municipalities.forum_actions import refuse_taken_name
from municipalities.models import Forum, Seat, Tenant
from municipalities.places import keep_together
from municipalities.terms import Form, Term, inside_a_sentence, term

type Pairs = Sequence[tuple[str, str]]  # a former word, and the word of today
type Terms = Mapping[str, str]

CHANGED = gettext_lazy("Something has changed since you opened the page, so nothing is changed. Look the list through again.")


@dataclass(frozen=True)
class Holder:
    """A field of free text: how its rows are called, and which of a tenant's may still change."""

    label: Any
    field: str
    rows: Callable[[Actor], Any]  # who changes -> a queryset of what he may, each row with `.forum` or a forum of its own
    forum: Callable[[Any], str]
    before: Callable[[Any], object] = lambda row: None  # what else must be written before a row changes
    is_name: bool = False  # others know the row by it: changed only where that is chosen


class Use(NamedTuple):
    """One text in which a former word stands, and what it becomes."""

    holder: Holder
    row: Any
    text: str
    becomes: str

    @property
    def where(self) -> str:
        """The forum it belongs to."""
        return self.holder.forum(self.row)


class Uses(NamedTuple):
    """The same text in the same place, several times: one line of the page."""

    where: str
    what: str
    text: str
    becomes: str
    times: int


def alike(found: Iterable[Use]) -> list[Uses]:
    """The uses as the page shows them."""
    counted = Counter((use.where, str(use.holder.label), use.text, use.becomes) for use in found)
    return [Uses(*key, times) for key, times in counted.items()]


_holders: list[Holder] = []


def register_holder(holder: Holder) -> None:
    """Called from an app's `ready()`."""
    if holder.label not in {known.label for known in _holders}:
        _holders.append(holder)


def _live_forums(tenant_id: int) -> Any:
    return Forum.objects.filter(Q(active_to=None) | Q(active_to__gte=timezone.localdate()), tenant_id=tenant_id)


def _seats(actor: Actor) -> Any:
    return Seat.objects.not_over().filter(tenant_id=actor.tenant_id, forum__in=_live_forums(actor.tenant_id)).select_related("forum", "organisation").order_by("forum__name", "pk")


def _forums(actor: Actor) -> Any:
    return _live_forums(actor.tenant_id).order_by("name", "pk")


register_holder(Holder(gettext_lazy("Title of a seat"), "title", _seats, lambda seat: seat.forum.name, keep_together))
register_holder(Holder(gettext_lazy("Led by"), "chair_text", _forums, lambda forum: forum.name))
register_holder(Holder(gettext_lazy("What the forum is for"), "purpose", _forums, lambda forum: forum.name))
register_holder(Holder(gettext_lazy("Name of the forum"), "name", _forums, lambda forum: forum.name, is_name=True))


def former(tenant: Tenant) -> list[tuple[str, str]]:
    """What is called otherwise since the names were last settled. None before one is changed: that a text says something else is then as it was meant."""
    return [] if tenant.former_terms is None else renamed(tenant.former_terms, tenant.terms)


def renamed(before: Terms, after: Terms) -> list[tuple[str, str]]:
    """Each form of each word that is called otherwise now than before, the longest first; and the usual one of whatever has a name of its own."""
    found: dict[str, str] = {}
    with translation.override(settings.LANGUAGE_CODE):  # the texts are the kommune's own, whatever language the reader has chosen
        for word in Term:
            for form in Form:
                now = term(after, word, form)
                for former in (term(before, word, form), *([term({}, word, form)] if after.get(word.value) else [])):
                    if former.casefold() != now.casefold():
                        found.setdefault(former, now)
    return sorted(found.items(), key=lambda pair: -len(pair[0]))


def replaced(text: str, pairs: Pairs) -> str:
    """The text with every former word, whole and with or without its genitive s, as it is called now. A capital stays a capital."""
    if not pairs:
        return text
    known = {former.casefold(): now for former, now in reversed(pairs)}  # «Lokalråd» is one and many: then it is read as one
    words = "|".join(re.escape(former) for former, _now in pairs)

    def said(match: re.Match[str]) -> str:
        now = known.get(match[1].casefold())
        if now is None:  # «ı» is an «i» to the pattern, and to nothing else
            return match[0]
        return (capfirst(now) if match[1][0].isupper() else inside_a_sentence(now)) + match[2]

    return re.sub(rf"(?<![\w-])({words})(s?)(?![\w-])", said, text, flags=re.IGNORECASE)


def uses(actor: Actor, pairs: Pairs) -> list[Use]:
    """Every text of the set-up in which a former word stands. One query for each kind of text; none without a pair."""
    found = []
    for holder in _holders if pairs else ():
        for row in holder.rows(actor):
            text = getattr(row, holder.field)
            if (becomes := replaced(text, pairs)) != text:
                found.append(Use(holder, row, text, becomes))
    return found


def fingerprint(found: Iterable[Use]) -> str:
    """What the page carries, so that nothing is changed that was not on it."""
    return hashlib.sha256(repr([(use.row._meta.label, use.row.pk, use.text, use.becomes) for use in found]).encode()).hexdigest()[:16]


def change_uses(tenant: Tenant, *, actor: Actor, seen: str, names: Collection[str] = ()) -> int:
    """Change them all, each with its line in the log, or none; of what is a name those chosen, by public id. Returns how many.

    Raises StaleError when they are not what was shown, SetupError for one too long and for a name that another forum has.
    """
    require(actor, Verb.MANAGE_TENANT, Forum(tenant=tenant))
    tenant = Tenant.objects.select_for_update(no_key=True).get(pk=tenant.pk)
    found = uses(actor, former(tenant))
    if fingerprint(found) != seen:
        raise StaleError(CHANGED)
    chosen = [use for use in found if not use.holder.is_name or use.row.public_id in names]
    for holder in _holders:
        _change(holder, [use for use in chosen if use.holder is holder], actor)
    for use in chosen:
        if use.holder.is_name:
            _refuse_taken(use)
    _settle(tenant)
    return len(chosen)


def _refuse_taken(use: Use) -> None:
    """Asked when all are changed: two may have exchanged their names."""
    try:
        refuse_taken_name(Forum.objects.get(tenant_id=use.row.tenant_id, pk=use.row.pk))
    except SetupError:
        raise SetupError(_("Another forum is called “%(name)s” already, so nothing is changed. Take its tick away.") % {"name": use.becomes}) from None


def leave_uses(tenant: Tenant, *, actor: Actor) -> None:
    """The texts stay as they are, and nobody is asked about these names again."""
    require(actor, Verb.MANAGE_TENANT, Forum(tenant=tenant))
    _settle(Tenant.objects.select_for_update(no_key=True).get(pk=tenant.pk))


def _settle(tenant: Tenant) -> None:
    tenant.former_terms = None
    tenant.save(update_fields=["former_terms"])


def _change(holder: Holder, found: Sequence[Use], actor: Actor) -> None:
    if not found:
        return
    model: Any = type(found[0].row)
    longest = model._meta.get_field(holder.field).max_length
    if longest and (long := next((use for use in found if len(use.becomes) > longest), None)):
        raise SetupError(_("“%(text)s” in %(forum)s would be too long. Shorten it first.") % {"text": long.becomes, "forum": long.where})
    rows = list(holder.rows(actor).select_for_update(of=("self",)).filter(pk__in=[use.row.pk for use in found]).order_by("pk"))  # still a draft, too
    becomes = {use.row.pk: use.becomes for use in found}
    if {row.pk: getattr(row, holder.field) for row in rows} != {use.row.pk: use.text for use in found}:
        raise StaleError(CHANGED)  # between the reading and the lock
    for row in rows:
        holder.before(row)
    extra = {"key": [row.key for row in rows]} if model is Seat else {}  # keep_together has given one to those that had none
    change_together(rows, **{holder.field: [becomes[row.pk] for row in rows]}, **extra)
