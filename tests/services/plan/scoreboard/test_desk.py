"""The head's board of a working copy, and the page of a figure at the desk."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.services.plan.edition_pair import Found, row
from tests.services.plan.test_portal_overview import plain, text_of
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.metrics.declaring import metrics
from yakuba.engines.metrics.models import FrozenFigure, Series
from yakuba.engines.metrics.periods import Period
from yakuba.kernel.dates import JAPAN, FiscalYear, clock
from yakuba.kernel.ids import uuid7
from yakuba.kernel.town.queries import latest_name
from yakuba.services.plan import queries
from yakuba.services.plan.models import Binding, Edition
from yakuba.services.plan.scoreboard import desk as desk_pages
from yakuba.services.plan.scoreboard import drafts, standing
from yakuba.services.plan.shown import Row

pytestmark = pytest.mark.django_db
#: Any metric that is measured by the year.
KEY = next(one.key for one in metrics() if "year" in one.every)
NOW = dt.datetime(2026, 7, 1, 9, tzinfo=JAPAN)


def desk(client: Client, town: Town, role: str = "plan_secretariat") -> Client:
    sign_in(client, town.account(role))
    return client


def bind(town: Town, edition: Edition, title: str, **more: Any) -> Binding:
    """What somebody decided on the first indicator of an initiative."""
    of = row(edition, title)
    given: dict[str, Any] = {
        "name": "オンライン化した手続の数", "source": "metric", "said": {"metric": KEY},
        "title": "オンライン化手続数", "unit": "手続", "aggregation": "at_date", "reason": "同じものを数えている",
    }  # fmt: skip
    return Binding.unscoped.create(
        municipality_id=town.ref.id, edition=edition, initiative=of.pk, position=0, line=uuid7(),
        bound_at=NOW, bound_by="見本 花子", **(given | more),
    )  # fmt: skip


def frozen(town: Town, year: int, number: str, revision: int = 0, **more: Any) -> FrozenFigure:
    period = Period.year(FiscalYear(year))
    return FrozenFigure.unscoped.create(
        municipality_id=town.ref.id, metric=KEY, definition_version=1, kind="year",
        first=period.first, last=period.last, revision=revision, number=Decimal(number),
        measured_at=NOW, frozen_at=NOW, frozen_by="見本 太郎", **({"origin": "measured"} | more),
    )  # fmt: skip


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """One service that measures what the sample's first initiative is about."""
    monkeypatch.setattr(
        standing, "services_by_theme", lambda _offered: {"online-applications": ("オンライン手続数",)}
    )


class TestBoard:
    def test_what_stands_still_and_what_could_be_measured(
        self, client: Client, mihon: Town, found: Found, known: None
    ) -> None:
        desk(client, mihon)
        path = f"/990019/desk/plan/editions/{found[2026].pk}/board/"
        words = plain(text_of(client, path))
        assert "進んでいない 2件" in words
        assert "推進 3 書かない窓口" in words
        assert "オンライン手続数で計測できます。" in words
        assert "期限を過ぎたものはありません。" in words
        bind(mihon, found[2026], "電子申請の拡大")
        words = plain(text_of(client, path))
        assert "計測できる取組は、すべて計測しています。" in words

    def test_what_could_measure_is_told_also_of_what_stands_still(
        self, client: Client, mihon: Town, found: Found, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        of = row(found[2026], "電子申請の拡大")
        form = queries.initiative_form(of)
        still = standing.Standing(
            Row(of.pk, 0, form), "still", "進捗状況は「停滞」です。", (), ("公開レイヤ数",)
        )
        assert desk_pages.offered(still) == "公開レイヤ数で計測できます。"
        real = drafts.board(mihon.ctx("plan_secretariat"), found[2026])
        monkeypatch.setattr(drafts, "board", lambda *_given: replace(real, standings=[still]))
        desk(client, mihon)
        html = text_of(client, f"/990019/desk/plan/editions/{found[2026].pk}/board/")
        section = html.split('id="unmeasured"')[1].split("</section>")[0]
        assert "公開レイヤ数で計測できます。" in section
        assert "停滞" not in section

    def test_filters_and_files(self, client: Client, mihon: Town, found: Found, known: None) -> None:
        desk(client, mihon)
        path = f"/990019/desk/plan/editions/{found[2026].pk}/board"
        words = plain(text_of(client, f"{path}/?filter.course=still"))
        assert "書かない窓口" in words
        assert "電子申請の拡大" not in words
        text_of(client, f"{path}/?filter.course=nonsense", 400)
        answer = client.get(f"{path}.csv?filter.course=still")
        text = b"".join(answer).decode("utf-8-sig")
        assert "書かない窓口" in text
        assert "電子申請" not in text
        workbook = client.get(f"{path}.xlsx")
        assert workbook.status_code == 200
        assert b"".join(workbook)[:2] == b"PK"

    def test_the_door_leads_to_the_edition_in_force(self, client: Client, mihon: Town, found: Found) -> None:
        desk(client, mihon, "staff")
        with clock.frozen(NOW):
            html = text_of(client, "/990019/desk/plan/board/")
        assert f"/editions/{found[2026].pk}/board" in html
        assert 'href="/990019/desk/plan/board/"' in html

    def test_late_series_are_named(self, client: Client, mihon: Town, found: Found) -> None:
        Series.unscoped.create(
            municipality_id=mihon.ref.id, key="konbini", title="コンビニ交付の件数", aggregation="year_total",
            definition="件数です。", office=mihon.offices["own"], every="year", due_days=10,
            first=dt.date(2024, 4, 1), state="active",
        )  # fmt: skip
        desk(client, mihon)
        with clock.frozen(NOW):
            words = plain(text_of(client, f"/990019/desk/plan/editions/{found[2026].pk}/board/"))
        office = mihon.offices["own"]
        assert f"コンビニ交付の件数 {latest_name(office)}" in " ".join(words.split())
        assert str(office.pk) not in words

    def test_queries_do_not_grow_with_what_is_bound(self, mihon: Town, found: Found) -> None:
        ctx = mihon.ctx("plan_secretariat")
        bind(mihon, found[2026], "電子申請の拡大")
        drafts.board(ctx, found[2026])
        with CaptureQueriesContext(connection) as one:
            drafts.board(ctx, found[2026])
        for title in ("公式LINE", "書かない窓口"):
            bind(mihon, found[2026], title)
        for year in range(2020, 2026):
            frozen(mihon, year, str(year))
        with CaptureQueriesContext(connection) as more:
            drafts.board(ctx, found[2026])
        assert len(one) == len(more), [query["sql"][:90] for query in more.captured_queries]


class TestFigure:
    def test_meaning_numbers_persons_and_corrections(self, client: Client, mihon: Town, found: Found) -> None:
        bind(mihon, found[2026], "電子申請の拡大")
        frozen(mihon, 2025, "80")
        frozen(mihon, 2025, "84", 1, origin="corrected", reason="窓口の分が入っていました。")
        of = row(found[2026], "電子申請の拡大")
        desk(client, mihon)
        with clock.frozen(NOW):
            words = plain(text_of(client, f"/990019/desk/plan/initiatives/{of.pk}/indicators/1/"))
            text_of(client, f"/990019/desk/plan/initiatives/{of.pk}/indicators/9/", 404)
        assert "84手続" in words
        assert "1回訂正：窓口の分が入っていました。" in words
        assert "見本 太郎" in words
        assert "見本 花子：オンライン化手続数（同じものを数えている）" in words
        assert "20250手続" in words

    def test_the_initiatives_page_leads_to_it(self, client: Client, mihon: Town, found: Found) -> None:
        of = row(found[2026], "電子申請の拡大")
        desk(client, mihon)
        link = f'href="/990019/desk/plan/initiatives/{of.pk}/indicators/1/"'
        assert link in text_of(client, f"/990019/desk/plan/initiatives/{of.pk}/")

    def test_an_unbound_indicator_says_so(self, client: Client, mihon: Town, found: Found) -> None:
        of = row(found[2026], "電子申請の拡大")
        desk(client, mihon)
        words = plain(text_of(client, f"/990019/desk/plan/initiatives/{of.pk}/indicators/1/"))
        assert "どの計測値とも結び付いていません" in words

    def test_a_metric_that_is_gone_is_told_in_the_words_of_its_binding(
        self, client: Client, mihon: Town, found: Found
    ) -> None:
        bind(mihon, found[2026], "電子申請の拡大", said={"metric": "gone"}, definition="前の数え方です。")
        of = row(found[2026], "電子申請の拡大")
        desk(client, mihon)
        words = plain(text_of(client, f"/990019/desk/plan/initiatives/{of.pk}/indicators/1/"))
        assert "前の数え方です。" in words
        assert "このシステムにありません" in words
