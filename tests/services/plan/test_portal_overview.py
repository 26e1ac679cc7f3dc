"""The overview of an edition, and an initiative's life through the editions."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.services.plan.edition_pair import (
    Found,
    row,
)
from tests.services.plan.edition_sample import edition_document
from tests.services.plan.forms import initiative
from yakuba.services.plan import public_overview
from yakuba.services.plan.shown import Edition as Shown
from yakuba.services.plan.shown import Row

PLAN = "/990019/plan/2026/"


def text_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def plain(html: str) -> str:
    """What is read of it, blanks joined."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def part(html: str, start: str, end: str) -> str:
    return html.split(start, 1)[1].split(end, 1)[0]


class TestLate:
    def test_who_is_late_since_when_and_who_answers(self, client: Client, found: Found) -> None:
        shown = part(text_of(client, PLAN), 'id="late"', 'id="changes"')
        words = plain(shown)
        assert "2件" in words
        assert "推進 3 書かない窓口 停滞 令和7年度の評価から（2年度続けて） 市民課 1-2 窓口と納付" in words
        assert "推進 7 公式LINE やや遅れ 令和8年度の評価から 総務課 1-1 手続のデジタル化" in words
        assert f'href="{PLAN}{row(found[2026], "書かない窓口").pk}/"' in shown

    def test_an_earlier_edition_knows_nothing_of_later_ones(self, client: Client, found: Found) -> None:
        words = plain(part(text_of(client, "/990019/plan/2025/"), 'id="late"', 'id="changes"'))
        assert "令和7年度の評価から" in words
        assert "続けて" not in words
        none = plain(part(text_of(client, "/990019/plan/2024/"), 'id="late"', 'id="changes"'))
        assert "遅れ・停滞と書かれた取組はありません。" in none

    def test_the_list_narrows_to_the_late_ones_and_says_since_when(
        self, client: Client, found: Found
    ) -> None:
        assert f'href="{PLAN}?filter.late=yes#initiatives">2件' in text_of(client, PLAN)
        html = text_of(client, f"{PLAN}?filter.late=yes&sort=since_key")
        rows = plain(part(html, "<tbody", "</tbody>"))
        assert rows.index("書かない窓口") < rows.index("公式LINE"), "the longest first"
        assert "令和7年度の評価から（2年度続けて）" in rows
        assert "電子申請" not in rows
        lines = rows_of(client, f"{PLAN}initiatives.csv?filter.late=yes&sort=since_key")
        assert [(one["取組名"], one["いつの評価から遅れているか"]) for one in lines] == [
            ("書かない窓口", "令和7年度"),
            ("公式LINE", "令和8年度"),
        ]
        assert "いつから" not in text_of(client, "/990019/plan/2024/"), "nothing is late there"

    def test_a_narrowed_list_says_how_many_are_late_and_how_many_silent(
        self, client: Client, found: Found
    ) -> None:
        assert "遅れ・停滞1件・進捗状況の記載なし0件" in text_of(client, f"{PLAN}?filter.node=1/1-2")
        assert "遅れ・停滞0件・進捗状況の記載なし2件" in text_of(client, f"{PLAN}?filter.node=2")
        assert "進捗状況の記載なし0件" not in text_of(client, f"{PLAN}?filter.kind=advance")
        outline = plain(part(text_of(client, PLAN), 'class="goals"', "</aside>"))
        assert "遅れ・停滞2件" in outline
        assert "進捗状況の記載なし2件" in outline
        assert "停滞0件" not in outline
        assert "記載なし0件" not in outline

    def test_as_a_sheet(self, client: Client, found: Found) -> None:
        lines = rows_of(client, f"{PLAN}late.csv")
        assert [
            (one["取組名"], one["担当部署"], one["いつの評価から"], one["続いた年度の数"]) for one in lines
        ] == [
            ("書かない窓口", "市民課", "令和7年度", "2"),
            ("公式LINE", "総務課", "令和8年度", "1"),
        ]


def rows_of(client: Client, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    text = b"".join(answer).decode("utf-8-sig")  # type: ignore[arg-type]  # a streaming answer
    return list(csv.DictReader(io.StringIO(text)))


class TestCorrections:
    def test_a_target_that_is_printed_no_more_names_its_edition(self, client: Client, found: Found) -> None:
        html = plain(text_of(client, f"{PLAN}{row(found[2026], '電子申請の拡大').pk}/"))
        assert "20250手続 令和7年度版の目標" in html
        assert "20260手続 令和8年度版の目標" not in html


class TestGoals:
    def test_each_strategy_lists_its_initiatives_with_their_figures(
        self, client: Client, found: Found
    ) -> None:
        shown = part(text_of(client, PLAN), 'class="goals"', "</aside>")
        assert shown.count('<details class="strategy">') == 3
        words = plain(shown)
        assert "推進 1 電子申請の拡大 順調 DX推進課 オンライン化した手続の数" in words
        assert "20250手続 令和7年度 目標 20260手続 令和8年度" in words
        assert 'class="spark"' in shown
        assert "令和4年度 20220手続 → 令和7年度 20250手続" in shown, "the line can be heard"

    def test_a_narrowed_list_stands_alone_and_leads_back(self, client: Client, found: Found) -> None:
        html = text_of(client, f"{PLAN}?filter.office=市民課&filter.office=総務課&filter.progress=停滞")
        assert 'class="goals"' not in html
        assert f'href="{PLAN}">' in html
        assert "書かない窓口" in html
        assert "公式LINE" not in html


class TestCounts:
    def test_by_kind_office_and_tag_each_leading_to_the_list(self, client: Client, found: Found) -> None:
        shown = part(text_of(client, PLAN), 'id="counts"', "<h2>")
        for address, number in re.findall(r'href="([^"]+)">.*?(\d+)件', shown):
            listed = text_of(client, address.split("#")[0].replace("&amp;", "&"))
            assert f"<b>{number}</b>" in listed, address
        words = plain(shown)
        assert "推進 3件 うち遅れ2件" in words
        assert "市民課 1件 うち遅れ1件" in words
        assert "16 1件 うち遅れ1件" in words

    def test_what_the_plan_says_of_itself_stands_beside_what_is_counted(
        self, client: Client, found: Found
    ) -> None:
        words = plain(text_of(client, PLAN))
        assert "順調 計画書 5、数えると 1" in words
        assert "推進取組 計画書 20、数えると 3" in words


def row_of(progress: str, meaning: str, number: str) -> Row:
    form = initiative(number, number, progress=progress, progress_meaning=meaning)
    return Row(__import__("uuid").uuid4(), 0, form)


def test_the_share_on_track_is_counted_in_both_ways() -> None:
    words = [("順調", "on_track")] * 8 + [("ほぼ順調", "mostly_on_track")] * 6
    words += [
        ("停滞", "stopped"),
        ("計画変更", "changed"),
        ("終了", "ended"),
        ("終了", "ended"),
        ("廃止", "abolished"),
    ]
    rows = tuple(row_of(*one, number=str(n)) for n, one in enumerate(words))
    head = edition_document([])
    head["plan"]["sections"] = [{"number": None, "title": None, "text": "全体では８７．５％が順調でした。"}]
    found = public_overview.rates(Shown(head, rows))
    assert found is not None
    assert (found.going.percent, found.going.part, found.going.whole, found.going.stated) == (
        "87.5",
        14,
        16,
        True,
    )
    assert (found.all.percent, found.all.part, found.all.whole, found.all.stated) == ("73.7", 14, 19, False)
    assert found.differ
    assert public_overview.rates(Shown(head, ())) is None


class TestChanged:
    def test_what_changed_since_the_edition_before(self, client: Client, found: Found) -> None:
        shown = part(text_of(client, PLAN), 'id="changes"', "</aside>")
        words = plain(shown)
        assert "令和7年度版とくらべて" in words
        assert "統合 1件 推進 9 SNS運用" in words
        assert "終了 1件 推進 16 税証明の追加" in words
        assert "区別の移行 1件 運用 3 標準化 推進 14 → 運用 3" in words
        assert "進捗状況 1件 推進 1 電子申請の拡大 ほぼ順調 → 順調" in words
        # What ended is read where it stood last.
        assert f'href="/990019/plan/2025/{row(found[2025], "税証明の追加").pk}/"' in shown

    def test_the_first_edition_says_that_it_is_the_first(self, client: Client, found: Found) -> None:
        assert "これより前の版は公表されていません。" in text_of(client, "/990019/plan/2024/")


class TestInitiative:
    def test_its_life_through_the_editions(self, client: Client, found: Found) -> None:
        html = text_of(client, f"{PLAN}{row(found[2026], '書かない窓口').pk}/")
        assert "令和7年度の評価から（2年度続けて）" in plain(
            part(html, "<h1", 'id="figures"') if 'id="figures"' in html else html
        )
        words = plain(part(html, 'id="history"', "</table>"))
        assert re.search("令和8年度 この版 .*停滞.*令和7年度 .*停滞.*令和6年度 .*順調", words)
        before = row(found[2024], "書かない窓口")
        assert f'href="/990019/plan/2024/{before.pk}/"' in html

    def test_events_are_told(self, client: Client, found: Found) -> None:
        moved = plain(text_of(client, f"{PLAN}{row(found[2026], '標準化').pk}/"))
        assert "推進 14から運用 3に移りました" in moved
        assert "この版から新しく載りました" in moved
        merged = plain(text_of(client, f"/990019/plan/2025/{row(found[2025], 'SNS運用').pk}/"))
        assert "「公式LINE」に統合しました" in merged
        took = plain(text_of(client, f"{PLAN}{row(found[2026], '公式LINE').pk}/"))
        assert "「SNS運用」がここに統合されました" in took
        ended = plain(text_of(client, f"/990019/plan/2025/{row(found[2025], '税証明の追加').pk}/"))
        assert "令和8年度版には載っていません" in ended
        assert "終了" in ended

    def test_a_theme_leads_to_other_municipalities(self, client: Client, found: Found) -> None:
        html = text_of(client, f"{PLAN}{row(found[2026], '電子申請の拡大').pk}/")
        hrefs = re.findall(r'href="(/plan/[^"]+)"', html.split('class="themes')[1].split("</ul>")[0])
        assert hrefs
        for href in hrefs:
            assert client.get(href.replace("&amp;", "&")).status_code == 200, href

    def test_its_values_as_a_sheet(self, client: Client, found: Found) -> None:
        lines = rows_of(client, f"{PLAN}{row(found[2026], '電子申請の拡大').pk}/values.csv")
        assert len(lines) == 5
        assert (lines[-1]["値の種類"], lines[-1]["年度"], lines[-1]["記載のとおり"], lines[-1]["数"]) == (
            "目標値", "令和8年度", "20260手続", "20260",
        )  # fmt: skip
        assert client.get(f"{PLAN}{row(found[2026], '電子申請の拡大').pk}/values.ods").status_code == 404


class TestEmbed:
    def path(self, found: Found, number: int = 1) -> str:
        return f"{PLAN}{row(found[2026], '電子申請の拡大').pk}/indicators/{number}/embed/"

    def test_it_may_be_framed_and_leads_to_its_source(self, client: Client, found: Found) -> None:
        path = self.path(found)
        answer = client.get(path)
        html = answer.content.decode()
        assert answer.status_code == 200
        assert "X-Frame-Options" not in answer.headers
        assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
        assert not answer.cookies
        assert '<figure class="chart"' in html
        assert f'href="{path.split("indicators")[0]}"' in html
        assert client.get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 304

    def test_the_code_on_the_page_names_it(self, client: Client, found: Found) -> None:
        path = self.path(found)
        html = text_of(client, path.split("indicators")[0])
        assert unescape(f"&lt;iframe src=&quot;http://testserver{path}&quot;") in unescape(html)
        assert client.get(path.split("indicators")[0]).headers["X-Frame-Options"] == "DENY"

    @pytest.mark.parametrize("number", [0, 2, 10**30])
    def test_no_such_indicator(self, client: Client, found: Found, number: int) -> None:
        path = self.path(found, number)
        answer = client.get(path)
        assert answer.status_code == 404
        assert answer.headers["X-Frame-Options"] == "DENY"


class TestText:
    def test_the_plan_in_its_own_words(self, client: Client, found: Found) -> None:
        words = plain(text_of(client, f"{PLAN}text/"))
        for shown in (
            "計画のねらい",
            "推進本部",
            "本部長 副市長",
            "計画を決めること",
            "要綱第2条",
            "DX くらしと",
            "みほん市総合計画",
        ):
            assert shown in words, shown
        lines = rows_of(client, f"{PLAN}bodies.csv")
        assert [(one["会議・組織"], one["役割"], one["職"]) for one in lines] == [
            ("推進本部", "本部長", "副市長")
        ]


def asked(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)
