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
            name='DeskRow',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('subject_kind', models.CharField(max_length=60)),
                ('subject_id', models.UUIDField()),
                ('title', models.TextField(blank=True, default='')),
                ('sort', models.CharField(blank=True, default='', max_length=300)),
                ('texts', models.TextField(blank=True, default='')),
                ('folded_title', models.TextField(blank=True, default='')),
                ('folded', models.TextField(blank=True, default='')),
                ('entry', models.BigIntegerField()),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'subject_kind', 'subject_id'), name='search_desk_object')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='PublicRow',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('subject_kind', models.CharField(max_length=60)),
                ('subject_id', models.UUIDField()),
                ('title', models.TextField(blank=True, default='')),
                ('sort', models.CharField(blank=True, default='', max_length=300)),
                ('texts', models.TextField(blank=True, default='')),
                ('folded_title', models.TextField(blank=True, default='')),
                ('folded', models.TextField(blank=True, default='')),
                ('entry', models.BigIntegerField()),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'subject_kind', 'subject_id'), name='search_public_object')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
    ]
