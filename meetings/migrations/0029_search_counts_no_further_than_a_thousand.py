from django.db import migrations

from access.operations import RunSQLAs
from meetings import search_sql


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0028_search_reads_its_context_once'),
    ]

    operations = [
        RunSQLAs("ssp_figures", search_sql.FUNCTION_4),
    ]
