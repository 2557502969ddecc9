from django.db import migrations

from access.operations import RunSQLAs
from meetings import reminder_sql


class Migration(migrations.Migration):
    dependencies = [("meetings", "0024_parties_of_their_own_agreement"), ("municipalities", "0015_class_changes_in_the_export")]

    operations = [
        migrations.RunSQL(reminder_sql.SEATS, migrations.RunSQL.noop),
        migrations.RunSQL(reminder_sql.readable("meetings_agreement"), migrations.RunSQL.noop),
        RunSQLAs("ssp_figures", reminder_sql.function("people_to_remind", "meetings_agreement"), "drop function figures.people_to_remind"),
    ]
