from django.db import migrations

from access.operations import each_tenant_visible

# a migration of its own: the foreign keys of a new table are made at the end of the one that makes it, when row security hides
# from its owner the rows that they point to
CARRY_OVER = """insert into cases_caseagreementparty (tenant_id, case_id, agreement_id, round, user_id, seat_label)
  select tenant_id, case_id, id, 1, who_id, '' from cases_caseagreement order by id"""


def carry_over(apps, schema_editor):
    """Who was responsible becomes the one party of the agreement."""
    with each_tenant_visible(schema_editor, apps.get_model("cases", "CaseAgreement"), apps.get_model("cases", "CaseAgreementParty")):
        schema_editor.execute(CARRY_OVER)


class Migration(migrations.Migration):

    dependencies = [("cases", "0008_who_is_responsible")]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='caseagreement',
            name='who',
        ),
    ]
