from django.db import migrations

from municipalities.guard_sql import NO_OWN_SEAT, ONE_PERSON, OWN_SEAT, TWO_PERSONS


class Migration(migrations.Migration):

    dependencies = [
        ('municipalities', '0013_guards'),
    ]

    operations = [migrations.RunSQL(OWN_SEAT, NO_OWN_SEAT), migrations.RunSQL(TWO_PERSONS, ONE_PERSON)]
