"""What is owed by when, what a file brings beside what is there, and what months come to in a year. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.metrics.models import STATUSES
from yakuba.engines.metrics.periods import Kind, Period
from yakuba.engines.metrics.rules import beyond
from yakuba.engines.metrics.series import spelled
from yakuba.engines.metrics.series.reading import Brought
from yakuba.kernel.dates import FiscalYear

#: How firm a value is; it only grows firmer.
RANKS: Final = {key: rank for rank, (key, _label) in enumerate(STATUSES)}
#: A reminder comes so many days before the day, a day after it, and then each week.
BEFORE: Final = 7
WEEK: Final = 7
_JUMP: Final = 5  # so many times the figure before it: perhaps another unit
Verdict = Literal["new", "same", "firmer", "changed", "refused"]
VERDICTS: Final = (
    ("new", gettext_lazy("新しく入る")),
    ("changed", gettext_lazy("値が変わる")),
    ("firmer", gettext_lazy("確度だけが変わる")),
    ("same", gettext_lazy("同じ（何もしない）")),
    ("refused", gettext_lazy("入れられない")),
)


# --- what is owed -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Plan:
    """When a series is due: its rhythm, the first day from which it counts, days after a period's end, and its end."""

    every: Kind
    first: dt.date
    due_days: int
    ended_on: dt.date | None = None

    def due(self, period: Period) -> dt.date:
        """The day by which a period's value is to be here."""
        return period.last + dt.timedelta(days=self.due_days)

    def over(self, today: dt.date) -> Iterator[Period]:
        """The periods that are over by the clock and for which a value is expected, the oldest first."""
        period = Period.of(self.every, self.first)
        while period.over(today) and (self.ended_on is None or period.last <= self.ended_on):
            yield period
            period = Period.of(self.every, period.last + dt.timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Owed:
    """A period without a value: since when it could be brought, until when it has to be."""

    period: Period
    due: dt.date

    def late(self, today: dt.date) -> int:
        """By how many days it is late; 0 up to its day."""
        return max((today - self.due).days, 0)


def owed(plan: Plan, there: frozenset[Period], today: dt.date) -> list[Owed]:
    """The periods that are over and have no value, the oldest first. A year's value stands for its months too."""
    years = {one.fiscal_year for one in there if one.kind == "year"}
    return [
        Owed(one, plan.due(one))
        for one in plan.over(today)
        if one not in there and not (one.kind == "month" and one.fiscal_year in years)
    ]


def occasion(due: dt.date, today: dt.date) -> dt.date | None:
    """The newest day up to today on which somebody is reminded of a due day, None before the first."""
    if today < due - dt.timedelta(days=BEFORE):
        return None
    if today <= due:
        return due - dt.timedelta(days=BEFORE)
    return due + dt.timedelta(days=1 + ((today - due).days - 1) // WEEK * WEEK)


# --- beside what is there ---------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Standing:
    """The newest value of a period, as it is kept."""

    period: Period
    raw: str = ""
    number: Decimal | None = None
    state: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    status: str = "preliminary"
    revision: int = 0
    version: int = 1
    reason: str = ""
    at: dt.datetime | None = None
    by: str = ""

    def says(self, brought: Brought) -> bool:
        """Whether it says the same."""
        return (
            (self.number, self.state, self.numerator, self.denominator)
            == (brought.number, brought.state, brought.numerator, brought.denominator)
        ) and dict(self.parts) == dict(brought.parts)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beside:
    """A period of a file beside what is there. ``refused`` says why it cannot go in, ``warning`` what somebody should look at."""

    brought: Brought
    before: Standing | None
    verdict: Verdict
    refused: str = ""
    warning: str = ""
    #: A value that was 確定 becomes another: only with a reason.
    reason: bool = False

    @property
    def difference(self) -> Decimal | None:
        """By how much the number changes."""
        if self.before is None or self.before.number is None or self.brought.number is None:
            return None
        return self.brought.number - self.before.number


def firmness(status: str, period: Period, today: dt.date) -> str:
    """How firm a value is that comes in as ``status``: while its period runs, a 速報 is a 見込."""
    return "provisional" if status == "preliminary" and not period.over(today) else status


def beside(
    brought: Sequence[Brought],
    there: Mapping[Period, Standing],
    *,
    status: str,
    plan: Plan,
    today: dt.date,
    aggregation: str = "",
) -> list[Beside]:
    """What would become of each period when all of them come in as ``status``. Of ``ratio`` only what can be a share."""
    found = []
    for one in brought:
        before = there.get(one.period)
        refused = _refused(one, before, status, plan, today, aggregation)
        if refused:
            found.append(Beside(one, before, "refused", refused))
            continue
        verdict: Verdict = "new"
        if before is not None:
            firmer = RANKS[firmness(status, one.period, today)] > RANKS[before.status]
            verdict = "changed" if not before.says(one) else "firmer" if firmer else "same"
        found.append(
            Beside(
                one,
                before,
                verdict,
                warning=one.warning or _jump(one, there, found),
                reason=verdict == "changed" and before is not None and before.status == "final",
            )
        )
    return found


def _refused(
    brought: Brought, before: Standing | None, status: str, plan: Plan, today: dt.date, aggregation: str
) -> str:
    period = brought.period
    if not brought.says:
        return brought.warning or _("値がありません。")
    if beyond(aggregation, brought.number, brought.numerator, brought.denominator):
        return _("率が0%から100%の間にありません。分子と分母の列を確かめてください。")
    if period.first > today:
        return _("まだ始まっていない期間です。")
    if plan.ended_on is not None and period.first > plan.ended_on:
        return _("この数値が終わった後の期間です。")
    if status == "final" and not period.over(today):
        return _("まだ終わっていない期間は、確定にできません。")
    if before is not None and RANKS[before.status] > RANKS[status]:
        if before.says(brought):
            return ""
        names = {key: str(label) for key, label in STATUSES}
        return _("すでに%(now)sの値があります。%(new)sに戻すことはできません。") % {
            "now": names[before.status],
            "new": names[status],
        }
    return ""


def _jump(brought: Brought, there: Mapping[Period, Standing], found: Sequence[Beside]) -> str:
    """Whether a number is many times the one before it: a file in another unit reads well and is wrong."""
    former = brought.period.before
    by_file = next((one.brought.number for one in found if one.brought.period == former), None)
    standing = there.get(former)
    last = by_file if by_file is not None else standing.number if standing else None
    if not last or not brought.number or (last < 0) != (brought.number < 0):
        return ""
    times = brought.number / last
    if times >= _JUMP or times <= Decimal(1) / _JUMP:
        return _("前の期間（%(last)s）と%(times)s倍以上違います。単位や列を確かめてください。") % {
            "last": spelled.text_of(last),
            "times": _JUMP,
        }
    return ""


# --- months to years --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Folded:
    """What months come to: their sum or the last of them, how firm it is, which months it lacks."""

    number: Decimal | None
    state: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    status: str = "provisional"
    version: int = 1
    revision: int = 0
    months: tuple[Standing, ...] = ()
    missing: tuple[Period, ...] = ()
    note: str = ""


def months_of(year: FiscalYear, until: dt.date | None = None) -> list[Period]:
    """The months of a fiscal year, or those of them that end by a day."""
    found = []
    day = year.start
    while day <= year.end:
        month = Period.month(day)
        if until is None or month.last <= until:
            found.append(month)
        day = month.last + dt.timedelta(days=1)
    return found


def folded(
    months: Sequence[Standing], expected: Sequence[Period], *, aggregation: str, fold: str
) -> Folded | None:
    """What the months that are there come to, None of none. Months of the newest definition alone count together.

    Words, levels and running totals are never summed, whatever ``fold`` says: the year's is that of its last month.
    """
    if not months:
        return None
    version = max(one.version for one in months)
    kept = tuple(sorted((one for one in months if one.version == version), key=lambda one: one.period))
    missing = tuple(one for one in expected if one not in {each.period for each in kept})
    firm = min((one.status for one in kept), key=RANKS.__getitem__)
    status = "provisional" if missing else firm
    revision = sum(one.revision for one in kept if one.reason)
    if fold == "last" or aggregation in {"state", "at_date", "cumulative"}:
        last = kept[-1]
        return Folded(
            last.number, last.state, last.numerator, last.denominator, last.parts, status, version,
            last.revision, (last,), missing, last.reason,
        )  # fmt: skip
    note = "、".join(dict.fromkeys(one.reason for one in kept if one.reason))[:1000]
    if aggregation in {"ratio", "average"}:
        return _shares(
            kept,
            aggregation,
            Folded(None, "", None, None, {}, status, version, revision, kept, missing, note),
        )
    numbers = [one.number for one in kept if one.number is not None]
    parts: dict[str, Decimal] = {}
    for one in kept:
        for key, number in one.parts.items():
            parts[key] = parts.get(key, Decimal(0)) + number
    total = sum(numbers, Decimal(0)) if numbers else None
    return Folded(total, "", None, None, parts, status, version, revision, kept, missing, note)


def _shares(months: Sequence[Standing], aggregation: str, empty: Folded) -> Folded:
    """Shares add up by their two numbers; where one month keeps only the percentage, the year has none."""
    tops = [one.numerator for one in months if one.numerator is not None]
    bottoms = [one.denominator for one in months if one.denominator is not None]
    if len(tops) != len(months) or len(bottoms) != len(months):
        return empty
    top, bottom = sum(tops, Decimal(0)), sum(bottoms, Decimal(0))
    number = spelled.even(top * (100 if aggregation == "ratio" else 1) / bottom) if bottom else None
    return Folded(
        number, "", top, bottom, {}, empty.status, empty.version, empty.revision, empty.months,
        empty.missing, empty.note,
    )  # fmt: skip
