"""What the script that draws a map is told: layers with their tiles and colours, where to begin, what lies below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase

from yakuba.engines.places import rules
from yakuba.engines.places.layers import Layer
from yakuba.kernel.actions import Context
from yakuba.kernel.fields import JsonValue
from yakuba.services.maps.base import BaseMap, base_map

PLAIN = rules.COLOURS[0]


def canvas(
    ctx: Context,
    layers: Sequence[Layer],
    tiles: Callable[[Layer], str],
    feature: Callable[[Layer], str],
    *,
    at: tuple[float, float] | None = None,
    plain: bool = False,
) -> dict[str, JsonValue]:
    """The document for ``json_script``. ``tiles`` and ``feature`` give addresses with words in braces; ``at`` is a point to begin with.

    ``plain``: without the base map.
    """
    base = None if plain else base_map(ctx)
    boxes = [layer.box for layer in layers if layer.box is not None]
    return {
        "layers": [
            {
                "key": layer.key,
                "label": layer.label,
                "tiles": tiles(layer),
                "feature": feature(layer),
                "attribution": layer.attribution,
                "style": dict(layer.style),
                "version": layer.version(ctx),
                "maxzoom": rules.MAX_ZOOM,
            }
            for layer in layers
        ],
        "base": None
        if base is None
        else {"tiles": base.tiles, "attribution": base.attribution, "maxzoom": base.max_zoom},
        "box": list(rules.joined(boxes) or ()),
        "at": list(at) if at else [],
    }


def allowing(response: HttpResponseBase, base: BaseMap | None) -> HttpResponseBase:
    """Let this page load pictures from the origin that the operator named, and from no other."""
    if base is not None and base.origin:
        response._csp_update = {"connect-src": [base.origin], "img-src": [base.origin]}  # type: ignore[attr-defined]  # noqa: SLF001  # as csp_update sets it
    return response


# Forms of marks, in the order of a style's classes; maps/map.js draws the same.
FORMS = (
    "M9 2.5a6.5 6.5 0 1 0 .01 0z",
    "M3 3h12v12H3z",
    "M9 2l7.5 13.5h-15z",
    "M9 1l8 8-8 8-8-8z",
    "M9 16L1.5 2.5h15z",
    "M6.5 1.5h5v5h5v5h-5v5h-5v-5h-5v-5h5z",
)


@dataclass(frozen=True, slots=True)
class Legend:
    """One line of a legend: what a mark looks like, and what it means."""

    colour: str
    word: str
    form: str


def legend(layer: Layer) -> list[Legend]:
    """A line for each class of a layer, one where it is drawn in one colour."""
    classes = layer.style.get("classes")
    if isinstance(classes, list) and classes:
        return [
            Legend(str(one[1]), str(one[2]), FORMS[place % len(FORMS)])
            for place, one in enumerate(classes)
            if isinstance(one, list)
        ]
    return [Legend(str(layer.style.get("colour") or PLAIN), layer.label, FORMS[0])]
