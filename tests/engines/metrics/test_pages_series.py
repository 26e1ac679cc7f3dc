"""Figures from elsewhere beside our own: in formulas, for the public, over HTTP."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client

from tests.engines.metrics.series.sample import count, typed
from tests.signin import sign_in
from tests.world import Town, make_town
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.sources import SOURCES, Operand
from yakuba.kernel.dates import clock
from yakuba.kernel.dates.clock import JAPAN

pytestmark = pytest.mark.django_db
MAY = Period.month(dt.date(2026, 5, 1))


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.frozen(dt.datetime(2026, 7, 20, 12, tzinfo=JAPAN)):
        yield


@pytest.fixture
def town() -> Town:
    """A town that brought two months of one series."""
    found = make_town("990019", "みほん市")
    ctx = found.ctx("plan_secretariat", "other")
    one = count(found, "konbini", first=dt.date(2026, 4, 1), title="コンビニ交付の件数")
    typed(ctx, one, 2026, 4, "40")
    typed(ctx, one, 2026, 5, "60")
    return found


def test_a_formula_over_a_series(town: Town) -> None:
    ctx, formula = town.ctx("staff"), SOURCES.get("formula")
    said = {"formula": "［外部：konbini］×2 − 20"}
    assert formula.check(ctx, said) == []
    found = formula.figures(ctx, said, [MAY])
    assert found[MAY].number == 100
    assert "コンビニ交付の件数" in found[MAY].grounds[0].label
    assert formula.operands(ctx, said) == [Operand("series", "konbini")]
    assert formula.unit(ctx, said) == "件"
    assert formula.check(ctx, {"formula": "[外部:none]"})


def test_the_public_reads_a_series_with_where_it_comes_from(town: Town) -> None:
    client = Client()
    assert "コンビニ交付の件数" in client.get("/990019/metrics/").content.decode()
    text = client.get("/990019/metrics/series/konbini/").content.decode()
    assert "60" in text
    assert "eLTAX" in text
    for ending in ("figures.csv", "figures.json"):
        answer = client.get(f"/990019/metrics/series/konbini/{ending}")
        assert b"60" in (b"".join(answer) if answer.streaming else answer.content)
        assert answer.status_code == 200
        assert not answer.cookies


def test_series_over_http(town: Town) -> None:
    one = Client().get("/api/v1/990019/metrics/series/konbini").json()
    assert [row["number"] for row in one["figures"] if row["kind"] == "month"] == ["40", "60"]
    assert Client().get("/api/v1/990019/metrics/series/none").status_code == 404
    client = Client()
    sign_in(client, town.account("staff"))
    [found] = client.get("/api/v1/990019/desk/metrics/series").json()["items"]
    assert (found["key"], found["office"], found["owed"], found["late_days"]) == (
        "konbini", "見本課", ["2026-06-30"], 5,
    )  # fmt: skip
    values = client.get("/api/v1/990019/desk/metrics/series/konbini").json()
    assert values["figures"][0]["status"] == "preliminary"
    assert client.get("/api/v1/990019/desk/metrics/series/none").status_code == 404
