"""Reading the access log. The app's role cannot select from it: definer functions check the context and answer."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from access.kept import Read
from access.models import LogEntry, Purpose, User, shown_name

ACTOR: Any = LogEntry._meta.get_field("actor")
PURPOSES: dict[str, Any] = dict(Purpose.choices)
ACTIONS: dict[int, Any] = dict(LogEntry._meta.get_field("action").flatchoices)


def entries_for_tenant(
    *, since: datetime, until: datetime, actor_id: int | None = None, subject_id: int | None = None, actions: list[int] | None = None, limit: int = 50, before_id: int | None = None
) -> list[LogEntry]:
    """The newest entries of the context's tenant, for its DPO. Anyone else gets none: the function asks the context."""
    return _raw(FOR_TENANT, [since, until, actor_id, subject_id, actions, limit, before_id])


FOR_TENANT = "select * from audit.entries_for_tenant(%s, %s, %s, %s, %s, %s, %s)"


def whole_entries(*, until: datetime, limit: int, before_id: int | None) -> list[LogEntry]:
    """The tenant's entries with every column, newest first: for the export of a whole kommune."""
    return list(LogEntry.objects.raw(FOR_TENANT, [datetime(2000, 1, 1, tzinfo=UTC), until, None, None, None, limit, before_id]))


def actor_in_log(public_id: str) -> User | None:
    """The user with this public id, if he stands in the log of the context's tenant: a guest has no seat to be found by."""
    user = User.objects.filter(public_id=public_id).first() if public_id.isalnum() else None  # a NUL is no key
    always = datetime(2000, 1, 1, tzinfo=UTC)
    return user if user and entries_for_tenant(since=always, until=timezone.now(), actor_id=user.pk, limit=1) else None


OWN_MOST = 1000  # how far back one looks at one's own


def own_entries(
    limit: int = 50, *, since: datetime | None = None, until: datetime | None = None, subject_id: int | None = None, actions: list[int] | None = None, before_id: int | None = None
) -> list[LogEntry]:
    """The newest entries of the user in the context, in this tenant; of his last thousand, those that fit."""
    rules = {
        '"timestamp" >= %s': since, '"timestamp" < %s': until, "subjects @> array[%s::bigint]": subject_id, "action = any(%s)": actions, "id < %s": before_id,
    }  # fmt: skip
    asked = {rule: value for rule, value in rules.items() if value is not None}
    where = " and ".join(asked) or "true"
    return _raw(f"select * from audit.own_entries(%s) where {where} order by id desc limit %s", [OWN_MOST, *asked.values(), limit])  # noqa: S608  # constants


def entries_for_case(case_id: int, limit: int = 50) -> list[LogEntry]:
    """Who has opened a case; only if the case itself is visible in this context."""
    return _raw(FOR_CASE, [case_id, limit])


FOR_CASE = "select * from audit.entries_for_case(%s, %s)"
COLUMNS_OF_LOOK = "e.actor_id, e.timestamp, e.action, e.purpose, e.note, u.first_name, u.last_name, u.email"


class Look(NamedTuple):
    """One entry of a case's log as its page shows it. No model: sixty are read each time the page is shown (script/bench)."""

    actor_id: int
    timestamp: datetime
    action: int
    purpose: str
    note: str
    first_name: str
    last_name: str
    email: str

    @property
    def name(self) -> str:
        """Who it was."""
        return shown_name(self.first_name, self.last_name, self.email)

    @property
    def why(self) -> str:
        """The purpose, in words."""
        return str(PURPOSES.get(self.purpose, ""))

    @property
    def what(self) -> str:
        """Which kind of access, in words."""
        return str(ACTIONS[self.action])


class _LooksAtCase:
    """The statement behind `looks_at_case`, for `access.kept.together`."""

    sql = f"select {COLUMNS_OF_LOOK} from ({FOR_CASE}) e join access_user u on u.id = e.actor_id order by e.id desc"  # noqa: S608  # constants

    def begun(self, values: Sequence[Any]) -> Any:
        """The cursor, its query sent."""
        cursor = connection.cursor()
        cursor.execute(self.sql, values)
        return cursor

    def made(self, rows: Iterable[Sequence[Any]]) -> list[Look]:
        """Each row; `audit.entries_for_case` gives reads alone."""
        return [Look(*row) for row in rows]


def looks_at_case(case_id: int, limit: int) -> Read[Look]:
    """Who has read a case, newest first; only if the case itself is visible in this context. For `together`."""
    return Read(_LooksAtCase(), (case_id, limit))


# what a page shows of an entry; the rest is left in the table: half of the time of reading it (script/bench)
COLUMNS = ("id", "timestamp", "actor_id", "action", "purpose", "note", "seat", "subjects", "content_type_id", "object_pk", "object_repr", "changes")
SHOWN = {"id", "public_id", "first_name", "last_name", "email", "mark"}  # of the actor, on a page
WHO = [field.attname for field in User._meta.concrete_fields if field.attname in SHOWN]


def _raw(sql: str, params: list[Any]) -> list[LogEntry]:
    """The entries, newest first, each with its actor: one query."""
    columns = ", ".join((*(f'e."{name}"' for name in COLUMNS), *(f"u.{name} as who_{name}" for name in WHO)))
    joined = f"select {columns} from ({sql}) e left join access_user u on u.id = e.actor_id order by e.id desc"  # noqa: S608  # constants
    entries = list(LogEntry.objects.raw(joined, params))
    for entry in entries:
        values = [getattr(entry, f"who_{name}") for name in WHO]
        ACTOR.set_cached_value(entry, User.from_db("default", WHO, values) if values[0] else None)
    return entries


def hide(value: object) -> str:
    """What auditlog stores in place of a text about a person: that there was one."""
    return "•••" if value else ""
