from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0029_search_counts_no_further_than_a_thousand'),
    ]

    operations = [
        migrations.AddField(model_name='meeting', name='agenda_changed_at', field=models.DateTimeField(blank=True, null=True)),
        migrations.AddField(model_name='meeting', name='answers_asked_at', field=models.DateTimeField(blank=True, null=True)),
    ]
