"""What maps count: layers that everybody may see, layers for staff, and openings of the public map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from yakuba.engines.ledger.declaration import LAYERS, ledgers
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.released import ReleasedBook
from yakuba.engines.metrics.declaring import Measured, Scope, metric
from yakuba.engines.metrics.periods import Kind
from yakuba.engines.places.models import UploadedLayer
from yakuba.kernel.town.records import Record
from yakuba.services.maps.models import LayerViews
from yakuba.services.maps.rasters.models import RasterLayer

#: Days too: nothing but what was counted then tells how many layers there were on a past day.
_DAILY: Final[tuple[Kind, ...]] = ("day", "month", "year", "as_of")
_SORTS: Final = {"ledgers": _("台帳の層"), "uploads": _("ファイルから作った層"), "pictures": _("画像の層")}


def _layers(scope: Scope, sorts: Mapping[str, tuple[type[Record], Q]]) -> Iterator[Measured]:
    """Rows of each sort, one statement for each."""
    found: dict[UUID, dict[str, Decimal]] = {}
    for sort, (model, which) in sorts.items():
        rows = model.unscoped.filter(scope.where(), which).values_list("municipality")
        for municipality, many in rows.annotate(many=Count("pk")).order_by():
            found.setdefault(municipality, {})[sort] = Decimal(many)
    for municipality, parts in found.items():
        yield Measured(municipality, sum(parts.values(), Decimal(0)), parts=parts)


@metric(
    "public_layer_kinds",
    label=_("公開地図の層の数"),
    unit="種類",
    aggregation="at_date",
    every=_DAILY,
    definition=_(
        "公開地図で選べる層の数。公開している台帳のうち位置のあるもの、公開しているファイルの層、公開している画像（航空写真・図面）を1つずつ数えます。"
        "数えた時点の数で、過ぎた日の数を後から数え直すことはできません。"
    ),
    parts=_SORTS,
    recomputable=False,
    systems=("public-gis",),
    words=("公開レイヤ", "公開レイヤー", "レイヤ数", "地図情報の種類", "公開地図情報の種類", "公開する地図"),
)
def public_layer_kinds(scope: Scope) -> Iterator[Measured]:
    """What the public map offers, as :func:`yakuba.engines.places.layers.layers` and the pictures give it to everybody."""
    shown = [ledger.key for ledger in ledgers() if ledger.placed or ledger.public_place]
    yield from _layers(
        scope,
        {
            "ledgers": (ReleasedBook, Q(ledger__in=shown)),
            "uploads": (UploadedLayer, Q(state__released=True)),
            "pictures": (RasterLayer, Q(released=True, tiles__isnull=False)),
        },
    )


@metric(
    "internal_layer_kinds",
    label=_("庁内の地図の層の数"),
    unit="種類",
    aggregation="at_date",
    every=_DAILY,
    definition=_(
        "庁内の地図（統合型GIS）にある層の数。位置のある台帳、ファイルの層、地図にした画像（航空写真・図面）を、公開しているかどうかに関わらず1つずつ数えます。"
        "数えた時点の数で、過ぎた日の数を後から数え直すことはできません。"
    ),
    parts=_SORTS,
    recomputable=False,
    systems=("integrated-gis",),
    words=("統合型GIS", "統合型ＧＩＳ", "庁内GIS", "地図情報の種類", "庁内の地図"),
)
def internal_layer_kinds(scope: Scope) -> Iterator[Measured]:
    """What the internal map offers to those who may see all of it."""
    placed = [ledger.key for ledger in ledgers() if ledger.placed]
    yield from _layers(
        scope,
        {
            "ledgers": (Book, Q(ledger__in=placed)),
            "uploads": (UploadedLayer, Q()),
            "pictures": (RasterLayer, Q(tiles__isnull=False)),
        },
    )


def _layer_label(key: str) -> str:
    ledger = next((one for one in ledgers() if LAYERS + one.key.replace("_", "-") == key), None)
    return str(_("ファイルから作った層")) if ledger is None else str(ledger.label)


@metric(
    "public_gis_views_year",
    label=_("公開地図の閲覧数"),
    unit="回",
    aggregation="year_total",
    every=("day", "month", "year", "as_of"),
    definition=_(
        "期間内に、公開地図が層とともに開かれた延べ回数。1回に3つの層を開けば3回と数えます。ブラウザの先読みは数えません。"
        "開いた人は記録していないので、人数ではありません。"
    ),
    part_label=_layer_label,
    systems=("public-gis",),
    words=("公開GIS", "公開地図", "市民公開GIS", "閲覧数", "閲覧者数", "アクセス数", "利用件数"),
)
def public_gis_views_year(scope: Scope) -> Iterator[Measured]:
    """Openings by layer; all layers that were files are one part, for their keys tell nothing."""
    days = Q(day__gte=scope.period.first, day__lte=scope.period.last)
    rows = LayerViews.unscoped.filter(scope.where(), days).values_list("municipality", "layer")
    found: dict[UUID, dict[str, Decimal]] = {}
    for municipality, layer, many in rows.annotate(many=Sum("views")).order_by():
        parts = found.setdefault(municipality, {})
        key = layer if layer.startswith(LAYERS) else "uploads"
        parts[key] = parts.get(key, Decimal(0)) + int(many)
    for municipality, parts in found.items():
        yield Measured(municipality, sum(parts.values(), Decimal(0)), parts=parts)
