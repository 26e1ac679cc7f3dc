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
            name='Citizen',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('mail', models.CharField(blank=True, default='', max_length=254)),
                ('mail_key', models.CharField(blank=True, default='', max_length=254)),
                ('password', models.CharField(max_length=128)),
                ('name', models.CharField(blank=True, default='', max_length=100)),
                ('kana', models.CharField(blank=True, default='', max_length=100)),
                ('created_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality'], name='citizen_municipality')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('mail_key', ''), _negated=True), fields=('municipality', 'mail_key'), name='citizen_mail_once'), models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), models.Q(('kana', ''), ('mail', ''), ('mail_key', ''), ('name', '')), _connector='OR'), name='citizen_closed_is_empty')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ExternalIdentity',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('method', models.CharField(max_length=40)),
                ('issuer', models.CharField(max_length=300)),
                ('subject', models.CharField(max_length=255)),
                ('linked_at', models.DateTimeField()),
                ('citizen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='external_identities', to='identity.citizen')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'citizen'], name='external_identity_citizen')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'method', 'issuer', 'subject'), name='external_identity_once')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='MailCode',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('visit', models.UUIDField()),
                ('purpose', models.CharField(max_length=40)),
                ('mail', models.CharField(max_length=254)),
                ('code_hash', models.CharField(max_length=64)),
                ('tries', models.BigIntegerField(default=0)),
                ('sent_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('return_to', models.CharField(blank=True, default='', max_length=500)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'visit'], name='mail_code_visit'), models.Index(fields=['municipality', 'expires_at'], name='mail_code_expires')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='SignInAttempt',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('visit', models.UUIDField()),
                ('method', models.CharField(max_length=40)),
                ('state_hash', models.CharField(max_length=64)),
                ('nonce', models.CharField(max_length=64)),
                ('verifier', models.CharField(max_length=128)),
                ('return_to', models.CharField(blank=True, default='', max_length=500)),
                ('language', models.CharField(max_length=20)),
                ('link', models.BooleanField(default=False)),
                ('began_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'visit'], name='sign_in_attempt_visit'), models.Index(fields=['municipality', 'expires_at'], name='sign_in_attempt_expires')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
    ]
