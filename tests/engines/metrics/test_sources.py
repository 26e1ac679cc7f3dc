"""Metrics and formulas as sources: what a binding may say, and which figures it has, beside figures put into the tables by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.world import Town, make_town
from yakuba.engines.metrics import store
from yakuba.engines.metrics.declaring import METRICS, Measured, Metric, Scope
from yakuba.engines.metrics.formula import read
from yakuba.engines.metrics.formula.source import FormulaSource, canonical, public_figures
from yakuba.engines.metrics.metric_source import MetricSource
from yakuba.engines.metrics.models import FrozenFigure, PublicFigure, Snapshot
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.rules import Given
from yakuba.engines.metrics.sources import Operand
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear, clock
from yakuba.kernel.dates.clock import JAPAN

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 12, tzinfo=JAPAN)
R5, R6, R7, R8 = (Period.year(FiscalYear(year)) for year in (2023, 2024, 2025, 2026))
METRIC, FORMULA = MetricSource(), FormulaSource()


def nobody(_scope: Scope) -> list[Measured]:
    return []


def declare(key: str, aggregation: str, unit: str = "件", **more: object) -> Metric:
    return Metric(
        key,
        f"{key}の数",
        unit,
        aggregation,
        ("month", "year", "as_of"),
        f"{key}を数えます。",
        nobody,
        "tests",
        **more,  # type: ignore[arg-type]
    )


DECLARED = (
    declare("t_total", "year_total"),
    declare("t_online", "year_total"),
    declare("t_level", "at_date"),
    declare("t_states", "at_date", parts={"on_track": "順調", "late": "遅れ"}),
)


@pytest.fixture(autouse=True)
def declared() -> Iterator[None]:
    with ExitStack() as stack:
        stack.enter_context(clock.frozen(NOW))
        for one in DECLARED:
            stack.enter_context(METRICS.temporarily(one.key, one))
        yield


@pytest.fixture
def town() -> Town:
    return make_town("990019", "みほん市")


@pytest.fixture
def ctx(town: Town) -> Context:
    return town.ctx("cli")


def put(town: Town, key: str, period: Period, number: int | None, version: int = 1, **parts: int) -> None:
    Snapshot.unscoped.create(
        municipality_id=town.ref.id, metric=key, definition_version=version, kind=period.kind, first=period.first,
        last=period.last, number=None if number is None else Decimal(number), measured_at=NOW,
        parts={key: str(value) for key, value in parts.items()},
    )  # fmt: skip


# --- metrics ----------------------------------------------------------------------------------------------------------


def test_a_metric_has_its_figures_with_their_grounds(town: Town, ctx: Context) -> None:
    put(town, "t_total", R6, 120)
    found = METRIC.figures(ctx, {"metric": "t_total"}, [R5, R6])
    assert set(found) == {R6}
    assert found[R6].number == 120
    ground = found[R6].grounds[0]
    assert ground.value == "120件"
    assert "令和6年度" in ground.label
    assert ground.href.endswith("/desk/metrics/t_total/#year-2025-03-31")
    assert METRIC.check(ctx, {"metric": "t_total"}) == []
    assert METRIC.operands(ctx, {"metric": "t_total"}) == (Operand("metric", "t_total"),)


@pytest.mark.parametrize("said", [{"metric": "t_none"}, {}, {"metric": 3}])
def test_what_is_no_metric_says_so(ctx: Context, said: dict[str, object]) -> None:
    assert METRIC.check(ctx, said)  # type: ignore[arg-type]
    assert METRIC.figures(ctx, said, [R6]) == {}  # type: ignore[arg-type]


def test_a_frozen_figure_stays_and_a_correction_counts(town: Town, ctx: Context) -> None:
    put(town, "t_total", R6, 120)
    METRIC.freeze(ctx, {"metric": "t_total"}, [R6], "点検")
    Snapshot.unscoped.update(number=Decimal(121))
    assert METRIC.figures(ctx, {"metric": "t_total"}, [R6])[R6].number == 120
    store.correct(ctx, "t_total", R6, Given(R6, Decimal(125)), "数え漏れ")
    found = METRIC.figures(ctx, {"metric": "t_total"}, [R6])[R6]
    assert (found.number, found.revision, found.status) == (125, 1, "final")
    assert "数え漏れ" in found.grounds[0].note


# --- formulas ---------------------------------------------------------------------------------------------------------


def test_a_share_of_two_metrics(town: Town, ctx: Context) -> None:
    for period, total, online in ((R5, 200, 20), (R6, 400, 100)):
        put(town, "t_total", period, total)
        put(town, "t_online", period, online)
    put(town, "t_total", R7, 300)
    said = {"formula": "割合([t_online], [t_total])"}
    assert FORMULA.check(ctx, said) == []
    assert (FORMULA.unit(ctx, said), FORMULA.aggregation(ctx, said)) == ("%", "ratio")
    found = FORMULA.figures(ctx, said, [R5, R6, R7])
    assert {period: figure.number for period, figure in found.items()} == {R5: 10, R6: 25}
    assert (found[R6].numerator, found[R6].denominator) == (100, 400)
    assert [one.value for one in found[R6].grounds] == ["100件", "400件"]
    assert "t_onlineを数えます。" in FORMULA.definition(ctx, said)


def test_what_is_summed_since_a_year(town: Town, ctx: Context) -> None:
    for period, number in ((R5, 3), (R6, 4), (R7, 5)):
        put(town, "t_total", period, number)
    day = Period.as_of(dt.date(2026, 11, 22))
    put(town, "t_total", day, 2)
    said = {"formula": "累計([t_total], 令和6年度)"}
    found = FORMULA.figures(ctx, said, [R5, R6, R7, R8, day])
    assert {period: figure.number for period, figure in found.items()} == {R6: 4, R7: 9, day: 11}
    assert found[day].status == "provisional"
    assert found[R7].status == "preliminary"
    assert len(found[R7].grounds) == 2


def test_states_by_what_they_are_called(town: Town, ctx: Context) -> None:
    put(town, "t_states", R7, 10, on_track=8, late=2)
    found = FORMULA.figures(ctx, {"formula": "割合(件数([t_states], 「順調」), [t_states])"}, [R7])
    assert found[R7].number == 80


def test_a_changed_definition_changes_the_formulas(town: Town, ctx: Context) -> None:
    put(town, "t_total", R5, 10)
    put(town, "t_total", R6, 10, version=2)
    put(town, "t_online", R5, 1)
    put(town, "t_online", R6, 1)
    found = FORMULA.figures(ctx, {"formula": "[t_total] - [t_online]"}, [R5, R6])
    assert (found[R5].version, found[R6].version) == (1, 2)
    summed = FORMULA.figures(ctx, {"formula": "累計([t_total], R5)"}, [R6])[R6]
    assert any("定義が変わる前" in one.note for one in summed.grounds)


def test_as_many_queries_for_many_formulas(town: Town, ctx: Context) -> None:
    put(town, "t_total", R6, 10)
    many = [{"formula": f"[t_total] + {number} × [t_online]"} for number in range(9)]
    counts = []
    for asked in (many[:1], many):
        with CaptureQueriesContext(connection) as caught:
            FORMULA.figures_of_many(ctx, asked, [R5, R6, R7])
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 4


def test_freezing_a_formula_freezes_what_it_rests_on(town: Town, ctx: Context) -> None:
    for period in (R5, R6):
        put(town, "t_total", period, 10)
    FORMULA.freeze(ctx, {"formula": "累計([t_total], R5)"}, [R6], "令和6年度の点検")
    rows = FrozenFigure.unscoped.filter(municipality=town.ref.id, metric="t_total")
    assert {row.last for row in rows} == {R5.last, R6.last}
    assert FORMULA.figures(ctx, {"formula": "累計([t_total], R5)"}, [R6])[R6].status == "final"


@pytest.mark.parametrize(
    ("formula", "word"),
    [
        ("割合([t_total]", "割合(分子"),
        ("[t_gone] + 1", "t_gone"),
        ("累計([t_level], R5)", "累計にできません"),
        ("累計([t_total], 昭和51年度)", "昭和52年度より前からは始められません"),
        ("累計(割合([t_online], [t_total]), R5)", "割合は累計"),
        ("件数([t_states], 「完了」)", "使えるもの：順調、遅れ"),
    ],
)
def test_what_cannot_be_reckoned_is_told_when_it_is_bound(ctx: Context, formula: str, word: str) -> None:
    messages = FORMULA.check(ctx, {"formula": formula})
    assert any(word in one for one in messages), messages


def test_a_unit_that_is_given_is_kept(ctx: Context) -> None:
    assert FORMULA.unit(ctx, {"formula": "[t_total] ÷ [t_online]", "unit": "件／人"}) == "件／人"
    assert FORMULA.unit(ctx, {"formula": "[t_total] ÷ [t_online]"}) == ""
    assert FORMULA.unit(ctx, {"formula": "[t_total] + [t_online]"}) == "件"
    assert FORMULA.check(ctx, {"formula": "[t_total]", "unit": "単" * 41})


def test_the_public_sees_no_formula_over_what_is_kept_from_it(town: Town, ctx: Context) -> None:
    def public(key: str, period: Period, number: int | None, *, hidden: bool = False) -> PublicFigure:
        return PublicFigure(
            municipality_id=town.ref.id, source="metric", key=key, definition_version=1, kind=period.kind,
            first=period.first, last=period.last, number=None if number is None else Decimal(number), hidden=hidden, status="preliminary", released_at=NOW,
        )  # fmt: skip

    rows = [
        public("t_total", R5, 100), public("t_online", R5, None, hidden=True),
        public("t_total", R6, 100), public("t_online", R6, 40),
    ]  # fmt: skip
    tree = read("割合([t_online], [t_total])")
    told = public_figures(ctx, rows, [tree])
    found = {period: figure for period in (R5, R6, R7) if (figure := told(tree, period)) is not None}
    assert {period: figure.number for period, figure in found.items()} == {R6: 40}
    assert found[R6].grounds == ()


def test_one_way_to_write_it() -> None:
    assert canonical("割合（［ａ］、(［ｂ］)）") == "割合([a], [b])"
