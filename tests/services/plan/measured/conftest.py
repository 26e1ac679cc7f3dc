"""A round of the plan's year whose indicator a metric of the tests' own measures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.engines.metrics.sample import Said, said
from tests.services.plan.year.conftest import Year, asked, initiative_of, year  # noqa: F401 – fixtures
from tests.signin import sign_in
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.store import measure
from yakuba.kernel.dates import FiscalYear
from yakuba.services.plan.measured.actions import BindIndicators, BindRow, bind_indicators
from yakuba.services.plan.models import Binding, Edition

ONLINE, CARD, ROADS = "電子申請の拡大", "マイナンバーカードの活用研究", "道路台帳"
KEY = "test_online"
DAY = Period.as_of(FiscalYear(2025).end)
"""What the round of the year that is over stands for: it is asked after the year's end."""


@pytest.fixture
def metric() -> Iterator[Said]:
    """オンライン化手続数, which says what it is told to."""
    with said(
        KEY, label="オンライン化した手続の数", unit="手続", aggregation="at_date",
        systems=("online-applications",), words=("オンライン化手続",), public=True,
    ) as answers:  # fmt: skip
        yield answers


def row(initiative: UUID, source: str = "metric", **more: Any) -> BindRow:
    """A decision on the first indicator of an initiative, called 指標."""
    told: BindRow = {
        "initiative": str(initiative),
        "position": 0,
        "name": "指標",
        "seen": "",
        "source": source,
        "said": {"metric": KEY} if source == "metric" else {},
        "reason": "手続台帳が同じ数え方のため",
        "definition": "",
        "grounds": [],
        "sha256": "",
        "file": "",
    }
    told.update(more)  # type: ignore[typeddict-item]  # a test says what it likes
    return told


def bind(of: Year, *rows: BindRow, role: str = "plan_secretariat", office: str = "own") -> Edition:
    return bind_indicators(of.ctx(role, office), of.edition, BindIndicators(list(rows)))


@pytest.fixture
def bound(year: Year, metric: Said) -> Year:  # noqa: F811 – the fixture
    """The indicator bound, and 84 measured for the round's day."""
    bind(year, row(initiative_of(year, ONLINE).pk))
    metric.say(year.town.ref.id, DAY, 84)
    measure(DAY, [KEY])
    return year


def standing(of: Year) -> Binding:
    """The newest decision on the indicator."""
    found = Binding.unscoped.filter(edition=of.edition).order_by("-revision").first()
    assert found is not None
    return found


def at(of: Year, role: str, office: str = "own") -> Client:
    """Somebody's browser."""
    client = Client()
    sign_in(client, of.town.account(role, office))
    return client
