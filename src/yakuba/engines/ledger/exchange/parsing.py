"""A table and its merged areas, read where it can do no harm: no Django apps, no database, no module that knows either."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from yakuba.kernel.files.wire import Wire, bare
from yakuba.kernel.sheets import grid

#: How many merged areas are looked at.
_MERGED: Final = 2_000
_CSV: Final = "text/plain"


@bare
def cells(path: str, kind: str, most: int) -> dict[str, Wire]:
    """The first ``most`` rows (0: all) of a CSV file or a workbook. Raises :class:`~yakuba.kernel.files.wire.Fault`."""
    if kind == _CSV:
        rows: Sequence[Wire] = grid.read_csv(path)
        return {
            "rows": rows[:most] if most else rows,
            "faults": {},
            "merged": [],
            "all": len(rows),
            "sheet": "",
            "others": [],
        }
    found = grid.read_workbook(path)
    rows = cast("Sequence[Wire]", found["rows"])
    name = str(found["name"])
    merged, others = _around(path, name)
    return {
        "rows": rows[:most] if most else rows,
        "faults": found["faults"],
        "merged": merged,
        "all": len(rows),
        "sheet": name,
        "others": others,
    }


def _around(path: str, name: str) -> tuple[list[Wire], list[Wire]]:
    """The merged areas of a sheet, the first few thousand, and the names of the other sheets."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    areas: list[Wire] = [
        [top, left, bottom, right]
        for (top, left), (bottom, right) in (book.get_sheet_by_name(name).merged_cell_ranges or [])[:_MERGED]
    ]
    return areas, [other for other in book.sheet_names if other != name]
