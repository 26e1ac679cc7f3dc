"""A draft as a workbook that goes out and comes back."""

from yakuba.services.plan.grid.changes import corrections, restated
from yakuba.services.plan.grid.gathered import Corrections, Here, Sheet, Standing, Wanted
from yakuba.services.plan.grid.tables import (
    columns,
    indicator_columns,
    indicator_rows,
    rows,
    tables,
)

__all__ = [
    "Corrections",
    "Here",
    "Sheet",
    "Standing",
    "Wanted",
    "columns",
    "corrections",
    "indicator_columns",
    "indicator_rows",
    "restated",
    "rows",
    "tables",
]
