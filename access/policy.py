"""Permission, the one place. Four questions, answered from the one resolved set of the Actor.

A model says where its container stands (`Guarded`), so that the queryset and the single row get the same answer.
Unseen looks like a missing row (404); seen but not allowed is 403 with a sentence.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _

from access.actor import Actor
from access.context import timed
from access.roles import FORUM_VERBS, GUEST_VERBS, MEMBER_VERBS, PLAN_VERBS, Verb


class Guarded:
    """Mixin of every model that the policy can be asked about: which fields hold the ids of its containers."""

    forum_field: ClassVar[str] = "forum_id"
    plan_field: ClassVar[str] = ""
    guest_label: ClassVar[str] = ""  # set on models that an ad hoc grant can open, or that somebody can be kept out of


@dataclass(frozen=True)
class Decision:
    """The answer to `may`: falsy with a reason that can be shown."""

    allowed: bool
    reason: str | Promise = ""

    def __bool__(self) -> bool:
        return self.allowed


def _containers(actor: Actor, verb: Verb, model: type[Guarded]) -> dict[str, frozenset[int]]:
    """Field -> ids that let a row of this model through."""
    found: dict[str, frozenset[int]] = {}
    if verb in FORUM_VERBS:
        found[model.forum_field] = actor.forums_with(verb)
    if verb in PLAN_VERBS:
        found[model.plan_field or "pk"] = actor.plans_with(verb)
    if model.guest_label and verb in GUEST_VERBS:
        found["pk"] = actor.guest_of(model.guest_label)
    return found


@timed("policy")
def visible[M: Model](actor: Actor, verb: Verb, rows: QuerySet[M]) -> QuerySet[M]:
    """The rows on which the actor has the verb. Always names the tenant: the planner needs it (SECURITY.md A1)."""
    model: Any = rows.model
    if verb in MEMBER_VERBS or verb in actor.tenant_verbs:
        return rows.filter(tenant_id=actor.tenant_id) if actor.holds(verb) else rows.none()
    allowed = Q(pk__in=[])
    for path, ids in _containers(actor, verb, model).items():
        if ids:
            allowed |= Q(**{f"{path}__in": ids})
    found = rows.filter(allowed, tenant_id=actor.tenant_id)
    kept_out = actor.recused_from(model.guest_label)
    return found.exclude(pk__in=kept_out) if kept_out else found


@timed("policy")
def may(actor: Actor, verb: Verb, row: Any) -> Decision:
    """Whether the actor has the verb on this row; the same containers as `visible`, without a query."""
    return Decision(True) if _allows(actor, verb, row) else Decision(False, _refusal(actor.tenant_id, verb))


def _allows(actor: Actor, verb: Verb, row: Any) -> bool:
    if row.tenant_id != actor.tenant_id or row.pk in actor.recused_from(row.guest_label):
        return False
    if verb in MEMBER_VERBS or verb in actor.tenant_verbs:
        return actor.holds(verb)
    return any(getattr(row, path) in ids for path, ids in _containers(actor, verb, type(row)).items())


def require(actor: Actor, verb: Verb, row: Any) -> None:
    """Raise PermissionDenied with a sentence unless the actor has the verb on the row. For what he can see."""
    decision = may(actor, verb, row)
    if not decision:
        raise PermissionDenied(str(decision.reason))


def fetch[M: Model](actor: Actor, verb: Verb, rows: QuerySet[M], **key: Any) -> M:
    """One row that the actor has the verb on, else Http404: foreign, hidden and missing look the same."""
    is_text = not any("\x00" in str(value) for value in key.values())  # PostgreSQL takes no NUL: such a key is nobody's
    row = first_of(visible(actor, verb, rows).filter(**key)) if is_text else None
    if row is None:
        raise Http404("no such row for this actor")
    return row


def first_of[M: Model](rows: QuerySet[M]) -> M | None:
    """The row of a unique key. Unlike `.first()` without ORDER BY: it compares all columns, half of compiling a query (script/bench)."""
    return next(iter(rows.order_by()[:1]), None)


def among[M: Model](actor: Actor, verb: Verb, rows: Iterable[M]) -> list[M]:
    """Those of the rows on which the actor has the verb: for rows that a kept statement has read (access.kept)."""
    return [row for row in rows if _allows(actor, verb, row)]


VerbNamer = Callable[[int | None, Verb], str]  # tenant id, verb -> what the right is called there
_namers: list[VerbNamer] = []


def register_verb_names(namer: VerbNamer) -> None:
    """Called from an app's `ready()`: some kommuner have names of their own. There is one."""
    _namers[:] = [namer]


def _refused(tenant_id: int | None, verb: Verb) -> str:
    name = next((namer(tenant_id, verb) for namer in _namers), str(verb.label))
    return _("Your seat does not let you do this: %(verb)s. Ask the coordinator of the forum.") % {"verb": name}


_refusal = lazy(_refused, str)  # most refusals are only counted as a no, and the name may be a query


