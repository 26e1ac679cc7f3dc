from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("plan", "0003_staged_decisions"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="stageddecision", name="staged_verdict"),
        migrations.AddConstraint(
            model_name="stageddecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ["keep", "correct", "aside", "copy", "omit", "make"])),
                name="staged_verdict",
            ),
        ),
    ]
