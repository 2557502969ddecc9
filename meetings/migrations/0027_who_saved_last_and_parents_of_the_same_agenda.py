import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from access.constraints import TenantForeignKey


class Migration(migrations.Migration):
    """Who wrote the minutes of an item as they are, and when. An item stands under one of its own agenda: the database says so too."""

    dependencies = [("meetings", "0026_standing_agendas_in_the_browser"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(
            "agendaitem",
            "saved_by",
            models.ForeignKey(
                blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField("agendaitem", "saved_at", models.DateTimeField(blank=True, editable=False, null=True)),
        migrations.RemoveConstraint("agendaitem", "agendaitem_parent_same_tenant"),
        migrations.AddConstraint("agendaitem", models.UniqueConstraint(fields=("tenant", "meeting", "id"), name="agendaitem_meeting_id")),
        migrations.AddConstraint("agendaitem", TenantForeignKey("parent", within="meeting", name="agendaitem_parent_same_meeting")),
        migrations.RemoveConstraint("agendatemplateitem", "agendatemplateitem_parent_same_tenant"),
        migrations.AddConstraint("agendatemplateitem", models.UniqueConstraint(fields=("tenant", "template", "id"), name="agendatemplateitem_template_id")),
        migrations.AddConstraint("agendatemplateitem", TenantForeignKey("parent", within="template", name="agendatemplateitem_parent_same_agenda")),
    ]
