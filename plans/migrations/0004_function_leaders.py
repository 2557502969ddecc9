"""Several leaders approve a funktionsbeskrivelse. The one who has, or is waited for, becomes the one named on it."""

import access.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from access.operations import each_tenant_visible
from plans.guard_sql import EVERY_LEADER, NO_LEADER


def rounds_of(steps, status):
    """(the round of each step, the round that runs). A change of what was approved ended a round, but was not written down then."""
    rounds, now, is_approved = [], 1, False
    for step in steps:
        if step == 'SENT' and is_approved:
            now, is_approved = now + 1, False
        rounds.append(now)
        is_approved = is_approved or step == 'APPROVED'
        if step in ('SENT_BACK', 'REOPENED'):
            now, is_approved = now + 1, False
    return rounds, now + (is_approved and status == 'DRAFT')


def name_the_leader(apps, schema_editor):
    """An approval is a record of the round that runs: each old record gets the round that it was written in."""
    description, record, version = (apps.get_model('plans', name) for name in ('FunctionDescription', 'FunctionRecord', 'FunctionVersion'))
    with each_tenant_visible(schema_editor, description, record, version, apps.get_model('municipalities', 'Organisation')):
        for row in description.objects.select_related('organisation'):
            leader = row.approved_by_id or (row.organisation.leader_id if row.status == 'AT_LEADER' else None)
            row.leader_ids = [leader] if leader else []
            records = list(record.objects.filter(description=row).order_by('at', 'pk'))
            rounds, row.round = rounds_of([one.step for one in records], row.status)
            for one, one.round in zip(records, rounds, strict=True):
                one.save(update_fields=['round'])
            row.save(update_fields=['leader_ids', 'round'])
        for row in version.objects.select_related('approved_by'):
            said = record.objects.filter(description=row.description_id, step='APPROVED', number=row.number).order_by('-at').first()
            user = row.approved_by
            name = f'{user.first_name} {user.last_name}'.strip() or user.email
            row.approvals = [{'name': name, 'on': (said.at.date() if said else row.final_on).isoformat()}]
            row.save(update_fields=['approvals'])


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0023_meeting_books'),
        ('municipalities', '0015_class_changes_in_the_export'),
        ('plans', '0003_policies_row_by_row'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='functiondescription',
            name='leader_ids',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list),
        ),
        migrations.AddField(model_name='functiondescription', name='round', field=models.PositiveSmallIntegerField(default=1)),
        migrations.AddField(
            model_name='functionrecord',
            name='leader',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(model_name='functionrecord', name='round', field=models.PositiveSmallIntegerField(default=1)),
        migrations.AddField(model_name='functionversion', name='approvals', field=models.JSONField(default=list)),
        migrations.AlterField(
            model_name='functiondescription',
            name='status',
            field=models.CharField(
                choices=[('DRAFT', 'Draft'), ('AT_LEADER', 'With the leaders'), ('APPROVED', 'Approved by the leaders'), ('FINAL', 'Final')], default='DRAFT', max_length=10
            ),
        ),
        migrations.AlterField(
            model_name='functionrecord',
            name='step',
            field=models.CharField(
                choices=[
                    ('SENT', 'Sent to the leaders'), ('NAMED', 'Leader named'), ('REMOVED', 'Leader taken off'), ('SENT_BACK', 'Sent back'),
                    ('WITHDRAWN', 'Taken back by the forum'), ('CHANGED', 'Changed after the approval'), ('APPROVED', 'Approved by a leader'), ('FINAL', 'Final'),
                    ('REOPENED', 'New version begun'),
                ],
                max_length=10,
            ),
        ),
        migrations.RunPython(name_the_leader, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name='functiondescription', name='functiondescription_approved_first'),
        migrations.RemoveConstraint(model_name='functiondescription', name='functiondescription_two_persons'),
        migrations.RemoveConstraint(model_name='functiondescription', name='functiondescription_rls'),
        migrations.RemoveConstraint(model_name='functionrecord', name='functionrecord_rls'),
        migrations.RemoveField(model_name='functionversion', name='approved_by'),
        migrations.RemoveField(model_name='functiondescription', name='approved_by'),
        migrations.AddConstraint(
            model_name='functiondescription',
            constraint=models.CheckConstraint(
                condition=models.Q(('status__in', ['DRAFT', 'AT_LEADER']), ('approved_on__isnull', False), _connector='OR'), name='functiondescription_approved_first'
            ),
        ),
        migrations.AddConstraint(
            model_name='functiondescription',
            constraint=access.constraints.RowSecurity('function_description_2', name='functiondescription_rls'),
        ),
        migrations.AddConstraint(
            model_name='functionrecord',
            constraint=access.constraints.RowSecurity('function_step', name='functionrecord_rls'),
        ),
        migrations.RunSQL(EVERY_LEADER, NO_LEADER),
    ]
