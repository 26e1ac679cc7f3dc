"""The list component: search, filters, sort links, count, exports, table or cards, pages, emptiness."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from yakuba.kernel.ui.drawing import Link, Text, draw
from yakuba.kernel.ui.lists import FEW, Column, ListView

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class _Between:
    """A range as its two fields are drawn."""

    key: str
    label: Text
    hint: Text
    unit: Text
    since: str
    until: str
    wrong: str


@dataclass(frozen=True, slots=True)
class _Head:
    label: Text
    css: str
    href: str
    aria_sort: str
    icon: str


@dataclass(frozen=True, slots=True)
class _Cell:
    label: Text
    css: str
    is_main: bool
    href: str
    value: object
    blank: bool


@dataclass(frozen=True, slots=True)
class _Option:
    value: str
    label: Text
    selected: bool


@dataclass(frozen=True, slots=True)
class _Choices:
    """A filter as it is drawn: a select, a row of checkboxes, or checkboxes behind a line to open."""

    key: str
    label: Text
    options: tuple[_Option, ...]
    form: Literal["select", "row", "fold"]
    chosen: str


def list_table(view: ListView[Row], *, origin: str = "") -> SafeString:
    """Draw a list (see `yakuba.kernel.ui.lists`). Ids in the page start with the list's `key`.

    `origin` is the scheme and host that make the list's address a whole one; the template tag knows it from the request.
    """
    spec, state = view.spec, view.state
    ranges = list(_ranges(view))
    return draw(
        "list_table",
        view=view,
        state=state,
        spec=spec,
        has_tools=bool(spec.search or spec.filters or spec.sortable)
        and bool(view.page.rows or state.narrowed),
        heads=[_head(view, column) for column in spec.columns],
        rows=[[_cell(column, row) for column in spec.columns] for row in view.page.rows],
        filters=list(_filters(view)),
        sorts=list(_sorts(view)),
        ranges=ranges,
        range_open=any(one.since or one.until for one in ranges),
        chips=list(_chips(view)),
        exports=[Link(label, href + state.first_page().query()) for label, href in view.exports.items()],
        first_href=view.path + state.first_page().query(),
        plain_href=view.path + state.plain().query(),
        address=origin + view.path + state.first_page().query() if _is_special(view) else "",
        previous=_page(view, before=view.page.previous),
        following=_page(view, after=view.page.following),
        count=f"{view.page.count:,}",
    )


def _css(column: Column[Row]) -> str:
    words = {
        "end": column.kind == "number",
        "narrow": column.narrow,
        "wide": column.wide,
        "main": column.main,
        "no-print": column.paper == "drop",
        "print-only": column.paper == "only",
    }
    return " ".join(word for word, holds in words.items() if holds)


def _head(view: ListView[Row], column: Column[Row]) -> _Head:
    if not column.sortable:
        return _Head(column.label, _css(column), "", "", "")
    state = view.state
    here = state.sort_key == column.key
    turned = f"-{column.key}" if here and not state.descending else column.key
    direction = ("descending" if state.descending else "ascending") if here else ""
    icon = {"": "up-down", "ascending": "up", "descending": "down"}[direction]
    href = view.path + replace(state.first_page(), sort=turned).query()
    return _Head(column.label, _css(column), href, direction, icon)


def _cell(column: Column[Row], row: Row) -> _Cell:
    value = column.cell(row)
    blank = value is None or value == ""
    return _Cell(
        column.label, _css(column), column.main, column.link(row) if column.link else "", value, blank
    )


def _is_special(view: ListView[Row]) -> bool:
    """Whether the reader has made the list their own, so that its address is worth keeping."""
    return view.state.narrowed or view.state.sort != view.spec.default_sort


def _filters(view: ListView[Row]) -> Iterator[_Choices]:
    for one in view.spec.filters:
        chosen = view.state.chosen(one.key)
        options = [_Option("", _("すべて"), not chosen)] if one.single else []
        for choice in one.choices:
            label = choice.label if choice.count is None else f"{choice.label}（{choice.count:,}）"
            options.append(_Option(choice.value, label, choice.value in chosen))
        form: Literal["select", "row", "fold"] = "row" if len(one.choices) <= FEW else "fold"
        words = (
            ngettext("%(n)dつ選択", "%(n)dつ選択", len(chosen)) % {"n": len(chosen)}
            if chosen
            else _("すべて")
        )
        yield _Choices(one.key, one.label, tuple(options), "select" if one.single else form, words)


def _ranges(view: ListView[Row]) -> Iterator[_Between]:
    for one in view.spec.ranges:
        typed = view.state.ranges.get(one.key, ("", ""))
        wrong = next((words for text in typed if text and (words := one.wrong(text))), "")
        yield _Between(one.key, one.label, one.hint, one.unit, *typed, wrong)


def _sorts(view: ListView[Row]) -> Iterator[_Option]:
    """Every order as an option: on a phone the table has no head to press."""
    for column in view.spec.columns:
        if column.sortable:
            if column.by_size or column.kind == "number":
                up = pgettext("sort order", "%(label)s（小さい順）")
                down = pgettext("sort order", "%(label)s（大きい順）")
            else:
                up = pgettext("sort order", "%(label)s（昇順）")
                down = pgettext("sort order", "%(label)s（降順）")
            named = {"label": column.label}
            yield _Option(column.key, up % named, view.state.sort == column.key)
            yield _Option(f"-{column.key}", down % named, view.state.sort == f"-{column.key}")


def _chips(view: ListView[Row]) -> Iterator[Link]:
    """What narrows the list now, each a link that takes it away."""
    state = view.state
    if state.q:
        yield Link(
            _("検索：%(words)s") % {"words": state.q}, view.path + replace(state.first_page(), q="").query()
        )
    for one in view.spec.filters:
        labels = {choice.value: str(choice.label).strip() for choice in one.choices}
        for value in state.chosen(one.key):
            yield Link(
                _("%(filter)s：%(choice)s") % {"filter": one.label, "choice": labels.get(value, value)},
                view.path + state.without(one.key, value).query(),
            )
    for between in view.spec.ranges:
        if between.key in state.ranges:
            words = "～".join(state.ranges[between.key])
            yield Link(
                _("%(filter)s：%(choice)s") % {"filter": between.label, "choice": words},
                view.path + state.without_range(between.key).query(),
            )


def _page(view: ListView[Row], *, before: str = "", after: str = "") -> str:
    if not (before or after):
        return ""
    return view.path + replace(view.state, before=before, after=after).query()
