"""The desk's record of deliveries: to whom, when, whether; never what was said."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.engines.delivery.specimens import delivery
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.delivery import queries
from yakuba.kernel.actions import SubjectRef
from yakuba.kernel.dates import clock
from yakuba.kernel.ids import uuid7
from yakuba.kernel.trail.models import TrailEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(mihon: Town) -> Client:
    client = Client()
    sign_in(client, mihon.account("records_keeper"))
    return client


def desk(mihon: Town, rest: str = "") -> str:
    return f"/{mihon.ref.code}/desk/deliveries/{rest}"


def test_an_empty_list_says_so_and_that_nothing_is_set_up(mihon: Town, keeper: Client, settings) -> None:
    settings.MAIL_URL = ""
    page = keeper.get(desk(mihon)).content.decode()
    assert "この条件の送信はありません" in page
    assert "メールの送信は設定されていません" in page
    settings.MAIL_URL = "http://wrong"
    assert "送信の設定に誤りがあります" in keeper.get(desk(mihon)).content.decode()
    assert not TrailEntry.unscoped.filter(kind="read").exists()


def test_the_list_narrows_and_tells_no_secrets(mihon: Town, keeper: Client) -> None:
    one = delivery(mihon)
    delivery(mihon, state="sent", sent_at=clock.now(), address="taro@example.jp", purpose="correction")
    page = keeper.get(desk(mihon)).content.decode()
    assert "hanako@example.jp" in page
    assert "taro@example.jp" in page
    assert "結果が出ました" not in page
    for query in ("?filter.state=unconfirmed", "?filter.purpose=result", "?q=hanako", "?q=HANAKO@"):
        page = keeper.get(desk(mihon) + query).content.decode()
        assert "hanako@example.jp" in page, query
        assert "taro@example.jp" not in page, query
    reads = TrailEntry.unscoped.filter(kind="read", action="delivery.list")
    assert reads.filter(subject_id=one.pk).count() == 4
    assert keeper.get(desk(mihon) + "?filter.state=nonsense").status_code == 400


def test_many_are_paged(mihon: Town, keeper: Client) -> None:
    for number in range(60):
        delivery(mihon, address=f"a{number:02}@example.jp")
    first = keeper.get(desk(mihon)).content.decode()
    second = keeper.get(desk(mihon) + "?after=50").content.decode()
    back = keeper.get(desk(mihon) + "?before=50").content.decode()
    assert first.count("@example.jp") == back.count("@example.jp") >= 50
    assert "a00@example.jp" in second
    assert "a59@example.jp" not in second
    assert keeper.get(desk(mihon) + "?after=x").status_code == 400


def test_files_hold_what_is_seen(mihon: Town, keeper: Client) -> None:
    delivery(mihon)
    delivery(mihon, address="taro@example.jp", state="failed", error="550 taro")
    csv = b"".join(keeper.get(desk(mihon, "list.csv?filter.state=failed")).streaming_content).decode(
        "utf-8-sig"
    )  # type: ignore[attr-defined]  # streams
    assert "taro@example.jp" in csv
    assert "hanako" not in csv
    book = keeper.get(desk(mihon, "list.xlsx"))
    assert b"".join(book.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]  # streams
    assert TrailEntry.unscoped.filter(action="delivery.save").count() == 2


def test_one_delivery_and_what_may_be_done(mihon: Town, keeper: Client) -> None:
    one = delivery(mihon, error="451 hanako@example.jp is busy")
    page = keeper.get(desk(mihon, f"{one.pk}/")).content.decode()
    assert "届いたかどうか分かりません" in page
    assert "is busy" in page
    assert "結果が出ました" not in page
    refused = keeper.post(desk(mihon, f"{one.pk}/"), {"do": "confirm", "reason": ""})
    assert refused.status_code == 422
    assert keeper.post(desk(mihon, f"{one.pk}/"), {"do": "nonsense"}).status_code == 404
    done = keeper.post(desk(mihon, f"{one.pk}/"), {"do": "confirm", "reason": "電話で確かめた"})
    assert done.status_code == 303
    page = keeper.get(desk(mihon, f"{one.pk}/")).content.decode()
    assert 'value="confirm"' not in page
    assert keeper.post(desk(mihon, f"{one.pk}/"), {"do": "close", "reason": "x"}).status_code == 403


def test_what_waits_is_on_the_desks_first_page(mihon: Town, keeper: Client) -> None:
    delivery(mihon, state="failed")
    home = keeper.get(f"/{mihon.ref.code}/desk/").content.decode()
    assert "送れなかったメールを確かめる" in home
    assert "filter.state=failed&amp;filter.state=unconfirmed&amp;filter.state=held" in home


@pytest.mark.parametrize("role", ["staff", "case_worker", "auditor", "platform_admin", "plan_secretariat"])
def test_others_are_turned_away(mihon: Town, role: str) -> None:
    one = delivery(mihon)
    client = Client()
    sign_in(client, mihon.account(role))
    for rest in ("", "list.csv", f"{one.pk}/"):
        assert client.get(desk(mihon, rest)).status_code == 403


def test_another_municipality_sees_nothing(mihon: Town, karina: Town, keeper: Client) -> None:
    one = delivery(karina)
    assert keeper.get(desk(mihon, f"{one.pk}/")).status_code == 404
    assert keeper.get(desk(karina)).status_code == 404
    assert "hanako" not in keeper.get(desk(mihon)).content.decode()


def test_rooms_above_ask_about_their_own_things(mihon: Town, karina: Town) -> None:
    subject = SubjectRef("office", uuid7())
    about = {"about_kind": subject.kind, "about_id": subject.id}
    mine = delivery(mihon, **about)
    delivery(mihon)
    delivery(karina, **about)
    delivery(mihon, **about, zone="portal", purpose="code")
    assert queries.about(mihon.ctx("case_worker"), subject) == [mine]
