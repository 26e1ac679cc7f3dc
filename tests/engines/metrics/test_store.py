"""Measuring, freezing, correcting, an older system's history, and what the public reads; on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.engines.metrics.sample import KEY, Said, day, in_use, said
from tests.world import Town, make_town
from yakuba.engines.metrics import queries, store
from yakuba.engines.metrics.declaring import METRICS, Measured
from yakuba.engines.metrics.models import FrozenFigure, MetricSetting, PublicFigure, Snapshot
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.rules import Given
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import FiscalYear, clock
from yakuba.kernel.dates.clock import JAPAN
from yakuba.kernel.ids import uuid7

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=JAPAN)
R7, R8 = Period.year(FiscalYear(2025)), Period.year(FiscalYear(2026))
SEPTEMBER = Period.month(day("2026-09-01"))
OCTOBER, NOVEMBER = Period.month(day("2026-10-01")), Period.month(day("2026-11-01"))
WHY = "集計の漏れを直しました。"


@pytest.fixture
def answers() -> Iterator[Said]:
    with said() as found, clock.frozen(NOW):
        yield found


@pytest.fixture
def town() -> Town:
    return make_town("990019", "見本市")


@pytest.fixture
def other() -> Town:
    return make_town("990027", "例示町")


def head(town: Town) -> Context:
    return town.ctx("plan_secretariat").begin()


def number(town: Town, period: Period) -> Decimal | None:
    return queries.figures(head(town), KEY, [period])[period].number


def test_whoever_is_not_in_the_answer_has_nothing_of_it(answers: Said, town: Town, other: Town) -> None:
    answers.say(town.ref.id, R8, 7, web=5, paper=2)
    answers.say(uuid7(), R8, 99)
    assert store.measure(R8, [KEY]) == 2
    found = queries.figures(head(town), KEY, [R8])[R8]
    assert (found.number, found.parts, found.status) == (7, {"web": 5, "paper": 2}, "provisional")
    assert Snapshot.unscoped.count() == 2
    in_use(other)
    assert number(other, R8) == 0


def test_of_nothing_there_is_no_share(town: Town, other: Town) -> None:
    with said(aggregation="ratio", empty="none") as answers, clock.frozen(NOW):
        answers.share(town.ref.id, OCTOBER, 1, 3)
        store.measure(OCTOBER, [KEY])
        found = queries.figures(head(town), KEY, [OCTOBER])[OCTOBER]
        assert (found.number, found.numerator, found.denominator) == (Decimal("33.333333"), 1, 3)
        assert found.status == "preliminary"
        in_use(other)
        assert number(other, OCTOBER) is None


def test_measured_again_it_is_written_over(answers: Said, town: Town) -> None:
    answers.say(town.ref.id, R8, 7, web=7)
    store.measure(R8, [KEY])
    before = Snapshot.unscoped.get()
    answers.say(town.ref.id, R8, 8)
    with clock.frozen(NOW + dt.timedelta(hours=1)):
        store.measure(R8, [KEY])
    after = Snapshot.unscoped.get()
    assert (before.pk, before.number, after.number, after.parts) == (after.pk, 7, 8, {})
    assert after.measured_at > before.measured_at


def test_one_municipality_alone(answers: Said, town: Town, other: Town) -> None:
    answers.say(town.ref.id, R8, 7)
    answers.say(other.ref.id, R8, 9)
    assert store.measure(R8, [KEY], frozenset({town.ref.id})) == 1
    assert [one.municipality_id for one in Snapshot.unscoped.all()] == [town.ref.id]


def test_before_it_counts_here(answers: Said, town: Town, other: Town) -> None:
    in_use(other)
    store.measure(R7, [KEY])
    MetricSetting.unscoped.create(municipality_id=town.ref.id, metric=KEY, since=day("2026-10-15"))
    assert queries.figures(head(town), KEY, [R7]) == {}, (
        "what was measured before somebody said so is not shown"
    )
    assert number(other, R7) == 0
    Snapshot.unscoped.all().delete()
    assert [store.measure(one, [KEY]) for one in (R7, OCTOBER, R8)] == [1, 2, 2]


def test_before_its_service_was_used_it_is_no_0(answers: Said, town: Town, other: Town) -> None:
    for period in (SEPTEMBER, OCTOBER, NOVEMBER, R8):
        if period in (OCTOBER, R8):
            answers.say(town.ref.id, period, 3)
        store.measure(period, [KEY])
    found = queries.histories(head(town), [KEY], "month", SEPTEMBER.first, NOVEMBER.last)[KEY]
    assert [(one.period, one.number) for one in found] == [(OCTOBER, 3), (NOVEMBER, 0)]
    assert number(town, R8) == 3
    assert queries.history(head(other), KEY, "month", SEPTEMBER.first, NOVEMBER.last) == []
    assert store.freeze(head(town), KEY, [SEPTEMBER], "点検") == [], "nothing rests on what was not there"
    assert store.release(head(town), [KEY]) == 3
    assert store.release(head(other), [KEY]) == 0


def test_a_room_is_used_when_any_of_its_metrics_counts(answers: Said, town: Town) -> None:
    store.measure(OCTOBER, [KEY])
    with said("test_beside") as beside:
        beside.say(town.ref.id, OCTOBER, 8)
        store.measure(OCTOBER, ["test_beside"])
        assert number(town, OCTOBER) == 0, "received, and none of them late"
    with said("test_elsewhere", room="yakuba.elsewhere"):
        store.measure(OCTOBER, ["test_elsewhere"])
        assert queries.figures(head(town), "test_elsewhere", [OCTOBER]) == {}


def test_what_was_counted_elsewhere_before_corrects_a_0(answers: Said, town: Town) -> None:
    store.measure(R7, [KEY])
    made = store.correct(head(town), KEY, R7, Given(R7, Decimal(7)), WHY)
    assert (made.revision, number(town, R7)) == (1, 7)


def test_what_has_not_begun_and_what_it_does_not_have(town: Town) -> None:
    with said(every=("year",)) as answers, clock.frozen(NOW):
        assert store.measure(Period.year(FiscalYear(2027)), [KEY]) == 0
        assert store.measure(OCTOBER, [KEY]) == 0
        assert answers.asked == []


def test_rows_that_do_not_tell_of_the_past(town: Town) -> None:
    in_use(town)
    with said(recomputable=False), clock.frozen(dt.datetime(2026, 12, 1, 1, 30, tzinfo=JAPAN)):
        assert store.measure(NOVEMBER, [KEY]) == 1, "in the night after its last day"
    with said(recomputable=False), clock.frozen(dt.datetime(2026, 12, 2, 1, 30, tzinfo=JAPAN)):
        assert store.measure(NOVEMBER, [KEY]) == 0
        assert number(town, NOVEMBER) == 0, "what was measured then stays"


def test_midnight_is_in_japan(town: Town) -> None:
    """At 23:30 in Greenwich it is the next day, and on 1 April the next year."""
    in_use(town)
    with said(), clock.frozen(dt.datetime(2027, 3, 31, 23, 30, tzinfo=dt.UTC)):
        assert store.measure(Period.year(FiscalYear(2027)), [KEY]) == 1
        assert queries.figures(town.ctx("staff"), KEY, [R8]) == {}
        store.measure(R8, [KEY])
        assert queries.figures(town.ctx("staff"), KEY, [R8])[R8].status == "preliminary"


def test_one_that_fails_keeps_no_other_from_being_measured(answers: Said, town: Town) -> None:
    in_use(town)
    with said("test_broken") as broken:
        broken.fails = True
        with pytest.raises(ExceptionGroup) as raised:
            store.measure(R8, [KEY, "test_broken"])
    assert [str(one) for one in raised.value.exceptions] == ["no answer"]
    assert "test_broken" in raised.value.exceptions[0].__notes__[0]
    assert number(town, R8) == 0


def test_who_speaks_twice_is_not_believed(answers: Said, town: Town) -> None:
    double = replace(METRICS.get(KEY), measure=lambda _scope: [Measured(town.ref.id, Decimal(1))] * 2)
    with METRICS.temporarily(KEY, double), pytest.raises(ExceptionGroup):
        store.measure(R8, [KEY])
    assert not Snapshot.unscoped.exists()


def test_as_many_statements_but_for_writing(answers: Said, town: Town) -> None:
    with CaptureQueriesContext(connection) as alone:
        store.measure(R8, [KEY])
    for place in range(9):
        make_town(f"99{place:04d}", f"例示{place}町")
    with CaptureQueriesContext(connection) as many:
        store.measure(R8, [KEY])
    assert len(alone) == len(many)


# --- freezing -----------------------------------------------------------------------------------------------------------
def test_frozen_is_what_was_seen(answers: Said, town: Town) -> None:
    answers.say(town.ref.id, R7, 75)
    store.measure(R7, [KEY])
    answers.say(town.ref.id, R7, 76)
    first = store.freeze(head(town), KEY, [R7], "令和7年度の点検")
    again = store.freeze(head(town), KEY, [R7], "もう一度")
    assert [one.pk for one in first] == [one.pk for one in again]
    store.measure(R7, [KEY])
    found = queries.figures(head(town), KEY, [R7])[R7]
    assert (found.number, found.status, found.revision) == (75, "final", 0)
    assert first[0].ground == "令和7年度の点検"
    assert first[0].frozen_by
    store.measure(R7, [KEY], again=False)
    assert Snapshot.unscoped.get().number == 76


def test_what_was_never_measured_is_measured_first(answers: Said, town: Town, other: Town) -> None:
    answers.say(town.ref.id, R7, 75)
    found = store.freeze(head(town), KEY, [OCTOBER, R7, R7], "点検")
    assert [(one.last, one.number) for one in found] == [(OCTOBER.last, 0), (R7.last, 75)]
    assert not Snapshot.unscoped.filter(municipality=other.ref.id).exists()
    later = Period.year(FiscalYear(2030))
    assert store.freeze(head(town), KEY, [later], "点検") == []


def test_the_night_leaves_frozen_ones_alone(answers: Said, town: Town, other: Town) -> None:
    in_use(town)
    store.freeze(head(town), KEY, [R7], "点検")
    answers.say(town.ref.id, R7, 5)
    assert store.measure(R7, [KEY], again=False) == 1
    assert Snapshot.unscoped.get(municipality=town.ref.id, kind="year").number == 0


@pytest.mark.parametrize("how", ["update", "delete"])
def test_the_database_refuses_to_change_a_frozen_one(answers: Said, town: Town, how: str) -> None:
    in_use(town)
    store.freeze(head(town), KEY, [R7], "点検")
    rows = FrozenFigure.unscoped.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(number=1) if how == "update" else rows.delete()
    assert number(town, R7) == 0


def test_a_correction_is_a_row_of_its_own(answers: Said, town: Town) -> None:
    answers.say(town.ref.id, R7, 75)
    with pytest.raises(Problem) as refused:
        store.correct(head(town), KEY, R7, Given(R7, Decimal(76)), " ")
    assert refused.value.field == "reason"
    made = store.correct(head(town), KEY, R7, Given(R7, Decimal(76)), WHY)
    assert (made.revision, made.origin, made.reason) == (1, "corrected", WHY)
    found = queries.figures(head(town), KEY, [R7])[R7]
    assert (found.number, found.revision, found.note) == (76, 1, WHY)
    with pytest.raises(Problem) as refused:
        store.correct(head(town), KEY, R7, Given(R7, Decimal("76.0")), WHY)
    assert refused.value.code == "same"
    store.correct(head(town), KEY, R7, Given(R7, Decimal(75)), WHY)
    assert [(one.revision, one.number) for one in queries.revisions(head(town), KEY, R7)] == [
        (0, 75),
        (1, 76),
        (2, 75),
    ]


def test_nothing_to_correct(answers: Said, town: Town) -> None:
    later = Period.year(FiscalYear(2030))
    with pytest.raises(Problem) as refused:
        store.correct(head(town), KEY, later, Given(later, Decimal(76)), WHY)
    assert refused.value.code == "nothing"
    with pytest.raises(Problem):
        store.correct(head(town), "no_such", R7, Given(R7, Decimal(76)), WHY)


# --- definitions --------------------------------------------------------------------------------------------------------
def test_a_changed_definition_leaves_what_the_old_one_said(town: Town) -> None:
    with said() as answers, clock.frozen(NOW):
        answers.say(town.ref.id, R7, 75)
        answers.say(town.ref.id, R8, 80)
        store.measure(R7, [KEY])
        store.measure(R8, [KEY])
        store.freeze(head(town), KEY, [R7], "点検")
    with said(version=2) as answers, clock.frozen(NOW):
        answers.say(town.ref.id, R7, 90)
        answers.say(town.ref.id, R8, 95)
        store.measure(R7, [KEY])
        store.measure(R8, [KEY])
        line = queries.history(head(town), KEY, "year", R7.first, R8.last)
        assert [(one.number, one.version, one.status) for one in line] == [
            (75, 1, "final"),
            (95, 2, "provisional"),
        ]
        assert {
            version: {period.first.year: figure.number for period, figure in of.items()}
            for version, of in queries.by_version(head(town), KEY, "year").items()
        } == {1: {2025: 75, 2026: 80}, 2: {2025: 90, 2026: 95}}
        assert store.freeze(head(town), KEY, [R7], "もう一度")[0].definition_version == 1


def test_an_older_systems_history(answers: Said, town: Town) -> None:
    in_use(town)
    years = [Period.year(FiscalYear(year)) for year in (2023, 2024, 2025)]
    rows = [Given(one, Decimal(70 + place), line=place + 2) for place, one in enumerate(years)]
    made = store.load_earlier(head(town), KEY, rows, None, "前のシステムから移しました。")
    assert [(one.definition_version, one.revision, one.line) for one in made] == [
        (0, 0, 2),
        (0, 0, 3),
        (0, 0, 4),
    ]
    assert store.load_earlier(head(town), KEY, rows, None, "もう一度") == [], "the same again changes nothing"
    changed = [replace(rows[0], number=Decimal(1)), *rows[1:]]
    (again,) = store.load_earlier(head(town), KEY, changed, None, "1行だけ直しました。")
    assert (again.revision, again.origin) == (1, "earlier")
    store.measure(R7, [KEY])
    store.measure(R8, [KEY])
    line = queries.history(head(town), KEY, "year", years[0].first, R8.last)
    assert [(one.version, one.number) for one in line] == [(0, 1), (0, 71), (1, 0), (1, 0)]
    with pytest.raises(Problem):
        store.load_earlier(head(town), KEY, [rows[0], rows[0]], None, "2行")
    with pytest.raises(Problem):
        store.load_earlier(head(town), KEY, rows, None, "")


def test_a_correction_of_an_older_systems_figure(answers: Said, town: Town) -> None:
    MetricSetting.unscoped.create(municipality_id=town.ref.id, metric=KEY, since=R8.first)
    store.load_earlier(head(town), KEY, [Given(R7, Decimal(75))], None, "移しました。")
    made = store.correct(head(town), KEY, R7, Given(R7, Decimal(74)), WHY)
    assert (made.definition_version, made.revision) == (0, 1)
    assert number(town, R7) == 74


# --- what the public reads ----------------------------------------------------------------------------------------------
def public(town: Town, key: str = KEY) -> dict[dt.date, tuple[Decimal | None, bool]]:
    rows = queries.public_history(town.ctx("public"), "metric", key, "month")
    return {one.last: (one.number, one.hidden) for one in rows}


def test_released_where_it_differs(answers: Said, town: Town) -> None:
    answers.say(town.ref.id, OCTOBER, 3)
    store.measure(OCTOBER, [KEY])
    store.measure(Period.day(day("2026-10-01")), [KEY])
    ctx = head(town)
    assert store.release(ctx, [KEY]) == 1
    assert store.release(ctx, [KEY]) == 0
    before = PublicFigure.unscoped.get()
    store.correct(ctx, KEY, OCTOBER, Given(OCTOBER, Decimal(4)), WHY)
    assert store.release(ctx, [KEY]) == 1
    after = PublicFigure.unscoped.get()
    assert (after.pk, after.number, after.status, after.revision, after.note) == (
        before.pk,
        4,
        "final",
        1,
        WHY,
    )


def test_what_is_public_no_longer_goes(answers: Said, town: Town, other: Town) -> None:
    for each in (town, other):
        answers.say(each.ref.id, OCTOBER, 4)
    store.measure(OCTOBER, [KEY])
    for one in (town, other):
        store.release(head(one), [KEY])
    setting = MetricSetting.unscoped.create(municipality_id=town.ref.id, metric=KEY, public=False)
    assert store.release(head(town), [KEY], since=NOVEMBER.last) == 1
    assert (public(town), set(public(other))) == ({}, {OCTOBER.last})
    setting.delete()
    with METRICS.temporarily(KEY, replace(METRICS.get(KEY), public=False)):
        assert store.release(head(town), [KEY]) == 0


def test_small_counts_of_persons(town: Town) -> None:
    with said(least=10) as answers, clock.frozen(NOW):
        for month, count in ((8, 9), (9, 10), (10, 0)):
            answers.say(town.ref.id, Period.month(dt.date(2026, month, 1)), count, web=count)
            store.measure(Period.month(dt.date(2026, month, 1)), [KEY])
        answers.say(town.ref.id, NOVEMBER, 50)
        store.measure(NOVEMBER, [KEY])
        store.release(head(town), [KEY])
        assert public(town) == {
            day("2026-08-31"): (None, True),
            day("2026-09-30"): (Decimal(10), False),
            day("2026-10-31"): (Decimal(0), False),
        }, "the running month is not told day by day"
        answers.say(town.ref.id, OCTOBER, 2)
        store.measure(OCTOBER, [KEY])
        store.release(head(town), [KEY])
        assert public(town)[OCTOBER.last] == (Decimal(0), False), "two who came in late do not show"
        answers.say(town.ref.id, OCTOBER, 12)
        store.measure(OCTOBER, [KEY])
        store.release(head(town), [KEY])
        assert public(town)[OCTOBER.last] == (Decimal(12), False)


MONTHS = [Period.month(dt.date(2025 + (place > 8), (place + 3) % 12 + 1, 1)) for place in range(12)]


def test_the_year_after_its_months_were_read(town: Town) -> None:
    """Eleven months stood public, in part by an older system's count; March's two stay hidden, this year and next."""
    with said(least=5) as answers, clock.frozen(NOW):
        rows = [Given(one, Decimal(20)) for one in MONTHS[:6]]
        store.load_earlier(head(town), KEY, rows, None, "移しました。")
        for month in MONTHS[6:11]:
            answers.say(town.ref.id, month, 20)
            store.measure(month, [KEY])
        store.release(head(town), [KEY])
        answers.say(town.ref.id, MONTHS[11], 2)
        answers.say(town.ref.id, R7, 222)
        for period in (MONTHS[11], R7):
            store.measure(period, [KEY])
        for _release in range(3):
            store.release(head(town), [KEY])
            hidden = PublicFigure.unscoped.filter(hidden=True)
            assert {(one.kind, one.last, one.number) for one in hidden} == {
                ("month", MONTHS[11].last, None),
                ("year", R7.last, None),
            }


@pytest.mark.parametrize("late", [2, 8])
def test_a_few_who_came_in_late_do_not_show_in_the_year_either(town: Town, late: int) -> None:
    """Twelve months of 20 stood public; of the two who came in late afterwards the year does not tell, when it comes first or later."""
    with said(least=5) as answers, clock.frozen(NOW):
        for month in MONTHS:
            answers.say(town.ref.id, month, 20)
            store.measure(month, [KEY])
        store.release(head(town), [KEY])
        answers.say(town.ref.id, MONTHS[3], 20 + late)
        answers.say(town.ref.id, R7, 240 + late, web=240 + late)
        for period in (MONTHS[3], R7):
            store.measure(period, [KEY])
        for _release in range(3):
            store.release(head(town), [KEY])
            row = PublicFigure.unscoped.get(kind="year")
            assert (row.number, row.parts == {}) == ((240, True) if late == 2 else (248, False))
        shown = sum(PublicFigure.unscoped.filter(kind="month").values_list("number", flat=True))
        assert shown == row.number


def test_of_what_is_hidden_no_correction_is_told(town: Town) -> None:
    with said(least=5) as answers, clock.frozen(NOW):
        answers.say(town.ref.id, OCTOBER, 20)
        store.correct(head(town), KEY, OCTOBER, Given(OCTOBER, Decimal(3)), WHY)
        store.release(head(town), [KEY])
        row = PublicFigure.unscoped.get()
        assert (row.hidden, row.number, row.revision, row.note) == (True, None, 0, "")
        store.correct(head(town), KEY, OCTOBER, Given(OCTOBER, Decimal(21)), WHY)
        store.release(head(town), [KEY])
        row = PublicFigure.unscoped.get()
        assert (row.hidden, row.number, row.revision, row.note) == (False, 21, 2, WHY)


def test_a_few_who_came_in_late_do_not_show_when_it_is_frozen_either(town: Town) -> None:
    with said(least=5) as answers, clock.frozen(NOW):
        answers.say(town.ref.id, OCTOBER, 20)
        store.measure(OCTOBER, [KEY])
        store.release(head(town), [KEY])
        answers.say(town.ref.id, OCTOBER, 22)
        store.measure(OCTOBER, [KEY])
        store.freeze(head(town), KEY, [OCTOBER], "点検")
        store.release(head(town), [KEY])
        row = PublicFigure.unscoped.get()
        assert (row.number, row.status) == (20, "final")
        store.correct(head(town), KEY, OCTOBER, Given(OCTOBER, Decimal(23)), WHY)
        store.release(head(town), [KEY])
        assert PublicFigure.unscoped.get().number == 23, "a correction has its reason and is told as one"


def test_a_few_of_one_part_do_not_show_either(town: Town) -> None:
    with said(least=5) as answers, clock.frozen(NOW):
        for web, paper, told in ((20, 20, 40), (40, 22, 40), (40, 30, 70)):
            answers.say(town.ref.id, OCTOBER, web + paper, web=web, paper=paper)
            store.measure(OCTOBER, [KEY])
            store.release(head(town), [KEY])
            assert PublicFigure.unscoped.get().number == told


def test_figures_of_persons_are_released_all_or_none(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that dies between two batches leaves what stood."""
    with said(least=5) as answers, clock.frozen(NOW):
        for month in MONTHS[:4]:
            answers.say(town.ref.id, month, 20)
            store.measure(month, [KEY])
        monkeypatch.setattr(store, "_BATCH", 2)
        written = PublicFigure.unscoped.bulk_create
        calls: list[int] = []

        def dies(rows: list[PublicFigure], **facts: Any) -> list[PublicFigure]:  # Any: as Django takes them
            calls.append(len(rows))
            if len(calls) == 2:
                raise RuntimeError("died")
            return written(rows, **facts)

        monkeypatch.setattr(
            type(PublicFigure.unscoped), "bulk_create", lambda _self, rows, **facts: dies(rows, **facts)
        )
        with pytest.raises(RuntimeError):
            store.release(head(town), [KEY])
        assert (calls, PublicFigure.unscoped.count()) == ([2, 2], 0)


def test_versions_of_one_period_do_not_stand_side_by_side(answers: Said, town: Town) -> None:
    answers.say(town.ref.id, OCTOBER, 4)
    store.load_earlier(head(town), KEY, [Given(OCTOBER, Decimal(5))], None, "移しました。")
    store.release(head(town), [KEY])
    store.measure(OCTOBER, [KEY])
    store.release(head(town), [KEY])
    assert [(one.definition_version, one.number) for one in PublicFigure.unscoped.all()] == [(1, 4)]


def test_a_few_do_not_show_by_another_definition_either(town: Town) -> None:
    """The two numbers of a period stand for the same persons, whichever definition counted them."""
    with said(least=5) as answers, clock.frozen(NOW):
        answers.say(town.ref.id, OCTOBER, 100)
        store.measure(OCTOBER, [KEY])
        store.release(head(town), [KEY])
    for count, told in ((98, (1, 100)), (104, (1, 100)), (105, (2, 105)), (101, (2, 105))):
        with said(least=5, version=2) as answers, clock.frozen(NOW):
            answers.say(town.ref.id, OCTOBER, count)
            store.measure(OCTOBER, [KEY])
            for _night in range(2):
                store.release(head(town), [KEY])
                row = PublicFigure.unscoped.get()
                assert (row.definition_version, row.number, row.status) == (told[0], told[1], "preliminary")


def test_nor_by_an_older_systems_count(town: Town) -> None:
    """From a later day on ours counts: what is loaded for the days before is no correction of what was shown."""
    with said(least=5) as answers, clock.frozen(NOW):
        answers.say(town.ref.id, OCTOBER, 100)
        store.measure(OCTOBER, [KEY])
        store.release(head(town), [KEY])
        MetricSetting.unscoped.create(municipality_id=town.ref.id, metric=KEY, since=NOVEMBER.first)
        for count, told in ((98, (1, 100)), (97, (1, 100)), (60, (0, 60))):
            store.load_earlier(head(town), KEY, [Given(OCTOBER, Decimal(count))], None, "移しました。")
            store.release(head(town), [KEY])
            row = PublicFigure.unscoped.get()
            assert (row.definition_version, row.number) == told
