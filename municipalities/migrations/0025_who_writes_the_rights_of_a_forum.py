from django.db import migrations

from municipalities.role_rights_sql import FORUM_GUARD, NO_FORUM_GUARD


class Migration(migrations.Migration):

    dependencies = [
        ('municipalities', '0024_no_administrator_among_persons'),
    ]

    operations = [migrations.RunSQL(FORUM_GUARD, NO_FORUM_GUARD)]
