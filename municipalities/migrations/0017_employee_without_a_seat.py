from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('municipalities', '0016_places_after_a_last_day'),
    ]

    operations = [
        migrations.AlterField(
            model_name='appointment',
            name='role',
            field=models.CharField(choices=[('DPO', 'Data protection officer'), ('ADMIN', 'IT administrator'), ('SYSTEM', 'System'), ('READER', 'Employee without a seat')], max_length=10),
        ),
    ]
