"""The database itself: every wall is up, and nothing stands beside it."""

import pytest
from django.apps import apps

from access.constraints import RowSecurity
from access.row_policies import POLICIES
from reports import figures_sql
from tests import harness

# function -> why it may bypass row security. Each pins its search_path and asks the context.
DEFINER_FUNCTIONS = {
    "audit.stamp": "writes actor, tenant, time and transaction into a log row",
    "audit.ticket_subjects": "the persons whose log row was inserted in this transaction by this actor",
    "audit.missing": "finds log rows that a rolled-back savepoint took away",
    "audit.make_partitions": "next months' partitions of the log",
    "audit.entries_for_tenant": "the log for the tenant's DPO",
    "audit.own_entries": "a user's own rows of the log",
    "audit.entries_for_case": "the log of a case that the caller can see",
    "figures.outbox_tenants": "which tenants have mail to send",
    "figures.owner_of_feed": "the user id of a calendar address, by its hash: a calendar has no session",
    "figures.people_to_remind": "ids of people with an open agreement that has come near or late, for the system alone: it reads no agreement itself",
    "figures.people_to_remind_of_cases": "the same of agreements in cases: no case, no person and no text",
    "figures.mails_of_tenant": "kind, recipient, time and state of the tenant's mails for its administrator; subject and content have no grant",
    "figures.search_minutes": "ids of agenda items and agreements that the context may read and that hold some words: row security blinds the index",
    **dict.fromkeys(
        (f"figures.{name}" for name in ("young_by_level", "young_by_status", "meetings", "attendance", "agreements", "milestones")),
        "counts of the context's tenant for whoever may order or read reports, persons suppressed",
    ),
}
# (table, policy) that are not declared in a model's constraints, and the role they are for
EXTRA_POLICIES = {
    ("logentry", "logentry_insert"): "public",
    ("logentry", "logentry_returning"): "ssp_app",
    ("logentry", "logentry_functions"): "ssp_audit_owner",
    ("access_outboxmessage", "outbox_sweep"): "ssp_figures",
    ("meetings_calendarfeed", "feed_owner"): "ssp_figures",
    ("meetings_agendaitem", "search_items"): "ssp_figures",
    ("meetings_agreement", "search_agreements"): "ssp_figures",
    ("meetings_agreementparty", "search_parties"): "ssp_figures",
    ("meetings_agreementreminder", "told_reminders"): "ssp_figures",
    ("cases_caseagreement", "reminder_agreements"): "ssp_figures",
    ("cases_caseagreementparty", "reminder_parties"): "ssp_figures",
    ("cases_caseagreementreminder", "told_reminders"): "ssp_figures",
    ("municipalities_seat", "reminder_seats"): "ssp_figures",
    **{(table, f"figures_{table}"): "ssp_figures" for table in figures_sql.GRANTS},
}


@pytest.fixture
def catalog(db):
    """A superuser's look at the catalog of this test's database; rolled back."""
    with harness.admin(harness.DATABASE) as conn, conn.transaction(force_rollback=True):
        yield conn


def test_every_table_with_a_tenant_is_walled(catalog):
    naked = catalog.execute(
        """select c.relname from pg_class c join pg_namespace n on n.oid = relnamespace join pg_attribute a on a.attrelid = c.oid
           where nspname in ('public', 'audit', 'figures') and relkind in ('r', 'p') and not relispartition and attname in ('tenant_id', 'person_id') and not attisdropped
           and not (relrowsecurity and relforcerowsecurity and exists (select from pg_policy where polrelid = c.oid))"""
    ).fetchall()
    assert naked == [], "Declare RowSecurity(kind, name=…) in the model's Meta.constraints"


def declared():
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if isinstance(constraint, RowSecurity):
                yield model._meta.db_table, constraint


def test_policies_in_the_database_are_those_in_the_code(catalog):
    """A kind's text is not frozen in the migration: compare it, as PostgreSQL itself writes it."""
    found = {
        (table, name): (command, using, check)
        for table, name, command, using, check in catalog.execute("select tablename, policyname, cmd, qual, with_check from pg_policies").fetchall()
    }
    for table, constraint in declared():
        for policy in POLICIES[constraint.kind]:
            name = f"{constraint.name}_{policy.command}"
            actual = found.pop((table, name))
            catalog.execute(f"drop policy {name} on {table}")
            using = f" using ({policy.using})" if policy.using else ""
            check = f" with check ({policy.check})" if policy.check else ""
            catalog.execute(f"create policy {name} on {table} for {policy.command} to public{using}{check}")
            fresh = catalog.execute("select cmd, qual, with_check from pg_policies where tablename = %s and policyname = %s", [table, name]).fetchone()
            assert actual == tuple(fresh), f"{table}.{name}: the text of a shipped kind was edited; add a new kind and a migration"
    assert set(found) == set(EXTRA_POLICIES), "A policy outside Meta.constraints: list it here with its role"


def test_extra_policies_are_for_their_role_alone(catalog):
    roles = {(table, name): list(roles) for table, name, roles in catalog.execute("select tablename, policyname, roles::text[] from pg_policies").fetchall()}
    assert {key: roles[key] for key in EXTRA_POLICIES} == {key: [role] for key, role in EXTRA_POLICIES.items()}


def test_definer_functions_are_on_the_list_and_pin_their_search_path(catalog):
    found = {
        f"{schema}.{name}": config
        for schema, name, config in catalog.execute(
            "select nspname, proname, proconfig from pg_proc p join pg_namespace n on n.oid = pronamespace "
            "where prosecdef and nspname not in ('pg_catalog', 'information_schema', 'harness')"
        ).fetchall()
    }
    assert set(found) == set(DEFINER_FUNCTIONS), "A definer function bypasses row security: put it on the list with its reason, or write it without"
    assert [name for name, config in found.items() if not any("search_path" in part and "pg_temp" in part for part in config or [])] == []


def test_definer_functions_are_not_for_everybody(catalog):
    open_ones = catalog.execute(
        """select n.nspname || '.' || proname from pg_proc p join pg_namespace n on n.oid = pronamespace
           where prosecdef and n.nspname in ('audit', 'figures', 'public') and exists
             (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) a where a.grantee = 0)"""
    ).fetchall()
    assert open_ones == [], "revoke execute … from public, then grant it to ssp_app"


def test_no_view_looks_past_the_walls(catalog):
    views = catalog.execute(
        """select c.relname from pg_class c join pg_namespace n on n.oid = relnamespace
           where nspname in ('public', 'audit', 'figures') and (relkind = 'm' or relkind = 'v' and not coalesce('security_invoker=true' = any(reloptions), false))"""
    ).fetchall()
    assert views == [], "A view needs security_invoker=true; a materialised view has no row security at all"


def test_the_app_may_only_insert_into_the_log(catalog):
    rights = catalog.execute(
        "select privilege_type from information_schema.role_table_grants where grantee = 'ssp_app' and table_schema = 'audit'"
    ).fetchall()
    columns = catalog.execute(
        "select distinct column_name from information_schema.column_privileges where grantee = 'ssp_app' and table_schema = 'audit' and privilege_type <> 'INSERT'"
    ).fetchall()
    assert ({row[0] for row in rights}, {row[0] for row in columns}) == ({"INSERT"}, {"id"})


def test_the_app_owns_nothing_and_is_nobody_else(catalog):
    owned = catalog.execute("select relname from pg_class where relowner = 'ssp_app'::regrole").fetchall()
    member = catalog.execute("select roleid::regrole::text from pg_auth_members where member = 'ssp_app'::regrole").fetchall()
    assert (owned, member) == ([], [])


def test_counting_roles_cannot_read_person_tables(catalog):
    """Whoever owns a definer function sees shells only."""
    for role in ("ssp_figures", "ssp_audit_owner"):
        readable = {row[0] for row in catalog.execute("select table_name from information_schema.column_privileges where grantee = %s", [role]).fetchall()}
        behind_the_ticket = {"cases_persondata", "cases_casetext", "cases_discussion", "cases_involvement", "cases_caseagreementtext"}
        assert readable & (behind_the_ticket | {"cases_caseagreementremark", "cases_caseattachment", "cases_caseextension"}) == set()


def test_every_foreign_key_between_tenant_rows_names_the_tenant():
    """Django's own foreign key would accept a row of another kommune: the composite key beside it refuses."""
    from access.constraints import TenantForeignKey
    from municipalities.models import TenantRow

    missing = []
    for model in apps.get_models():
        if not issubclass(model, TenantRow):
            continue
        covered = {constraint.field for constraint in model._meta.constraints if isinstance(constraint, TenantForeignKey)}
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            is_key = (field.many_to_one or field.one_to_one) and getattr(field, "concrete", False)
            if is_key and isinstance(target, type) and issubclass(target, TenantRow) and field.name not in covered:
                missing.append(f"{model._meta.label}.{field.name}")
    assert missing == [], "Add TenantForeignKey(field, name=…) to Meta.constraints"
