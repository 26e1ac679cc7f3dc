"""Pages made for paper: one initiative on one page, the sheets of the offices, the plan on one page."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.services.plan.edition_pair import Found, row
from tests.services.plan.test_portal_overview import plain, text_of
from tests.signin import sign_in
from tests.world import Town
from yakuba.services.plan.actions import (
    CorrectField,
    WriteNote,
    correct_field,
    write_note,
)

pytestmark = pytest.mark.django_db


def desk(client: Client, town: Town, role: str = "plan_secretariat") -> Client:
    sign_in(client, town.account(role))
    return client


class TestAnswer:
    def test_three_years_stand_on_one_page(self, client: Client, found: Found) -> None:
        one = row(found[2026], "電子申請の拡大")
        html = text_of(client, f"/990019/plan/2026/{one.pk}/answer/")
        words = plain(html)
        assert "令和6年度 令和7年度 令和8年度" in words
        # The targets of 令和6年度 and 令和7年度 stand in the earlier editions alone.
        assert "20240手続 20240手続" in words
        assert "20250手続 20250手続" in words
        assert "20260手続 ―" in words
        assert "令和6年度 順調 → 令和7年度 ほぼ順調 → 令和8年度 順調" in words
        assert "答弁する課： DX推進課" in words
        assert "同じ区分の取組： 推進 7 公式LINE" in words
        assert "ほかの市町村：0" in words
        assert "<nav" not in html

    def test_it_is_linked_from_the_initiative_and_a_draft_is_not_in_it(
        self, client: Client, mihon: Town, found: Found
    ) -> None:
        one = row(found[2026], "書かない窓口")
        path = f"/990019/plan/2026/{one.pk}/"
        assert f'href="{path}answer/"' in text_of(client, path)
        correct_field(mihon.ctx("plan_secretariat"), one, CorrectField("title", "下書きの題名", "誤字"))
        assert "下書きの題名" not in text_of(client, f"{path}answer/")
        text_of(client, f"/990019/plan/2025/{one.pk}/answer/?x=1", 400)

    def test_an_old_address_leads_to_the_edition_that_holds_it(self, client: Client, found: Found) -> None:
        one = row(found[2026], "書かない窓口")
        answer = client.get(f"/990019/plan/2025/{one.pk}/answer/")
        assert answer.status_code == 301
        assert answer["Location"] == f"/990019/plan/2026/{one.pk}/answer/"

    def test_the_desk_makes_it_from_the_draft_with_notes_on_demand(
        self, client: Client, mihon: Town, found: Found
    ) -> None:
        one = row(found[2026], "書かない窓口")
        ctx = mihon.ctx("plan_secretariat")
        correct_field(ctx, one, CorrectField("title", "書かない窓口の全課展開", "誤字"))
        write_note(ctx, None, WriteNote(str(found[2026].pk), "議員へ説明済み", str(one.pk)))
        path = f"/990019/desk/plan/initiatives/{one.pk}/answer/"
        desk(client, mihon)
        words = plain(text_of(client, path))
        assert "書かない窓口の全課展開" in words
        assert "令和6年度 順調 → 令和7年度 停滞 → 令和8年度 停滞" in words
        assert "（下書き）" in words
        assert "議員へ説明済み" not in words
        assert "議員へ説明済み" in plain(text_of(client, f"{path}?notes=1"))


class TestSheets:
    def test_each_office_has_its_own_with_the_edition_before_beside(
        self, client: Client, found: Found
    ) -> None:
        html = text_of(client, "/990019/plan/2026/sheets/")
        assert html.count('<section class="sheet') == len(
            {"DX推進課", "市民課", "総務課", "環境課", "（なし）"}
        )
        words = plain(html)
        assert "市民課 1件" in words
        assert (
            "オンライン化した手続の数： 目標値 20250手続（令和7年度）／実績値 20240手続（令和6年度）" in words
        )
        assert "推進 9 SNS運用」がここに統合されました" in words
        assert "この版には載っていません" in words, "what ended stands there too"

    def test_what_changed_is_marked_without_colour(self, client: Client, found: Found) -> None:
        one = text_of(client, "/990019/plan/2026/sheets/?office=DX推進課")
        assert one.count('<section class="sheet') == 1
        assert "mark-changed" in one
        same = text_of(client, "/990019/plan/2026/sheets/?office=環境課")
        assert "mark-changed" not in same, "the ledger is the same in both"
        first = plain(text_of(client, "/990019/plan/2024/sheets/"))
        assert "前の版がないため" in first
        text_of(client, "/990019/plan/2026/sheets/?page=2", 400)

    def test_the_desk_prints_the_draft(self, client: Client, mihon: Town, found: Found) -> None:
        one = row(found[2026], "書かない窓口")
        correct_field(
            mihon.ctx("plan_secretariat"), one, CorrectField("title", "書かない窓口の全課展開", "誤字")
        )
        desk(client, mihon)
        here = f"/990019/desk/plan/editions/{found[2026].pk}/"
        assert f'href="{here}print/"' in text_of(client, here)
        words = plain(text_of(client, f"{here}print/?office=市民課"))
        assert "書かない窓口の全課展開" in words
        assert "前の版：推進 3 書かない窓口" in words
        assert "書かない窓口の全課展開" not in text_of(client, "/990019/plan/2026/sheets/")


class TestAsThePublicSeesIt:
    def test_the_draft_stands_on_the_public_pages_with_a_banner(
        self, client: Client, mihon: Town, found: Found
    ) -> None:
        one = row(found[2026], "書かない窓口")
        ctx = mihon.ctx("plan_secretariat")
        correct_field(ctx, one, CorrectField("title", "書かない窓口の全課展開", "誤字"))
        write_note(ctx, None, WriteNote(str(found[2026].pk), "議員へ説明済み", str(one.pk)))
        desk(client, mihon)
        home = f"/990019/desk/plan/editions/{found[2026].pk}/as-public/"
        for path in (home, f"{home}{one.pk}/", f"{home}text/", f"{home}?q=窓口"):
            html = text_of(client, path)
            assert "まだ公表していません" in html
            assert "議員へ説明済み" not in html
            assert "/api/v1/990019/plan/initiatives" not in html
        html = text_of(client, home)
        assert "書かない窓口の全課展開" in html
        assert f'href="{home}{one.pk}/"' in html
        assert "停滞 令和7年度" in plain(html), "late since the edition that was published before"
        shown = text_of(client, f"{home}{one.pk}/")
        assert "令和8年度の目的です。" in shown
        assert f'href="/990019/desk/plan/initiatives/{one.pk}/"' in shown, "the way back"
        assert "書かない窓口の全課展開" not in text_of(client, "/990019/plan/2026/")

    def test_every_page_of_the_draft_leads_there_and_nobody_else_gets_in(
        self, client: Client, mihon: Town, found: Found
    ) -> None:
        one = row(found[2026], "書かない窓口")
        base = f"/990019/desk/plan/editions/{found[2026].pk}/"
        assert client.get(f"{base}as-public/").status_code in {302, 403, 404}
        desk(client, mihon)
        for tab in ("", "tree/", "text/", "notes/", "ask/", "themes/", "memos/", "about/", "publish/"):
            assert f'href="{base}as-public/' in text_of(client, f"{base}{tab}"), tab
        assert f'href="{base}as-public/{one.pk}/"' in text_of(
            client, f"/990019/desk/plan/initiatives/{one.pk}/"
        )


class TestScoreboard:
    def test_every_goal_with_its_progress_its_figures_and_who_is_late(
        self, client: Client, found: Found
    ) -> None:
        html = text_of(client, "/990019/plan/2026/scoreboard/")
        words = plain(html)
        assert "うち遅れ2件" in words
        assert "推進 3 書かない窓口 停滞" in words
        assert "推進 7 公式LINE やや遅れ" in words
        assert "20260手続" in words
        assert html.count('<section class="sheet') == 1
        assert 'href="/990019/plan/2026/scoreboard/"' in text_of(client, "/990019/plan/2026/")
        assert "うち遅れ" not in plain(text_of(client, "/990019/plan/2024/scoreboard/"))
