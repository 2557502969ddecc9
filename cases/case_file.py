"""The case file: what one reader may see of an opened case. The page, the discussion at a meeting and the PDF ask here.

Everything is read after the ticket; without it the rows are not there. A guest gets who it is about and what is said
under his own item, nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.utils import timezone

from access.actor import Actor
from access.log import entries_for_case
from access.models import LogEntry, User
from access.roles import DataClass, ForumKind, Verb, roles_with, verbs_of
from cases.models import AdHocGrant, Case, CaseAgreement, CaseItem, CaseRecusal, CaseText, Discussion, Involvement, ItemPresence, PersonData
from meetings.models import Meeting
from municipalities.models import Seat

SEEN_ROWS, SEEN_SHOWN = 60, 8


@dataclass(frozen=True)
class Said:
    """A discussion with who was present."""

    discussion: Discussion
    presences: list[ItemPresence]

    @property
    def present(self) -> list[str]:
        """The names of those who heard it."""
        return [presence.user.name for presence in self.presences]


@dataclass(frozen=True)
class Seen:
    """Somebody's accesses of one kind and purpose on one day, as one line."""

    entry: LogEntry
    times: int


@dataclass(frozen=True)
class CaseFile:
    """One reader's view of an opened case."""

    case: Case
    person: PersonData
    text: CaseText | None = None
    involvements: list[Involvement] = field(default_factory=list)
    discussions: list[Said] = field(default_factory=list)
    agreements: list[CaseAgreement] = field(default_factory=list)
    is_guest: bool = False

    @property
    def age(self) -> int | None:
        """Whole years, when the date of birth is known."""
        born, today = self.person.birth_date, timezone.localdate()
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) if born else None

    @property
    def open_agreements(self) -> list[CaseAgreement]:
        """Those still to be done, the nearest first."""
        return [agreement for agreement in self.agreements if agreement.status == CaseAgreement.Status.OPEN]

    @property
    def done_agreements(self) -> list[CaseAgreement]:
        """Those carried out or lapsed."""
        return [agreement for agreement in self.agreements if agreement.status != CaseAgreement.Status.OPEN]

    @property
    def involved(self) -> list[Involvement]:
        """The latest word of each party: parents, the young person."""
        latest = {involvement.party: involvement for involvement in self.involvements}
        return [latest[party] for party in Involvement.Party.values if party in latest]

    @property
    def level_change(self) -> tuple[int, date] | None:
        """The level before the present one, and the day it was changed at a meeting; None when it never was."""
        before: Discussion | None = None
        for said in self.discussions:  # newest first
            if before is not None and said.discussion.concern_level and said.discussion.concern_level != self.case.concern_level:
                return said.discussion.concern_level, timezone.localtime(before.meeting.starts_at).date()
            before = said.discussion
        return None


def read_case_file(case: Case) -> CaseFile:
    """The whole file, for who holds a seat in the case's forum. Six queries."""
    about: dict[str, Any] = {"tenant_id": case.tenant_id, "case": case}
    return CaseFile(
        case=case, person=_person(case), text=CaseText.objects.get(**about),
        involvements=list(Involvement.objects.filter(**about).select_related("noted_by").order_by("on")),
        discussions=_discussions(case, Q()),
        agreements=list(CaseAgreement.objects.filter(**about).select_related("who", "text", "item__meeting").order_by("due_on", "pk")),
    )  # fmt: skip


def read_guest_file(case: Case, actor: Actor) -> CaseFile:
    """What a guest sees: who it is about, and the discussion under his own item."""
    return CaseFile(case=case, person=_person(case), discussions=_discussions(case, Q(item_id__in=actor.guest_of("meetings.AgendaItem"))), is_guest=True)


def _person(case: Case) -> PersonData:
    return PersonData.objects.get(tenant_id=case.tenant_id, person_id=case.person_id)


def _discussions(case: Case, limit: Q) -> list[Said]:
    rows = Discussion.objects.filter(limit, tenant_id=case.tenant_id, case=case).select_related("meeting").order_by("-meeting__starts_at")
    heard: dict[int, list[ItemPresence]] = {}
    for presence in ItemPresence.objects.filter(limit, tenant_id=case.tenant_id, case=case).select_related("user").order_by("pk"):
        heard.setdefault(presence.item_id, []).append(presence)
    return [Said(row, heard.get(row.item_id, [])) for row in rows]


def holders(case: Case) -> list[Seat]:
    """The seats that open this case now, with their holders, by name; who is kept out of it is left out. One query."""
    forum = case.forum
    kind, ceiling = ForumKind(forum.kind), DataClass(forum.ceiling)
    roles = [role for found, role in roles_with(Verb.VIEW_CASES) if found is kind and Verb.VIEW_CASES in verbs_of(kind, role, ceiling)]
    kept_out = CaseRecusal.objects.filter(case=case).values("user")
    seats = Seat.objects.current().filter(tenant_id=forum.tenant_id, forum=forum, role__in=roles, user__isnull=False).exclude(user__in=kept_out)
    return list(seats.select_related("user", "organisation").order_by("user__first_name", "user__last_name", "pk"))


def colleagues(seats: Iterable[Seat]) -> list[User]:
    """The holders of these seats, each once: who an aftale in a case can be given to."""
    return list({seat.user.pk: seat.user for seat in seats if seat.user is not None}.values())


def guests_of(case: Case) -> list[AdHocGrant]:
    """The guests who are or will be let in: not called back, not over."""
    grants = AdHocGrant.objects.filter(tenant_id=case.tenant_id, case=case, revoked_at=None, valid_to__gt=timezone.now())
    return list(grants.select_related("user", "meeting").order_by("valid_from"))


def seen_by(case: Case) -> list[Seen]:
    """Who has opened the case lately: the same person's looks of one day and purpose are one line."""
    entries = [entry for entry in entries_for_case(case.pk, SEEN_ROWS) if entry.action in LogEntry.Action.READS]

    def alike(entry: LogEntry) -> tuple[Any, ...]:
        return entry.actor_id, timezone.localtime(entry.timestamp).date(), entry.purpose, entry.action

    lines = [Seen(rows[0], len(rows)) for rows in (list(group) for _key, group in groupby(entries, key=alike))]
    return lines[:SEEN_SHOWN]


def coming_item(case: Case) -> CaseItem | None:
    """The next meeting whose agenda the case is on, if there is one. Shells only."""
    now = timezone.now() - timedelta(hours=6)  # still today's round while it is going on
    links = CaseItem.objects.filter(tenant_id=case.tenant_id, case=case, meeting__starts_at__gt=now)
    return links.exclude(meeting__status__in=[Meeting.Status.CANCELLED, Meeting.Status.APPROVED]).select_related("meeting", "item").order_by("meeting__starts_at").first()
