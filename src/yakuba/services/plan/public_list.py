"""The list of a published edition's initiatives: columns, filters, search, order. Pages, sheets and the API read it from here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yakuba.kernel.text import query_terms
from yakuba.kernel.ui.components import badge, progress_badge
from yakuba.kernel.ui.components.marks import Tone
from yakuba.kernel.ui.formats import japanese, year_name
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListState, Slice, slice_rows
from yakuba.services.plan import labels
from yakuba.services.plan.shown import Edition, Figure, NodeView, Row

PAGE_SIZE = 30
FILTERED_DEPTH = 2  # levels of the tree by which a reader may filter
_SHOWN_FIGURE = 40  # characters of a printed value that a list shows
_FLAG_TONES: dict[str, Tone] = {"new": "accent", "priority": "accent"}
_NOT_STATED = "-"  # the filter value for rows without a word or an office


def spec(edition: Edition, link: Callable[[Row], str] | None = None, *extra: str) -> ListSpec[Row]:
    """What the list of this edition is: filters offer what occurs in it, with true counts."""
    return ListSpec(
        columns=tuple(_columns(edition, link)),
        filters=tuple(_filters(edition)),
        search=_("取組を探す"),
        extra=frozenset(extra),
    )


def _columns(edition: Edition, link: Callable[[Row], str] | None) -> Iterable[Column[Row]]:
    yield Column(
        "number_key", _("番号"), sortable=True, narrow=True, by_size=True, show=lambda row: row.number
    )
    yield Column("title_key", _("取組"), sortable=True, main=True, show=_title, link=link)
    if any(row.offices for row in edition.rows):
        yield Column("leads", _("担当"), show=lambda row: japanese("、".join(row.leads)))
    if any(row.progress for row in edition.rows):
        yield Column("progress_key", _("進捗状況"), sortable=True, narrow=True, show=_progress)
    if any(row.actual for row in edition.rows):
        yield Column("actual", _("最新の値"), show=lambda row: figure(row.actual))
    if any(row.target for row in edition.rows):
        yield Column("target", _("目標"), show=lambda row: figure(row.target))


def _title(row: Row) -> object:
    if not row.flags:
        return japanese(row.title)
    return format_html(
        "{} {}", japanese(row.title), format_html_join(" ", "{}", ((mark,) for mark in flag_badges(row)))
    )


def flag_badges(row: Row) -> list[SafeString]:
    """The marks beside a title: 新規, 完了 …"""
    return [badge(labels.of(labels.FLAGS, flag), tone=_FLAG_TONES.get(flag, "neutral")) for flag in row.flags]


def under(node: NodeView) -> str:
    """The query of the list narrowed to one node."""
    return ListState().with_filter("node", node.key).query()


def _progress(row: Row) -> object:
    return progress_badge(row.progress, row.meaning)


def figure(found: Figure | None) -> object:
    """A value with its year: no figure stands without one."""
    if found is None:
        return ""
    raw = found.raw.replace("\n", " ")
    short = raw if len(raw) <= _SHOWN_FIGURE else f"{raw[: _SHOWN_FIGURE - 1]}…"
    year = year_name(found.year) if found.year else _("年度の記載なし")
    more = _("ほか%(count)d指標") % {"count": found.more} if found.more else ""
    return format_html(
        '{} <span class="small muted phrase">{}{}{}</span>',
        japanese(short),
        year,
        pgettext("between two remarks", "・") if more else "",
        more,
    )


def _filters(edition: Edition) -> Iterable[Filter]:
    rows = edition.rows
    if len(edition.kinds) > 1:
        counts = Counter(row.form["kind"] for row in rows)
        yield Filter(
            "kind",
            _("区別"),
            tuple(Choice(kind, labels.KINDS[kind], counts[kind]) for kind in edition.kinds),
        )
    nodes = [node for node in edition.outline if node.depth <= FILTERED_DEPTH]
    if nodes:
        levels: list[str] = edition.head["levels"][: max(node.depth for node in nodes)]
        counts = Counter(key for row in rows for key in row.nodes)
        yield Filter(
            "node",
            "・".join(levels) or _("区分"),
            tuple(Choice(node.key, "　" * (node.depth - 1) + node.label, counts[node.key]) for node in nodes),
        )
    if any(row.progress for row in rows):
        words = Counter(row.progress for row in rows)
        order = {row.progress: key for row in rows if (key := row.progress_key)}
        known = sorted(order, key=lambda word: order[word])
        yield Filter("progress", _("進捗状況"), (*_choices(known, words), *_silent(words[""])))
    flags = Counter(flag for row in rows for flag in row.flags)
    if flags:
        yield Filter(
            "flag",
            _("印"),
            tuple(Choice(flag, label, flags[flag]) for flag, label in labels.FLAGS.items() if flags[flag]),
        )
    offices = Counter(name for row in rows for name in row.offices)
    if offices:
        without = sum(1 for row in rows if not row.offices)
        yield Filter("office", _("担当"), (*_choices(list(offices), offices), *_silent(without)))


def _choices(values: Sequence[str], counts: Counter[str]) -> tuple[Choice, ...]:
    return tuple(Choice(value, value, counts[value]) for value in values)


def _silent(number: int) -> tuple[Choice, ...]:
    return (Choice(_NOT_STATED, _("記載なし"), number),) if number else ()


def matching(edition: Edition, state: ListState) -> list[Row]:
    """The rows that search and filters leave, in the document's order."""
    terms = query_terms(state.q)
    if state.q and not terms:
        return []
    return [row for row in edition.rows if _passes(row, state) and row.has(terms)]


def _passes(row: Row, state: ListState) -> bool:
    own: dict[str, Iterable[str]] = {
        "kind": (row.form["kind"] or "",),
        "node": row.nodes,
        "progress": (row.progress or _NOT_STATED,),
        "flag": row.flags,
        "office": row.offices or (_NOT_STATED,),
    }
    return all(wanted in own[key] for key, wanted in state.filters.items())


def page(edition: Edition, of: ListSpec[Row], state: ListState, *, size: int = PAGE_SIZE) -> Slice[Row]:
    """One page of the rows that the reader asked for."""
    return slice_rows(of, replace(state, q="", filters={}), matching(edition, state), size=size)


def ordered(edition: Edition, of: ListSpec[Row], state: ListState) -> Sequence[Row]:
    """All rows that the reader asked for, in the reader's order: what an export holds."""
    return page(edition, of, state.first_page(), size=max(len(edition.rows), 1)).rows
