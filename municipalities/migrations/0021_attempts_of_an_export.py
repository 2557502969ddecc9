from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('municipalities', '0020_nobody_signs_for_himself_alone'),
    ]

    operations = [
        migrations.AddField(model_name='exportorder', name='attempt', field=models.PositiveSmallIntegerField(default=1)),
    ]
