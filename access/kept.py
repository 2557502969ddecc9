"""Querysets that are compiled once a process: for reads that every page of a kind makes, always of the same shape.

Django builds and compiles the SQL of a queryset anew each time it is asked. On a page of ten queries that is a third of
the page's time (script/bench); here it happens at the first call, and later calls only bind other values.

    @kept
    def texts_of(tenant, case):
        return CaseText.objects.filter(tenant_id=tenant, case=case)

    texts_of(case.tenant_id, case.pk)  # a list, read anew

Everything that differs between two calls must be a parameter; a moment that would be compiled in is refused.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any, Protocol

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BigAutoField, Expression, Field, ForeignKey, Lookup, Model, QuerySet
from django.db.models.query import ModelIterable, ValuesListIterable, get_related_populators
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.constants import CURSOR
from psycopg.sql import Literal

PLACEHOLDER = re.compile("(%%|%s)")


class Slot(Expression):
    """The place of a parameter in the statement: compiled to a placeholder, filled at each call."""

    def __init__(self, number: int, output_field: "Field[Any, Any] | None" = None) -> None:
        super().__init__(output_field=output_field)
        self.number = number

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """A placeholder that carries this slot in place of a value."""
        return "%s", (self,)


@BigAutoField.register_lookup
@ForeignKey.register_lookup
class AnyOf(Lookup):
    """`filter(forum__any=forums)`, where the parameter is a list. (`__in` would need a placeholder for each value.)"""

    lookup_name = "any"

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The column is one of the values."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = any(%s)", (*params, self.rhs)


class BakedMomentError(Exception):
    """A moment, or what may hold one, stands in the statement itself: it would stay at the first call's."""


@dataclass(frozen=True)
class Statement[M: Model]:
    """What is worked out once: the SQL, its parameters, and how a row becomes what the queryset would give."""

    compiler: SQLCompiler
    sql: str  # only what a call gives is a placeholder
    slots: Sequence[int]  # which value of the call stands at each placeholder
    converters: dict[int, Any]  # place of a column -> what makes its field's value of the driver's
    load: Callable[[Iterable[Sequence[Any]]], list[M]]

    def asked(self, values: Sequence[Any]) -> SQLCompiler:
        """Django's compiler with the statement ready in it, these values in its slots, on this thread's connection."""
        bound = tuple(values[number] for number in self.slots)
        ready: Any = copy(self.compiler)
        ready.connection = connections[DEFAULT_DB_ALIAS]
        ready.as_sql = lambda *_args, **_kwargs: (self.sql, bound)
        return ready  # type: ignore[no-any-return]  # as it was copied

    def begun(self, values: Sequence[Any]) -> Any:
        """As Askable has it."""
        return self.asked(values).execute_sql(CURSOR)

    def made(self, rows: Iterable[Sequence[Any]]) -> list[M]:
        """What the queryset would give of these rows of the database."""
        return self.load(map(self._converted, rows) if self.converters else rows)

    def _converted(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for place, (converters, column) in self.converters.items():
            for convert in converters:
                values[place] = convert(values[place], column, connections[DEFAULT_DB_ALIAS])
        return values


class Askable(Protocol):
    """What `together` takes: a kept statement, or one that its own module writes in SQL."""

    def begun(self, values: Sequence[Any]) -> Any:
        """The cursor of a query that is sent, and not waited for where the connection is a pipeline."""

    def made(self, rows: Iterable[Sequence[Any]]) -> list[Any]:
        """What is wanted of its rows."""


@dataclass(frozen=True, eq=False)
class Read[T]:
    """A statement with the values of one call."""

    statement: Askable
    values: Sequence[Any]

    def rows(self) -> list[T]:
        """Its rows: those that were read ahead for it, else read now. One query at most."""
        found = _taken(self)
        return self.fetched(self.begun()) if found is None else found

    def begun(self) -> Any:
        """The cursor of the query, sent."""
        return self.statement.begun(self.values)

    def fetched(self, cursor: Any) -> list[T]:
        """The rows of that cursor, which is closed."""
        with cursor:
            return self.statement.made(cursor.fetchall())


def together(*reads: Read[Any]) -> list[list[Any]]:
    """The rows of several statements, in this order, with one journey to the server and back: they do not wait for each other's answers."""
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.wrap_database_errors, connection.connection.pipeline():
        cursors = [read.begun() for read in reads]
    return [read.fetched(cursor) for read, cursor in zip(reads, cursors, strict=True)]


_ahead: ContextVar[list[tuple[Read[Any], list[Any]]]] = ContextVar("read_ahead")


@contextmanager
def ahead(*reads: Read[Any]) -> Iterator[None]:
    """Read with one journey what the block will ask for: who asks the same statement with the same values takes the rows, once.

    For a page whose parts know nothing of each other. Only round what reads: inside, nothing that is read ahead is written. Another context has none of it.
    """
    token = _ahead.set(list(zip(reads, together(*reads), strict=True)) if len(reads) > 1 else [])
    try:
        yield
    finally:
        _ahead.reset(token)


def forget_ahead() -> None:
    """Drop what was read ahead and not taken: from here on the database looks with other eyes (`access.context.write_context`)."""
    _ahead.get([]).clear()


def _taken(wanted: Read[Any]) -> list[Any] | None:
    waiting = _ahead.get([])
    for place, (read, rows) in enumerate(waiting):
        if read.statement is wanted.statement and read.values == wanted.values:
            del waiting[place]
            return rows
    return None


class Kept[M: Model]:
    """The statement behind one function that builds a queryset of its parameters."""

    def __init__(self, build: Callable[..., QuerySet[M]]) -> None:
        self.build = build
        self.statement: Statement[M] | None = None
        update_wrapper(self, build)

    def __call__(self, *values: object) -> list[M]:
        """Read the rows with these values."""
        return self.of(*values).rows()

    def of(self, *values: object) -> Read[M]:
        """The same, not read yet: for `together` and `ahead`."""
        self.statement = self.statement or self._compile(len(values))
        return Read(self.statement, values)

    def _compile(self, count: int) -> Statement[M]:
        queryset = self.build(*(Slot(number) for number in range(count)))
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        if not all(isinstance(param, Slot) or _is_plain(param) for param in params):
            raise BakedMomentError(f"{self.build.__name__}: give what is no plain text or number, a moment above all, as a parameter")
        columns = [column[0] for column in compiler.select[: compiler.col_count]]
        return Statement(compiler, *_written_out(sql, params), compiler.get_converters(columns), _loader(queryset, compiler))


def _is_plain(param: object) -> bool:
    return all(map(_is_plain, param)) if isinstance(param, list | tuple) else param is None or isinstance(param, str | int)


def _written_out(sql: str, params: Sequence[Any]) -> tuple[str, list[int]]:
    """The statement with every value that is the same at each call in its text, and the numbers of the slots that are left."""
    connection, left = connections[DEFAULT_DB_ALIAS], iter(params)
    connection.ensure_connection()
    pieces, slots = [], []
    for piece in PLACEHOLDER.split(sql):
        param = next(left) if piece == "%s" else None
        if isinstance(param, Slot):
            slots.append(param.number)
        elif piece == "%s":
            piece = Literal(param).as_string(connection.connection).replace("%", "%%")
        pieces.append(piece)
    return "".join(pieces), slots


def _loader(queryset: Any, compiler: Any) -> Callable[[Iterable[Sequence[Any]]], list[Any]]:
    """How Django's own iterable makes objects of rows, with everything before the first row done beforehand."""
    if queryset._iterable_class is ValuesListIterable:
        return lambda rows: [tuple(row) for row in rows]
    if queryset._iterable_class is not ModelIterable or queryset._prefetch_related_lookups or queryset._fetch_mode.track_peers:
        raise TypeError("kept statements give rows, or tuples")
    info, mode = compiler.klass_info, queryset._fetch_mode
    model, first, last = info["model"], info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column[0].target.attname for column in compiler.select[first:last]]
    related = get_related_populators(info, compiler.select, DEFAULT_DB_ALIAS, mode)
    annotations = list((compiler.annotation_col_map or {}).items())

    def load(rows: Iterable[Sequence[Any]]) -> list[Any]:
        found = []
        for row in rows:
            made = model.from_db(DEFAULT_DB_ALIAS, names, row[first:last], fetch_mode=mode)
            for populator in related:
                populator.populate(row, made)
            for name, place in annotations:
                setattr(made, name, row[place])
            found.append(made)
        return found

    return load


def fill(row: Model, relation: str, related: list[Any]) -> None:
    """Give a row the related rows that a kept statement has read: `row.relation.all()` asks no more, as after a prefetch."""
    found = getattr(row, relation).all()
    found._result_cache = related
    cache: dict[str, Any] = row.__dict__.setdefault("_prefetched_objects_cache", {})
    cache[relation] = found


def kept[M: Model](build: Callable[..., QuerySet[M]]) -> Kept[M]:
    """Decorator of a function that builds a queryset of its parameters: calling it reads the rows."""
    return Kept(build)
