"""What a sheet would do: shown to a person, carried through the form that confirms it, and told at its place where it is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.sheets.changes import Preview
from yakuba.kernel.sheets.table import Column
from yakuba.kernel.ui.components import FieldError


@dataclass(frozen=True, slots=True)
class Line:
    """One row that a sheet adds or changes: where it stands in the sheet, which it is, and (label, before, after) of what changes."""

    address: str
    title: str
    changes: Sequence[tuple[str, str, str]]
    fresh: bool


def lines(preview: Preview, titles: Mapping[UUID, str], named_by: str = "title") -> list[Line]:
    """What a sheet would do. ``titles`` name the rows that are here, the column ``named_by`` those that are new."""
    changed = [
        Line(
            f"A{row.number}",
            titles[row.id],
            [(cell.column.label, cell.before_text, cell.after_text) for cell in row.cells],
            fresh=False,
        )
        for row in preview.changes
    ]
    added = [
        Line(
            row.address,
            str(row.values.get(named_by, "")),
            [
                (row.columns[key].label, "", row.columns[key].shown(value))
                for key, value in row.values.items()
            ],
            fresh=True,
        )
        for row in preview.added
    ]
    return [*changed, *added]


def changes(
    preview: Preview, under: str
) -> list[Any]:  # Any: JSON, which the action reads by kernel.sheets.wanted
    """The same for the action; what is said of a row stands ``under`` a name."""
    changed = [
        {
            "id": str(row.id),
            "version": row.version,
            under: {cell.column.key: _json(cell.column, cell.after) for cell in row.cells},
        }
        for row in preview.changes
    ]
    added = [
        {
            "id": "",
            "version": 0,
            under: {key: _json(row.columns[key], value) for key, value in row.values.items()},
        }
        for row in preview.added
    ]
    return [*changed, *added]


def _json(column: Column, value: object) -> JsonValue:
    return None if value is None or column.kind is None else column.kind.to_json(value)


class Carried(TypedDict):
    """Hidden fields of a form, as JSON."""

    changes: str
    places: str


def carried(preview: Preview, under: str) -> Carried:
    """The hidden fields of the form that confirms: the changes, and where in the sheet each stands, in their order."""
    places = [f"A{row.number}" for row in preview.changes] + [row.address for row in preview.added]
    return {
        "changes": json.dumps(changes(preview, under), ensure_ascii=False),
        "places": json.dumps(places),
    }


def listed(request: HttpRequest, key: str) -> list[Any]:  # Any: JSON, which the action checks
    """A list that :func:`carried` put into the form. Raises :class:`Problem` for anything else."""
    try:
        found = json.loads(request.POST.get(key, "[]"))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list):
        raise Problem("changes", _("変更の内容を読み取れません。表をもう一度選んでください。"), field="file")
    return found


def at_place(error: FieldError, places: Sequence[object]) -> str:
    """A refusal with the row of the sheet that it is about."""
    number = error.key.partition(".")[0]
    if number.isdecimal() and int(number) < len(places):
        return _("%(place)s：%(message)s") % {
            "place": str(places[int(number)])[:10],
            "message": error.message,
        }
    return str(error.message)
