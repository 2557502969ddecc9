from django.db import migrations

from access.constraints import RowSecurity
from access.public_ids import PublicIdField


class Migration(migrations.Migration):
    """Standing agendas have addresses, and are written by who plans the forum's meetings. The database draws the ids of those that are there."""

    dependencies = [("meetings", "0025_who_may_have_to_be_reminded")]

    operations = [
        migrations.AddField("agendatemplate", "public_id", PublicIdField()),
        migrations.AddField("agendatemplateitem", "public_id", PublicIdField()),
        migrations.RemoveConstraint("agendatemplateitem", "agendatemplateitem_rls"),
        migrations.RemoveConstraint("agendatemplate", "agendatemplate_rls"),
        migrations.AddConstraint("agendatemplate", RowSecurity("agenda_template_2", name="agendatemplate_rls")),
        migrations.AddConstraint("agendatemplateitem", RowSecurity("agenda_template_item_2", name="agendatemplateitem_rls")),
    ]
