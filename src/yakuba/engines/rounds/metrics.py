"""Whether offices answer what rounds ask by their day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yakuba.engines.metrics.declaring import Measured, Scope, metric
from yakuba.engines.rounds.queries.figures import answered_in_time
from yakuba.kernel.dates import clock


def in_time(scope: Scope, which: Q | None = None) -> Iterator[Measured]:
    """The share of items that were answered by their day, of those whose day is over."""
    last = min(scope.period.last, clock.today() - dt.timedelta(days=1))
    rows = scope.where() & (which or Q())
    for municipality, answered, asked in answered_in_time(scope.period.first, last, rows):
        yield Measured.share(municipality, answered, asked)


@metric(
    "round_answers_on_time",
    label=_("庁内照会の期限内回答率"),
    unit="%",
    aggregation="ratio",
    every=("month", "year", "as_of"),
    definition=_(
        "分母は、庁内の照会で尋ねた項目のうち、提出期限（延長を認めたときは延長後の期限）が期間内にあり、もう過ぎたものの数。"
        "分子は、そのうち期限の日の終わりに、入力済みか該当なしだったものの数。後から差し戻したものも、期限に間に合っていれば数えます。"
    ),
    empty="none",
    public=False,  # how offices keep their days is the house's own business, until it decides otherwise
    systems=("plan-management", "internal-requests-workflow"),
    words=("期限内回答率", "照会の回答率", "期限内提出率"),
)
def round_answers_on_time(scope: Scope) -> Iterator[Measured]:
    """In all rounds."""
    yield from in_time(scope)
