"""CQL2 (OGC 21-065r2): a filter is read to its end into a tree, or refused; the tree asks only for what a layer declares."""

from yakuba.engines.places.cql2.compiling import Frame, Queryable, comparable, compile_filter
from yakuba.engines.places.cql2.problems import BadFilter
from yakuba.engines.places.cql2.reading_json import from_json
from yakuba.engines.places.cql2.reading_text import from_text
from yakuba.engines.places.cql2.writing import to_json, to_text

__all__ = [
    "BadFilter",
    "Frame",
    "Queryable",
    "comparable",
    "compile_filter",
    "from_json",
    "from_text",
    "to_json",
    "to_text",
]
