"""The case file: what one reader may see of an opened case. The page, the discussion at a meeting and the PDF ask here.

Everything is read after the ticket; without it the rows are not there. A guest gets who it is about and what is said
under his own item, nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby, islice
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from access.actor import Actor
from access.kept import Read, kept, together
from access.log import Look, looks_at_case
from access.models import User, shown_name
from access.roles import DataClass, ForumKind, Verb, roles_with, verbs_of
from cases.models import AdHocGrant, Case, CaseAgreement, CaseAttachment, CaseExtension, CaseItem, CaseRecusal, CaseText, Discussion, Involvement, ItemPresence, PersonData
from cases.models.discussion import name_and_seat
from meetings.models import Meeting
from municipalities.models import Forum, Seat

SEEN_ROWS, SEEN_SHOWN = 60, 8


class Heard(NamedTuple):
    """Somebody who was present while the case was discussed, as the disclosure record has it. Read as plain values: a case has dozens."""

    item_id: int
    user_id: int
    public_id: str
    first_name: str
    last_name: str
    email: str
    seat_label: str

    @property
    def name(self) -> str:
        """The name as it is shown."""
        return shown_name(self.first_name, self.last_name, self.email)

    @property
    def told(self) -> str:
        """Name and seat, as the record shows them."""
        return name_and_seat(self.name, self.seat_label)


HEARD = ("item_id", "user_id", "user__public_id", "user__first_name", "user__last_name", "user__email", "seat_label")


@dataclass(frozen=True)
class Said:
    """A discussion with who was present, and its files."""

    discussion: Discussion
    heard: list[Heard]
    files: list[CaseAttachment] = field(default_factory=list)

    @property
    def present(self) -> list[str]:
        """The names of those who heard it."""
        return [one.name for one in self.heard]


@dataclass(frozen=True)
class Seen:
    """Somebody's accesses of one kind and purpose on one day, as one line."""

    look: Look
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
    attachments: list[CaseAttachment] = field(default_factory=list)
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
    def undiscussed_files(self) -> list[CaseAttachment]:
        """Files of a meeting at which nothing has been written about the case yet."""
        written = {said.discussion.item_id for said in self.discussions}
        return [row for row in self.attachments if row.item_id not in written]

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


@kept
def _text(tenant: Any, case: Any) -> QuerySet[CaseText]:
    return CaseText.objects.filter(tenant_id=tenant, case_id=case).select_related("person__data")


@kept
def _involvements(tenant: Any, case: Any) -> QuerySet[Involvement]:
    return Involvement.objects.filter(tenant_id=tenant, case_id=case).select_related("noted_by").order_by("on")


@kept
def _agreements(tenant: Any, case: Any) -> QuerySet[CaseAgreement]:
    rows: QuerySet[CaseAgreement] = CaseAgreement.objects.filter(tenant_id=tenant, case_id=case).with_parties()
    return rows.select_related("done_by", "text", "item__meeting").order_by("due_on", "pk")


def read_case_file(case: Case) -> CaseFile:
    """The whole file, for who holds a seat in the case's forum. Six queries, one journey."""
    return _file(case, *together(*_file_reads(case)))


def read_case_page(case: Case) -> dict[str, Any]:
    """The file with who has access to it, who has seen it, the meeting that comes, and why it is kept longer.

    Out: `file`, `holders`, `guests`, `seen`, `coming`, `extensions`. Eleven queries, one journey.
    """
    about = case.tenant_id, case.pk
    around = _seats.of(case.tenant_id, case.forum_id, case.pk), _guests.of(*about, timezone.now()), _coming.of(*about, still_on()), _extensions.of(*about)
    *parts, seats, guests, coming, extensions, looks = together(*_file_reads(case), *around, looks_at_case(case.pk, SEEN_ROWS))
    return {
        "file": _file(case, *parts), "holders": _that_open(case, seats), "guests": guests, "seen": _seen(looks), "coming": next(iter(coming), None), "extensions": extensions,
    }  # fmt: skip


def _file_reads(case: Case) -> list[Read[Any]]:
    return [part.of(case.tenant_id, case.pk) for part in (_text, _attachments, _involvements, _discussions, _presences, _agreements)]


def _file(case: Case, texts: Any, files: Any, involvements: Any, discussions: Any, presences: Any, agreements: Any) -> CaseFile:
    [text], said = texts, _said(discussions, presences, files)
    return CaseFile(case=case, person=text.person.data, text=text, involvements=involvements, discussions=said, agreements=agreements, attachments=files)


def read_guest_file(case: Case, actor: Actor) -> CaseFile:
    """What a guest sees: who it is about, and the discussion under his own item."""
    mine: dict[str, Any] = {"tenant_id": case.tenant_id, "case": case, "item_id__in": actor.guest_of("meetings.AgendaItem")}
    discussions = Discussion.objects.filter(**mine).select_related("meeting").order_by("-meeting__starts_at")
    presences = ItemPresence.objects.filter(**mine).order_by("pk").values_list(*HEARD)
    person = PersonData.objects.get(tenant_id=case.tenant_id, person_id=case.person_id)
    files = list(CaseAttachment.objects.filter(**mine).select_related("meeting", "uploaded_by").order_by("uploaded_at", "pk"))
    return CaseFile(case=case, person=person, discussions=_said(discussions, presences, files), attachments=files, is_guest=True)


@kept
def _discussions(tenant: Any, case: Any) -> QuerySet[Discussion]:
    return Discussion.objects.filter(tenant_id=tenant, case_id=case).select_related("meeting").order_by("-meeting__starts_at")


@kept
def _presences(tenant: Any, case: Any) -> QuerySet[Any, Any]:
    return ItemPresence.objects.filter(tenant_id=tenant, case_id=case).order_by("pk").values_list(*HEARD)


def heard_at(item_id: int) -> list[Heard]:
    """Who is noted as present while one case was discussed. One query."""
    return list(map(Heard._make, ItemPresence.objects.filter(item_id=item_id).order_by("pk").values_list(*HEARD)))


@kept
def _attachments(tenant: Any, case: Any) -> QuerySet[CaseAttachment]:
    return CaseAttachment.objects.filter(tenant_id=tenant, case_id=case).select_related("meeting", "uploaded_by").order_by("uploaded_at", "pk")


def _said(discussions: Iterable[Discussion], presences: Iterable[tuple[Any, ...]], files: Iterable[CaseAttachment]) -> list[Said]:
    heard: dict[int, list[Heard]] = {}
    for one in map(Heard._make, presences):
        heard.setdefault(one.item_id, []).append(one)
    return [Said(row, heard.get(row.item_id, []), [file for file in files if file.item_id == row.item_id]) for row in discussions]


@kept
def _seats(tenant: Any, forum: Any, case: Any) -> QuerySet[Seat]:
    kept_out = CaseRecusal.objects.filter(case_id=case).values("user")
    seats = Seat.objects.current().filter(tenant_id=tenant, forum_id=forum, user__isnull=False).exclude(user__in=kept_out)
    return seats.select_related("user", "organisation").order_by("user__first_name", "user__last_name", "pk")


def holders(case: Case) -> list[Seat]:
    """The seats that open this case now, with their holders, by name; who is kept out of it is left out. One query."""
    return _that_open(case, _seats(case.tenant_id, case.forum_id, case.pk))


def _that_open(case: Case, seats: list[Seat]) -> list[Seat]:
    roles = opening_roles(case.forum)
    return [seat for seat in seats if seat.role in roles]


def opening_roles(forum: Forum) -> set[str]:
    """The roles whose seats open the cases of the forum."""
    kind, ceiling = ForumKind(forum.kind), DataClass(forum.ceiling)
    return {role for found, role in roles_with(Verb.VIEW_CASES) if found is kind and Verb.VIEW_CASES in verbs_of(kind, role, ceiling)}


def colleagues(seats: Iterable[Seat]) -> list[User]:
    """The holders of these seats, each once: who an aftale in a case can be given to."""
    return list({seat.user.pk: seat.user for seat in seats if seat.user is not None}.values())


@kept  # those who are or will be let in: not called back, not over
def _guests(tenant: Any, case: Any, now: Any) -> QuerySet[AdHocGrant]:
    grants = AdHocGrant.objects.filter(tenant_id=tenant, case_id=case, revoked_at=None, valid_to__gt=now)
    return grants.select_related("user", "meeting").order_by("valid_from")


def _seen(looks: Iterable[Look]) -> list[Seen]:
    """Who has opened the case lately: the same person's looks of one day and purpose are one line."""

    def alike(look: Look) -> tuple[Any, ...]:
        return look.actor_id, timezone.localtime(look.timestamp).date(), look.purpose, look.action

    groups = (list(group) for _key, group in groupby(looks, key=alike))
    return [Seen(group[0], len(group)) for group in islice(groups, SEEN_SHOWN)]


@kept
def _extensions(tenant: Any, case: Any) -> QuerySet[CaseExtension]:
    return CaseExtension.objects.filter(tenant_id=tenant, case_id=case).select_related("extended_by").order_by("extended_at", "pk")


def extensions_of(case: Case) -> list[CaseExtension]:
    """How often it was decided to keep the case longer, and why. One query, behind the ticket."""
    return _extensions(case.tenant_id, case.pk)


@kept
def _coming(tenant: Any, case: Any, after: Any) -> QuerySet[CaseItem]:
    links = CaseItem.objects.filter(tenant_id=tenant, case_id=case, meeting__starts_at__gt=after)
    links = links.exclude(meeting__status__in=[Meeting.Status.CANCELLED, Meeting.Status.APPROVED])
    return links.select_related("meeting", "item").order_by("meeting__starts_at")[:1]


def coming_item(case: Case) -> CaseItem | None:
    """The next meeting whose agenda the case is on, if there is one. Shells only."""
    return next(iter(_coming(case.tenant_id, case.pk, still_on())), None)


def still_on() -> datetime:
    """A meeting that began after this moment is still today's round while it is going on."""
    return timezone.now() - timedelta(hours=6)
