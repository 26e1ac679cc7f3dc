"""Released figures and bindings, as the desk writes them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.world import Town
from yakuba.engines.metrics.models import PublicFigure
from yakuba.engines.metrics.periods import Period
from yakuba.kernel.dates import JAPAN, FiscalYear
from yakuba.services.plan.models import Edition, PublicBinding

DAY = dt.datetime(2026, 5, 1, 9, tzinfo=JAPAN)


def bind(town: Town, edition: Edition, initiative: UUID, position: int = 0, **more: Any) -> PublicBinding:
    """What the desk releases of a binding."""
    given: dict[str, Any] = {
        "name": "オンライン化した手続の数", "source": "metric", "key": "online_procedures_count", "title": "オンライン化手続数",
        "unit": "手続", "aggregation": "at_date", "definition": "手続台帳でオンラインとされた手続を数えます。",
    }  # fmt: skip
    return PublicBinding.unscoped.create(
        municipality_id=town.ref.id, edition=edition.pk, initiative=initiative, position=position,
        bound_on=DAY.date(), released_at=DAY, **(given | more),
    )  # fmt: skip


def figure(
    town: Town, year: int, number: str | None, key: str = "online_procedures_count", **more: Any
) -> PublicFigure:
    """A released figure of a fiscal year."""
    period = Period.year(FiscalYear(year))
    return PublicFigure.unscoped.create(
        municipality_id=town.ref.id, source="metric", key=key, number=Decimal(number) if number else None, released_at=DAY,
        **({
            "definition_version": 1, "status": "final", "hidden": False, "kind": "year", "first": period.first, "last": period.last,
        } | more),
    )  # fmt: skip
