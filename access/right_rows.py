"""What resolvers build their rows of (`access.actor.register_resolver`): kind, name, object id, label."""

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, CharField, Expression, F, Func, Value
from django.db.models.functions import Cast

LABEL = CharField(max_length=300)


class Unnest(Func):
    """One row for each element of an array; two of them go side by side."""

    function = "unnest"
    set_returning = True


def each_named(columns: dict[str, str]) -> tuple[Expression, Expression]:
    """(name, object id): a right for each of these columns of one row, in one scan of its table. `columns`: name -> column."""
    ids = [Cast(F(column), BigIntegerField()) for column in columns.values()]
    return (
        Unnest(Value(list(columns), output_field=ArrayField(LABEL)), output_field=LABEL),
        Unnest(Func(*ids, template="array[%(expressions)s]", output_field=ArrayField(BigIntegerField())), output_field=BigIntegerField()),
    )
