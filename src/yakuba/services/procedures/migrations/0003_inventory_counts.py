"""What a row of the inventory says of its newest year is the first of the years that are kept from now on."""

from itertools import islice

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_PAGE = 1000


def counts(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """One count for each row that names a year and a number."""
    rows = apps.get_model("procedures", "InventoryRow")._base_manager  # noqa: SLF001 – the historical model has no other
    count = apps.get_model("procedures", "InventoryCount")
    said = rows.filter(counted_year__isnull=False, yearly_count__isnull=False).order_by("pk")
    found = said.iterator(_PAGE)
    while page := list(islice(found, _PAGE)):
        count._base_manager.bulk_create(  # noqa: SLF001 – as above
            count(
                municipality_id=row.municipality_id,
                row=row,
                year=row.counted_year,
                filings=row.yearly_count,
                online=row.yearly_online,
            )
            for row in page
        )


class Migration(migrations.Migration):
    """Forward only."""

    dependencies = (("procedures", "0002_inventory_past"),)
    operations = (migrations.RunPython(counts, migrations.RunPython.noop),)
