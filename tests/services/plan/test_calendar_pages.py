"""The plan's calendar on its pages: by months, in forms, as a sheet that goes out and comes back."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import json
import re
from typing import Any

import pytest
from django.test import Client

from tests.signin import sign_in
from tests.world import Town
from yakuba.kernel.dates import FiscalYear, clock, japan_date
from yakuba.services.plan.models import CalendarEntry

pytestmark = pytest.mark.django_db

HERE = "/990019/desk/plan/calendar/"


@pytest.fixture
def client(mihon: Town, parsed_here: None) -> Client:
    made = Client()
    sign_in(made, mihon.account("plan_secretariat"))
    return made


def add(client: Client, day: str, title: str, **more: str) -> Any:
    return client.post(HERE, {"first_day": day, "title": title, **more})


def row(title: str) -> CalendarEntry:
    return CalendarEntry.unscoped.get(title=title)


def test_days_stand_under_their_months(client: Client) -> None:
    assert "予定はまだありません" in client.get(HERE).content.decode()
    answer = add(client, "R8.9.7", "ヒアリング", last_day="令和8年9月11日", office="財政課", note="各課")
    assert (answer.status_code, answer.url) == (303, f"{HERE}2026/")
    add(client, "2026-05-29", "締切")
    add(client, "R9.3.31", "公表")
    add(client, "R9.4.1", "異動")
    text = client.get(f"{HERE}2026/").content.decode()
    assert text.index("令和8年5月") < text.index("令和8年9月") < text.index("令和9年3月")
    assert "9月7日（月）から9月11日（金）まで" in text
    assert "異動" not in text
    assert "異動" in client.get(f"{HERE}2027/").content.decode()
    assert client.get(f"{HERE}1700/").status_code == 404


def test_what_runs_over_the_end_of_a_year_stands_in_both(client: Client) -> None:
    add(client, "R8.3.25", "引継ぎ", last_day="R8.4.5")
    for year in (2025, 2026):
        assert "引継ぎ" in client.get(f"{HERE}{year}/").content.decode()


def test_what_was_typed_stays_beside_its_error(client: Client) -> None:
    answer = add(client, "いつか", "締切", last_day="R8.5.1")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_first_day-error"' in text
    assert 'value="いつか"' in text
    for more in ({"last_day": "R8.5.1"}, {"title": ""}):
        assert client.post(HERE, {"first_day": "R8.5.29", "title": "締切", **more}).status_code == 422
    assert not CalendarEntry.unscoped.exists()


def test_a_day_is_changed_and_struck_out(client: Client) -> None:
    add(client, "R8.5.29", "締切", note="出納閉鎖の前")
    there = f"{HERE}{row('締切').pk}/"
    text = client.get(there).content.decode()
    assert 'value="令和8年5月29日（金）"' in text
    sent = {
        "do": "save",
        "version": "1",
        "first_day": "令和8年5月29日（金）",
        "title": "回答の締切",
        "note": "",
    }
    assert client.post(there, sent).status_code == 303
    assert (row("回答の締切").version, row("回答の締切").note) == (2, "")
    assert client.post(there, sent).status_code == 409
    assert client.post(there, {"do": "remove", "version": "2"}).status_code == 303
    assert client.get(there).status_code == 404


def test_a_day_in_no_fiscal_year_is_refused_at_its_field(client: Client) -> None:
    answer = add(client, "9999-12-31", "締切")
    assert answer.status_code == 422
    assert 'id="id_first_day-error"' in answer.content.decode()
    late = confirm(client, send(client, [*lines(client), ["", "", "9999-12-31", "", "締切", "", ""]]))
    assert late.status_code == 422
    assert "A2：1886年度から9998年度までの日を入れてください。" in late.content.decode()
    assert not CalendarEntry.unscoped.exists()
    assert add(client, "9999-03-31", "最後の日").status_code == 303
    for year, rel in ((9998, "next"), (1886, "prev")):
        text = client.get(f"{HERE}{year}/").content.decode()
        assert f'rel="{rel}"' not in text, year


def lines(client: Client, year: int = 2026) -> list[list[str]]:
    answer = client.get(f"{HERE}{year}/days.csv")
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a CSV file streams
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def send(client: Client, rows: list[list[str]]) -> Any:
    target = io.StringIO()
    csv.writer(target).writerows(rows)
    file = io.BytesIO(target.getvalue().encode())
    file.name = "days.csv"
    return client.post(f"{HERE}import/", {"file": file})


def confirm(client: Client, preview: Any) -> Any:
    text = preview.content.decode()
    hidden = {
        name: html.unescape(re.search(rf'name="{name}" value="([^"]*)"', text)[1])  # type: ignore[index]  # it is there
        for name in ("changes", "places")
    }
    return client.post(f"{HERE}import/confirm/", hidden)


def test_the_sheet_goes_out_and_comes_back(client: Client) -> None:
    add(client, "R8.5.29", "締切")
    add(client, "R8.6.25", "会議")
    rows = lines(client)
    assert "変わる所がありません" in send(client, rows).content.decode()
    head = rows[0]
    rows[1][head.index("予定")] = "回答の締切"
    rows.append(["", "", "2026/8/3", "", "計画書の依頼", "財政課", ""])
    rows.append(["", "", "令和8年10月9日", "", "編成方針", "", ""])
    preview = send(client, rows)
    text = preview.content.decode()
    assert "3件の予定が変わります" in text
    assert text.count("新しい予定") == 2
    assert confirm(client, preview).status_code == 303
    found = CalendarEntry.unscoped.order_by("first_day").values_list("title", "version")
    assert list(found) == [("回答の締切", 2), ("会議", 1), ("計画書の依頼", 1), ("編成方針", 1)]


def test_wrong_rows_are_named_and_nothing_changes(client: Client) -> None:
    add(client, "R8.5.29", "締切")
    rows = lines(client)
    rows[1][2] = "いつか"
    rows.append(["", "", "", "", "日のない予定", "", ""])
    preview = send(client, rows)
    text = preview.content.decode()
    assert preview.status_code == 422
    assert "C2" in text
    assert "C3" in text
    assert "この変更を取り込む" not in text
    rows = lines(client)
    rows.append(["", "", "2026-06-01", "2026-05-01", "逆の日", "", ""])
    late = confirm(client, send(client, rows))
    assert late.status_code == 422
    assert "A3：最終日が初日より前です。" in late.content.decode()
    for changes in ("", "[", "{}", "[1]", json.dumps([{"id": "x", "version": 1}])):
        assert client.post(f"{HERE}import/confirm/", {"changes": changes}).status_code == 422
    assert CalendarEntry.unscoped.get().title == "締切"


def test_staff_read_and_the_sheet_is_to_read(mihon: Town, client: Client) -> None:
    add(client, "R8.5.29", "締切")
    staff = Client()
    sign_in(staff, mihon.account("staff"))
    text = staff.get(f"{HERE}2026/").content.decode()
    assert "締切" in text
    assert 'method="post"' not in text.partition("<main")[2]
    assert lines(staff)[0][0] == "初日"
    assert staff.post(f"{HERE}import/confirm/", {"changes": "[]"}).status_code == 403


def test_what_is_due_next_stands_on_the_first_page(mihon: Town, client: Client) -> None:
    today = japan_date(clock.now())
    add(client, (today + dt.timedelta(days=3)).isoformat(), "提出の締切")
    add(client, (today + dt.timedelta(days=15)).isoformat(), "まだ先の予定")
    add(client, (today - dt.timedelta(days=1)).isoformat(), "終わった予定")
    text = client.get("/990019/desk/").content.decode()
    assert "2週間のうちにある予定" in text
    assert "提出の締切" in text
    year = FiscalYear.of(today + dt.timedelta(days=3)).year
    assert "次の予定" in client.get(f"{HERE}{year}/").content.decode()
    staff = Client()
    sign_in(staff, mihon.account("staff"))
    assert "2週間のうちにある予定" not in staff.get("/990019/desk/").content.decode()
