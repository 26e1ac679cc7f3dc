"""The public pages across municipalities."""

from __future__ import annotations

import copy
import csv
import io
import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from tests.services.plan.nation.town import (
    ONLINE,
    karina_rows,
    mihon_rows,
    neighbour,
    two_towns,
)
from tests.world import Town, make_town
from yakuba.kernel.ui.formats import year_name
from yakuba.services.plan.actions import WithdrawEdition, withdraw_edition
from yakuba.services.plan.models import Edition, NationInitiative

pytestmark = pytest.mark.usefixtures("mihon")

THEME = f"/plan/themes/{ONLINE}/"
KEY = quote("オンライン化手続件数")
COMPARE = f"/plan/compare/?theme={ONLINE}"
PAGES = [
    "/plan/",
    "/plan/municipalities/",
    THEME,
    f"{THEME}indicators/",
    f"{THEME}indicators/?key={KEY}",
    f"{COMPARE}&city=990019&city=990027",
    "/plan/compare/",
    f"/plan/search/?q={quote('手続')}",
]


def html(path: str) -> str:
    """What a page says; it must be there."""
    answer = Client().get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def words(path: str) -> str:
    """The text of a page without its marks, blanks made one."""
    return " ".join(re.sub(r"<[^>]+>", " ", html(path).replace("<wbr>", "")).split())


def sheet(path: str) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    answer = Client().get(path)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def built(module_db: None) -> tuple[Town, Edition]:
    """みほん市 beside かりな市."""
    town = make_town("990019", "みほん市")
    return town, two_towns(town)[0]


@pytest.fixture
def mihon(built: tuple[Town, Edition], db: None) -> Town:
    return copy.deepcopy(built[0])


@pytest.fixture
def edition(built: tuple[Town, Edition], db: None) -> Edition:
    return Edition.unscoped.get(pk=built[1].pk)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("prefix", ["", "/en", "/ja-simple"])
def test_every_page_is_kept_by_its_etag_and_sets_no_cookie(path: str, prefix: str) -> None:
    client = Client()
    first = client.get(prefix + path)
    assert first.status_code == 200
    assert not first.cookies
    assert "Cookie" not in first.get("Vary", "")
    assert "public" in first["Cache-Control"]
    assert client.get(prefix + path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert "<script>" not in first.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_what_changes_anywhere_changes_the_pages(path: str, mihon: Town, edition: Edition) -> None:
    tag = Client().get(path)["ETag"]
    withdraw_edition(mihon.ctx("plan_secretariat"), edition, WithdrawEdition("誤りがありました。"))
    assert Client().get(path, headers={"If-None-Match": tag}).status_code in {200, 400}


@pytest.mark.parametrize(
    "path",
    [
        "/plan/municipalities/?x=1",
        "/plan/municipalities/?filter.prefecture=どこか県",
        f"{THEME}?filter.progress=うまくいった",
        f"{THEME}?sort=secret",
        f"{THEME}indicators/?filter.late=yes",
        "/plan/compare/?theme=nothing",
        "/plan/compare/?x=1",
        f"{COMPARE}&city=123456",
        f"{COMPARE}&theme=security-audit",
        f"{COMPARE}&q=%00",
        "/plan/search/?x=1",
        "/plan/search/?q=a&after=b",
    ],
)
def test_unknown_parameters_are_refused(path: str) -> None:
    assert Client().get(path).status_code == 400


# --- the first page and the municipalities -----------------------------------------------------------------------------


def test_the_first_page_counts_municipalities_and_initiatives_of_each_theme() -> None:
    text = words("/plan/")
    assert "電子申請 2自治体・3件" in text, "2-1 and 2-2 count once"
    assert "2自治体のうち2自治体の計画" in text
    assert "群馬県" in text
    assert f'href="{THEME}"' in html("/plan/")
    assert 'href="/en/plan/themes/' in html("/en/plan/")
    assert 'href="/plan/"' in html("/")
    assert 'href="/plan/"' in html("/990019/")


def test_every_link_of_the_first_page_leads_somewhere() -> None:
    found = {href: path for path in PAGES for href in re.findall(r'href="(/(?:plan|9900)[^"#]*)', html(path))}
    for href, path in sorted(found.items()):
        answer = Client().get(href.replace("&amp;", "&"))
        if answer.streaming:
            list(answer.streaming_content)  # reading a file to its end closes it
        assert answer.status_code in {200, 302}, (path, href)


def test_municipalities_are_found_by_name_kana_prefecture_and_plan() -> None:
    make_town("990035", "ひながた市")
    assert "3自治体のうち2自治体が" in words("/plan/municipalities/")
    for query in ("q=かりな", "q=カリナ", "q=990027", "filter.prefecture=群馬県", "q=群馬"):
        found = html(f"/plan/municipalities/?{query}")
        assert "かりな市" in found, query
        assert "みほん市" not in found, query
    without = html("/plan/municipalities/?filter.plan=no")
    assert "ひながた市" in without
    assert "かりな市" not in without
    assert html("/plan/municipalities/?filter.year=2024").count('<th scope="row"') == 2
    rows = sheet("/plan/municipalities.csv?filter.plan=yes&sort=-code")
    assert [row["自治体"] for row in rows] == ["かりな市", "みほん市"]
    assert rows[0]["取組の数"] == "1"
    assert rows[0]["ページのアドレス"] == "http://testserver/990027/plan/2024/"


# --- who plans a theme -------------------------------------------------------------------------------------------------


def test_a_theme_lists_the_initiatives_of_all_municipalities() -> None:
    page = html(THEME)
    text = words(THEME)
    assert "2自治体・3件の取組" in text
    assert "うち遅れ・停滞 1件" in text
    identity = NationInitiative.unscoped.get(title="行政手続のオンライン化").object
    assert f'href="/990027/plan/2024/{identity}/"' in page
    assert "総務課" in text
    assert "81手続" in text
    assert "令和7年度" in text
    assert "ほか1指標" in text
    assert "情報セキュリティ監査" not in text


@pytest.mark.parametrize(
    ("query", "found", "left"),
    [
        ("filter.late=yes", ["行政手続"], ["電子申請の"]),
        ("filter.prefecture=群馬県", ["行政手続"], ["電子申請の"]),
        ("filter.prefecture=-", ["電子申請の"], ["行政手続"]),
        ("filter.prefecture=-&filter.prefecture=群馬県", ["電子申請の", "行政手続"], []),
        ("filter.progress=on_track", ["電子申請の", "手続の見直し"], ["行政手続"]),
        ("filter.kind=operate", ["行政手続"], ["電子申請の"]),
        ("filter.kind=operate&filter.progress=on_track", [], ["行政手続", "電子申請の"]),
        ("q=見直し", ["手続の見直し"], ["電子申請の"]),
        ("q=かりな 総務", ["行政手続"], ["電子申請の"]),
        ("cities=990027", ["行政手続"], ["電子申請の"]),
    ],
)
def test_filters_combine(query: str, found: list[str], left: list[str]) -> None:
    page = html(f"{THEME}?{query}")
    shown = page[page.index('id="initiatives"') :]
    for title in found:
        assert title in shown
    for title in left:
        assert title not in shown


def test_the_sheet_holds_what_is_seen_with_every_indicator() -> None:
    rows = sheet(f"{THEME}initiatives.csv")
    assert [(row["自治体"], row["番号"], row["指標名"]) for row in rows] == [
        ("みほん市", "1", "① オンライン化手続件数"),
        ("みほん市", "1", "研修の回数"),
        ("みほん市", "2-1", ""),
        ("みほん市", "2-2", ""),
        ("かりな市", "5", "① オンライン化手続件数"),
    ]
    assert rows[0]["最新の値（数）"] == "81"
    assert rows[4]["最新の値の確度"] == "見込"
    assert len(sheet(f"{THEME}initiatives.csv?filter.late=yes")) == 1
    answer = Client().get(f"{THEME}initiatives.xlsx")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[arg-type]
    assert book.worksheets[0].max_row == 6


# --- indicator by indicator --------------------------------------------------------------------------------------------


def test_indicators_of_one_name_stand_with_their_definitions_and_a_caution() -> None:
    text = words(f"{THEME}indicators/")
    assert text.index("オンライン化手続件数") < text.index("研修の回数"), (
        "what more municipalities measure comes first"
    )
    for told in (
        "比較に注意",
        "単位が違います",
        "集計のしかたが違います",
        "年度が違います",
        "見込・速報・確定がまざっています",
    ):
        assert told in text
    assert "受け付けを始めた手続の数" in text
    assert "数え方の説明はありません" in text
    assert "81手続" in text
    assert "31件" in text
    only = words(f"{THEME}indicators/?q={quote('研修')}")
    assert "研修の回数" in only
    assert "オンライン化手続件数" not in only
    assert "比較に注意" not in only


def test_one_indicator_in_all_municipalities() -> None:
    text = words(f"{THEME}indicators/?key={KEY}")
    assert "オンライン化手続件数" in text
    assert "研修の回数" not in text
    assert "単位が違います" in text
    narrowed = words(f"{THEME}indicators/?key={KEY}&filter.prefecture=群馬県")
    assert "31件" in narrowed
    assert "81手続" not in narrowed
    assert "比較に注意" not in narrowed, "one figure compares with nothing"
    rows = sheet(f"{THEME}indicators.csv?key={KEY}")
    assert [row["最新の値（記載のとおり）"] for row in rows] == ["81手続", "31件"]
    assert rows[0]["数え方"] == "受け付けを始めた手続の数"
    assert len(sheet(f"{THEME}indicators.csv")) == 3
    assert "ありません" in words(f"{THEME}indicators/?key=nothing")


# --- side by side ------------------------------------------------------------------------------------------------------


def test_two_municipalities_side_by_side() -> None:
    path = f"{COMPARE}&city=990027&city=990019"
    page = html(path)
    text = words(path)
    table = page[page.index('id="comparison"') :]
    assert table.index("かりな市") < table.index("みほん市"), "in the order of the address"
    for told in (
        "行政手続のオンライン化",
        "電子申請の拡大",
        "総務課",
        "DX推進課",
        "遅れ",
        "遅れ始めた年度",
        "31件",
        "81手続",
    ):
        assert told in text, told
    assert "比較に注意：単位が違います" in text
    assert "目標 110手続（令和8年度）" in text
    assert "いつでも手続ができるまちにします。" in text
    identity = NationInitiative.unscoped.get(title="電子申請の拡大").object
    assert f'href="/990019/plan/2024/{identity}/"' in table
    assert f'href="{COMPARE.replace("&", "&amp;")}&amp;city=990027"' in page, "each can be taken away"


def test_municipalities_are_chosen_by_links_alone() -> None:
    make_town("990035", "ひながた市")
    first = html(COMPARE)
    assert f"{COMPARE}&city=990027".replace("&", "&amp;") in first
    assert "ひながた市" not in first, "without a plan there is nothing to compare"
    assert 'id="comparison"' not in first
    second = html(f"{COMPARE}&city=990027")
    assert f"{COMPARE}&city=990027&city=990019".replace("&", "&amp;") in second
    assert "もう1つ選ぶと" in second
    named = html(f"{COMPARE}&q={quote('かりな')}")
    assert "city=990027" in named
    assert "city=990019" not in named
    assert "ありません" in words(f"{COMPARE}&q={quote('どこにもない')}")


def test_without_a_theme_one_is_chosen_first() -> None:
    page = html("/plan/compare/?city=990019")
    assert f'<option value="{ONLINE}">' in page
    assert '<input type="hidden" name="city" value="990019">' in page


# --- search ------------------------------------------------------------------------------------------------------------


def test_search_finds_initiatives_of_all_municipalities() -> None:
    page = html(f"/plan/search/?q={quote('オンライン')}")
    assert "かりな市" in page
    assert "みほん市" in page, "by the name of its indicator"
    assert "<mark>オンライン</mark>" in page
    assert "見つかりませんでした" in words(f"/plan/search/?q={quote('宇宙船')}")
    assert "さがせます" in words("/plan/search/")


def test_search_tells_since_when_a_hit_is_late() -> None:
    late = NationInitiative.unscoped.get(title="行政手続のオンライン化")
    assert late.since is not None
    text = words(f"/plan/search/?q={quote('行政手続のオンライン化')}")
    assert f"担当： {late.leads}" in text
    assert f"遅れ始めた年度：{year_name(late.since)}" in text


def test_beyond_the_last_hit_stands_the_way_back() -> None:
    assert "ここより後はありません" in words(f"/plan/search/?q={quote('手続')}&after=900")
    page = html(f"{THEME}?after=900")
    assert "ここより後はありません" in page
    assert f'href="{THEME}"' in page


# --- how much it asks --------------------------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow(mihon: Town) -> None:
    paths = [path for path in PAGES if "city=" not in path]

    def asked(path: str) -> int:
        Client().get(path)
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(path).status_code == 200
        return len(queries)

    few = {path: asked(path) for path in paths}
    for number in range(3):
        neighbour(f"99{number + 10}00", f"ためし{number}市", "埼玉県", [*mihon_rows(), *karina_rows()])
    assert {path: asked(path) for path in paths} == few
    assert max(few.values()) <= 9
