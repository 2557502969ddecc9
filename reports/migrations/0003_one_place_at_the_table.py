from django.db import migrations

from access.operations import RunSQLAs
from reports import figures_sql


class Migration(migrations.Migration):
    dependencies = [("meetings", "0020_deputies"), ("reports", "0002_figures")]

    operations = [
        migrations.RunSQL(figures_sql.READABLE_3, migrations.RunSQL.noop),
        RunSQLAs("ssp_figures", figures_sql.ATTENDANCE_3),
    ]
