# Who wrote an observation is kept as persons, not as a label alone.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('plan', '0007_review_writers'),
    ]

    operations = [
        migrations.AddField(
            model_name='observation',
            name='writers',
            field=models.JSONField(blank=True, default=list),
        ),
    ]
