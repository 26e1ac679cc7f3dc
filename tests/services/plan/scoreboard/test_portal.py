"""The public board and the page of a figure: from frozen copies and released figures, in a constant number of queries."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client

from tests.services.plan.edition_pair import Found, row
from tests.services.plan.scoreboard.released import DAY, bind, figure
from tests.services.plan.test_portal_overview import plain, text_of
from tests.world import Town
from yakuba.engines.metrics.formula import Tree, source
from yakuba.engines.metrics.formula.source import reckoned
from yakuba.engines.metrics.models import PublicFigure
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.sources import Figure
from yakuba.kernel.dates import FiscalYear

pytestmark = pytest.mark.django_db


class TestBoard:
    def test_what_is_measured_stands_beside_what_is_printed(
        self, client: Client, mihon: Town, found: Found
    ) -> None:
        one = row(found[2026], "電子申請の拡大")
        bind(mihon, found[2026], one.pk)
        figure(mihon, 2026, "20255", status="preliminary")
        html = text_of(client, "/990019/plan/2026/scoreboard/")
        assert "計測 20,255手続（速報） 令和8年度" in plain(html)
        assert f'href="/990019/plan/2026/{one.pk}/indicators/1/"' in html
        assert f'href="/990019/plan/2026/{row(found[2026], "書かない窓口").pk}/"' in html

    def test_what_is_measured_is_told_in_its_own_unit(
        self, client: Client, mihon: Town, found: Found
    ) -> None:
        """件 are no 手続, whatever the plan prints."""
        bind(mihon, found[2026], row(found[2026], "電子申請の拡大").pk, unit="件")
        figure(mihon, 2026, "84")
        assert "計測 84件 令和8年度" in plain(text_of(client, "/990019/plan/2026/scoreboard/"))

    def test_the_day_of_what_is_measured_stands_beside_the_day_of_publication(
        self, client: Client, mihon: Town, found: Found
    ) -> None:
        path = "/990019/plan/2026/scoreboard/"
        bind(mihon, found[2026], row(found[2026], "電子申請の拡大").pk)
        assert "計測は" not in plain(text_of(client, path)), "nothing is measured yet"
        figure(mihon, 2025, "84")
        later = figure(mihon, 2026, "85")
        PublicFigure.unscoped.filter(pk=later.pk).update(released_at=DAY + dt.timedelta(days=205))
        figure(mihon, 2026, "1", key="another", hidden=True)
        assert "計測は令和8年11月22日現在" in plain(text_of(client, path))

    def test_words_and_shapes_for_every_course(self, client: Client, found: Found) -> None:
        words = plain(text_of(client, "/990019/plan/2026/scoreboard/"))
        assert "順調に進んでいる" in words
        assert "進んでいない 2件" in words
        assert "進んでいない取組" in words
        assert "この表の見方" in words

    def test_a_service_without_a_measure_is_named_until_it_is_bound(
        self, client: Client, mihon: Town, found: Found
    ) -> None:
        words = plain(text_of(client, "/990019/plan/2026/scoreboard/"))
        assert "計測できるのに、測っていない取組" not in words, "the city shows no figure that could"
        figure(mihon, 2025, "84")
        words = plain(text_of(client, "/990019/plan/2026/scoreboard/"))
        assert "計測できるのに、測っていない取組" in words
        bind(mihon, found[2026], row(found[2026], "電子申請の拡大").pk)
        words = plain(text_of(client, "/990019/plan/2026/scoreboard/"))
        assert "計測できるのに、測っていない取組" not in words

    def test_what_is_hidden_or_says_nothing_shows_no_service(
        self, client: Client, mihon: Town, found: Found
    ) -> None:
        figure(mihon, 2025, None, hidden=True)
        figure(mihon, 2024, None)
        words = plain(text_of(client, "/990019/plan/2026/scoreboard/"))
        assert "計測できるのに、測っていない取組" not in words

    def test_a_formula_is_reckoned_for_who_reads_it_alone(
        self, client: Client, mihon: Town, found: Found, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Once for all that are bound to it, of years and not of their months, and not for who has the page."""
        for title in ("電子申請の拡大", "書かない窓口"):
            bind(
                mihon, found[2026], row(found[2026], title).pk, source="formula", key="", aggregation="cumulative",
                formula="累計([online_procedures_count], 令和6年度)",
                operands=[{"source": "metric", "key": "online_procedures_count", "label": "x"}],
            )  # fmt: skip
        for year in (2024, 2025):
            figure(mihon, year, "10")
            for month in (4, 6):
                days = {"first": dt.date(year, month, 1), "last": dt.date(year, month, 30)}
                figure(mihon, year, "1", kind="month", **days)
        asked: list[Period] = []

        def counted(tree: Tree, period: Period, *more: object) -> Figure | None:
            asked.append(period)
            return reckoned(tree, period, *more)  # type: ignore[arg-type]  # what it was given

        monkeypatch.setattr(source, "reckoned", counted)
        path = "/990019/plan/2026/scoreboard/"
        first = client.get(path)
        assert "計測 20手続 令和7年度" in plain(first.content.decode())
        assert asked == [Period.year(FiscalYear(2024)), Period.year(FiscalYear(2025))]
        assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
        assert len(asked) == 2

    def test_its_stamp_follows_figures_and_bindings(self, client: Client, mihon: Town, found: Found) -> None:
        path = "/990019/plan/2026/scoreboard/"
        first = client.get(path)["ETag"]
        assert client.get(path, headers={"If-None-Match": first}).status_code == 304
        bind(mihon, found[2026], row(found[2026], "電子申請の拡大").pk)
        second = client.get(path)["ETag"]
        figure(mihon, 2026, "5")
        third = client.get(path, headers={"If-None-Match": second})
        assert third.status_code == 200
        assert len({first, second, third["ETag"]}) == 3

    def test_no_session_no_cookie(self, client: Client, found: Found) -> None:
        answer = client.get("/990019/plan/2026/scoreboard/")
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")


class TestFigurePage:
    def test_one_click_to_meaning_numbers_and_corrections(
        self, client: Client, mihon: Town, found: Found
    ) -> None:
        one = row(found[2026], "電子申請の拡大")
        bind(mihon, found[2026], one.pk)
        figure(
            mihon, 2025, "84", numerator=Decimal(84), denominator=Decimal(120), revision=1,
            note="窓口の分が入っていました。",
        )  # fmt: skip
        html = text_of(client, f"/990019/plan/2026/{one.pk}/indicators/1/")
        words = plain(html)
        assert "手続台帳でオンラインとされた手続を数えます。" in words
        assert "84手続 84／120" in words
        assert "1回訂正：窓口の分が入っていました。" in words
        assert "計画書の数え方：" in words
        assert "20250手続" in words
        assert "令和8年5月1日" in words
        assert "<svg" in html
        text_of(client, f"/990019/plan/2026/{one.pk}/indicators/1/?x=1", 400)

    def test_a_formula_is_reckoned_from_what_the_public_reads(
        self, client: Client, mihon: Town, found: Found
    ) -> None:
        one = row(found[2026], "電子申請の拡大")
        bind(
            mihon, found[2026], one.pk, source="formula", key="", title="式", formula="割合([online_procedures_count], [ledger_records])",
            unit="%", aggregation="ratio",
            operands=[{"source": "metric", "key": key, "label": key} for key in ("online_procedures_count", "ledger_records")],
        )  # fmt: skip
        figure(mihon, 2025, "84")
        page = f"/990019/plan/2026/{one.pk}/indicators/1/"
        assert "70%" not in plain(text_of(client, page)), "half of it tells nothing"
        figure(mihon, 2025, "120", key="ledger_records", status="preliminary")
        words = plain(text_of(client, page))
        assert "70% 84／120" in words
        figure(mihon, 2026, "90")
        kept = figure(mihon, 2026, None, key="ledger_records", hidden=True)
        board = "/990019/plan/2026/scoreboard/"
        assert "計測 75" not in plain(text_of(client, board)), "half of it is kept back"
        PublicFigure.unscoped.filter(pk=kept.pk).update(hidden=False, number=Decimal(120))
        assert "計測 75% 令和8年度" in plain(text_of(client, board))

    def test_what_hides_persons_is_not_shown(self, client: Client, mihon: Town, found: Found) -> None:
        one = row(found[2026], "電子申請の拡大")
        bind(mihon, found[2026], one.pk)
        figure(mihon, 2025, None, hidden=True)
        assert "人数が少ないため出しません" in text_of(client, f"/990019/plan/2026/{one.pk}/indicators/1/")

    def test_an_indicator_that_nobody_measures_says_so(self, client: Client, found: Found) -> None:
        one = row(found[2026], "電子申請の拡大")
        words = plain(text_of(client, f"/990019/plan/2026/{one.pk}/indicators/1/"))
        assert "計測値と結び付いていません" in words
        text_of(client, f"/990019/plan/2026/{one.pk}/indicators/2/", 404)

    def test_it_leaves_as_a_file(self, client: Client, mihon: Town, found: Found) -> None:
        one = row(found[2026], "電子申請の拡大")
        bind(mihon, found[2026], one.pk)
        figure(mihon, 2025, "84")
        answer = client.get(f"/990019/plan/2026/{one.pk}/indicators/1/values.csv")
        assert answer.status_code == 200
        text = b"".join(answer).decode("utf-8-sig")
        assert "計測値,令和7年度,84手続" in text
        assert "目標値,令和8年度,20260手続" in text

    def test_the_initiatives_page_and_the_board_lead_to_it(self, client: Client, found: Found) -> None:
        one = row(found[2026], "電子申請の拡大")
        link = f'href="/990019/plan/2026/{one.pk}/indicators/1/"'
        assert link in text_of(client, f"/990019/plan/2026/{one.pk}/")
