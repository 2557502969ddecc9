"""Who else needs the same people at the same time.

A meeting that row security hides is never asked for: the dates of a forum with person data stay its members'. What the
reader may know of is named with those who sit in both; of a draft, and of a meeting he was called to as a guest, he
learns no more than that a member is taken.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from access.actor import Actor
from access.dates import clock
from access.roles import Verb
from meetings.models import Meeting
from meetings.querysets import PLANNED
from municipalities.models import Forum, Seat
from municipalities.organisation import sees_inside

type Names = dict[int, str]  # user id -> name


class Span(NamedTuple):
    """From when to when."""

    starts_at: datetime
    ends_at: datetime


def clashes(actor: Actor, forum: Forum, spans: Sequence[Span]) -> list[list[str]]:
    """For each span, a sentence for every other planned meeting that shares a seat holder and overlaps. Two queries, none without spans."""
    if not spans:
        return []
    others = Meeting.objects.filter(
        tenant_id=actor.tenant_id, status__in=PLANNED, starts_at__lt=max(span.ends_at for span in spans), ends_at__gt=min(span.starts_at for span in spans)
    )
    found = list(others.exclude(forum=forum).select_related("forum").order_by("starts_at"))
    holders = _holders(actor, [forum.pk, *{meeting.forum_id for meeting in found}]) if found else {}
    return [_said(actor, holders, forum, [meeting for meeting in found if meeting.starts_at < span.ends_at and meeting.ends_at > span.starts_at]) for span in spans]


def _holders(actor: Actor, forum_ids: list[int]) -> dict[int, Names]:
    held: dict[int, Names] = defaultdict(dict)
    seats = Seat.objects.current().filter(tenant_id=actor.tenant_id, forum_id__in=forum_ids, user__isnull=False).select_related("user")
    for seat in seats.order_by("user__first_name", "user__last_name"):
        if seat.user:  # the filter says so
            held[seat.forum_id][seat.user.pk] = seat.user.name
    return held


def _said(actor: Actor, holders: dict[int, Names], forum: Forum, meetings: list[Any]) -> list[str]:
    sentences: list[str] = []
    own = holders.get(forum.pk, {})
    for meeting in meetings:
        shared = [name for user_id, name in holders.get(meeting.forum_id, {}).items() if user_id in own]
        if shared:
            sentences.append(_sentence(actor, meeting, shared))
    return list(dict.fromkeys(sentences))


def _sentence(actor: Actor, meeting: Meeting, shared: list[str]) -> str:
    is_own = meeting.forum_id in actor.forums_with(Verb.VIEW_AGENDA)
    if not sees_inside(actor, meeting.forum) or (meeting.status == Meeting.Status.DRAFT and not is_own):
        return _("A member is in another meeting.")
    names = shared[0] if len(shared) == 1 else _("%(first)s and %(last)s") % {"first": ", ".join(shared[:-1]), "last": shared[-1]}
    return _("%(forum)s meets at %(clock)s: %(names)s") % {"forum": meeting.forum.name, "clock": clock(meeting.starts_at), "names": names}
