"""Series are defined, brought, corrected and ended, on both databases; what they say becomes figures."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from tests.engines.metrics.series.sample import (
    COUNT,
    PEOPLE,
    SHARE,
    count,
    data,
    fresh,
    people,
    series,
    typed,
)
from tests.world import Town
from yakuba.engines.metrics.models import PublicFigure, Series, SeriesValue
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.series import actions, queries
from yakuba.engines.metrics.series.actions.bringing import sent
from yakuba.engines.metrics.series.reading import Brought
from yakuba.engines.metrics.series.source import SeriesSource
from yakuba.kernel.actions import Denied, NoData, Problem, Problems
from yakuba.kernel.dates import FiscalYear, clock
from yakuba.kernel.town.models import Office, OfficeName, OfficeSuccession
from yakuba.kernel.trail.models import TrailEntry
from yakuba.kernel.trail.queries import payload_of

pytestmark = pytest.mark.django_db
MAY = dt.datetime(2026, 5, 10, 3, tzinfo=dt.UTC)
R7 = FiscalYear(2025)


def month(number: int, year: int = 2026) -> Period:
    return Period.month(dt.date(year, number, 1))


def brought(*values: Brought, status: str = "preliminary", reason: str = "") -> actions.BringValues:
    return actions.BringValues(
        values=[sent(one) for one in values],
        status=status,
        reason=reason,
        digest="0" * 64,
        file_name="eltax.csv",
    )


def share(period: Period, top: int, bottom: int) -> Brought:
    return Brought(
        period,
        raw=f"{top}/{bottom}",
        number=Decimal(top * 100) / bottom,
        numerator=Decimal(top),
        denominator=Decimal(bottom),
    )


def rows(found: object) -> list[tuple[str, int, str, str]]:
    return [
        (f"{row.last:%Y-%m}", row.revision, row.status, row.reason)
        for row in SeriesValue.unscoped.filter(series=found).order_by("last", "revision")
    ]


# --- defining ---------------------------------------------------------------------------------------------------------
def test_a_key_is_taken_once_and_can_be_written_in_a_formula(mihon: Town) -> None:
    ctx = mihon.ctx("plan_secretariat")
    made = series(mihon, "コンビニ交付_住民票")
    assert made.key == "コンビニ交付_住民票"
    for key, code in (("コンビニ交付_住民票", "twice"), ("a b]", "key"), ("外部:a", "key")):
        with pytest.raises(Problem) as caught:
            actions.define_series(ctx, None, data(mihon, key))
        assert caught.value.code == code


def test_a_layout_that_does_not_fit_is_refused(mihon: Town) -> None:
    with pytest.raises(Problems):
        actions.define_series(mihon.ctx("plan_secretariat"), None, data(mihon, aggregation="state"))


def test_another_definition_is_another_version_beside_the_old_values(mihon: Town) -> None:
    with clock.frozen(MAY):
        ctx = mihon.ctx("plan_editor")
        found = typed(ctx, count(mihon), 2026, 4, "100")
        again = actions.RedefineSeries(
            unit="件", aggregation="year_total", definition="窓口も数える。", reason="数え方が変わった"
        )
        actions.redefine_series(mihon.ctx("plan_secretariat"), found, again)
        found = fresh(found)
        assert found.definition_version == 2
        assert queries.earlier_of(found)[0]["reason"] == "数え方が変わった"
        typed(ctx, found, 2026, 4, "180")
        figure = queries.figures(ctx, ["count"], [month(4)])["count"][month(4)]
        assert (figure.number, figure.version, figure.revision) == (180, 2, 0)
        assert SeriesValue.unscoped.count() == 2
        reworded = actions.RedefineSeries(
            unit="件",
            aggregation="year_total",
            definition="窓口も数えます。",
            rewording=True,
            reason="言い回し",
        )
        actions.redefine_series(mihon.ctx("plan_secretariat"), found, reworded)
        assert fresh(found).definition_version == 2
        with pytest.raises(Problem):
            actions.redefine_series(
                mihon.ctx("plan_secretariat"),
                found,
                actions.RedefineSeries(
                    unit="人", aggregation="year_total", definition="人を数える。", rewording=True, reason="x"
                ),
            )


def test_an_ended_series_owes_nothing_and_is_taken_up_again(mihon: Town) -> None:
    with clock.frozen(MAY):
        ctx, editor = mihon.ctx("plan_secretariat"), mihon.ctx("plan_editor")
        found = count(mihon)
        assert queries.owing(ctx, [found])[0].owed
        actions.end_series(ctx, found, actions.EndSeries(dt.date(2026, 3, 31), "事業の終了"))
        assert not queries.owing(ctx, [fresh(found)])[0].owed
        with pytest.raises(Problems):
            typed(editor, found, 2026, 4, "5")
        actions.resume_series(ctx, fresh(found), NoData())
        typed(editor, found, 2026, 4, "5")
        with pytest.raises(Problem) as caught:
            actions.end_series(ctx, fresh(found), actions.EndSeries(dt.date(2026, 2, 28), "x"))
        assert caught.value.field == "ended_on"


# --- bringing ---------------------------------------------------------------------------------------------------------
def test_april_brings_preliminary_june_final_and_a_correction_its_reason(mihon: Town) -> None:
    """The walk of the clerk of 税務課, at the function."""
    with clock.frozen(MAY):
        ctx = mihon.ctx("plan_editor")
        found = series(mihon)
        actions.bring_values(ctx, found, brought(share(month(3), 84, 100), share(month(4), 40, 50)))
        actions.bring_values(ctx, fresh(found), brought(share(month(3), 84, 100), share(month(4), 41, 50)))
    with clock.frozen(MAY + dt.timedelta(days=40)):
        ctx = mihon.ctx("plan_editor")
        actions.bring_values(
            ctx, fresh(found), brought(share(month(3), 84, 100), share(month(4), 41, 50), status="final")
        )
        with pytest.raises(Problem) as caught:
            actions.bring_values(ctx, fresh(found), brought(share(month(4), 42, 50), status="final"))
        assert caught.value.field == "reason"
        actions.bring_values(
            ctx, fresh(found), brought(share(month(4), 42, 50), status="final", reason="集計の誤り")
        )
        with pytest.raises(Problems):
            actions.bring_values(ctx, fresh(found), brought(share(month(4), 43, 50)))
        with pytest.raises(Problem) as caught:
            actions.bring_values(ctx, fresh(found), brought(share(month(4), 42, 50), status="final"))
        assert caught.value.code == "same"
    assert rows(found) == [
        ("2026-03", 0, "preliminary", ""),
        ("2026-03", 1, "final", ""),
        ("2026-04", 0, "preliminary", ""),
        ("2026-04", 1, "preliminary", ""),
        ("2026-04", 2, "final", ""),
        ("2026-04", 3, "final", "集計の誤り"),
    ]
    entry = TrailEntry.unscoped.get(action="metrics.bring_values", kind="done", reason="集計の誤り")
    payload = payload_of(entry)
    assert payload is not None
    notes: Any = payload["notes"]  # Any: JSON
    assert [(one["number"], one["path"], one["from"], one["to"]) for one in notes["cells"]] == [
        ("法人市民税の電子申告率", "令和8年4月 値", "82%", "84%"),
        ("法人市民税の電子申告率", "令和8年4月 分子／分母", "41／50", "42／50"),
        ("法人市民税の電子申告率", "令和8年4月 確度", "確定", "確定"),
    ]
    value = queries.values(ctx, found)[-1]
    assert (value.file_name, value.file_digest, value.file_id) == ("eltax.csv", "0" * 64, None)


def test_what_was_brought_while_the_month_ran_is_asked_for_again(mihon: Town) -> None:
    with clock.frozen(MAY):
        found = typed(mihon.ctx("plan_editor"), count(mihon, first=dt.date(2026, 5, 1)), 2026, 5, "12")
        assert SeriesValue.unscoped.get().status == "provisional"
    with clock.frozen(MAY + dt.timedelta(days=30)):
        ctx = mihon.ctx("plan_editor")
        assert [one.period for one in queries.owing(ctx, [fresh(found)])[0].owed] == [month(5)]
        typed(ctx, found, 2026, 5, "12")
        assert not queries.owing(ctx, [fresh(found)])[0].owed


def test_a_bad_value_brings_in_none_of_them(mihon: Town) -> None:
    with clock.frozen(MAY):
        ctx = mihon.ctx("plan_editor")
        found = series(mihon)
        with pytest.raises(Problems) as caught:
            actions.bring_values(ctx, found, brought(share(month(3), 1, 2), share(month(6), 1, 2)))
        assert [one.field for one in caught.value.problems] == ["1"]
        bad: object
        for bad in (
            [],
            "x",
            [{"kind": "day", "last": "2026-04-30"}],
            [{"kind": "month", "last": "2026-04-29"}],
            [{"kind": "month"}],
        ):
            with pytest.raises(Problem):
                actions.bring_values(ctx, found, actions.BringValues(values=bad, status="final"))  # type: ignore[arg-type]
    assert not SeriesValue.unscoped.exists()


def test_a_successor_brings_what_the_ended_office_was_to_bring(mihon: Town) -> None:
    with clock.frozen(MAY):
        found = count(mihon, "old", office=str(mihon.offices["other"].pk))
        with pytest.raises(Denied):
            typed(mihon.ctx("plan_editor"), found, 2026, 4, "5")
        other: Office = mihon.offices["other"]
        OfficeName.unscoped.filter(office=other).update(valid_to=dt.date(2026, 3, 31))
        OfficeSuccession.unscoped.create(
            municipality_id=mihon.ref.id,
            kind="merged",
            on=dt.date(2026, 4, 1),
            predecessor=other,
            successor=mihon.offices["own"],
        )
        typed(mihon.ctx("plan_editor"), found, 2026, 4, "5")
        assert [one.series.key for one in queries.mine(mihon.ctx("plan_editor"))] == ["old"]


def test_typed_values_are_read_as_files_are(mihon: Town) -> None:
    with clock.frozen(MAY):
        ctx = mihon.ctx("plan_editor")
        found = series(mihon)
        typed(ctx, found, 2026, 4, numerator="４１", denominator="50")
        typed(ctx, found, 2024, None, "約86.0％", status="final")
        kept = {row.kind: row for row in SeriesValue.unscoped.all()}
        assert (kept["month"].number, kept["month"].raw) == (82, "４１/50")
        assert (kept["year"].number, kept["year"].raw) == (86, "約86.0％")
        for more, field in (
            ({"value": "多い"}, "value"),
            ({"numerator": "1", "denominator": "0"}, "denominator"),
            ({"numerator": "1"}, "denominator"),
            ({}, "value"),
        ):
            with pytest.raises(Problem) as caught:
                typed(ctx, found, 2026, 3, **more)
            assert caught.value.field == field
        with pytest.raises(Problem) as caught:
            typed(ctx, people(mihon), 2025, 4, "5")
        assert caught.value.field == "month"


# --- figures ----------------------------------------------------------------------------------------------------------
def test_months_make_the_year_and_a_days_figure_and_a_brought_year_goes_before_them(mihon: Town) -> None:
    said = {"series": "eltax_houjin"}
    with clock.frozen(MAY):
        ctx, source = mihon.ctx("plan_editor"), SeriesSource()
        found = series(mihon)
        values = [
            share(month(number, 2025 if number > 3 else 2026), number, 100)
            for number in (*range(4, 13), 1, 2, 3)
        ]
        actions.bring_values(ctx, found, brought(*values, status="final"))
        year, day = Period.year(R7), Period.as_of(dt.date(2026, 3, 1))
        figures = source.figures(ctx, said, [year, day, month(4), month(5)])
        assert (figures[year].numerator, figures[year].denominator, figures[year].status) == (
            78,
            1200,
            "final",
        )
        assert figures[year].number == Decimal("6.5")
        assert len(figures[year].grounds) == 12
        assert (figures[day].numerator, figures[day].denominator) == (75, 1100)
        assert month(4) not in figures
        assert month(5) not in figures
        typed(ctx, found, 2025, None, "7.1", status="final")
        figures = source.figures(ctx, said, [year, day])
        assert figures[year].number == Decimal("7.1")
        assert figures[day].number == Decimal("6.818182")
        assert source.check(ctx, said) == []
        assert source.check(ctx, {"series": "none"})
        assert source.check(ctx, {"metric": "x"})
        assert (source.title(ctx, said), source.unit(ctx, said), source.aggregation(ctx, said)) == (
            "法人市民税の電子申告率",
            "%",
            "ratio",
        )
        assert "eLTAX" in source.definition(ctx, said)
        assert str(found.pk) in source.href(ctx, said)


def test_many_series_cost_as_many_queries_as_one(mihon: Town, django_assert_num_queries: object) -> None:
    with clock.frozen(MAY):
        ctx = mihon.ctx("plan_editor")
        for number in range(6):
            typed(ctx, count(mihon, f"s{number}"), 2026, 4, "5")
        for keys in (["s0"], [f"s{number}" for number in range(6)]):
            with django_assert_num_queries(2):  # type: ignore[operator]
                found = queries.figures(ctx, keys, [month(4), Period.year(FiscalYear(2026))])
            assert all(len(one) == 2 for one in found.values())


def test_what_the_public_reads_follows_and_goes(mihon: Town) -> None:
    with clock.frozen(MAY):
        ctx, secretariat = mihon.ctx("plan_editor"), mihon.ctx("plan_secretariat")
        found = typed(ctx, count(mihon, least=5), 2026, 4, "40")
        typed(ctx, found, 2025, 3, "3")
        shown = {
            (row.kind, row.last): row for row in PublicFigure.unscoped.filter(source="series", key="count")
        }
        assert shown["month", dt.date(2026, 4, 30)].number == 40
        assert shown["month", dt.date(2026, 3, 31)].hidden
        hidden = data(mihon, "count", layout=COUNT.to_json(), public=False)
        actions.describe_series(secretariat, fresh(found), described(hidden))
        assert not PublicFigure.unscoped.filter(source="series").exists()


def public(key: str) -> dict[tuple[str, dt.date], tuple[Decimal | None, bool]]:
    rows = PublicFigure.unscoped.filter(source="series", key=key)
    return {(row.kind, row.last): (row.number, row.hidden) for row in rows}


def test_a_share_that_became_a_total_is_not_judged_as_one(mihon: Town) -> None:
    """Fifty percent are no fifty persons: three of six would go out with their numbers."""
    with clock.frozen(MAY):
        ctx, secretariat = mihon.ctx("plan_editor"), mihon.ctx("plan_secretariat")
        found = series(mihon, "few", least=5, layout=COUNT.to_json())
        actions.bring_values(ctx, found, brought(share(month(3), 3, 6), share(month(4), 20, 40)))
        assert public("few")["month", dt.date(2026, 3, 31)] == (None, True)
        assert public("few")["month", dt.date(2026, 4, 30)] == (50, False)

        def again(aggregation: str, words: str) -> actions.RedefineSeries:
            return actions.RedefineSeries(
                unit="%", aggregation=aggregation, definition=words, reason="数え方の見直し"
            )

        actions.redefine_series(secretariat, fresh(found), again("ratio", "申告の割合（修正を除く）。"))
        assert public("few")["month", dt.date(2026, 4, 30)] == (50, False), "the same aggregation judges it"
        actions.redefine_series(secretariat, fresh(found), again("year_total", "申告の数。"))
        assert public("few") == {}


@pytest.mark.parametrize(("aggregation", "hidden"), [("year_total", 2), ("at_date", 1)])
def test_what_is_summed_tells_of_the_days_between(mihon: Town, aggregation: str, hidden: int) -> None:
    """The year's 222 less eleven months would be March's 2: so of sums a second month is hidden; of levels nothing can be subtracted."""
    with clock.frozen(MAY):
        found = count(mihon, "few", least=5, aggregation=aggregation)
        months = by_month([20] * 11 + [2])
        year = Brought(Period.year(R7), raw="222", number=Decimal(222))
        actions.bring_values(mihon.ctx("plan_editor"), found, brought(*months, year))
    told = public("few")
    assert told["month", dt.date(2026, 3, 31)] == (None, True)
    assert told["year", dt.date(2026, 3, 31)] == (222, False)
    assert [one for _number, one in told.values()].count(True) == hidden


def by_month(counts: list[int]) -> list[Brought]:
    """Of R7, from April on."""
    return [
        Brought(month((place + 3) % 12 + 1, 2025 + (place > 8)), raw=str(many), number=Decimal(many))
        for place, many in enumerate(counts)
    ]


@pytest.mark.parametrize(
    ("aggregation", "fold"), [("cumulative", "last"), ("cumulative", "sum"), ("year_total", "last")]
)
@pytest.mark.parametrize("whole", [None, 130])
def test_running_totals_do_not_tell_of_one_month(
    mihon: Town, aggregation: str, fold: str, whole: int | None
) -> None:
    """100, 101, 102 …: one person a month would fall out of what is shown side by side, and of a year that was brought beside it."""
    with clock.frozen(MAY):
        layout = {**COUNT.to_json(), "fold": fold}
        found = count(mihon, "few", least=5, aggregation=aggregation, layout=layout)
        values = by_month([*range(100, 112)])
        if whole is not None:
            values.append(Brought(Period.year(R7), raw=str(whole), number=Decimal(whole)))
        actions.bring_values(mihon.ctx("plan_editor"), found, brought(*values))
    told = public("few")
    assert told["year", dt.date(2026, 3, 31)] == (whole or 111, False)
    shown = sorted({number for number, hidden in told.values() if number is not None and not hidden})
    assert len(shown) > 1
    assert all(later - earlier >= 5 for earlier, later in pairwise(shown)), shown


def test_a_running_share_does_not_either(mihon: Town) -> None:
    with clock.frozen(MAY):
        layout = {**SHARE.to_json(), "fold": "last"}
        found = series(mihon, "few", least=5, layout=layout)
        values = [share(one.period, int(one.number or 0), 200) for one in by_month([*range(100, 112)])]
        actions.bring_values(mihon.ctx("plan_editor"), found, brought(*values))
    shown = [number for number, hidden in public("few").values() if number is not None and not hidden]
    assert sorted({one * 2 for one in shown}) == [100, 105, 111]


@pytest.mark.parametrize("aggregation", ["cumulative", "at_date"])
def test_running_totals_and_levels_are_never_summed(mihon: Town, aggregation: str) -> None:
    """The sum of twelve levels means nothing, and less eleven of them it would be the twelfth."""
    with clock.frozen(MAY):
        ctx = mihon.ctx("plan_editor")
        found = count(mihon, "level", aggregation=aggregation)
        actions.bring_values(ctx, found, brought(*by_month([20] * 11 + [50])))
        figure = queries.figures(ctx, ["level"], [Period.year(R7)])["level"][Period.year(R7)]
    assert figure.number == 50


def listed(share_: Brought, **parts: int) -> Brought:
    return dataclasses.replace(share_, parts={key: Decimal(one) for key, one in parts.items()})


def test_attendance_by_office_is_never_public(mihon: Town) -> None:
    """Of an office of three everybody knows who the one is; and the office's cell is as somebody wrote it."""
    with clock.frozen(MAY):
        editor, secretariat = mihon.ctx("plan_editor"), mihon.ctx("plan_secretariat", "other")
        found = people(mihon)
        value = listed(share(Period.year(R7), 40, 60), 総務課=30, 見本課=10)
        actions.bring_values(editor, found, brought(value, status="final"))
        figure = PublicFigure.unscoped.get(source="series", key="training")
        assert (figure.numerator, figure.denominator, figure.parts) == (40, 60, {})
        desk = queries.figures(editor, ["training"], [Period.year(R7)])["training"][Period.year(R7)]
        assert desk.parts == {"総務課": 30, "見本課": 10}
        # Nor once its file looks otherwise: what a list brought keeps its guard.
        unguarded = data(mihon, "training", layout=SHARE.to_json(), least=0)
        with pytest.raises(Problem):
            actions.describe_series(secretariat, fresh(found), described(unguarded))
        for _time in range(2):
            rows = data(mihon, "training", layout=SHARE.to_json(), least=5)
            actions.describe_series(secretariat, fresh(found), described(rows))
            assert queries.listed(fresh(found))
        assert PublicFigure.unscoped.get(source="series", key="training").parts == {}


def described(whole: actions.DefineSeries) -> actions.DescribeSeries:
    names = [one.name for one in dataclasses.fields(actions.DescribeSeries)]
    return actions.DescribeSeries(**{name: getattr(whole, name) for name in names})


def test_an_attendance_list_is_public_with_a_guard_or_not_at_all(mihon: Town) -> None:
    secretariat = mihon.ctx("plan_secretariat", "other")
    with pytest.raises(Problem) as caught:
        people(mihon, "open", least=4)
    assert caught.value.field == "least"
    assert people(mihon, "inside", least=0, public=False).least == 0
    found = people(mihon)
    bare = data(mihon, "training", layout=PEOPLE.to_json(), least=0)
    with pytest.raises(Problem) as caught:
        actions.describe_series(secretariat, found, described(bare))
    assert caught.value.field == "least"
    # One from before this was asked for.
    Series.unscoped.filter(pk=found.pk).update(least=0)
    with clock.frozen(MAY):
        value = share(Period.year(R7), 57, 60)
        actions.bring_values(mihon.ctx("plan_editor"), fresh(found), brought(value, status="final"))
    assert PublicFigure.unscoped.get(source="series", key="training").hidden


def test_the_public_reads_a_series_with_its_words_and_its_own_page(mihon: Town) -> None:
    key = "コンビニ交付_住民票"
    with clock.frozen(MAY):
        found = typed(
            mihon.ctx("plan_editor"),
            count(mihon, key, title="コンビニ交付の数"),
            2024,
            None,
            "40",
            status="final",
        )
        typed(
            mihon.ctx("plan_editor"),
            count(mihon, "inside", title="内側の数", public=False),
            2024,
            None,
            "41",
            status="final",
        )
    client = Client()
    whole = client.get(f"/{mihon.ref.code}/metrics/").content.decode()
    assert "コンビニ交付の数" in whole
    assert "内側の数" not in whole
    page = client.get(f"/{mihon.ref.code}/metrics/series/{key}/")
    assert page.status_code == 200
    assert not page.cookies
    text = page.content.decode()
    assert "40件" in text
    assert "eLTAXの数字を、見本課が届けています" in text
    again = client.get(f"/{mihon.ref.code}/metrics/series/{key}/", headers={"if-none-match": page["ETag"]})
    assert again.status_code == 304
    said = client.get(f"/{mihon.ref.code}/metrics/series/{key}/figures.json").json()
    assert (said["source"], said["figures"][0]["number"]) == ("series", "40")
    listed = client.get(f"/api/v1/{mihon.ref.code}/metrics").json()
    assert [one["key"] for one in listed["items"]] == [key]
    assert client.get(f"/{mihon.ref.code}/metrics/series/inside/").status_code == 404
    with clock.frozen(MAY + dt.timedelta(days=1)):
        again = actions.RedefineSeries(
            unit="件", aggregation="year_total", definition="別の言い方。", rewording=True, reason="言い回し"
        )
        actions.redefine_series(mihon.ctx("plan_secretariat"), fresh(found), again)
    changed = client.get(f"/{mihon.ref.code}/metrics/series/{key}/", headers={"if-none-match": page["ETag"]})
    assert changed.status_code == 200
    assert "別の言い方。" in changed.content.decode()


def test_words_are_figures_and_the_last_month_stands_for_the_year(mihon: Town) -> None:
    with clock.frozen(MAY):
        ctx = mihon.ctx("plan_editor")
        found = count(mihon, "words", aggregation="state", unit="")
        typed(ctx, found, 2025, 4, "検討")
        typed(ctx, found, 2025, 12, "試行")
        figure = queries.figures(ctx, ["words"], [Period.year(R7)])["words"][Period.year(R7)]
        assert (figure.state, figure.number, figure.status) == ("試行", None, "provisional")
        assert not PublicFigure.unscoped.exists()
