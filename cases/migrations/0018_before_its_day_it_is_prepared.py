from django.db import migrations

from cases.day_sql import ON_ANY_DAY, ON_ITS_DAY


class Migration(migrations.Migration):
    """What the database refuses of a discussion before the day of its meeting (cases.day_sql)."""

    dependencies = [("cases", "0017_who_has_seen_a_case"), ("meetings", "0001_initial")]

    operations = [migrations.RunSQL(ON_ITS_DAY, ON_ANY_DAY)]
