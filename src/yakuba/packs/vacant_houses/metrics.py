"""What the ledger of vacant houses counts. A house tells of its owner: small numbers are shown to nobody outside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from yakuba.engines.ledger.counted.queries import measured, standing
from yakuba.engines.ledger.declaration import ledger_of
from yakuba.engines.ledger.small_cells import LEAST
from yakuba.engines.metrics.declaring import Measured, Scope, metric
from yakuba.engines.metrics.periods import Kind
from yakuba.packs.vacant_houses.models import House, Survey

_EVERY: Final[tuple[Kind, ...]] = ("month", "year", "as_of")


@metric(
    "vacant_houses_known",
    label=_("空家等の把握件数"),
    unit="件",
    aggregation="at_date",
    every=_EVERY,
    definition=_(
        "空家等の台帳に、期間の末日に空家等としてある件数。使用・活用が始まったもの、除却されたもの、空家等でないと分かったものは数えません。"
    ),
    least=LEAST,
    direction="none",
    systems=("vacant-house-registry",),
    words=("空家", "空き家", "空家等", "把握件数", "空家台帳"),
)
def vacant_houses_known(scope: Scope) -> Iterator[Measured]:
    """The houses that are known."""
    yield from measured(scope, ledger_of(House))


@metric(
    "vacant_house_survey_rate",
    label=_("空家等の調査実施率"),
    unit="%",
    aggregation="ratio",
    every=_EVERY,
    definition=_(
        "分母は期間の末日に把握している空家等の件数。分子は、そのうち、末日の属する年度の初めから末日までに調査したものの件数。"
    ),
    least=LEAST,
    flows=False,
    empty="none",
    systems=("vacant-house-registry",),
    words=("調査実施率", "実態調査", "空家調査", "調査率"),
)
def vacant_house_survey_rate(scope: Scope) -> Iterator[Measured]:
    """Surveyed in the year among those that are known, as the ledger's report has it."""
    day = scope.period.last
    seen = Survey.unscoped.filter(
        municipality=OuterRef("municipality"),
        entry=OuterRef("pk"),
        day__range=(scope.period.fiscal_year.start, day),
    )
    rows = standing(ledger_of(House), day, (), scope.where()).annotate(seen=Exists(seen))
    told = rows.values_list("municipality").annotate(
        surveyed=Count("pk", filter=Q(seen=True)), known=Count("pk")
    )
    for municipality, surveyed, known in told.order_by():
        yield Measured.share(municipality, surveyed, known)
