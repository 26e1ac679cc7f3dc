import django.db.models.deletion
import django.db.models.manager
import yakuba.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('approval', '0001_initial'),
        ('files', '0001_initial'),
        ('town', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('kind', models.CharField(max_length=40)),
                ('state', models.CharField(max_length=40)),
                ('number', models.CharField(max_length=60)),
                ('receipt', models.CharField(blank=True, default='', max_length=40)),
                ('title', models.CharField(max_length=200)),
                ('origin_kind', models.CharField(max_length=60)),
                ('origin_id', models.UUIDField()),
                ('topic_kind', models.CharField(max_length=60)),
                ('topic_id', models.UUIDField()),
                ('authority', models.CharField(max_length=40)),
                ('matter', models.CharField(blank=True, default='', max_length=60)),
                ('channel', models.CharField(max_length=40)),
                ('applicant', models.CharField(blank=True, default='', max_length=200)),
                ('applicant_kana', models.CharField(blank=True, default='', max_length=200)),
                ('applicant_key', models.CharField(blank=True, default='', max_length=200)),
                ('sought', models.TextField(blank=True, default='')),
                ('arrived_at', models.DateTimeField()),
                ('registered_at', models.DateTimeField()),
                ('clock', models.JSONField(blank=True, default=dict)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('completed_at', models.DateTimeField(blank=True, null=True)),
                ('routed', models.BooleanField(default=False)),
                ('result', models.CharField(blank=True, default='', max_length=40)),
                ('test', models.BooleanField(default=False)),
                ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.person')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.office')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'office', 'due_on', 'arrived_at', 'id'], name='case_inbox'), models.Index(fields=['municipality', 'assignee', 'state'], name='case_assignee'), models.Index(condition=models.Q(('completed_at__isnull', True)), fields=['municipality', 'office', 'due_on'], name='case_open'), models.Index(fields=['municipality', 'topic_id', 'arrived_at'], name='case_topic'), models.Index(fields=['municipality', 'arrived_at'], name='case_arrived'), models.Index(fields=['municipality', 'applicant_key'], name='case_applicant')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ('arrived', 'checking', 'returned', 'examining', 'deciding', 'decided', 'notified', 'completed', 'withdrawn'))), name='case_state'), models.CheckConstraint(condition=models.Q(models.Q(('completed_at__isnull', False), ('state__in', ['completed', 'withdrawn'])), models.Q(models.Q(('state__in', ['completed', 'withdrawn']), _negated=True), ('completed_at__isnull', True)), _connector='OR'), name='case_ended'), models.UniqueConstraint(fields=('municipality', 'number'), name='case_number'), models.UniqueConstraint(fields=('municipality', 'origin_kind', 'origin_id'), name='case_origin')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='CaseLink',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('note', models.CharField(blank=True, default='', max_length=200)),
                ('by_label', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='casework.case')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='linked', to='casework.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'case', 'other'), name='case_link_once'), models.CheckConstraint(condition=models.Q(('case', models.F('other')), _negated=True), name='case_link_two')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='CaseMessage',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('direction', models.CharField(max_length=40)),
                ('kind', models.CharField(max_length=40)),
                ('body', models.TextField(blank=True, default='')),
                ('asked', models.JSONField(blank=True, default=list)),
                ('answer_by', models.DateField(blank=True, null=True)),
                ('by_label', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='casework.case')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'ordering': ('at', 'id'),
                'indexes': [models.Index(fields=['municipality', 'case'], name='case_message')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='CaseNote',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('body', models.TextField(default='')),
                ('by_label', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='casework.case')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'ordering': ('at', 'id'),
                'indexes': [models.Index(fields=['municipality', 'case'], name='case_note')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='CheckMark',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('position', models.BigIntegerField()),
                ('label', models.CharField(max_length=200)),
                ('mark', models.CharField(max_length=40)),
                ('note', models.TextField(blank=True, default='')),
                ('by_label', models.CharField(blank=True, default='', max_length=200)),
                ('at', models.DateTimeField(blank=True, null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='casework.case')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'ordering': ('position',),
                'constraints': [models.UniqueConstraint(fields=('municipality', 'case', 'position'), name='case_mark_position')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ClockStop',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('since', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('reason', models.TextField(blank=True, default='')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='casework.case')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'ordering': ('since', 'id'),
                'indexes': [models.Index(fields=['municipality', 'case'], name='case_stop')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Disposition',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('outcome', models.CharField(max_length=40)),
                ('content', models.TextField(blank=True, default='')),
                ('reasons', models.TextField(blank=True, default='')),
                ('conditions', models.TextField(blank=True, default='')),
                ('remedies', models.TextField(blank=True, default='')),
                ('drafted_by', models.CharField(max_length=200)),
                ('drafted_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by', models.CharField(blank=True, default='', max_length=200)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dispositions', to='casework.case')),
                ('drafter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.person')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
                ('proposal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='approval.proposal')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'case'], name='case_disposition')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Move',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('seq', models.BigIntegerField()),
                ('kind', models.CharField(max_length=40)),
                ('step', models.CharField(max_length=40)),
                ('from_state', models.CharField(blank=True, default='', max_length=40)),
                ('to_state', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('by_label', models.CharField(max_length=200)),
                ('reason', models.TextField(blank=True, default='')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='casework.case')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'ordering': ('seq',),
                'constraints': [models.UniqueConstraint(fields=('municipality', 'case', 'seq'), name='case_move_seq'), models.CheckConstraint(condition=models.Q(models.Q(('from_state', ''), ('kind', 'application'), ('to_state', 'arrived')), models.Q(('from_state', 'arrived'), ('kind', 'application'), ('to_state', 'checking')), models.Q(('from_state', 'arrived'), ('kind', 'application'), ('to_state', 'withdrawn')), models.Q(('from_state', 'checking'), ('kind', 'application'), ('to_state', 'examining')), models.Q(('from_state', 'checking'), ('kind', 'application'), ('to_state', 'returned')), models.Q(('from_state', 'checking'), ('kind', 'application'), ('to_state', 'withdrawn')), models.Q(('from_state', 'decided'), ('kind', 'application'), ('to_state', 'notified')), models.Q(('from_state', 'deciding'), ('kind', 'application'), ('to_state', 'decided')), models.Q(('from_state', 'deciding'), ('kind', 'application'), ('to_state', 'examining')), models.Q(('from_state', 'deciding'), ('kind', 'application'), ('to_state', 'withdrawn')), models.Q(('from_state', 'examining'), ('kind', 'application'), ('to_state', 'checking')), models.Q(('from_state', 'examining'), ('kind', 'application'), ('to_state', 'decided')), models.Q(('from_state', 'examining'), ('kind', 'application'), ('to_state', 'deciding')), models.Q(('from_state', 'examining'), ('kind', 'application'), ('to_state', 'returned')), models.Q(('from_state', 'examining'), ('kind', 'application'), ('to_state', 'withdrawn')), models.Q(('from_state', 'notified'), ('kind', 'application'), ('to_state', 'completed')), models.Q(('from_state', 'returned'), ('kind', 'application'), ('to_state', 'checking')), models.Q(('from_state', 'returned'), ('kind', 'application'), ('to_state', 'withdrawn')), models.Q(('from_state', ''), ('kind', 'notification'), ('to_state', 'arrived')), models.Q(('from_state', 'arrived'), ('kind', 'notification'), ('to_state', 'checking')), models.Q(('from_state', 'arrived'), ('kind', 'notification'), ('to_state', 'completed')), models.Q(('from_state', 'arrived'), ('kind', 'notification'), ('to_state', 'withdrawn')), models.Q(('from_state', 'checking'), ('kind', 'notification'), ('to_state', 'completed')), models.Q(('from_state', 'checking'), ('kind', 'notification'), ('to_state', 'returned')), models.Q(('from_state', 'checking'), ('kind', 'notification'), ('to_state', 'withdrawn')), models.Q(('from_state', 'returned'), ('kind', 'notification'), ('to_state', 'checking')), models.Q(('from_state', 'returned'), ('kind', 'notification'), ('to_state', 'withdrawn')), models.Q(('from_state', ''), ('kind', 'request'), ('to_state', 'arrived')), models.Q(('from_state', 'arrived'), ('kind', 'request'), ('to_state', 'checking')), models.Q(('from_state', 'arrived'), ('kind', 'request'), ('to_state', 'withdrawn')), models.Q(('from_state', 'checking'), ('kind', 'request'), ('to_state', 'examining')), models.Q(('from_state', 'checking'), ('kind', 'request'), ('to_state', 'returned')), models.Q(('from_state', 'checking'), ('kind', 'request'), ('to_state', 'withdrawn')), models.Q(('from_state', 'decided'), ('kind', 'request'), ('to_state', 'notified')), models.Q(('from_state', 'deciding'), ('kind', 'request'), ('to_state', 'decided')), models.Q(('from_state', 'deciding'), ('kind', 'request'), ('to_state', 'examining')), models.Q(('from_state', 'deciding'), ('kind', 'request'), ('to_state', 'withdrawn')), models.Q(('from_state', 'examining'), ('kind', 'request'), ('to_state', 'checking')), models.Q(('from_state', 'examining'), ('kind', 'request'), ('to_state', 'decided')), models.Q(('from_state', 'examining'), ('kind', 'request'), ('to_state', 'deciding')), models.Q(('from_state', 'examining'), ('kind', 'request'), ('to_state', 'returned')), models.Q(('from_state', 'examining'), ('kind', 'request'), ('to_state', 'withdrawn')), models.Q(('from_state', 'notified'), ('kind', 'request'), ('to_state', 'completed')), models.Q(('from_state', 'returned'), ('kind', 'request'), ('to_state', 'checking')), models.Q(('from_state', 'returned'), ('kind', 'request'), ('to_state', 'withdrawn')), models.Q(('from_state', ''), ('kind', 'inquiry'), ('to_state', 'arrived')), models.Q(('from_state', 'arrived'), ('kind', 'inquiry'), ('to_state', 'checking')), models.Q(('from_state', 'arrived'), ('kind', 'inquiry'), ('to_state', 'withdrawn')), models.Q(('from_state', 'checking'), ('kind', 'inquiry'), ('to_state', 'examining')), models.Q(('from_state', 'checking'), ('kind', 'inquiry'), ('to_state', 'returned')), models.Q(('from_state', 'checking'), ('kind', 'inquiry'), ('to_state', 'withdrawn')), models.Q(('from_state', 'decided'), ('kind', 'inquiry'), ('to_state', 'notified')), models.Q(('from_state', 'deciding'), ('kind', 'inquiry'), ('to_state', 'decided')), models.Q(('from_state', 'deciding'), ('kind', 'inquiry'), ('to_state', 'examining')), models.Q(('from_state', 'deciding'), ('kind', 'inquiry'), ('to_state', 'withdrawn')), models.Q(('from_state', 'examining'), ('kind', 'inquiry'), ('to_state', 'checking')), models.Q(('from_state', 'examining'), ('kind', 'inquiry'), ('to_state', 'decided')), models.Q(('from_state', 'examining'), ('kind', 'inquiry'), ('to_state', 'deciding')), models.Q(('from_state', 'examining'), ('kind', 'inquiry'), ('to_state', 'returned')), models.Q(('from_state', 'examining'), ('kind', 'inquiry'), ('to_state', 'withdrawn')), models.Q(('from_state', 'notified'), ('kind', 'inquiry'), ('to_state', 'completed')), models.Q(('from_state', 'returned'), ('kind', 'inquiry'), ('to_state', 'checking')), models.Q(('from_state', 'returned'), ('kind', 'inquiry'), ('to_state', 'withdrawn')), models.Q(('from_state', ''), ('kind', 'booking'), ('to_state', 'arrived')), models.Q(('from_state', 'arrived'), ('kind', 'booking'), ('to_state', 'checking')), models.Q(('from_state', 'arrived'), ('kind', 'booking'), ('to_state', 'withdrawn')), models.Q(('from_state', 'checking'), ('kind', 'booking'), ('to_state', 'decided')), models.Q(('from_state', 'checking'), ('kind', 'booking'), ('to_state', 'returned')), models.Q(('from_state', 'checking'), ('kind', 'booking'), ('to_state', 'withdrawn')), models.Q(('from_state', 'decided'), ('kind', 'booking'), ('to_state', 'notified')), models.Q(('from_state', 'decided'), ('kind', 'booking'), ('to_state', 'withdrawn')), models.Q(('from_state', 'notified'), ('kind', 'booking'), ('to_state', 'completed')), models.Q(('from_state', 'notified'), ('kind', 'booking'), ('to_state', 'withdrawn')), models.Q(('from_state', 'returned'), ('kind', 'booking'), ('to_state', 'checking')), models.Q(('from_state', 'returned'), ('kind', 'booking'), ('to_state', 'withdrawn')), models.Q(('from_state', ''), ('kind', 'subsidy'), ('to_state', 'arrived')), models.Q(('from_state', 'arrived'), ('kind', 'subsidy'), ('to_state', 'checking')), models.Q(('from_state', 'arrived'), ('kind', 'subsidy'), ('to_state', 'withdrawn')), models.Q(('from_state', 'checking'), ('kind', 'subsidy'), ('to_state', 'examining')), models.Q(('from_state', 'checking'), ('kind', 'subsidy'), ('to_state', 'returned')), models.Q(('from_state', 'checking'), ('kind', 'subsidy'), ('to_state', 'withdrawn')), models.Q(('from_state', 'decided'), ('kind', 'subsidy'), ('to_state', 'notified')), models.Q(('from_state', 'deciding'), ('kind', 'subsidy'), ('to_state', 'decided')), models.Q(('from_state', 'deciding'), ('kind', 'subsidy'), ('to_state', 'examining')), models.Q(('from_state', 'deciding'), ('kind', 'subsidy'), ('to_state', 'withdrawn')), models.Q(('from_state', 'examining'), ('kind', 'subsidy'), ('to_state', 'checking')), models.Q(('from_state', 'examining'), ('kind', 'subsidy'), ('to_state', 'decided')), models.Q(('from_state', 'examining'), ('kind', 'subsidy'), ('to_state', 'deciding')), models.Q(('from_state', 'examining'), ('kind', 'subsidy'), ('to_state', 'returned')), models.Q(('from_state', 'examining'), ('kind', 'subsidy'), ('to_state', 'withdrawn')), models.Q(('from_state', 'notified'), ('kind', 'subsidy'), ('to_state', 'completed')), models.Q(('from_state', 'returned'), ('kind', 'subsidy'), ('to_state', 'checking')), models.Q(('from_state', 'returned'), ('kind', 'subsidy'), ('to_state', 'withdrawn')), _connector='OR'), name='case_move_allowed')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='NumberBook',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('book', models.CharField(max_length=40)),
                ('authority', models.CharField(max_length=40)),
                ('year', models.SmallIntegerField()),
                ('pattern', models.CharField(max_length=60)),
                ('following', models.BigIntegerField(default=1)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
                ('office', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.office')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'book', 'year'], name='number_book_year')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('office__isnull', False)), fields=('municipality', 'book', 'office', 'year'), name='number_book_office'), models.UniqueConstraint(condition=models.Q(('office__isnull', True)), fields=('municipality', 'book', 'authority', 'year'), name='number_book_authority')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='OfficeMailbox',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('mail', models.CharField(max_length=200)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.office')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'office'), name='office_mailbox')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('authority', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=200)),
                ('signature', models.CharField(max_length=200)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'authority'], name='seal_authority')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('title', models.CharField(max_length=200)),
                ('addressee', models.CharField(max_length=200)),
                ('address', models.TextField(blank=True, default='')),
                ('body', models.TextField(blank=True, default='')),
                ('remedies', models.TextField(blank=True, default='')),
                ('sender', models.CharField(max_length=200)),
                ('document_number', models.CharField(blank=True, default='', max_length=60)),
                ('issued_on', models.DateField(blank=True, null=True)),
                ('sealing', models.CharField(max_length=40)),
                ('digest', models.CharField(blank=True, default='', max_length=64)),
                ('state', models.CharField(max_length=40)),
                ('print_after', models.DateField(blank=True, null=True)),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('posted_at', models.DateTimeField(blank=True, null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='casework.case')),
                ('disposition', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.disposition')),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
                ('seal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.seal')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'case'], name='notice_case'), models.Index(fields=['municipality', 'state', 'print_after'], name='notice_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('document_number', ''), _negated=True), fields=('municipality', 'document_number'), name='notice_document_number')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('reason', models.TextField(blank=True, default='')),
                ('by_label', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='casework.case')),
                ('from_office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.office')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
                ('to_office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.office')),
            ],
            options={
                'ordering': ('at', 'id'),
                'indexes': [models.Index(fields=['municipality', 'case'], name='case_transfer'), models.Index(fields=['municipality', 'from_office'], name='case_transfer_from')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
    ]
