"""Months and years are found without going through the days."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("metrics", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="snapshot",
            index=models.Index(fields=["municipality", "kind", "last"], name="snapshot_period"),
        ),
        migrations.AddIndex(
            model_name="snapshot",
            index=models.Index(
                fields=["municipality", "last"], condition=models.Q(("kind", "as_of")), name="snapshot_as_of"
            ),
        ),
    ]
