"""The sample as files: the document, its reading, and that both agree."""

from __future__ import annotations

import csv
import io
import re
from importlib.resources import files

import pytest

from yakuba.demo.accounts import ACCOUNTS
from yakuba.demo.offices import GRANTS, HISTORY, Opened
from yakuba.services.plan.parsing import read_bytes
from yakuba.services.plan.reading import read_document, to_document
from yakuba.services.plan.rules import get

DATA = files("yakuba.demo") / "data"
LINES = (DATA / "mihon.txt").read_text("utf-8").split("\n")
(PLAN,) = read_bytes((DATA / "mihon.json").read_bytes(), "mihon.json", "990019", "みほん市")
ROWS = PLAN["initiatives"]


def row(number: str) -> dict:
    return next(one for one in ROWS if one["number"] == number)


def raws(number: str, indicator: int) -> list[str]:
    return [value["raw"] for value in row(number)["indicators"][indicator]["values"]]


def cell(source: dict) -> str:
    assert source["file"] == "mihon.txt"
    return LINES[source["line"] - 1].split("\t")[source["cell"] - 1]


@pytest.mark.parametrize("form", ROWS, ids=lambda form: form["number"])
def test_every_field_stands_in_the_cell_that_it_names(form: dict) -> None:
    assert LINES[form["source"]["line"] - 1].startswith(f"{form['number']}\t")
    for path, source in form["sources"].items():
        if path.startswith(("flags", "placements", "tags")):
            assert cell(source), path
            continue
        assert get(form, path) in cell(source), path


def test_the_document_can_be_read() -> None:
    """A clerk who imports the document gets the same rows: numbers, titles, offices, and the figures apart from the traps."""
    read = to_document(read_document((DATA / "mihon.txt").read_bytes(), "mihon.txt"), "990019", "みほん市")
    assert read["plan"]["title"] == PLAN["plan"]["title"]
    assert read["plan"]["edition"] == PLAN["plan"]["edition"]
    assert [one["number"] for one in read["initiatives"]] == [one["number"] for one in ROWS]
    for mine, theirs in zip(ROWS, read["initiatives"], strict=True):
        assert theirs["title"] == mine["title"]
        assert [office["name"] for office in theirs["offices"]] == [
            office["name"] for office in mine["offices"]
        ]
        if mine["number"] == "6":
            continue
        kept = [
            [value["number"] or value["state"] for value in one["values"] if not value["revision"]]
            for one in mine["indicators"]
        ]
        assert [[v["number"] or v["state"] for v in one["values"]] for one in theirs["indicators"]] == kept


def test_eleven_rows_with_their_traps() -> None:
    assert [one["number"] for one in ROWS] == ["1", "2-1", "2-2", "3", "4", "5", "6", "7", "8", "9", "10"]
    assert {one["group"] for one in ROWS if one["number"].startswith("2-")} == {"2"}
    # 見込 and the 確定 that replaced it stand side by side.
    seven = [v for v in row("1")["indicators"][0]["values"] if v["year"] == 2025]
    assert [(v["number"], v["status"], v["revision"]) for v in seven] == [
        ("81", "provisional", 0),
        ("84", "final", 1),
    ]
    # 再掲 is not the primary place.
    assert [place["primary"] for place in row("3")["placements"]] == [True, False]
    # No value is never 0, and a printed 0 is one.
    assert raws("3", 0)[:2] == ["―", "0手続"]
    assert [v["number"] for v in row("3")["indicators"][0]["values"]][:2] == [None, "0"]
    noted = row("6")["indicators"][1]["values"][0]
    assert noted["raw"] == "0% ※令和7年度開始のため"
    assert noted["number"] is None
    assert noted["state"] is None
    # 約, a share with its parts, words in order, and a target below where it began.
    assert row("8")["indicators"][1]["values"][0]["approximate"]
    share = row("1")["indicators"][1]["values"][2]
    assert (share["number"], share["numerator"], share["denominator"]) == ("19.4", "6130", "31598")
    assert [v["state"] for v in row("7")["indicators"][0]["values"]] == ["検討", "検討", "試行", "実施"]
    falling = row("9")["indicators"][0]
    assert falling["direction"] == "decrease"
    assert [v["number"] for v in falling["values"]] == ["9870", "9214", "8530", "8000"]
    assert row("3")["indicators"][1]["bound"] == "at_most"
    assert row("8")["lineage"][0]["event"] == "merged"
    assert [warning["code"] for warning in PLAN["warnings"]] == ["stated-differs"]


def test_words_of_progress_are_as_stated() -> None:
    words = [one["progress"] for one in ROWS]
    assert {word: words.count(word) for word in set(words)} == PLAN["stated"]["progress"]


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
