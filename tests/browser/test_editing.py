"""A clerk edits an initiative by hand, in a browser without JavaScript: forms, revisions, questions, themes, notes."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.browser.conftest import PHONE, Visitor
from tests.signin import sign_in
from tests.world import Town
from yakuba.services.plan import queries
from yakuba.services.plan.models import Edition, Initiative

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("visitor", [{"width": PHONE, "js": False}], indirect=True, ids=["phone-no-script"])
def test_everything_by_hand(visitor: Visitor, published: Edition, town: Town) -> None:
    client = Client()
    sign_in(client, town.account("plan_secretariat"))
    cookie = client.cookies["yakuba_staff"]
    visitor.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": visitor.base}])
    row = Initiative.unscoped.get(edition=published, number="1")
    page = visitor.open(f"/990019/desk/plan/initiatives/{row.pk}/")

    page.get_by_role("link", name="担当を編集").click()
    second = page.get_by_role("group", name="新しい担当").first
    second.get_by_label("担当部署").fill("例示課")
    second.get_by_label("役割").select_option(label="関係")
    page.get_by_role("button", name="行を足す").click()
    assert page.get_by_role("group", name="新しい担当").count() == 4, "two more, and what was typed stays"
    page.get_by_label("訂正の理由").fill("組織改正")
    page.get_by_role("button", name="保存する").click()
    assert page.get_by_text("例示課").first.is_visible()

    page.get_by_role("link", name="年度別の工程を編集").click()
    first = page.get_by_role("group", name="新しい年度").first
    first.get_by_label("年度").fill("いつか")
    first.get_by_label("工程").fill("検討")
    page.get_by_role("button", name="保存する").click()
    assert page.get_by_role("alert").get_by_text("年度として読めません").is_visible()
    first.get_by_label("年度").fill("R6")
    page.get_by_role("button", name="保存する").click()

    page.get_by_role("link", name=re.compile("改訂する\\s*：令和8年度 目標値")).click()
    page.get_by_label("新しい内容").fill("120手続")
    page.get_by_label("改訂の理由").fill("上位計画の見直し")
    page.get_by_role("button", name="改訂する").click()
    page.get_by_role("link", name=re.compile("履歴\\s*：令和8年度 目標値")).first.click()
    assert page.get_by_text("理由：上位計画の見直し").is_visible()
    page.get_by_role("link", name="取組の画面に戻る").click()

    page.get_by_label("新しいメモ").fill("上下水道課に確認中。")
    page.get_by_role("button", name="メモを書く").click()
    assert page.get_by_text("上下水道課に確認中。").is_visible()

    page.goto(f"{visitor.base}/990019/desk/plan/editions/{published.pk}/ask/?about=direction")
    page.get_by_label("望ましい向き").first.select_option(label="増やす")
    page.get_by_role("button", name="答えを保存する").click()
    assert page.get_by_text("1件に答えました。").is_visible()

    page.goto(f"{visitor.base}/990019/desk/plan/editions/{published.pk}/themes/")
    page.get_by_label("この主題にする").first.check()
    page.get_by_role("button", name="この画面の主題を保存する").click()
    assert page.get_by_text("1件の主題を決めました。").is_visible()

    form = queries.initiative_form(Initiative.unscoped.get(pk=row.pk))
    assert [one["name"] for one in form["offices"]] == ["見本課", "例示課"]
    assert form["stages"] == {"2024": "検討"}
    assert form["indicators"][0]["values"][-1]["raw"] == "120手続"
    assert form["indicators"][0]["direction"] == "increase"
    assert form["themes"]
