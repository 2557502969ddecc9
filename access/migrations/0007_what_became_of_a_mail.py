from django.db import migrations, models

from access.operations import each_tenant_visible

NOTICES = [
    ("call", "You are called to a meeting"), ("cancelled", "A meeting is cancelled"), ("action", "Something waits for your decision"),
    ("access", "Your access, your seats and your calendar address"), ("change", "A meeting has a new time or place"),
    ("minutes", "Minutes are ready or opened again"), ("proposal", "Proposals for an agenda"), ("plan", "News of plans and descriptions of tasks"),
    ("ordered", "What you have ordered is ready"), ("reminder", "Reminders of your agreements"), ("digest", "The week: meetings, agreements and approvals"),
]  # fmt: skip
OUTCOMES = [
    ("sent", "Delivered to the mail server"), ("joined", "Delivered in one mail with another"), ("weekly", "Kept for the weekly mail"),
    ("off", "Not sent: the recipient has chosen no mail"), ("closed", "Not sent: the recipient may no longer see what it is about"),
    ("undone", "Not sent: taken back before it left"),
]  # fmt: skip
WAYS = [
    ("at_once", "At once"), ("bundled", "Gathered, after 20 minutes"), ("weekly", "In the weekly mail"),
    ("monday", "Every Monday morning"), ("off", "No mail"),
]  # fmt: skip


def weekly_mail_on_monday(apps, schema_editor):
    """Who has chosen the weekly mail itself has chosen Monday: «weekly» is now only what is kept for it."""
    choice = apps.get_model("access", "MailChoice")
    with each_tenant_visible(schema_editor, choice):
        choice.objects.using(schema_editor.connection.alias).filter(notice="digest", way="weekly").update(way="monday")


class Migration(migrations.Migration):
    dependencies = [("access", "0006_mails")]

    operations = [
        migrations.AlterField("outboxmessage", "outcome", models.CharField(blank=True, choices=OUTCOMES, max_length=6)),
        migrations.AlterField("outboxmessage", "notice", models.CharField(blank=True, choices=NOTICES, max_length=9)),
        migrations.AlterField("mailchoice", "way", models.CharField(choices=WAYS, max_length=8, verbose_name="how")),
        migrations.RunPython(weekly_mail_on_monday, migrations.RunPython.noop),
        migrations.AlterField("mailchoice", "notice", models.CharField(choices=NOTICES, max_length=9)),
    ]
