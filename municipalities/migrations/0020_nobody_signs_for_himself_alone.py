import access.constraints
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('municipalities', '0019_guard_of_appointments'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='accessreview', name='accessreview_rls'),
        migrations.AddConstraint(model_name='accessreview', constraint=access.constraints.RowSecurity('access_review_2', name='accessreview_rls')),
    ]
