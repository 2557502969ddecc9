from django.db import migrations

from access.constraints import RowSecurity
from meetings.public_minutes_sql import UNDO_REOPENED, WITHDRAW_REOPENED


class Migration(migrations.Migration):
    dependencies = [("meetings", "0016_versions_of_minutes")]

    operations = [
        migrations.RemoveConstraint(model_name="minutesversion", name="minutesversion_rls"),
        migrations.AddConstraint(model_name="minutesversion", constraint=RowSecurity("minutes_version_2", name="minutesversion_rls")),
        migrations.RemoveConstraint(model_name="publicminutes", name="publicminutes_rls"),
        migrations.AddConstraint(model_name="publicminutes", constraint=RowSecurity("public_minutes_2", name="publicminutes_rls")),
        migrations.RunSQL(WITHDRAW_REOPENED, UNDO_REOPENED),
    ]
