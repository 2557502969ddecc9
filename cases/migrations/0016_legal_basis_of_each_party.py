from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0015_who_saved_a_discussion_last'),
    ]

    operations = [
        migrations.AlterField(
            model_name='casetext',
            name='legal_basis',
            field=models.CharField(choices=[('RPL115_1', 'Retsplejeloven § 115, stk. 1 (the police)'), ('RPL115_2', 'Retsplejeloven § 115, stk. 2 (other authorities)'), ('RPL115_3', 'Retsplejeloven § 115, stk. 3 (independent institutions)'), ('CONSENT', 'Consent'), ('FVL', 'Forvaltningsloven')], default='RPL115_1', max_length=12, verbose_name='legal basis'),
        ),
    ]
