"""OGC API – Features 1.0 over the layers of a municipality.

Part 1 (core, GeoJSON, HTML, OpenAPI 3.0), Part 2 (coordinate systems), Part 3 (filter and queryables, in CQL2).

Plain views and no part of the house's own API: a layer's properties are parameters of its addresses, media types are agreed on by
``Accept`` or ``f``, and the standard wants an OpenAPI document that names the layers there are, which differ from one municipality,
and from one reader, to the next.
"""
