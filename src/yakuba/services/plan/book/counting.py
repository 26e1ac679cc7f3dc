"""What a book counts: initiatives in the tree, by progress word and by goal, each share with its denominator. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from yakuba.services.plan import labels
from yakuba.services.plan.book.blocks import Bars, Block, Column, Heading, Prose, Table
from yakuba.services.plan.book.placeholders import node_name
from yakuba.services.plan.rows import Form
from yakuba.services.plan.shown import NodeNames, Row, count, silent, tallies, titles_of

_KINDS: Final = {"": "取組", "advance": "推進取組", "operate": "運用取組"}
_WELL: Final = frozenset({"on_track", "mostly_on_track"})


def tree(document: Form, title: str, kinds: Sequence[str]) -> list[Block]:
    """The tree as a table: a line for each lowest node, with how many initiatives stand there first (再掲 not counted)."""
    names = titles_of(document["nodes"])
    paths = [tuple(node["path"]) for node in document["nodes"]]
    lowest = [path for path in paths if not any(o[: len(path)] == path and o != path for o in paths)]
    if not lowest:
        return []
    depth = max(len(path) for path in lowest)
    levels: list[str] = document["levels"]
    columns = [
        Column(levels[n] if n < len(levels) else f"第{n + 1}階層", head=n == depth - 1) for n in range(depth)
    ]
    columns += [Column(f"{_KINDS[kind]}の数", width=12, number=True) for kind in kinds]
    # Whoever hears a table read out hears every cell alone: no cell is left empty for standing below its like.
    rows = tuple(
        (
            *(node_name(path[: n + 1], names) if n < len(path) else "" for n in range(depth)),
            *(f"{_there(document, path, kind):,}" for kind in kinds),
        )
        for path in lowest
    )
    return [Table(title, tuple(columns), rows)]


def _there(document: Form, path: tuple[str, ...], kind: str) -> int:
    rows = (Row(UUID(int=n), n, form) for n, form in enumerate(document["initiatives"]))
    return count(row for row in rows if row.home == path and (not kind or row.form["kind"] == kind))


def progress(document: Form, rows: Mapping[str, Sequence[Row]]) -> list[Block]:
    """How many stand at which progress word, counted and as the document says itself; nothing where neither says anything."""
    stated: Mapping[str, int] = document["stated"]["progress"]
    everything = [row for own in rows.values() for row in own]
    counted = {kind: {word: n for word, _m, n in tallies(own)} for kind, own in rows.items()}
    words = list(dict.fromkeys([*(word for word, _m, _n in tallies(everything)), *stated]))
    if not words:
        return []
    kinds = [kind for kind in rows if counted[kind] or len(rows) == 1] or list(rows)
    found: list[Block] = []
    # A word that an office writes everywhere means something, also where nobody said so for this plan.
    meanings = {word: labels.meaning_of(word) or "" for word in words}
    meanings |= {word: meaning for word, meaning, _n in tallies(everything) if meaning}
    for kind in kinds:
        found += _progress_of(
            _KINDS[kind], rows[kind], counted[kind], words, meanings, stated if kind == kinds[0] else {}
        )
    return found


def _progress_of(
    name: str,
    rows: Sequence[Row],
    counted: Mapping[str, int],
    words: Sequence[str],
    meanings: Mapping[str, str],
    stated: Mapping[str, int],
) -> list[Block]:
    told = sum(counted.values())
    columns = [
        Column("進捗状況", width=40, head=True),
        Column("取組の数", width=20, number=True),
        Column("割合", width=20, number=True),
    ]
    if stated:
        columns.append(Column("計画書に書かれた数", width=20, number=True))
    lines = [
        (
            word,
            f"{counted.get(word, 0):,}",
            share(counted.get(word, 0), told),
            *((f"{stated[word]:,}" if word in stated else "―",) if stated else ()),
        )
        for word in words
    ]
    total = ("計", f"{told:,}", share(told, told), *((f"{sum(stated.values()):,}",) if stated else ()))
    said = [f"割合は、進捗状況が書かれた{told:,}件に対するものです。"]
    if unsaid := silent(rows):
        said.append(f"進捗状況が書かれていない取組が{unsaid:,}件あります。")
    said += _well(counted, meanings, told, "取組の表から数えた数")
    if stated:
        said += _well(stated, meanings, sum(stated.values()), "計画書に書かれた数")
        if any(stated.get(word, 0) != counted.get(word, 0) for word in words):
            said.append(
                "取組の表から数えた数と、計画書に書かれた数は、一致しないものがあります。両方を載せています。"
            )
    return [
        Heading(2, f"{name}の進捗状況"),
        Table(f"{name}の進捗状況", tuple(columns), (*lines, total)),
        Prose(tuple(said), remark=True),
    ]


def _well(numbers: Mapping[str, int], meanings: Mapping[str, str], whole: int, of: str) -> list[str]:
    """The share of what goes well, where a word says so."""
    well = [word for word in numbers if meanings.get(word) in _WELL]
    if not well or not whole:
        return []
    n = sum(numbers[word] for word in well)
    return [
        f"「{'」「'.join(well)}」を合わせた割合は{share(n, whole)}です（{whole:,}件中{n:,}件、{of}による）。"
    ]


def share(part: int, whole: int) -> str:
    """A share with one decimal; nothing of nothing is no share."""
    return f"{part * 100 / whole:.1f}%" if whole else "―"


def charts(document: Form, rows: Sequence[Row], names: NodeNames) -> list[Block]:
    """How many initiatives each node of the first level has, and how many stand at which progress word; each with its table."""
    levels: list[str] = document["levels"]
    goals = list(dict.fromkeys(row.home[:1] for row in rows if row.home))
    by_goal = [(node_name(goal, names), count(row for row in rows if row.home[:1] == goal)) for goal in goals]
    found: list[Block] = []
    if len(by_goal) > 1:
        found += _chart(
            f"{levels[0] if levels else '区分'}別の取組の数", levels[0] if levels else "区分", by_goal
        )
    words = [(word, n) for word, _meaning, n in tallies(rows)]
    if words:
        found += _chart("進捗状況別の取組の数", "進捗状況", words)
    return found


def _chart(title: str, head: str, bars: Sequence[tuple[str, int]]) -> list[Block]:
    whole = sum(n for _label, n in bars)
    said = "、".join(f"{label} {n:,}件" for label, n in bars)
    rows = tuple((label, f"{n:,}", share(n, whole)) for label, n in bars)
    columns = (
        Column(head, width=60, head=True),
        Column("取組の数", width=20, number=True),
        Column("割合", width=20, number=True),
    )
    return [
        Heading(2, title),
        Bars(title, f"{title}の棒グラフ。{said}。合わせて{whole:,}件。", tuple(bars)),
        Table(title, columns, (*rows, ("計", f"{whole:,}", share(whole, whole)))),
    ]
