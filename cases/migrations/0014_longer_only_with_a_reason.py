from django.db import migrations

from cases.deletion_sql import KEPT_BY_WORD, KEPT_LONGER


class Migration(migrations.Migration):
    """What the database refuses of the day of deletion (cases.deletion_sql)."""

    dependencies = [("cases", "0013_who_may_have_to_be_reminded")]

    operations = [migrations.RunSQL(KEPT_LONGER, KEPT_BY_WORD)]
