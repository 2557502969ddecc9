"""Operations for migrations."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Model


class RunSQLAs(migrations.RunSQL):
    """RunSQL with another role for the length of the statement (ssp_owner may SET the two roles that own functions)."""

    def __init__(self, role: str, sql: str, reverse_sql: str = migrations.RunSQL.noop) -> None:
        self.role = role
        super().__init__(f"set local role {role};\n{sql};\nreset role", reverse_sql)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return "RunSQLAs", [self.role, self.sql], {}


@contextmanager
def each_tenant_visible(schema_editor: BaseDatabaseSchemaEditor, *models: type[Model]) -> Iterator[None]:
    """For data migrations: the owner is bound by FORCE, so lift it inside the migration's own transaction.

    Locks the tables exclusively until the end of the migration.
    """
    tables = [schema_editor.quote_name(model._meta.db_table) for model in models]
    for table in tables:
        schema_editor.execute(f"alter table {table} no force row level security")
    yield
    schema_editor.execute("set constraints all immediate")  # else: cannot ALTER TABLE … pending trigger events
    for table in tables:
        schema_editor.execute(f"alter table {table} force row level security")
