from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('municipalities', '0026_a_wish_lapses'),
    ]

    operations = [
        migrations.AddField(
            model_name='tenant',
            name='former_terms',
            field=models.JSONField(blank=True, null=True),
        ),
    ]
