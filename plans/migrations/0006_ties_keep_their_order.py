"""Rows that tie keep their order from page to page. Nothing in the database changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("plans", "0005_when_the_text_was_written")]

    operations = [
        migrations.AlterModelOptions(name="catalogueentry", options={"ordering": ["title", "pk"]}),
        migrations.AlterModelOptions(name="cooperationplan", options={"ordering": ["-year", "-pk"]}),
        migrations.AlterModelOptions(name="cooperationversion", options={"ordering": ["-year", "-number", "-pk"]}),
        migrations.AlterModelOptions(name="followup", options={"ordering": ["due_on", "pk"]}),
        migrations.AlterModelOptions(name="functiondescription", options={"ordering": ["order", "title", "pk"]}),
        migrations.AlterModelOptions(name="functionversion", options={"ordering": ["-number", "-pk"]}),
        migrations.AlterModelOptions(name="initiative", options={"ordering": ["order", "pk"]}),
        migrations.AlterModelOptions(name="milestone", options={"ordering": ["order", "pk"]}),
        migrations.AlterModelOptions(name="plan", options={"ordering": ["-period_from", "-pk"], "permissions": [("view_plan_draft", "Read the plan before it is approved"), ("approve_plan", "Approve the plan or send it back")]}),
        migrations.AlterModelOptions(name="plantemplatefield", options={"ordering": ["order", "pk"]}),
        migrations.AlterModelOptions(name="planversion", options={"ordering": ["-number", "-pk"]}),
    ]
