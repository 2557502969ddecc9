"""Rows that tie keep their order from page to page. Nothing in the database changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_attempt")]

    operations = [
        migrations.AlterModelOptions(name="report", options={"ordering": ["-period_from", "-pk"]}),
    ]
