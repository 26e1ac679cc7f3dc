"""What the document is silent about is asked; a suggestion names its reason and is never taken silently."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.services.plan.forms import document, indicator, initiative, value
from tests.signin import sign_in
from tests.world import Town
from yakuba.services.plan import asking, queries
from yakuba.services.plan.actions import ImportDocument, import_document
from yakuba.services.plan.models import Edition, Initiative, InitiativeOffice


def suggested(key: str, **about: Any) -> str | None:
    """The suggestion of a group for one indicator; None without one."""
    values = about.pop("values")
    name = about.pop("name", "件数")
    form = initiative("1", "甲", indicators=[indicator(name, values, **about)])
    found = list(asking.group(key).find([(uuid4(), form)]))
    assert len(found) == 1
    suggestion = found[0].suggestion
    assert suggestion is None or suggestion.reason
    return suggestion.value if suggestion else None


def actual(raw: str, number: str | None = None, year: int = 2024, **more: Any) -> dict[str, Any]:
    return value(raw, year, number=number, **more)


def target(raw: str, number: str | None = None, **more: Any) -> dict[str, Any]:
    return value(raw, 2026, "target", number=number, **more)


def test_the_wanted_direction_follows_from_the_target() -> None:
    assert suggested("direction", values=[actual("38", "38"), target("110", "110")]) == "increase"
    assert suggested("direction", values=[actual("9870", "9870"), target("8000", "8000")]) == "decrease"
    assert suggested("direction", values=[actual("100", "100"), target("100", "100")]) == "maintain"
    assert suggested("direction", values=[actual("検討", state="検討")]) == "reach"
    assert suggested("direction", values=[actual("38", "38")]) is None


def test_the_aggregation_is_suggested_by_words_alone() -> None:
    assert suggested("aggregation", name="平均日数", values=[actual("9.4", "9.4")]) == "average"
    assert suggested("aggregation", name="受講率", values=[actual("88", "88")]) == "ratio"
    assert suggested("aggregation", name="登録者", unit="%", values=[actual("88", "88")]) == "ratio"
    assert suggested("aggregation", name="利用者数", values=[actual("延べ150人", "150")]) == "cumulative"
    assert suggested("aggregation", name="年間の件数", values=[actual("150", "150")]) == "year_total"
    assert suggested("aggregation", name="段階", values=[actual("検討", state="検討")]) == "state"
    assert suggested("aggregation", name="登録者数", values=[actual("8214", "8214")]) is None


def test_the_bound_is_what_is_printed_or_follows_the_direction() -> None:
    assert suggested("bound", values=[target("99.8%以上", "99.8")]) == "at_least"
    assert suggested("bound", direction="decrease", values=[target("35", "35")]) == "at_most"
    assert suggested("bound", values=[target("35", "35")]) is None


def test_units_years_orders_and_states() -> None:
    assert suggested("unit", values=[actual("75手続", "75")]) == "手続"
    words = [actual("実施", state="実施"), actual("検討", state="検討"), actual("試行", state="試行")]
    assert suggested("states", values=words) == "検討＜試行＜実施"
    assert suggested("year", values=[actual("75", "75", as_of="2026-03-01", year=None)]) == "令和7年度"  # type: ignore[arg-type]  # a value without its year
    assert suggested("status", values=[actual("75", "75", as_of="2025-03-01")]) == "provisional"
    assert suggested("status", values=[actual("75", "75")]) is None


def test_what_is_known_is_not_asked() -> None:
    known = indicator(
        "件数",
        [value("38件", 2024, number="38", status="final")],
        unit="件",
        direction="increase",
        aggregation="at_date",
        bound="at_least",
        definition="年度末の数",
    )
    form = initiative(
        "1",
        "甲",
        indicators=[known],
        offices=[{"name": "見本課", "role": "lead", "doubtful": False}],
        placements=[{"path": ["市民"], "primary": True}],
        progress="順調",
        progress_meaning="on_track",
    )
    assert asking.total([(uuid4(), form)]) == 0
    empty = initiative("2", "乙", progress="きわめて良好")
    assert {key: n for key, n in asking.counts([(uuid4(), empty)]).items() if n} == {
        "meaning": 1,
        "lead": 1,
        "place": 1,
    }


# --- the page -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def edition(mihon: Town) -> Edition:
    rows = [
        initiative(
            str(n),
            f"取組{n}",
            progress="きわめて良好",
            offices=[{"name": "見本課" if n < 3 else "例示課", "role": "lead", "doubtful": False}],
            placements=[{"path": ["市民"], "primary": True}] if n > 1 else [],
            indicators=[indicator("手続の数", [actual("38手続", "38"), target("110手続", "110")])],
        )
        for n in (1, 2, 3)
    ]
    made = import_document(mihon.ctx("cli"), None, ImportDocument(document(rows)))
    for name, key in (("見本課", "own"), ("例示課", "other")):
        InitiativeOffice.unscoped.filter(name=name).update(office=mihon.offices[key])
    return made


def client_of(town: Town, role: str) -> Client:
    client = Client()
    sign_in(client, town.account(role))
    return client


def page_of(edition: Edition) -> str:
    return f"/990019/desk/plan/editions/{edition.pk}/ask/"


@pytest.mark.django_db
def test_a_suggestion_is_named_and_not_chosen(mihon: Town, edition: Edition) -> None:
    client = client_of(mihon, "plan_secretariat")
    text = client.get(page_of(edition), {"about": "direction"}).content.decode()
    assert "提案：<b>増やす</b>（目標が今の値より大きい）" in text
    assert "selected" not in text
    filled = client.get(page_of(edition), {"about": "direction", "fill": "1"}).content.decode()
    assert filled.count('value="increase" selected') == 3
    assert "まだ保存していません" in filled


@pytest.mark.django_db
def test_many_answers_are_one_save(mihon: Town, edition: Edition) -> None:
    first, second = Initiative.unscoped.filter(edition=edition).order_by("position")[:2]
    sent = {
        "about": "direction",
        "q0-key": f"{first.pk}:indicators[0].direction",
        "q0-value": "increase",
        "q1-key": f"{second.pk}:indicators[0].direction",
        "q1-value": "none",
        "q2-key": "nobody:asked",
        "q2-value": "increase",
    }
    assert client_of(mihon, "plan_secretariat").post(page_of(edition), sent).status_code == 303
    found = [
        form["indicators"][0]["direction"]
        for _row, form in queries.forms(Initiative.unscoped.order_by("position"))
    ]
    assert found == ["increase", "none", None]
    again = client_of(mihon, "plan_secretariat").post(page_of(edition), sent)
    assert again.status_code == 422, "they are answered already"


@pytest.mark.django_db
def test_a_word_is_answered_once_for_all_its_rows(mihon: Town, edition: Edition) -> None:
    sent = {"about": "meaning", "q0-key": "meaning:きわめて良好", "q0-value": "on_track"}
    assert client_of(mihon, "plan_secretariat").post(page_of(edition), sent).status_code == 303
    assert set(Initiative.unscoped.values_list("progress_meaning", flat=True)) == {"on_track"}


@pytest.mark.django_db
def test_a_place_is_chosen_from_the_tree(mihon: Town, edition: Edition) -> None:
    row = Initiative.unscoped.get(edition=edition, number="1")
    client = client_of(mihon, "plan_secretariat")
    sent = {"about": "place", "q0-key": f"{row.pk}:placements", "q0-value": '["どこか"]'}
    refused = client.post(page_of(edition), sent)
    assert refused.status_code == 422
    assert "この版の区分にありません" in refused.content.decode()
    assert client.post(page_of(edition), {**sent, "q0-value": '["市民"]'}).status_code == 303
    assert queries.initiative_form(row)["placements"] == [{"path": ["市民"], "primary": True}]


@pytest.mark.django_db
def test_an_editor_answers_for_the_own_office(mihon: Town, edition: Edition) -> None:
    text = client_of(mihon, "plan_editor").get(page_of(edition), {"about": "direction"}).content.decode()
    assert text.count("-key") == 2
    other = Initiative.unscoped.get(edition=edition, number="3")
    sent = {"about": "direction", "q0-key": f"{other.pk}:indicators[0].direction", "q0-value": "increase"}
    assert client_of(mihon, "plan_editor").post(page_of(edition), sent).status_code == 403
    assert "見るだけの画面" in client_of(mihon, "staff").get(page_of(edition)).content.decode()
