"""The pages across municipalities: on a phone, without script, on paper, in every language."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import LARGE, LOOKS, PHONE, Visitor
from tests.browser.test_pages import check
from tests.services.plan.nation.town import ONLINE, two_towns
from tests.world import Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
THEME = f"/plan/themes/{ONLINE}/"
COMPARE = f"/plan/compare/?theme={ONLINE}"
PAGES = [
    "/plan/",
    "/en/plan/",
    "/ja-simple/plan/",
    "/plan/municipalities/",
    "/plan/municipalities/?q=ありえない",
    THEME,
    f"/en{THEME}",
    f"{THEME}?filter.late=yes",
    f"{THEME}indicators/",
    f"{THEME}indicators/?key=オンライン化手続件数",
    COMPARE,
    f"{COMPARE}&city=990019&city=990027",
    f"/en{COMPARE}&city=990019&city=990027",
    "/plan/compare/",
    "/plan/search/?q=手続",
    "/plan/search/?q=ありえない",
]


@pytest.mark.parametrize("visitor", [{"width": PHONE}], indirect=True, ids=["phone"])
def test_pages(visitor: Visitor, town: Town) -> None:
    two_towns(town)
    check(visitor, PAGES, (*LOOKS, LARGE))


@pytest.mark.parametrize("visitor", [{"width": PHONE, "js": False}], indirect=True, ids=["no-script"])
def test_who_is_late_and_how_another_municipality_does_it(visitor: Visitor, town: Town) -> None:
    """A council member on a phone, without script: from the front page to two municipalities side by side."""
    two_towns(town)
    page = visitor.open("/")
    page.get_by_role("link", name="全国の情報化推進計画").first.click()
    page.get_by_role("link", name="電子申請", exact=True).click()
    page.get_by_role("checkbox", name="遅れ・停滞だけ").check()
    page.get_by_role("button", name="絞り込む").click()
    assert "行政手続のオンライン化" in page.locator("#initiatives").inner_text()
    assert "電子申請の拡大" not in page.locator("#initiatives").inner_text()
    page.get_by_role("link", name=re.compile("くらべる.*かりな市")).click()
    page.get_by_role("link", name="みほん市を加える").click()
    table = page.locator("#comparison").inner_text()
    assert "総務課" in table
    assert "DX推進課" in table
    assert "比較に注意" in table
