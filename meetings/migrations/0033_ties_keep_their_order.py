"""Rows that tie keep their order from page to page. Nothing in the database changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("meetings", "0032_files_that_cannot_stand_in_a_book")]

    operations = [
        migrations.AlterModelOptions(name="agendatemplateitem", options={"ordering": ["order", "pk"]}),
        migrations.AlterModelOptions(name="correctionnote", options={"ordering": ["created_at", "pk"]}),
        migrations.AlterModelOptions(name="meeting", options={"ordering": ["starts_at", "pk"]}),
        migrations.AlterModelOptions(name="minutesversion", options={"ordering": ["number", "pk"]}),
        migrations.AlterModelOptions(name="minutesversionitem", options={"ordering": ["place", "pk"]}),
    ]
