from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0005_relations'),
    ]

    operations = [
        migrations.AddField(
            model_name='batch',
            name='begins',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='batch',
            name='ground',
            field=models.CharField(blank=True, default='', max_length=80),
        ),
        migrations.AddField(
            model_name='staged',
            name='notes',
            field=models.JSONField(blank=True, default=list),
        ),
    ]
