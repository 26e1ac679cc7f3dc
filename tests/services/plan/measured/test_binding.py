"""Indicators are bound by a person, with a reason; what was decided is kept, goes on, and is told to the public where it may be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.engines.metrics.sample import Said
from tests.services.plan.measured.conftest import KEY, ONLINE, ROADS, bind, row, standing
from tests.services.plan.year.conftest import Year, initiative_of
from yakuba.engines.metrics.declaring import METRICS
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.store import measure
from yakuba.kernel.actions import Denied, NoData, Problems
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.files import store as files
from yakuba.kernel.town.models import Municipality
from yakuba.services.plan import queries as plan
from yakuba.services.plan.actions import (
    CorrectField,
    DeleteEdition,
    EditPart,
    NextEdition,
    PublishEdition,
    WithdrawEdition,
    correct_field,
    delete_edition,
    edit_part,
    next_edition,
    publish_edition,
    withdraw_edition,
)
from yakuba.services.plan.measured import queries
from yakuba.services.plan.measured.actions import DeclineSources, decline_sources, release_bindings, store
from yakuba.services.plan.models import Binding, DeclinedSource, Edition, Initiative, Plan, PublicBinding


def test_a_decision_keeps_what_the_source_said_of_itself(year: Year, metric: Said) -> None:
    online = initiative_of(year, ONLINE).pk
    bind(year, row(online, grounds=["単位が同じです。"]))
    one = standing(year)
    assert (one.source, one.said, one.title, one.unit) == (
        "metric",
        {"metric": KEY},
        "オンライン化した手続の数",
        "手続",
    )
    assert (one.aggregation, one.definition, one.grounds) == (
        "at_date",
        "試しの数え方。",
        ["単位が同じです。"],
    )
    assert one.bound_by
    assert queries.bindings(year.ctx("staff"), year.edition) == {(online, 0): one}


def test_a_later_decision_is_a_row_of_its_own_and_the_newest_counts(year: Year, metric: Said) -> None:
    online = initiative_of(year, ONLINE).pk
    bind(year, row(online))
    first = standing(year)
    manual = row(
        online,
        "manual",
        definition="手続台帳を年度末に数える。",
        seen=str(first.pk),
        reason="数え方が違うため",
    )
    bind(year, manual)
    second = standing(year)
    assert (second.line, second.revision, second.source) == (first.line, 1, "manual")
    bind(year, row(online, "", seen=str(second.pk), reason="この指標をやめるため"))
    assert queries.bindings(year.ctx("staff"), year.edition) == {}
    bind(year, row(online))
    told = queries.history(year.ctx("staff"), standing(year))
    assert [(one.revision, one.source) for one in told] == [
        (3, "metric"),
        (2, ""),
        (1, "manual"),
        (0, "metric"),
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"reason": " "}, "「理由」が空です"),
        ({"name": "別の指標"}, "並びか名前が、見たときと変わっています"),
        ({"position": 9}, "この版にない指標です"),
        ({"seen": "019a0000-0000-7000-8000-000000000000"}, "ほかの人が先に"),
        ({"source": "moon"}, "出所の種類を一覧から選んでください"),
        ({"said": {"metric": "gone"}}, "「gone」という計測値は、このシステムにありません"),
        ({"source": "manual"}, "何を、どの資料から、どの時点で数えるか"),
        ({"source": ""}, "何にも結び付いていません"),
    ],
)
def test_what_makes_no_sense_is_told_at_its_row(
    year: Year, metric: Said, change: dict[str, object], expected: str
) -> None:
    with pytest.raises(Problems, match=expected) as refused:
        bind(year, row(initiative_of(year, ONLINE).pk, **change))
    assert all(str(one.field).startswith("rows[0]") for one in refused.value.problems)
    assert not Binding.unscoped.exists()


def test_a_share_is_no_source_of_a_count(year: Year, metric: Said) -> None:
    share = replace(METRICS.get(KEY), key="test_share", unit="%", aggregation="ratio")
    with METRICS.temporarily("test_share", share), pytest.raises(Problems, match="比べられません"):
        bind(year, row(initiative_of(year, ONLINE).pk, said={"metric": "test_share"}))


def test_an_office_binds_its_own_and_nobody_elses(year: Year, metric: Said) -> None:
    online = initiative_of(year, ONLINE).pk
    with pytest.raises(Denied, match="電子申請の拡大"):
        bind(year, row(online), role="plan_editor", office="other")
    bind(year, row(online), role="plan_editor")
    assert standing(year).source == "metric"


def test_manual_keeps_its_file_until_another_comes(year: Year) -> None:
    online = initiative_of(year, ONLINE).pk
    sha256 = files.put("数え方".encode())
    bind(year, row(online, "manual", definition="台帳を数える。", sha256=sha256, file="数え方.txt"))
    first = standing(year)
    assert first.file is not None
    assert first.file.name == "数え方.txt"
    bind(
        year,
        row(online, "manual", definition="台帳を年度末に数える。", seen=str(first.pk), reason="時点を書いた"),
    )
    assert standing(year).file_id == first.file_id


def test_a_binding_follows_its_indicator_by_its_name(year: Year, metric: Said) -> None:
    """Another indicator before it moves it; another name is another indicator."""
    online = initiative_of(year, ONLINE)
    bind(year, row(online.pk))
    cli = year.ctx("cli")
    (form,) = [form for found, form in plan.forms([online])]
    other = {**form["indicators"][0], "name": "別の指標", "values": []}
    edit_part(cli, online, EditPart("indicators", [other, {**form["indicators"][0], "of": 0}]))
    assert list(queries.bindings(cli, year.edition)) == [(online.pk, 1)]
    correct_field(
        cli, Initiative.unscoped.get(pk=online.pk), CorrectField("indicators[1].name", "名前を変えた指標")
    )
    found = queries.found(cli, year.edition)
    assert (dict(found.standing), [one.name for one in found.lost]) == ({}, ["指標"])


def test_the_next_edition_carries_what_goes_on(year: Year, metric: Said) -> None:
    online = initiative_of(year, ONLINE)
    bind(year, row(online.pk))
    cli = year.ctx("cli")
    decline_sources(cli, year.edition, DeclineSources([{"initiative": str(online.pk), "name": "指標", "source": "formula", "said": {}, "reason": ""}]))  # fmt: skip
    seen = Edition.unscoped.get(pk=year.edition.pk).version
    made = next_edition(
        cli, None, NextEdition(str(year.edition.pk), seen, FiscalYear(2026), "令和8年度版", [str(online.pk)])
    )
    new = Initiative.unscoped.get(edition=made, title=ONLINE)
    ((place, one),) = queries.bindings(cli, made).items()
    assert place == (new.pk, 0)
    assert (one.source, one.said, one.origin) == ("metric", {"metric": KEY}, standing(year).pk)
    assert "引き継ぎました。手続台帳が同じ数え方のため" in one.reason
    assert [told.edition_id for told in queries.history(cli, one)] == [made.pk, year.edition.pk]
    assert DeclinedSource.unscoped.filter(edition=made, initiative=new.pk).count() == 1
    plan_ = Plan.unscoped.get(pk=made.plan_id)
    delete_edition(cli, plan_, DeleteEdition(str(made.pk), made.version, "作り直すため"))
    assert Binding.unscoped.count() == 1  # what the thrown away draft had went with it


def test_what_does_not_go_on_leaves_its_binding_behind(year: Year, metric: Said) -> None:
    bind(year, row(initiative_of(year, ONLINE).pk))
    cli, roads = year.ctx("cli"), initiative_of(year, ROADS)
    seen = Edition.unscoped.get(pk=year.edition.pk).version
    made = next_edition(
        cli, None, NextEdition(str(year.edition.pk), seen, FiscalYear(2026), "令和8年度版", [str(roads.pk)])
    )
    assert queries.bindings(cli, made) == {}


def test_the_public_reads_what_stands_published_and_is_public_itself(year: Year, metric: Said) -> None:
    online, cli = initiative_of(year, ONLINE).pk, year.ctx("cli")
    bind(year, row(online))
    assert not PublicBinding.unscoped.exists()
    publish_edition(cli, Edition.unscoped.get(pk=year.edition.pk), PublishEdition())
    one = PublicBinding.unscoped.get()
    assert (one.edition, one.initiative, one.position) == (year.edition.pk, online, 0)
    assert (one.source, one.key, one.title) == ("metric", KEY, "オンライン化した手続の数")
    assert one.operands == [{"source": "metric", "key": KEY, "label": "オンライン化した手続の数"}]
    formula = row(
        online, "formula", said={"formula": f"[{KEY}] + 1", "unit": "手続"}, seen=str(standing(year).pk)
    )
    bind(year, formula)
    one = PublicBinding.unscoped.get()
    assert (one.source, one.key, [each["key"] for each in one.operands]) == ("formula", "", [KEY])
    # A metric that is public no more takes its words along, with the night's run.
    hidden = replace(METRICS.get(KEY), public=False)
    with METRICS.temporarily(KEY, hidden):
        assert store.stale(cli)
        release_bindings(cli, Municipality.unscoped.get(pk=year.town.ref.id), NoData())
        assert not PublicBinding.unscoped.exists()
        assert not store.stale(cli)
    release_bindings(cli, Municipality.unscoped.get(pk=year.town.ref.id), NoData())
    withdraw_edition(cli, Edition.unscoped.get(pk=year.edition.pk), WithdrawEdition("数値の確認のため"))
    assert not PublicBinding.unscoped.exists()


def test_figures_of_a_whole_edition_cost_the_same_however_many_are_bound(bound: Year, metric: Said) -> None:
    ctx, period = bound.ctx("staff"), Period.year(FiscalYear(2025))
    metric.say(bound.town.ref.id, period, 80)
    measure(period, [KEY])
    with CaptureQueriesContext(connection) as one:
        told = queries.measured(ctx, bound.edition, [period])
    ((place, figures),) = told.items()
    assert place == (initiative_of(bound, ONLINE).pk, 0)
    assert figures[period].number == 80
    for title in (ONLINE, ROADS):
        online = initiative_of(bound, title)
        (form,) = [form for _row, form in plan.forms([online])]
        kept = [{**one_, "of": nth} for nth, one_ in enumerate(form["indicators"])]
        fresh = [{"name": f"指標{nth}", "unit": "手続"} for nth in range(3)]
        edit_part(bound.ctx("cli"), online, EditPart("indicators", [*kept, *fresh]))
        bind(bound, *(row(online.pk, position=len(kept) + nth, name=f"指標{nth}") for nth in range(3)))
    with CaptureQueriesContext(connection) as many:
        assert len(queries.measured(ctx, bound.edition, [period])) == 7
    assert len(many) == len(one)
