"""What the ledger of lights and mirrors counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from yakuba.engines.ledger.counted.queries import measured, standing, was
from yakuba.engines.ledger.declaration import ledger_of
from yakuba.engines.metrics.declaring import Measured, Scope, metric
from yakuba.engines.metrics.periods import Kind
from yakuba.packs.street_lights_mirrors.models import KINDS, STATES, Fixture

_EVERY: Final[tuple[Kind, ...]] = ("month", "year", "as_of")
#: What is only planned stands nowhere yet.
_PLANNED: Final = "planned"


@metric(
    "street_fixtures",
    label=_("防犯灯・カーブミラー等の基数"),
    unit="基",
    aggregation="at_date",
    every=_EVERY,
    definition=_(
        "防犯灯・カーブミラーの台帳に、期間の末日にある器具の基数（使用中と故障・破損）。設置予定と撤去済みは数えません。"
        "防犯灯、道路照明、カーブミラーの内訳があります。"
    ),
    parts=dict(KINDS),
    direction="none",
    words=("防犯灯", "道路照明", "街路灯", "カーブミラー", "基数"),
)
def street_fixtures(scope: Scope) -> Iterator[Measured]:
    """What stands, by its sort."""
    yield from measured(scope, ledger_of(Fixture), "kind", without=(_PLANNED,))


@metric(
    "street_light_led_share",
    label=_("防犯灯・道路照明のLED化率"),
    unit="%",
    aggregation="ratio",
    every=_EVERY,
    definition=_(
        "分母は、台帳に期間の末日にある防犯灯と道路照明の基数（設置予定と撤去済みを除く）。分子は、そのうち光源がLEDのもの。"
        "カーブミラーは数えません。"
    ),
    empty="none",
    words=("LED化率", "ＬＥＤ化率", "LED化", "LED防犯灯"),
)
def street_light_led_share(scope: Scope) -> Iterator[Measured]:
    """Lights with LED among all lights that stand."""
    states = {key for key, _label in STATES.states} - STATES.ended - {_PLANNED}
    rows = standing(ledger_of(Fixture), scope.period.last, ("kind", "lamp"), scope.where(), states)
    told = (
        rows.exclude(**{was("kind"): "mirror"})
        .values_list("municipality")
        .annotate(led=Count("pk", filter=Q(**{was("lamp"): "led"})), lights=Count("pk"))
    )
    for municipality, led, lights in told.order_by():
        yield Measured.share(municipality, led, lights)
