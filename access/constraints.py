"""Row security and same-tenant foreign keys, declared in Meta.constraints: makemigrations writes the migration.

What the kinds let through stands in `access.row_policies`.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models import Model
from django.db.models.constraints import BaseConstraint

from access.row_policies import POLICIES


class _Ddl(BaseConstraint):
    """DDL that belongs to a model and is no real table constraint."""

    def constraint_sql(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> None:  # type: ignore[override]  # nothing inside CREATE TABLE: run it after
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def _statement(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor, sql: str) -> Statement:
        return Statement(sql, table=Table(model._meta.db_table, schema_editor.quote_name))

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to validate in Python: the database enforces it."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Ddl) and type(other) is type(self) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)


class RowSecurity(_Ddl):
    """Enable and FORCE row-level security with the policies of a kind in POLICIES."""

    def __init__(self, kind: str, *, name: str) -> None:
        super().__init__(name=name)
        self.kind = kind

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, _args, kwargs = super().deconstruct()
        return path, (self.kind,), kwargs

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        sql = ["alter table %(table)s enable row level security", "alter table %(table)s force row level security"]
        for command, using, check in POLICIES[self.kind]:
            shown = f" using ({using})" if using else ""
            let_in = f" with check ({check})" if check else ""
            sql.append(f"create policy {self.name}_{command} on %(table)s for {command} to public{shown}{let_in}")
        return self._statement(model, schema_editor, ";\n".join(sql))

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        """Drop the policies and lift row security: only ever run by the reverse of a migration."""
        sql = [f"drop policy if exists {self.name}_{policy.command} on %(table)s" for policy in POLICIES[self.kind]]
        lift = ["alter table %(table)s no force row level security", "alter table %(table)s disable row level security"]
        return self._statement(model, schema_editor, ";\n".join(sql + lift))


class TenantForeignKey(_Ddl):
    """(tenant_id, x_id) -> (tenant_id, id) beside Django's ordinary foreign key: no row points across tenants.

    `within`: a foreign key that both rows have, and have alike, as an item and the one above it have their agenda; the target needs
    a unique constraint on (tenant, within, id).
    """

    def __init__(self, field: str, *, name: str, within: str = "") -> None:
        super().__init__(name=name)
        self.field, self.within = field, within

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, _args, kwargs = super().deconstruct()
        return path, (self.field,), {**kwargs, "within": self.within} if self.within else kwargs

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        field = model._meta.get_field(self.field)
        parent = field.related_model
        assert isinstance(parent, type), f"{self.field} is no foreign key"
        assert issubclass(parent, Model), f"{self.field} is no foreign key"
        target = schema_editor.quote_name(parent._meta.db_table)
        shared = f"{model._meta.get_field(self.within).column}, " if self.within else ""
        column = parent._meta.pk.column
        # PostgreSQL checks the rows that exist with a query that FORCE ROW LEVEL SECURITY blinds: lift it on both sides
        return self._statement(
            model,
            schema_editor,
            f"alter table %(table)s no force row level security;\nalter table {target} no force row level security;\n"
            f"alter table %(table)s add constraint {self.name} foreign key (tenant_id, {shared}{field.column}) "
            f"references {target} (tenant_id, {shared}{column}) deferrable initially deferred;\n"
            f"alter table %(table)s force row level security;\nalter table {target} force row level security",
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        """Drop the composite key."""
        return self._statement(model, schema_editor, f"alter table %(table)s drop constraint {self.name}")
