from django.db import migrations

from access.operations import RunSQLAs
from meetings import search_sql


class Migration(migrations.Migration):
    dependencies = [("meetings", "0002_recusal_of_a_member"), ("reports", "0002_figures")]

    operations = [
        migrations.RunSQL(search_sql.READABLE, migrations.RunSQL.noop),
        RunSQLAs("ssp_figures", search_sql.FUNCTION, "drop function figures.search_minutes"),
    ]
