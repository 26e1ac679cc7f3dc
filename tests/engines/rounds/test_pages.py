"""The pages: the board, an office's part, a new round, files; and that the board asks the same few queries for any number of offices."""

from __future__ import annotations

import io
import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from tests.engines.rounds.sample import (
    DAY,
    KIND,
    confirmed,
    entered,
    items_of,
    mailbox,
    opened,
    part_of,
    planned,
    today,
)
from tests.signin import sign_in
from tests.world import SINCE, Town
from yakuba.engines.rounds import actions
from yakuba.engines.rounds.models import Item, OfficePart, Round
from yakuba.engines.rounds.queries import board as boards
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.town.models import Office, OfficeName

HOME = "/990019/desk/rounds/"


def client_of(town: Town, role: str, office: str = "own") -> Client:
    """Somebody's browser."""
    client = Client()
    sign_in(client, town.account(role, office))
    return client


def page(client: Client, address: str) -> str:
    """A page's text."""
    answer = client.get(address)
    assert answer.status_code == 200, (answer.status_code, answer.content[:500])
    return answer.content.decode()


def test_the_board_says_who_is_late_and_can_be_narrowed_sorted_and_saved(mihon: Town) -> None:
    round_ = opened(mihon)
    part = part_of(round_, mihon.offices["own"])
    actions.grant_extension(mihon.ctx("plan_secretariat"), part, actions.GrantExtension(part.due + 20 * DAY))
    OfficePart.unscoped.filter(round=round_).exclude(pk=part.pk).update(due=today() - 2 * DAY)
    client = client_of(mihon, "staff")
    text = page(client, f"{HOME}{round_.pk}/")
    assert "1課が遅れています" in text
    assert "2日遅れ" in text
    late = page(client, f"{HOME}{round_.pk}/?filter.standing=late")
    assert "例示課" in late
    assert "見本課</a>" not in late
    by_late = page(client, f"{HOME}{round_.pk}/?sort=-late")
    assert by_late.index("例示課</a>") < by_late.index("見本課</a>")
    answer = client.get(f"{HOME}{round_.pk}/board.xlsx?filter.standing=late")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]  # type: ignore[attr-defined]  # a stream
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][1] == "所属"
    assert [row[1] for row in rows[1:] if row[1]][:1] == ["例示課"]
    for address in ("", "items/", "letter/", "reminders/", "items.csv", "reminders.xlsx"):
        answer = client.get(f"{HOME}{round_.pk}/{address}")
        answer.close()
        assert answer.status_code == 200, address
    assert client.get(f"{HOME}rounds.csv").status_code == 200
    assert client.get(f"{HOME}{round_.pk}/?sort=nothing").status_code == 400


def test_the_board_asks_the_same_queries_for_any_number_of_offices(mihon: Town) -> None:
    def cost(round_: Round) -> int:
        ctx = mihon.ctx("plan_secretariat")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            boards.board(ctx, round_)
        return len(queries)

    few = cost(opened(mihon))
    for n in range(12):
        office = Office.unscoped.create(municipality_id=mihon.ref.id, authority="mayor")
        OfficeName.unscoped.create(
            municipality_id=mihon.ref.id, office=office, name=f"第{n}課", code=f"n-{n}", valid_from=SINCE
        )
    assert cost(opened(mihon, phase="final")) == few


def test_an_office_enters_and_what_is_refused_keeps_its_ticks(mihon: Town) -> None:
    part = part_of(opened(mihon), mihon.offices["own"])
    address = f"{HOME}{part.round_id}/offices/{part.pk}/"
    client = client_of(mihon, "plan_editor")
    text = page(client, address)
    assert "実績が未入力です" in text
    assert text.count("button filled") == 1
    everything = [str(one.pk) for one in items_of(part, ready=False)]
    answer = client.post(f"{address}act/", {"do": "enter", "item": everything})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "足りないものがあります" in text
    assert len(re.findall(r"checked", text)) >= len(everything)
    assert "進められるものだけ進める" in text
    answer = client.post(f"{address}act/", {"do": "enter", "item": everything, "partly": "1"})
    assert answer.status_code == 303
    assert Item.unscoped.filter(part=part, state="entered").count() == 3
    head = client_of(mihon, "office_head")
    assert "照会の回答を確認する" in page(head, "/990019/desk/")
    assert "確認する" in page(head, address)
    answer = head.post(f"{address}act/", {"do": "send_back", "item": everything[:1], "reason": ""})
    assert answer.status_code == 422
    assert "「理由」が空です" in answer.content.decode()
    assert (
        head.post(
            f"{address}act/", {"do": "send_back", "item": everything[:1], "reason": "数が違います"}
        ).status_code
        == 303
    )
    text = page(client, address)
    assert "数が違います" in text
    assert "差戻し" in text
    assert "数が違います" in page(client, f"{address}{everything[0]}/")
    nobody = page(client_of(mihon, "auditor"), address)
    assert "入力を終える</button>" not in nobody


def test_the_secretariat_accepts_what_the_address_leaves(mihon: Town) -> None:
    part = confirmed(mihon)
    address = f"{HOME}{part.round_id}/items/"
    client = client_of(mihon, "plan_secretariat")
    assert "照会の回答を受理する" in page(client, "/990019/desk/")
    text = page(client, f"{address}?filter.state=confirmed")
    assert "項目1" in text
    assert "不足の項目" not in text
    answer = client.post(f"{address}act/", {"do": "accept", "all": "1", "query": "filter.state=confirmed"})
    assert answer.status_code == 303
    assert Item.unscoped.filter(part=part, state="accepted").count() == 2
    answer = client.post(f"{address}act/", {"do": "return", "all": "1", "query": "filter.state=accepted"})
    assert answer.status_code == 422
    assert "「理由」が空です" in answer.content.decode()


def test_a_new_round_begins_with_last_year_s(mihon: Town) -> None:
    mailbox(mihon, "own", "own@mihon.example.jp")
    year = FiscalYear.of(today())
    last = planned(
        mihon,
        year=year - 1,
        phase="none",
        title="去年の照会",
        letter=f"{year.wareki}の方針と、{(year - 1).wareki}の結果。{(year + 4).wareki}までの計画",
        remind_before="10",
    )
    client = client_of(mihon, "plan_secretariat")
    text = page(client, f"{HOME}new/")
    assert "見本の照会" in text
    text = page(client, f"{HOME}new/?kind={KIND}&year={year.year}&phase=none")
    due = (today() + 10 * DAY).replace(year=today().year + 1)
    assert f"{due.month}月{due.day}日" in text
    assert f"{(year + 1).wareki}の方針と、{year.wareki}の結果。{(year + 4).wareki}までの計画" in text
    assert 'value="10"' in text
    answer = client.get(f"{HOME}new/?kind={KIND}&year=十年前&phase=none")
    assert answer.status_code == 422
    assert "十年前" in answer.content.decode()
    sunday = today() + (6 - today().weekday()) * DAY
    form = {
        "kind": KIND,
        "year": str(year.year),
        "phase": "none",
        "title": "今年の照会",
        "letter": "今年の文",
        "office": str(mihon.offices["own"].pk),
        "office_due": "令和99年の春",
        "remind_every": "7",
    }
    answer = client.post(f"{HOME}new/", form)
    assert answer.status_code == 422
    assert "令和99年の春" in answer.content.decode()
    assert client.post(f"{HOME}new/", {**form, "office_due": sunday.isoformat()}).status_code == 303
    made = Round.unscoped.get(title="今年の照会")
    text = page(client, f"{HOME}{made.pk}/")
    assert text.count("button filled") == 1
    assert "照会をはじめる" in text
    assert f"{sunday.day}日（閉庁日）" in text
    assert page(client, f"{HOME}{last.pk}/edit/")
    answer = client.post(f"{HOME}{made.pk}/act/", {"do": "open", "version": str(made.version)})
    assert answer.status_code == 303
    assert "見本課" in page(client, f"{HOME}{made.pk}/letter/")
    assert "自分の課が答える照会" in page(client_of(mihon, "plan_editor"), HOME)


def test_a_round_is_closed_with_a_reason(mihon: Town) -> None:
    part = entered(mihon)
    round_ = Round.unscoped.get(pk=part.round_id)
    actions.collect(mihon.ctx("plan_secretariat"), round_, NoData())
    client, address = client_of(mihon, "plan_secretariat"), f"{HOME}{round_.pk}/"
    assert "残して完了する" in page(client, address)
    form = {"do": "close", "version": "1", "reason": "廃止のため"}
    answer = client.post(f"{address}act/", form)
    assert answer.status_code == 422
    assert "廃止のため" in answer.content.decode()
    assert client.post(f"{address}act/", {**form, "unfinished": "1"}).status_code == 303
    assert "完了" in page(client, address)
