"""What the ledger of public Wi-Fi counts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from yakuba.engines.ledger.counted.queries import measured
from yakuba.engines.ledger.declaration import ledger_of
from yakuba.engines.metrics.declaring import Measured, Scope, metric
from yakuba.engines.metrics.periods import Kind
from yakuba.packs.public_wifi.models import USES, Site

_EVERY: Final[tuple[Kind, ...]] = ("month", "year", "as_of")
#: What is only planned stands nowhere yet.
_WITHOUT: Final = ("planned",)


@metric(
    "wifi_sites",
    label=_("公衆無線LANの設置箇所数"),
    unit="か所",
    aggregation="at_date",
    every=_EVERY,
    definition=_(
        "公衆無線LANの台帳にある設置箇所のうち、期間の末日に提供中か休止中のものの数。設置予定と撤去済みは数えません。"
        "区分（避難所等・観光・公共施設・その他）ごとの内訳があります。"
    ),
    parts=dict(USES),
    systems=("public-wifi",),
    words=("公衆無線LAN", "公衆無線ＬＡＮ", "Wi-Fi", "無線LAN", "設置箇所", "整備数", "アクセスポイント"),
)
def wifi_sites(scope: Scope) -> Iterator[Measured]:
    """All sites with what they are for."""
    yield from measured(scope, ledger_of(Site), "use", without=_WITHOUT)


def _of(scope: Scope, use: str) -> Iterator[Measured]:
    for one in wifi_sites(scope):
        yield Measured(one.municipality, one.parts.get(use, Decimal(0)))


@metric(
    "wifi_sites_shelter",
    label=_("公衆無線LANの設置箇所数（避難所等）"),
    unit="か所",
    aggregation="at_date",
    every=_EVERY,
    definition=_(
        "公衆無線LANの台帳にある設置箇所のうち、期間の末日に提供中か休止中で、区分が避難所等のものの数。設置予定と撤去済みは数えません。"
    ),
    systems=("public-wifi",),
    words=("指定避難所等への公衆無線LAN", "避難所", "避難所等", "避難場所"),
)
def wifi_sites_shelter(scope: Scope) -> Iterator[Measured]:
    """Those at shelters."""
    yield from _of(scope, "shelter")


@metric(
    "wifi_sites_tourism",
    label=_("公衆無線LANの設置箇所数（観光）"),
    unit="か所",
    aggregation="at_date",
    every=_EVERY,
    definition=_(
        "公衆無線LANの台帳にある設置箇所のうち、期間の末日に提供中か休止中で、区分が観光のものの数。設置予定と撤去済みは数えません。"
    ),
    systems=("public-wifi",),
    words=("観光", "観光施設", "観光地"),
)
def wifi_sites_tourism(scope: Scope) -> Iterator[Measured]:
    """Those for visitors."""
    yield from _of(scope, "tourism")
