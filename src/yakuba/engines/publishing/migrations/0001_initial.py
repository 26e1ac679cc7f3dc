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
            name='Publication',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('kind', models.CharField(max_length=40)),
                ('subject', models.UUIDField()),
                ('number', models.BigIntegerField()),
                ('year', models.SmallIntegerField()),
                ('title', models.CharField(max_length=300)),
                ('stamp', models.CharField(max_length=64)),
                ('published_at', models.DateTimeField()),
                ('published_by', models.CharField(max_length=200)),
                ('note', models.TextField(blank=True, default='')),
                ('withdrawn', models.BooleanField(default=False)),
                ('head', models.JSONField(blank=True, default=dict)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'kind', 'year', 'number'], name='publication_year')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'kind', 'subject', 'number'), name='publication_number')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='PublishedPart',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('position', models.BigIntegerField()),
                ('kind', models.CharField(max_length=40)),
                ('object', models.UUIDField()),
                ('title', models.CharField(max_length=300)),
                ('body', models.JSONField(blank=True, default=dict)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='publishing.publication')),
            ],
            options={
                'ordering': ('position',),
                'constraints': [models.UniqueConstraint(fields=('municipality', 'publication', 'object'), name='published_part_once')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
    ]
