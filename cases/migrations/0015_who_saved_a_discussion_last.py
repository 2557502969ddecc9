import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Who wrote a discussion as it is, and when."""

    dependencies = [("cases", "0014_longer_only_with_a_reason"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(
            "discussion",
            "saved_by",
            models.ForeignKey(
                blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField("discussion", "saved_at", models.DateTimeField(blank=True, editable=False, null=True)),
    ]
