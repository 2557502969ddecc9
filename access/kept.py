"""Querysets that are compiled once a process: for reads that every page of a kind makes, always of the same shape.

Django builds and compiles the SQL of a queryset anew each time it is asked. On a page of ten queries that is a third of
the page's time (script/bench); here it happens at the first call, and later calls only bind other values.

    @kept
    def texts_of(tenant, case):
        return CaseText.objects.filter(tenant_id=tenant, case=case)

    texts_of(case.tenant_id, case.pk)  # a list, read anew

Everything that differs between two calls must be a parameter; a moment that would be compiled in is refused.
"""

from collections.abc import Callable, Sequence
from copy import copy
from datetime import date, time
from functools import update_wrapper
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BigAutoField, Expression, Field, ForeignKey, Lookup, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler


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
    """A date or time stands in the statement itself: it would stay at the first call's."""


class Kept[M: Model]:
    """The statement behind one function that builds a queryset of its parameters."""

    def __init__(self, build: Callable[..., QuerySet[M]]) -> None:
        self.build = build
        self.compiled: tuple[QuerySet[M], SQLCompiler, str, Sequence[Any]] | None = None
        self.converters: dict[int, Any] | None = None
        update_wrapper(self, build)

    def __call__(self, *values: object) -> list[M]:
        """Read the rows with these values."""
        queryset, compiler, sql, params = self.compiled or self._compile(len(values))
        bound = tuple(values[param.number] if isinstance(param, Slot) else param for param in params)
        ready: Any = copy(compiler)
        ready.connection = connections[DEFAULT_DB_ALIAS]  # this thread's
        ready.as_sql = lambda *_args, **_kwargs: (sql, bound)
        ready.get_converters = self._converters
        rows: Any = queryset.all()
        rows.query.get_compiler = lambda *_args, **_kwargs: ready
        return list(rows)

    def _converters(self, expressions: list[Any]) -> dict[int, Any]:
        """What turns the driver's values into the fields': the same for each call, as the columns are."""
        if self.converters is None:
            self.converters = SQLCompiler.get_converters(self.compiled[1], expressions)  # type: ignore[index]  # called by a compiled one
        return self.converters

    def _compile(self, count: int) -> tuple[QuerySet[M], SQLCompiler, str, Sequence[Any]]:
        queryset = self.build(*(Slot(number) for number in range(count)))
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        if any(isinstance(param, date | time) for param in params):
            raise BakedMomentError(f"{self.build.__name__}: give the moment as a parameter")
        self.compiled = queryset, compiler, sql, params
        return self.compiled


def fill(row: Model, relation: str, related: list[Any]) -> None:
    """Give a row the related rows that a kept statement has read: `row.relation.all()` asks no more, as after a prefetch."""
    found = getattr(row, relation).all()
    found._result_cache = related
    cache: dict[str, Any] = row.__dict__.setdefault("_prefetched_objects_cache", {})
    cache[relation] = found


def kept[M: Model](build: Callable[..., QuerySet[M]]) -> Kept[M]:
    """Decorator of a function that builds a queryset of its parameters: calling it reads the rows."""
    return Kept(build)
