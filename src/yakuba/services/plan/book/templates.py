"""Which parts a book has, in which order, under which headings, and which columns its tables have. Pure.

A template is data (``yakuba-book/1``): the ones that are shipped are written here, a city's own comes from a workbook
(:mod:`.template_sheets`). Titles, remarks and columns speak the words of :mod:`.placeholders`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from yakuba.services.plan.book.blocks import PAPERS, Paper

FORMAT: Final = "yakuba-book/1"
PartKind = Literal[
    "cover",
    "contents",
    "prose",
    "tree",
    "chart",
    "overview",
    "progress",
    "moves",
    "table",
    "sheets",
    "comparison",
    "bodies",
    "terms",
    "history",
    "record",
]
#: What the parts are called in a template's workbook.
PARTS: Final[Mapping[PartKind, str]] = {
    "cover": "表紙",
    "contents": "目次",
    "prose": "本文",
    "tree": "体系",
    "chart": "図",
    "overview": "取組の概要",
    "progress": "進捗状況の集計",
    "moves": "移行した取組",
    "table": "取組の表",
    "sheets": "個票",
    "comparison": "新旧対照表",
    "bodies": "推進体制",
    "terms": "用語集",
    "history": "計画の歩み",
    "record": "奥付",
}
KINDS: Final = {"": "すべて", "advance": "推進", "operate": "運用"}
VOLUMES: Final = {"this": "この版", "before": "前の版"}
PAPER_NAMES: Final[Mapping[Paper, str]] = {"a4": "A4縦", "a4-wide": "A4横", "a3-wide": "A3横"}
#: Parts whose rows are printed in columns that the template names.
WITH_COLUMNS: Final = frozenset({"table", "sheets"})
MOST_PARTS: Final = 60
MOST_COLUMNS: Final = 30


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A column: its head, the head above it that it shares with its neighbours, what stands in it, its share of the width."""

    label: str
    content: str
    group: str = ""
    width: float = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a book. ``rows`` are the initiatives of one kind (all where empty) of this edition or of the one before."""

    kind: PartKind
    title: str = ""
    rows: str = ""
    volume: str = "this"
    paper: Paper = "a4"
    note: str = ""
    lean: bool = False
    """Whether columns in which nothing stands are left out."""
    columns: tuple[TemplateColumn, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A whole template. ``key`` tells the shipped ones apart and is empty for a city's own."""

    name: str
    about: str
    parts: tuple[Part, ...]
    key: str = ""

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """As it is kept."""
        return {
            "format": FORMAT,
            "name": self.name,
            "about": self.about,
            "parts": [asdict(p) for p in self.parts],
        }


def from_json(data: Mapping[str, Any]) -> Template:  # Any: JSON
    """A template as :meth:`Template.to_json` gave it. ValueError for another format."""
    if data.get("format") != FORMAT:
        raise ValueError(f"not {FORMAT}")
    parts = tuple(
        Part(**{**part, "columns": tuple(TemplateColumn(**column) for column in part["columns"])})
        for part in data["parts"]
    )
    if any(part.kind not in PARTS or part.paper not in PAPERS for part in parts):
        raise ValueError("an unknown part")
    return Template(data["name"], data["about"], parts)


def _columns(*given: tuple[str, str] | tuple[str, str, str]) -> tuple[TemplateColumn, ...]:
    return tuple(TemplateColumn(one[0], one[1], one[2] if len(one) > 2 else "") for one in given)


_PLACES: Final = (("基本目標", "{{位置:1}}"), ("基本施策", "{{位置:2}}"))
_HEADS: Final = (("取組No.", "{{番号}}"), ("取組名", "{{取組名}}"), ("担当部署", "{{担当部署}}"))


def _under(group: str, columns: Sequence[tuple[str, str]]) -> tuple[tuple[str, str, str], ...]:
    return tuple((label, content, group) for label, content in columns)


_RESULT: Final = "{{年度:-1}} 取組概要"
_PLAN: Final = "{{年度}} 取組概要"
ADVANCE_RESULT: Final = _columns(
    *_PLACES,
    ("新規", "{{新規}}"),
    *_under(_RESULT, (*_HEADS, ("取組の目的及び概要", "{{目的}}"))),
    ("取組計画", "{{取組の内容}}"),
    ("取組結果", "{{取組の結果}}"),
    *_under("指標", (("指標", "{{指標名}}"), ("目標", "{{目標値}}"), ("現状値", "{{実績値}}"))),
    ("進捗状況", "{{進捗状況}}"),
)
OPERATE_RESULT: Final = _columns(
    *_PLACES,
    ("新規", "{{新規}}"),
    *_under(_RESULT, (*_HEADS, ("取組の目的及び概要", "{{目的}}"))),
    ("取組計画", "{{取組の内容}}"),
    ("取組結果", "{{取組の結果}}"),
)
ADVANCE_PLAN: Final = _columns(
    *_PLACES,
    ("新規", "{{新規}}"),
    *_under(_PLAN, (*_HEADS, ("取組の目的及び概要", "{{目的}}"))),
    ("取組目標", "{{目指す姿}}"),
    ("取組計画", "{{取組の内容}}"),
    *_under("指標", (("指標", "{{指標名}}"), ("現状値", "{{現状値}}"), ("目標値", "{{目標値}}"))),
    ("{{次年度以降}} 取組予定", "{{次年度以降の工程}}"),
)
OPERATE_PLAN: Final = _columns(
    *_PLACES,
    ("新規", "{{新規}}"),
    *_under(_PLAN, (*_HEADS, ("取組の目的及び概要", "{{目的}}"))),
    ("取組目標", "{{目指す姿}}"),
    ("取組計画", "{{取組の内容}}"),
    ("{{次年度以降}} 取組予定", "{{次年度以降の工程}}"),
)
WIDE: Final = _columns(
    ("NO", "{{番号}}"),
    ("印", "{{印}}"),
    ("区分", "{{位置:1}}"),
    ("施策分野", "{{位置:2}}"),
    ("具体的な取組", "{{取組名}}"),
    ("取組方針", "{{取組の内容}}"),
    ("KPI", "{{指標名}}"),
    ("スケジュール（これまで）", "{{これまでの経過}}"),
    *_under(
        "実績値（KPI）",
        (
            ("{{年度:-3}}末", "{{実績値:-3}}"),
            ("{{年度:-2}}末", "{{実績値:-2}}"),
            ("{{年度:-1}}末", "{{実績値:-1}}"),
        ),
    ),
    ("スケジュール（{{計画期間}}）", "{{今後の予定}}"),
)
SHEET: Final = _columns(
    ("区分", "{{位置名:1}}"),
    ("施策", "{{位置名:2}}"),
    ("担当部署", "{{担当部署}}"),
    ("印", "{{印}}"),
    ("目的", "{{目的}}"),
    ("現状と課題", "{{現状と課題}}"),
    ("取組の内容", "{{取組の内容}}"),
    ("主な取組", "{{主な取組}}"),
    ("目指す姿", "{{目指す姿}}"),
    ("期待される効果", "{{期待される効果}}"),
    ("指標", "{{指標名}}"),
    ("現状値", "{{現状値}}"),
    ("目標値", "{{目標値}}"),
    ("実績値", "{{実績値}}"),
    ("工程", "{{工程}}"),
    ("これまでの経過", "{{これまでの経過}}"),
    ("今後の予定", "{{今後の予定}}"),
    ("取組の結果", "{{取組の結果}}"),
    ("進捗状況", "{{進捗状況}}"),
)
_LIST: Final = _columns(
    ("番号", "{{番号}}"),
    ("取組名", "{{取組名}}"),
    ("担当部署", "{{担当部署}}"),
    *_under(
        "指標",
        (
            ("指標", "{{指標名}}"),
            ("現状値", "{{現状値}}"),
            ("目標値", "{{目標値}}"),
            ("実績値", "{{実績値}}"),
        ),
    ),
    ("進捗状況", "{{進捗状況}}"),
)
_FRONT: Final = (Part("cover"), Part("contents", "目次"))
_BACK: Final = (
    Part("bodies", "推進体制"),
    Part("history", "計画の歩み"),
    Part("terms", "用語集"),
    Part("record", "この冊子について"),
)
FOUR_TABLES: Final = (
    Part(
        "table",
        "① 推進取組（{{年度:-1}}）取組計画・取組結果",
        "advance",
        "before",
        "a3-wide",
        columns=ADVANCE_RESULT,
    ),
    Part(
        "table",
        "② 運用取組（{{年度:-1}}）取組計画・取組結果",
        "operate",
        "before",
        "a3-wide",
        columns=OPERATE_RESULT,
    ),
    Part(
        "table",
        "③ 推進取組（{{計画期間}}）取組計画・取組予定",
        "advance",
        "this",
        "a3-wide",
        columns=ADVANCE_PLAN,
    ),
    Part(
        "table",
        "④ 運用取組（{{計画期間}}）取組計画・取組予定",
        "operate",
        "this",
        "a3-wide",
        columns=OPERATE_PLAN,
    ),
)

SHIPPED: Final[Mapping[str, Template]] = {
    one.key: one
    for one in (
        Template(
            "標準",
            "本文、体系、図、取組の一覧、取組ごとの個票、新旧対照表、用語集",
            (
                *_FRONT,
                Part("prose", ""),
                Part("tree", "計画の体系"),
                Part("progress", "進捗状況"),
                Part("chart", "取組の数"),
                Part("overview", "取組の概要"),
                Part("table", "取組の一覧", paper="a4-wide", lean=True, columns=_LIST),
                Part("sheets", "取組の内容", columns=SHEET),
                Part("comparison", "新旧対照表", paper="a4-wide"),
                *_BACK,
            ),
            key="standard",
        ),
        Template(
            "結果と計画の四つの表",
            "前の年度の推進・運用の結果（①②）と、これからの計画（③④）を表にする。A3横",
            (
                *_FRONT,
                Part("prose", ""),
                Part("overview", "体系別ごとの取組の概要"),
                Part("progress", "個別取組の取組結果（{{年度:-1}}）", volume="before"),
                Part("moves", "区分が変わる取組"),
                *FOUR_TABLES,
                *_BACK,
            ),
            key="four-tables",
        ),
        Template(
            "一つの大きな表",
            "全部の取組を、指標の3年間の実績とともに一つの表にする。A3横",
            (
                Part("cover"),
                Part("table", "個別取組", paper="a3-wide", columns=WIDE),
                Part("record", "この冊子について"),
            ),
            key="one-table",
        ),
    )
}
"""The templates that come with the product, by their keys."""
STANDARD: Final = "standard"
