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
            name='ThrottleCount',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('purpose', models.CharField(max_length=40)),
                ('key', models.CharField(max_length=64)),
                ('began_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('count', models.BigIntegerField()),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'purpose', 'key', 'began_at'), name='throttle_count_once')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('token_hash', models.CharField(max_length=64)),
                ('level', models.CharField(max_length=40)),
                ('method', models.CharField(blank=True, default='', max_length=40)),
                ('citizen', models.UUIDField(blank=True, null=True)),
                ('mail', models.CharField(blank=True, default='', max_length=254)),
                ('facts', models.JSONField(blank=True, default=dict)),
                ('began_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('citizen__isnull', False)), fields=['municipality', 'citizen'], name='visit_citizen'), models.Index(fields=['municipality', 'seen_at'], name='visit_seen'), models.Index(fields=['municipality', 'ends_at'], name='visit_ends')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'token_hash'), name='visit_token_once')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
    ]
