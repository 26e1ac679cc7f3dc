import django.db.models.deletion
import django.db.models.manager
import yakuba.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('town', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='DecisionRule',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('authority', models.CharField(max_length=40)),
                ('matter', models.CharField(blank=True, default='', max_length=100)),
                ('title', models.CharField(max_length=300)),
                ('category', models.CharField(max_length=40)),
                ('up_to_yen', models.BigIntegerField(blank=True, null=True)),
                ('decided_by', models.CharField(max_length=100)),
                ('stand_ins', models.CharField(blank=True, default='', max_length=100)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('ground', models.CharField(blank=True, default='', max_length=300)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'ordering': ('authority', 'matter', 'up_to_yen', 'valid_from'),
                'indexes': [models.Index(fields=['municipality', 'authority', 'matter'], name='decision_rule_matter')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('up_to_yen__isnull', False)), fields=('municipality', 'authority', 'matter', 'up_to_yen', 'valid_from'), name='decision_rule_once'), models.UniqueConstraint(condition=models.Q(('up_to_yen__isnull', True)), fields=('municipality', 'authority', 'matter', 'valid_from'), name='decision_rule_unlimited_once'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='decision_rule_dates')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject', models.UUIDField()),
                ('matter', models.CharField(blank=True, default='', max_length=100)),
                ('title', models.CharField(max_length=200)),
                ('body', models.TextField(blank=True, default='')),
                ('amount', models.BigIntegerField(blank=True, null=True)),
                ('state', models.CharField(max_length=40)),
                ('round', models.BigIntegerField()),
                ('exception', models.TextField(blank=True, default='')),
                ('shown', models.JSONField(blank=True, default=dict)),
                ('drafted_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('drafter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.person')),
                ('drafter_post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.post')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.office')),
                ('predecessor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.person')),
                ('rule', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='approval.decisionrule')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'subject_kind', 'subject', 'drafted_at'], name='proposal_subject'), models.Index(fields=['municipality', 'drafter', 'state'], name='proposal_drafter'), models.Index(fields=['municipality', 'office', 'state'], name='proposal_office')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('drafting', 'circulating', 'returned'))), fields=('municipality', 'subject_kind', 'subject'), name='proposal_one_open'), models.CheckConstraint(condition=models.Q(('state__in', ['drafting', 'circulating', 'returned', 'decided', 'withdrawn'])), name='proposal_state'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', False), ('state', 'decided')), models.Q(models.Q(('state', 'decided'), _negated=True), ('decided_at__isnull', True)), _connector='OR'), name='proposal_decided_at')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('round', models.BigIntegerField()),
                ('position', models.BigIntegerField()),
                ('kind', models.CharField(max_length=40)),
                ('state', models.CharField(max_length=40)),
                ('capacity', models.CharField(blank=True, default='', max_length=40)),
                ('read_after_at', models.DateTimeField(blank=True, null=True)),
                ('comment', models.TextField(blank=True, default='')),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('absent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.person')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.person')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approval_steps', to='town.post')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='approval.proposal')),
                ('second_stand_in', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.post')),
                ('stand_in', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.post')),
            ],
            options={
                'ordering': ('round', 'position'),
                'indexes': [models.Index(fields=['municipality', 'state', 'post'], name='approval_step_post'), models.Index(fields=['municipality', 'person', 'state'], name='approval_step_person'), models.Index(condition=models.Q(('absent__isnull', False), ('read_after_at__isnull', True)), fields=['municipality', 'absent'], name='approval_step_absent')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'proposal', 'round', 'position'), name='approval_step_place'), models.UniqueConstraint(condition=models.Q(('kind__in', ('approve', 'concur', 'decide')), ('state', 'current')), fields=('municipality', 'proposal'), name='approval_step_one_current'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'current', 'done', 'returned', 'skipped'])), name='approval_step_state'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('done_at__isnull', False), ('person__isnull', False)), _connector='OR'), name='approval_step_done_by')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('noted_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.person')),
            ],
            options={
                'ordering': ('valid_from',),
                'indexes': [models.Index(fields=['municipality', 'person', 'valid_to'], name='absence_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__gte', models.F('valid_from'))), name='absence_dates')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
    ]
