from django.db import migrations

from meetings.recusal_sql import FOLLOWS, STAYS


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0009_what_became_of_agreements'),
    ]

    operations = [migrations.RunSQL(FOLLOWS, STAYS)]
