"""The dictionary, a metric's page, formulas tried out, and what the public reads: as pages, files and JSON."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.engines.metrics.test_sources import DECLARED, declare
from tests.signin import sign_in
from tests.world import Town, make_town
from yakuba import api
from yakuba.engines.metrics import store
from yakuba.engines.metrics.declaring import METRICS, Earlier
from yakuba.engines.metrics.models import FrozenFigure, PublicFigure, Snapshot
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.rules import Given
from yakuba.engines.metrics.sources import Operand
from yakuba.engines.metrics.uses import USES, Use, Uses
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear, clock
from yakuba.kernel.dates.clock import JAPAN

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 12, tzinfo=JAPAN)
DESK, PORTAL = "/990019/desk/metrics/", "/990019/metrics/"
YEARS = {year: Period.year(FiscalYear(year)) for year in range(2019, 2027)}

REBASED = declare(
    "t_rebased",
    "year_total",
    version=2,
    parts={"window": "窓口", "online": "オンライン"},
    earlier=(Earlier(1, "窓口だけを数えます。", "令和6年度"),),
)
PERSONS = declare("t_persons", "year_total", unit="人", least=5)
SECRET = declare("t_secret", "year_total", public=False)


@pytest.fixture(autouse=True)
def declared() -> Iterator[None]:
    with ExitStack() as stack:
        stack.enter_context(clock.frozen(NOW))
        for one in (*DECLARED, REBASED, PERSONS, SECRET):
            stack.enter_context(METRICS.temporarily(one.key, one))
        yield


@pytest.fixture
def town() -> Town:
    """A town whose figures were measured under two definitions, corrected, loaded from before, and made public."""
    found = make_town("990019", "みほん市")
    for year, number, version in ((2023, 120, 1), (2024, 150, 1), (2025, 210, 2), (2026, 90, 2)):
        put(found, "t_rebased", YEARS[year], number, version, window=str(number - 10), online="10")
    for month in (4, 5, 6, 7):
        put(found, "t_rebased", Period.month(dt.date(2026, month, 1)), month * 10, 2)
    for year, number in ((2024, 3), (2025, 12)):
        put(found, "t_persons", YEARS[year], number, 1)
    put(found, "t_secret", YEARS[2025], 777, 1)
    ctx = found.ctx("cli")
    store.load_earlier(ctx, "t_rebased", [Given(YEARS[2022], Decimal(95))], None, "前のシステムの集計表")
    store.freeze(ctx, "t_rebased", [YEARS[2025]], "令和7年度の点検")
    store.correct(ctx, "t_rebased", YEARS[2025], Given(YEARS[2025], Decimal(205)), "5件を二重に数えていた")
    store.release(ctx)
    return found


def put(town: Town, key: str, period: Period, number: int, version: int, **parts: str) -> None:
    Snapshot.unscoped.create(
        municipality_id=town.ref.id, metric=key, definition_version=version, kind=period.kind, first=period.first,
        last=period.last, number=Decimal(number), measured_at=NOW, parts=parts,
    )  # fmt: skip


def staff(town: Town) -> Client:
    client = Client()
    sign_in(client, town.account("staff"))
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code, answer.content[:300])
    return answer.content.decode()


def rows_of(client: Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    text = b"".join(answer).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


# --- the desk ---------------------------------------------------------------------------------------------------------


def test_the_dictionary_lists_searches_and_saves(town: Town) -> None:
    client = staff(town)
    text = page(client, DESK)
    assert "t_rebasedの数" in text
    assert "90件" in text
    assert "庁内だけ" in text
    found = page(client, f"{DESK}?q=t_personsを数え")
    assert "t_personsの数" in found
    assert "t_rebasedの数" not in found
    assert "t_secretの数" in page(client, f"{DESK}?filter.audience=desk")
    rows = {row["記号"]: row for row in rows_of(client, f"{DESK}metrics.csv")}
    assert rows["t_rebased"]["新しい値"] == "90"
    assert rows["t_secret"]["公開"] == "庁内だけ"
    saved = client.get(f"{DESK}metrics.xlsx")
    saved.close()
    assert saved.status_code == 200
    assert client.get(f"{DESK}?nothing=1").status_code == 400


def test_the_dictionary_asks_no_more_for_more_metrics(town: Town) -> None:
    client = staff(town)
    page(client, DESK)
    costs = []
    for more in ((), tuple(declare(f"t_more{number}", "year_total") for number in range(10))):
        with ExitStack() as stack:
            for one in more:
                stack.enter_context(METRICS.temporarily(one.key, one))
            with CaptureQueriesContext(connection) as caught:
                page(client, DESK)
            costs.append(len(caught))
    assert costs[0] == costs[1]


def test_a_metric_shows_its_break_its_corrections_and_its_definitions(town: Town) -> None:
    text = page(staff(town), f"{DESK}t_rebased/")
    assert "定義変更" in text
    assert "以前のシステム" in text
    assert "前のシステムの集計表" in text
    assert "5件を二重に数えていた" in text
    assert "窓口だけを数えます。" in text
    assert 'id="year-2026-03-31"' in text
    assert "オンライン" in text
    rows = {row["期間"]: row for row in rows_of(staff(town), f"{DESK}t_rebased/figures.csv")}
    assert rows["令和7年度"]["訂正の理由"] == "5件を二重に数えていた"
    assert next(value for key, value in rows["令和7年度"].items() if key.startswith("値")) == "205"
    page(staff(town), f"{DESK}t_none/", 404)


def test_a_metric_tells_what_rests_on_it(town: Town) -> None:
    def used(_ctx: Context, operand: Operand) -> list[Use]:
        return [Use("オンライン化率", "計画A", "/990019/a/")] if operand.key == "t_rebased" else []

    with USES.temporarily("plan", Uses(used, used)):
        assert "オンライン化率" in page(staff(town), f"{DESK}t_rebased/")
        assert "オンライン化率" in page(Client(), f"{PORTAL}t_rebased/")
        assert "オンライン化率" not in page(Client(), f"{PORTAL}t_persons/")


def test_a_straight_course_is_continued_on_the_desk_with_its_arithmetic(town: Town) -> None:
    for year, number in ((2023, 10), (2024, 20), (2025, 30)):
        put(town, "t_total", YEARS[year], number, 1)
    text = page(staff(town), f"{DESK}t_total/")
    assert "令和5年度から令和7年度までの3年の値を直線で延ばすと" in text
    assert "見通し" in text
    # Across a changed definition nothing is continued.
    assert "直線で延ばすと" not in page(staff(town), f"{DESK}t_rebased/")


def test_a_formula_is_tried_out(town: Town) -> None:
    client = staff(town)
    assert "t_rebased" in page(client, f"{DESK}formula/")
    text = page(client, f"{DESK}formula/?formula=割合(件数([t_rebased],「オンライン」),[t_rebased])")
    assert "6.7" in text  # 10 of 150
    assert "令和6年度：6.7%" in text
    assert "5文字目" in page(client, f"{DESK}formula/?formula=[a] [b]", 422)
    wrong = page(client, f"{DESK}formula/?formula=[t_nothing]", 422)
    assert "1文字目" in wrong
    assert "t_nothing" in wrong
    assert "&lt;b&gt;" in page(client, f"{DESK}formula/?formula=<b>", 422)


@pytest.mark.parametrize("address", ["", "t_rebased/", "formula/", "metrics.csv", "t_rebased/figures.csv"])
def test_the_desk_is_for_staff(town: Town, address: str) -> None:
    assert Client().get(DESK + address).status_code in (302, 403, 404)
    other = make_town("990027", "例示町")
    client = Client()
    sign_in(client, other.account("staff"))
    assert client.get(DESK + address).status_code in (403, 404)


# --- the public -------------------------------------------------------------------------------------------------------


def test_the_public_list_and_page(town: Town) -> None:
    client = Client()
    text = page(client, PORTAL)
    assert "t_rebasedの数" in text
    assert "t_secret" not in text
    one = page(client, f"{PORTAL}t_rebased/")
    for words in (
        "何を数えていますか",
        "どう変わってきましたか",
        "どこから来た数字ですか",
        "5件を二重に数えていた",
        "定義変更",
        "窓口",
    ):
        assert words in one, words
    assert "cli:tester" not in one
    page(client, f"{PORTAL}t_secret/", 404)
    page(client, f"{PORTAL}t_none/", 404)
    assert client.get(f"{PORTAL}?x=1").status_code == 400


def test_few_persons_are_not_shown(town: Town) -> None:
    text = page(Client(), f"{PORTAL}t_persons/")
    assert "個人が分からないように" in text
    assert "12人" in text
    body = json.loads(page(Client(), f"{PORTAL}t_persons/figures.json"))
    assert [(one["number"], one["hidden"]) for one in body["figures"]] == [(None, True), ("12", False)]


def test_public_pages_are_kept_and_change_with_the_figures(town: Town) -> None:
    client = Client()
    for address in (
        "",
        "t_rebased/",
        "figures.csv",
        "figures.json",
        "t_rebased/figures.csv",
        "t_rebased/figures.json",
    ):
        first = client.get(PORTAL + address)
        assert first.status_code == 200
        first.close()
        assert not first.cookies
        assert client.get(PORTAL + address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    before = client.get(PORTAL)["ETag"]
    with clock.frozen(NOW + dt.timedelta(minutes=1)):
        store.correct(town.ctx("cli"), "t_rebased", YEARS[2024], Given(YEARS[2024], Decimal(151)), "数え漏れ")
        store.release(town.ctx("cli"))
        assert client.get(PORTAL, headers={"If-None-Match": before}).status_code == 200


def test_public_files(town: Town) -> None:
    rows = rows_of(Client(), f"{PORTAL}t_rebased/figures.csv")
    assert {row["記号"] for row in rows} == {"t_rebased"}
    corrected = [row for row in rows if row["訂正の理由"] == "5件を二重に数えていた"]
    assert [row["値"] for row in corrected] == ["205"]
    whole = json.loads(page(Client(), f"{PORTAL}figures.json"))
    keys = {one["key"] for one in whole["items"]}
    assert keys == {"t_rebased", "t_persons"}
    assert whole["municipality"] == {"code": "990019", "name": "みほん市"}
    assert not FrozenFigure.unscoped.filter(metric="t_secret").exists()
    assert PublicFigure.unscoped.filter(key="t_secret").count() == 0


def test_the_way_in_at_the_front_door(town: Town) -> None:
    front = page(Client(), "/990019/")
    assert "数字を見る" in front
    assert 'href="/990019/metrics/"' in front
    PublicFigure.unscoped.all().delete()
    answer: HttpResponse = Client().get(PORTAL)
    assert "まだ公開した数字はありません" in answer.content.decode()


# --- over HTTP --------------------------------------------------------------------------------------------------------


def test_the_api_for_anybody(town: Town) -> None:
    client = Client()
    answer = client.get("/api/v1/990019/metrics")
    found = answer.json()
    assert not answer.cookies
    assert {one["key"] for one in found["items"]} == {"t_rebased", "t_persons"}
    one = client.get("/api/v1/990019/metrics/t_rebased")
    assert [row["last"] for row in one.json()["figures"] if row["kind"] == "year"][-1] == "2027-03-31"
    assert one.json()["parts"]["online"] == "オンライン"
    assert (
        client.get("/api/v1/990019/metrics/t_rebased", headers={"If-None-Match": one["ETag"]}).status_code
        == 304
    )
    assert client.get("/api/v1/990019/metrics/t_secret").status_code == 404
    assert client.get("/api/v1/990019/metrics?x=1").status_code == 400
    schemas = api.document()["components"]["schemas"]
    for name, body in (("CountedList", found), ("CountedOne", one.json())):
        assert set(body) == set(schemas[name]["properties"])


def test_the_api_for_staff(town: Town) -> None:
    client = staff(town)
    found = client.get("/api/v1/990019/desk/metrics").json()
    assert {one["key"]: one["audience"] for one in found["items"]}["t_secret"] == "desk"
    one = client.get("/api/v1/990019/desk/metrics/t_rebased?kind=month&first=2026-05-01").json()
    assert [row["number"] for row in one["figures"]] == ["50", "60", "70"]
    assert client.get("/api/v1/990019/desk/metrics/t_rebased").json()["figures"][-2]["by"] == "cli:tester"
    assert client.get("/api/v1/990019/desk/metrics/t_none").status_code == 404
    assert client.get("/api/v1/990019/desk/metrics/t_rebased?kind=week").status_code == 400
    assert client.get("/api/v1/990019/desk/metrics/t_rebased?x=1").status_code == 400
    assert Client().get("/api/v1/990019/desk/metrics").status_code in (401, 403, 404)
