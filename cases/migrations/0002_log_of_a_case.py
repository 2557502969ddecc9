from django.db import migrations

from access.operations import RunSQLAs

# ssp_audit_owner is bound by the policies of cases_case, in the caller's context: who may open the case may read its log
GRANT = "grant select (id, tenant_id, forum_id, person_id) on cases_case to ssp_audit_owner"
ENTRIES = """
create function audit.entries_for_case(p_case bigint, most int)
  returns setof audit.logentry language sql stable security definer set search_path = audit, public, pg_temp as $$
  select l.* from audit.logentry l
  where l.tenant_id = public.ssp_id('tenant')
    and l.subjects @> (select array[c.person_id] from public.cases_case c where c.id = p_case)
    and (l.object_id = p_case or l.forum_id = (select c.forum_id from public.cases_case c where c.id = p_case))
  order by l.id desc limit least(most, 500) $$;
revoke execute on function audit.entries_for_case(bigint, int) from public;
grant execute on function audit.entries_for_case(bigint, int) to ssp_app
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("access", "0002_stock_log_closed")]
    operations = [migrations.RunSQL(GRANT, "revoke select on cases_case from ssp_audit_owner"), RunSQLAs("ssp_audit_owner", ENTRIES)]
