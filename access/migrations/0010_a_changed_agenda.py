from django.db import migrations, models

NOTICES = [
    ("call", "You are called to a meeting"), ("cancelled", "A meeting is cancelled"), ("action", "Something waits for your decision"),
    ("access", "Your access, your seats and your calendar address"), ("change", "A meeting has another time, place or agenda"),
    ("minutes", "Minutes are ready or opened again"), ("proposal", "Proposals for an agenda"), ("plan", "News of plans and descriptions of tasks"),
    ("ordered", "What you have ordered is ready"), ("reminder", "Reminders of your agreements"), ("digest", "The week: meetings, agreements and approvals"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("access", "0009_operator_guard")]

    operations = [
        migrations.AlterField("outboxmessage", "notice", models.CharField(blank=True, choices=NOTICES, max_length=9)),
        migrations.AlterField("mailchoice", "notice", models.CharField(choices=NOTICES, max_length=9)),
    ]
