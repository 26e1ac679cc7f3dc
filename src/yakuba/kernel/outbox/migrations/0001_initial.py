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
            name='OutboxMessage',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('kind', models.CharField(max_length=40)),
                ('topic', models.CharField(max_length=100)),
                ('handler', models.CharField(max_length=100)),
                ('subject_kind', models.CharField(blank=True, default='', max_length=60)),
                ('subject_id', models.UUIDField(blank=True, null=True)),
                ('payload', models.JSONField(blank=True, default=dict)),
                ('payload_version', models.BigIntegerField(default=1)),
                ('idempotency_key', models.CharField(max_length=300)),
                ('zone', models.CharField(max_length=40)),
                ('not_before', models.DateTimeField()),
                ('priority', models.BigIntegerField(default=50)),
                ('attempts', models.BigIntegerField(default=0)),
                ('state', models.CharField(max_length=40)),
                ('lease_token', models.UUIDField(blank=True, null=True)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('begun_at', models.DateTimeField(blank=True, null=True)),
                ('last_error', models.TextField(blank=True, default='')),
                ('created_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('municipality', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'state', 'id'], name='outbox_list'), models.Index(condition=models.Q(('state__in', ('queued', 'retry'))), fields=['priority', 'not_before', 'id'], name='outbox_waiting'), models.Index(condition=models.Q(('state', 'leased')), fields=['lease_until'], name='outbox_leased'), models.Index(condition=models.Q(('lease_token__isnull', False)), fields=['lease_token'], name='outbox_token')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'idempotency_key'), name='outbox_key'), models.UniqueConstraint(condition=models.Q(('municipality__isnull', True)), fields=('idempotency_key',), name='outbox_key_whole'), models.CheckConstraint(condition=models.Q(('state__in', ('queued', 'leased', 'retry', 'done', 'dead', 'unconfirmed', 'cancelled'))), name='outbox_state'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'leased'), _negated=True), models.Q(('lease_token__isnull', False), ('lease_until__isnull', False)), _connector='OR'), name='outbox_lease')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Replay',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('actor', models.CharField(max_length=200)),
                ('action', models.CharField(max_length=100)),
                ('key', models.CharField(max_length=80)),
                ('fingerprint', models.CharField(max_length=64)),
                ('result', models.JSONField(blank=True, default=dict)),
                ('at', models.DateTimeField()),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='replay_at')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'actor', 'action', 'key'), name='replay_key')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ScheduleRun',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('rule', models.CharField(max_length=100)),
                ('period', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('municipality', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='schedule_run_at')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'rule', 'period'), name='schedule_run_once'), models.UniqueConstraint(condition=models.Q(('municipality__isnull', True)), fields=('rule', 'period'), name='schedule_run_once_whole')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
    ]
