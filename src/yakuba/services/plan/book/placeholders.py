"""What a template may ask of a plan: ``{{取組名}}``, ``{{実績値:令和5年度}}``, ``{{工程:+1}}``. Pure.

The columns of a book's tables and the cells of a city's own Excel form speak the same words. Each has a Japanese name and the key of
the `yakuba-plan/1` format; after a colon stands which one of several: a fiscal year, written out or counted from the edition's own
(``-1`` the year before), the name of a tag, the depth in the tree.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.translation import gettext as _

from yakuba.kernel.dates.errors import InvalidFiscalYearError
from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.services.plan.rows import Form
from yakuba.services.plan.shown import NodeNames, joined

Argument = Literal["", "year", "name", "depth"]
#: A cell of several indicators has a line for each; this stands where one has no value.
NONE: Final = "―"
_FOUND: Final = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_WIDE: Final = str.maketrans({"｛": "{", "｝": "}"})
_FLAGS: Final = {
    "new": "新規",
    "priority": "重点",
    "changed": "変更",
    "ended": "終了",
    "completed": "完了",
    "abolished": "廃止",
    "merged": "統合",
    "moved": "移行",
}
_KINDS: Final = {"advance": "推進", "operate": "運用"}
_STATUSES: Final = {"provisional": "見込", "preliminary": "速報"}


class BadPlaceholder(ValueError):
    """What stands between the braces means nothing here; the message is Japanese."""

    def __init__(self, found: str, message: str) -> None:
        super().__init__(message)
        self.found = found


@dataclass(frozen=True, slots=True)
class About:
    """What is the same for every row of a book: the document's head."""

    head: Form
    names: NodeNames
    year: int
    """The fiscal year of the edition."""
    day: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """An initiative, and the edition it stands in."""

    form: Form
    about: About
    mark: str = ""
    """What the overview says beside it: 新規, 再掲, 移行."""


@dataclass(frozen=True, slots=True)
class Word:
    """One name of the vocabulary. ``about`` is the example or explanation that the desk shows."""

    key: str
    name: str
    about: str
    argument: Argument = ""
    row: Callable[[Entry, str], str] | None = None
    plan: Callable[[About, str], str] | None = None
    counted: bool = False
    """Whether it is a number that a form may go on reckoning with."""

    @property
    def of_row(self) -> bool:
        """Whether it is about an initiative, so that its row is repeated."""
        return self.row is not None


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A word as it stands in a cell, with its argument checked."""

    word: Word
    argument: str = ""

    def text(self, entry: Entry | None, about: About) -> str:
        """What is put there."""
        if self.word.row is not None:
            return self.word.row(entry, self.argument) if entry is not None else ""
        return self.word.plan(about, self.argument) if self.word.plan is not None else ""


Piece = str | Placeholder


def parse(text: str) -> tuple[Piece, ...]:
    """The text in pieces. Raises :class:`BadPlaceholder` for a name that there is not, and for braces that do not close."""
    plain = text.translate(_WIDE)
    pieces: list[Piece] = []
    at = 0
    for found in _FOUND.finditer(plain):
        if found.start() > at:
            pieces.append(text[at : found.start()])
        pieces.append(_placeholder(found[1]))
        at = found.end()
    if at < len(text):
        pieces.append(text[at:])
    rest = "".join(one for one in pieces if isinstance(one, str)).translate(_WIDE)
    if "{{" in rest or "}}" in rest:
        raise BadPlaceholder(
            text[:60], _("「{{」と「}}」が組になっていません。「{{取組名}}」のように書いてください。")
        )
    return tuple(pieces)


def fill(pieces: Sequence[Piece], entry: Entry | None, about: About) -> str:
    """The pieces with what the plan says."""
    return "".join(one if isinstance(one, str) else one.text(entry, about) for one in pieces)


def filled(text: str, about: About) -> str:
    """A title or a remark of a template with what the plan says. Raises :class:`BadPlaceholder`."""
    return fill(parse(text), None, about)


def _placeholder(inside: str) -> Placeholder:
    name, _colon, argument = unicodedata.normalize("NFKC", inside).partition(":")
    name, argument = name.strip(), argument.strip()
    word = WORDS.get(name)
    if word is None:
        raise BadPlaceholder(
            name,
            _("「%(name)s」という項目はありません。%(near)s") % {"name": name[:40], "near": _nearest(name)},
        )
    if argument and not word.argument:
        raise BadPlaceholder(
            inside.strip(),
            _("「%(name)s」には「:%(argument)s」を付けられません。")
            % {"name": name, "argument": argument[:20]},
        )
    _check(word, argument)
    return Placeholder(word, argument)


def _check(word: Word, argument: str) -> None:
    if word.argument == "year" and argument and not _relative(argument):
        try:
            FiscalYear.parse(argument)
        except InvalidFiscalYearError:
            raise BadPlaceholder(
                argument,
                _(
                    "「%(name)s:%(argument)s」の年度が読めません。「%(name)s:令和6年度」か、版の年度から数えて「%(name)s:-1」のように書いてください。"
                )
                % {"name": word.name, "argument": argument[:20]},
            ) from None
    if word.argument == "depth" and not (
        argument.isascii() and argument.isdecimal() and 0 < int(argument) < 10
    ):
        raise BadPlaceholder(
            argument,
            _("「%(name)s」には、階層を「%(name)s:1」のように数字で付けてください。") % {"name": word.name},
        )
    if word.argument == "name" and not argument:
        raise BadPlaceholder(
            word.name,
            _("「%(name)s」には、どれのことかを「%(name)s:SDGs」のように付けてください。")
            % {"name": word.name},
        )


def _nearest(name: str) -> str:
    near = difflib.get_close_matches(name, [one for one in WORDS if not one.isascii()], 2, 0.4)
    if not near:
        near = difflib.get_close_matches(name, list(WORDS), 2, 0.5)
    return (
        _("近いもの：%(names)s") % {"names": "、".join(near)}
        if near
        else _("使える項目の一覧から選んでください。")
    )


def _relative(argument: str) -> bool:
    return re.fullmatch(r"[+-]?[0-9]{1,2}", argument) is not None


def year_of(argument: str, about: About) -> int | None:
    """The fiscal year that an argument names; None where it names none."""
    if not argument:
        return None
    return about.year + int(argument) if _relative(argument) else FiscalYear.parse(argument).year


def year_name(year: int) -> str:
    """令和6年度."""
    return FiscalYear(year).wareki


def span_name(years: Sequence[int]) -> str:
    """Years that follow one another in short: 令和7～9年度, 令和7年度."""
    first, last = year_name(years[0]), year_name(years[-1])
    if first == last:
        return first
    era = re.match(r"\D+", first)
    same = era is not None and last.startswith(era[0])
    return f"{first.removesuffix('年度')}～{last.removeprefix(era[0]) if same and era else last}"


# --- what a row says ---------------------------------------------------------------------------------------------------


def _text(key: str) -> Callable[[Entry, str], str]:
    return lambda entry, _argument: joined(entry.form["texts"].get(key, ""))


def offices(form: Form, *roles: str) -> tuple[str, ...]:
    """Names of the offices with these roles (all without any), the leading one first."""
    named = [one for one in form["offices"] if one["name"] and (not roles or one["role"] in roles)]
    named.sort(key=lambda one: one["role"] != "lead")
    return tuple(dict.fromkeys(one["name"] for one in named))


def _all_offices(entry: Entry, _argument: str) -> str:
    group = [] if not any(one["role"] == "group" for one in entry.form["offices"]) else ["関係各課"]
    return "、".join(dict.fromkeys([*offices(entry.form), *group]))


def places(form: Form) -> list[Sequence[str]]:
    """Where an initiative stands, the primary place first."""
    return [one["path"] for one in sorted(form["placements"], key=lambda one: not one["primary"])]


def _codes(entry: Entry, argument: str) -> str:
    """What its places are called at a depth: the codes, one a line, each once."""
    depth = int(argument)
    return "\n".join(path[depth - 1] for path in places(entry.form) if len(path) >= depth)


def _named(entry: Entry, argument: str) -> str:
    """Code and title of the primary place at a depth."""
    depth = int(argument)
    path = next(iter(places(entry.form)), ())
    return node_name(path[:depth], entry.about.names) if len(path) >= depth else ""


def node_name(path: Sequence[str], names: NodeNames) -> str:
    """Code and title of a node: ア 市民サービスの向上; one of the two where they are the same."""
    if not path:
        return ""
    return " ".join(dict.fromkeys(filter(None, (path[-1], names.get(tuple(path), "")))))


def flags(form: Form) -> str:
    """新規・重点."""
    return "・".join(_FLAGS.get(one, one) for one in form["flags"])


def _items(entry: Entry, _argument: str) -> str:
    lines = []
    for one in entry.form["items"]:
        named = f"（{'、'.join(one['offices'])}）" if one["offices"] else ""
        lines.append(f"{' '.join(filter(None, (one['number'], one['text'])))}{named}")
    return "\n".join(lines)


def _stages(entry: Entry, argument: str) -> str:
    stages: Mapping[str, str] = entry.form["stages"]
    year = year_of(argument, entry.about)
    if year is not None:
        return stages.get(str(year), "")
    return staged(stages, sorted(stages))


def _later(entry: Entry, _argument: str) -> str:
    stages: Mapping[str, str] = entry.form["stages"]
    later = [year for year in sorted(stages) if int(year) > entry.about.year]
    texts = {stages[year] for year in later}
    # One text over all of the years needs no year before it.
    return texts.pop() if len(texts) == 1 and len(later) > 1 else staged(stages, later)


def staged(stages: Mapping[str, str], years: Sequence[str]) -> str:
    """The stages of some years, those of one text together: 令和7～8年度 構築."""
    runs: list[tuple[list[int], str]] = []
    for year in years:
        if runs and runs[-1][1] == stages[year] and runs[-1][0][-1] == int(year) - 1:
            runs[-1][0].append(int(year))
        else:
            runs.append(([int(year)], stages[year]))
    return "\n".join(f"{span_name(run)} {text}".strip() for run, text in runs)


def _indicator_names(entry: Entry, _argument: str) -> str:
    return "\n".join(
        " ".join(filter(None, (one["number"], one["name"].removeprefix(one["number"] or "").strip())))
        for one in entry.form["indicators"]
    )


def _units(entry: Entry, _argument: str) -> str:
    units = [one["unit"] or "" for one in entry.form["indicators"]]
    return "\n".join(one or NONE for one in units) if any(units) else ""


def figure(indicator: Form, kind: str, year: int | None) -> Form | None:
    """The value of a kind as it stands now: of a year, or the newest one; the last of its revisions."""
    own = [
        one for one in indicator["values"] if one["kind"] == kind and (year is None or one["year"] == year)
    ]
    return max(own, key=lambda one: (one["year"] or 0, one["revision"]), default=None)


def printed(value: Form, indicator: Form) -> str:
    """A value as the document prints it, with what tells that it is not final."""
    raw: str = value["raw"]
    number = indicator["number"] or ""
    lead = "" if not number or raw.startswith(number) else number
    status = _STATUSES.get(value["status"] or "", "")
    told = f"（{status}）" if status and status not in raw else ""
    return f"{lead}{raw}{told}"


def _figures(kind: str) -> Callable[[Entry, str], str]:
    def read(entry: Entry, argument: str) -> str:
        year = year_of(argument, entry.about)
        found = [(one, figure(one, kind, year)) for one in entry.form["indicators"]]
        if not any(value for _one, value in found):
            return ""
        return "\n".join(
            printed(value, one) if value else f"{one['number'] or ''}{NONE}" for one, value in found
        )

    return read


def _numbers(kind: str) -> Callable[[Entry, str], str]:
    def read(entry: Entry, argument: str) -> str:
        year = year_of(argument, entry.about)
        found = [figure(one, kind, year) for one in entry.form["indicators"]]
        return "\n".join(value["number"] for value in found if value and value["number"])

    return read


def _tags(entry: Entry, argument: str) -> str:
    return "、".join(entry.form["tags"].get(argument, ()))


def _more(entry: Entry, argument: str) -> str:
    found = entry.form.get("more", {}).get(argument)
    return "" if found is None else str(found)


def _span(about: About, _argument: str) -> str:
    return span_name([about.head["plan"]["first_year"], about.head["plan"]["last_year"]])


def _year(about: About, argument: str) -> str:
    return year_name(year_of(argument, about) or about.year)


def _later_span(about: About, _argument: str) -> str:
    last = about.head["plan"]["last_year"]
    return span_name([about.year + 1, last]) if last > about.year else year_name(about.year)


_ALL: Final[tuple[Word, ...]] = (
    Word("number", "番号", "4、2-1", row=lambda entry, _a: entry.form["number"]),
    Word("title", "取組名", "電子申請の拡大", row=lambda entry, _a: entry.form["title"]),
    Word("kind", "区別", "推進・運用", row=lambda entry, _a: _KINDS.get(entry.form["kind"] or "", "")),
    Word("offices", "担当部署", "名前の全部。主管課が先", row=_all_offices),
    Word(
        "offices.lead", "主管課", "主管の課だけ", row=lambda entry, _a: "、".join(offices(entry.form, "lead"))
    ),
    Word(
        "offices.related",
        "関係課",
        "主管でない課",
        row=lambda entry, _a: "、".join(offices(entry.form, "related")),
    ),
    Word("flags", "印", "新規・重点・完了など", row=lambda entry, _a: flags(entry.form)),
    Word(
        "flags.new",
        "新規",
        "新規の取組にだけ「新規」",
        row=lambda entry, _a: "新規" if "new" in entry.form["flags"] else "",
    ),
    Word("mark", "新規再掲", "概要の表の印（新規・再掲・移行）", row=lambda entry, _a: entry.mark),
    Word("place", "位置", "{{位置:1}} 1つめの階層の記号。再掲の先も", "depth", row=_codes),
    Word("place.name", "位置名", "{{位置名:2}} 2つめの階層の記号と名称", "depth", row=_named),
    Word("texts.purpose", "目的", "目的及び概要", row=_text("purpose")),
    Word("texts.issue", "現状と課題", "", row=_text("issue")),
    Word("texts.approach", "取組の内容", "取組計画、取組方針", row=_text("approach")),
    Word("texts.effect", "期待される効果", "", row=_text("effect")),
    Word("texts.target_state", "目指す姿", "取組目標", row=_text("target_state")),
    Word("texts.result", "取組の結果", "", row=_text("result")),
    Word("texts.schedule_past", "これまでの経過", "", row=_text("schedule_past")),
    Word("texts.schedule", "今後の予定", "", row=_text("schedule")),
    Word("items", "主な取組", "①…②…を1行ずつ", row=_items),
    Word("stages", "工程", "{{工程}} 全部、{{工程:令和7年度}}、{{工程:+1}}", "year", row=_stages),
    Word("stages.later", "次年度以降の工程", "版の年度より後の工程をまとめたもの", row=_later),
    Word("progress", "進捗状況", "順調", row=lambda entry, _a: entry.form["progress"] or ""),
    Word("indicators.name", "指標名", "指標が複数のときは1行に1つ", row=_indicator_names),
    Word("indicators.unit", "単位", "", row=_units),
    Word(
        "indicators.baseline", "現状値", "{{現状値}}、{{現状値:令和5年度}}", "year", row=_figures("baseline")
    ),
    Word("indicators.target", "目標値", "{{目標値}}、{{目標値:0}} 版の年度", "year", row=_figures("target")),
    Word(
        "indicators.actual",
        "実績値",
        "{{実績値}} 最新、{{実績値:-1}} 前の年度",
        "year",
        row=_figures("actual"),
    ),
    Word(
        "indicators.baseline.number",
        "現状値の数",
        "単位のない数だけ。式で計算するとき",
        "year",
        row=_numbers("baseline"),
        counted=True,
    ),
    Word("indicators.target.number", "目標値の数", "同じ", "year", row=_numbers("target"), counted=True),
    Word("indicators.actual.number", "実績値の数", "同じ", "year", row=_numbers("actual"), counted=True),
    Word("tags", "タグ", "{{タグ:SDGs}}", "name", row=_tags),
    Word("more", "追加項目", "{{追加項目:名前}} この市が足した項目", "name", row=_more),
    Word("plan.title", "計画名", "", plan=lambda about, _a: about.head["plan"]["title"]),
    Word("plan.edition", "版", "令和6年度版", plan=lambda about, _a: about.head["plan"]["edition"] or ""),
    Word("plan.span", "計画期間", "令和6～9年度", plan=_span),
    Word("plan.later", "次年度以降", "令和7～9年度", plan=_later_span),
    Word("year", "年度", "版の年度。{{年度:-1}} 前の年度", "year", plan=_year),
    Word("municipality", "自治体名", "", plan=lambda about, _a: about.head["municipality"]["name"]),
    Word("day", "作成日", "冊子を作った日", plan=lambda about, _a: about.day),
    Word("count", "件数", "表の取組の件数", plan=lambda about, _a: f"{about.count:,}", counted=True),
)
WORDS: Final[Mapping[str, Word]] = {name: word for word in _ALL for name in (word.key, word.name)}
"""Every word by its key and by its Japanese name."""


def vocabulary() -> Iterable[Word]:
    """Every word once, in the order in which the desk lists them."""
    return _ALL
