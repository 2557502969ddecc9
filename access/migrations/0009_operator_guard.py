from django.db import migrations

from access.operator_sql import NO_OPERATOR_GUARD, OPERATOR_GUARD


class Migration(migrations.Migration):
    dependencies = [("access", "0008_purpose_of_a_recusal")]

    operations = [migrations.RunSQL(OPERATOR_GUARD, NO_OPERATOR_GUARD)]
