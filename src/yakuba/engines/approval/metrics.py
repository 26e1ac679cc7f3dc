"""What decision routes measure of themselves: how much is decided on them, and how long that takes. A decided proposal never changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db.models import Count, F, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from yakuba.engines.approval.models import Proposal
from yakuba.engines.metrics.days import JapanDay
from yakuba.engines.metrics.declaring import Measured, Scope, metric
from yakuba.engines.metrics.tallies import means, numbers

#: How long a single decision took would tell of whoever decided it.
_LEAST: Final = 5
_EVERY: Final = ("month", "year", "as_of")


def _decided(scope: Scope) -> QuerySet[Proposal]:
    return Proposal.unscoped.filter(scope.where(), scope.during("decided_at"), state="decided").order_by()


@metric(
    "electronic_decisions",
    label=_("電子決裁の件数"),
    unit="件",
    aggregation="year_total",
    every=("day", *_EVERY),
    definition=_(
        "期間中にこのシステムの決裁で決まった起案の件数です。代決と専決を含み、引き戻したものと差し戻されたままのものは数えません。"
        "決裁を経ずに担当課が決定した案件は入りません。"
    ),
    systems=("electronic-approval",),
    words=("電子決裁", "決裁件数", "電子決裁件数"),
)
def electronic_decisions(scope: Scope) -> Iterable[Measured]:
    """One statement."""
    yield from numbers(
        _decided(scope)
        .values("municipality_id")
        .annotate(count=Count("municipality"))
        .values_list("municipality_id", "count")
    )


@metric(
    "days_to_electronic_decision",
    label=_("電子決裁にかかった平均日数"),
    unit="日",
    aggregation="average",
    every=_EVERY,
    definition=_(
        "期間中に決裁された起案について、最後に回した日から決裁された日までの日数の平均です。閉庁日も数えます。差戻しを受けた起案は、直して回し直した日から数えます。"
    ),
    least=_LEAST,
    empty="none",
    systems=("electronic-approval",),
    words=("決裁日数", "決裁にかかる日数"),
    direction="decrease",
)
def days_to_electronic_decision(scope: Scope) -> Iterable[Measured]:
    """The sum of days and of how many."""
    yield from means(
        _decided(scope)
        .filter(submitted_at__isnull=False)
        .values("municipality_id")
        .annotate(
            days=Sum(JapanDay(F("decided_at")) - JapanDay(F("submitted_at"))), decided=Count("municipality")
        )
        .values_list("municipality_id", "days", "decided")
    )
