"""What the trail's page says of corrections: which initiative, which cell, from what to what; in words."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.services.plan.test_thread import take_in
from tests.signin import sign_in
from tests.world import Town
from yakuba.kernel.trail.models import TrailEntry
from yakuba.services.plan.actions import CorrectField, CorrectRows, correct_field, correct_rows
from yakuba.services.plan.models import Initiative

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(mihon: Town, client: Client) -> Client:
    sign_in(client, mihon.account("auditor"))
    return client


def page(client: Client, action: str) -> str:
    entry = TrailEntry.unscoped.get(kind="done", action=action)
    return client.get(f"/990019/desk/trail/{entry.pk}/").content.decode()


def test_a_correction_is_a_table_in_words(mihon: Town, auditor: Client) -> None:
    row = Initiative.unscoped.get(edition=take_in(mihon), number="1")
    correct_field(
        mihon.ctx("plan_secretariat"), row, CorrectField("indicators[0].values[0].raw", "78手続", "誤記")
    )
    text = page(auditor, "plan.correct_field")
    table = text[text.index("直した項目") :]
    for word in ("1 電子申請の拡大", "指標", "75手続", "78手続"):
        assert word in table
    assert "&quot;cells&quot;" not in text
    assert "indicators[0].values[0].raw</td>" not in text


def test_a_grid_names_each_initiative_and_one_that_is_gone_by_its_number(
    mihon: Town, auditor: Client
) -> None:
    edition = take_in(mihon)
    rows = list(Initiative.unscoped.filter(edition=edition).order_by("position")[:2])
    changes = [
        {"initiative": str(row.pk), "version": row.version, "path": "title", "value": f"新しい名{row.number}"}
        for row in rows
    ]
    correct_rows(mihon.ctx("plan_secretariat"), edition, CorrectRows(changes))
    text = page(auditor, "plan.correct_rows")
    for word in ("取組名", "1 新しい名1", "2 新しい名2", "公開地図の充実"):
        assert word in text
