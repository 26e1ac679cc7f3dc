"""The public pages of towns with fewer editions than three, or with other ones than the invented three."""

from __future__ import annotations

import datetime as dt

from django.test import Client

from tests.services.plan.edition_pair import LATE, editions, online, publish_all, publish_on, row, window
from tests.services.plan.edition_sample import edition_document, office, publish, take_in
from tests.services.plan.forms import indicator, initiative, value
from tests.services.plan.test_portal_changes import BETWEEN, SINCE, corrected, entries_of, take_back
from tests.services.plan.test_portal_overview import PLAN, asked, part, plain, rows_of, text_of
from tests.services.plan.test_print import desk
from tests.world import Town
from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.services.plan.actions import ImportDocument, import_document
from yakuba.services.plan.models import NationInitiative


def test_a_publication_that_changed_nothing_says_so(client: Client, mihon: Town) -> None:
    publish_on(mihon, editions()[2026], dt.date(2026, 3, 31))
    publish_on(mihon, editions()[2026], dt.date(2026, 4, 1), "もう一度")
    assert "内容の変更はありません。" in text_of(client, SINCE)


def test_a_long_text_is_cut_to_where_it_differs(client: Client, mihon: Town) -> None:
    given = editions()
    long = "同じ文が続きます。" * 40
    given[2025]["initiatives"][1]["texts"]["purpose"] = f"{long}前の終わり。"
    given[2026]["initiatives"][1]["texts"]["purpose"] = f"{long}後の終わり。"
    for year, document in given.items():
        publish_on(mihon, document, dt.date(year, 3, 31))
    html = text_of(client, f"{BETWEEN}?filter.sort=text")
    assert "…" in html
    assert "前の終わり。" in html
    assert html.count("同じ文が続きます。") < 12
    (line,) = rows_of(client, f"{BETWEEN[:-1]}.csv?filter.sort=text")
    assert line["前"] == f"{long}前の終わり。"


def test_what_was_taken_back_is_told_and_not_shown(client: Client, mihon: Town) -> None:
    found = publish_all(mihon, (2026,))
    corrected(mihon)
    take_back(mihon, found[2026], dt.date(2026, 5, 20))
    html = text_of(client, SINCE)
    words = plain(html)
    assert "公表を取り下げました。" in words
    assert "公表の日を誤りました。" in words
    assert words.count("この公表は、のちに取り下げました。") == 2
    assert "足した取組" not in html
    assert "20221手続" not in html
    corrected(mihon, dt.date(2026, 6, 1))
    again = plain(text_of(client, SINCE))
    assert "ふたたび公表しました。" in again
    assert "変わった取組" not in again, "nothing stood before it"


def test_a_draft_and_a_neighbour_are_not_told(client: Client, mihon: Town, karina: Town) -> None:
    take_in(mihon, editions()[2026])
    assert "公表された計画は、まだありません" in text_of(client, SINCE)
    publish_all(mihon, (2026,))
    assert "令和8年度版" not in text_of(client, f"/{karina.ref.code}/plan/changes/")


def test_an_empty_one_is_a_feed_all_the_same(client: Client, mihon: Town) -> None:
    assert entries_of(client)[1] == []


def test_more_editions_ask_no_more_queries(client: Client, mihon: Town) -> None:
    found = publish_all(mihon, (2026,))
    paths = [PLAN, f"{PLAN}{row(found[2026], '電子申請の拡大').pk}/", f"{PLAN}text/"]
    few = [asked(client, path) for path in paths]
    publish_all(mihon, (2024, 2025))
    many = [asked(client, path) for path in paths]
    assert many == [few[0] + 1, few[1], few[2]], "one query for the editions before, however many"
    assert max(many) <= 7


def test_another_edition_makes_the_pages_new(client: Client, mihon: Town) -> None:
    found = publish_all(mihon, (2024, 2026))
    paths = [PLAN, f"{PLAN}{row(found[2026], '書かない窓口').pk}/"]
    tags = [client.get(path)["ETag"] for path in paths]
    publish_all(mihon, (2025,))
    for path, tag in zip(paths, tags, strict=True):
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_a_good_year_between_ends_the_run(client: Client, mihon: Town) -> None:
    given = editions()
    given[2024] = edition_document([window(2024, **LATE)])
    given[2024]["plan"]["edition"] = "令和6年度版"
    given[2025] = edition_document([online(2025), window(2025, progress="順調", progress_meaning="on_track")])
    given[2025]["plan"]["edition"] = "令和7年度版"
    for year, document in given.items():
        publish_on(mihon, document, FiscalYear(year).start)
    assert "書かない窓口 停滞 令和8年度の評価から 市民課" in plain(text_of(client, PLAN))


def test_one_judgement_in_two_editions_counts_once(client: Client, mihon: Town) -> None:
    """Last year's edition at its end and this year's print the same word about the same year."""
    given = editions()
    counted = [indicator("待ち時間", [value("20分", 2025, number="20")])]
    for year in (2025, 2026):
        given[year] = edition_document([window(year, indicators=counted, **LATE)])
        given[year]["plan"]["edition"] = f"令和{year - 2018}年度版"
        edition = publish_on(mihon, given[year], FiscalYear(year).start)
    html = plain(text_of(client, PLAN))
    assert "書かない窓口 停滞 令和7年度の評価から 市民課" in html
    assert "続けて" not in html
    alone = plain(text_of(client, f"{PLAN}{row(edition, '書かない窓口').pk}/"))
    assert "停滞 令和7年度の評価から" in alone
    assert "続けて" not in alone
    assert NationInitiative.unscoped.get(title="書かない窓口").since == FiscalYear(2025)


def test_a_correction_stands_where_it_corrected_something(client: Client, mihon: Town) -> None:
    given = editions()[2026]
    publish_on(mihon, given, FiscalYear(2026).start)
    given["initiatives"][0]["title"] = "電子申請のさらなる拡大"
    edition = publish_on(mihon, given, FiscalYear(2026).end, "電子申請の題名を直しました。")
    notice = "正誤・変更のお知らせ"
    changed = text_of(client, f"{PLAN}{row(edition, '電子申請のさらなる拡大').pk}/")
    assert notice in changed
    assert "電子申請の題名を直しました。" in changed
    same = text_of(client, f"{PLAN}{row(edition, '書かない窓口').pk}/")
    assert notice not in same
    assert f'href="{PLAN}#record"' in same


def test_a_cross_listed_initiative_is_told_once_and_named_again(client: Client, mihon: Town) -> None:
    again = online(2026, placements=[{"path": ["1", "1-1"], "primary": True}, {"path": ["2", "2-1"], "primary": False}])  # fmt: skip
    publish(mihon, edition_document([again]))
    shown = part(text_of(client, PLAN), 'class="goals"', "</aside>")
    assert shown.count('class="measure"') == 1
    assert plain(shown).count("再掲") == 1


def test_a_plan_without_goals_lists_its_initiatives(client: Client, mihon: Town) -> None:
    publish(mihon, edition_document([initiative("1", "目標のない取組", kind="advance")]))
    assert "目標のない取組" in part(text_of(client, PLAN), 'class="entries"', "</ul>")


def test_the_definition_stands_beside_the_figure(client: Client, mihon: Town) -> None:
    found = publish_all(mihon, (2026,))
    html = text_of(client, f"{PLAN}{row(found[2026], '電子申請の拡大').pk}/")
    assert "年度末に使える手続の数。" in html
    assert 'id="history"' not in html, "one edition has no history"


def test_revisions_show_with_their_reasons(client: Client, mihon: Town) -> None:
    figures = [
        value("81手続", 2025, number="81", status="provisional"),
        value("84手続", 2025, number="84", status="final", revision=1, reason="確定値の照会による"),
        value("90手続", 2024, number="90", reason="この年度から定義を変更"),
    ]
    one = initiative("1", "電子申請", kind="advance", indicators=[indicator("件数", figures)])
    edition = publish(mihon, edition_document([one]))
    html = text_of(client, f"{PLAN}{row(edition, '電子申請').pk}/")
    for words in ("84手続", "81手続", "確定値の照会による", "定義変更"):
        assert words in html, words


def test_a_plan_without_words_says_so(client: Client, mihon: Town) -> None:
    publish(mihon, edition_document([initiative("1", "甲", kind="advance", offices=[office("甲課")])]))
    assert "本文は公表されていません" in text_of(client, f"{PLAN}text/")
    assert client.get(f"{PLAN}text/?x=1").status_code == 400


def test_a_plan_that_was_never_published_can_be_looked_at(client: Client, mihon: Town) -> None:
    edition = import_document(mihon.ctx("cli"), None, ImportDocument(editions()[2026]))
    desk(client, mihon)
    home = f"/990019/desk/plan/editions/{edition.pk}/as-public/"
    html = text_of(client, home)
    assert "これより前の版は公表されていません。" in html
    one = row(edition, "書かない窓口")
    text_of(client, f"{home}{one.pk}/")
    text_of(client, "/990019/plan/2026/", 404)
