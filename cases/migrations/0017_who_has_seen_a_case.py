from django.db import migrations

from access.operations import RunSQLAs

# reads alone (LogEntry.Action.READS): a change names its person as well, and is no look at him
ENTRIES = """
create or replace function audit.entries_for_case(p_case bigint, most int)
  returns setof audit.logentry language sql stable security definer set search_path = audit, public, pg_temp as $$
  select l.* from audit.logentry l
  where l.tenant_id = public.ssp_id('tenant') and l.action between 3 and 8
    and l.subjects @> (select array[c.person_id] from public.cases_case c where c.id = p_case)
    and (l.object_id = p_case or l.forum_id = (select c.forum_id from public.cases_case c where c.id = p_case))
  order by l.id desc limit least(most, 500) $$
"""
EVERYTHING = ENTRIES.replace(" and l.action between 3 and 8", "")


class Migration(migrations.Migration):
    """«Hvem har set» of a case says who has read it, before the log says of each change whom it concerned."""

    dependencies = [("cases", "0016_legal_basis_of_each_party")]

    operations = [RunSQLAs("ssp_audit_owner", ENTRIES, f"set local role ssp_audit_owner;{EVERYTHING};reset role")]
