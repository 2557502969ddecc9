"""Rows that tie keep their order from page to page. Nothing in the database changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("municipalities", "0027_former_names")]

    operations = [
        migrations.AlterModelOptions(name="area", options={"ordering": ["name", "pk"]}),
        migrations.AlterModelOptions(name="callrequest", options={"ordering": ["-asked_at", "-pk"]}),
        migrations.AlterModelOptions(name="exportorder", options={"ordering": ["-ordered_at", "-pk"]}),
        migrations.AlterModelOptions(name="level", options={"ordering": ["order", "pk"]}),
        migrations.AlterModelOptions(name="preventionlevel", options={"ordering": ["order", "pk"]}),
        migrations.AlterModelOptions(name="release", options={"ordering": ["-period_from", "kind", "-released_at", "-pk"]}),
        migrations.AlterModelOptions(name="trin", options={"ordering": ["number", "pk"]}),
    ]
