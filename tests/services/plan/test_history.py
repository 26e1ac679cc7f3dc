"""The history of each field: from trail, revision rows and the values' own revisions, in words and in one order."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.services.plan.forms import document, indicator, initiative, value
from tests.signin import sign_in
from tests.world import Town
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.trail.models import TrailEntry, TrailPayload
from yakuba.services.plan import desk_list, history, queries, rules, sources
from yakuba.services.plan.actions import (
    CorrectField,
    CorrectRows,
    CreateInitiative,
    EditPart,
    ImportDocument,
    Revise,
    RowChange,
    correct_field,
    correct_rows,
    create_initiative,
    edit_part,
    import_document,
    revise,
)
from yakuba.services.plan.models import Edition, Initiative
from yakuba.services.plan.shown import Row

pytestmark = pytest.mark.django_db


def rows() -> list[dict[str, Any]]:
    return [
        initiative(
            "1",
            "電子申請",
            progress="順調",
            progress_meaning="on_track",
            offices=[
                {"name": "見本課", "role": "lead", "doubtful": False},
                {"name": "例示課", "role": "related", "doubtful": False},
            ],
            stages={"2025": "検討"},
            indicators=[
                indicator(
                    "手続の数",
                    [
                        value("110手続", 2026, "target", number="110"),
                        value("120手続", 2026, "target", number="120", revision=1, reason="上位計画"),
                    ],
                )
            ],
        ),
        initiative("2", "地図"),
    ]


@pytest.fixture
def edition(mihon: Town) -> Edition:
    return import_document(mihon.ctx("cli"), None, ImportDocument(document(rows())))


@pytest.fixture
def row(edition: Edition) -> Initiative:
    return Initiative.unscoped.get(edition=edition, number="1")


def told(town: Town, row: Initiative, path: str = "") -> list[tuple[str, str, str, str, str]]:
    """(kind, label, before, after, reason), newest first."""
    ctx = town.ctx("staff")
    form = queries.initiative_form(Initiative.unscoped.get(pk=row.pk))
    found = history.of(ctx, row, form)
    if path:
        found = history.of_field(found, form, path)
    return [(one.kind, one.label, one.before, one.after, one.reason) for one in found]


def test_every_way_of_changing_a_field_stands_in_one_order(
    mihon: Town, edition: Edition, row: Initiative
) -> None:
    ctx = mihon.ctx("plan_secretariat")
    correct_field(ctx, row, CorrectField("progress", "ほぼ順調", "誤読"))
    revise(mihon.ctx("plan_secretariat"), row, Revise("progress", "停滞", "委託先の遅れ"))
    edit_part(mihon.ctx("plan_secretariat"), row, EditPart("head", {"progress": "順調"}, "転記の誤り"))
    row.refresh_from_db()
    change: Any = {"initiative": str(row.pk), "version": row.version, "path": "progress", "value": "遅れ"}
    edition.refresh_from_db()
    correct_rows(mihon.ctx("plan_secretariat"), edition, CorrectRows([change]))
    assert told(mihon, row, "progress") == [
        ("edited", "進捗状況", "順調", "遅れ", ""),
        ("edited", "進捗状況", "停滞", "順調", "転記の誤り"),
        ("revised", "進捗状況", "ほぼ順調", "停滞", "委託先の遅れ"),
        ("edited", "進捗状況", "順調", "ほぼ順調", "誤読"),
    ]
    assert told(mihon, row, "title") == []


def test_a_second_reading_is_told(mihon: Town, row: Initiative) -> None:
    changed = rows()
    changed[0]["title"] = "電子申請の拡大"
    import_document(mihon.ctx("cli"), None, ImportDocument(document(changed)))
    assert told(mihon, row, "title") == [("read", "取組名", "電子申請", "電子申請の拡大", "")]


def test_codes_and_rows_are_told_in_words(mihon: Town, row: Initiative) -> None:
    heads = [{"of": 0, "direction": "increase", "aggregation": "cumulative"}]
    edit_part(mihon.ctx("plan_secretariat"), row, EditPart("indicators", heads))
    edit_part(mihon.ctx("plan_secretariat"), row, EditPart("head", {"kind": "operate", "year": 2025}))
    found = {(label, before, after) for _kind, label, before, after, _reason in told(mihon, row)}
    assert ("指標 望ましい向き", "", "増やす") in found
    assert ("指標 集計", "", "これまでの累計") in found
    assert ("区別", "", "運用") in found
    assert ("年度", "令和6年度", "令和7年度") in found


def test_a_figure_has_one_history_with_all_its_revisions(mihon: Town, row: Initiative) -> None:
    revise(mihon.ctx("plan_secretariat"), row, Revise("indicators[0].values[1]", "130手続", "見直し"))
    for place in (0, 1, 2):
        assert [one[2:] for one in told(mihon, row, f"indicators[0].values[{place}]")] == [
            ("120手続", "130手続", "見直し"),
            ("110手続", "120手続", "上位計画"),
        ], "the newest first; what the document printed last, because nobody knows when"


def test_a_row_is_followed_to_where_it_stood_before(mihon: Town, row: Initiative) -> None:
    ctx = mihon.ctx("plan_secretariat")
    correct_field(ctx, row, CorrectField("offices[1].name", "実例課"))
    row.refresh_from_db()
    edit_part(
        mihon.ctx("plan_secretariat"),
        row,
        EditPart("offices", [{"of": 1, "name": "実例課", "role": "related"}]),
    )
    correct_field(mihon.ctx("plan_secretariat"), row, CorrectField("offices[0].name", "範例課"))
    names = [(before, after) for _kind, _label, before, after, _reason in told(mihon, row, "offices[0].name")]
    assert names == [("実例課", "範例課"), ("見本課（主管）", ""), ("例示課", "実例課")]


def test_what_the_trail_may_not_say_any_more_the_rows_still_say(mihon: Town, row: Initiative) -> None:
    revise(mihon.ctx("plan_secretariat"), row, Revise("stages.2025", "試行", "前倒し"))
    TrailPayload.unscoped.all().delete()
    assert told(mihon, row, "stages.2025") == [("revised", "工程 令和7年度", "検討", "試行", "前倒し")]


def test_the_page_tells_it_and_each_field_leads_to_its_own(mihon: Town, row: Initiative) -> None:
    client = Client()
    sign_in(client, mihon.account("staff"))
    home = f"/990019/desk/plan/initiatives/{row.pk}/"
    assert "?field=progress" not in client.get(home).content.decode(), "no history, no way to it"
    revise(mihon.ctx("plan_secretariat"), row, Revise("progress", "停滞", "委託先の遅れ"))
    assert f'href="{home}history/?field=progress"' in client.get(home).content.decode()
    text = client.get(f"{home}history/", {"field": "progress"}).content.decode()
    for words in ("「進捗状況」の履歴", "<del>順調</del>", "<ins>停滞</ins>", "理由：委託先の遅れ"):
        assert words in text, words
    assert client.get(f"{home}history/").status_code == 200
    for odd in ("x y", "indicators[9].name", "indicators[x].values[1]", "a" * 500):
        assert client.get(f"{home}history/", {"field": odd}).status_code == 200, odd


def page(town: Town, role: str, address: str) -> str:
    client = Client()
    sign_in(client, town.account(role))
    answer = client.get(f"/990019/desk/plan/{address}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_row_made_by_hand_is_no_correction_and_says_who_added_it(mihon: Town, edition: Edition) -> None:
    ctx = mihon.ctx("plan_secretariat")
    data = CreateInitiative(
        "手で加えた", FiscalYear(2024), "8", parts={"offices": [{"name": "見本課", "role": "lead"}]}
    )
    by_form = create_initiative(ctx, edition, data)
    fresh: list[RowChange] = [
        {"initiative": "new-1", "version": 0, "path": "title", "value": "表で加えた"},
        {"initiative": "new-1", "version": 0, "path": "progress", "value": "順調"},
    ]
    edition.refresh_from_db()
    correct_rows(mihon.ctx("plan_secretariat"), edition, CorrectRows(fresh))
    by_sheet = Initiative.unscoped.get(edition=edition, title="表で加えた")
    for made in (by_form, by_sheet):
        assert "訂正 " not in page(mihon, "staff", f"initiatives/{made.pk}/")
        assert told(mihon, made)[-1] == ("made", "取組名", "", made.title, ""), (
            "the first thing that happened"
        )
        text = page(mihon, "staff", f"initiatives/{made.pk}/history/")
        assert "この取組を加えました" in text
        assert ctx.actor.label in text
        form = queries.initiative_form(Initiative.unscoped.get(pk=made.pk))
        assert "title" in form["corrected"], "a second reading leaves it"
        assert rules.corrections(form) == []
    assert "訂正" not in str(desk_list.marks(Row(by_form.pk, 0, queries.initiative_form(by_form))))
    again = import_document(mihon.ctx("cli"), None, ImportDocument(document(rows())))
    by_sheet = Initiative.unscoped.get(edition=again, title="表で加えた")
    correct_field(mihon.ctx("plan_secretariat"), by_sheet, CorrectField("progress", "遅れ"))
    assert "訂正 " in page(mihon, "staff", f"initiatives/{by_sheet.pk}/"), "this was put right later"
    queries.document(again, "990019", "みほん市")


def test_who_reads_the_trail_gets_from_a_figure_to_its_entry(mihon: Town, row: Initiative) -> None:
    correct_field(mihon.ctx("plan_secretariat"), row, CorrectField("progress", "遅れ"))
    entry = TrailEntry.unscoped.get(action="plan.correct_field", subject_id=row.pk)
    of_row, to_entry = f"?subject=initiative/{row.pk}", f"/990019/desk/trail/{entry.pk}/"
    for address in (f"initiatives/{row.pk}/", f"initiatives/{row.pk}/history/"):
        for role, there in (("auditor", True), ("staff", False)):
            text = page(mihon, role, address)
            assert (of_row in text, to_entry in text) == (there, there), (address, role)
    client = Client()
    sign_in(client, mihon.account("auditor"))
    assert to_entry in client.get(f"/990019/desk/trail/{of_row}").content.decode()


def test_a_revised_figure_says_why_and_does_not_lead_to_the_old_one(mihon: Town, row: Initiative) -> None:
    value_path = "indicators[0].values[1]"
    ctx = mihon.ctx("plan_secretariat")
    revise(ctx, row, Revise(value_path, "130手続", "見直し"))
    form = queries.initiative_form(Initiative.unscoped.get(pk=row.pk))
    form["source"] = {"file": "m.txt", "line": 7}
    assert sources.place_of(form, "indicators[0].values[2].raw") is None
    assert sources.place_of(form, "indicators[0].values[2]") is None
    assert sources.place_of(form, "indicators[0].values[0].raw") is not None
    form["sources"] = {
        "indicators[0].values[0].raw": {"file": "m.txt", "line": 7, "cell": 4, "rule": "header-column"}
    }
    for part in ("", ".raw", ".number"):
        place = sources.place_of(form, f"indicators[0].values[0]{part}")
        assert place is not None
        assert place.cell == 3, "the cell that the figure was read from, not the whole line"
    text = page(mihon, "staff", f"initiatives/{row.pk}/?field=indicators[0].values[2].raw")
    assert f"改訂：見直し・{ctx.actor.label}・" in text
    assert "改訂：上位計画" in text, "what the document printed: the reason is all that is known"
    assert "元の文書にあるのは、改訂する前の値です" in text
