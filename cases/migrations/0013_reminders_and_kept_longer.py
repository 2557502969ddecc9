from django.db import migrations


class Migration(migrations.Migration):
    """Two that were made beside each other; neither touches what the other does."""

    dependencies = [("cases", "0012_kept_longer"), ("cases", "0011_who_may_have_to_be_reminded")]

    operations = []
