from django.db import migrations


class Migration(migrations.Migration):
    """auditlog creates its own table although ours is swapped in; dropping it would break its next migration."""

    dependencies = [("access", "0001_initial"), ("auditlog", "0017_add_actor_email")]
    operations = [migrations.RunSQL("revoke all on auditlog_logentry from ssp_app", migrations.RunSQL.noop)]
