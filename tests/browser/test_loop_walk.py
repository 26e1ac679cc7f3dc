"""The loop in a browser: a procedure is published, the count rises, the plan's indicator reads it, the review takes it over, the book and
the public scoreboard show it. Presses counted, as ``docs/loop.md`` tells them."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from pypdf import PdfReader

from tests.browser.conftest import DESKTOP, WIDTHS, Visitor
from tests.browser.test_year_walk import Walk
from tests.services.plan.forms import document, indicator, initiative
from tests.services.plan.year.conftest import figure
from tests.world import Town
from yakuba.engines.rounds import actions as rounds
from yakuba.engines.rounds.models import Round
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import FiscalYear, clock, format_date, japan_date
from yakuba.kernel.outbox.worker import Worker
from yakuba.kernel.town.models import Municipality
from yakuba.services.plan.actions import ImportDocument, import_document
from yakuba.services.plan.models import Edition, InitiativeOffice, Review
from yakuba.services.plan.models.measured import MeasuredThen
from yakuba.services.plan.year.actions import decide_reviews
from yakuba.services.plan.year.queries import KIND
from yakuba.services.procedures.actions.inventory import ChangeInventory, change_inventory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.nights,
    pytest.mark.django_db(transaction=True),
]
METRIC = "/990019/desk/metrics/online_procedures_count/"
INDICATOR = "オンライン化手続数"
# Presses and fields by who, as docs/loop.md tells them.
COUNTED = {"手続の担当": (5, 3), "事務局": (7, 0), "課の担当": (2, 3)}


@pytest.fixture
def world(town: Town) -> Edition:
    """An initiative with an indicator that counts procedures, in the edition of the running year."""
    year = FiscalYear.of(japan_date(clock.now())).year
    values = [
        figure("57手続", year - 2, status="final"),
        figure("84手続", year - 1, status="final"),
        figure("85手続", year, "target"),
        figure("110手続", year + 1, "target"),
    ]
    inventory = [
        {
            "id": "",
            "version": 0,
            "row": {
                "number": str(number),
                "title": f"見本の届出{number}",
                "kind": "notification",
                "office": "見本課",
                "online": "joint",
                "since": "2025-04-01",
            },
        }
        for number in range(1, 85)
    ]
    change_inventory(town.ctx("cli"), Municipality.unscoped.get(pk=town.ref.id), ChangeInventory(inventory))
    row = initiative(
        "1",
        "電子申請の拡大",
        kind="advance",
        year=year,
        placements=[{"path": ["市民"], "primary": True}],
        offices=[{"name": "見本課", "role": "lead", "doubtful": False}],
        indicators=[indicator(INDICATOR, values, unit="手続", direction="increase", aggregation="at_date")],
    )
    edition: Edition = import_document(
        town.ctx("cli"),
        None,
        ImportDocument(document([row], edition="今年度版", first_year=year, last_year=year)),
    )
    InitiativeOffice.unscoped.filter(initiative__edition=edition).update(office=town.offices["own"])
    return edition


def open_round(town: Town, edition: Edition, today: dt.date) -> Round:
    """The offices are asked as of today (its presses are those of the year's walk)."""
    secretariat = town.ctx("plan_secretariat")
    planned = rounds.plan(
        secretariat,
        None,
        rounds.PlanRound(
            kind=KIND,
            year=edition.year,
            phase="provisional",
            title="進捗の照会",
            letter="報告してください。",
            subject=str(edition.pk),
            office=str(town.offices["own"].pk),
            figures=today,
            office_due=today + dt.timedelta(days=7),
        ),
    )
    return rounds.open_round(secretariat, planned, NoData())


def look(walk: Walk, what: str) -> None:
    assert walk.visitor.faults(WIDTHS) == [], what


def work() -> None:
    """What the worker does within a second."""
    Worker().run(once=True)


def publish_a_procedure(walk: Walk) -> None:
    page = walk.page
    walk.press("手続を作る")
    page.locator("[name=office]").select_option(label="見本課")
    page.get_by_label("ひな形", exact=False).first.check()
    page.locator("[name=ready]").select_option(label="埋蔵文化財の照会")
    walk.fields[walk.who] += 3
    walk.press("下書きを作る")
    walk.press("確かめて公開")
    walk.press("公開して受付をはじめる")


@pytest.mark.parametrize("visitor", [{"width": DESKTOP}], indirect=True, ids=["desktop"])
def test_from_a_procedure_to_the_public_scoreboard(visitor: Visitor, town: Town, world: Edition) -> None:
    walk = Walk(visitor, town)
    today = japan_date(clock.now())
    secretariat = town.account("plan_secretariat")
    for role in ("plan_editor", "office_head"):
        town.account(role)

    # 1. A procedure goes online.
    walk.come("手続の担当", town.account("procedure_editor"), "/990019/desk/procedures/")
    publish_a_procedure(walk)

    # 2. The count rises: at night by itself, at once by a press.
    walk.come("事務局", secretariat, METRIC)
    assert "まだ値がありません" in visitor.page.content()
    walk.press("計測・確定・訂正")
    walk.press("いま計測する")
    visitor.open(METRIC)
    assert "85手続" in visitor.page.inner_text("main")
    look(walk, "metric")

    # 3. The indicator reads it: proposed with its reasons, decided by a person.
    visitor.open(f"/990019/desk/plan/editions/{world.pk}/measures/")
    look(walk, "measures")
    box = visitor.page.locator("fieldset", has=visitor.page.get_by_role("link", name=INDICATOR))
    box.locator("li", has_text=INDICATOR).get_by_text("これで測る").first.click()
    walk.presses[walk.who] += 1
    walk.press("選んだとおりに決める")
    walk.press("計測する")
    assert INDICATOR in visitor.page.inner_text("main")

    # 4. The review takes it over.
    round_ = open_round(town, world, today)
    work()
    walk.come("課の担当", town.account("plan_editor"))
    visitor.open(f"/990019/desk/plan/reviews/{Review.unscoped.get().pk}/")
    assert "計測値" in visitor.page.inner_text("main")
    look(walk, "review")
    walk.press("計測値を実績値に入れる")
    assert visitor.page.locator("[name='a0-raw']").input_value() == "85手続"
    walk.fill("result", "埋蔵文化財の照会をオンラインで受け付けはじめました。")
    walk.fill("progress", "順調")
    walk.fill("next_action", "継続")
    walk.press("保存して入力を終える")

    # Confirmed, accepted and decided, as in the year's walk.
    review = Review.unscoped.get()
    chosen = rounds.Chosen([str(review.item_id)])
    rounds.confirm(town.ctx("office_head"), review.item.part, chosen)
    rounds.accept(town.ctx("plan_secretariat"), round_, chosen)
    decide_reviews(town.ctx("plan_secretariat"), round_, {}, by="推進本部 第2回")
    collected = rounds.collect(town.ctx("plan_secretariat"), round_, NoData())
    rounds.close(town.ctx("plan_secretariat"), collected, rounds.Close())
    work()
    kept = MeasuredThen.unscoped.get()
    assert (kept.number, kept.answered, kept.last) == (85, "85手続", today), (
        "what was measured stays as it was"
    )

    # 5. The edition is published; the book prints the figure, the scoreboard shows it to everybody.
    walk.come("事務局", secretariat, f"/990019/desk/plan/editions/{world.pk}/publish/")
    walk.press("公表する")
    work()
    visitor.context.clear_cookies()
    portal = f"/990019/plan/{world.year.year}/"
    book = visitor.page.request.get(f"{visitor.base}{portal}book.pdf")
    assert book.status == 200
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(book.body())).pages)
    assert "85手続" in "".join(printed.split())
    page = visitor.open(f"{portal}scoreboard/")
    assert "85手続" in page.inner_text("main")
    look(walk, "scoreboard")
    page.get_by_role("link", name=INDICATOR).first.click()
    page.wait_for_load_state()
    told = page.inner_text("main")
    assert "手続台帳" in told
    assert format_date(today) in told or str(FiscalYear.of(today)) in told
    look(walk, "figure")
    visitor.open("/990019/metrics/online_procedures_count/")
    look(walk, "public metric")
    assert visitor.errors == []
    assert {who: (walk.presses[who], walk.fields[who]) for who in walk.presses} == COUNTED
