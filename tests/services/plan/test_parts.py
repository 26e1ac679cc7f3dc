"""Whole parts of an initiative by hand: what is refused, what goes with a row, what a second reading keeps."""

from __future__ import annotations

import copy
import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.services.plan.forms import document, indicator, initiative, value
from tests.world import Town
from yakuba.kernel.actions import Denied, Problem, Problems, Stale
from yakuba.kernel.dates import FiscalYear, clock, japan_date
from yakuba.kernel.trail.models import TrailEntry, TrailPayload
from yakuba.services.plan import checks, parts, queries, rules
from yakuba.services.plan.actions import (
    CorrectField,
    CorrectRows,
    CreateInitiative,
    EditPart,
    ImportDocument,
    MoveInitiative,
    RemoveInitiative,
    Revise,
    RowChange,
    correct_field,
    correct_rows,
    create_initiative,
    edit_part,
    import_document,
    move_initiative,
    remove_initiative,
    revise,
)
from yakuba.services.plan.models import Edition, Initiative, InitiativeOffice, Note, Revision

ABOUT = checks.About(frozenset({("市民",), ("市民", "窓口"), ("安全",)}), 2024, 2026, dt.date(2026, 4, 1))


def two_indicators() -> dict[str, Any]:
    return initiative(
        "1",
        "電子申請の拡大",
        offices=[
            {"name": "見本課", "role": "lead", "doubtful": True},
            {"name": "例示課", "role": "related", "doubtful": False},
        ],
        placements=[{"path": ["市民"], "primary": True}],
        indicators=[
            indicator(
                "手続の数",
                [
                    value("38手続", 2023, number="38"),
                    value("57手続", 2024, number="57"),
                    value("110手続", 2026, "target", number="110"),
                ],
                unit="手続",
            ),
            indicator("調査", [value("検討", 2024, state="検討"), value("実施", 2025, state="実施")]),
        ],
        sources={
            "offices[1].name": {"file": "m.txt", "line": 7, "cell": 2, "rule": "overview"},
            "indicators[1].name": {"file": "m.txt", "line": 9, "cell": 3, "rule": "table"},
        },
        doubts=[
            {
                "field": "indicators[1].values[0].raw",
                "code": "unread-value",
                "candidates": [],
                "note": "確かめてください。",
            }
        ],
    )


# --- pure: replacing ----------------------------------------------------------------------------------------------------


def test_what_hangs_on_a_row_goes_with_it() -> None:
    form = two_indicators()
    rows = [{**form["offices"][1], "of": 1}]
    found = parts.replace(form, "offices", rows)
    assert found.form["offices"] == [{"name": "例示課", "role": "related", "doubtful": False}]
    assert found.form["sources"]["offices[0].name"]["line"] == 7
    assert "offices[1].name" not in found.form["sources"]
    assert found.marks == ("offices",)
    assert found.told == (parts.Told("offices", "見本課（主管）", None),)


def test_an_indicator_keeps_its_values_wherever_it_goes() -> None:
    form = two_indicators()
    heads = [{key: one for key, one in row.items() if key != "values"} for row in form["indicators"]]
    rows = [
        {**heads[1], "of": 1},
        {"name": "新しい指標", "unit": "件"},
        {**heads[0], "of": 0, "direction": "increase"},
    ]
    after = parts.replace(form, "indicators", rows).form
    assert [one["name"] for one in after["indicators"]] == ["調査", "新しい指標", "手続の数"]
    assert after["indicators"][0]["values"] == form["indicators"][1]["values"]
    assert after["indicators"][1]["values"] == []
    assert after["indicators"][2]["values"] == form["indicators"][0]["values"]
    assert after["indicators"][2]["direction"] == "increase"
    assert after["doubts"][0]["field"] == "indicators[0].values[0].raw"
    assert after["sources"]["indicators[0].name"]["line"] == 9


def test_rows_that_do_not_say_what_they_were_are_known_again() -> None:
    form = two_indicators()
    heads = [{key: one for key, one in row.items() if key != "values"} for row in form["indicators"]]
    after = parts.replace(form, "indicators", heads[::-1]).form
    assert after["indicators"][0]["values"] == form["indicators"][1]["values"]


def test_a_new_print_is_read_again_and_an_old_one_keeps_its_figures() -> None:
    form = two_indicators()
    form["indicators"][0]["values"][0]["number"] = "39"  # put right by hand
    rows: list[dict[str, Any]] = [
        {"of": 0, "raw": "38手続"},
        {"of": 1, "raw": "約60手続"},
        {"of": 2, "raw": "110手続", "number": "111"},
    ]
    found = parts.replace(form, "indicators[0].values", rows)
    read = [(one["raw"], one["number"], one["approximate"]) for one in found.form["indicators"][0]["values"]]
    assert read == [("38手続", "39", False), ("約60手続", "60", True), ("110手続", "111", False)]
    assert set(found.marks) == {"indicators[0].values[1].raw", "indicators[0].values[2].number"}


def test_an_added_value_alone_is_decided_and_the_others_follow_the_document() -> None:
    form = two_indicators()
    rows = [*form["indicators"][0]["values"], {"kind": "target", "year": 2025, "raw": "90手続"}]
    found = parts.replace(form, "indicators[0].values", rows)
    assert found.marks == ("indicators[0].values[3]",)
    edited = parts.settle(found, "例示", "2026-04-01")
    again, lost = rules.keep_corrections(edited, two_indicators())
    assert lost == []
    assert [one["raw"] for one in again["indicators"][0]["values"]] == [
        "38手続",
        "57手続",
        "110手続",
        "90手続",
    ]


def test_a_second_reading_keeps_lists_that_people_changed() -> None:
    form = two_indicators()
    edited = parts.settle(parts.replace(form, "offices", [form["offices"][1]]), "例示", "2026-04-01")
    heads = [{key: one for key, one in row.items() if key != "values"} for row in form["indicators"]]
    edited = parts.settle(parts.replace(edited, "indicators", [heads[1], heads[0]]), "例示", "2026-04-01")
    fresh = two_indicators()
    fresh["indicators"][0]["values"][1]["raw"] = "58手続"
    again, lost = rules.keep_corrections(edited, fresh)
    assert lost == []
    assert again["offices"] == [form["offices"][1]]
    assert [one["name"] for one in again["indicators"]] == ["調査", "手続の数"]
    assert again["indicators"][1]["values"][1]["raw"] == "58手続", "values follow the document"
    assert again["sources"]["indicators[0].name"]["line"] == 9


def test_what_was_emptied_stays_empty_after_a_second_reading() -> None:
    form = initiative(
        "1", "甲", texts={"purpose": "目的です。", "effect": "効果です。"}, stages={"2024": "検討"}
    )
    edited = parts.settle(parts.replace(form, "texts", {"effect": "効果です。"}), "例示", "2026-04-01")
    edited = parts.settle(parts.replace(edited, "stages", {}), "例示", "2026-04-01")
    again, lost = rules.keep_corrections(edited, copy.deepcopy(form))
    assert (again["texts"], again["stages"], lost) == ({"effect": "効果です。"}, {}, [])


def test_nothing_changed_is_nothing_told() -> None:
    form = two_indicators()
    for part in (
        "offices",
        "placements",
        "items",
        "lineage",
        "indicators",
        "indicators[0].values",
        "tags",
        "stages",
    ):
        found = parts.replace(form, part, copy.deepcopy(rules.get(form, part)))
        assert (found.told, found.marks, found.form) == ((), (), form), part


@pytest.mark.parametrize(
    ("part", "given"),
    [
        ("nothing", []),
        ("indicators[9].values", []),
        ("offices", {}),
        ("texts", []),
        ("offices", [{"of": 5, "name": "甲", "role": "lead"}]),
        ("offices", [{"of": 0, "name": "甲"}, {"of": 0, "name": "乙"}]),
        ("head", {"sources": {}}),
        ("head", {"year": "いつか"}),
        ("head", {"progress": 5}),
        ("head", {"more": {"no_such_field": "x"}}),
        ("offices", [{"name": "甲", "role": "boss"}]),
        ("offices", [{"name": 5}]),
        ("placements", [{"path": 5}]),
        ("indicators", [{"name": "甲", "states": 3}]),
        ("indicators[0].values", [{"kind": "target", "year": "R8", "raw": "1"}]),
        ("indicators[0].values", [{"kind": "target", "as_of": "きのう", "raw": 1}]),
        ("stages", {"R8": "検討"}),
        ("lineage", [{"event": "moved", "from": 3}]),
    ],
)
def test_another_shape_is_refused(part: str, given: Any) -> None:
    with pytest.raises(Problem):
        parts.replace(two_indicators(), part, given)


@given(st.permutations(range(5)), st.integers(0, 5))
def test_rows_that_move_or_go_keep_what_hangs_on_them(order: list[int], kept: int) -> None:
    form = initiative(
        "1",
        "甲",
        indicators=[indicator(f"指標{n}", [value(f"{n}件", 2024, number=str(n))]) for n in range(5)],
        sources={
            f"indicators[{n}].values[0].raw": {"file": "m.txt", "line": n + 1, "cell": None, "rule": ""}
            for n in range(5)
        },
    )
    wanted = order[:kept]
    after = parts.replace(form, "indicators", [{"of": n} for n in wanted]).form
    assert [one["values"][0]["raw"] for one in after["indicators"]] == [f"{n}件" for n in wanted]
    lines = {path: place["line"] for path, place in after["sources"].items()}
    assert lines == {f"indicators[{place}].values[0].raw": n + 1 for place, n in enumerate(wanted)}
    settled = parts.settle(
        parts.replace(form, "indicators", [{"of": n} for n in wanted]), "例示", "2026-04-01"
    )
    again, lost = rules.keep_corrections(settled, copy.deepcopy(form))
    expected = form["indicators"] if wanted == list(range(5)) else after["indicators"]
    assert (again["indicators"], lost) == (expected, [])


# --- pure: checking -----------------------------------------------------------------------------------------------------


def refused(part: str, given: Any) -> dict[str, str]:
    """field → code of what is wrong."""
    found = checks.check(parts.replace(two_indicators(), part, given).form, part, ABOUT)
    return {one.field: one.code for one in found}


def test_one_place_is_the_primary_one() -> None:
    both = [{"path": ["市民"], "primary": True}, {"path": ["安全"], "primary": True}]
    assert refused("placements", both) == {"placements[1].primary": "primary"}
    assert refused("placements", [{"path": ["市民"], "primary": False}]) == {
        "placements[0].primary": "primary"
    }
    assert refused("placements", [{"path": ["どこか"], "primary": True}]) == {"placements[0].path": "place"}
    assert refused("placements", []) == {}
    assert refused("placements", [{"path": ["市民", "窓口"], "primary": True}]) == {}


def test_years_are_near_the_plan_and_values_stand_once() -> None:
    form = two_indicators()["indicators"][0]["values"]
    far = [*form, {"kind": "target", "year": 2206, "raw": "120"}]
    assert refused("indicators[0].values", far) == {"indicators[0].values[3].year": "year"}
    twice = [*form, {"kind": "target", "year": 2026, "raw": "120", "of": None}]
    assert refused("indicators[0].values", twice) == {"indicators[0].values[3].year": "twice"}
    revised = [*form, {"kind": "target", "year": 2026, "raw": "120", "revision": 1}]
    assert refused("indicators[0].values", revised) == {}
    assert refused("stages", {"1890": "検討"}) == {"stages.1890": "year"}


@pytest.mark.parametrize(
    ("kind", "status", "as_of", "code"),
    [
        ("actual", "final", "2026-04-02", "not_yet"),
        ("actual", "final", "2026-04-01", None),
        ("actual", "final", None, None),
        ("actual", "provisional", "2026-04-02", None),
        ("actual", None, "2026-04-02", None),
        ("target", "final", "2026-04-02", None),
    ],
)
def test_an_actual_is_final_once_its_day_has_come(
    kind: str, status: str | None, as_of: str | None, code: str | None
) -> None:
    given = [{"of": None, "kind": kind, "year": 2025, "raw": "1", "status": status, "as_of": as_of}]
    expected = {"indicators[0].values[0].status": code} if code else {}
    assert refused("indicators[0].values", given) == expected


@pytest.mark.django_db
def test_a_cell_a_part_a_revision_and_a_sheet_share_that_rule(mihon: Town, row: Initiative) -> None:
    tomorrow = japan_date(clock.now()) + dt.timedelta(days=1)
    path = "indicators[0].values[1]"
    revise(mihon.ctx("cli"), row, Revise(path, "58手続", "見込", status="provisional", as_of=tomorrow))
    row.refresh_from_db()
    last = "indicators[0].values[3]"
    there = {"initiative": str(row.pk), "version": row.version}
    rows: list[Any] = [{**there, "path": f"{last}.status", "value": "確定"}]
    part = [{"of": n} for n in range(3)] + [{"of": 3, "status": "final"}]
    whole: list[Any] = [{**there, "part": "indicators[0].values", "value": part}]
    refusals = [
        lambda: correct_rows(mihon.ctx("plan_secretariat"), row.edition, CorrectRows(rows)),
        lambda: correct_rows(mihon.ctx("plan_secretariat"), row.edition, CorrectRows(whole)),
        lambda: correct_field(mihon.ctx("cli"), row, CorrectField(f"{last}.status", "確定")),
        lambda: edit_part(mihon.ctx("cli"), row, EditPart("indicators[0].values", part)),
        lambda: revise(mihon.ctx("cli"), row, Revise(last, "59手続", "確定", status="final")),
    ]
    for n, refusal in enumerate(refusals):
        with pytest.raises(Problem) as told:
            refusal()
        assert "まだ来ていない" in told.value.message, n
    row.refresh_from_db()
    assert queries.initiative_form(row)["indicators"][0]["values"][-1]["status"] == "provisional"


def test_the_order_of_words_holds_the_words_used() -> None:
    heads: list[dict[str, Any]] = [
        {key: one for key, one in row.items() if key != "values"} for row in two_indicators()["indicators"]
    ]
    assert refused("indicators", [heads[0], {**heads[1], "states": ["検討", "試行"]}]) == {
        "indicators[1].states": "states"
    }
    assert refused("indicators", [heads[0], {**heads[1], "states": ["検討", "試行", "実施"]}]) == {}


def test_what_a_column_does_not_take_is_named() -> None:
    assert refused("head", {"title": "", "number": "1" * 41, "flags": ["new", "new"]}) == {
        "title": "required",
        "number": "too_long",
        "flags": "twice",
    }
    assert refused("offices", [{"name": "", "role": "lead"}]) == {"offices[0].name": "required"}
    assert refused("offices", [{"name": "", "role": "not_stated"}]) == {}
    assert refused("items", [{"text": " "}]) == {"items[0].text": "required"}
    fraction = [{"kind": "actual", "year": 2025, "raw": "50%", "numerator": "1", "number": "50"}]
    assert refused("indicators[0].values", fraction) == {"indicators[0].values[0].denominator": "fraction"}


# --- actions ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def edition(mihon: Town) -> Edition:
    rows = [two_indicators(), initiative("2", "公開地図の充実"), initiative("3", "窓口の改善")]
    rows[0]["stages"] = {"2024": "検討", "2025": "試行"}
    rows[0]["progress"], rows[0]["progress_meaning"] = "順調", "on_track"
    made = import_document(mihon.ctx("cli"), None, ImportDocument(document(rows)))
    InitiativeOffice.unscoped.filter(name="見本課").update(office=mihon.offices["own"])
    return made


@pytest.fixture
def row(edition: Edition) -> Initiative:
    return Initiative.unscoped.get(edition=edition, number="1")


def told(action: str) -> dict[str, Any]:
    """What the newest entry of an action notes."""
    entry = TrailEntry.unscoped.filter(action=action, kind="done").order_by("-pk").first()
    assert entry is not None
    found: dict[str, Any] = json.loads(TrailPayload.unscoped.get(entry=entry).text)["notes"]
    return found


@pytest.mark.django_db
def test_a_part_is_written_told_and_reopens_the_edition(
    mihon: Town, edition: Edition, row: Initiative
) -> None:
    Edition.unscoped.filter(pk=edition.pk).update(state="published")
    offices = [{"of": 1, "name": "例示課", "role": "lead"}, {"name": "関係各課", "role": "group"}]
    ctx = mihon.ctx("plan_editor")
    edit_part(ctx, row, EditPart("offices", offices, "組織改正"), expected_version=row.version)
    fresh = queries.initiative(ctx, row.pk)
    form = queries.initiative_form(fresh)
    assert [(one["name"], one["role"]) for one in form["offices"]] == [
        ("例示課", "lead"),
        ("関係各課", "group"),
    ]
    assert form["corrected"]["offices"]["by"] == ctx.actor.label
    assert fresh.version == row.version + 1
    edition.refresh_from_db()
    assert edition.state == "draft"
    changes = [(one["label"], one["from"], one["to"]) for one in told("plan.edit_part")["cells"]]
    assert ("担当", "見本課（主管）", None) in changes
    assert ("担当 役割", "関係", "主管") in changes
    linked = dict(InitiativeOffice.unscoped.filter(initiative=row).values_list("name", "office"))
    assert linked["関係各課"] is None


@pytest.mark.django_db
def test_a_new_office_is_linked_to_the_unit_of_its_name(mihon: Town, row: Initiative) -> None:
    rows: list[dict[str, Any]] = [{"of": 0, "name": "見本課", "role": "lead"}]
    edit_part(mihon.ctx("plan_secretariat"), row, EditPart("offices", rows))
    rows.append({"name": "例示課", "role": "related"})
    edit_part(mihon.ctx("plan_secretariat"), row, EditPart("offices", rows))
    linked = dict(InitiativeOffice.unscoped.filter(initiative=row).values_list("name", "office"))
    assert linked == {"見本課": mihon.offices["own"].pk, "例示課": mihon.offices["other"].pk}


@pytest.mark.django_db
def test_a_refused_part_names_its_fields_and_changes_nothing(mihon: Town, row: Initiative) -> None:
    before = queries.initiative_form(row)
    with pytest.raises(Problems) as caught:
        edit_part(mihon.ctx("cli"), row, EditPart("placements", [{"path": ["どこか"], "primary": False}]))
    assert {one.field for one in caught.value.problems} == {"placements[0].path", "placements[0].primary"}
    row.refresh_from_db()
    assert queries.initiative_form(row) == before
    assert row.version == 1


@pytest.mark.django_db
def test_who_comes_second_is_told(mihon: Town, row: Initiative) -> None:
    edit_part(mihon.ctx("cli"), row, EditPart("tags", {"SDGs": ["9"]}), expected_version=1)
    with pytest.raises(Stale):
        edit_part(mihon.ctx("cli"), row, EditPart("tags", {"SDGs": ["11"]}), expected_version=1)


@pytest.mark.django_db
def test_a_progress_word_that_comes_alone_means_what_it_means_here(mihon: Town, row: Initiative) -> None:
    Initiative.unscoped.filter(number="2").update(progress="もう少し", progress_meaning="behind")
    edit_part(mihon.ctx("cli"), row, EditPart("head", {"progress": "もう少し"}))
    row.refresh_from_db()
    assert (row.progress, row.progress_meaning) == ("もう少し", "behind")


@pytest.mark.django_db
def test_a_target_is_revised_by_a_new_row(mihon: Town, edition: Edition, row: Initiative) -> None:
    path = "indicators[0].values[2]"
    revise(mihon.ctx("plan_editor"), row, Revise(path, "120手続", "上位計画の見直し"))
    row.refresh_from_db()
    values = queries.initiative_form(row)["indicators"][0]["values"]
    assert [(one["raw"], one["number"], one["revision"], one["reason"]) for one in values[2:]] == [
        ("110手続", "110", 0, None),
        ("120手続", "120", 1, "上位計画の見直し"),
    ]
    with pytest.raises(Problem):
        revise(mihon.ctx("cli"), row, Revise(path, "130手続", "古い行は改訂できない"))
    revise(mihon.ctx("cli"), row, Revise("indicators[0].values[3]", "120手続", "確定", status="final"))
    row.refresh_from_db()
    last = queries.initiative_form(row)["indicators"][0]["values"][-1]
    assert (last["revision"], last["status"], last["number"]) == (2, "final", "120")
    again = import_document(mihon.ctx("cli"), None, ImportDocument(document([two_indicators()])))
    kept = Initiative.unscoped.get(edition=again, number="1")
    raws = [one["raw"] for one in queries.initiative_form(kept)["indicators"][0]["values"]]
    assert raws == ["38手続", "57手続", "110手続", "120手続", "120手続"]


@pytest.mark.django_db
def test_a_stage_and_the_progress_are_revised_in_place_with_a_row(mihon: Town, row: Initiative) -> None:
    ctx = mihon.ctx("plan_secretariat")
    revise(ctx, row, Revise("stages.2025", "導入", "前倒し"))
    revise(ctx, row, Revise("progress", "停滞", "委託先の遅れ"))
    revise(ctx, row, Revise("progress", "順調", "持ち直した"))
    row.refresh_from_db()
    assert row.stages["2025"] == "導入"
    assert (row.progress, row.progress_meaning) == ("順調", "on_track")
    found = Revision.unscoped.filter(initiative=row).order_by("path", "number")
    assert [(one.path, one.number, one.before, one.after, one.reason) for one in found] == [
        ("progress", 1, "順調", "停滞", "委託先の遅れ"),
        ("progress", 2, "停滞", "順調", "持ち直した"),
        ("stages.2025", 1, "試行", "導入", "前倒し"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["title", "indicators[0].values[0].raw", "stages.2030", "indicators[7].values[0]", "x y"]
)
def test_only_what_is_revised_by_a_row_can_be(mihon: Town, row: Initiative, path: str) -> None:
    with pytest.raises(Problem):
        revise(mihon.ctx("cli"), row, Revise(path, "新しい", "わけ"))


@pytest.mark.django_db
def test_a_revision_that_is_none_is_refused(mihon: Town, row: Initiative) -> None:
    for path, same in (("progress", "順調"), ("indicators[0].values[2]", "110手続")):
        with pytest.raises(Problem) as caught:
            revise(mihon.ctx("cli"), row, Revise(path, same, "わけ"))
        assert caught.value.field == "value"
    assert not Revision.unscoped.exists()


def order(edition: Edition) -> list[str]:
    return list(
        Initiative.unscoped.filter(edition=edition)
        .order_by("position", "id")
        .values_list("number", flat=True)
    )


@pytest.mark.django_db
def test_an_initiative_is_added_where_somebody_wants_it(
    mihon: Town, edition: Edition, row: Initiative
) -> None:
    ctx = mihon.ctx("plan_secretariat")
    made = create_initiative(
        ctx,
        edition,
        CreateInitiative(
            "新しい取組",
            FiscalYear(2024),
            number="1-2",
            after=str(row.pk),
            parts={"offices": [{"name": "見本課", "role": "lead"}]},
        ),
    )
    assert order(edition) == ["1", "1-2", "2", "3"]
    assert InitiativeOffice.unscoped.get(initiative=made).office_id == mihon.offices["own"].pk
    again = import_document(mihon.ctx("cli"), None, ImportDocument(document([two_indicators()])))
    assert "1-2" in order(again), "made by hand, it stays when the document is read again"
    with pytest.raises(Problem) as caught:
        create_initiative(ctx, edition, CreateInitiative("別の取組", FiscalYear(2024), number="1-2"))
    assert caught.value.field == "number"


@pytest.mark.django_db
def test_a_number_in_wide_digits_is_the_same_number_and_stays_as_typed(mihon: Town, edition: Edition) -> None:
    ctx = mihon.ctx("plan_secretariat")
    kind = Initiative.unscoped.get(edition=edition, number="1").kind
    for number in ("１", " 1"):
        with pytest.raises(Problem) as caught:
            create_initiative(ctx, edition, CreateInitiative("別の取組", FiscalYear(2024), number, kind))
        assert caught.value.code == "number_taken"
    made = create_initiative(ctx, edition, CreateInitiative("別の取組", FiscalYear(2024), "９", kind))
    assert made.number == "９"
    twice: list[RowChange] = []
    for key, number in (("new-1", "７"), ("new-2", "7"), ("new-3", "9")):
        twice += [
            {"initiative": key, "version": 0, "path": "title", "value": key},
            {"initiative": key, "version": 0, "path": "number", "value": number},
            {"initiative": key, "version": 0, "path": "kind", "value": kind},
        ]
    with pytest.raises(Problems) as several:
        correct_rows(mihon.ctx("plan_secretariat"), edition, CorrectRows(twice))
    assert [one.field for one in several.value.problems] == ["new-2", "new-3"]


@pytest.mark.django_db
def test_an_initiative_goes_with_all_that_hangs_on_it(mihon: Town, edition: Edition, row: Initiative) -> None:
    ctx = mihon.ctx("plan_secretariat")
    revise(ctx, row, Revise("progress", "停滞", "遅れ"))
    Note.unscoped.create(
        municipality_id=ctx.municipality.id,
        edition=edition,
        initiative=row,
        text="要相談",
        written_at=ctx.now,
        written_by="例示",
    )
    row.refresh_from_db()
    with pytest.raises(Stale):
        remove_initiative(ctx, edition, RemoveInitiative(str(row.pk), 1, "重複"))
    remove_initiative(ctx, edition, RemoveInitiative(str(row.pk), row.version, "重複"))
    assert order(edition) == ["2", "3"]
    notes = told("plan.remove_initiative")
    assert notes["removed"][0]["title"] == "電子申請の拡大"
    assert notes["memos"] == ["要相談"]
    assert notes["revisions"] == [["progress", "順調", "停滞", "遅れ"]]


@pytest.mark.django_db
def test_an_initiative_moves_and_nobodys_form_becomes_stale(
    mihon: Town, edition: Edition, row: Initiative
) -> None:
    ctx = mihon.ctx("plan_secretariat")
    for where, expected in (
        ("down", ["2", "1", "3"]),
        ("last", ["2", "3", "1"]),
        ("up", ["2", "1", "3"]),
        ("first", ["1", "2", "3"]),
        ("up", ["1", "2", "3"]),
        (str(Initiative.unscoped.get(edition=edition, number="2").pk), ["2", "1", "3"]),
    ):
        move_initiative(ctx, edition, MoveInitiative(str(row.pk), where))
        assert order(edition) == expected, where
    row.refresh_from_db()
    assert row.version == 1


@pytest.mark.django_db
def test_an_editor_arranges_nothing(mihon: Town, edition: Edition, row: Initiative) -> None:
    with pytest.raises(Denied):
        move_initiative(mihon.ctx("plan_editor"), edition, MoveInitiative(str(row.pk), "down"))
