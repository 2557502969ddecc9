from django.db import migrations

from municipalities.appointment_guard_sql import GUARD, UNGUARD


class Migration(migrations.Migration):

    dependencies = [
        ('municipalities', '0018_appointment_wish'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
