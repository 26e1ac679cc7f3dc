"""A figure of a period: measured now, kept for what rests on it, corrected with a reason."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from django.utils.translation import gettext as _

from yakuba.engines.metrics import queries, store
from yakuba.engines.metrics.access import FREEZE, MEASURE
from yakuba.engines.metrics.declaring import Metric, metrics
from yakuba.engines.metrics.models import FrozenFigure, Snapshot
from yakuba.engines.metrics.noting import Kept, cells
from yakuba.engines.metrics.periods import KINDS, Period
from yakuba.engines.metrics.rules import Given, fitted
from yakuba.engines.metrics.sources import Figure
from yakuba.engines.metrics.wording import kind_name, number_text, period_name
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, Stale, action
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import INTERNAL


@dataclass(frozen=True, kw_only=True)
class MeasureNow:
    """Which metric, and the period of a kind in which a day falls (基準日: the day itself)."""

    metric: Annotated[str, fields.text(label="指標の種類", classification=INTERNAL, max_length=80)]
    kind: Annotated[str, fields.choice(KINDS, label="期間の種類", classification=INTERNAL)]
    day: Annotated[dt.date, fields.date(label="期間の日", classification=INTERNAL)]


@dataclass(frozen=True, kw_only=True)
class FreezeFigure:
    """The same, and what the figure is kept for."""

    metric: Annotated[str, fields.text(label="指標の種類", classification=INTERNAL, max_length=80)]
    kind: Annotated[str, fields.choice(KINDS, label="期間の種類", classification=INTERNAL)]
    day: Annotated[dt.date, fields.date(label="期間の日", classification=INTERNAL)]
    ground: Annotated[str, fields.text(label="何のために", classification=INTERNAL)]


@dataclass(frozen=True, kw_only=True)
class CorrectFigure:
    """What the figure was in truth, and why. A share or an average may be told by its two numbers alone."""

    metric: Annotated[str, fields.text(label="指標の種類", classification=INTERNAL, max_length=80)]
    kind: Annotated[str, fields.choice(KINDS, label="期間の種類", classification=INTERNAL)]
    day: Annotated[dt.date, fields.date(label="期間の日", classification=INTERNAL)]
    number: Annotated[
        Decimal | None, fields.decimal(label="正しい値", classification=INTERNAL, required=False)
    ] = None
    numerator: Annotated[
        Decimal | None, fields.decimal(label="分子", classification=INTERNAL, required=False)
    ] = None
    denominator: Annotated[
        Decimal | None, fields.decimal(label="分母", classification=INTERNAL, required=False)
    ] = None
    reason: Annotated[
        str, fields.prose(label="理由", classification=INTERNAL, max_length=1000, required=True)
    ]
    #: The revision that the person looked at; 0 of a figure that nobody had corrected.
    seen: Annotated[
        int, fields.integer(label="見た訂正の回数", classification=INTERNAL, minimum=0, default=0)
    ] = 0


@action("metrics.measure", label="いま計測する", may=MEASURE, data=MeasureNow)
def measure_now(ctx: Context, subject: None, data: MeasureNow) -> Snapshot:
    """Ask the metric for this municipality, without waiting for the night. What is frozen stays beside it."""
    one = store.demand_metric(data.metric)
    period = period_of(ctx, one, data.kind, data.day)
    if not store.measure(period, [one.key], frozenset({ctx.municipality.id})):
        raise Problem(
            "not_measured",
            _(
                "%(period)sの値は、いまからは計測できません。計測を始める日と、過去の日を数えられる指標かを確かめてください。"
            )
            % {"period": period_name(period)},
            field="day",
            found=data.day.isoformat(),
        )
    _release_room(ctx, one)
    return queries.snapshot(ctx, one, period)


@action("metrics.freeze", label="計測値を確定する", may=FREEZE, data=FreezeFigure)
def freeze_figure(ctx: Context, subject: None, data: FreezeFigure) -> FrozenFigure:
    """Keep the figure of a period that is over. Raises :class:`Problem`: it runs, there is nothing, it is kept already."""
    one = store.demand_metric(data.metric)
    period = period_of(ctx, one, data.kind, data.day)
    _demand_over(ctx, period)
    found = queries.figures(ctx, one.key, [period]).get(period)
    if found is not None and found.status == "final":
        raise Problem(
            "frozen", _("この期間の値は、もう確定しています。違うときは訂正してください。"), field="day"
        )
    # Somebody says so of a service that counts nothing yet: then it is a 0.
    made = store.freeze(ctx, one.key, [period], data.ground.strip(), unused=found is None)
    if not made:
        raise Problem("nothing", _("この期間の値は、まだありません。先に計測してください。"), field="day")
    _note(ctx, one, made[0], None if found is None else _kept(found, found.status))
    store.release(ctx, [one.key])
    return made[0]


@action("metrics.correct", label="計測値を訂正する", may=FREEZE, data=CorrectFigure)
def correct_figure(ctx: Context, subject: None, data: CorrectFigure) -> FrozenFigure:
    """A row of its own with its reason; what stood stays, and its parts go. Of a period that is over.

    Raises :class:`Problem` on the fields, :class:`Stale` after another's.
    """
    one = store.demand_metric(data.metric)
    period = period_of(ctx, one, data.kind, data.day)
    _demand_over(ctx, period)
    stands = queries.figures(ctx, one.key, [period]).get(period)
    if (now := 0 if stands is None else stands.revision) != data.seen:
        raise Stale(now, data.seen)
    figure = figure_of(one, Given(period, data.number, data.numerator, data.denominator))
    made = store.correct(ctx, one.key, period, figure, data.reason)
    ctx.because(data.reason)
    _note(ctx, one, made, _before(made))
    _release_room(ctx, one)
    return made


def _release_room(ctx: Context, one: Metric) -> None:
    """What one metric counted tells of all of its room that they are in use."""
    store.release(ctx, [each.key for each in metrics() if each.room == one.room])


def _demand_over(ctx: Context, period: Period) -> None:
    """Raises :class:`Problem` while it runs: nothing is settled of days that have not come."""
    if not period.settles(japan_date(ctx.now)):
        raise Problem(
            "runs",
            _("%(period)sは、まだ終わっていません。終わってから確定してください。")
            % {"period": period_name(period)},
            field="day",
            found=period.last.isoformat(),
        )


def _note(ctx: Context, one: Metric, made: FrozenFigure, before: Kept | None) -> None:
    """What the figure was and what it is now, for the trail."""
    period = period_name(queries.period_of(made))
    thing, after = str(one.label), _kept(made, "final")
    ctx.note(cells=cells("metric_frozen", made.pk, thing, period, one.unit, before, after))


def _kept(one: FrozenFigure | Figure, status: str) -> Kept:
    return Kept(one.number, "", one.numerator, one.denominator, status)


def _before(made: FrozenFigure) -> Kept | None:
    """The revision that stood before one that was just written: a correction freezes first what it corrects."""
    rows = FrozenFigure.unscoped.filter(
        municipality=made.municipality_id,
        metric=made.metric,
        definition_version=made.definition_version,
        kind=made.kind,
        last=made.last,
        revision__lt=made.revision,
    )
    found = rows.order_by("-revision").first()
    return None if found is None else _kept(found, "final")


def period_of(ctx: Context, one: Metric, kind: str, day: dt.date) -> Period:
    """The period that is meant. Raises :class:`Problem` for a kind that the metric does not have, and for what has not begun."""
    known = next((each for each in one.every if each == kind), None)
    if known is None:
        raise Problem(
            "kind",
            _("「%(metric)s」は「%(kind)s」ごとには数えません。%(kinds)sから選んでください。")
            % {
                "metric": one.label,
                "kind": kind_name(kind),
                "kinds": "・".join(kind_name(each) for each in one.every),
            },
            field="kind",
            found=kind,
        )
    period = Period.of(known, day)
    if period.first > japan_date(ctx.now):
        raise Problem(
            "future",
            _("%(period)sは、まだ始まっていません。") % {"period": period_name(period)},
            field="day",
            found=day.isoformat(),
        )
    return period


def figure_of(one: Metric, given: Given) -> Given:
    """A figure that somebody brings, with the number that its two numbers make. Raises :class:`Problem` on the fields."""
    wrong = fitted(one.aggregation, given)
    if isinstance(wrong, Given):
        return wrong
    messages = {
        "number": _("「値」が空です。入力してください。"),
        "both": _("分子と分母は、両方を入力するか、両方を空にしてください。"),
        "denominator": _("「分母」は0より大きい数にしてください。"),
        "numerator": _("「分子」は0以上で、分母以下にしてください。"),
        "plain": _("「%s」は率や平均ではありません。分子と分母は空にしてください。") % one.label,
        "differs": _("値が、分子と分母から計算した %s と違います。どちらかを直すか、値を空にしてください。")
        % number_text(wrong.number),
        "range": _("率が0%から100%の間にありません。0から100までの数にしてください。"),
        "large": _("値が大きすぎます。15けたまでの数にしてください。"),
    }
    raise Problem(wrong.code, messages[wrong.code], field=wrong.field)
