"""The public pages across municipalities, in registers other than that of two towns."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client

from tests.services.plan.edition_sample import publish, take_in
from tests.services.plan.nation.test_pages import COMPARE, KEY, THEME, html, words
from tests.services.plan.nation.town import AUDIT, ONLINE, karina_rows, mihon_rows, neighbour, plan, row
from tests.world import Town


def test_an_unknown_theme_is_missing(mihon: Town) -> None:
    for tail in ("", "indicators/", "initiatives.csv", "indicators.xlsx"):
        assert Client().get(f"/plan/themes/no-such-theme/{tail}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/plan/", "/plan/municipalities/", THEME, f"{THEME}indicators/", COMPARE])
def test_an_empty_register_says_so(path: str) -> None:
    text = words(path)
    assert "まだ" in text or "ありません" in text


def test_drafts_and_what_was_taken_back_are_nowhere(mihon: Town) -> None:
    neighbour("990027", "かりな市", "群馬県", karina_rows())
    take_in(mihon, plan(mihon_rows(), mihon))
    for path in (THEME, f"{THEME}indicators/", f"/plan/search/?q={quote('電子申請')}"):
        assert "電子申請の拡大" not in html(path)
    assert "みほん市" not in html(THEME)


def test_figures_that_agree_need_no_caution(mihon: Town) -> None:
    publish(mihon, plan(mihon_rows(), mihon))
    neighbour("990027", "かりな市", "群馬県", mihon_rows())
    assert "比較に注意" not in html(f"{THEME}indicators/?key={KEY}")


def test_more_than_eight_become_the_filtered_list(mihon: Town) -> None:
    codes = []
    for number in range(9):
        town = neighbour(f"99{number + 10}00", f"ためし{number}市", "", [row("1", f"取組{number}", ONLINE)])
        codes.append(town.ref.code)
    publish(mihon, plan(mihon_rows(), mihon))
    eight = "".join(f"&city={code}" for code in codes[:8])
    assert 'id="comparison"' in html(COMPARE + eight)
    answer = Client().get(f"{COMPARE}{eight}&city={codes[8]}")
    assert answer.status_code == 302
    listed = html(answer["Location"])
    assert "8自治体まで" in listed
    assert "取組8" in listed
    assert "電子申請の拡大" not in listed


def test_search_shows_the_newest_edition_once_with_its_office(mihon: Town) -> None:
    publish(mihon, plan([row("1", "旧い取組の一つ", ONLINE)], mihon))
    publish(mihon, plan([row("1", "新しい取組", ONLINE)], mihon, year=2025, edition="令和7年度版"))
    assert "見つかりませんでした" in words(f"/plan/search/?q={quote('旧い取組')}"), (
        "the city's own pages find it"
    )
    found = words(f"/plan/search/?q={quote('取組')}")
    assert "/plan/2025/" in html(f"/plan/search/?q={quote('取組')}")
    assert found.count("令和7年度版") == 1
    assert "令和6年度版" not in found
    assert "担当：" in found


def test_no_theme_of_another_kind_slips_in(mihon: Town) -> None:
    publish(mihon, plan([row("3", "監査", AUDIT)], mihon))
    assert "この主題の取組は、まだありません" in words(THEME)
