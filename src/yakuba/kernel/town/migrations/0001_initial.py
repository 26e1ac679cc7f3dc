import django.db.models.deletion
import django.db.models.manager
import yakuba.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Municipality',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=6, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('kana', models.CharField(blank=True, default='', max_length=200)),
                ('prefecture', models.CharField(blank=True, default='', max_length=10)),
                ('accent', models.CharField(blank=True, default='', max_length=20)),
                ('version', models.BigIntegerField(default=1)),
            ],
            options={
                'ordering': ('code',),
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Office',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('authority', models.CharField(max_length=40)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'id'], name='office_municipality')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='OfficeName',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('name', models.CharField(max_length=200)),
                ('department', models.CharField(blank=True, default='', max_length=200)),
                ('code', models.CharField(max_length=20)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='names', to='town.office')),
            ],
            options={
                'ordering': ('code', 'valid_from'),
                'constraints': [models.UniqueConstraint(fields=('municipality', 'code', 'valid_from'), name='office_name_code_from'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='office_name_dates')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='OfficeSuccession',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('kind', models.CharField(max_length=40)),
                ('on', models.DateField()),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
                ('predecessor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successions', to='town.office')),
                ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='origins', to='town.office')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'on'], name='succession_on')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('staff_number', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=200)),
                ('kana', models.CharField(blank=True, default='', max_length=200)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'ordering': ('staff_number',),
                'constraints': [models.UniqueConstraint(fields=('municipality', 'staff_number'), name='person_staff_number')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('title', models.CharField(max_length=60)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='town.office')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'office', 'title'), name='post_title')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('kind', models.CharField(max_length=40)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='town.person')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='town.post')),
            ],
            options={
                'ordering': ('valid_from',),
                'constraints': [models.UniqueConstraint(fields=('municipality', 'person', 'post', 'valid_from'), name='assignment_once'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='assignment_dates')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
    ]
