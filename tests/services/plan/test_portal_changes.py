"""What changed: from one edition to another, since a day, as a feed, over HTTP."""

from __future__ import annotations

import datetime as dt
import json
import re
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.services.plan.edition_pair import Found, editions, publish_on, row
from tests.services.plan.test_api_public import fits
from tests.services.plan.test_portal_overview import asked, plain, rows_of, text_of
from tests.world import Town
from yakuba.kernel.dates import JAPAN, clock
from yakuba.services.plan.actions import WithdrawEdition, withdraw_edition
from yakuba.services.plan.models import Edition

BETWEEN = "/990019/plan/2026/changes/"
SINCE = "/990019/plan/changes/"
FEED = "/990019/plan/feed.atom"
API = "/api/v1/990019/plan"
ATOM = "{http://www.w3.org/2005/Atom}"


def corrected(town: Town, day: dt.date = dt.date(2026, 5, 12)) -> Edition:
    """The edition of 2026 once more, with one value and one title put right and one initiative added."""
    given = editions()[2026]
    first, added = given["initiatives"][0], json.loads(json.dumps(given["initiatives"][4]))
    first["indicators"][0]["values"][0]["raw"] = "20221手続"
    first["texts"] = {"purpose": "書き足した目的"}
    added |= {"number": "2", "title": "足した取組"}
    given["initiatives"].append(added)
    return publish_on(town, given, day, "値の誤りを直しました。")


def take_back(town: Town, edition: Edition, day: dt.date) -> None:
    edition.refresh_from_db()
    with clock.frozen(dt.datetime.combine(day, dt.time(9), JAPAN)):
        withdraw_edition(town.ctx("cli"), edition, WithdrawEdition("公表の日を誤りました。"))


class TestBetween:
    def test_what_differs_from_the_edition_before(self, client: Client, found: Found) -> None:
        words = plain(text_of(client, BETWEEN))
        assert (
            "みほん市情報化推進計画 令和7年度版 と みほん市情報化推進計画 令和8年度版 をくらべています。"
            in words
        )
        for shown in (
            "推進 1 電子申請の拡大 取組名 電子申請の普及 電子申請の拡大",
            "推進 9 SNS運用 統合 推進 9 SNS運用 推進 7 公式LINE",
            "運用 3 標準化 区別の移行 推進 14 運用 3",
            "推進 16 税証明の追加 終了 推進 16 税証明の追加",
            "本文 目的 令和7年度の目的です。 令和8年度の目的です。",
            "目標 オンライン化した手続の数：令和8年度 目標値 20260手続",
        ):
            assert shown in words, shown

    def test_an_edition_further_back_may_be_named(self, client: Client, found: Found) -> None:
        html = text_of(client, f"{BETWEEN}?from=2024")
        assert "令和6年度の目的です。" in html
        assert "SNS運用" not in html
        assert "税証明の追加" not in html, "it neither stood then nor does now"
        for wrong in ("2026", "2023", "x", "2027"):
            assert client.get(f"{BETWEEN}?from={wrong}").status_code == 400

    def test_filters_and_search_combine_and_are_exported(self, client: Client, found: Found) -> None:
        for query, expected in (
            ("filter.sort=title", ["取組名"]),
            ("filter.sort=ended&filter.sort=merged", ["統合", "終了"]),
            ("filter.office=市民課", ["本文"]),
            ("filter.office=DX推進課&filter.sort=progress", ["進捗状況"]),
            ("q=税証明", ["終了"]),
            ("q=ないもの", []),
        ):
            lines = rows_of(client, f"{BETWEEN[:-1]}.csv?{query}")
            assert [line["変わったこと"] for line in lines] == expected, query
            html = text_of(client, f"{BETWEEN}?{query}")
            assert len(re.findall('<tr role="row"><th scope="row"', html)) == len(expected), query
        assert client.get(f"{BETWEEN}?filter.sort=nonsense").status_code == 400
        assert client.get(f"{BETWEEN}?colour=red").status_code == 400
        assert client.get(f"{BETWEEN[:-1]}.csv?after=1").status_code == 400

    def test_the_counts_lead_to_what_they_count(self, client: Client, found: Found) -> None:
        html = text_of(client, f"{BETWEEN}?from=2025")
        counted = html.split('class="counts box"')[1].split("</ul>")[0]
        found = re.findall(r'href="([^"#]+)#changes">[^<]+</a><span class="count">(\d+)件', counted)
        assert len(found) >= 6
        for href, number in found:
            assert "from=2025" in href
            listed = text_of(client, href.replace("&amp;", "&"))
            named = set(re.findall(r'<th scope="row"[^>]*><a href="([^"]+)"', listed))
            assert len(named) == int(number), href

    def test_links_lead_to_where_each_row_stands(self, client: Client, found: Found) -> None:
        html = text_of(client, BETWEEN)
        assert f'href="/990019/plan/2025/{row(found[2025], "税証明の追加").pk}/"' in html
        assert f'href="/990019/plan/2026/{row(found[2026], "標準化").pk}/"' in html

    def test_the_first_edition_has_nothing_before_it(self, client: Client, found: Found) -> None:
        assert "くらべる版がありません" in text_of(client, "/990019/plan/2024/changes/")
        assert client.get("/990019/plan/2024/changes.csv").status_code == 400
        assert client.get("/990019/plan/2023/changes/").status_code == 404


class TestSince:
    def test_each_publication_with_what_it_changed(self, client: Client, mihon: Town, found: Found) -> None:
        corrected(mihon)
        words = plain(text_of(client, SINCE))
        assert "4 件" in words
        assert "令和8年5月12日（火） 第2号 値の誤りを直しました。 加わった取組1件、変わった取組1件" in words
        assert "加わった取組 2 足した取組" in words
        assert "オンライン化した手続の数：令和4年度 実績値 20220手続 20221手続" in words
        assert "目的 ― 書き足した目的" in words
        assert words.index("令和8年5月12日") < words.index("令和8年3月31日") < words.index("令和7年3月31日")
        assert "新しく公表しました。 前の版から変わった所を見る" in words

    def test_only_what_came_after_the_day(self, client: Client, mihon: Town, found: Found) -> None:
        corrected(mihon)
        for day, count in (
            ("2026-05-12", 0),
            ("2026-05-11", 1),
            ("2026-03-31", 1),
            ("2026-03-30", 2),
            ("2020-01-01", 4),
        ):
            assert f"{count} 件" in plain(text_of(client, f"{SINCE}?since={day}")), day
        assert "この日より後の公表はありません" in text_of(client, f"{SINCE}?since=2026-05-12")
        for wrong in (
            "since=きのう",
            "since=2026-13-01",
            "since=1800-01-01",
            "since=0001-01-01",
            "after=x",
            "after=9",
            "colour=red",
            "since=2026-01-01&since=2026-01-02",
        ):
            assert client.get(f"{SINCE}?{wrong}").status_code == 400, wrong

    def test_the_record_as_a_sheet(self, client: Client, mihon: Town, found: Found) -> None:
        take_back(mihon, found[2026], dt.date(2026, 5, 20))
        lines = rows_of(client, f"{SINCE[:-1]}.csv?since=2025-03-31")
        assert [(one["題名"], one["公表番号"], one["正誤・変更の説明"]) for one in lines] == [
            ("みほん市情報化推進計画 令和8年度版", "2", "公表の日を誤りました。"),
            ("みほん市情報化推進計画 令和8年度版", "1", ""),
        ]
        assert b"".join(client.get(f"{SINCE[:-1]}.xlsx"))[:2] == b"PK"  # type: ignore[arg-type]  # a streaming answer
        assert client.get(f"{SINCE[:-1]}.csv?after=1").status_code == 400

    def test_pages_of_five(self, client: Client, mihon: Town, found: Found) -> None:
        for month in range(5, 9):
            corrected(mihon, dt.date(2026, month, 12))
        seen, path = [], SINCE
        while path:
            html = text_of(client, path)
            seen += re.findall(r"<p><b>(令和[^<]+)</b>", html)
            following = re.search(r'href="([^"]+)" rel="next"', html)
            path = following[1].replace("&amp;", "&") if following else ""
        assert len(seen) == len(set(seen)) == 7


def entries_of(client: Client, path: str = FEED) -> tuple[ET.Element, list[ET.Element]]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert not answer.cookies
    feed = ET.fromstring(answer.content)
    return feed, feed.findall(f"{ATOM}entry")


class TestFeed:
    def test_publications_with_their_notes_and_counts(
        self, client: Client, mihon: Town, found: Found
    ) -> None:
        corrected(mihon)
        feed, entries = entries_of(client)
        assert [one.findtext(f"{ATOM}title") for one in entries] == [
            "みほん市情報化推進計画 令和8年度版（第2号）",
            "みほん市情報化推進計画 令和8年度版（第1号）",
            "みほん市情報化推進計画 令和7年度版（第1号）",
            "みほん市情報化推進計画 令和6年度版（第1号）",
        ]
        assert (
            entries[0].findtext(f"{ATOM}summary")
            == "値の誤りを直しました。\n加わった取組1件、変わった取組1件"
        )
        assert entries[0].findtext(f"{ATOM}updated") == "2026-05-12T03:00:00+00:00"
        assert feed.findtext(f"{ATOM}updated") == "2026-05-12T03:00:00+00:00"
        assert feed.find(f"{ATOM}author/{ATOM}name") is not None
        links = {
            (one.get("rel"), one.get("hreflang")): one.get("href") for one in feed.findall(f"{ATOM}link")
        }
        assert links["self", None] == f"http://testserver{FEED}"
        assert links["alternate", "en"] == f"http://testserver/en{FEED}"
        link = entries[0].find(f"{ATOM}link")
        assert link is not None
        assert link.get("href") == "http://testserver/990019/plan/2026/"

    def test_ids_are_for_ever_and_of_one_language(self, client: Client, mihon: Town, found: Found) -> None:
        feed, (entry, *_before) = entries_of(client)
        english, (other, *_before) = entries_of(client, f"/en{FEED}")
        ids = [one.findtext(f"{ATOM}id") for one in (feed, entry, english, other)]
        assert all(one and re.fullmatch("urn:uuid:[0-9a-f-]{36}", one) for one in ids)
        assert len(set(ids)) == 4
        corrected(mihon)
        later, entries = entries_of(client)
        assert later.findtext(f"{ATOM}id") == ids[0]
        assert entries[1].findtext(f"{ATOM}id") == ids[1]

    def test_it_is_asked_again_with_its_tag(self, client: Client, mihon: Town, found: Found) -> None:
        tag = client.get(FEED)["ETag"]
        assert client.get(FEED, headers={"If-None-Match": tag}).status_code == 304
        corrected(mihon)
        assert client.get(FEED, headers={"If-None-Match": tag}).status_code == 200
        assert client.get(f"{FEED}?x=1").status_code == 400

    def test_pages_name_it(self, client: Client, found: Found) -> None:
        for path in ("/990019/plan/", "/990019/plan/2026/", "/990019/plan/2026/?q=窓口", SINCE):
            html = text_of(client, path)
            assert re.search(
                f'<link rel="alternate" type="application/atom\\+xml"[^>]* href="{FEED}">', html
            ), path


class TestApi:
    def test_both_answers_fit_their_schema_and_say_what_the_pages_say(
        self, client: Client, mihon: Town, found: Found
    ) -> None:
        corrected(mihon)
        changes = json.loads(client.get(f"{API}/editions/2026/changes").content)
        fits(changes, "ChangesPage")
        assert (changes["from_year"], changes["to_year"]) == (2025, 2026)
        assert changes["counts"]["merged"] == 1
        merged = next(one for one in changes["items"] if one["sort"] == "merged")
        assert merged["before_initiative"] == str(row(found[2025], "SNS運用").pk)
        assert merged["initiative"] == str(row(found[2026], "公式LINE").pk)
        since = json.loads(client.get(f"{API}/changes?since=2026-03-31").content)
        fits(since, "EventPage")
        (event,) = since["items"]
        assert event["summary"] == "加わった取組1件、変わった取組1件"
        assert [one["before"] for one in event["edited"][0]["changes"]] == ["", "20220手続"]

    @pytest.mark.parametrize("path", ["/editions/2026/changes?limit=2", "/changes?limit=1"])
    def test_pages_go_on(self, client: Client, path: str, found: Found) -> None:
        count, items, address = None, 0, f"{API}{path}"
        while address:
            page = json.loads(client.get(address).content)
            count, items, address = page["count"], items + len(page["items"]), page["next"]
        assert items == count
        assert items > 2

    def test_what_is_unknown_is_refused(self, client: Client, found: Found) -> None:
        for path in (
            "/editions/2026/changes?from=2030",
            "/editions/2024/changes",
            "/changes?since=x",
            "/changes?colour=red",
        ):
            assert client.get(f"{API}{path}").status_code in {400, 422}, path


def test_more_publications_ask_no_more_queries(client: Client, mihon: Town, found: Found) -> None:
    paths = [BETWEEN, FEED, SINCE, f"{API}/changes", f"{API}/editions/2026/changes"]
    corrected(mihon)
    few = [asked(client, path) for path in paths]
    corrected(mihon, dt.date(2026, 6, 1))
    corrected(mihon, dt.date(2026, 6, 2))
    assert [asked(client, path) for path in paths] == few
    assert max(few) <= 6


def test_a_page_that_is_known_reads_no_initiative(client: Client, found: Found) -> None:
    for path in (BETWEEN, SINCE, FEED, "/990019/plan/2026/text/", "/990019/plan/2026/late.csv"):
        first = client.get(path)
        if first.streaming:
            b"".join(first)  # type: ignore[arg-type]  # a streaming answer
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304, path
        assert not any("publishedpart" in one["sql"] for one in queries), path
