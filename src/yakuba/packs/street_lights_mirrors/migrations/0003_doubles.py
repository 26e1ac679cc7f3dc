"""What is on one pole is found by the pole's number, which tells doubles."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("street_lights_mirrors", "0002_indexes"),)

    operations = (
        migrations.RemoveIndex("fixture", "street_fixture_pole"),
        migrations.AddIndex(
            "fixture",
            models.Index(fields=["municipality", "pole", "pole_number"], name="street_fixture_pole"),
        ),
    )
