"""Whether the recipient of a mail may still see what it tells of: asked as it leaves, of the door of the page it leads to.

A mail may leave long after it was written: gathered with others, or tried again when the mail server comes back. A seat may have
ended meanwhile. So the worker looks with the recipient's own eyes: his rights resolved anew, his walls, and the door that the page
itself has (`access.web.door`). What does not say yes is a no; an error is one too, until it is tried again.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import Resolver404, resolve

from access.actor import Actor
from access.context import eyes_of
from access.models import OutboxMessage
from access.roles import Verb
from access.web import holds_or_guest

Door = Callable[..., bool]
_named: dict[str, Door] = {}


def register_door(name: str, door: Door) -> None:
    """Called from an app's `ready()`: (actor, **ids) -> whether he may be told, for a mail to somebody whose page does not open yet."""
    _named[name] = door


def refuse_doorless(path: str) -> None:
    """Raise LookupError for a page that cannot be asked who may see it: no mail leads there."""
    if path:
        page = resolve(path)
        if page.kwargs.keys() - {"slug"} and not hasattr(page.func, "door"):
            raise LookupError(f"the page {page.url_name} has no door (access.web.door), so no mail may lead to it")


def still_open(messages: Sequence[OutboxMessage], worker: Actor) -> list[OutboxMessage]:
    """Those of one recipient's messages of which he may still be told, each with those lines alone whose pages he may open."""
    user = messages[0].recipient
    if user is None:  # a job
        return list(messages)
    if not user.is_active:
        return []
    with eyes_of(user, worker) as actor:
        found = [message for message in messages if _is_open(actor, message)]
        for message in found:
            facts = message.payload.get("facts") or {}
            message.payload["facts"] = {name: _open_lines(actor, value) if isinstance(value, list) else value for name, value in facts.items()}
    return found


def _is_open(actor: Actor, message: OutboxMessage) -> bool:
    if named := dict(message.payload.get("door") or {}):
        return _named[named.pop("name")](actor, **named)  # answers for all that the mail says
    if message.forum_id is not None and message.forum_id not in actor.forums_with(Verb.VIEW_AGENDA):
        return False  # the subject names the forum
    return may_open(actor, message.path) if message.path else actor.is_member


def _open_lines(actor: Actor, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if may_open(actor, line["path"])]


def may_open(actor: Actor, path: str) -> bool:
    """Whether the actor gets the page at an address: its verbs, and its door when the address names a row. No page is made.

    An address that leads nowhere any more, or to a page that nobody can be asked of, is a no.
    """
    try:
        page = resolve(path)
    except Resolver404:
        return False
    view: Any = page.func
    ids = dict(page.kwargs)
    if ids.pop("slug", None) is None:
        return True  # a page outside the kommuner: what stands on it is his own
    if not (actor.is_member or actor.guests or actor.owes_pledge):
        return False
    if not hasattr(view, "verbs") or (ids and not hasattr(view, "door")):
        return False
    verbs: tuple[Verb, ...] = view.verbs
    if verbs and not any(holds_or_guest(actor, verb) or verb in actor.withheld for verb in verbs):
        return False
    try:
        return not ids or view.door(actor, **ids) is not None
    except (Http404, PermissionDenied):
        return False
