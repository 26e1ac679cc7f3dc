"""Pure rules of layers: what their properties are called, from where on they show everything, how they may be drawn."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from django.db.models import JSONField
from django.utils.translation import gettext as _

from yakuba.engines.places.cells import LEVELS
from yakuba.engines.places.mercator import to_world
from yakuba.kernel.actions import Problem
from yakuba.kernel.fields import Classification, JsonValue
from yakuba.kernel.fields.definition import FORMAT

Box = tuple[float, float, float, float]

# About how many features a tile holds at most where they lie evenly.
IN_A_TILE: Final = 5_000
# Beyond it a browser enlarges tiles: a unit is 4 cm.
MAX_ZOOM: Final = 18
MOST_PROPERTIES: Final = 100
MOST_CLASSES: Final = 30

# Colours that stay apart for colour-blind readers too (Okabe–Ito), in the order in which classes get them.
COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6d1f", "#555555")

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
# Of a feature itself, in tiles and in GeoJSON.
_TAKEN = frozenset({"id", "type", "geometry", "bbox", "links"})


def definition(columns: Sequence[tuple[str, str]], classification: Classification) -> dict[str, JsonValue]:
    """The definition of a layer's properties from a file's columns: (name, key of a kind) in order.

    A name of plain letters stays the property's key; any other gets ``f1``, ``f2`` … and is its label. Raises :class:`Problem` for
    too many.
    """
    if len(columns) > MOST_PROPERTIES:
        raise Problem(
            "too_many_columns",
            _("項目が%(found)d個あります。%(most)d個までにしてください。")
            % {"found": len(columns), "most": MOST_PROPERTIES},
            found=str(len(columns)),
            expected=str(MOST_PROPERTIES),
        )
    found: list[JsonValue] = []
    keys: set[str] = set()
    for number, (name, kind) in enumerate(columns, start=1):
        key = name.lower() if _usable(name) and name.lower() not in keys else f"f{number}"
        while key in keys:
            key += "_"
        keys.add(key)
        found.append(
            {
                "key": key,
                "kind": kind,
                "label": name or key,
                "classification": classification.value,
                "required": False,
            }
        )
    return {"format": FORMAT, "fields": found}


def _usable(name: str) -> bool:
    """Whether a name can stand in queries: Django reads two underscores, and some words, as a question."""
    plain = name.lower()
    return bool(
        _PLAIN.fullmatch(name)
        and "__" not in name
        and not name.endswith("_")
        and plain not in _TAKEN
        and plain not in JSONField.get_lookups()
    )


def detail_zoom(count: int, box: Box | None) -> int:
    """From which zoom on a layer of ``count`` features within ``box`` is drawn whole; 0: always.

    The first zoom at which a tile holds no more than :data:`IN_A_TILE` of them, were they to lie evenly; thinning by four for each
    zoom further out then keeps it so.
    """
    if box is None or count <= IN_A_TILE:
        return 0
    west, north = to_world(box[0], box[3])
    east, south = to_world(box[2], box[1])
    for zoom in range(1, MAX_ZOOM):
        tiles = max(1.0, (east - west) * 2**zoom) * max(1.0, (south - north) * 2**zoom)
        if count <= IN_A_TILE * tiles:
            return zoom
    return MAX_ZOOM


def level_of(cell: int) -> int:
    """The level of a cell, 0 (the world) … 28."""
    return LEVELS - ((cell & -cell).bit_length() - 1) // 2


def joined(boxes: Sequence[Box]) -> Box | None:
    """The box round all boxes."""
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def checked_style(style: Mapping[str, JsonValue], keys: Sequence[str]) -> dict[str, JsonValue]:
    """How a layer is drawn: ``{"colour", "by", "classes": [[value, colour, label], …], "label"}``, all of them optional.

    ``by`` and ``label`` name properties. Raises :class:`Problem` for anything else.
    """
    if unknown := sorted(set(style) - {"colour", "by", "classes", "label"}):
        raise _style("style_word", unknown[0], "colour・by・classes・label")
    for word in ("by", "label"):
        if word in style and style[word] not in keys:
            raise _style(word, str(style[word])[:40], "・".join(keys))
    if "colour" in style:
        _colour(style["colour"])
    classes = style.get("classes", [])
    if not isinstance(classes, list) or len(classes) > MOST_CLASSES or (classes and "by" not in style):
        raise _style("classes", str(classes)[:40], _("%d個までの区分と、byの項目") % MOST_CLASSES)
    for one in classes:
        if not isinstance(one, list) or len(one) != 3 or not isinstance(one[2], str):
            raise _style("classes", str(one)[:40], _("[値, 色, 名前]"))
        if one[0] is not None and not isinstance(one[0], str | int | float | bool):
            raise _style("classes", str(one[0])[:40], _("文字か数"))
        _colour(one[1])
    return dict(style)


def kept_style(style: Mapping[str, JsonValue], keys: Sequence[str]) -> dict[str, JsonValue]:
    """What remains of a checked style when the layer has other properties: nothing is drawn by one that is gone."""
    gone = {word for word in ("by", "label") if word in style and style[word] not in keys}
    if "by" in gone:
        gone.add("classes")
    return {word: value for word, value in style.items() if word not in gone}


def _colour(found: JsonValue) -> None:
    if not isinstance(found, str) or not _COLOUR.fullmatch(found):
        raise _style("colour", str(found)[:40], "#0017c1")


def _style(code: str, found: str, expected: str) -> Problem:
    return Problem(
        code,
        _("描き方の「%(found)s」は使えません。%(expected)s にしてください。")
        % {"found": found, "expected": expected},
        field="style",
        found=found,
        expected=expected,
    )
