"""Hand-over as files."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import Any

import openpyxl
import pytest
from django.test import Client

from tests.services.procedures.offers import ANSWERS, definition, procedure
from tests.services.procedures.test_bundle import client_of, hold, page_of
from tests.services.procedures.test_paper import GROUP, case_of
from tests.world import Town
from yakuba.engines.casework.models import Case
from yakuba.engines.publishing.store import Copy, freeze
from yakuba.kernel.dates import FiscalYear, clock, japan_date
from yakuba.kernel.trail.models import TrailPayload
from yakuba.services.procedures import exports
from yakuba.services.procedures.definition import document
from yakuba.services.procedures.models import Filing, Offer, Procedure

pytestmark = pytest.mark.django_db
HERE = "/990019/desk/cases/export/"
ROWS = [{"dog": "ポチ", "breed": "柴犬"}, {"dog": "𠮷丸", "breed": "雑種"}]


def with_group(town: Town) -> Procedure:
    steps = document.write(definition())["steps"]
    steps[0]["sections"][0]["questions"].append(GROUP)  # type: ignore[index,call-overload,union-attr]  # JSON of our own
    return procedure(town, steps=steps)


def filed(town: Town, of: Procedure, **answers: Any) -> Case:
    return case_of(town, of=of, answers={**ANSWERS, **answers})


def get(client: Client, of: Procedure, form: str, **more: str) -> bytes:
    today = japan_date(clock.now()).isoformat()
    given = {"procedure": str(of.pk), "first": today, "last": today, "form": form, **more}
    answer = client.get(f"{HERE}file/", given)
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def lines(saved: bytes, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(saved.decode(encoding))))


def test_the_page_counts_and_names_the_files(mihon: Town) -> None:
    of = with_group(mihon)
    filed(mihon, of, dogs=ROWS)
    client = client_of(mihon)
    assert "見本の申請" in page_of(client.get(HERE))
    today = japan_date(clock.now()).isoformat()
    page = page_of(client.get(HERE, {"procedure": str(of.pk), "first": today, "last": today}))
    assert "1件あります" in page
    assert "「犬」のCSV" in page
    wrong = client.get(HERE, {"procedure": str(of.pk), "first": "R8.13.1", "last": today})
    assert wrong.status_code == 422
    assert "R8.13.1" in page_of(wrong)
    before = client.get(HERE, {"procedure": str(of.pk), "first": today, "last": "2020-01-01"})
    assert before.status_code == 422


def test_one_row_a_filing_and_rows_of_groups_in_their_own_table(mihon: Town) -> None:
    of = with_group(mihon)
    case = filed(mihon, of, dogs=ROWS, reason="=1+1")
    client = client_of(mihon)
    main = lines(get(client, of, "csv"))
    assert [row["収受番号"] for row in main] == [case.number]
    assert main[0]["理由"] == "'=1+1"
    assert main[0]["生年月日"] == "1958-04-01"
    assert not any("犬" in head for head in main[0])
    dogs = lines(get(client, of, "csv", part="dogs"))
    assert [(row["収受番号"], row["行"], row["名"]) for row in dogs] == [
        (case.number, "1", "ポチ"),
        (case.number, "2", "𠮷丸"),
    ]


def test_a_workbook_has_a_sheet_for_each_group(mihon: Town) -> None:
    of = with_group(mihon)
    filed(mihon, of, dogs=ROWS)
    book = openpyxl.load_workbook(io.BytesIO(get(client_of(mihon), of, "xlsx")))
    assert book.sheetnames == ["提出", "犬", "この表について"]
    assert book["犬"].max_row == 3
    heads = [cell.value for cell in book["提出"][1]]
    assert isinstance(book["提出"].cell(2, heads.index("生年月日") + 1).value, dt.datetime)


def test_cp932_holds_what_it_can(mihon: Town) -> None:
    of = with_group(mihon)
    filed(mihon, of, dogs=ROWS, reason="髙島屋〜𠮷")
    saved = get(client_of(mihon), of, "csv", encoding="cp932")
    assert lines(saved, "cp932")[0]["理由"] == "髙島屋～〓"


def test_json_tells_the_same(mihon: Town) -> None:
    of = with_group(mihon)
    case = filed(mihon, of, dogs=ROWS)
    body = json.loads(get(client_of(mihon), of, "json"))
    assert body["format"] == exports.FORMAT
    only = body["filings"][0]
    assert only["number"] == case.number
    assert only["answers"]["birth"] == "1958-04-01"
    assert only["answers"]["name.family"] == "手本"
    assert only["groups"]["dogs"][1]["dog"] == "𠮷丸"
    assert body["columns"]["reason"] == "理由"


def test_columns_of_all_versions_stand_side_by_side(mihon: Town) -> None:
    of = procedure(mihon)
    old = filed(mihon, of)
    sheet = document.write(definition())
    questions = sheet["steps"][0]["sections"][0]["questions"]  # type: ignore[index,call-overload]  # JSON of our own
    questions[1] = {"key": "birth", "kind": "text", "label": {"ja": "生まれた年"}}
    questions.append({"key": "more", "kind": "number", "label": {"ja": "頭数"}, "required": False})
    newer = freeze(
        mihon.ctx("cli").begin(),
        Copy("procedure", of.pk, FiscalYear.of(clock.now()), of.title, head=sheet, parts=()),
    )
    Offer.unscoped.filter(procedure=of.pk).update(publication=newer)
    new = case_of(mihon, of=of, answers={**ANSWERS, "birth": "昭和33年", "more": "2"})
    rows = {row["収受番号"]: row for row in lines(get(client_of(mihon), of, "csv"))}
    assert rows[old.number]["生まれた年"] == "1958-04-01"
    assert rows[new.number]["生まれた年"] == "昭和33年"
    assert (rows[old.number]["頭数"], rows[new.number]["頭数"]) == ("", "2")


def test_held_filings_are_in_no_file_and_counted(mihon: Town) -> None:
    of = procedure(mihon)
    free, stopped = filed(mihon, of), filed(mihon, of)
    hold(mihon, stopped)
    client = client_of(mihon)
    for form in ("csv", "json"):
        saved = get(client, of, form).decode()
        assert free.number in saved
        assert stopped.number not in saved
    assert json.loads(get(client, of, "json"))["left_out"] == 1
    today = japan_date(clock.now()).isoformat()
    page = page_of(client.get(HERE, {"procedure": str(of.pk), "first": today, "last": today}))
    assert "支援措置で止めている提出があります" in page


def test_what_is_handed_over_is_logged_with_its_ids(mihon: Town) -> None:
    of = procedure(mihon)
    filed(mihon, of)
    get(client_of(mihon), of, "csv")
    payload = TrailPayload.unscoped.get(entry__kind="read", entry__action="procedures.export")
    told = json.loads(payload.text)
    assert told["ids"] == [str(Filing.unscoped.get().pk)]
    today = japan_date(clock.now()).isoformat()
    assert {key: told["notes"][key] for key in ("form", "first", "last", "left_out")} == {
        "form": "csv",
        "first": today,
        "last": today,
        "left_out": 0,
    }


def test_nobody_else_takes_them(mihon: Town) -> None:
    of = procedure(mihon)
    filed(mihon, of)
    today = japan_date(clock.now()).isoformat()
    given = {"procedure": str(of.pk), "first": today, "last": today, "form": "csv"}
    assert client_of(mihon, office="other").get(f"{HERE}file/", given).status_code == 404
    for role in ("procedure_secretariat", "procedure_editor", "municipality_admin", "auditor", "staff"):
        assert client_of(mihon, role).get(f"{HERE}file/", given).status_code == 403, role


def test_trials_and_other_days_are_left_out(mihon: Town) -> None:
    of = procedure(mihon)
    case_of(mihon, of=of, test=True)
    old = filed(mihon, of)
    Filing.unscoped.filter(pk=old.origin_id).update(arrived_at=clock.now() - dt.timedelta(days=3))
    assert lines(get(client_of(mihon), of, "csv")) == []


def test_the_last_day_of_all_is_a_day(mihon: Town) -> None:
    of = with_group(mihon)
    filed(mihon, of)
    client = client_of(mihon)
    days = {"procedure": str(of.pk), "first": "1873-01-01", "last": "9999-12-31"}
    assert "1件あります" in page_of(client.get(HERE, days))
    assert client.get("/990019/desk/cases/bundle/?day=9999-12-31").status_code == 200
