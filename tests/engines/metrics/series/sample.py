"""Series for tests: a monthly share from a CSV file, a yearly total, an attendance list."""

from __future__ import annotations

import datetime as dt

from tests.world import Town
from yakuba.engines.metrics.models import Series
from yakuba.engines.metrics.series import actions
from yakuba.engines.metrics.series.layout import Layout
from yakuba.kernel.actions import Context

SHARE = Layout(columns={"period": "対象年月", "numerator": "電子申告件数", "denominator": "申告総数"})
COUNT = Layout(columns={"period": "年月", "value": "件数"})
PEOPLE = Layout(shape="people", columns={"person": "職員番号", "office": "所属", "attended": "受講"})


def data(town: Town, key: str = "eltax_houjin", **more: object) -> actions.DefineSeries:
    """A monthly share of the own office, from April 2025 on, due fifteen days after the month."""
    return actions.DefineSeries(
        **{
            "key": key,
            "title": "法人市民税の電子申告率",
            "unit": "%",
            "aggregation": "ratio",
            "definition": "法人市民税の申告のうち、eLTAXで受けたものの割合。",
            "supplier": "eLTAX",
            "office": str(town.offices["own"].pk),
            "every": "month",
            "due_days": 15,
            "first": dt.date(2025, 4, 1),
            "public": True,
            "layout": SHARE.to_json(),
            **more,
        }  # type: ignore[arg-type]  # a row of fields
    )


def series(town: Town, key: str = "eltax_houjin", **more: object) -> Series:
    """The same, defined by the secretariat."""
    made = actions.define_series(town.ctx("plan_secretariat", "other"), None, data(town, key, **more))
    return fresh(made)


def count(town: Town, key: str = "count", **more: object) -> Series:
    """A monthly count."""
    return series(town, key, **{"aggregation": "year_total", "unit": "件", "layout": COUNT.to_json(), **more})


def people(town: Town, key: str = "training", **more: object) -> Series:
    """A yearly attendance list."""
    given = {"every": "year", "layout": PEOPLE.to_json(), "title": "研修の受講率", "least": 5, **more}
    return series(town, key, **given)


def fresh(made: Series) -> Series:
    """A series as it stands now."""
    return Series.unscoped.get(pk=made.pk)


def typed(ctx: Context, found: Series, year: int, month: int | None, value: str = "", **more: str) -> Series:
    """A value that somebody typed."""
    given = {
        "year": str(year),
        "month": "" if month is None else str(month),
        "value": value,
        "status": "preliminary",
        **more,
    }
    actions.type_value(ctx, fresh(found), actions.type_value.read_text(given))
    return fresh(found)
