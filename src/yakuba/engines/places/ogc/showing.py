"""A document of the API for a person: its links, its list as a table, and everything else in it as facts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from yakuba.engines.places.ogc.documents import Document
from yakuba.kernel.fields import JsonValue

_LISTED = ("features", "collections", "paths")


def shown_to_people(document: Document) -> dict[str, object]:
    """What the template ``places/ogc.html`` draws, beside the page itself."""
    rows = _rows(document)
    flat = [_flat({key: value for key, value in one.items() if key != "links"}) for one in rows]
    columns = list(dict.fromkeys(key for one in flat for key in one))
    rest = {key: value for key, value in document.items() if key not in ("links", "components", *_LISTED)}
    return {
        "links": document.get("links", []),
        "facts": _flat(rest).items(),
        "columns": columns,
        "rows": [
            ([one.get(column, "") for column in columns], row.get("links", []))
            for one, row in zip(flat, rows, strict=True)
        ],
    }


def _rows(document: Document) -> Sequence[Mapping[str, JsonValue]]:
    """The list that a document is about; of an OpenAPI document its addresses."""
    paths = document.get("paths")
    if isinstance(paths, Mapping):
        return [_operation(path, one["get"]) for path, one in paths.items() if isinstance(one, Mapping)]
    found = document.get("features", document.get("collections", []))
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, Sequence) else []


def _operation(path: str, operation: JsonValue) -> dict[str, JsonValue]:
    told = operation if isinstance(operation, Mapping) else {}
    parameters = told.get("parameters", [])
    names = (
        [str(one["name"]) for one in parameters if isinstance(one, Mapping)]
        if isinstance(parameters, Sequence)
        else []
    )
    return {_("アドレス"): path, _("内容"): told.get("summary", ""), _("パラメーター"): names}


def _flat(found: JsonValue, name: str = "") -> dict[str, str]:
    """Every value of a document under its path; a geometry and a list of plain values are one each."""
    if isinstance(found, Mapping) and "coordinates" in found:
        return {name: json.dumps(found, ensure_ascii=False)}
    if isinstance(found, Mapping):
        flat: dict[str, str] = {}
        for key, value in found.items():
            flat |= _flat(value, f"{name}.{key}" if name else str(key))
        return flat
    if isinstance(found, list):
        if any(isinstance(one, Mapping) for one in found):
            return _flat({str(place): one for place, one in enumerate(found, start=1)}, name)
        return {name: "、".join(str(one) for one in found)}
    if isinstance(found, bool):
        return {name: json.dumps(found)}
    return {name: "" if found is None else str(found)}
