"""How a series' file looks: which column holds the period, which the figure, what of it counts. Pure.

A layout is kept as JSON with the series and read by :func:`read`; a column is named by its head, or by its place as 「B列」.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.kernel.actions import Problem, Problems
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.text import fold

FORMAT: Final = 1
SHAPES: Final = (
    ("rows", gettext_lazy("1行が1つの期間の数値")),
    ("people", gettext_lazy("1行が1人の名簿（受けた人を数える）")),
)
PERIODS: Final = (
    ("column", gettext_lazy("期間の列がある（令和6年4月、202404、令和6年度 …）")),
    ("year_month", gettext_lazy("年の列と月の列に分かれている")),
    ("asked", gettext_lazy("ファイルには書かれていない（届けるときに選ぶ）")),
)
SEVERAL: Final = (
    ("refuse", gettext_lazy("間違いとして知らせる")),
    ("sum", gettext_lazy("足す")),
    ("last", gettext_lazy("いちばん後の行を使う")),
)
SHARES: Final = (
    ("percent", gettext_lazy("31.2 は 31.2%")),
    ("fraction", gettext_lazy("0.312 は 31.2%（100%を1とする）")),
)
FOLDS: Final = (
    ("sum", gettext_lazy("月の値（分子と分母）を足す")),
    ("last", gettext_lazy("最後の月の値を使う")),
)
#: What a column can hold, with the label of its field.
COLUMNS: Final = (
    ("period", gettext_lazy("期間の列")),
    ("year", gettext_lazy("年の列")),
    ("month", gettext_lazy("月の列")),
    ("value", gettext_lazy("値の列")),
    ("numerator", gettext_lazy("分子の列")),
    ("denominator", gettext_lazy("分母の列")),
    ("part", gettext_lazy("内訳の列")),
    ("person", gettext_lazy("番号の列")),
    ("office", gettext_lazy("所属の列")),
    ("attended", gettext_lazy("受けたかどうかの列")),
)
ATTENDED: Final = ("受講済", "受講済み", "受講", "済", "完了", "出席", "参加", "○", "〇", "◯", "1")
ABSENT: Final = ("未受講", "未", "未了", "未完了", "欠席", "不参加", "×", "✕", "0", "-", "－", "―")
_LONGEST: Final = 60
_MOST: Final = 20
_PLACE: Final = re.compile(r"(?P<letters>[A-Z]{1,2})列\Z")
_CHOICES: Final = {
    "shape": dict(SHAPES),
    "period": dict(PERIODS),
    "several": dict(SEVERAL),
    "share": dict(SHARES),
    "fold": dict(FOLDS),
}


@dataclass(frozen=True, slots=True)
class Only:
    """Rows count when this column says this word; others are passed over."""

    column: str
    word: str


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file looks. ``columns`` name heads by what they hold (keys of :data:`COLUMNS`).

    ``several``: what several rows of one period come to. ``fold``: what the months come to in a year. ``share``: how percentages are
    written. ``attended`` and ``absent``: the words of an attendance list; an empty cell means absent.
    """

    shape: str = "rows"
    period: str = "column"
    columns: Mapping[str, str] = field(default_factory=dict)
    only: tuple[Only, ...] = ()
    several: str = "refuse"
    share: str = "percent"
    fold: str = "sum"
    attended: tuple[str, ...] = ATTENDED
    absent: tuple[str, ...] = ABSENT

    @property
    def needed(self) -> tuple[str, ...]:
        """The heads that a file has to have, in the order of a row."""
        named = [self.columns[key] for key, _label in COLUMNS if self.columns.get(key) and key in self.used]
        return tuple(dict.fromkeys([*named, *(one.column for one in self.only)]))

    @property
    def used(self) -> frozenset[str]:
        """What is read of a row."""
        if self.shape == "people":
            return frozenset({"person", "office", "attended"})
        when = {"column": {"period"}, "year_month": {"year", "month"}, "asked": set[str]()}[self.period]
        return frozenset(when | {"value", "numerator", "denominator", "part"})

    @property
    def asks(self) -> bool:
        """Whether somebody has to say which period a file is of."""
        return self.shape == "people" or self.period == "asked"

    def holds(self, key: str) -> bool:
        """Whether a file has a column for this."""
        return key in self.used and bool(self.columns.get(key))

    def to_json(self) -> dict[str, JsonValue]:
        """As the series keeps it."""
        return {
            "format": FORMAT,
            "shape": self.shape,
            "period": self.period,
            "columns": {key: self.columns[key] for key, _label in COLUMNS if self.columns.get(key)},
            "only": [[one.column, one.word] for one in self.only],
            "several": self.several,
            "share": self.share,
            "fold": self.fold,
            "attended": list(self.attended),
            "absent": list(self.absent),
        }


def place_of(name: str) -> int | None:
    """The column, counted from 0, that 「B列」 names; None for a head."""
    found = _PLACE.match(fold(name).upper())
    if found is None:
        return None
    place = 0
    for letter in found["letters"]:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _texts(given: JsonValue) -> list[str]:
    """The words of a list, each once; nothing of another shape."""
    if not isinstance(given, list):
        return []
    found = [one.strip()[:_LONGEST] for one in given if isinstance(one, str) and one.strip()]
    return list(dict.fromkeys(found))[:_MOST]


def _only(given: JsonValue) -> tuple[Only, ...]:
    found = []
    for pair in given[:_MOST] if isinstance(given, list) else ():
        if isinstance(pair, list) and len(pair) == 2:
            column, word = (str(one or "").strip()[:_LONGEST] for one in pair)
            if column or word:
                found.append(Only(column, word))
    return tuple(found)


def read(given: Mapping[str, JsonValue], aggregation: str) -> Layout:
    """The layout of a JSON object, fit for figures of an aggregation. Raises :class:`Problems` on the fields of the form (columns: ``col-value``)."""
    chosen = {key: str(given.get(key) or next(iter(of))) for key, of in _CHOICES.items()}
    columns = given.get("columns")
    named = {
        key: str(columns.get(key) or "").strip()[:_LONGEST]
        for key, _label in COLUMNS
        if isinstance(columns, Mapping)
    }
    layout = Layout(
        shape=chosen["shape"],
        period=chosen["period"],
        columns={key: name for key, name in named.items() if name},
        only=_only(given.get("only")),
        several=chosen["several"],
        share=chosen["share"],
        fold=chosen["fold"],
        attended=tuple(_texts(given.get("attended"))) or ATTENDED,
        absent=tuple(_texts(given.get("absent"))) or ABSENT,
    )
    wrong = [
        Problem("choice", _("一覧から選んでください。"), field=key, found=chosen[key][:40])
        for key, of in _CHOICES.items()
        if chosen[key] not in of
    ]
    wrong = wrong or _wrong(layout, aggregation)
    if wrong:
        raise Problems(wrong)
    return layout


def stored(given: Mapping[str, JsonValue]) -> Layout:
    """The layout that a series keeps: it was checked when it was written."""
    named = given.get("columns")
    return Layout(
        shape=str(given.get("shape", "rows")),
        period=str(given.get("period", "column")),
        columns={key: str(one) for key, one in named.items()} if isinstance(named, Mapping) else {},
        only=_only(given.get("only")),
        several=str(given.get("several", "refuse")),
        share=str(given.get("share", "percent")),
        fold=str(given.get("fold", "sum")),
        attended=tuple(_texts(given.get("attended"))) or ATTENDED,
        absent=tuple(_texts(given.get("absent"))) or ABSENT,
    )


def _lacking(layout: Layout, key: str) -> Problem:
    label = str(dict(COLUMNS)[key])
    return Problem(
        "required",
        _("「%(label)s」の見出しを書いてください。見出しのないファイルは「B列」のように書きます。")
        % {"label": label},
        field=f"col-{key}",
    )


def _wrong(layout: Layout, aggregation: str) -> list[Problem]:
    """What does not fit together."""
    if layout.shape == "people":
        found = [_lacking(layout, key) for key in ("person", "attended") if not layout.holds(key)]
        both = {fold(one) for one in layout.attended} & {fold(one) for one in layout.absent}
        if both:
            found.append(
                Problem(
                    "words",
                    _("「%(word)s」が、受けた印と受けていない印の両方にあります。") % {"word": min(both)},
                    field="absent",
                )
            )
        if aggregation != "ratio":
            found.append(
                Problem(
                    "aggregation", _("名簿から数えるものの集計は「率」にしてください。"), field="aggregation"
                )
            )
        return found
    found = [_lacking(layout, key) for key in _when(layout) if not layout.holds(key)]
    found += _figures(layout, aggregation)
    found += [
        Problem("required", _("「数える行」は、列の見出しと語の両方を書いてください。"), field="only")
        for one in layout.only
        if not (one.column and one.word)
    ]
    heads = [fold(layout.columns[key]) for key in layout.columns if key in layout.used]
    if len(set(heads)) != len(heads):
        found.append(
            Problem("twice", _("同じ列が2つの欄に書かれています。1つにしてください。"), field="col-value")
        )
    return found


def _when(layout: Layout) -> Sequence[str]:
    return {"column": ("period",), "year_month": ("year", "month"), "asked": ()}[layout.period]


def _figures(layout: Layout, aggregation: str) -> list[Problem]:
    """Shares and averages come as two numbers or as one, everything else as one."""
    value, top, bottom = (layout.holds(key) for key in ("value", "numerator", "denominator"))
    if aggregation in {"ratio", "average"}:
        if top != bottom:
            return [_lacking(layout, "denominator" if top else "numerator")]
        if not (value or top):
            return [_lacking(layout, "value")]
        if layout.several == "sum" and not top:
            return [
                Problem(
                    "several",
                    _("率や平均は、足しても率や平均になりません。分子と分母の列を書くと、足せます。"),
                    field="several",
                )
            ]
        return []
    found = [] if value else [_lacking(layout, "value")]
    if top or bottom:
        found.append(
            Problem(
                "numerator",
                _("分子と分母の列は、集計が「率」か「平均」のときだけ書きます。"),
                field="col-numerator",
            )
        )
    if aggregation == "state" and layout.several == "sum":
        found.append(Problem("several", _("語は足せません。"), field="several"))
    if aggregation == "state" and layout.holds("part"):
        found.append(Problem("part", _("語には内訳がありません。"), field="col-part"))
    return found
