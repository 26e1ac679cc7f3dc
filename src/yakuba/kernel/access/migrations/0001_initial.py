import django.db.models.deletion
import django.db.models.manager
import yakuba.kernel.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('town', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='StaffAccount',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('username', models.CharField(max_length=150, unique=True)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField()),
                ('version', models.BigIntegerField(default=1)),
                ('municipality', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='town.person')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AccountRole',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(max_length=40)),
                ('version', models.BigIntegerField(default=1)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='account_roles', to=settings.AUTH_USER_MODEL)),
                ('municipality', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('municipality__isnull', False)), fields=('municipality', 'account', 'role'), name='account_role_once'), models.UniqueConstraint(condition=models.Q(('municipality__isnull', True)), fields=('account', 'role'), name='account_role_platform'), models.CheckConstraint(condition=models.Q(models.Q(('municipality__isnull', True), ('role', 'platform_admin')), models.Q(('municipality__isnull', False), ('role', 'municipality_admin')), _connector='OR'), name='account_role_scope')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='RoleGrant',
            fields=[
                ('id', models.UUIDField(default=yakuba.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
                ('role', models.CharField(max_length=40)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.municipality')),
                ('office', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.office')),
                ('post', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='town.post')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'role'], name='role_grant_role')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('office__isnull', True), ('post__isnull', False)), models.Q(('office__isnull', False), ('post__isnull', True)), _connector='OR'), name='role_grant_on_one'), models.UniqueConstraint(condition=models.Q(('post__isnull', True)), fields=('municipality', 'role', 'office', 'valid_from'), name='role_grant_office_once'), models.UniqueConstraint(condition=models.Q(('office__isnull', True)), fields=('municipality', 'role', 'post', 'valid_from'), name='role_grant_post_once'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='role_grant_dates')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
    ]
