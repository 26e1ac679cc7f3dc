"""The list of a published edition's initiatives: columns, filters, search, order. Pages, sheets and the API read it from here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yakuba.kernel.text import display_number_sort_key, query_terms
from yakuba.kernel.ui.components import badge, progress_badge
from yakuba.kernel.ui.components.marks import Tone
from yakuba.kernel.ui.formats import japanese, year_name
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListState, Slice, slice_rows
from yakuba.services.plan import labels
from yakuba.services.plan.lateness import Run
from yakuba.services.plan.shown import Edition, Figure, NodeView, Row, count, silent
from yakuba.services.plan.themes.vocabulary import THEMES, label

PAGE_SIZE = 30
LATENESS = "late"
"""The filter that leaves what is behind or has stopped."""
TAG = "tag."
"""Begins the filter of a taxonomy: the city's own name of it follows."""
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
    if any(row.run for row in edition.rows):
        yield Column("since_key", _("いつから"), sortable=True, narrow=True, show=_since)
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
    return chosen("node", node.key)


def chosen(key: str, *values: str) -> str:
    """The query of the list narrowed by one filter."""
    return ListState().with_filter(key, *values).query()


def _progress(row: Row) -> object:
    return progress_badge(row.progress, row.meaning)


def _since(row: Row) -> object:
    return since(row.run) if row.run else ""


def since(run: Run) -> str:
    """Since when something is late, by the years judged: 令和7年度の評価から（2年度続けて）."""
    text = _("%(year)sの評価から") % {"year": year_name(run.since)}
    if run.years > 1:
        text = _("%(since)s（%(n)d年度続けて）") % {"since": text, "n": run.years}
    return text


def counted(edition: Edition, state: ListState) -> str:
    """How many under the chosen nodes are late, and how many say nothing: 遅れ・停滞0件・進捗状況の記載なし2件."""
    wanted = frozenset(state.chosen("node"))
    if not wanted:
        return ""
    under = [row for row in edition.rows if wanted & row.nodes]
    return _("遅れ・停滞%(late)d件・進捗状況の記載なし%(silent)d件") % {
        "late": count(row for row in under if row.late),
        "silent": silent(under),
    }


def figure(found: Figure | None) -> object:
    """A value with its year: no figure stands without one."""
    if found is None:
        return ""
    year = year_name(found.year) if found.year else _("年度の記載なし")
    more = _("ほか%(count)d指標") % {"count": found.more} if found.more else ""
    return format_html(
        '{} <span class="small muted phrase">{}{}{}</span>',
        japanese(short(found.raw)),
        year,
        pgettext("between two remarks", "・") if more else "",
        more,
    )


def short(raw: str) -> str:
    """A printed value on one line."""
    line = raw.replace("\n", " ")
    return line if len(line) <= _SHOWN_FIGURE else f"{line[: _SHOWN_FIGURE - 1]}…"


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
    if late := sum(row.late for row in rows):
        yield Filter(LATENESS, _("遅れ"), (Choice("yes", _("遅れ・停滞だけ"), late),))
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
    for name, words in tags(rows).items():
        yield Filter(f"{TAG}{name}", name, _choices(in_order(words), words))
    themes = Counter(theme for row in rows for theme in row.themes)
    if themes:
        known = [one for one in THEMES if one in themes]
        yield Filter("theme", _("主題"), tuple(Choice(one, label(THEMES[one]), themes[one]) for one in known))


def tags(rows: Iterable[Row]) -> dict[str, Counter[str]]:
    """How often each word of each taxonomy occurs."""
    found: dict[str, Counter[str]] = {}
    for row in rows:
        for name, words in row.form["tags"].items():
            found.setdefault(name, Counter()).update(set(words))
    return {name: words for name, words in found.items() if words}


def in_order(words: Iterable[str]) -> list[str]:
    """The words of a taxonomy as people read numbers: 2 before 10."""
    return sorted(words, key=display_number_sort_key)


def _choices(values: Sequence[str], counts: Counter[str]) -> tuple[Choice, ...]:
    return tuple(Choice(value, value, counts[value]) for value in values)


def _silent(number: int) -> tuple[Choice, ...]:
    return (Choice(_NOT_STATED, _("記載なし"), number),) if number else ()


def matching(edition: Edition, state: ListState) -> list[Row]:
    """The rows that search and filters leave, in the document's order."""
    terms = query_terms(state.q)
    if state.q and not terms:
        return []
    return [row for row in edition.rows if _passes(row, state) and row.has(terms, edition.names)]


def _passes(row: Row, state: ListState) -> bool:
    own: dict[str, Iterable[str]] = {
        "kind": (row.form["kind"] or "",),
        "node": row.nodes,
        "progress": (row.progress or _NOT_STATED,),
        LATENESS: ("yes",) if row.late else (),
        "flag": row.flags,
        "office": row.offices or (_NOT_STATED,),
        "theme": row.themes,
    }
    tagged: dict[str, list[str]] = row.form["tags"]
    return all(
        any(one in (own[key] if key in own else tagged.get(key.removeprefix(TAG), ())) for one in wanted)
        for key, wanted in state.filters.items()
    )


def page(edition: Edition, of: ListSpec[Row], state: ListState, *, size: int = PAGE_SIZE) -> Slice[Row]:
    """One page of the rows that the reader asked for."""
    return slice_rows(of, replace(state, q="", filters={}), matching(edition, state), size=size)


def ordered(edition: Edition, of: ListSpec[Row], state: ListState) -> Sequence[Row]:
    """All rows that the reader asked for, in the reader's order: what an export holds."""
    return page(edition, of, state.first_page(), size=max(len(edition.rows), 1)).rows
