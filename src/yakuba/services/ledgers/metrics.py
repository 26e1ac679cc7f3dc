"""How much the ledgers hold."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from yakuba.engines.ledger.counted.queries import measured
from yakuba.engines.ledger.declaration import find_ledger, ledgers
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.small_cells import LEAST
from yakuba.engines.metrics.declaring import Measured, Scope, metric


def _label(key: str) -> str:
    ledger = find_ledger(key)
    return key if ledger is None else str(ledger.label)


@metric(
    "ledger_records",
    label=_("台帳の登録件数"),
    unit="件",
    aggregation="at_date",
    every=("month", "year", "as_of"),
    definition=_(
        "このシステムの台帳に、期間の末日に効力のある行の数。終わった状態（廃止、死亡、除却など）の行、誤登録として取り消した行、"
        "ほかの行に統合した行は数えません。台帳ごとの内訳があります。"
    ),
    least=LEAST,
    # The desk's alone: less what single ledgers tell the public (Wi-Fi sites, of no persons), it would be the few of a persons' ledger.
    public=False,
    part_label=_label,
    systems=(
        "dog-registry",
        "vacant-house-registry",
        "boundary-narrow-road-register",
        "buried-heritage-map",
        "public-wifi",
    ),
    words=("台帳の件数", "台帳の登録件数", "台帳のデジタル化", "電子台帳"),
)
def ledger_records(scope: Scope) -> Iterator[Measured]:
    """Entries in force, one statement for each ledger of the house."""
    found: dict[UUID, dict[str, Decimal]] = {}
    for ledger in ledgers():
        for one in measured(scope, ledger):
            found.setdefault(one.municipality, {})[ledger.key] = one.number or Decimal(0)
    for municipality, parts in found.items():
        yield Measured(municipality, sum(parts.values(), Decimal(0)), parts=parts)


@metric(
    "ledgers_kept",
    label=_("このシステムで管理する台帳の数"),
    unit="台帳",
    aggregation="at_date",
    every=("month", "year", "as_of"),
    definition=_(
        "期間の末日までに、このシステムで開いた台帳（犬の登録、空家等など）の数。行のない台帳も数えます。"
    ),
    words=("台帳の数", "電子化した台帳", "台帳の電子化"),
)
def ledgers_kept(scope: Scope) -> Iterator[Measured]:
    """Books that were opened by then."""
    known = [ledger.key for ledger in ledgers()]
    rows = Book.unscoped.filter(scope.where(), ledger__in=known, opened_on__lte=scope.period.last)
    for municipality, many in rows.values_list("municipality").annotate(many=Count("pk")).order_by():
        yield Measured(municipality, Decimal(many))
