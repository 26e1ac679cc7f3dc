"""What ``yakuba check`` finds in metrics."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.engines.metrics.sample import KEY, said
from tests.world import make_town
from yakuba.engines.metrics import store
from yakuba.engines.metrics.checking import check
from yakuba.engines.metrics.models import FrozenFigure, MetricSetting, PublicFigure
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.rules import Given
from yakuba.kernel.dates import FiscalYear, clock
from yakuba.kernel.dates.clock import JAPAN

R7 = Period.year(FiscalYear(2025))


@pytest.mark.django_db
def test_what_is_missing_and_what_is_left_over() -> None:
    town = make_town("990019", "見本市")
    ctx = town.ctx("plan_secretariat").begin()
    with said(), clock.frozen(dt.datetime(2026, 11, 22, 12, tzinfo=JAPAN)):
        store.correct(ctx, KEY, R7, Given(R7, Decimal(7)), "直しました。")
        store.release(ctx, [KEY])
        assert list(check()) == []
        row = FrozenFigure.unscoped.get(revision=1)
        row.pk, row.revision, row._state.adding = None, 3, True
        row.save(force_insert=True)
        MetricSetting.unscoped.create(municipality_id=town.ref.id, metric=KEY, public=False)
        assert PublicFigure.unscoped.exists()
        found = list(check())
    assert len(found) == 2
    assert "訂正の記録が抜けています" in found[0].message
    assert "市民のページに残っています" in found[1].message
