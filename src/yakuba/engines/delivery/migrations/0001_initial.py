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
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('zone', models.CharField(max_length=40)),
                ('channel', models.CharField(max_length=40)),
                ('purpose', models.CharField(max_length=40)),
                ('address', models.CharField(blank=True, default='', max_length=320)),
                ('subject_line', models.CharField(blank=True, default='', max_length=300)),
                ('body', models.TextField(blank=True, default='')),
                ('language', models.CharField(blank=True, default='', max_length=20)),
                ('about_kind', models.CharField(blank=True, default='', max_length=60)),
                ('about_id', models.UUIDField(blank=True, null=True)),
                ('state', models.CharField(max_length=40)),
                ('message_id', models.CharField(blank=True, default='', max_length=320)),
                ('attempts', models.BigIntegerField(default=0)),
                ('ordered', models.BigIntegerField(default=0)),
                ('error', models.TextField(blank=True, default='')),
                ('created_at', models.DateTimeField()),
                ('begun_at', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'created_at'], name='delivery_list'), models.Index(fields=['municipality', 'state', 'created_at'], name='delivery_states'), models.Index(fields=['municipality', 'about_kind', 'about_id'], name='delivery_about'), models.Index(condition=models.Q(('erased_at__isnull', True)), fields=['municipality', 'created_at'], name='delivery_unerased')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ('queued', 'sent', 'failed', 'unconfirmed', 'unconfigured', 'held', 'cancelled'))), name='delivery_state'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='delivery_sent_at')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
    ]
