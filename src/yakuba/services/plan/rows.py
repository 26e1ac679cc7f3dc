"""Between database rows and the `yakuba-plan/1` form: pure mapping, nothing is saved here.

Columns carry the names of the format's keys, so that both ways follow from the column's declaration: a new column of
:class:`Initiative` that the format does not know travels under ``more``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from yakuba.kernel.actions import Problem
from yakuba.kernel.fields import Classification, Invalid, JsonValue, Spec, spec_of
from yakuba.services.plan.models import Indicator, Initiative, InitiativeOffice, Node, Placement, Value

Form = dict[str, Any]  # Any: one object of a JSON document

NODE_KEYS = ("path", "title", "text")
OFFICE_KEYS = ("name", "role", "doubtful")
PLACEMENT_KEYS = ("path", "primary")
INDICATOR_KEYS = ("number", "name", "unit", "direction", "aggregation", "bound", "definition", "states")
# Keys that a document has only where they say something.
_SPARSE_LISTS = frozenset({"states", "themes"})
SPARSE_KEYS = _SPARSE_LISTS | {"definition"}
VALUE_KEYS = (
    "kind",
    "year",
    "as_of",
    "raw",
    "number",
    "state",
    "approximate",
    "numerator",
    "denominator",
    "status",
    "revision",
    "reason",
)
# The format's own keys of an initiative that are columns of the same name, in the format's order.
INITIATIVE_KEYS = (
    "year",
    "kind",
    "number",
    "title",
    "flags",
    "group",
    "lineage",
    "tags",
    "texts",
    "items",
    "stages",
    "progress",
    "sources",
    "doubts",
    "corrected",
    "progress_meaning",
    "warnings",
    "themes",
)
# Columns that place the row in the database and say nothing about the plan.
_HOUSEKEEPING = {
    "id",
    "municipality",
    "version",
    "edition",
    "position",
    "number_sort",
    "source_file",
    "source_line",
    "source_part",
    "themes_declined",
}


def more_keys() -> tuple[str, ...]:
    """Columns of an initiative that the format has no key for."""
    return tuple(
        field.name
        for field in Initiative._meta.concrete_fields
        if field.name not in _HOUSEKEEPING and field.name not in INITIATIVE_KEYS
    )


def more_specs(*, public: bool = False) -> dict[str, Spec]:
    """The specs of those columns; with ``public`` only of those that everybody may read."""
    specs = {key: spec_of(Initiative._meta.get_field(key)) for key in more_keys()}
    return {
        key: spec
        for key, spec in specs.items()
        if spec is not None
        and spec.kind is not None
        and (not public or spec.classification is Classification.PUBLIC)
    }


def more_values(
    data: Mapping[str, Any], *, public: bool = False
) -> dict[str, Any]:  # Any: JSON, and values of any kind
    """The values of the fields beyond the format, as their kinds make them."""
    kept = data.get("more", {})
    return {
        key: spec.kind.from_json(kept[key])
        for key, spec in more_specs(public=public).items()
        if spec.kind is not None and key in kept
    }


def more_shown(data: Mapping[str, Any], *, public: bool = False) -> list[tuple[str, str, str]]:  # Any: JSON
    """(key, label, text) of every field beyond the format, empty ones too."""
    values = more_values(data, public=public)
    return [
        (key, spec.label, spec.kind.to_text(values[key]) if spec.kind is not None and key in values else "")
        for key, spec in more_specs(public=public).items()
    ]


def columns(model: type[models.Model], data: Mapping[str, Any], keys: Iterable[str]) -> Form:  # Any: JSON
    """Keyword arguments of a row from one object of the format."""
    found: Form = {}
    for key in keys:
        field = model._meta.get_field(key)
        if key not in data:
            if key in SPARSE_KEYS:
                found[key] = [] if key in _SPARSE_LISTS else ""
            continue
        spec = spec_of(field)
        raw = data[key]
        if spec is None or spec.kind is None:
            found[key] = raw
        elif raw is None:
            found[key] = None if getattr(field, "null", False) else ""
        else:
            # Checked by the document's shape already; the column's kind adds what it alone knows (digits, code lists).
            try:
                found[key] = spec.kind.from_json(raw)
            except Invalid as invalid:
                raise Problem.of(key, spec.label, invalid) from invalid
    return found


def form(row: models.Model, keys: Iterable[str], *, text_keys: frozenset[str] = frozenset()) -> Form:
    """One object of the format from a row; empty texts are null except those of ``text_keys``."""
    found: Form = {}
    for key in keys:
        spec = spec_of(row._meta.get_field(key))
        value = getattr(row, key)
        if key in SPARSE_KEYS and not value:
            continue
        if spec is None or spec.kind is None:
            found[key] = value
        elif value is None or (value == "" and key not in text_keys):
            found[key] = None
        else:
            found[key] = spec.kind.to_json(value)
    return found


def initiative_form(
    row: Initiative,
    offices: Iterable[InitiativeOffice],
    placements: Iterable[Placement],
    indicators: Iterable[tuple[Indicator, Iterable[Value]]],
) -> Form:
    """An initiative as the format writes it, keys in the format's order."""
    own = form(row, INITIATIVE_KEYS, text_keys=frozenset({"number", "title"}))
    more = {key: value for key, value in form(row, more_keys()).items() if value not in (None, "", [], {})}
    source = None
    if row.source_line is not None:
        source = {"file": row.source_file, "line": row.source_line}
        if row.source_part:
            source["part"] = row.source_part
    found: Form = {
        "year": own["year"],
        "kind": own["kind"],
        "number": own["number"],
        "title": own["title"],
        "offices": [form(office, OFFICE_KEYS, text_keys=frozenset({"name"})) for office in offices],
        "flags": own["flags"],
        "group": own["group"],
        "lineage": own["lineage"],
        "placements": [form(placement, PLACEMENT_KEYS) for placement in placements],
        "tags": own["tags"],
        "texts": own["texts"],
        "items": own["items"],
        "stages": own["stages"],
        "progress": own["progress"],
        "indicators": [
            {
                **form(indicator, INDICATOR_KEYS, text_keys=frozenset({"name"})),
                "values": [form(value, VALUE_KEYS, text_keys=frozenset({"raw"})) for value in values],
            }
            for indicator, values in indicators
        ],
        "source": source,
        "sources": own["sources"],
        "doubts": own["doubts"],
        "corrected": own["corrected"],
        "progress_meaning": own["progress_meaning"],
        "warnings": own["warnings"],
    }
    if own.get("themes"):
        found["themes"] = own["themes"]
    if more:
        found["more"] = more
    return found


def node_form(row: Node) -> Form:
    """A node as the format writes it."""
    return {"path": row.path, "title": row.title, "text": row.text if row.has_text else None}


def public_keys(model: type[models.Model], keys: Iterable[str]) -> tuple[str, ...]:
    """Those of the keys whose column is classified public."""
    found = []
    for key in keys:
        spec = spec_of(model._meta.get_field(key))
        if spec is not None and spec.classification is Classification.PUBLIC:
            found.append(key)
    return tuple(found)


def public_form(data: Form) -> dict[str, JsonValue]:
    """The public fields of an initiative's form: what its columns classify as public, at every depth."""
    own = set(public_keys(Initiative, (*INITIATIVE_KEYS, *more_keys())))
    offices = public_keys(InitiativeOffice, OFFICE_KEYS)
    placements = public_keys(Placement, PLACEMENT_KEYS)
    indicators = public_keys(Indicator, INDICATOR_KEYS)
    values = public_keys(Value, VALUE_KEYS)
    found: dict[str, JsonValue] = {}
    for key, value in data.items():
        if key == "offices":
            found[key] = [{k: item[k] for k in offices} for item in value]
        elif key == "placements":
            found[key] = [{k: item[k] for k in placements} for item in value]
        elif key == "indicators":
            found[key] = [
                {
                    **{k: item[k] for k in indicators if k in item},
                    "values": [{k: printed[k] for k in values} for printed in item["values"]],
                }
                for item in value
            ]
        elif key == "more":
            shown = {k: v for k, v in value.items() if k in own}
            if shown:
                found[key] = shown
        elif key in own:
            found[key] = value
    return found
