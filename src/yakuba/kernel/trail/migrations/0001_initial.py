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
            name='TrailBlock',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('number', models.BigIntegerField()),
                ('previous_hash', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('count', models.BigIntegerField()),
                ('sealed_at', models.DateTimeField()),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'number'), name='trail_block_number')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='TrailEntry',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('kind', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('actor_kind', models.CharField(max_length=40)),
                ('actor_id', models.CharField(max_length=200)),
                ('actor_label', models.CharField(max_length=200)),
                ('on_behalf_of', models.CharField(blank=True, default='', max_length=200)),
                ('acting_post', models.CharField(blank=True, default='', max_length=200)),
                ('action', models.CharField(max_length=100)),
                ('subject_kind', models.CharField(blank=True, default='', max_length=60)),
                ('subject_id', models.UUIDField(blank=True, null=True)),
                ('subject_label', models.CharField(blank=True, default='', max_length=200)),
                ('reason', models.TextField(blank=True, default='')),
                ('request_id', models.CharField(blank=True, default='', max_length=60)),
                ('digest', models.CharField(max_length=64)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'id'], name='trail_entry_order'), models.Index(fields=['municipality', 'at'], name='trail_entry_at'), models.Index(fields=['municipality', 'subject_kind', 'subject_id'], name='trail_entry_subject'), models.Index(fields=['municipality', 'actor_id'], name='trail_entry_actor')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='TrailPayload',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('text', models.TextField(blank=True, default='')),
                ('salt', models.CharField(max_length=64)),
                ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trail.trailentry')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'entry'), name='trail_payload_entry')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='TrailSeal',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('block', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seals', to='trail.trailblock')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seals', to='trail.trailentry')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'entry'), name='trail_seal_entry')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
    ]
