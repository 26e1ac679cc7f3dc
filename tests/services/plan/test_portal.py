"""The public pages of the plan, published by the real actions and read as anybody would."""

from __future__ import annotations

import copy
import csv
import gzip
import io
import json
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import yakuba.kernel.ui
from tests.services.plan.edition_sample import (
    edition_document,
    initiative,
    large_document,
    publish,
    rows,
    take_in,
)
from tests.world import Town, make_town
from yakuba.kernel.search.models import DeskRow, PublicRow
from yakuba.kernel.text import fold
from yakuba.services.plan.actions import (
    PublishEdition,
    WithdrawEdition,
    publish_edition,
    withdraw_edition,
)
from yakuba.services.plan.models import Edition, Initiative, Node

EDITION = "/990019/plan/2026/"
NOTE = "指標の単位を直しました。"
pytestmark = pytest.mark.usefixtures("mihon")


@pytest.fixture(scope="module")
def built(module_db: None) -> tuple[Town, Edition]:
    """みほん市 with an edition that everybody sees."""
    town = make_town("990019", "みほん市")
    return town, publish(town, note=NOTE)


@pytest.fixture
def mihon(built: tuple[Town, Edition], db: None) -> Town:
    return copy.deepcopy(built[0])


@pytest.fixture
def edition(built: tuple[Town, Edition], db: None) -> Edition:
    return Edition.unscoped.get(pk=built[1].pk)


def text_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def titles(html: str) -> list[str]:
    """The titles of the list's rows, in the order in which they stand."""
    return [
        found.strip()
        for found in re.findall(r'<th scope="row"[^>]*class="main"[^>]*><a href="[^"]+">([^<]+)', html)
    ]


def row_of(edition: Edition, number: str, kind: str = "advance") -> Initiative:
    return Initiative.unscoped.get(edition=edition, number=number, kind=kind)


def test_a_draft_is_shown_to_nobody(client: Client, karina: Town) -> None:
    edition = take_in(karina, edition_document(code="990027", name="かりな市"))
    row = row_of(edition, "1")
    assert client.get("/990027/plan/2026/").status_code == 404
    assert client.get(f"/990027/plan/2026/{row.pk}/").status_code == 404
    assert "電子申請" not in text_of(client, "/990027/plan/")
    assert "電子申請" not in text_of(client, "/990027/search/?q=電子申請").split("</form>")[1]


def test_what_was_corrected_after_publishing_is_not_shown(client: Client, mihon: Town) -> None:
    changed = edition_document()
    changed["initiatives"][0]["title"] = "電子申請のさらなる拡大"
    take_in(mihon, changed)
    html = text_of(client, EDITION)
    assert "電子申請の拡大" in html
    assert "さらなる" not in html


def test_an_edition_shows_its_outline_and_its_list(client: Client) -> None:
    html = text_of(client, EDITION)
    assert "令和6年度（2024）から令和8年度（2026）まで" in html
    assert "取組4件" in html  # 2-1 and 2-2 are one
    assert "まとめて1件と数えています" in html, "the page says why the list has five rows"
    assert "それぞれの区分でも数えています" in html, "and why the goals have more in sum"
    assert "1 市民サービスの向上" in re.sub(r"</?(?:span|wbr)[^>]*>", "", html)
    assert titles(html) == [
        "電子申請の拡大",
        "マイナンバーカードの活用研究",
        "コンビニ交付の普及",
        "書かない窓口",
        "犬の登録の台帳",
    ]
    # No figure without its year.
    assert re.search(r"約81手続 <span[^>]*>令和7年度", html)
    assert re.search(r"110手続 <span[^>]*>令和8年度", html)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("filter.kind=operate", ["犬の登録の台帳"]),
        ("filter.node=1", ["電子申請の拡大", "マイナンバーカードの活用研究", "コンビニ交付の普及", "書かない窓口"]),
        ("filter.node=1/1-2", ["書かない窓口"]),
        # A cross-listed initiative is found under both its goals.
        ("filter.node=2", ["電子申請の拡大", "犬の登録の台帳"]),
        ("filter.progress=停滞", ["書かない窓口"]),
        ("filter.progress=-", ["犬の登録の台帳"]),
        ("filter.flag=new", ["書かない窓口"]),
        ("filter.office=市民課", ["コンビニ交付の普及", "書かない窓口"]),
        ("filter.office=市民課&filter.progress=順調", ["コンビニ交付の普及"]),
        ("filter.office=市民課&q=カナイ", ["書かない窓口"]),
        ("q=ｵﾝﾗｲﾝ", ["電子申請の拡大"]),
        ("q=dx推進課+窓口", ["電子申請の拡大", "書かない窓口"]),
        ("q=ないもの", []),
        ("sort=-number_key", ["犬の登録の台帳", "書かない窓口", "コンビニ交付の普及", "マイナンバーカードの活用研究", "電子申請の拡大"]),
        ("sort=progress_key&filter.kind=advance", ["電子申請の拡大", "マイナンバーカードの活用研究", "コンビニ交付の普及", "書かない窓口"]),
    ],
)  # fmt: skip
def test_filters_search_and_order_combine(client: Client, query: str, expected: list[str]) -> None:
    html = text_of(client, f"{EDITION}?{query}")
    assert titles(html) == expected
    # What is seen is what is exported.
    lines = list(csv.DictReader(io.StringIO(csv_of(client, f"{EDITION}initiatives.csv?{query}"))))
    assert list(dict.fromkeys(line["取組名"] for line in lines)) == expected


def csv_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return b"".join(answer).decode("utf-8-sig")  # type: ignore[arg-type]  # a streaming answer


def test_the_list_and_the_index_find_the_same(client: Client) -> None:
    for words in ("電子", "市民課", "ﾏｲﾅﾝﾊﾞｰ", "手続 様式", "窓", "手続のデジタル化", "1-2", "窓口と納付"):
        listed = titles(text_of(client, f"{EDITION}?q={words}"))
        found = re.findall(r"<h2><a href=\"[^\"]+\">(.*?)</a>", text_of(client, f"/990019/search/?q={words}"))
        assert sorted(listed) == sorted(re.sub("<[^>]+>", "", one) for one in found), words


def test_a_node_is_searched_by_its_title(client: Client, edition: Edition) -> None:
    """Whoever searches the name of a goal finds all that stands under it, in the list, in the index and on the desk."""
    under = titles(text_of(client, f"{EDITION}?filter.node=1/1-1"))
    assert len(under) > 1
    title = Node.unscoped.get(edition=edition, path=["1", "1-1"]).title
    assert sorted(titles(text_of(client, f"{EDITION}?q={title}"))) == sorted(under)
    for table in (PublicRow, DeskRow):
        found = table.unscoped.filter(folded__contains=fold(title))
        assert sorted(found.values_list("title", flat=True)) == sorted(under), table


@pytest.mark.parametrize(
    "query", ["filter.node=9", "colour=red", "sort=office", "q=a&q=b", "filter.flag=neu", "after=x", "q=%00"]
)
def test_a_parameter_that_means_nothing_is_refused(client: Client, query: str) -> None:
    assert client.get(f"{EDITION}?{query}").status_code == 400
    assert client.get(f"{EDITION}initiatives.csv?{query}").status_code == 400


def test_an_initiative_shows_its_figures_as_chart_and_table(client: Client, edition: Edition) -> None:
    html = text_of(client, f"{EDITION}{row_of(edition, '1').pk}/")
    assert "DX推進課" in html
    assert "順調" in html
    assert html.count('<figure class="chart"') == 2
    assert "<td" in html
    for shown in (
        "38手続",
        "57手続",
        "約81手続（見込）",
        "110手続",
        "1,930／31,128",
        "数値なし",
    ):
        assert shown in html, shown
    for heading in ("目的", "取組の内容", "目指す姿", "主な取組", "年度ごとの計画"):
        assert heading in html
    # A first publication corrects nothing: its note stands on the edition alone.
    assert NOTE not in html
    assert NOTE in text_of(client, EDITION)
    # The way down the tree, and where it is printed again.
    assert "1-1 手続のデジタル化" in html
    assert "2-1 業務の見直し" in html
    # It is the first one, so there is only a next one.
    assert 'rel="prev"' not in html
    assert 'rel="next"' in html


def test_words_are_drawn_as_steps_and_rows_without_figures_stand(client: Client, edition: Edition) -> None:
    words = text_of(client, f"{EDITION}{row_of(edition, '2-1').pk}/")
    assert 'class="step"' in words
    bare = text_of(client, f"{EDITION}{row_of(edition, '1', 'operate').pk}/")
    assert "<figure" not in bare
    assert "記載なし" in bare


def test_every_printed_value_stands_on_the_page(client: Client, mihon: Town) -> None:
    found = rows()[:1]
    values = found[0]["indicators"][0]["values"]
    values += [
        {**values[1], "raw": "59手続", "number": "59", "revision": 1, "reason": "数え直し"},
        {**values[1], "raw": "60手続", "number": "60", "year": None},
        {**values[0], "raw": "40手続", "number": "40", "year": 2024},
    ]
    edition = publish(mihon, edition_document(found))
    html = text_of(client, f"{EDITION}{row_of(edition, '1').pk}/")
    for raw in ("57手続", "59手続", "60手続", "40手続", "数え直し", "年度の記載なし"):
        assert raw in html, raw


def test_text_of_a_document_cannot_become_markup(client: Client, mihon: Town) -> None:
    nasty = "<script>alert(1)</script>\" onload='x'"
    edition = publish(
        mihon,
        edition_document(
            [
                initiative(
                    "1", nasty, kind="advance", texts={"purpose": nasty}, progress=nasty[:60], flags=["new"],
                    placements=[{"path": [nasty], "primary": True}],
                )
            ]
        ),
    )  # fmt: skip
    for path in (EDITION, f"{EDITION}{row_of(edition, '1').pk}/", "/990019/search/?q=script", "/990019/"):
        html = text_of(client, path)
        assert "<script>alert" not in html
        assert "onload='x'" not in html


def read_through(answer: Any) -> None:
    """A file is closed when its stream was read; `close()` would close the database of the test as well."""
    if answer.streaming:
        b"".join(answer)


def test_an_answer_is_kept_and_asked_again(client: Client, mihon: Town, edition: Edition) -> None:
    for path in (
        "/990019/", "/990019/plan/", EDITION, f"{EDITION}{row_of(edition, '1').pk}/", f"{EDITION}plan.json",
        f"{EDITION}initiatives.csv", f"{EDITION}initiatives.xlsx", "/990019/search/?q=電子", "/",
    ):  # fmt: skip
        first = client.get(path)
        read_through(first)
        assert first.status_code == 200
        assert "public" in first["Cache-Control"]
        assert "must-revalidate" in first["Cache-Control"]
        assert not first.cookies
        assert "Cookie" not in first.get("Vary", "")
        with CaptureQueriesContext(connection) as asked:
            again = client.get(path, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304
        assert again["ETag"] == first["ETag"]
        assert not any("published" in query["sql"] and "body" in query["sql"] for query in asked), path
        english = client.get(f"/en{path}")
        read_through(english)
        assert english["ETag"] != first["ETag"]
    publish_edition(mihon.ctx("plan_secretariat"), edition, PublishEdition(note="もう一度"))
    assert client.get(EDITION, headers={"If-None-Match": client.get(EDITION)["ETag"]}).status_code == 304


def test_publishing_again_changes_the_stamp(client: Client, mihon: Town, edition: Edition) -> None:
    before = client.get(EDITION)["ETag"]
    publish_edition(mihon.ctx("plan_secretariat"), edition, PublishEdition(note="誤字を直しました。"))
    answer = client.get(EDITION, headers={"If-None-Match": before})
    assert answer.status_code == 200
    assert "（2回目）" in answer.content.decode()
    assert "誤字を直しました。" in answer.content.decode()


def test_what_was_taken_back_says_why(client: Client, mihon: Town, edition: Edition) -> None:
    page = f"{EDITION}{row_of(edition, '1').pk}/"
    withdraw_edition(mihon.ctx("plan_secretariat"), edition, WithdrawEdition(note="公表の日を誤りました。"))
    for path in (EDITION, page, f"{EDITION}initiatives.csv", f"{EDITION}plan.json"):
        html = text_of(client, path, 410)
        assert "公表の日を誤りました。" in html
        assert "いつでも、どこからでも" not in html
    assert "電子申請の拡大" not in text_of(client, "/990019/search/?q=電子申請")
    assert "公表された計画は、まだありません" in text_of(client, "/990019/plan/")


def test_an_initiative_that_a_later_publication_left_out_is_gone(
    client: Client, mihon: Town, edition: Edition
) -> None:
    page = f"{EDITION}{row_of(edition, '10').pk}/"
    fewer = edition_document(rows()[:3])
    publish(mihon, fewer, note="取組10は令和7年度版に移しました。")
    html = text_of(client, page, 410)
    assert "取組10は令和7年度版に移しました。" in html
    assert client.get(f"{EDITION}{uuid4()}/").status_code == 404


def test_the_address_of_another_year_leads_to_the_right_one(
    client: Client, mihon: Town, edition: Edition
) -> None:
    identity = row_of(edition, "1").pk
    following = edition_document([initiative("9", "次の年の取組", kind="advance")])
    following["plan"]["edition"] = "令和9年度版"
    other = publish(mihon, following)
    assert other.year.year == 2027
    answer = client.get(f"/990019/plan/2027/{identity}/")
    assert answer.status_code == 301
    assert answer["Location"] == f"{EDITION}{identity}/"


def test_a_neighbour_shows_nothing_of_ours(client: Client, karina: Town, edition: Edition) -> None:
    assert karina.ref.code == "990027"
    assert client.get("/990027/plan/2026/").status_code == 404
    assert client.get(f"/990027/plan/2026/{row_of(edition, '1').pk}/").status_code == 404
    assert "電子申請の拡大" not in text_of(client, "/990027/search/?q=電子申請")
    assert client.get("/990035/plan/").status_code == 404


@pytest.mark.parametrize(
    "path", ["/990019/plan/0001/", "/990019/plan/9999/", "/990019/plan/1999/", "/990019/plan/2026/x/"]
)
def test_addresses_of_nothing(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_data_is_the_document_that_was_published(client: Client) -> None:
    found = json.loads(client.get(f"{EDITION}plan.json").content)
    assert found["format"] == "yakuba-plan/1"
    assert [row["title"] for row in found["initiatives"]] == [row["title"] for row in rows()]
    assert found["initiatives"][0]["indicators"][0]["values"][0]["raw"] == "38手続"
    assert found["initiatives"][0]["doubts"] == []


def test_a_workbook_comes_with_a_japanese_name(client: Client) -> None:
    answer = client.get(f"{EDITION}initiatives.xlsx")
    assert answer["Content-Disposition"].startswith(
        "attachment; filename*=utf-8''%E3%81%BF%E3%81%BB%E3%82%93"
    )
    assert b"".join(answer)[:2] == b"PK"  # type: ignore[arg-type]  # a streaming answer
    assert client.get(f"{EDITION}initiatives.ods").status_code == 404


@pytest.mark.parametrize("prefix", ["/en", "/ja-simple"])
def test_every_page_stands_in_every_language(client: Client, prefix: str, edition: Edition) -> None:
    for path in (
        "/",
        "/990019/",
        "/990019/plan/",
        EDITION,
        f"{EDITION}{row_of(edition, '1').pk}/",
        "/990019/search/?q=電子",
    ):
        html = text_of(client, prefix + path)
        # Links stay in the language.
        assert f'href="{prefix}/' in html


@pytest.mark.parametrize(
    ("prefix", "shown", "hidden"),
    [
        ("/en", ["FY2024 (Reiwa\u00a06)", ">FY24<"], ["令和6年度（2024）", ">R6<"]),
        ("/ja-simple", ["2024年度（令和6年度）", ">2024<"], ["令和6年度（2024）", ">R6<"]),
    ],
)
def test_figures_name_their_years_in_the_language_of_the_page(
    client: Client, prefix: str, shown: list[str], hidden: list[str], edition: Edition
) -> None:
    html = text_of(client, f"{prefix}{EDITION}{row_of(edition, '1').pk}/")
    assert [one for one in shown if one not in html] == []
    assert [one for one in hidden if one in html] == []


def test_what_a_plan_says_is_marked_as_japanese_on_an_english_page(client: Client, edition: Edition) -> None:
    html = text_of(client, f"/en{EDITION}{row_of(edition, '1').pk}/")
    title = row_of(edition, "1").title
    unmarked = [
        line.strip() for line in html.splitlines() if f">{title}<" in line and 'lang="ja"' not in line
    ]
    assert unmarked == [], "only the window's title cannot be marked"


def test_pages_cost_the_same_however_large_the_plan_is(client: Client, mihon: Town, edition: Edition) -> None:
    counts = {path: queries(client, path) for path in pages(edition)}
    large = publish(mihon, large_document(30))
    assert counts == {path: queries(client, other) for path, other in zip(counts, pages(large), strict=True)}
    assert max(counts.values()) <= 8


def pages(edition: Edition) -> list[str]:
    row = Initiative.unscoped.filter(edition=edition).order_by("position")[1]
    return ["/990019/", "/990019/plan/", EDITION, f"{EDITION}{row.pk}/", "/990019/search/?q=手続", "/"]


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_a_page_of_a_large_plan_is_light_and_its_pages_hold_every_row_once(
    client: Client, mihon: Town
) -> None:
    """DESIGN §4 rule 5: 100 kB of our own HTML, CSS and script, compressed."""
    edition = publish(mihon, large_document())
    static = Path(yakuba.kernel.ui.__file__).parent / "static" / "ui"
    shared = sum(
        len(gzip.compress((static / name).read_bytes())) for name in ("yakuba.css", "common.js", "portal.js")
    )
    for path in pages(edition):
        assert shared + len(gzip.compress(client.get(path).content)) < 100_000, path
    seen: list[str] = []
    path = EDITION
    while path:
        html = text_of(client, path)
        seen += titles(html)
        following = re.search(r'href="([^"]+)" rel="next"', html)
        path = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 105


def test_only_reading_is_answered(client: Client) -> None:
    for path in ("/", "/990019/", EDITION, "/990019/search/", "/health"):
        assert client.post(path).status_code == 405, path
