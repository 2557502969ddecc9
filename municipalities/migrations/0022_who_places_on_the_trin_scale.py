from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('municipalities', '0021_attempts_of_an_export'),
    ]

    operations = [
        migrations.AddField(
            model_name='tenant',
            name='trin_placed_by',
            field=models.CharField(blank=True, max_length=120, verbose_name='who says which trin a concern is on'),
        ),
    ]
