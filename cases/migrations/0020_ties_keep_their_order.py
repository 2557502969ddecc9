"""Rows that tie keep their order from page to page. Nothing in the database changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0019_files_that_cannot_stand_in_a_book")]

    operations = [
        migrations.AlterModelOptions(name="case", options={"ordering": ["-number", "-pk"]}),
        migrations.AlterModelOptions(name="involvement", options={"ordering": ["on", "pk"], "verbose_name": "involvement"}),
    ]
