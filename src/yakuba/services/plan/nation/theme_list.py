"""The list of who plans a theme: every initiative of every municipality, narrowed, ordered and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.html import format_html
from django.utils.translation import gettext as _

from yakuba.kernel.text import display_number_sort_key, fold
from yakuba.kernel.town.vocabulary import PREFECTURES
from yakuba.kernel.ui.components import Share, progress_badge
from yakuba.kernel.ui.formats import japanese, year_name
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListState, Slice, slice_rows
from yakuba.services.plan import labels
from yakuba.services.plan.nation.queries import Entry, Measure, holds
from yakuba.services.plan.nation.showing import figure

PAGE_SIZE = 50
CITIES = "cities"
"""Parameter of the address: only these municipalities, their codes joined by commas."""
NONE = "-"
_ORDER = tuple(labels.MEANINGS)


@dataclass(frozen=True, slots=True)
class Links:
    """Where the cells of a row lead."""

    initiative: Callable[[Entry], str]
    compare: Callable[[Entry], str]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list with the keys that it is ordered by."""

    entry: Entry

    @property
    def town_key(self) -> str:
        return self.entry.code

    @property
    def title_key(self) -> str:
        return fold(self.entry.title)

    @property
    def progress_key(self) -> int | None:
        meaning = self.entry.meaning
        return _ORDER.index(meaning) if meaning in _ORDER else None

    @property
    def since_key(self) -> int | None:
        return self.entry.since.year if self.entry.since else None

    @property
    def number_key(self) -> str:
        return display_number_sort_key(self.entry.number)


def spec(
    entries: Sequence[Entry], measures: Mapping[UUID, Sequence[Measure]], links: Links | None = None
) -> ListSpec[Line]:
    """What the list is. ``measures`` may be filled after the page's rows are known: they are looked up when a cell is drawn."""
    return ListSpec(
        columns=tuple(_columns(measures, links, late=any(one.late for one in entries))),
        filters=tuple(_filters(entries)),
        search=_("取組・自治体・担当で絞る"),
        extra=frozenset({CITIES}),
    )


def _columns(
    measures: Mapping[UUID, Sequence[Measure]], links: Links | None, *, late: bool
) -> Iterable[Column[Line]]:
    yield Column("town_key", _("自治体"), sortable=True, show=_town)
    yield Column(
        "title_key",
        _("取組"),
        sortable=True,
        main=True,
        show=lambda line: japanese(f"{line.entry.number} {line.entry.title}".strip()),
        link=(lambda line: links.initiative(line.entry)) if links else None,
    )
    yield Column("leads", _("担当"), show=lambda line: japanese(line.entry.leads))
    yield Column("progress_key", _("進捗状況"), sortable=True, narrow=True, show=_progress)
    if late:
        yield Column("since_key", _("遅れ始めた年度"), sortable=True, narrow=True, show=_since)
    yield Column("actual", _("最新の値"), show=lambda line: _newest(measures.get(line.entry.id, ())))
    if links:
        yield Column(
            "compare", _("比較"), narrow=True, paper="drop", show=lambda line: _compare(links, line.entry)
        )


def _town(line: Line) -> object:
    return format_html(
        '{} <span class="small muted phrase">{}</span>',
        japanese(line.entry.town),
        japanese(line.entry.prefecture),
    )


def _progress(line: Line) -> object:
    return progress_badge(line.entry.progress, line.entry.meaning)


def _since(line: Line) -> object:
    return year_name(line.entry.since) if line.entry.since else ""


def _newest(own: Sequence[Measure]) -> object:
    found = [one for one in own if one.actual]
    if not found or found[0].actual is None:
        return ""
    more = _("ほか%(count)d指標") % {"count": len(found) - 1} if len(found) > 1 else ""
    return figure(found[0].actual, name=found[0].name, more=more, brief=True)


def _compare(links: Links, entry: Entry) -> object:
    return format_html(
        '<a href="{}">{}<span class="visually-hidden">{}</span></a>',
        links.compare(entry),
        _("くらべる"),
        _("：%(town)s") % {"town": entry.town},
    )


def _filters(entries: Sequence[Entry]) -> Iterable[Filter]:
    prefectures = Counter(one.prefecture for one in entries)
    if prefectures:
        yield Filter("prefecture", _("都道府県"), tuple(prefecture_choices(prefectures)))
    meanings = Counter(one.meaning for one in entries)
    known = tuple(
        Choice(code, label, meanings[code]) for code, label in labels.MEANINGS.items() if meanings[code]
    )
    if known:
        silent = (Choice(NONE, _("記載なし"), meanings[""]),) if meanings[""] else ()
        yield Filter("progress", _("進捗状況"), (*known, *silent))
    late = sum(1 for one in entries if one.late)
    if entries:
        yield Filter("late", _("遅れ"), (Choice("yes", _("遅れ・停滞だけ"), late),))
    kinds = Counter(one.kind for one in entries)
    if any(kinds):
        yield Filter(
            "kind",
            _("区別"),
            tuple(Choice(kind, label, kinds[kind]) for kind, label in labels.KINDS.items() if kinds[kind]),
        )


def prefecture_choices(counts: Mapping[str, int]) -> Iterable[Choice]:
    """The prefectures that occur, from north to south; municipalities without one last."""
    for name in sorted(counts, key=prefecture_order):
        yield Choice(name or NONE, name or _("都道府県の記載なし"), counts[name])


def prefecture_order(name: str) -> tuple[int, str]:
    """Sorts prefectures from north to south (JIS X 0401)."""
    return (PREFECTURES.index(name) if name in PREFECTURES else len(PREFECTURES), name)


def matching(entries: Sequence[Entry], state: ListState) -> list[Entry]:
    """The rows that search and filters leave, in the stored order."""
    words = [fold(word) for word in state.q.split()]
    cities = frozenset(filter(None, state.extra.get(CITIES, "").split(",")))
    wanted = {key: state.chosen(key) for key in state.filters}
    return [
        one
        for one in entries
        if (not cities or one.code in cities)
        and _passes(one, wanted)
        and (not words or holds(text_of(one), words))
    ]


def _passes(one: Entry, wanted: Mapping[str, Sequence[str]]) -> bool:
    own = {
        "prefecture": one.prefecture or NONE,
        "progress": one.meaning or NONE,
        "late": "yes" if one.late else "",
        "kind": one.kind,
    }
    return all(own[key] in values for key, values in wanted.items())


def text_of(one: Entry) -> str:
    """What of an initiative the list is searched by."""
    return f"{one.title} {one.prefecture}{one.town} {one.kana} {one.leads} {one.place}"


def page(
    of: ListSpec[Line], state: ListState, found: Sequence[Entry], *, size: int = PAGE_SIZE
) -> Slice[Line]:
    """One page of the rows that are left."""
    return slice_rows(of, replace(state, q="", filters={}), [Line(one) for one in found], size=size)


def ordered(of: ListSpec[Line], state: ListState, found: Sequence[Entry]) -> list[Entry]:
    """All rows that are left, in the reader's order: what an export holds."""
    rows = page(of, state.first_page(), found, size=max(len(found), 1)).rows
    return [line.entry for line in rows]


def tallies(found: Iterable[Entry]) -> list[Share]:
    """The rows by the fixed meaning of their progress; a group counts once."""
    counts = Counter(one.meaning for one in found if one.counted)
    return [Share(str(label), counts[code], code) for code, label in labels.MEANINGS.items() if counts[code]]


@dataclass(frozen=True, slots=True)
class Region:
    """A prefecture's share in a theme."""

    name: str
    municipalities: int
    initiatives: int
    late: int


def regions(found: Sequence[Entry]) -> list[Region]:
    """How many municipalities of each prefecture plan the theme, with how many initiatives, and how many of them are late."""
    grouped: dict[str, list[Entry]] = {}
    for one in found:
        grouped.setdefault(one.prefecture, []).append(one)
    return [
        Region(
            name,
            len({one.code for one in grouped[name]}),
            sum(1 for one in grouped[name] if one.counted),
            sum(1 for one in grouped[name] if one.counted and one.late),
        )
        for name in sorted(grouped, key=prefecture_order)
    ]
