"""What a screen reader is told of a form, its check page and the acknowledgement; and a line that drops in the middle.

The order is read from Chromium's accessibility tree, which is what a screen reader gets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, Visitor
from tests.browser.test_applying import fill_applicant, go
from tests.services.procedures.portal.sheets import offered
from tests.world import Town
from yakuba.services.procedures.models import Submission

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("visitor", [{"width": PHONE}], indirect=True, ids=["phone"]),
]


@dataclass(frozen=True)
class Told:
    """One thing that is said: its role, its name, and what is known of it besides."""

    role: str
    name: str
    about: dict[str, Any]


def told(page: Page) -> list[Told]:
    """Everything that is not ignored, in the order in which it is read."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    by_id = {node["nodeId"]: node for node in tree}
    found: list[Told] = []

    def walk(node: dict[str, Any]) -> None:
        if not node.get("ignored"):
            about = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
            about["description"] = node.get("description", {}).get("value", "")
            found.append(
                Told(
                    node.get("role", {}).get("value", ""),
                    # A place where a heading may break is told as a blank; Japanese is read the same with it.
                    "".join(str(node.get("name", {}).get("value", "")).split()),
                    about,
                )
            )
        for child in node.get("childIds", ()):
            if child in by_id:
                walk(by_id[child])

    walk(next(node for node in tree if "parentId" not in node))
    return found


def places(said: list[Told], wanted: list[tuple[str, str]]) -> list[int]:
    """Where each (role, part of the name) is first said."""
    found = []
    for role, name in wanted:
        at = next((at for at, one in enumerate(said) if one.role == role and name in one.name), -1)
        assert at >= 0, f"{role} «{name}» is not said"
        found.append(at)
    return found


def in_order(said: list[Told], *wanted: tuple[str, str]) -> None:
    found = places(said, list(wanted))
    assert found == sorted(found), list(zip(wanted, found, strict=True))


def levels(said: list[Told]) -> list[int]:
    return [int(one.about["level"]) for one in said if one.role == "heading"]


def sound(said: list[Told]) -> None:
    """What holds on every page: one first heading, no level left out, landmarks, nothing to press without a name."""
    deep = levels(said)
    assert deep.count(1) == 1
    assert deep[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(deep)), deep
    roles = [one.role for one in said]
    assert [roles.count(one) for one in ("main", "banner", "contentinfo")] == [1, 1, 1]
    pressed = {"button", "link", "textbox", "radio", "checkbox", "combobox"}
    assert [one for one in said if one.role in pressed and not one.name] == []


def test_the_order_in_which_a_form_is_read(visitor: Visitor, town: Town) -> None:
    subject = offered(town)
    page = visitor.open(f"/990019/procedures/{subject.pk}/start/")
    go(page.get_by_role("button", name="記入をはじめる"))
    said = told(page)
    sound(said)
    in_order(
        said,
        ("link", "本文へ移る"),
        ("banner", ""),
        ("main", ""),
        ("heading", "申請する人"),
        ("group", "氏名"),
        ("textbox", "氏"),
        ("textbox", "名のカナ"),
        ("textbox", "生年月日"),
        ("button", "次へ"),
        ("button", "前へ"),
        ("button", "あとで続ける"),
        ("contentinfo", ""),
    )
    assert [one.name for one in said if one.role == "button"].count("次へ") == 1, "the Enter key's is silent"
    assert page.title().startswith("申請する人（見本の申請）1/5")
    born = next(one for one in said if one.role == "textbox" and one.name.startswith("生年月日"))
    assert born.about.get("required"), born
    assert "令和" in born.about["description"], "the hint belongs to the field"

    page.locator("[name='q.birth']").fill("いつか")
    go(page.get_by_role("button", name="次へ", exact=True))
    said = told(page)
    sound(said)
    in_order(
        said, ("heading", "申請する人"), ("alert", ""), ("heading", "入力を確かめて"), ("textbox", "生年月日")
    )
    assert page.title().startswith("エラー：")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    born = next(one for one in said if one.role == "textbox" and one.name.startswith("生年月日"))
    assert born.about.get("invalid") == "true"
    assert "いつか" in born.about["description"], "the message belongs to the field"
    page.get_by_role("alert").get_by_role("link", name=re.compile("いつか")).click()
    assert page.evaluate("document.activeElement.name") == "q.birth"

    fill_applicant(visitor)
    go(page.get_by_role("button", name="次へ", exact=True))
    page.get_by_label("はい").check()
    page.locator("[name='q.dog.0.call']").fill("ぽち")
    go(page.get_by_role("button", name="次へ", exact=True))
    said = told(page)
    sound(said)
    in_order(said, ("heading", "犬のこと"), ("link", "チップの番号"), ("textbox", "チップの番号"))
    assert page.evaluate("document.activeElement.textContent").startswith("答えに応じて")
    page.get_by_role("link", name="チップの番号").click()
    assert page.evaluate("document.activeElement.name") == "q.number"
    page.locator("[name='q.number']").fill("392000000000000")
    go(page.get_by_role("button", name="次へ", exact=True))
    go(page.get_by_role("button", name="次へ", exact=True))
    page.get_by_label("郵送").check()
    go(page.get_by_role("button", name="次へ", exact=True))
    said = told(page)
    sound(said)
    in_order(
        said,
        ("heading", "内容の確認"),
        ("heading", "申請する人"),
        ("link", "直す（申請する人）"),
        ("heading", "犬のこと"),
        ("heading", "結果の受け取り方"),
        ("button", "提出する"),
    )
    go(page.get_by_role("button", name="提出する"))
    said = told(page)
    sound(said)
    in_order(
        said,
        ("heading", "受付票"),
        ("status", ""),
        ("StaticText", "受付番号"),
        ("StaticText", "確認番号"),
        ("StaticText", "到達日時"),
        ("link", "申請の状況を見る"),
    )


def test_what_was_typed_stays_while_the_line_is_down(visitor: Visitor, town: Town) -> None:
    subject = offered(town)
    page = visitor.open(f"/990019/procedures/{subject.pk}/start/")
    go(page.get_by_role("button", name="記入をはじめる"))
    fill_applicant(visitor)
    visitor.context.set_offline(True)
    page.get_by_role("button", name="次へ", exact=True).click()
    dialog = page.get_by_role("dialog", name="いま、インターネットにつながっていません")
    dialog.wait_for()
    dialog.get_by_role("button").click()
    assert page.locator("[name='q.name.family']").input_value() == "手本"
    visitor.context.set_offline(False)
    go(page.get_by_role("button", name="次へ", exact=True))
    page.wait_for_url("**/pages/dogs/")
    assert not Submission.unscoped.exists()
