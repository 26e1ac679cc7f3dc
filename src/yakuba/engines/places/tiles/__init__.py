"""Vector tiles (Mapbox Vector Tile 2.1) of layers, by PostGIS or by our own hand, with the same features either way."""

from yakuba.engines.places.tiles.making import tile
from yakuba.engines.places.tiles.tilejson import tilejson

__all__ = ["tile", "tilejson"]
