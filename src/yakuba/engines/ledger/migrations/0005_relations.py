"""What the house itself said of a link was kept in words of one language; it is a key from now on."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

KEY, WORDS = "from_case", ("手続から反映", "entered from a procedure")


def keys(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Links with a case that a press on 台帳に反映する made."""
    rows = apps.get_model("ledger", "Joint")._base_manager  # noqa: SLF001 – the historical model has no other
    rows.filter(other_kind="case", relation__in=WORDS).update(relation=KEY)


class Migration(migrations.Migration):
    """Forward only."""

    dependencies = (("ledger", "0004_listed"),)
    operations = (migrations.RunPython(keys, migrations.RunPython.noop),)
