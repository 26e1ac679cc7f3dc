"""Two to eight municipalities as columns for one theme: subjects as rows, each number with its year. Drawn by ``comparison``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.ui.components import (
    ComparisonColumn,
    ComparisonEntry,
    ComparisonRow,
    progress_badge,
)
from yakuba.kernel.ui.drawing import Text
from yakuba.kernel.ui.formats import year_name
from yakuba.services.plan import labels
from yakuba.services.plan.nation import town_list
from yakuba.services.plan.nation.figures import Figure, cautions
from yakuba.services.plan.nation.indicator_list import basis_of, cautions_told
from yakuba.services.plan.nation.queries import Entry, Measure, Town
from yakuba.services.plan.nation.showing import remarks
from yakuba.services.plan.rows import Form

_SHORT: Final = 140  # characters of a text that a cell shows
_TEXTS: Final = ("purpose", "approach", "schedule")

Cell = list[ComparisonEntry]


@dataclass(frozen=True, slots=True)
class Side:
    """What one municipality has of the theme."""

    town: Town
    entries: Sequence[Entry]
    measures: Mapping[UUID, Sequence[Measure]]
    forms: Mapping[UUID, Form]
    """What was published of each initiative."""
    addresses: Mapping[UUID, str]
    """The page of each initiative."""

    def own_measures(self) -> Iterator[tuple[Entry, Measure]]:
        """Its indicators, each with its initiative."""
        for entry in self.entries:
            for measure in self.measures.get(entry.id, ()):
                yield entry, measure


def columns(sides: Sequence[Side]) -> list[ComparisonColumn]:
    """The heads: a municipality, with the plan that speaks."""
    return [
        ComparisonColumn(
            side.town.name,
            href=town_list.address(side.town),
            note=_told(side.town),
            lang="ja",
        )
        for side in sides
    ]


def _told(town: Town) -> str:
    """Which plan speaks: its prefecture and year."""
    year = _("%(year)s版") % {"year": year_name(town.year)} if town.year else _("公表された計画はありません")
    return " ".join(part for part in (town.prefecture, year) if part)


def rows(sides: Sequence[Side], now: FiscalYear) -> list[ComparisonRow]:
    """The subjects of which at least one municipality says something."""
    found = [
        _row(_("取組"), sides, _initiatives),
        _row(_("担当"), sides, _offices),
        _row(_("進捗状況"), sides, _progress),
        _row(_("遅れ始めた年度"), sides, _since),
        *_indicators(sides),
        _row(_("年度別の工程"), sides, lambda side: _stages(side, now)),
        *(_row(labels.TEXTS[key], sides, _text_of(key)) for key in _TEXTS),
    ]
    return [row for row in found if any(row.cells)]


def _row(label: Text, sides: Sequence[Side], cell: Callable[[Side], Cell]) -> ComparisonRow:
    return ComparisonRow(label, [cell(side) for side in sides])


def _named(side: Side, entry: Entry) -> str:
    """Which initiative an entry is of, where there are several."""
    return f"{entry.number} {entry.title}".strip() if len(side.entries) > 1 else ""


def _initiatives(side: Side) -> Cell:
    return [
        ComparisonEntry(
            f"{entry.number} {entry.title}".strip(),
            note=entry.place,
            href=side.addresses[entry.id],
            lang="ja",
        )
        for entry in side.entries
    ]


def _offices(side: Side) -> Cell:
    return [
        ComparisonEntry(entry.leads, note=_named(side, entry), lang="ja")
        for entry in side.entries
        if entry.leads
    ]


def _progress(side: Side) -> Cell:
    return [
        ComparisonEntry(progress_badge(entry.progress, entry.meaning), note=_named(side, entry))
        for entry in side.entries
        if entry.progress
    ]


def _since(side: Side) -> Cell:
    return [
        ComparisonEntry(year_name(entry.since), note=_named(side, entry))
        for entry in side.entries
        if entry.since
    ]


def _stages(side: Side, now: FiscalYear) -> Cell:
    """What is planned for this fiscal year, and under it the other years."""
    found = []
    for entry in side.entries:
        stages: dict[str, str] = side.forms[entry.id].get("stages", {})
        others = [
            f"{FiscalYear(int(year)).short} {stages[year]}"
            for year in sorted(stages)
            if int(year) != now.year
        ]
        today = stages.get(str(now.year), "")
        note = pgettext("between two remarks", "・").join(others)
        if today:
            found.append(ComparisonEntry(today, year=year_name(now), note=note, lang="ja"))
        elif others:
            found.append(ComparisonEntry(note, lang="ja"))
    return found


def _text_of(key: str) -> Callable[[Side], Cell]:
    def cell(side: Side) -> Cell:
        return [
            ComparisonEntry(
                format_html('<span class="running">{}</span>', text), note=_named(side, entry), lang="ja"
            )
            for entry in side.entries
            if (text := _text(side.forms[entry.id], key))
        ]

    return cell


def _text(form: Form, key: str) -> str:
    told = form["texts"].get(key, "")
    return _shortened(told if isinstance(told, str) else "。".join(told))


def _shortened(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHORT else f"{flat[: _SHORT - 1]}…"


def _indicators(sides: Sequence[Side]) -> Iterator[ComparisonRow]:
    """What several measure first, each name a row; what only one of them measures stands together in the last row."""
    names: dict[str, str] = {}
    having: dict[str, set[str]] = {}
    for side in sides:
        for _entry, measure in side.own_measures():
            names.setdefault(measure.key, measure.name)
            having.setdefault(measure.key, set()).add(side.town.code)
    shared = sorted((key for key in names if len(having[key]) > 1), key=lambda key: (-len(having[key]), key))
    for key in shared:
        bases = [
            basis_of(measure)
            for side in sides
            for _entry, measure in side.own_measures()
            if measure.key == key and measure.actual
        ]
        told = pgettext("between cautions", "。").join(str(one) for one in cautions_told(cautions(bases)))
        cells = [
            [_figure(side, entry, one) for entry, one in side.own_measures() if one.key == key]
            for side in sides
        ]
        yield ComparisonRow(names[key], cells, caution=told, lang="ja")
    rest = [
        [_figure(side, entry, one, named=True) for entry, one in side.own_measures() if one.key not in shared]
        for side in sides
    ]
    yield ComparisonRow(_("ほかの指標"), rest)


def _figure(side: Side, entry: Entry, measure: Measure, *, named: bool = False) -> ComparisonEntry:
    actual, target = measure.actual, measure.target
    between = pgettext("between two remarks", "・")
    notes = [measure.name if named else "", *(remarks(actual)[1:] if actual else ())]
    counted = [
        labels.of(labels.AGGREGATIONS, measure.aggregation),
        _shortened(measure.definition) or _("数え方の説明はありません"),
    ]
    return ComparisonEntry(
        " ".join(actual.raw.split()) if actual else _("値の記載なし"),
        year=(year_name(actual.year) if actual.year else _("年度の記載なし")) if actual else "",
        note=between.join(note for note in notes if note),
        goal=_goal(target),
        counted=between.join(str(one) for one in counted if one),
        href=side.addresses[entry.id],
        lang="ja",
    )


def _goal(target: Figure | None) -> str:
    if target is None:
        return ""
    raw = " ".join(target.raw.split())
    if target.year is None:
        return _("目標 %(raw)s") % {"raw": raw}
    return _("目標 %(raw)s（%(year)s）") % {"raw": raw, "year": year_name(target.year)}
