from django.db import migrations

from access.constraints import RowSecurity


class Migration(migrations.Migration):
    dependencies = [("meetings", "0023_meeting_books")]

    operations = [
        migrations.RemoveConstraint(model_name="agreementparty", name="agreementparty_rls"),
        migrations.AddConstraint(model_name="agreementparty", constraint=RowSecurity("agreement_party", name="agreementparty_rls")),
        migrations.RemoveConstraint(model_name="agreementstep", name="agreementstep_rls"),
        migrations.AddConstraint(model_name="agreementstep", constraint=RowSecurity("agreement_step", name="agreementstep_rls")),
    ]
