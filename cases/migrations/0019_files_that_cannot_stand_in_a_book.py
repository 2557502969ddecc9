from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0018_before_its_day_it_is_prepared")]

    operations = [migrations.AddField(model_name="caseattachment", name="unfit", field=models.CharField(blank=True, default="", editable=False, max_length=6))]
