"""Staff see every picture that is ready, everybody those that were released; the map's keeper brings, lays and releases them."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from yakuba.kernel.actions import Everywhere, Permission, viewed_by
from yakuba.kernel.dates import clock
from yakuba.services.maps.rasters.models import RasterLayer

#: After so long the worker has given up, and a person may order it anew.
LONGEST: Final = dt.timedelta(hours=1)
_KEEPERS: Final = {"map_keeper": Everywhere(), "cli": Everywhere()}
_SHOWN: Final = Q(tiles__isnull=False)


def _placeable(raster: RasterLayer) -> str:
    if raster.released:
        return _("公開している画像の位置は変えられません。先に公開をやめてください。")
    if raster.state == "removed":
        return _("この画像は、もう消されています。")
    if raster.state == "cutting" and raster.ordered_at and clock.now() - raster.ordered_at < LONGEST:
        return _("いま地図にしているところです。終わるまで待ってください。")
    return ""


def _releasable(raster: RasterLayer) -> str:
    if raster.released:
        return _("この画像は、もう公開されています。")
    return "" if raster.state == "ready" else _("まだ地図になっていません。位置を決めてください。")


def _released(raster: RasterLayer) -> str:
    return "" if raster.released else _("この画像は、公開されていません。")


VIEW_RASTER = viewed_by(
    Permission(
        "maps.view_raster",
        RasterLayer,
        roles={
            "public": Everywhere(Q(released=True)),
            "visitor": Everywhere(Q(released=True)),
            "staff": Everywhere(_SHOWN),
            "auditor": Everywhere(_SHOWN),
            **_KEEPERS,
        },
    )
)
BEGIN_RASTER = Permission("maps.begin_raster", RasterLayer, roles=_KEEPERS)
PLACE_RASTER = Permission("maps.place_raster", RasterLayer, roles=_KEEPERS, when=_placeable)
#: The worker is the machine itself.
FINISH_RASTER = Permission("maps.finish_raster", RasterLayer, roles={"cli": Everywhere()})
RELEASE_RASTER = Permission("maps.release_raster", RasterLayer, roles=_KEEPERS, when=_releasable)
WITHDRAW_RASTER = Permission("maps.withdraw_raster", RasterLayer, roles=_KEEPERS, when=_released)
REMOVE_RASTER = Permission("maps.remove_raster", RasterLayer, roles=_KEEPERS, when=_placeable)
