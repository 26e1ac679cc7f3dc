"""The form of an entry: its fields by section, its sub-rows, and how what was typed becomes an action's data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yakuba.engines.ledger.declaration import Lines
from yakuba.engines.ledger.records import Entry, Line
from yakuba.engines.ledger.values import from_text, specs_of_line, told, value_of
from yakuba.kernel.actions import Problem, Problems
from yakuba.kernel.fields import JsonValue, Spec
from yakuba.kernel.fields.kinds import Widget
from yakuba.kernel.ui.components import FieldError, field, spec_field
from yakuba.services.ledgers.views.frame import Opened, typed

#: Empty rows below those that are there.
_FRESH = 2
#: So many rows of a sort stand in the form, the newest: a form of more fields than a request may have could not be sent.
_MOST = 30


def drawn(key: str, spec: Spec, value: str, error: object = "") -> SafeString:
    """A field of a form. What may be left empty can be emptied again, so a choice of that sort is a list with an empty line."""
    assert spec.kind is not None  # fields of a ledger have one  # noqa: S101
    if not spec.required and spec.kind.widget in {Widget.CHOICE, Widget.YES_NO}:
        return field(
            key,
            spec.label,
            widget="select",
            value=value,
            required=False,
            hint=spec.help,
            error=str(error),
            choices=spec.kind.choices(),
        )
    if spec.kind.key == "shape":
        return _place(key, spec, value, str(error))
    return spec_field(key, spec, value=value, error=str(error))


#: Behind the name of a place: the two plain fields of a point.
_NORTH, _EAST = ".north", ".east"
_PAIR: Final = re.compile(r"\s*([^,、，\s(A-Za-z]+)\s*[,、，\s]\s*([^,、，\s(A-Za-z]+)\s*\Z")


def _place(key: str, spec: Spec, value: str, error: str) -> SafeString:
    """A point as two plain fields; a line or an area, and what cannot be told apart, as it is written."""
    pair = _PAIR.match(value)
    north, east = pair.groups() if pair else ("", "")
    whole = field(
        key if value and not pair else f"{key}.shape",
        _("線・面（WKT）") if pair or not value else spec.label,
        name=key,
        widget="textarea" if len(value) > 60 else "text",
        value="" if pair else value,
        required=False,
        hint=_("線と面は、LINESTRING や POLYGON で始まる文（WKT）で書きます。点なら空のままにします。"),
        error="" if pair or not value else error,
    )
    if value and not pair:
        return whole
    parts = (
        field(
            key,
            name=f"{key}{_NORTH}",
            label=_("%sの緯度（北緯）") % spec.label,
            value=north,
            required=spec.required,
            hint=spec.help
            or _("例：36.321456。スマートフォンや地図の画面で、その場所を長く押すと出る2つの数の1つ目です。"),
            error=error,
        ),
        field(
            f"{key}{_EAST}",
            _("%sの経度（東経）") % spec.label,
            value=east,
            required=spec.required,
            hint=_("例：139.805678。2つの数の2つ目です。"),
        ),
    )
    return format_html("{}{}<details><summary>{}</summary>{}</details>", *parts, _("線・面で入れる"), whole)


def posted(specs: Mapping[str, Spec], data: QueryDict, prefix: str = "") -> dict[str, str]:
    """What was typed into the fields of a form, as typed."""
    found = {name: data.get(f"{prefix}{name}", "") for name in specs if f"{prefix}{name}" in data}
    for name in specs:
        north, east = (data.get(f"{prefix}{name}{part}", "").strip() for part in (_NORTH, _EAST))
        if (north or east) and not found.get(name, "").strip():
            # Half of a pair is told as what it is: nothing that can be read as a place.
            found[name] = f"{north or '―'}, {east or '―'}"
    return found


def values_of(row: Entry | Line, specs: Mapping[str, Spec]) -> dict[str, str]:
    """What stands in the form of a row that is there."""
    return {name: typed(value_of(row, name, specs), spec) for name, spec in specs.items()}


@dataclass(frozen=True, slots=True)
class RowForm:
    """One sub-row in the form: a row that is there, or an empty one (``id`` empty)."""

    prefix: str
    id: str
    version: int
    fields: Sequence[SafeString]
    removed: bool


@dataclass(frozen=True, slots=True)
class LinesForm:
    """The sub-rows of one sort; ``older``: how many do not stand in the form."""

    key: str
    label: str
    rows: Sequence[RowForm]
    older: int


def lines_form(
    lines: Lines[Line],
    rows: Sequence[Line],
    data: QueryDict | None,
    errors: Mapping[str, object],
) -> LinesForm:
    """The newest rows that are there, and empty ones below; with ``data`` as they were typed."""
    specs = specs_of_line(lines.model)
    found: list[RowForm] = []
    for place, row in enumerate([*rows[:_MOST], *([None] * _FRESH)]):
        prefix = f"lines.{lines.key}.{place}."
        if data is not None:
            values = posted(specs, data, prefix)
        else:
            values = values_of(row, specs) if row else _usual_texts(lines.model, specs)
        found.append(
            RowForm(
                prefix,
                str(row.pk) if row else "",
                row.version if row else 0,
                [
                    drawn(
                        f"{prefix}{name}",
                        _never_required(spec, fresh=row is None),
                        values.get(name, ""),
                        errors.get(f"{prefix}{name}", ""),
                    )
                    for name, spec in specs.items()
                ],
                removed=data is not None and bool(data.get(f"{prefix}remove")),
            )
        )
    return LinesForm(lines.key, str(lines.label), found, max(len(rows) - _MOST, 0))


def _never_required(spec: Spec, *, fresh: bool) -> Spec:
    """An empty row may stay empty, so a browser may not ask for its fields. Yes or no is always answered: as it usually is."""
    return replace(spec, required=False) if fresh and not _is_yes_no(spec) else spec


def _is_yes_no(spec: Spec) -> bool:
    return spec.kind is not None and spec.kind.widget is Widget.YES_NO


def _usual(model: type[Line], specs: Mapping[str, Spec]) -> dict[str, JsonValue]:
    """The yes or no of a new sub-row as its model declares it."""
    columns = {one.name: one for one in model._meta.concrete_fields}
    return {name: bool(columns[name].get_default()) for name, spec in specs.items() if _is_yes_no(spec)}


def _usual_texts(model: type[Line], specs: Mapping[str, Spec]) -> dict[str, str]:
    return {name: "1" if yes else "0" for name, yes in _usual(model, specs).items()}


@dataclass(slots=True)
class Said:
    """What a form says: changes of sub-rows by sort, the place in the form of each change, and what cannot be read."""

    lines: dict[str, list[dict[str, JsonValue]]]
    places: dict[str, list[str]]
    problems: list[Problem]


def read_lines(one: Opened, there: Mapping[str, Sequence[Line]], data: QueryDict) -> Said:
    """The sub-rows that come, change and go; those that stay as they are are not in it."""
    said = Said({}, {}, [])
    for lines in one.ledger.lines:
        specs = specs_of_line(lines.model)
        rows = {str(row.pk): row for row in there[lines.key]}
        changes: list[dict[str, JsonValue]] = []
        places: list[str] = []
        for place in range(_MOST + _FRESH):
            prefix = f"lines.{lines.key}.{place}."
            if f"{prefix}id" not in data:
                break
            row = rows.get(data.get(f"{prefix}id", ""))
            usual = _usual(lines.model, specs) if row is None else {}
            change = _read_row(specs, row, usual, data, prefix, said.problems)
            if change is not None:
                changes.append(change)
                places.append(prefix)
        if changes:
            said.lines[lines.key], said.places[lines.key] = changes, places
    return said


def _read_row(
    specs: Mapping[str, Spec],
    row: Line | None,
    usual: Mapping[str, JsonValue],
    data: QueryDict,
    prefix: str,
    problems: list[Problem],
) -> dict[str, JsonValue] | None:
    row_id, version = data.get(f"{prefix}id", ""), data.get(f"{prefix}version", "0")
    head: dict[str, JsonValue] = {
        "id": row_id,
        "version": int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0,
    }
    if row_id and data.get(f"{prefix}remove"):
        return {**head, "remove": True}
    try:
        values = from_text(specs, posted(specs, data, prefix))
    except Problems as refused:
        for each in refused.problems:
            each.field = f"{prefix}{each.field}"
        problems += refused.problems
        return None
    if row is None:
        values = {**usual, **{name: value for name, value in values.items() if value is not None}}
        return {**head, "entry": values} if values != usual else None
    before = told(row, specs)
    changed = {name: value for name, value in values.items() if value != before.get(name)}
    return {**head, "entry": changed} if changed else None


def placed(problem: Problem, said: Said) -> list[Problem]:
    """A refusal, its sub-rows named by their place in the form."""
    found = list(problem.problems) if isinstance(problem, Problems) else [problem]
    for each in found:
        key, _dot, rest = each.field.partition(".")
        place, _dot, name = rest.partition(".")
        if key in said.places and place.isdecimal() and int(place) < len(said.places[key]):
            each.field = f"{said.places[key][int(place)]}{name}"
    return found


def by_key(errors: Sequence[FieldError]) -> dict[str, object]:
    """The messages of a form by field."""
    return {one.key: one.message for one in errors}
