"""Whether the figures of a source can be those of an indicator: unit against unit, aggregation against aggregation. Pure.

What differs is told; refused is only what makes no sense (a count for a share, hours for yen, a number for a word).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.kernel.text import compact
from yakuba.services.plan import labels
from yakuba.services.plan.rows import Form

Dimension = Literal["share", "money", "time", "count", "words", ""]
"""What kind of quantity a figure is; empty: nothing tells it."""

DIMENSIONS: Final[Mapping[str, str | Promise]] = {
    "share": gettext_lazy("割合"),
    "money": gettext_lazy("金額"),
    "time": gettext_lazy("時間"),
    "count": gettext_lazy("数"),
    "words": gettext_lazy("言葉"),
}
_UNITS: Final[Mapping[str, Dimension]] = {
    **dict.fromkeys(("%", "パーセント", "ポイント", "割", "‰"), "share"),
    **dict.fromkeys(("円", "千円", "万円", "百万円", "億円"), "money"),
    **dict.fromkeys(("秒", "分", "時間", "日", "営業日", "週", "週間", "か月", "ヶ月", "カ月", "月", "年"), "time"),
}  # fmt: skip
# Words for «how many» that plans use for one another.
_PLAIN: Final = frozenset({"件", "件数", "個", "回", "数"})
_PERSONS: Final = frozenset({"人", "名", "者"})
_SPACES: Final = frozenset({"か所", "ヶ所", "カ所", "箇所", "ヵ所", "所"})
_SAME: Final = (_PLAIN, _PERSONS, _SPACES, frozenset({"年", "年間"}), frozenset({"種類", "種"}))
# The unit behind the first number of a printed value: 「②75手続」, 「約50名」.
_PRINTED: Final = re.compile(r"[0-9][0-9,.]*\s*([^\s0-9,.、。（）()：:※]{1,8})")


_SHARE_NAME: Final = re.compile(r"(?:割合|率)(?:[（(].*)?$")
"""How a share is called whose values say nothing of it yet: 普及率, オンライン予約の割合（％）."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What of a source matters for whether it fits: its unit and its aggregation."""

    unit: str
    aggregation: str


@dataclass(frozen=True, slots=True)
class Fit:
    """``refusal``: why it makes no sense, empty where it does. ``cautions``: what differs. ``same_unit``: word for word, or one for another."""

    refusal: str = ""
    cautions: tuple[str, ...] = ()
    same_unit: bool = False
    same_aggregation: bool = False


def unit_of(indicator: Form) -> str:
    """The indicator's unit: its own, else the one that stands behind its newest printed number; empty where none does."""
    if indicator["unit"]:
        return compact(indicator["unit"])
    for value in reversed(indicator["values"]):
        if value["number"] is not None and (found := _PRINTED.search(compact(value["raw"]))):
            return found[1]
    return ""


def dimension_of(indicator: Form) -> Dimension:
    """What kind of quantity an indicator is: told by its unit, else by its name, else by what its values are."""
    values = indicator["values"]
    if indicator["aggregation"] == "state":
        return "words"
    if indicator["aggregation"] == "ratio":
        return "share"
    unit = unit_of(indicator)
    if unit:
        return dimension_of_unit(unit)
    if _SHARE_NAME.search(compact(indicator["name"])):
        return "share"
    if any(one["number"] is not None for one in values):
        return "count"
    return "words" if any(one["state"] for one in values) else ""


def dimension_of_unit(unit: str) -> Dimension:
    """The same of a unit alone; a word that is no other kind counts something."""
    return _UNITS.get(compact(unit), "count") if unit else ""


def dimension_of_measure(measure: Measure) -> Dimension:
    """The same of a source's figures."""
    if measure.aggregation == "state":
        return "words"
    if measure.aggregation == "ratio":
        return "share"
    return dimension_of_unit(measure.unit)


def same_unit(one: str, other: str) -> bool:
    """Whether two units are one: as printed, or words that plans use for one another (件 and 回, 人 and 名)."""
    first, second = compact(one), compact(other)
    if first == second:
        return bool(first)
    return any(first in group and second in group for group in _SAME)


def fit(indicator: Form, measure: Measure) -> Fit:
    """Whether a source can give the indicator's figures, and what is to be said of it."""
    own, other = dimension_of(indicator), dimension_of_measure(measure)
    unit = unit_of(indicator)
    if own and other and own != other:
        text = _("この指標は「%(own)s」で、計測値は「%(other)s」です。比べられません。")
        return Fit(text % {"own": _words(own, unit), "other": _words(other, measure.unit)})
    if own in ("money", "time") and unit and measure.unit and not same_unit(unit, measure.unit):
        text = _(
            "この指標の単位は「%(own)s」、計測値の単位は「%(other)s」です。計算式で単位をそろえてください。"
        )
        return Fit(text % {"own": unit, "other": measure.unit})
    cautions = []
    alike = same_unit(unit, measure.unit)
    if own == "count" and unit and measure.unit and not alike:
        text = _("単位が違います。指標は「%(own)s」、計測値は「%(other)s」です。")
        cautions.append(text % {"own": unit, "other": measure.unit})
    aggregation = indicator["aggregation"] or ""
    if aggregation and measure.aggregation and aggregation != measure.aggregation:
        text = _("集計が違います。指標は「%(own)s」、計測値は「%(other)s」です。")
        names = labels.AGGREGATIONS
        cautions.append(
            text % {"own": labels.of(names, aggregation), "other": labels.of(names, measure.aggregation)}
        )
    return Fit("", tuple(cautions), alike, bool(aggregation) and aggregation == measure.aggregation)


def _words(dimension: Dimension, unit: str) -> str:
    name = str(DIMENSIONS[dimension])
    return f"{name}（{unit}）" if unit and dimension != "words" else name
