"""A book as data: from `yakuba-plan/1` documents and a template, and from nothing else. Pure.

Whatever prints it later, the rows and figures are these.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Final
from uuid import UUID

from yakuba.kernel.dates import FiscalYear, format_date
from yakuba.services.plan.book import comparing, counting, prose
from yakuba.services.plan.book.blocks import (
    Block,
    Chapter,
    Column,
    Contents,
    Cover,
    Glossary,
    Heading,
    Manuscript,
    Prose,
    Section,
    Table,
)
from yakuba.services.plan.book.placeholders import (
    NONE,
    About,
    Entry,
    Piece,
    Placeholder,
    figure,
    fill,
    filled,
    node_name,
    parse,
    printed,
    span_name,
    year_name,
)
from yakuba.services.plan.book.templates import PARTS, Part, PartKind, Template
from yakuba.services.plan.rows import Form
from yakuba.services.plan.rules import edition_year
from yakuba.services.plan.shown import Edition, NodeNames, Row, count, titles_of

_KIND_TITLES: Final = {"advance": "推進取組", "operate": "運用取組"}
_VALUES: Final = ("baseline", "target", "actual")
_VALUE_NAMES: Final = ("現状値", "目標値", "実績値")
#: Short parts go on below the one before them.
_FLOWING: Final = frozenset({"progress", "chart", "moves", "history"})


@dataclass(frozen=True, slots=True)
class Proof:
    """What ties the book to what was kept: the publication, and the head of the trail when the book was made."""

    number: int = 0
    published_on: str = ""
    stamp: str = ""
    trail_number: int = 0
    trail_hash: str = ""
    trail_sealed: str = ""


@dataclass(frozen=True)
class Volume:
    """One edition as a book reads it."""

    document: Form

    @cached_property
    def year(self) -> FiscalYear:
        """Its fiscal year."""
        return edition_year(self.document["plan"])

    @cached_property
    def names(self) -> NodeNames:
        """The titles of its nodes by their paths."""
        return titles_of(self.document["nodes"])

    @cached_property
    def forms(self) -> list[Form]:
        """Its initiatives in their order."""
        found: list[Form] = self.document["initiatives"]
        return found

    def of_kind(self, kind: str) -> list[Form]:
        """Its initiatives of one kind; all of them where no kind is asked for."""
        return [form for form in self.forms if not kind or form["kind"] == kind]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Which of 推進 and 運用 occur; one empty kind where the plan knows no such split."""
        return tuple(kind for kind in _KIND_TITLES if any(f["kind"] == kind for f in self.forms)) or ("",)

    @property
    def label(self) -> str:
        """What the edition is called: 令和6年度版, or its year."""
        return self.document["plan"]["edition"] or self.year.wareki

    @cached_property
    def edition(self) -> Edition:
        """The edition as it is counted and compared."""
        return Edition(self.document, tuple(self.rows()))

    def rows(self, kind: str = "") -> list[Row]:
        """Its initiatives as rows that are counted."""
        return [Row(UUID(int=n), n, form) for n, form in enumerate(self.of_kind(kind))]


@dataclass(frozen=True, slots=True)
class Source:
    """What a book is made from: the edition, the one before it where there is one, and the day of making."""

    this: Volume
    before: Volume | None
    day: dt.date
    draft: bool
    proof: Proof = Proof()


def make(source: Source, template: Template, *, large: bool = False) -> Manuscript:
    """The manuscript of a book. Raises :class:`~.placeholders.BadPlaceholder` for a template that was never checked."""
    made = _Maker(source, template)
    chapters = [
        (part.paper, Chapter(part.kind, made.title(part) or PARTS[part.kind], tuple(blocks)))
        for part in template.parts
        if (blocks := made.blocks(part))
    ]
    found = [
        Section(paper, tuple(chapter for _paper, chapter in group))
        for paper, group in groupby(chapters, lambda one: one[0])
    ]
    document = source.this.document
    title = " ".join(filter(None, (document["plan"]["title"], document["plan"]["edition"])))
    return Manuscript(
        title, document["municipality"]["name"], source.draft, tuple(found), large, tuple(made.left_out)
    )


class _Maker:
    """One part after the other."""

    def __init__(self, source: Source, template: Template) -> None:
        self.source = source
        self.template = template
        self.left_out: list[str] = []
        self._kinds = {part.kind for part in template.parts}

    def about(self, volume: Volume, number: int = 0) -> About:
        # The years that a template counts from are the edition's own, also where it prints rows of the one before.
        return About(
            volume.document, volume.names, self.source.this.year.year, format_date(self.source.day), number
        )

    def volume(self, part: Part) -> Volume | None:
        """The edition that a part prints."""
        return self.source.this if part.volume == "this" else self.source.before

    def title(self, part: Part) -> str:
        """Its heading, with what it says of the plan and of its rows."""
        volume = self.volume(part)
        number = len(volume.of_kind(part.rows)) if volume is not None else 0
        return filled(part.title, self.about(self.source.this, number))

    def blocks(self, part: Part) -> list[Block]:
        """What a part prints; nothing where the plan has nothing for it, which is noted."""
        volume = self.volume(part)
        if volume is None:
            self.left_out.append(f"{self.title(part) or part.kind}：前の版がありません。")
            return []
        own: list[Block] = _PARTS[part.kind](self, part, volume)
        if not own:
            if part.title:
                self.left_out.append(f"{self.title(part)}：この計画には、載せる内容がありません。")
            return []
        if part.kind in {"cover", "contents"}:
            return own
        head: list[Block] = []
        if part.title:
            head.append(Heading(1, self.title(part), part.kind not in _FLOWING))
        if part.note:
            head.append(Prose((filled(part.note, self.about(volume, len(volume.of_kind(part.rows)))),)))
        return [*head, *own]

    # --- parts ---------------------------------------------------------------------------------------------------

    def cover(self, _part: Part, volume: Volume) -> list[Block]:
        plan = volume.document["plan"]
        lines = [plan["edition"] or "", f"計画期間　{span_name([plan['first_year'], plan['last_year']])}"]
        return [
            Cover(
                plan["title"],
                tuple(filter(None, lines)),
                volume.document["municipality"]["name"],
                self.source.proof.published_on or format_date(self.source.day),
            )
        ]

    def contents(self, part: Part, _volume: Volume) -> list[Block]:
        return [Contents(part.title or "目次")]

    def prose(self, _part: Part, volume: Volume) -> list[Block]:
        sections = volume.document["plan"]["sections"]
        glossary = "terms" in self._kinds and volume.document["plan"]["terms"]
        return prose.blocks_of(one for one in sections if not (glossary and prose.is_glossary(one)))

    def tree(self, part: Part, volume: Volume) -> list[Block]:
        return counting.tree(volume.document, self.title(part), volume.kinds)

    def chart(self, part: Part, volume: Volume) -> list[Block]:
        return counting.charts(volume.document, volume.rows(part.rows), volume.names)

    def progress(self, part: Part, volume: Volume) -> list[Block]:
        rows = {kind: volume.rows(kind) for kind in ([part.rows] if part.rows else volume.kinds)}
        return counting.progress(volume.document, rows)

    def overview(self, part: Part, volume: Volume) -> list[Block]:
        found: list[Block] = []
        headed: set[tuple[str, ...]] = set()
        paths = _paths(volume)
        for path in paths:
            own = [
                (form, place)
                for form in volume.forms
                for place in form["placements"]
                if tuple(place["path"]) == path
            ]
            above_others = any(other[: len(path)] == path and other != path for other in paths)
            if not own and above_others:
                continue
            for depth in range(1, len(path) + 1):
                if path[:depth] not in headed:
                    headed.add(path[:depth])
                    found.append(
                        Heading(min(depth + 1, prose.DEEPEST), node_name(path[:depth], volume.names))
                    )
            found += self._listed(volume, own, node_name(path, volume.names), part.rows)
        return found

    def _listed(
        self, volume: Volume, own: list[tuple[Form, Form]], title: str, wanted: str
    ) -> Iterator[Block]:
        about = self.about(volume)
        columns = ("{{新規再掲}}", "{{番号}}", "{{取組名}}", "{{担当部署}}")
        pieces = [parse(one) for one in columns]
        heads = (
            Column("新規・再掲", width=14),
            Column("取組No.", width=11),
            Column("取組名", width=52, head=True),
            Column("担当部署", width=23),
        )
        for kind in [wanted] if wanted else volume.kinds:
            rows = tuple(
                tuple(fill(piece, Entry(form, about, _mark(form, place)), about) for piece in pieces)
                for form, place in own
                if not kind or form["kind"] == kind
            )
            name = _KIND_TITLES.get(kind, "")
            if rows:
                yield Table(name or title, heads, rows, caption=bool(name))
            else:
                yield Prose((f"※{volume.year.wareki}は、{name or '取組'}はありません。",), remark=True)

    def moves(self, _part: Part, volume: Volume) -> list[Block]:
        if self.source.before is None:
            return []
        return comparing.moves(self.source.before.edition, volume.edition, volume.label.removesuffix("版"))

    def comparison(self, _part: Part, volume: Volume) -> list[Block]:
        if self.source.before is None:
            return []
        names = (self.source.before.label, volume.label)
        return comparing.comparison(self.source.before.edition, volume.edition, names)

    def table(self, part: Part, volume: Volume) -> list[Block]:
        forms = volume.of_kind(part.rows)
        if not forms:
            return []
        about = self.about(volume, len(forms))
        pieces = [parse(column.content) for column in part.columns]
        rows = [
            tuple(fill(piece, Entry(form, about, _own_mark(form)), about) for piece in pieces)
            for form in forms
        ]
        columns = [
            Column(filled(one.label, about), filled(one.group, about), one.width, head=_names_row(piece))
            for one, piece in zip(part.columns, pieces, strict=True)
        ]
        kept = [n for n in range(len(columns)) if not part.lean or any(row[n] for row in rows)]
        return [
            Table(
                self.title(part) or "取組の表",
                tuple(columns[n] for n in kept),
                tuple(tuple(row[n] for n in kept) for row in rows),
            )
        ]

    def sheets(self, part: Part, volume: Volume) -> list[Block]:
        found: list[Block] = []
        about = self.about(volume)
        every = [(filled(column.label, about), parse(column.content)) for column in part.columns]
        # The figures of an indicator belong into one row: they have a table of their own.
        facts = [one for one in every if not _asks_indicators(one[1])]
        for form in volume.of_kind(part.rows):
            entry = Entry(form, about, _own_mark(form))
            rows = tuple((label, text) for label, piece in facts if (text := fill(piece, entry, about)))
            name = " ".join(
                filter(None, (_KIND_TITLES.get(form["kind"] or "", ""), form["number"], form["title"]))
            )
            found.append(Heading(2, name))
            if rows:
                found.append(Table(name, _FACTS, rows))
            if len(facts) < len(every) and form["indicators"]:
                found.append(indicator_table(form))
        return found

    def bodies(self, _part: Part, volume: Volume) -> list[Block]:
        found: list[Block] = []
        for body in volume.document["bodies"]:
            found.append(Heading(2, body["name"]))
            if body["rule"]:
                found.append(Prose((f"根拠：{body['rule']}",)))
            if body["duties"]:
                found.append(Prose(tuple(body["duties"])))
            if body["members"]:
                rows = tuple((one["role"] or "", one["post"]) for one in body["members"])
                found.append(
                    Table(body["name"], (Column("役割", width=40, head=True), Column("職", width=60)), rows)
                )
        return found

    def terms(self, _part: Part, volume: Volume) -> list[Block]:
        entries = tuple((one["term"], one["text"]) for one in volume.document["plan"]["terms"])
        if not entries:
            return []
        own = [one for one in volume.document["plan"]["sections"] if prose.is_glossary(one) and one["text"]]
        said: list[Block] = [Prose(tuple(one["text"].splitlines()), remark=True) for one in own]
        return [*said, Glossary(entries)]

    def history(self, _part: Part, volume: Volume) -> list[Block]:
        found: list[Block] = []
        for name, key in (("これまでの計画", "predecessors"), ("関連する計画", "related")):
            if names := volume.document["plan"][key]:
                found += [Heading(2, name), Prose(tuple(f"・{one}" for one in names))]
        return found

    def record(self, _part: Part, volume: Volume) -> list[Block]:
        plan, proof = volume.document["plan"], self.source.proof
        rows = [
            ("計画", plan["title"]),
            ("版", volume.label),
            ("計画期間", span_name([plan["first_year"], plan["last_year"]])),
            ("取組の数", f"{count(volume.rows()):,}件"),
            (
                "状態",
                "下書き（公表していない内容です）"
                if self.source.draft
                else f"公表 第{proof.number}号（{proof.published_on}）",
            ),
            ("この冊子を作った日", format_date(self.source.day)),
        ]
        if proof.stamp:
            rows.append(("公表した内容の指紋（SHA-256）", proof.stamp))
        if proof.trail_hash:
            rows.append(
                (
                    "操作の記録の先頭",
                    f"第{proof.trail_number:,}区画 {proof.trail_hash}（{proof.trail_sealed}封）",
                )
            )
        said = [
            "指紋は、公表した内容から計算した値です。公表しているデータから同じ計算をすると、この冊子の元の内容が変わっていないことを確かめられます。"
        ]
        if proof.trail_hash:
            said.append(
                "操作の記録の先頭は、この市の記録を順に封じた最後の値です。この冊子にある値より前の記録は、後から書き換えられていません。"
            )
        table = Table(
            "この冊子について", (Column("項目", width=30, head=True), Column("内容", width=70)), tuple(rows)
        )
        return [table, Prose(tuple(said), remark=True)] if proof.stamp else [table]


_PARTS: Final[Mapping[PartKind, Callable[[_Maker, Part, Volume], list[Block]]]] = {
    "cover": _Maker.cover,
    "contents": _Maker.contents,
    "prose": _Maker.prose,
    "tree": _Maker.tree,
    "chart": _Maker.chart,
    "overview": _Maker.overview,
    "progress": _Maker.progress,
    "moves": _Maker.moves,
    "table": _Maker.table,
    "sheets": _Maker.sheets,
    "comparison": _Maker.comparison,
    "bodies": _Maker.bodies,
    "terms": _Maker.terms,
    "history": _Maker.history,
    "record": _Maker.record,
}


_FACTS: Final = (Column("項目", width=18, head=True), Column("内容", width=82))


def indicator_table(form: Form) -> Table:
    """The indicators of an initiative, one a row, with a column for each year and kind of value that any of them has."""
    values = [
        (value["year"] or 0, _VALUES.index(value["kind"]))
        for one in form["indicators"]
        for value in one["values"]
    ]
    asked = sorted(set(values))
    columns = [Column("指標", head=True)]
    columns += [Column(f"{year_name(year) if year else ''}{_VALUE_NAMES[kind]}") for year, kind in asked]
    rows = []
    for one in form["indicators"]:
        cells = [" ".join(filter(None, (one["number"], one["name"])))]
        for year, kind in asked:
            value = figure(one, _VALUES[kind], year or None)
            cells.append(printed(value, one) if value else NONE)
        rows.append(tuple(cells))
    return Table(f"{form['number']} {form['title']} 指標".strip(), tuple(columns), tuple(rows))


def _asks_indicators(pieces: tuple[Piece, ...]) -> bool:
    return any(isinstance(one, Placeholder) and one.word.key.startswith("indicators.") for one in pieces)


def _names_row(pieces: tuple[Piece, ...]) -> bool:
    return any(isinstance(one, Placeholder) and one.word.key == "title" for one in pieces)


def entries_of(source: Source, kind: str = "", volume: str = "this") -> list[Entry]:
    """The initiatives that an own form is filled with."""
    chosen = source.this if volume == "this" else source.before
    if chosen is None:
        return []
    forms = chosen.of_kind(kind)
    about = About(chosen.document, chosen.names, source.this.year.year, format_date(source.day), len(forms))
    return [Entry(form, about, _own_mark(form)) for form in forms]


def _paths(volume: Volume) -> list[tuple[str, ...]]:
    """Every place of the tree in its order, then those that only an initiative names."""
    found = [tuple(node["path"]) for node in volume.document["nodes"]]
    named = [tuple(place["path"]) for form in volume.forms for place in form["placements"]]
    return list(dict.fromkeys([*found, *named]))


def _mark(form: Form, place: Form) -> str:
    """What the overview says beside an initiative at one of its places."""
    return "再掲" if not place["primary"] else _own_mark(form)


def _own_mark(form: Form) -> str:
    return "・".join(word for flag, word in (("new", "新規"), ("moved", "移行")) if flag in form["flags"])
