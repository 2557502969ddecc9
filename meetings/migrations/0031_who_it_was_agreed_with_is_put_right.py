from django.db import migrations

from access.constraints import RowSecurity


class Migration(migrations.Migration):
    dependencies = [("meetings", "0030_what_the_participants_are_told")]

    operations = [
        migrations.RemoveConstraint(model_name="agreementparty", name="agreementparty_rls"),
        migrations.AddConstraint(model_name="agreementparty", constraint=RowSecurity("agreement_party_2", name="agreementparty_rls")),
    ]
