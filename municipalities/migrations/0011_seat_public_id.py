from django.db import migrations, models

import access.public_ids
from access.operations import each_tenant_visible


def give_ids(apps, schema_editor):
    """Each seat an id of its own: the column's default is drawn once for all rows that are there."""
    seat = apps.get_model("municipalities", "Seat")
    with each_tenant_visible(schema_editor, seat):
        for row in seat.objects.only("pk"):
            seat.objects.filter(pk=row.pk).update(public_id=access.public_ids.new_public_id())


class Migration(migrations.Migration):
    dependencies = [("municipalities", "0010_access_review")]

    operations = [
        migrations.AddField("seat", "public_id", models.CharField(default=access.public_ids.new_public_id, editable=False, max_length=20)),
        migrations.RunPython(give_ids, migrations.RunPython.noop),
        migrations.AlterField("seat", "public_id", models.CharField(default=access.public_ids.new_public_id, editable=False, max_length=20, unique=True)),
    ]
