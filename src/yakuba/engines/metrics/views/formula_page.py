"""A formula tried out: what it means in words, what is wrong with it, and its figures of the last years with what they rest on."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.metrics import drawn
from yakuba.engines.metrics.access import VIEW_SNAPSHOT
from yakuba.engines.metrics.declaring import metrics
from yakuba.engines.metrics.formula.reading import MOST_CHARACTERS
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.sources import SOURCES, Figure
from yakuba.engines.metrics.views.dictionary import PAGES
from yakuba.engines.metrics.wording import aggregation_name, period_name, value_text
from yakuba.kernel.access.desk import address, need
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.ui.charts import NOTHING
from yakuba.kernel.ui.components import Fact, Link
from yakuba.kernel.ui.components.content import TableColumn, table
from yakuba.kernel.ui.lists import known

_YEARS: Final = 5


@require_safe
@desk_page
def try_formula(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """``?formula=…&unit=…``; without a formula an explanation of the language with the keys that there are."""
    need(VIEW_SNAPSHOT, ctx)
    known(request.GET, "formula", "unit")
    source = SOURCES.get("formula")
    said = {"formula": request.GET.get("formula", "").strip(), "unit": request.GET.get("unit", "").strip()}
    wrong = source.check(ctx, said) if said["formula"] else []
    context: dict[str, object] = {
        "formula": said["formula"],
        "unit": said["unit"],
        "wrong": wrong,
        "most": MOST_CHARACTERS,
        "keys": table(
            _("使える計測値"),
            [TableColumn(_("式に書くもの")), TableColumn(_("計測値")), TableColumn(_("単位"), narrow=True)],
            [[f"[{one.key}]", str(one.label), one.unit] for one in metrics()],
            hide_caption=True,
        ),
    }
    if said["formula"] and not wrong:
        context |= _tried(ctx, said["formula"], said["unit"])
    crumbs = [Link(_("計測値"), address("metrics-index", ctx))]
    return PAGES.show(
        request, ctx, "formula", _("計算式を試す"), crumbs=crumbs, status=422 if wrong else 200, **context
    )


def _tried(ctx: Context, formula: str, unit: str) -> dict[str, object]:
    source, said = SOURCES.get("formula"), {"formula": formula, "unit": unit}
    this = FiscalYear.of(ctx.now).year
    periods = [Period.year(FiscalYear(year)) for year in range(this - _YEARS, this + 1)]
    of = source.figures(ctx, said, periods)
    figures = [of[period] for period in periods if period in of]
    own = source.unit(ctx, said)
    return {
        "words": source.title(ctx, said),
        "facts": [
            Fact(_("単位"), own),
            Fact(_("集計"), aggregation_name(source.aggregation(ctx, said))),
            Fact(_("数え方"), linebreaksbr(source.definition(ctx, said))),
        ],
        "actual": drawn.series(figures),
        "nothing": NOTHING,
        "breaks": drawn.breaks(figures, max((one.version for one in figures), default=1)),
        "own_unit": own,
        "missing": [period_name(period) for period in periods if period not in of],
        "steps": [_step(one, own) for one in reversed(figures)],
    }


def _step(one: Figure, unit: str) -> tuple[str, object]:
    """One year's value, and below it everything that it was reckoned from."""
    rows = [
        [
            format_html('<a href="{}">{}</a>', ground.href, ground.label) if ground.href else ground.label,
            ground.value,
            ground.note,
        ]
        for ground in one.grounds
    ]
    heading = f"{period_name(one.period)}：{value_text(one.number, unit)}"
    columns = [
        TableColumn(_("もとの値")),
        TableColumn(_("値"), number=True),
        TableColumn(_("いつ・だれが・なぜ")),
    ]
    return heading, table(heading, columns, rows, hide_caption=True)
