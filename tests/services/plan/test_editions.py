"""Plans without a document: begun, taken on into the next edition, renamed, thrown away."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.services.plan.forms import document, indicator, initiative, value
from tests.world import Town
from yakuba.kernel.actions import Missing, Problem, Stale
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.trail.models import TrailEntry, TrailPayload
from yakuba.services.plan import carrying, queries, succession
from yakuba.services.plan.actions import (
    CreateEdition,
    CreateInitiative,
    DeleteEdition,
    ImportDocument,
    LinkOffice,
    NextEdition,
    PublishEdition,
    RenameEdition,
    WithdrawEdition,
    create_edition,
    create_initiative,
    delete_edition,
    import_document,
    link_office,
    next_edition,
    publish_edition,
    rename_edition,
    withdraw_edition,
)
from yakuba.services.plan.models import Edition, Import, Initiative, InitiativeOffice, Node, Plan

R6, R7, R8 = FiscalYear(2024), FiscalYear(2025), FiscalYear(2026)
OFFICE = {"name": "見本課", "role": "lead", "doubtful": False}


def rich() -> dict[str, Any]:
    return initiative(
        "14",
        "標準化",
        kind="advance",
        offices=[OFFICE],
        flags=["new", "priority"],
        placements=[{"path": ["1"], "primary": True}],
        tags={"SDGs": ["9"]},
        texts={"purpose": "目的です。", "result": "終わりました。"},
        stages={"2024": "検討", "2025": "移行"},
        progress="順調",
        progress_meaning="on_track",
        lineage=[{"event": "new", "year": 2023, "from": None}],
        corrected={"title": {"by": "見本", "on": "2026-04-01"}},
        sources={"title": {"file": "m.txt", "line": 3, "cell": None, "rule": "table"}},
        doubts=[
            {"field": "indicators[0].values[2].raw", "code": "x", "candidates": [], "note": "確かめる"},
            {"field": "progress", "code": "x", "candidates": [], "note": "確かめる"},
        ],
        indicators=[
            indicator(
                "業務数",
                [
                    value("0", 2024, number="0"),
                    value("20", 2025, "target", number="20"),
                    value("17", 2025, number="17", status="provisional"),
                    value("18", 2025, number="18", status="final", revision=1, reason="確定"),
                ],
                direction="increase",
            )
        ],
    )


# --- pure ------------------------------------------------------------------------------------------------------------


def test_what_is_said_of_one_year_stays_behind_and_the_rest_goes_on() -> None:
    found = carrying.carried(rich(), 2025)
    assert (found["year"], found["progress"], found["progress_meaning"]) == (2025, None, None)
    assert found["flags"] == ["priority"]
    assert found["texts"] == {"purpose": "目的です。"}
    assert found["stages"] == {"2024": "検討", "2025": "移行"}
    assert (found["corrected"], found["sources"], found["warnings"]) == ({}, {}, [])
    assert found["lineage"] == [
        {"event": "new", "year": 2023, "from": None},
        {"event": "continued", "year": 2025, "from": {"year": 2024, "kind": "advance", "number": "14"}},
    ]


def test_values_go_on_as_they_stood_last_and_doubts_follow_them() -> None:
    found = carrying.carried(rich(), 2025)
    values = found["indicators"][0]["values"]
    assert [(one["kind"], one["year"], one["raw"], one["revision"]) for one in values] == [
        ("actual", 2024, "0", 0),
        ("target", 2025, "20", 0),
        ("actual", 2025, "18", 0),
    ]
    assert values[2]["reason"] is None
    assert found["doubts"] == [], "what was doubtful about a revised value, and about the progress, is over"
    still = rich()
    still["doubts"] = [
        {"field": "indicators[0].values[3].raw", "code": "x", "candidates": [], "note": "確かめる"}
    ]
    assert carrying.carried(still, 2025)["doubts"][0]["field"] == "indicators[0].values[2].raw"


def test_a_row_that_got_another_number_and_title_is_still_the_same() -> None:
    before = [rich(), initiative("15", "別の取組", kind="advance")]
    after = [carrying.carried(row, 2025) for row in before]
    after[0] |= {"kind": "operate", "number": "3", "title": "全く違う名前"}
    pairs = succession.trace(before, after)
    assert [(one.before, one.after) for one in pairs.links] == [(0, 0), (1, 1)]


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"flags": ["completed"]}, "completed"),
        ({"progress_meaning": "merged"}, "merged"),
        ({"progress_meaning": "changed"}, None),
        ({"flags": ["moved"]}, None),
    ],
)
def test_what_ended_is_known_by_its_mark_or_its_progress(more: dict[str, Any], word: str | None) -> None:
    assert carrying.ended(initiative("1", "取組", **more)) == word


# --- from nothing -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_plan_from_nothing_is_planned_and_published(mihon: Town) -> None:
    ctx = mihon.ctx("plan_secretariat")
    data = CreateEdition(
        " みほん市DX推進計画 ", R8, FiscalYear(2029), "令和8年度版", None, ["柱", " 施策 "], ["第2次計画"]
    )
    edition = create_edition(ctx, None, data)
    assert (edition.plan.title, edition.year, edition.levels) == (
        "みほん市DX推進計画",
        R8,
        ["柱", "施策"],
    )
    create_initiative(ctx, edition, CreateInitiative("電子申請の拡大", R8, number="1"))
    publish_edition(ctx, Edition.unscoped.get(pk=edition.pk), PublishEdition())
    found = queries.document(Edition.unscoped.get(pk=edition.pk), "990019", "みほん市")
    assert found["plan"]["predecessors"] == ["第2次計画"]
    assert [one["title"] for one in found["initiatives"]] == ["電子申請の拡大"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "field"),
    [
        (CreateEdition("計画", R8, R7), "last_year"),
        (CreateEdition("計画", R7, R8, levels=["柱", "柱"]), "levels"),
        (CreateEdition("計画", R7, R8, levels=["長" * 61]), "levels"),
        (CreateEdition("計画", R7, R8, levels=[str(n) for n in range(9)]), "levels"),
        (CreateEdition("計画", R7, R8, levels=[1]), "levels"),  # type: ignore[list-item]  # what an API may send
        (CreateEdition("もうある計画", R7, R8), "title"),
    ],
)
def test_what_cannot_be_begun(mihon: Town, data: CreateEdition, field: str) -> None:
    ctx = mihon.ctx("plan_secretariat")
    create_edition(ctx, None, CreateEdition("もうある計画", R7, R8))
    with pytest.raises(Problem) as refused:
        create_edition(ctx, None, data)
    assert refused.value.field == field
    assert Edition.unscoped.count() == 1


# --- the next edition --------------------------------------------------------------------------------------------------


@pytest.fixture
def former(mihon: Town) -> Edition:
    rows = [
        rich(),
        initiative("15", "終わった取組", kind="advance", flags=["ended"], offices=[OFFICE]),
        initiative("16", "続く取組", kind="advance", offices=[OFFICE]),
    ]
    given = document(rows, edition="令和6年度版")
    given["bodies"] = [
        {"name": "本部", "members": [{"role": None, "post": "市長"}], "duties": [], "rule": None}
    ]
    given["stated"] = {"progress": {"順調": 1}, "counts": {"advance": 3}}
    given["plan"]["terms"] = [{"term": "DX", "text": "変革"}]
    made = import_document(mihon.ctx("cli"), None, ImportDocument(given))
    link_office(mihon.ctx("cli"), made, LinkOffice("見本課", str(mihon.offices["own"].pk)))
    Initiative.unscoped.filter(edition=made, number="14").update(themes_declined=["wifi"])
    return Edition.unscoped.get(pk=made.pk)


def going(edition: Edition, *numbers: str) -> list[str]:
    found = dict(Initiative.unscoped.filter(edition=edition).values_list("number", "pk"))
    return [str(found[number]) for number in numbers]


@pytest.mark.django_db
def test_the_next_edition_holds_what_goes_on(mihon: Town, former: Edition) -> None:
    ctx = mihon.ctx("plan_secretariat")
    data = NextEdition(str(former.pk), former.version, R7, "令和7年度版", going(former, "14", "16"))
    made = next_edition(ctx, None, data)
    found = queries.document(made, "990019", "みほん市")
    assert [row["number"] for row in found["initiatives"]] == ["14", "16"]
    assert found["bodies"][0]["name"] == "本部"
    assert found["plan"]["terms"] == [{"term": "DX", "text": "変革"}]
    assert found["stated"] == {"progress": {}, "counts": {}}, "nobody has claimed anything yet"
    assert [node["path"] for node in found["nodes"]] == [["1"]]
    first = Initiative.unscoped.get(edition=made, number="14")
    assert first.themes_declined == ["wifi"]
    assert first.placements.get().node.edition_id == made.pk
    linked = InitiativeOffice.unscoped.filter(initiative__edition=made)
    assert {one.office_id for one in linked} == {mihon.offices["own"].pk}
    entry = TrailEntry.unscoped.get(action="plan.next_edition")
    notes = json.loads(TrailPayload.unscoped.get(entry=entry).text)["notes"]
    assert notes["left"] == ["15 終わった取組"]
    former.refresh_from_db()
    assert former.version == data.seen, "the earlier edition is only read"


@pytest.mark.django_db
def test_a_next_edition_that_cannot_be(mihon: Town, former: Edition) -> None:
    ctx = mihon.ctx("plan_secretariat")
    key = str(former.pk)
    for year in (R6, FiscalYear(2023)):
        with pytest.raises(Problem) as early:
            next_edition(ctx, None, NextEdition(key, former.version, year, "別の版"))
        assert (early.value.code, early.value.field) == ("year", "year")
        assert "令和6年度より後" in early.value.message
    with pytest.raises(Stale):
        next_edition(ctx, None, NextEdition(key, former.version + 1, R7))
    with pytest.raises(Problem) as strange:
        next_edition(ctx, None, NextEdition(key, former.version, R7, "", ["x"]))
    assert strange.value.field == "carry"
    next_edition(ctx, None, NextEdition(key, former.version, R7, "令和7年度版"))
    with pytest.raises(Problem) as same:
        next_edition(ctx, None, NextEdition(key, former.version, R7, "令和7年度版"))
    assert same.value.code == "exists"
    for wrong in ("x", "00000000-0000-7000-8000-000000000000"):
        with pytest.raises(Missing):
            next_edition(ctx, None, NextEdition(wrong, 1, R7))
    assert Edition.unscoped.count() == 2


@pytest.mark.django_db
def test_an_edition_of_another_municipality_is_not_there(mihon: Town, karina: Town, former: Edition) -> None:
    with pytest.raises(Missing):
        next_edition(karina.ctx("plan_secretariat"), None, NextEdition(str(former.pk), former.version, R7))


# --- names and years ------------------------------------------------------------------------------------------------------


def named(edition: Edition, **more: Any) -> RenameEdition:
    plan = edition.plan
    given = {
        "title": plan.title,
        "first_year": plan.first_year,
        "last_year": plan.last_year,
        "year": edition.year,
        "label": edition.label,
    }
    return RenameEdition(**{**given, **more})


@pytest.mark.django_db
def test_years_of_rows_follow_the_edition(mihon: Town, former: Edition) -> None:
    ctx = mihon.ctx("plan_secretariat")
    Initiative.unscoped.filter(edition=former, number="15").update(year=2023)
    rename_edition(ctx, former, named(former, year=R7, label="令和7年度版"))
    years = dict(Initiative.unscoped.filter(edition=former).values_list("number", "year"))
    assert years == {"14": R7, "15": FiscalYear(2023), "16": R7}


@pytest.mark.django_db
def test_another_title_reopens_all_editions_of_the_plan(mihon: Town, former: Edition) -> None:
    ctx = mihon.ctx("plan_secretariat")
    other = next_edition(ctx, None, NextEdition(str(former.pk), former.version, R7, "令和7年度版"))
    Edition.unscoped.update(state="published")
    rename_edition(ctx, former, named(former, title="新しい名前"))
    other.refresh_from_db()
    assert (other.state, other.version, other.plan.title) == ("draft", 2, "新しい名前")
    assert Plan.unscoped.get().title == "新しい名前"


@pytest.mark.django_db
def test_the_year_of_what_was_public_is_its_address(mihon: Town, former: Edition) -> None:
    ctx = mihon.ctx("plan_secretariat")
    publish_edition(ctx, former, PublishEdition())
    withdraw_edition(ctx, former, WithdrawEdition("確認のため"))
    former.refresh_from_db()
    with pytest.raises(Problem) as refused:
        rename_edition(ctx, former, named(former, year=R8))
    assert refused.value.field == "year"
    rename_edition(ctx, former, named(former, label="令和6年度改訂版"))
    former.refresh_from_db()
    assert former.label == "令和6年度改訂版"


@pytest.mark.django_db
def test_two_editions_or_plans_have_no_one_name(mihon: Town, former: Edition) -> None:
    ctx = mihon.ctx("plan_secretariat")
    next_edition(ctx, None, NextEdition(str(former.pk), former.version, R7, "令和7年度版"))
    create_edition(ctx, None, CreateEdition("別の計画", FiscalYear(2024), R8))
    for more, field in (
        ({"year": R7, "label": "令和7年度版"}, "label"),
        ({"title": "別の計画"}, "title"),
        ({"last_year": FiscalYear(2020)}, "last_year"),
    ):
        with pytest.raises(Problem) as refused:
            rename_edition(ctx, former, named(former, **more))
        assert refused.value.field == field


# --- throwing away ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_draft_is_thrown_away_and_the_trail_keeps_it(mihon: Town, former: Edition) -> None:
    ctx = mihon.ctx("plan_secretariat")
    job = Import.unscoped.create(
        municipality_id=mihon.ref.id, file_name="m.txt", state="committed", edition=former,
        created_at=ctx.now, created_by="見本",
    )  # fmt: skip
    plan = former.plan
    delete_edition(ctx, plan, DeleteEdition(str(former.pk), former.version, "作り間違い"))
    assert not Edition.unscoped.exists()
    assert not Node.unscoped.exists()
    job.refresh_from_db()
    assert job.edition_id is None
    entry = TrailEntry.unscoped.get(action="plan.delete_edition")
    kept = json.loads(TrailPayload.unscoped.get(entry=entry).text)["notes"]["removed"]
    assert [row["number"] for row in kept["initiatives"]] == ["14", "15", "16"]
    assert entry.reason == "作り間違い"
    again = create_edition(ctx, None, CreateEdition(plan.title, plan.first_year, R8))
    assert again.plan_id == plan.pk
    assert Plan.unscoped.get().last_year == R8


@pytest.mark.django_db
def test_what_was_ever_public_is_not_thrown_away(mihon: Town, former: Edition) -> None:
    ctx = mihon.ctx("plan_secretariat")
    plan = former.plan
    with pytest.raises(Stale):
        delete_edition(ctx, plan, DeleteEdition(str(former.pk), former.version + 1, "古い"))
    publish_edition(ctx, former, PublishEdition())
    withdraw_edition(ctx, former, WithdrawEdition("確認のため"))
    former.refresh_from_db()
    with pytest.raises(Problem) as refused:
        delete_edition(ctx, plan, DeleteEdition(str(former.pk), former.version, "不要"))
    assert refused.value.code == "published"
    other = create_edition(ctx, None, CreateEdition("別の計画", R7, R8))
    with pytest.raises(Missing):
        delete_edition(ctx, plan, DeleteEdition(str(other.pk), other.version, "別の計画のもの"))
