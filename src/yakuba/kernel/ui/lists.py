"""Lists: what a list is (`ListSpec`), what its reader asked for (`ListState`), one page of it (`ListView`).

Pure descriptions, independent of models: rows are mappings or objects, and whoever has many of them reads the state in its own
query. The state lives in the address alone, so that a list can be bookmarked, sent to a colleague, printed and exported as seen:
`?q=電子&sort=-number&filter.office=市民課&filter.office=税務課&filter.kind=advance&after=…`. A filter that is chosen several times
leaves the rows of either; different filters leave the rows of all. Unknown parameters are refused, never ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from django.core.exceptions import BadRequest
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from yakuba.kernel.ui.drawing import Link, Text

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.http import QueryDict

Row = TypeVar("Row")
Stored = TypeVar("Stored", bound="Model")
Reader = Callable[[str, str], str]
Paper = Literal["keep", "drop", "only"]
FILTER_PREFIX = "filter."
FROM_PREFIX, UNTIL_PREFIX = "from.", "until."
FEW = 3  # up to so many choices stand open beside one another
MAX_QUERY = 200
MAX_CURSOR = 500
MAX_RANGE = 60


class BadQuery(BadRequest):
    """A parameter of a list's address that is unknown or unusable. Django answers 400; the page shows the message."""

    def __init__(self, parameter: str, found: str, expected: str) -> None:
        self.parameter = parameter
        self.found = found[:80]
        self.expected = expected
        super().__init__(
            _("アドレスの「%(parameter)s」に「%(found)s」は使えません。使えるもの：%(expected)s")
            % {"parameter": parameter[:80], "found": self.found, "expected": expected}
        )


def known(query: QueryDict, *names: str) -> None:
    """Raises :class:`BadQuery` for a parameter that the address does not know, and for one given twice."""
    for name, values in query.lists():
        if name not in names or len(values) > 1:
            raise BadQuery(name, values[-1], "・".join(names) or _("なし"))


def position(cursor: str) -> int:
    """A cursor that is a place among the hits; none is the first. Raises :class:`BadQuery` for anything else."""
    if not cursor:
        return 0
    if not cursor.isascii() or not cursor.isdecimal() or len(cursor) > 6:
        raise BadQuery("after", cursor, _("一覧の「前へ」「次へ」が示す値"))
    return int(cursor)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter; `count` is shown beside it where it is known."""

    value: str
    label: Text
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """Checkboxes above the list. Address parameter `filter.{key}`, as often as there are choices; without it all rows show.

    `single` is for lists whose own query knows one value: a select, and the parameter may stand once.
    """

    key: str
    label: Text
    choices: tuple[Choice, ...]
    single: bool = False

    @property
    def parameter(self) -> str:
        """Its name in the address."""
        return f"{FILTER_PREFIX}{self.key}"


@dataclass(frozen=True, slots=True)
class Range:
    """Two fields above the list: from and until, both included. Address parameters `from.{key}` and `until.{key}`, as typed.

    `wrong` says what is wrong with a text, empty for nothing: the list then shows no row, and the field what was expected.
    """

    key: str
    label: Text
    wrong: Callable[[str], str]
    hint: Text = ""
    unit: Text = ""


def value_of(row: object, key: str) -> object:
    """`row[key]` of a mapping, `row.key` of an object; LookupError or AttributeError when it is not there."""
    return row[key] if isinstance(row, Mapping) else getattr(row, key)


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column: how one cell is read from a row, shown and linked.

    `show` turns a row into what stands in the cell (a text or a drawn component); without it the value itself is shown.
    `link` gives the address of the row's page; exactly one column of a list, the main one, should have it.
    `wide` is for texts of several words (an address), which are not to break at every word where there is room.
    `by_size` is for texts that sort as the numbers in them (1, 2-1, 10); its orders are named as those of numbers are.
    `paper` says what print does with the column: keep it, drop it (marks for work on the screen), or show it only there.
    """

    key: str
    label: Text
    kind: Literal["text", "number"] = "text"
    sortable: bool = False
    narrow: bool = False
    main: bool = False
    wide: bool = False
    by_size: bool = False
    paper: Paper = "keep"
    show: Callable[[Row], object] | None = None
    link: Callable[[Row], str] | None = None

    def cell(self, row: Row) -> object:
        """What stands in this column's cell of `row`."""
        return self.show(row) if self.show else value_of(row, self.key)


@dataclass(frozen=True, slots=True)
class ListSpec(Generic[Row]):
    """What a list is. `default_sort` is a sortable column's key, with a leading `-` for descending, or empty for stored order.

    `search` is the label of the search field, empty for none; `extra` names further parameters of the page's address,
    which links of the list keep. ValueError when the description contradicts itself.
    """

    columns: tuple[Column[Row], ...]
    filters: tuple[Filter, ...] = ()
    search: Text = ""
    default_sort: str = ""
    extra: frozenset[str] = frozenset()
    ranges: tuple[Range, ...] = ()

    def __post_init__(self) -> None:
        keys = [column.key for column in self.columns]
        filters = [one.key for one in self.filters]
        if len(set(keys)) != len(keys) or len(set(filters)) != len(filters):
            raise ValueError("two columns or two filters with one key")
        if self.default_sort and self.default_sort.removeprefix("-") not in self.sortable:
            raise ValueError(f"sorted by {self.default_sort!r}, which is not sortable")

    @property
    def sortable(self) -> tuple[str, ...]:
        """Keys of the columns by which a reader may sort."""
        return tuple(column.key for column in self.columns if column.sortable)

    def parse(self, query: QueryDict) -> ListState:
        """The state that an address asks for. Empty parameters count as absent; raises BadQuery for all others unknown."""
        readers = self._readers()
        several = {one.parameter for one in self.filters if not one.single}
        found: dict[str, list[str]] = {}
        for name, values in query.lists():
            if name not in readers:
                raise BadQuery(name, values[-1], "・".join(readers))
            if len(values) > 1 and name not in several:
                raise BadQuery(name, " / ".join(values), _("1つの値"))
            for value in values:
                if "\x00" in value:
                    raise BadQuery(name, value.replace("\x00", "␀"), _("文字"))
            if read := [readers[name](name, text) for value in values if (text := value.strip())]:
                found[name] = read
        if "after" in found and "before" in found:
            raise BadQuery("before", found["before"][0], _("「after」と「before」のどちらか"))
        one_of = {name: values[0] for name, values in found.items()}
        return ListState(
            q=one_of.get("q", ""),
            sort=one_of.get("sort", self.default_sort),
            filters={
                one.key: self._chosen(one, found[one.parameter])
                for one in self.filters
                if one.parameter in found
            },
            ranges={
                one.key: bounds
                for one in self.ranges
                if any(
                    bounds := (one_of.get(FROM_PREFIX + one.key, ""), one_of.get(UNTIL_PREFIX + one.key, ""))
                )
            },
            after=one_of.get("after", ""),
            before=one_of.get("before", ""),
            extra={name: one_of[name] for name in sorted(self.extra) if name in found},
        )

    @staticmethod
    def _chosen(one: Filter, values: Sequence[str]) -> tuple[str, ...]:
        """Each choice once and in the filter's order, so that the same choice has one address."""
        return tuple(dict.fromkeys(choice.value for choice in one.choices if choice.value in values))

    def _readers(self) -> dict[str, Reader]:
        """The parameters that this list understands, each with what checks its value."""
        readers: dict[str, Reader] = {}
        if self.search:
            readers["q"] = _limited(MAX_QUERY)
        if self.sortable:
            readers["sort"] = _one_of([*self.sortable, *(f"-{key}" for key in self.sortable)])
        for one in self.filters:
            readers[one.parameter] = _one_of([choice.value for choice in one.choices])
        for between in self.ranges:
            readers[FROM_PREFIX + between.key] = readers[UNTIL_PREFIX + between.key] = _limited(MAX_RANGE)
        readers["after"] = readers["before"] = _limited(MAX_CURSOR)
        readers.update((name, _limited(MAX_QUERY)) for name in sorted(self.extra))
        return readers


def _limited(limit: int) -> Reader:
    def read(name: str, value: str) -> str:
        if len(value) > limit:
            raise BadQuery(name, value, _("%(limit)d文字まで") % {"limit": limit})
        return value

    return read


def _one_of(allowed: Sequence[str]) -> Reader:
    def read(name: str, value: str) -> str:
        if value not in allowed:
            raise BadQuery(name, value, "・".join(allowed))
        return value

    return read


@dataclass(frozen=True, slots=True)
class ListState:
    """What the reader asked for. `after` and `before` are cursors that the list's own query understands.

    `filters` has the chosen values by filter; a filter without a choice is not in it.
    """

    q: str = ""
    sort: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    after: str = ""
    before: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    ranges: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def sort_key(self) -> str:
        """The column sorted by, without its direction."""
        return self.sort.removeprefix("-")

    @property
    def descending(self) -> bool:
        """Whether the greatest comes first."""
        return self.sort.startswith("-")

    @property
    def narrowed(self) -> bool:
        """Whether search or filters leave rows out."""
        return bool(self.q or self.filters or self.ranges)

    def chosen(self, key: str) -> tuple[str, ...]:
        """The values chosen in one filter, none for all rows."""
        return self.filters.get(key, ())

    def only(self, key: str) -> str:
        """The value chosen in a `single` filter, empty for all rows."""
        return next(iter(self.chosen(key)), "")

    def with_filter(self, key: str, *values: str) -> ListState:
        """The first page with one filter set to these values, or removed without any."""
        filters = {name: chosen for name, chosen in self.filters.items() if name != key}
        if kept := tuple(value for value in values if value):
            filters[key] = kept
        return replace(self.first_page(), filters=filters)

    def without(self, key: str, value: str) -> ListState:
        """The first page with one choice of a filter taken away."""
        return self.with_filter(key, *(one for one in self.chosen(key) if one != value))

    def without_range(self, key: str) -> ListState:
        """The first page with one range taken away."""
        kept = {name: bounds for name, bounds in self.ranges.items() if name != key}
        return replace(self.first_page(), ranges=kept)

    def plain(self) -> ListState:
        """The whole list in the same order, nothing left out."""
        return replace(self.first_page(), q="", filters={}, ranges={})

    def first_page(self) -> ListState:
        """The same list from its beginning."""
        return replace(self, after="", before="")

    def query(self) -> str:
        """The address's query with its question mark, empty for the plain list."""
        pairs = [
            ("q", self.q),
            ("sort", self.sort),
            *((f"{FILTER_PREFIX}{key}", value) for key, chosen in self.filters.items() for value in chosen),
            *((FROM_PREFIX + key, bounds[0]) for key, bounds in self.ranges.items()),
            *((UNTIL_PREFIX + key, bounds[1]) for key, bounds in self.ranges.items()),
            ("after", self.after),
            ("before", self.before),
            *self.extra.items(),
        ]
        kept = [(name, value) for name, value in pairs if value]
        return f"?{urlencode(kept)}" if kept else ""


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """One page of rows: how many there are in all, and the cursors of its neighbours (empty at the ends)."""

    rows: Sequence[Row]
    count: int
    previous: str = ""
    following: str = ""
    at_least: bool = False
    """`count` is a lower bound (「1,000件以上」)."""


@dataclass(frozen=True, slots=True)
class ListView(Generic[Row]):
    """Everything that `{% list_table %}` draws."""

    key: str
    caption: Text
    spec: ListSpec[Row]
    state: ListState
    page: Slice[Row]
    path: str
    exports: Mapping[str, str] = field(default_factory=dict)
    """Label (XLSX, CSV) to address without query; the list's own query is added, so that the file holds what is seen."""
    import_href: str = ""
    """Where an edited sheet comes back in; without it the export says 「読み取り専用」 when `editable` matters (the desk)."""
    read_only: bool = False
    empty_title: Text = ""
    empty_body: Text = ""
    empty_action: Text = ""
    empty_href: str = ""
    saved: Sequence[Link] = ()
    """Ready-made ways to look at the list (自分の課, 遅れている取組): links above it, the current one marked."""


def slice_rows(spec: ListSpec[Row], state: ListState, rows: Sequence[Row], *, size: int = 50) -> Slice[Row]:
    """Search, filter, sort and page rows that are in memory (a published edition, a small vocabulary).

    Search compares case-folded text of all columns; values that are None sort last in both directions. Cursors are positions.
    A row whose value is a tuple or a set belongs to each choice in it.
    Raises BadQuery for a cursor that is none.
    """
    found = [row for row in rows if _matches(spec, state, row)]
    if state.sort_key:
        known = [row for row in found if value_of(row, state.sort_key) is not None]
        unknown = [row for row in found if value_of(row, state.sort_key) is None]
        known.sort(key=lambda row: _SortKey(value_of(row, state.sort_key)), reverse=state.descending)
        found = known + unknown
    start = _position("after", state.after) if state.after else 0
    if state.before:
        start = max(_position("before", state.before) - size, 0)
    shown = found[start : start + size]
    return Slice(
        rows=shown,
        count=len(found),
        previous=str(start) if start > 0 else "",
        following=str(start + size) if start + size < len(found) else "",
    )


def sliced(found: QuerySet[Stored], start: int, size: int) -> Slice[Stored]:
    """One page of rows from a position on, with how many there are in all.

    The last page tells that by itself: whoever searches for one of many does not have all of them looked through twice.
    """
    rows = list(found[start : start + size + 1])
    ends = len(rows) <= size and bool(rows or not start)
    return Slice(
        rows[:size],
        start + len(rows) if ends else found.count(),
        previous=str(start) if start else "",
        following=str(start + size) if len(rows) > size else "",
    )


def start_of(state: ListState, size: int) -> int:
    """The place of the first row of the page that a list's address asks for. Raises :class:`BadQuery`."""
    return position(state.after) if state.after else max(position(state.before) - size, 0)


class _SortKey:
    """Orders values of one column; numbers before texts where a column mixes both."""

    __slots__ = ("rank", "value")

    def __init__(self, value: object) -> None:
        self.rank = 1 if isinstance(value, str) else 0
        self.value = value

    def __lt__(self, other: _SortKey) -> bool:
        if self.rank != other.rank:
            return self.rank < other.rank
        return bool(self.value < other.value)  # type: ignore[operator]  # values of one column compare with each other


def _position(name: str, cursor: str) -> int:
    if not cursor.isascii() or not cursor.isdecimal():
        raise BadQuery(name, cursor, _("一覧の「前へ」「次へ」が示す値"))
    return int(cursor)


def _matches(spec: ListSpec[Row], state: ListState, row: Row) -> bool:
    for key, chosen in state.filters.items():
        value = value_of(row, key)
        own = value if isinstance(value, (tuple, set, frozenset)) else (value,)
        if not any(str(one) in chosen for one in own):
            return False
    if not state.q:
        return True
    text = "\n".join(str(value_of(row, column.key)) for column in spec.columns).casefold()
    return all(word in text for word in state.q.casefold().split())
