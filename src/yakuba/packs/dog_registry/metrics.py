"""What the register of dogs counts. A dog tells of its keeper: small numbers are shown to nobody outside."""

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
from yakuba.packs.dog_registry.models import Dog, Vaccination

_EVERY: Final[tuple[Kind, ...]] = ("month", "year", "as_of")


@metric(
    "dogs_registered",
    label=_("犬の登録頭数"),
    unit="頭",
    aggregation="at_date",
    every=_EVERY,
    definition=_(
        "犬の登録の台帳（原簿）に、期間の末日に登録のある犬の頭数。所在不明の犬も数え、転出、死亡、職権消除、誤登録の犬は数えません。"
    ),
    least=LEAST,
    direction="none",
    systems=("dog-registry",),
    words=("犬の登録", "登録頭数", "犬の登録数"),
)
def dogs_registered(scope: Scope) -> Iterator[Measured]:
    """The dogs in force."""
    yield from measured(scope, ledger_of(Dog))


@metric(
    "dog_vaccination_rate",
    label=_("狂犬病予防注射の注射率"),
    unit="%",
    aggregation="ratio",
    every=_EVERY,
    definition=_(
        "分母は期間の末日に登録のある犬の頭数。分子は、そのうち、末日の属する年度の分の予防注射を末日までに受けた犬の頭数。"
        "猶予の犬は、分母に入れ、分子に入れません。"
    ),
    least=LEAST,
    flows=False,
    empty="none",
    systems=("dog-registry",),
    words=("注射率", "予防注射", "狂犬病予防注射", "狂犬病", "接種率"),
)
def dog_vaccination_rate(scope: Scope) -> Iterator[Measured]:
    """Vaccinated among the dogs in force, as the register's report has it."""
    day, year = scope.period.last, scope.period.fiscal_year
    given = Vaccination.unscoped.filter(
        municipality=OuterRef("municipality"),
        entry=OuterRef("pk"),
        year=year.year,
        excused=False,
        day__lte=day,
    )
    rows = standing(ledger_of(Dog), day, (), scope.where()).annotate(given=Exists(given))
    told = rows.values_list("municipality").annotate(
        vaccinated=Count("pk", filter=Q(given=True)), dogs=Count("pk")
    )
    for municipality, vaccinated, dogs in told.order_by():
        yield Measured.share(municipality, vaccinated, dogs)
