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
            name='Protected',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('name', models.CharField(max_length=200)),
                ('kana', models.CharField(blank=True, default='', max_length=200)),
                ('birth', models.DateField(blank=True, null=True)),
                ('address', models.CharField(blank=True, default='', max_length=300)),
                ('former_names', models.TextField(blank=True, default='')),
                ('former_addresses', models.TextField(blank=True, default='')),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('note', models.TextField(blank=True, default='')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'valid_from'], name='protected_from')],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='protected_dates')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('subject_kind', models.CharField(max_length=60)),
                ('subject_id', models.UUIDField()),
                ('reasons', models.CharField(max_length=200)),
                ('matched', models.CharField(max_length=64)),
                ('state', models.CharField(max_length=40)),
                ('raised_at', models.DateTimeField()),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('released_by', models.CharField(blank=True, default='', max_length=200)),
                ('release_note', models.TextField(blank=True, default='')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
                ('protected', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='protection.protected')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'state', 'raised_at'], name='hold_list')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'subject_kind', 'subject_id', 'protected', 'matched'), name='hold_once'), models.UniqueConstraint(condition=models.Q(('state', 'standing')), fields=('municipality', 'subject_kind', 'subject_id', 'protected'), name='hold_standing_once'), models.CheckConstraint(condition=models.Q(models.Q(('released_at__isnull', True), ('state', 'standing')), models.Q(('released_at__isnull', False), ('state', 'released')), _connector='OR'), name='hold_state')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
    ]
