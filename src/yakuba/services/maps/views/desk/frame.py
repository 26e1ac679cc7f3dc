"""What the pages of the internal map share: who comes in, the way to them, layers by where they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.engines.ledger.layers import KeptLayer
from yakuba.engines.ledger.links import adding_to
from yakuba.engines.ledger.queries import books
from yakuba.engines.ledger.registering import installed_of
from yakuba.engines.places import layers as places
from yakuba.engines.places import rules
from yakuba.engines.places.access import VIEW_STATE
from yakuba.engines.places.layers import Layer
from yakuba.engines.places.uploads import Upload
from yakuba.kernel.access.desk import Pages, address, need
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.town.queries import offices_on
from yakuba.kernel.ui.components import Link
from yakuba.services.maps.rasters import Raster
from yakuba.services.maps.views.canvas import canvas

show = Pages("maps/desk").show
_ANY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Group:
    """Layers of one sort, as they are offered together."""

    key: str
    label: str
    layers: Sequence[Layer]


def every_layer(ctx: Context) -> list[Layer]:
    """The layers that this actor may see. Raises :class:`Denied` for whoever sees none of the internal map."""
    need(VIEW_STATE, ctx)
    return places.layers(ctx)


def grouped(every: Sequence[Layer]) -> list[Group]:
    """台帳, 取り込んだ層 and whatever else a source brings; a sort without layers is left out."""
    labels = {"ledgers": _("台帳"), "uploads": _("取り込んだ層"), "others": _("そのほか")}
    found = {key: [one for one in every if _sort(one) == key] for key in labels}
    return [Group(key, labels[key], own) for key, own in found.items() if own]


def _sort(layer: Layer) -> str:
    if isinstance(layer, KeptLayer):
        return "ledgers"
    return "uploads" if isinstance(layer, Upload) else "others"


def canvas_of(
    ctx: Context,
    chosen: Sequence[Layer],
    at: tuple[float, float] | None = None,
    *,
    plain: bool = False,
    one: UUID | None = None,
    pictures: Sequence[Raster] = (),
    adds: Mapping[str, str] | None = None,
) -> dict[str, JsonValue]:
    """What the map's script is told: tiles of the desk's face, where the panel of a feature is asked for, and what lies below."""
    code = ctx.municipality.code

    def tiles(layer: Layer) -> str:
        whole = reverse("places-desk-tile", args=[code, layer.key, 0, 0, 0])
        return whole.removesuffix("0/0/0.mvt") + "{z}/{x}/{y}.mvt"

    def feature(layer: Layer) -> str:
        return reverse("maps-desk-panel", args=[code, layer.key, _ANY]).replace(str(_ANY), "{id}")

    told = canvas(ctx, chosen, tiles, feature, at=at, plain=plain)
    told["adds"] = [{"label": one.label, "href": adds[one.key]} for one in chosen if adds and one.key in adds]
    if not told["box"]:
        told["box"] = list(rules.joined([one.box for one in pictures]) or ())
    below: list[JsonValue] = [
        {
            "key": picture.key,
            "tiles": picture.tiles,
            "box": list(picture.box),
            "maxzoom": picture.maxzoom,
            "attribution": picture.attribution,
        }
        for picture in pictures
    ]
    return {**told, "one": str(one or ""), "pictures": below}


def adding(ctx: Context, layers: Sequence[Layer]) -> dict[str, str]:
    """Layer → where the actor adds an entry to the ledger behind it; without those that he may not, and whose places are worked out."""
    found: dict[str, str] = {}
    here = {book.ledger: book for book in books(ctx)}
    for layer in layers:
        if not isinstance(layer, KeptLayer) or "place" in layer.ledger.derived:
            continue
        installed, book = installed_of(layer.ledger.key), here.get(layer.ledger.key)
        if installed is not None and book is not None and installed.access.add.may(ctx, book).allowed:
            found[layer.key] = adding_to(ctx, layer.ledger.key)
    return found


def offices(ctx: Context) -> list[tuple[str, str]]:
    """The offices of today as choices."""
    day = japan_date(ctx.now)
    return [(str(one.id), one.name) for one in offices_on(ctx.municipality.id, day)]


def home(ctx: Context) -> Link:
    """The way back to the map."""
    return Link(_("地図"), address("maps-desk", ctx))
