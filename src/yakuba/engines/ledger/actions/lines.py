"""The sub-rows of an entry, written with it."""

from __future__ import annotations

from typing import Any

from yakuba.engines.ledger.declaration import Lines
from yakuba.engines.ledger.records import Entry, parent
from yakuba.engines.ledger.values import cleaned, put, specs_of_line, told
from yakuba.kernel.actions import Context, Problem, Problems
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.sheets.wanted import placed, wanted


def fill_usual(lines: Lines[Any], said: dict[str, JsonValue]) -> None:  # Any: of any model
    """Put in what is usual where nothing is said of a new row: no where yes or no is asked, and what the ledger declares."""
    for name, spec in specs_of_line(lines.model).items():
        if said.get(name) is None and name in lines.usual:
            if (usual := lines.usual[name](said)) is not None:
                said[name] = usual
        elif name not in said and spec.required and spec.kind is not None and spec.kind.key == "yes_no":
            said[name] = False


def write_lines(
    ctx: Context,
    entry: Entry,
    lines: Lines[Any],  # Any: of any model
    changes: object,
    *,
    most: int,
) -> None:
    """Rows of one sort that come, change and go. Raises :class:`Problems`, each with its place: ``vaccinations.2.day``."""
    key, model = lines.key, lines.model
    specs = specs_of_line(model)
    there = {
        str(row.pk): row
        for row in model.unscoped.select_for_update().filter(
            municipality=ctx.municipality.id, **parent(entry)
        )
    }
    rows: list[JsonValue] = []
    problems: list[Problem] = []
    for place, change in enumerate(wanted(changes, "entry", most=most, keys=specs)):
        row = there.get(change.id)
        try:
            change.demand(None if row is None else row.version)
            before = None if row is None else told(row, specs)
            if change.remove:
                if row is not None:
                    row.delete()
                    rows.append({"id": change.id, "before": before, "after": None})
                continue
            made = row or model(municipality_id=ctx.municipality.id, **parent(entry))
            put(made, specs, cleaned(specs, change.said, whole=row is None))
            if contradictions := list(lines.check(made)):
                raise Problems(contradictions)
            made.version += 0 if row is None else 1
            made.save()
            rows.append({"id": str(made.pk), "before": before, "after": told(made, specs)})
        except Problem as problem:
            for one in placed(problem, place):
                one.field = f"{key}.{one.field}"
                problems.append(one)
    if problems:
        raise Problems(problems)
    ctx.note(**{key: rows})
