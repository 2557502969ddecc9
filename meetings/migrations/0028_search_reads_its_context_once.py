from django.db import migrations

from access.operations import RunSQLAs
from meetings import search_sql


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0027_who_saved_last_and_parents_of_the_same_agenda'),
    ]

    operations = [
        RunSQLAs("ssp_figures", search_sql.FUNCTION_3),
    ]
