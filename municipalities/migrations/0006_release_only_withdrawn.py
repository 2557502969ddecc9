from django.db import migrations


class Migration(migrations.Migration):
    """What has been shared is withdrawn or stands: no other column can be changed, whoever asks."""

    dependencies = [("municipalities", "0005_kreds_catalogue_functions_export")]

    operations = [
        migrations.RunSQL(
            "revoke update, delete on municipalities_release from ssp_app; grant update (withdrawn_at, withdrawn_by_id) on municipalities_release to ssp_app",
            "grant update, delete on municipalities_release to ssp_app",
        )
    ]
