"""What of a review is asked about before it goes on: by rule, never a refusal. Pure.

A question is answered by changing what it is about, or by 「このままでよい」 with a reason; the reason is kept with a mark of what
was asked, so that other figures ask again. What *has to* be filled in is :func:`missing`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.text import compact
from yakuba.services.plan.lateness import LATE
from yakuba.services.plan.measured.beside import Beside, gap_of
from yakuba.services.plan.rows import Form
from yakuba.services.plan.year import figures

Shape = Literal["figures", "plain", "operate", "final"]
"""Which form asks for a review: with figures; of an initiative without KPI; of one in operation (運用); of final figures alone."""

KINDS: Final[dict[str, str | Promise]] = {
    "no_actual": gettext_lazy("実績値がない"),
    "not_renewed": gettext_lazy("達成した目標がそのまま"),
    "deadline": gettext_lazy("期限までに届かない"),
    "same_text": gettext_lazy("昨年と同じ文章"),
    "cumulative": gettext_lazy("年度計と累計"),
    "denominator": gettext_lazy("分母が変わった"),
    "tenfold": gettext_lazy("けたが違う"),
    "contradicts": gettext_lazy("言葉と数が合わない"),
    "not_final": gettext_lazy("見込のまま"),
    "differs": gettext_lazy("計測値と違う"),
    "unproven": gettext_lazy("根拠がない"),
}
_GOOD: Final = frozenset({"on_track", "completed"})
# Words after which the office has to say why.
_EXPLAINED: Final = LATE | {"changed", "not_started"}
_TENFOLD: Final = Decimal(10)
_DENOMINATOR: Final = Decimal("0.2")
"""By what part of last year's a denominator may move before it is asked about."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an office answers. By the indicator's place and in the plan's own form: the values of the judged year, next year's targets."""

    result: str = ""
    progress: str = ""
    meaning: str = ""
    progress_reason: str = ""
    self_rating: str = ""
    next_action: str = ""
    next_reason: str = ""
    merge_into: str = ""
    actuals: Mapping[int, Form] = field(default_factory=dict)
    next_targets: Mapping[int, Form] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked: its kind, what it is about (``result``, ``indicators[0]`` …), in words; ``mark`` names the facts."""

    code: str
    about: str
    text: str
    mark: str

    @property
    def label(self) -> str:
        """Its kind in a few words."""
        return str(KINDS[self.code])


def shape_of(form: Form, phase: str) -> Shape:
    """Which form an initiative's review has in a phase of the year."""
    if phase == "final":
        return "final"
    if form["kind"] == "operate":
        return "operate"
    return "figures" if form["indicators"] else "plain"


def missing(form: Form, answer: Answer, phase: str) -> list[str]:
    """What has to be filled in before the answer can be handed in, each in a sentence."""
    return list(_missing(answer, shape_of(form, phase)))


def _missing(answer: Answer, shape: Shape) -> Iterator[str]:
    if shape == "final":
        return
    if not answer.result.strip():
        yield _("取組の結果が書かれていません。")
    if shape != "operate" and not answer.progress.strip():
        yield _("進捗状況が選ばれていません。")
    if answer.meaning in _EXPLAINED and not answer.progress_reason.strip():
        yield _("進捗状況が「%(word)s」の理由が書かれていません。") % {"word": answer.progress}
    if not answer.next_action:
        yield _("来年度の方針が選ばれていません。")
    if answer.next_action not in ("", "continue") and not answer.next_reason.strip():
        yield _("来年度の方針の理由が書かれていません。")
    if answer.next_action == "merge" and not answer.merge_into:
        yield _("どの取組に統合するかが選ばれていません。")


def questions(
    form: Form,
    answer: Answer,
    *,
    year: int,
    phase: str,
    last_result: str = "",
    measured: Mapping[int, Beside] = MappingProxyType({}),
    unproven: Collection[int] = (),
) -> list[Question]:
    """What a review is asked about. ``form``: the initiative as the plan has it; ``last_result``: last year's text of the result.

    ``measured``: what was measured of its indicators, by their place; ``unproven``: places of those that the office counts itself and
    of which neither a word nor a file shows how.
    """
    found: list[Question] = []
    for place, indicator in enumerate(form["indicators"]):
        actual = answer.actuals.get(place) or figures.newest(indicator, "actual", year)
        ahead = answer.next_targets.get(place)
        about = f"indicators[{place}]"
        found += _of_indicator(indicator, about, actual, ahead, answer, year=year, phase=phase)
        if place in measured:
            found += _against_measured(indicator, about, actual, measured[place])
        if place in unproven and actual is not None and figures.says(actual) and place in answer.actuals:
            text = _(
                "「%(name)s」は担当課が数える指標です。値「%(raw)s」の根拠も資料もありません。何を見て数えましたか。"
            )
            facts = {"name": indicator["name"], "raw": actual["raw"]}
            found.append(_question("unproven", f"{about}.evidence", text % facts, actual["raw"]))
    if phase == "final":
        return found
    if last_result and compact(last_result) == compact(answer.result):
        text = _("取組の結果が昨年と同じ文章です。この1年のことが書かれていますか。")
        found.append(_question("same_text", "result", text, answer.result))
    found += _of_stages(form, answer, year)
    return found


def _of_indicator(
    indicator: Form,
    about: str,
    actual: Form | None,
    ahead: Form | None,
    answer: Answer,
    *,
    year: int,
    phase: str,
) -> Iterator[Question]:
    name = indicator["name"]
    target = figures.target_for(indicator, year)
    before = figures.actual_before(indicator, year)
    if not figures.says(actual):
        if target is not None or before is not None:
            text = _("「%(name)s」の%(year)sの実績値がありません。まだ分からないのはなぜですか。")
            facts = {"name": name, "year": FiscalYear(year).wareki}
            yield _question("no_actual", about, text % facts, actual["raw"] if actual else "")
        return
    assert actual is not None  # it says something  # noqa: S101
    yield from _against_before(indicator, about, actual, before)
    if phase == "final":
        if actual["status"] in ("provisional", "preliminary"):
            text = _("「%(name)s」の値は、まだ確定していません。確定するのはいつですか。")
            yield _question("not_final", about, text % {"name": name}, actual["raw"], actual["status"])
        return
    yield from _against_target(indicator, about, actual, target, ahead, answer, year)
    if before is not None and before["year"] == year - 1 and before["status"] == "provisional":
        text = _("「%(name)s」の%(year)sの値「%(raw)s」が見込のままです。確定しましたか。")
        facts = {"name": name, "year": FiscalYear(year - 1).wareki, "raw": before["raw"]}
        yield _question("not_final", f"{about}.before", text % facts, before["raw"])


def _against_before(indicator: Form, about: str, actual: Form, before: Form | None) -> Iterator[Question]:
    here, was = figures.number(actual), figures.number(before)
    facts = {
        "name": indicator["name"],
        "was": before["raw"] if before else "",
        "now": actual["raw"],
    }
    marks = (facts["was"], facts["now"])
    if here is not None and was is not None:
        if here and was and (abs(here) >= abs(was) * _TENFOLD or abs(was) >= abs(here) * _TENFOLD):
            text = _(
                "「%(name)s」が前の値「%(was)s」から「%(now)s」になり、10倍以上違います。けたや単位は合っていますか。"
            )
            yield _question("tenfold", about, text % facts, *marks)
        if indicator["aggregation"] == "cumulative" and here < was:
            text = _(
                "「%(name)s」は累計なのに、前の値「%(was)s」から「%(now)s」に減っています。年度だけの数ではありませんか。"
            )
            yield _question("cumulative", about, text % facts, *marks)
        elif indicator["aggregation"] == "year_total" and _sums_up(indicator, actual):
            text = _(
                "「%(name)s」は1年間の数なのに、「%(now)s」はこれまでの年度の合計より大きい値です。累計ではありませんか。"
            )
            yield _question("cumulative", about, text % facts, *marks)
    whole, whole_was = figures.share(actual), figures.share(before)
    if whole_was and (whole is None or abs(whole - whole_was) > whole_was * _DENOMINATOR):
        facts |= {
            "whole": f"{whole_was.normalize():,f}",
            "whole_now": "―" if whole is None else f"{whole.normalize():,f}",
        }
        text = _(
            "「%(name)s」の分母が前の%(whole)sから%(whole_now)sに変わっています。数える対象は同じですか。"
        )
        yield _question(
            "denominator", f"{about}.denominator", text % facts, facts["whole"], facts["whole_now"]
        )


def _against_measured(
    indicator: Form, about: str, actual: Form | None, measured: Beside
) -> Iterator[Question]:
    gap = gap_of(actual, measured.figure)
    if actual is None or gap is None or gap.kind != "differs":
        return
    facts = {
        "name": indicator["name"],
        "measured": measured.printed,
        "note": measured.note,
        "raw": actual["raw"],
    }
    text = _(
        "「%(name)s」は、計測値が%(measured)s（%(note)s）、報告が「%(raw)s」です。報告のままでよいのはなぜですか。"
    )
    yield _question("differs", f"{about}.measured", text % facts, measured.printed, actual["raw"])


def _sums_up(indicator: Form, actual: Form) -> bool:
    """Whether a year's total is more than all former years' together, of which there are two at least."""
    years = {one["year"] for one in indicator["values"] if one["kind"] == "actual" and one["year"]}
    former = [
        number
        for year in years
        if year < actual["year"] and (number := figures.number(figures.newest(indicator, "actual", year)))
    ]
    here = figures.number(actual)
    return len(former) > 1 and here is not None and here >= sum(former)


def _against_target(
    indicator: Form,
    about: str,
    actual: Form,
    target: Form | None,
    ahead: Form | None,
    answer: Answer,
    year: int,
) -> Iterator[Question]:
    done = figures.reached(indicator, actual, target)
    if target is None or done is None:
        return
    facts = {"name": indicator["name"], "target": target["raw"], "now": actual["raw"]}
    marks = (target["raw"], actual["raw"], ahead["raw"] if ahead else "", answer.next_action, answer.meaning)
    ahead_of_it = [
        *([ahead] if ahead is not None else []),
        *(
            figures.newest(indicator, "target", one["year"])
            for one in indicator["values"]
            if one["kind"] == "target" and (one["year"] or 0) > year
        ),
    ]
    later = [one for one in ahead_of_it if figures.reached(indicator, actual, one) is not True]
    goes_on = answer.next_action in ("continue", "postpone")
    if done and goes_on and not later and indicator["direction"] != "maintain":
        text = _(
            "「%(name)s」は目標「%(target)s」に届いています（%(now)s）。来年度の目標を改めなくてよいですか。"
        )
        yield _question("not_renewed", about, text % facts, *marks)
    if not done and goes_on and (target["year"] or year) <= year and not later:
        text = _(
            "「%(name)s」は目標「%(target)s」の年度のうちに届いていません（%(now)s）。いつまでに届かせますか。"
        )
        yield _question("deadline", about, text % facts, *marks)
    facts |= {"word": answer.progress}
    own = target["year"] == year
    if own and not done and answer.meaning in _GOOD:
        text = _(
            "進捗状況は「%(word)s」ですが、「%(name)s」は目標「%(target)s」に届いていません（%(now)s）。"
        )
        yield _question("contradicts", about, text % facts, *marks)
    elif answer.meaning in _GOOD and figures.worse(indicator, actual, figures.actual_before(indicator, year)):
        text = _("進捗状況は「%(word)s」ですが、「%(name)s」は前の値より悪くなっています（%(now)s）。")
        yield _question("contradicts", about, text % facts, *marks)
    elif own and done and answer.meaning in LATE:
        text = _("進捗状況は「%(word)s」ですが、「%(name)s」は目標「%(target)s」に届いています（%(now)s）。")
        yield _question("contradicts", about, text % facts, *marks)


def _of_stages(form: Form, answer: Answer, year: int) -> Iterator[Question]:
    """An initiative without figures whose last planned year has come, and that is to go on as it is."""
    years = [int(one) for one in form["stages"] if one.isdecimal()]
    if form["indicators"] or not years or max(years) > year or answer.next_action != "continue":
        return
    last = form["stages"][str(max(years))]
    text = _("年度別の工程は%(year)sの「%(stage)s」で終わっています。来年度は何をしますか。")
    facts = {"year": FiscalYear(max(years)).wareki, "stage": last}
    yield _question("deadline", "stages", text % facts, last, answer.next_action)


def _question(code: str, about: str, text: str, *facts: str) -> Question:
    told = "\0".join((code, about, *(one or "" for one in facts)))
    return Question(code, about, text, hashlib.sha256(told.encode()).hexdigest()[:16])


def unanswered(asked: Sequence[Question], answered: frozenset[tuple[str, str, str]]) -> list[Question]:
    """Those of the questions that have no answer; ``answered``: (code, about, mark) of each answer that was given."""
    return [one for one in asked if (one.code, one.about, one.mark) not in answered]
