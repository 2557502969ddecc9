from django.db import migrations

from municipalities.guard_sql import ADMINISTRATOR_SEAT, NO_ADMINISTRATOR_SEAT


class Migration(migrations.Migration):

    dependencies = [
        ('municipalities', '0023_a_role_gives_its_own_verbs'),
    ]

    operations = [migrations.RunSQL(ADMINISTRATOR_SEAT, NO_ADMINISTRATOR_SEAT)]
