"""An attendance list counts itself: one row a person. What leaves this module are counts, no numbers and no names. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.series import spelled
from yakuba.engines.metrics.series.layout import Layout
from yakuba.engines.metrics.series.reading import Brought, Fault, heads
from yakuba.kernel.fields.kinds import Cell
from yakuba.kernel.sheets.cells import address
from yakuba.kernel.sheets.grid import Grid
from yakuba.kernel.text import compact, fold

#: More than the staff of any municipality that this was made for.
MOST: Final = 10_000
#: Behind each count stand people of one house: the public is shown none that tells of fewer.
FEWEST: Final = 5
_OFFICE: Final = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the list without the name: the sheet's row, its three cells, and their addresses."""

    line: int
    person: str
    office: str
    attended: str
    at: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Count:
    """Of an office, or of everybody: how many attended, of how many."""

    office: str
    attended: int
    all: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What a list comes to; ``twice`` rows name somebody again and were counted once."""

    whole: Count
    offices: Sequence[Count]
    faults: Sequence[Fault]
    twice: int
    rows: int

    def brought(self, period: Period) -> Brought:
        """As the value of a period: the share of those who attended; parts are those of each office who did."""
        top, bottom = Decimal(self.whole.attended), Decimal(self.whole.all)
        return Brought(
            period,
            raw=f"{self.whole.attended}/{self.whole.all}",
            number=spelled.even(top * 100 / bottom) if bottom else None,
            numerator=top,
            denominator=bottom,
            parts={one.office: Decimal(one.attended) for one in self.offices if one.office},
            line=None,
            rows=self.rows,
        )


def entries(grid: Grid, layout: Layout) -> list[Entry]:
    """The rows of a list. Raises :class:`Problem` on ``file`` where its columns are not found, or it is too long."""
    where = heads(grid, layout)
    found: list[Entry] = []
    for index in range(where.row + 1, len(grid.rows)):
        cells = [_text(grid, index, where.at.get(key)) for key in ("person", "office", "attended")]
        if not any(cells):
            continue
        places = tuple(address(index, where.at.get(key, 0)) for key in ("person", "office", "attended"))
        found.append(
            Entry(index + 1, cells[0], cells[1][:_OFFICE], cells[2], (places[0], places[1], places[2]))
        )
    return found


def _text(grid: Grid, index: int, place: int | None) -> str:
    if place is None:
        return ""
    cell: Cell = grid.cell(index, place)
    return grid.faults.get(address(index, place)) or spelled.text_of(cell)[:200]


def count(rows: Sequence[Entry], layout: Layout, fixes: Mapping[str, str] | None = None) -> Counted:
    """Count a list. Everybody counts once by the number; who stands there twice with different words is a fault at the cell.

    ``fixes`` are cells put right, by address; a number made empty leaves its row out.
    """
    yes, no = ({fold(one) for one in words} for words in (layout.attended, layout.absent))
    seen: dict[str, tuple[Entry, bool]] = {}
    faults: list[Fault] = []
    offices: dict[str, list[int]] = {}
    twice = 0
    for row in rows:
        entry = _mended(row, fixes or {})
        if spelled.is_total(entry.person):
            continue
        if not entry.person:
            if row.at[0] not in (fixes or {}):
                faults.append(
                    _fault(layout, entry, 0, _("番号が空です。番号を入れるか、この行を除いてください。"))
                )
            continue
        word = fold(entry.attended)
        if word and word not in yes and word not in no:
            faults.append(_fault(layout, entry, 2, _strange(entry.attended, layout)))
            continue
        attended, number = word in yes, compact(entry.person)
        before = seen.get(number)
        if before is None:
            seen[number] = (entry, attended)
            one = offices.setdefault(entry.office, [0, 0])
            one[0] += attended
            one[1] += 1
        elif before[1] == attended:
            twice += 1
        else:
            faults.append(_fault(layout, entry, 2, _disagrees(before[0])))
    counts = [Count(name, *numbers) for name, numbers in offices.items()]
    whole = Count("", sum(one.attended for one in counts), sum(one.all for one in counts))
    return Counted(whole, counts, faults, twice, len(rows))


def _mended(entry: Entry, fixes: Mapping[str, str]) -> Entry:
    person, office, attended = (
        fixes.get(place, said).strip()
        for place, said in zip(entry.at, (entry.person, entry.office, entry.attended), strict=True)
    )
    return Entry(entry.line, person, office, attended, entry.at)


def _fault(layout: Layout, entry: Entry, column: int, message: str) -> Fault:
    """At its cell; the number itself is not repeated in words."""
    key = ("person", "office", "attended")[column]
    said = (entry.person, entry.office, entry.attended)[column]
    return Fault(entry.at[column], layout.columns.get(key, ""), said, message)


def _strange(found: str, layout: Layout) -> str:
    return _(
        "「%(found)s」では、受けたかどうかが分かりません。受けた人は「%(yes)s」、受けていない人は「%(no)s」か空にしてください。"
    ) % {"found": found[:40], "yes": layout.attended[0], "no": layout.absent[0]}


def _disagrees(first: Entry) -> str:
    return _(
        "同じ番号の人が%(line)d行目にもいて、受けたかどうかが違います。正しいほうに合わせてください。"
    ) % {"line": first.line}
