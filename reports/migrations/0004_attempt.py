from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_one_place_at_the_table")]

    operations = [migrations.AddField("report", "attempt", models.PositiveSmallIntegerField(default=1))]
