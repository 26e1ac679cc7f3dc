"""The sample as files: みほん市's document and its reading, people and accounts, the calendar, that every name is invented."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from importlib.resources import files

import pytest

from yakuba.demo import ledgers
from yakuba.demo.accounts import ACCOUNTS
from yakuba.demo.offices import GRANTS, HISTORY, Opened
from yakuba.engines.ledger.declaration import find_ledger
from yakuba.engines.ledger.values import specs_of_line, typed_specs
from yakuba.engines.places.shapes import ShapeKind
from yakuba.services.plan.parsing import read_bytes
from yakuba.services.plan.reading import read_document, to_document
from yakuba.services.plan.rules import get

DATA = files("yakuba.demo") / "data"
LINES = (DATA / "mihon.txt").read_text("utf-8").split("\n")
(PLAN,) = read_bytes((DATA / "mihon.json").read_bytes(), "mihon.json", "990019", "みほん市")
ROWS = PLAN["initiatives"]
# Rows that the reader leaves to a person: «0% ※…», a total without its parts, hours and minutes.
LEFT_TO_A_PERSON = {("advance", "6"), ("operate", "7"), ("operate", "9")}


def cell(source: dict) -> str:
    assert source["file"] == "mihon.txt"
    return LINES[source["line"] - 1].split("\t")[source["cell"] - 1]


@pytest.mark.parametrize("form", ROWS, ids=lambda form: f"{form['kind']}-{form['number']}")
def test_every_field_stands_in_the_cell_that_it_names(form: dict) -> None:
    assert LINES[form["source"]["line"] - 1].startswith(f"{form['number']}\t")
    for path, source in form["sources"].items():
        if path.startswith(("flags", "placements", "tags")):
            assert cell(source), path
            continue
        assert get(form, path) in cell(source), path


def test_every_printed_value_names_its_cell() -> None:
    for form in ROWS:
        for place, indicator in enumerate(form["indicators"]):
            for nth, value in enumerate(indicator["values"]):
                printed = f"indicators[{place}].values[{nth}].raw" in form["sources"]
                assert printed == (not value["revision"]), (form["number"], indicator["name"], value["raw"])


def test_the_document_can_be_read() -> None:
    """A clerk who imports the document gets the same rows: numbers, titles, offices, texts, and the figures apart from the traps."""
    read = to_document(read_document((DATA / "mihon.txt").read_bytes(), "mihon.txt"), "990019", "みほん市")
    assert read["plan"]["title"] == PLAN["plan"]["title"]
    assert read["plan"]["edition"] == PLAN["plan"]["edition"]
    assert [one["number"] for one in read["initiatives"]] == [one["number"] for one in ROWS]
    for mine, theirs in zip(ROWS, read["initiatives"], strict=True):
        for key in ("title", "texts", "stages", "progress", "flags"):
            assert theirs[key] == mine[key], (mine["number"], key)
        assert [office["name"] for office in theirs["offices"]] == [
            office["name"] for office in mine["offices"]
        ]
        if (mine["kind"], mine["number"]) in LEFT_TO_A_PERSON:
            assert theirs["doubts"] or mine["number"] == "6"
            continue
        kept = [
            [value["number"] or value["state"] for value in one["values"] if not value["revision"]]
            for one in mine["indicators"]
        ]
        assert [[v["number"] or v["state"] for v in one["values"]] for one in theirs["indicators"]] == kept


def test_next_years_document_gives_something_to_decide() -> None:
    read = read_document((DATA / "mihon-r9.txt").read_bytes(), "mihon-r9.txt")
    assert read.plan.edition == "令和9年度版"
    assert {doubt.field for one in read.initiatives for doubt in one.doubts} == {
        "offices[0].name",
        "indicators[0].values[1].number",
    }


def test_people_accounts_and_grants_belong_together() -> None:
    people = list(csv.DictReader(io.StringIO((DATA / "personnel.csv").read_text("utf-8"))))
    names = {person["職員番号"]: person["氏名"] for person in people}
    for account in ACCOUNTS:
        assert names[account.staff_number] == account.name
        place, title = account.post.split(" ")
        assert title in {p["職"] for p in people if p["職員番号"] == account.staff_number}
        assert place
    codes = {step.code for step in HISTORY if isinstance(step, Opened)}
    assert {person["所属コード"] for person in people} <= codes
    posts = {(person["所属コード"], person["職"]) for person in people}
    assert all((grant.code, grant.title) in posts for grant in GRANTS if grant.title)
    assert {person["区分"] for person in people} == {"本務", "兼務", "併任", "事務取扱"}


def test_every_name_is_plainly_invented() -> None:
    """A sample's family name is a word of forms and drafts, its given name is written in kana."""
    for person in csv.DictReader(io.StringIO((DATA / "personnel.csv").read_text("utf-8"))):
        assert re.fullmatch(r"[\u4e00-\u9fff]{1,2}え?[\u3041-\u309f]{2,5}", person["氏名"]), person["氏名"]


def test_the_year_in_its_order() -> None:
    """The calendar of 令和8年度: in order, within the year, with who answers for it."""
    dates = list(csv.DictReader(io.StringIO((DATA / "calendar.csv").read_text("utf-8"))))
    days = [(dt.date.fromisoformat(one["初日"]), dt.date.fromisoformat(one["最終日"])) for one in dates]
    assert days == sorted(days)
    assert all(dt.date(2026, 4, 1) <= first <= last <= dt.date(2027, 3, 31) for first, last in days)
    found = {one["件名"]: one["初日"] for one in dates}
    assert found["令和7年度の確定値の照会"] == "2026-04-10"
    assert found["電算業務等計画書のヒアリング"] == "2026-09-07"
    assert found["情報化推進本部"] == "2027-03-24"
    offices = {step.name for step in HISTORY if isinstance(step, Opened)}
    assert {one["担当"] for one in dates} <= offices


def test_every_column_of_the_ledgers_sheets_is_a_field_and_every_row_is_read() -> None:
    """A column that nobody knows would be left out without a word."""
    sheets = {path.name for path in (DATA / "ledgers").iterdir()}
    for kept in ledgers.BOOKS:
        ledger = find_ledger(kept.key)
        assert ledger is not None
        fixed = {str(ledger.number_label)}
        wanted = {
            f"{ledger.key}.csv": fixed
            | {str(chain.label) for chain in ledger.all_chains}
            | {spec.label for spec in typed_specs(ledger, None).values()}
        } | {
            f"{ledger.key}.{lines.key}.csv": fixed
            | {spec.label for spec in specs_of_line(lines.model).values()}
            for lines in ledger.lines
        }
        for name, labels in wanted.items():
            rows = ledgers._sheet(name)
            assert rows, name
            assert set(rows[0]) <= labels, name
            assert all(None not in row and None not in row.values() for row in rows), name
        assert len(ledgers._rows(ledger)) == len(ledgers._sheet(f"{ledger.key}.csv"))
        assert ledgers._lines(ledger)
        sheets -= set(wanted)
    assert not sheets, "a sheet of no ledger"


def test_people_and_places_of_the_ledgers_are_plainly_invented() -> None:
    for kept in ledgers.BOOKS:
        ledger = find_ledger(kept.key)
        assert ledger is not None
        personal = {ledger.fields[name].label for name in ledger.personal}
        names = {label for label in personal if "氏名" in label and "カナ" not in label}
        for row in ledgers._sheet(f"{kept.key}.csv"):
            for label in names:
                assert re.fullmatch(r"[\u4e00-\u9fff𠮷﨑]{1,2}[\u3041-\u309f]{2,5}", row[label]), row[label]
            for label, text in row.items():
                if "電話" in label and text:
                    assert text.startswith("0000-")
                if label == "位置":
                    west, south, east, north = ShapeKind().parse(text).bounds
                    assert 139.05 < west <= east < 139.15
                    assert 36.36 < south <= north < 36.44
