from django.db import migrations

from municipalities.appointment_time_sql import LAPSE, NO_LAPSE


class Migration(migrations.Migration):

    dependencies = [
        ('municipalities', '0025_who_writes_the_rights_of_a_forum'),
    ]

    operations = [migrations.RunSQL(LAPSE, NO_LAPSE)]
