from django.db import migrations

import access.constraints
from municipalities.role_rights_sql import GUARD, UNGUARD


class Migration(migrations.Migration):

    dependencies = [
        ('municipalities', '0022_who_places_on_the_trin_scale'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RemoveConstraint(model_name='appointment', name='appointment_rls'),
        migrations.AddConstraint(model_name='appointment', constraint=access.constraints.RowSecurity('appointment', name='appointment_rls')),
    ]
