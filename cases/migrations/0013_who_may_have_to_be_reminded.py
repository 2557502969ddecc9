from django.db import migrations

from access.operations import RunSQLAs
from meetings import reminder_sql

ROWS = """
create policy reminder_agreements on cases_caseagreement for select to ssp_figures using (tenant_id = (select ssp_id('tenant')));
create policy reminder_parties on cases_caseagreementparty for select to ssp_figures using (tenant_id = (select ssp_id('tenant')))
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_kept_longer"), ("meetings", "0025_who_may_have_to_be_reminded")]

    operations = [
        migrations.RunSQL(ROWS, migrations.RunSQL.noop),
        migrations.RunSQL(reminder_sql.readable("cases_caseagreement"), migrations.RunSQL.noop),
        RunSQLAs("ssp_figures", reminder_sql.function("people_to_remind_of_cases", "cases_caseagreement"), "drop function figures.people_to_remind_of_cases"),
    ]
