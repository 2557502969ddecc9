from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0031_who_it_was_agreed_with_is_put_right")]

    operations = [migrations.AddField(model_name="attachment", name="unfit", field=models.CharField(blank=True, default="", editable=False, max_length=6))]
