from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0007_what_became_of_a_mail'),
    ]

    operations = [
        migrations.AlterField(
            model_name='logentry',
            name='purpose',
            field=models.CharField(blank=True, choices=[('meeting', 'The coming meeting'), ('follow_up', 'Follow-up of an agreement'), ('new_information', 'New information'), ('family_request', 'Request from the family'), ('other', 'Other'), ('registration', 'Opening a new case'), ('document', 'Document for the meeting'), ('recusal', 'Somebody is disqualified'), ('search', 'Search in agendas and minutes'), ('supervision', 'Supervision of the log'), ('export', 'The kommune takes its data out of the product'), ('data_load', 'Loading of invented demo data')], max_length=20),
        ),
    ]
