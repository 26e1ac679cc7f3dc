"""TileJSON 3.0.0 (https://github.com/mapbox/tilejson-spec/tree/master/3.0.0): what a map has to know of a layer's tiles."""

from __future__ import annotations

from yakuba.engines.places.layers import Layer
from yakuba.engines.places.rules import MAX_ZOOM, kept_style
from yakuba.kernel.actions import Context
from yakuba.kernel.fields import JsonValue


def tilejson(layer: Layer, ctx: Context, address: str) -> dict[str, JsonValue]:
    """The document; ``address`` is that of the tiles with ``{z}``, ``{x}`` and ``{y}`` in it.

    Our own facts: ``yakuba:fullDetailZoom`` (before this zoom tiles hold one in four features for each zoom further out),
    ``yakuba:terms``, ``yakuba:style``, ``yakuba:version``.
    """
    known = layer.properties(ctx)
    fields: dict[str, JsonValue] = {"id": "ID"}
    fields |= {one.key: one.spec.label for one in known if one.in_tiles}
    found: dict[str, JsonValue] = {
        "tilejson": "3.0.0",
        "name": layer.label,
        "version": f"{layer.version(ctx)}.0.0",
        "scheme": "xyz",
        "tiles": [address],
        "minzoom": 0,
        "maxzoom": MAX_ZOOM,
        "vector_layers": [{"id": layer.key, "fields": fields, "minzoom": 0, "maxzoom": MAX_ZOOM}],
        "yakuba:fullDetailZoom": layer.full_detail_zoom,
        "yakuba:version": layer.version(ctx),
        # What it is drawn by for staff may be nothing for everybody: not even the names of its classes.
        "yakuba:style": kept_style(layer.style, [one.key for one in known]),
    }
    if layer.attribution:
        found["attribution"] = layer.attribution
    if layer.terms:
        found["yakuba:terms"] = layer.terms
    if layer.box is not None:
        found["bounds"] = list(layer.box)
    return found
