"""What the document is silent about and a person has to say: questions in groups, each with a suggestion and its reason. Pure.

Nothing is ever answered by itself: a suggestion stands beside the field, and somebody chooses.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.kernel.dates import FiscalYear
from yakuba.services.plan import labels, words
from yakuba.services.plan.paths import Form
from yakuba.services.plan.reading.values import read_value

Row = tuple[UUID, Form]
_AVERAGE: Final = re.compile(r"平均|あたり|当たり")
_RATIO: Final = re.compile(r"[率割]合?$|率|割合|比率|シェア")
_SUM: Final = re.compile(r"累計|累積|延べ|のべ|通算")
_YEARLY: Final = re.compile(r"年間|年度計|1年|年当たり")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An answer that the rest of the row speaks for, and why."""

    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Question:
    """One open point. ``targets`` are the cells that an answer fills, of one initiative or of all that share a word."""

    key: str
    targets: tuple[tuple[UUID, str], ...]
    number: str
    title: str
    what: str
    context: str
    part: str
    """The part whose form answers it, too."""
    suggestion: Suggestion | None = None
    places: int = 1
    """How many initiatives it stands for."""


@dataclass(frozen=True, slots=True)
class Group:
    """A kind of question: what it is called, what it asks, and how it is answered."""

    key: str
    title: labels.Text
    lead: labels.Text
    find: Callable[[Sequence[Row]], Iterator[Question]]
    codes: dict[str, labels.Text] | None = None
    """The answers to choose from; None where it is typed."""
    hint: labels.Text = ""


def _per_indicator(
    rows: Sequence[Row],
    leaf: str,
    open_: Callable[[Form], bool],
    suggest: Callable[[Form], Suggestion | None],
) -> Iterator[Question]:
    for identity, form in rows:
        for index, indicator in enumerate(form["indicators"]):
            if indicator.get(leaf) or not open_(indicator):
                continue
            path = f"indicators[{index}].{leaf}"
            yield Question(
                f"{identity}:{path}",
                ((identity, path),),
                form["number"],
                form["title"],
                words.thing(f"indicators[{index}]", indicator),
                _series(indicator),
                "indicators",
                suggest(indicator),
            )


def _series(indicator: Form) -> str:
    """The newest values of an indicator in a line: 令和6年度 実績値 57手続 → …"""
    newest = {
        (one["year"] or 0, one["kind"] == "target", one["kind"]): one
        for one in sorted(indicator["values"], key=lambda one: int(one["revision"]))
    }
    shown = [newest[key] for key in sorted(newest)][-4:]
    return " → ".join(words.thing("values[0]", {**one, "revision": 0}) for one in shown)


def _figures(indicator: Form, kinds: Sequence[str]) -> list[Decimal]:
    found = [one for one in indicator["values"] if one["kind"] in kinds and one["number"] is not None]
    found.sort(key=lambda one: (one["year"] or 0, one["revision"]))
    return [Decimal(one["number"]) for one in found]


def _states(indicator: Form) -> list[str]:
    return list(dict.fromkeys(one["state"] for one in indicator["values"] if one["state"]))


def _direction(indicator: Form) -> Suggestion | None:
    now, goal = _figures(indicator, ("actual", "baseline")), _figures(indicator, ("target",))
    if now and goal:
        if goal[-1] > now[-1]:
            return Suggestion("increase", _("目標が今の値より大きい"))
        if goal[-1] < now[-1]:
            return Suggestion("decrease", _("目標が今の値より小さい"))
        return Suggestion("maintain", _("目標が今の値と同じ"))
    if _states(indicator):
        return Suggestion("reach", _("値が言葉で書かれている"))
    return None


def _aggregation(indicator: Form) -> Suggestion | None:
    name, unit = indicator["name"], indicator["unit"] or ""
    if _states(indicator) and not _figures(indicator, ("actual", "baseline", "target")):
        return Suggestion("state", _("値が言葉で書かれている"))
    if _AVERAGE.search(name):
        return Suggestion("average", _("指標名に「平均」などがある"))
    if unit in ("%", "％") or _RATIO.search(name) or any(one["denominator"] for one in indicator["values"]):
        return Suggestion("ratio", _("単位や指標名が割合を表している"))
    printed = name + " ".join(one["raw"] for one in indicator["values"])
    if _SUM.search(printed):
        return Suggestion("cumulative", _("「累計」「延べ」などの言葉がある"))
    if _YEARLY.search(printed):
        return Suggestion("year_total", _("「年間」などの言葉がある"))
    return None


def _bound(indicator: Form) -> Suggestion | None:
    goal = next((one for one in reversed(indicator["values"]) if one["kind"] == "target"), None)
    if goal is None:
        return None
    printed = read_value(goal["raw"], indicator["name"]).bound
    if printed:
        return Suggestion(printed, _("目標に「%(raw)s」と書かれている") % {"raw": goal["raw"][:40]})
    if indicator["direction"] == "increase":
        return Suggestion("at_least", _("増やす指標なので"))
    if indicator["direction"] == "decrease":
        return Suggestion("at_most", _("減らす指標なので"))
    return None


def _unit(indicator: Form) -> Suggestion | None:
    units = {read_value(one["raw"], indicator["name"]).unit for one in indicator["values"]} - {None}
    found = units.pop() if len(units) == 1 else None
    return Suggestion(found, _("値に「%(unit)s」と書かれている") % {"unit": found}) if found else None


def _order(indicator: Form) -> Suggestion | None:
    used = _states(indicator)
    if len(used) < 2 or any(word not in labels.STATES for word in used):
        return None
    return Suggestion("＜".join(sorted(used, key=labels.STATES.index)), _("よくある順"))


def _of_values(
    rows: Sequence[Row],
    leaf: str,
    open_: Callable[[Form], bool],
    suggest: Callable[[Form], Suggestion | None],
) -> Iterator[Question]:
    for identity, form in rows:
        for index, indicator in enumerate(form["indicators"]):
            for place, value in enumerate(indicator["values"]):
                if value[leaf] is not None or not value["raw"] or not open_(value):
                    continue
                path = f"indicators[{index}].values[{place}].{leaf}"
                yield Question(
                    f"{identity}:{path}",
                    ((identity, path),),
                    form["number"],
                    form["title"],
                    words.thing(f"indicators[{index}]", indicator),
                    words.thing("values[0]", value),
                    f"indicators[{index}].values",
                    suggest(value),
                )


def _status(value: Form) -> Suggestion | None:
    if "見込" in value["raw"]:
        return Suggestion("provisional", _("値に「見込」と書かれている"))
    if value["as_of"] and value["year"]:
        day = dt.date.fromisoformat(value["as_of"])
        if day < dt.date(value["year"] + 1, 3, 31):
            return Suggestion("provisional", _("時点が年度末より前"))
    return None


def _year(value: Form) -> Suggestion | None:
    if not value["as_of"]:
        return None
    year = FiscalYear.of(dt.date.fromisoformat(value["as_of"]))
    return Suggestion(year.wareki, _("時点がその年度に入る"))


def _meanings(rows: Sequence[Row]) -> Iterator[Question]:
    """One question a word: what it means holds for every row that uses it."""
    open_: dict[str, list[Row]] = {}
    for row in rows:
        if row[1]["progress"] and not row[1]["progress_meaning"]:
            open_.setdefault(row[1]["progress"], []).append(row)
    for word, using in open_.items():
        meant = labels.meaning_of(word)
        yield Question(
            f"meaning:{word}",
            tuple((identity, "progress_meaning") for identity, _form in using),
            using[0][1]["number"],
            using[0][1]["title"],
            _("「%(word)s」") % {"word": word},
            "、".join(form["title"] for _identity, form in using[:3]),
            "head",
            Suggestion(meant, _("よくある意味")) if meant else None,
            len(using),
        )


def _per_row(rows: Sequence[Row], path: str, open_: Callable[[Form], bool]) -> Iterator[Question]:
    for identity, form in rows:
        if open_(form):
            yield Question(
                f"{identity}:{path}",
                ((identity, path),),
                form["number"],
                form["title"],
                "",
                " › ".join(form["placements"][0]["path"]) if form["placements"] else "",
                path,
            )


def _number_without_unit(indicator: Form) -> bool:
    return bool(_figures(indicator, ("actual", "baseline", "target")))


GROUPS: Final[tuple[Group, ...]] = (
    Group(
        "direction",
        gettext_lazy("望ましい向き"),
        gettext_lazy(
            "値が大きくなるとよいのか、小さくなるとよいのか。進み具合の見せ方と、ほかの市との比較に使います。"
        ),
        lambda rows: _per_indicator(rows, "direction", lambda one: bool(one["values"]), _direction),
        labels.DIRECTIONS,
    ),
    Group(
        "aggregation",
        gettext_lazy("集計"),
        gettext_lazy(
            "1年間の合計か、足し続ける累計か、ある時点の数か。同じ数え方の市どうしを比べるために使います。"
        ),
        lambda rows: _per_indicator(rows, "aggregation", lambda one: bool(one["values"]), _aggregation),
        labels.AGGREGATIONS,
    ),
    Group(
        "bound",
        gettext_lazy("目標の範囲"),
        gettext_lazy("目標値は「以上」なのか「以内」なのか。達成したかどうかの判断に使います。"),
        lambda rows: _per_indicator(rows, "bound", lambda one: bool(_figures(one, ("target",))), _bound),
        labels.BOUNDS,
    ),
    Group(
        "unit",
        gettext_lazy("単位"),
        gettext_lazy("数で書かれた値の単位です。"),
        lambda rows: _per_indicator(rows, "unit", _number_without_unit, _unit),
        hint=gettext_lazy("例：件、人、%"),
    ),
    Group(
        "definition",
        gettext_lazy("数え方"),
        gettext_lazy("何を、いつ、どこまで数えるか。担当が替わっても同じように数えるために書きます。"),
        lambda rows: _per_indicator(rows, "definition", lambda one: bool(one["values"]), lambda _one: None),
        hint=gettext_lazy("例：年度末に受付中の手続。書面との併用を含む。"),
    ),
    Group(
        "states",
        gettext_lazy("言葉の順"),
        gettext_lazy("「検討」「試行」「実施」のような言葉を、低い方から順に「＜」でつなぎます。"),
        lambda rows: _per_indicator(rows, "states", lambda one: len(_states(one)) > 1, _order),
        hint=gettext_lazy("例：検討＜試行＜実施"),
    ),
    Group(
        "year",
        gettext_lazy("値の年度"),
        gettext_lazy("どの年度の値かが書かれていないものです。"),
        lambda rows: _of_values(rows, "year", lambda _one: True, _year),
        hint=gettext_lazy("例：R8"),
    ),
    Group(
        "status",
        gettext_lazy("値の確度"),
        gettext_lazy("実績値が、見込なのか、速報なのか、確定なのか。"),
        lambda rows: _of_values(
            rows, "status", lambda one: one["kind"] == "actual" and one["number"] is not None, _status
        ),
        labels.STATUSES,
    ),
    Group(
        "meaning",
        gettext_lazy("進捗の言葉の意味"),
        gettext_lazy("市の言葉が、共通の意味のどれに当たるか。同じ言葉を使うすべての取組に当てはまります。"),
        _meanings,
        labels.MEANINGS,
    ),
    Group(
        "lead",
        gettext_lazy("主管の課"),
        gettext_lazy("主管の課が書かれていない取組です。"),
        lambda rows: _per_row(
            rows, "offices", lambda one: all(office["role"] != "lead" for office in one["offices"])
        ),
        hint=gettext_lazy("計画書に書く名前のまま"),
    ),
    Group(
        "place",
        gettext_lazy("計画の中の位置"),
        gettext_lazy("どの目標や施策の下にあるかが書かれていない取組です。"),
        lambda rows: _per_row(rows, "placements", lambda one: not one["placements"]),
    ),
)


def group(key: str) -> Group:
    """A group by its key. KeyError where there is none."""
    return {one.key: one for one in GROUPS}[key]


def counts(rows: Sequence[Row]) -> dict[str, int]:
    """How many questions of each group are open."""
    return {one.key: sum(1 for _question in one.find(rows)) for one in GROUPS}


def total(rows: Sequence[Row]) -> int:
    """How many questions are open."""
    return sum(counts(rows).values())
