from django.db import migrations, models


class Migration(migrations.Migration):
    """When the text of a samarbejdsplan was last changed. Of a text that was there before nobody knows: it stays empty."""

    dependencies = [("plans", "0004_function_leaders")]

    operations = [migrations.AddField("cooperationplan", "written_at", models.DateTimeField(blank=True, null=True))]
