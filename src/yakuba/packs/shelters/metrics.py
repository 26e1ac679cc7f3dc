"""What the ledger of evacuation sites and shelters counts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from yakuba.engines.ledger.counted.queries import standing, was
from yakuba.engines.ledger.declaration import ledger_of
from yakuba.engines.metrics.declaring import Measured, Scope, metric
from yakuba.engines.metrics.periods import Kind
from yakuba.packs.shelters.models import Facility

_EVERY: Final[tuple[Kind, ...]] = ("month", "year", "as_of")


def _designated(scope: Scope, which: str) -> Iterator[Measured]:
    """Facilities whose designation stands when the period ends; on the day of its withdrawal it stands no more (:func:`.rules.designated`)."""
    day = scope.period.last
    on, off = f"{which}_on", f"{which}_off"
    rows = standing(ledger_of(Facility), day, (on, off), scope.where())
    # Days are text as in JSON, and sort as such.
    stands = Q(**{f"{was(on)}__lte": day.isoformat()}) & (
        Q(**{f"{was(off)}__isnull": True}) | Q(**{f"{was(off)}__gt": day.isoformat()})
    )
    for municipality, many in rows.values_list("municipality").annotate(
        many=Count("pk", filter=stands)
    ).order_by():  # fmt: skip
        yield Measured(municipality, Decimal(many))


@metric(
    "evacuation_sites",
    label=_("指定緊急避難場所の数"),
    unit="か所",
    aggregation="at_date",
    every=_EVERY,
    definition=_(
        "避難場所・避難所の台帳にある施設のうち、期間の末日に指定緊急避難場所の指定（災害対策基本法49条の4）があるものの数。"
        "廃止した施設と、末日までに指定を取り消したものは数えません。指定避難所を兼ねる施設も数えます。"
    ),
    words=("指定緊急避難場所", "緊急避難場所", "避難場所"),
)
def evacuation_sites(scope: Scope) -> Iterator[Measured]:
    """Sites to flee to at once."""
    yield from _designated(scope, "site")


@metric(
    "evacuation_shelters",
    label=_("指定避難所の数"),
    unit="か所",
    aggregation="at_date",
    every=_EVERY,
    definition=_(
        "避難場所・避難所の台帳にある施設のうち、期間の末日に指定避難所の指定（災害対策基本法49条の7）があるものの数。"
        "廃止した施設と、末日までに指定を取り消したものは数えません。指定緊急避難場所を兼ねる施設も数えます。"
    ),
    words=("指定避難所", "避難所の数"),
)
def evacuation_shelters(scope: Scope) -> Iterator[Measured]:
    """Shelters to stay in."""
    yield from _designated(scope, "shelter")
