"""The indicators of a theme: by name with their first municipalities, and one name in all of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yakuba.kernel.text import fold
from yakuba.kernel.ui.formats import japanese
from yakuba.kernel.ui.lists import Column, Filter, ListSpec, ListState, Slice, slice_rows
from yakuba.services.plan import labels
from yakuba.services.plan.nation.figures import CAUTIONS, Basis, cautions
from yakuba.services.plan.nation.groups import Group, groups
from yakuba.services.plan.nation.queries import Brief, Entry, Line, Measure, holds
from yakuba.services.plan.nation.showing import figure
from yakuba.services.plan.nation.theme_list import NONE, prefecture_choices, text_of

KEY: Final = "key"
"""Parameter of the address: one indicator by its folded name."""
FIRST: Final = 6
"""How many figures of one name stand on the page of all names."""
GROUPS: Final = 10
PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A line with the keys that it is ordered by."""

    line: Line

    @property
    def town_key(self) -> str:
        return self.line.entry.code

    @property
    def number_key(self) -> float | None:
        """By size; the page warns where the units differ."""
        actual = self.line.measure.actual
        return float(actual.number) if actual and actual.number else None


def counting(of: Measure) -> str:
    """Unit, aggregation and bound in words, as far as the document says them."""
    unit = _("単位：%(unit)s") % {"unit": of.unit} if of.unit else ""
    words = (unit, labels.of(labels.AGGREGATIONS, of.aggregation), labels.of(labels.BOUNDS, of.bound))
    return pgettext("between two remarks", "・").join(word for word in words if word)


def overview_spec() -> ListSpec[Group]:
    """The list of all names."""
    return ListSpec(columns=(), search=_("指標の名前で絞る"), extra=frozenset({KEY}))


def overview(spec: ListSpec[Group], state: ListState, briefs: Sequence[Brief]) -> Slice[Group]:
    """One page of the names, what most municipalities measure first."""
    words = [fold(word) for word in state.q.split()]
    found = [one for one in groups(briefs) if all(word in one.key for word in words)]
    return slice_rows(spec, replace(state, q=""), found, size=GROUPS)


def spec(lines: Sequence[Line], link: Callable[[Entry], str] | None) -> ListSpec[Row]:
    """The list of one name."""
    return ListSpec(
        columns=tuple(_columns(link)),
        filters=tuple(_filters(lines)),
        search=_("自治体・取組で絞る"),
        extra=frozenset({KEY}),
    )


def _columns(link: Callable[[Entry], str] | None) -> Iterable[Column[Row]]:
    yield Column(
        "town_key",
        _("自治体"),
        sortable=True,
        main=True,
        show=lambda row: japanese(f"{row.line.entry.prefecture}{row.line.entry.town}"),
        link=(lambda row: link(row.line.entry)) if link else None,
    )
    yield Column(
        "number_key",
        _("最新の値"),
        sortable=True,
        by_size=True,
        show=lambda row: figure(row.line.measure.actual),
    )
    yield Column("target", _("目標"), show=lambda row: figure(row.line.measure.target))
    yield Column("definition", _("数え方"), show=_definition)
    yield Column("title", _("取組"), show=_title)


def _definition(row: Row) -> object:
    line = row.line
    told = japanese(line.measure.definition) if line.measure.definition else _("数え方の説明はありません")
    return format_html(
        '<span class="{}">{}</span> <span class="small muted phrase">{}</span>',
        "" if line.measure.definition else "muted",
        told,
        counting(line.measure),
    )


def _title(row: Row) -> object:
    line = row.line
    return format_html(
        '{} <span class="small muted">{}</span>', japanese(line.entry.title), japanese(line.measure.name)
    )


def _filters(lines: Sequence[Line]) -> Iterable[Filter]:
    prefectures = Counter(line.entry.prefecture for line in lines)
    if prefectures:
        yield Filter("prefecture", _("都道府県"), tuple(prefecture_choices(prefectures)))


def matching(lines: Sequence[Line], state: ListState) -> list[Line]:
    """The lines that search and filter leave."""
    words = [fold(word) for word in state.q.split()]
    prefectures = state.chosen("prefecture")
    return [
        line
        for line in lines
        if (not prefectures or (line.entry.prefecture or NONE) in prefectures)
        and (not words or holds(f"{line.measure.name} {text_of(line.entry)}", words))
    ]


def page(of: ListSpec[Row], state: ListState, found: Sequence[Line]) -> Slice[Row]:
    """One page of the lines that are left."""
    return slice_rows(of, replace(state, q="", filters={}), [Row(line) for line in found], size=PAGE_SIZE)


def name_of(lines: Sequence[Line]) -> str:
    """The name as most documents print it."""
    counts = Counter(line.measure.name for line in lines)
    return min(counts, key=lambda name: (-counts[name], name), default="")


def cautions_of(lines: Sequence[Line]) -> tuple[str, ...]:
    """Why these figures may not be compared."""
    return cautions([basis_of(line.measure) for line in lines])


def basis_of(measure: Measure) -> Basis:
    """What a figure rests on."""
    actual = measure.actual
    return Basis(
        measure.unit,
        measure.aggregation,
        measure.definition,
        actual.year if actual else None,
        actual.status if actual else "",
        actual.as_of if actual else "",
        measure.direction,
        measure.bound,
    )


def cautions_told(keys: Iterable[str]) -> list[str | Promise]:
    """Cautions in words."""
    return [CAUTIONS[key] for key in keys]


def by_initiative(measures: Iterable[Measure]) -> dict[UUID, list[Measure]]:
    """Indicators by the initiative that they measure."""
    found: dict[UUID, list[Measure]] = defaultdict(list)
    for one in measures:
        found[one.initiative].append(one)
    return found
