from django.db import migrations, models

from access.operations import RunSQLAs
from reports import figures_sql


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_initial"),
        ("cases", "0001_initial"),
        ("meetings", "0001_initial"),
        ("municipalities", "0001_initial"),
        ("plans", "0001_initial"),
        ("reports", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(name="report", options={"ordering": ["-period_from"]}),
        migrations.AddField(model_name="report", name="figures", field=models.JSONField(default=dict)),
        migrations.AddField(model_name="report", name="touched_at", field=models.DateTimeField(auto_now=True)),
        migrations.AddConstraint(model_name="report", constraint=models.UniqueConstraint(fields=("audience", "period_from"), name="report_once_a_period")),
        migrations.RunSQL(figures_sql.READABLE, migrations.RunSQL.noop),
        RunSQLAs("ssp_figures", figures_sql.FUNCTIONS),
    ]
