from django.db import migrations, models

from access.operations import each_tenant_visible

# a book looks for files only where the edition says that there have been some
COUNT = "update cases_caseitem i set files_edition = 1 where exists (select from cases_caseattachment a where a.item_id = i.item_id)"


def count_those_there_are(apps, schema_editor):
    """Cases that have files already."""
    with each_tenant_visible(schema_editor, apps.get_model("cases", "CaseItem"), apps.get_model("cases", "CaseAttachment")):
        schema_editor.execute(COUNT)


class Migration(migrations.Migration):

    dependencies = [("cases", "0010_what_became_of_agreements")]

    operations = [
        migrations.AddField(model_name="caseattachment", name="is_late", field=models.BooleanField(default=False)),
        migrations.AddField(model_name="caseitem", name="files_edition", field=models.PositiveIntegerField(default=0, editable=False)),
        migrations.AddField(model_name="caseitem", name="texts_edition", field=models.PositiveIntegerField(default=0, editable=False)),
        migrations.RunPython(count_those_there_are, migrations.RunPython.noop),
    ]
