"""Who presents an item: what its field offers, and which kind of presenter the words name. Whatever is written, an outsider too, stands as it is written."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.kept import Read
from access.policy import may
from access.request import TenantRequest
from access.roles import Verb
from meetings.minutes import attendance_read
from meetings.models import Attendance, Meeting, PresenterKind
from municipalities.models import Forum
from municipalities.organisation import current_seats, seats_read, sees_inside, shows_more

OFFERED = {"list": "fremlaeggere", "data-several": True, "autocomplete": "off"}  # attributes of the field: «Mona og Pia» are two
HINT = gettext_lazy("A person, a role, the forum or everybody: choose from the list, or write another as it is to stand on the agenda.")


def asks_for_presenters(request: TenantRequest, meeting: Meeting) -> bool:
    """True where the meeting's page has a field for one: who plans its agenda, or puts cases on it."""
    return meeting.is_planned and any(may(request.actor, verb, meeting) for verb in (Verb.CONVENE, Verb.WRITE_CASES))


def people_read(request: TenantRequest, meeting: Meeting) -> list[Read[Any]]:
    """Whom the meeting's page asks for: who is called, and before that who sits in the forum, where somebody is offered as presenter."""
    if meeting.status != Meeting.Status.DRAFT:
        return [attendance_read(meeting)]
    return [seats_read([meeting.forum])] if asks_for_presenters(request, meeting) else []


def presenters_at(request: TenantRequest, meeting: Meeting, called: Sequence[Attendance]) -> list[str]:
    """On a meeting's page: of its forum until somebody is called, and then of those who are. No query then: the page has them."""
    if not asks_for_presenters(request, meeting):
        return []
    if meeting.status == Meeting.Status.DRAFT:
        return presenters_of(request, meeting.forum)
    return _listed(meeting.forum, (row.seat.title for row in called), (row.user.name for row in called))


def presenters_of(request: TenantRequest, forum: Forum) -> list[str]:
    """Everybody, the forum itself, what its seats are called, and who holds them. Nobody is named to who may not see who holds the seats.

    At most one query, and none on a page that has read the forum's seats.
    """
    seats = current_seats(request, [forum]) if shows_more(request.actor, forum) else []
    holders = [seat.user.name for seat in seats if seat.user] if sees_inside(request.actor, forum) else []
    return _listed(forum, (seat.title for seat in seats), holders)


def _listed(forum: Forum, titles: Iterable[str], names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([_("Everybody"), forum.name, *sorted(titles), *sorted(names)]))


def kind_of(presenter: str, forum: Forum) -> PresenterKind:
    """Everybody, or the forum as a whole, when the words say just that; anybody else has a seat, or comes for the item."""
    known = {_("Everybody").casefold(): PresenterKind.ALL, forum.name.casefold(): PresenterKind.BODY}
    return known.get(presenter.strip().casefold(), PresenterKind.ROLE)
