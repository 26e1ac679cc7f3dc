"""The action-data host: frozen dataclasses whose annotations carry the fields."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from django.utils.translation import gettext as _

from yakuba.kernel.fields.columns import SpecColumn
from yakuba.kernel.fields.kinds import Invalid, JsonValue
from yakuba.kernel.fields.spec import Spec

D = TypeVar("D")


class DataProblem(ValueError):
    """One or more fields refused: key → what was wrong."""

    def __init__(self, problems: Mapping[str, Invalid]) -> None:
        super().__init__(", ".join(f"{key}: {problem.code}" for key, problem in problems.items()))
        self.problems = dict(problems)


def specs_of(data: type[object]) -> dict[str, Spec]:
    """Field name → spec of a dataclass, in the order declared. A field without a declaration is a programming error."""
    found: dict[str, Spec] = _specs_of(data)  # type: ignore[arg-type]  # a class is hashable whatever its instances are
    return found


@cache
def _specs_of(data: Any) -> dict[str, Spec]:  # Any: mypy sees no __hash__ on the metaclass of every dataclass
    hints = get_type_hints(data, include_extras=True)
    specs: dict[str, Spec] = {}
    for field in dataclasses.fields(data):
        hint = hints[field.name]
        column = (
            next((m for m in get_args(hint)[1:] if isinstance(m, SpecColumn)), None)
            if (get_origin(hint) is Annotated)
            else None
        )
        if column is None:
            raise TypeError(
                f"{data.__qualname__}.{field.name} carries no field: write Annotated[…, fields.…(…)]"
            )
        has_default = (
            field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
        )
        # A document says nothing of being required; without a default it is.
        required = column.spec.required or column.spec.kind is None
        if not (required or has_default):
            raise TypeError(f"{data.__qualname__}.{field.name} may be left out, so it needs a default")
        specs[field.name] = dataclasses.replace(column.spec, required=required and not has_default)
    return specs


def read_text(data: type[D], raw: Mapping[str, str]) -> D:
    """An instance from typed text (a form, a command line). Raises :class:`DataProblem` with every refused field."""
    return _read(data, raw, lambda spec, value: spec.kind.parse(str(value)) if spec.kind else value)


def read_json(data: type[D], raw: Mapping[str, JsonValue]) -> D:
    """An instance from a JSON object. Unknown keys are refused: a misspelt one would be dropped silently."""
    unknown = sorted(set(raw) - set(specs_of(data)))
    if unknown:
        expected = "・".join(specs_of(data))
        raise DataProblem({key: Invalid("unknown", key, expected) for key in unknown})
    return _read(data, raw, lambda spec, value: spec.kind.from_json(value) if spec.kind else value)


def _read(data: type[D], raw: Mapping[str, Any], convert: Any) -> D:  # Any: values of every kind pass through
    values: dict[str, object] = {}
    problems: dict[str, Invalid] = {}
    for key, spec in specs_of(data).items():
        found = raw.get(key)
        if found is None or (isinstance(found, str) and not found.strip()):
            if spec.required:
                problems[key] = Invalid("required", "", _("入力が必要です"))
            elif (
                key in raw
                and isinstance(found, str)
                and spec.kind is not None
                and spec.kind.key in {"text", "prose", "kana"}
            ):
                values[key] = ""  # cleared on purpose
            continue
        try:
            values[key] = convert(spec, found)
        except Invalid as problem:
            problems[key] = problem
    if problems:
        raise DataProblem(problems)
    return data(**values)


def as_json(data: object) -> dict[str, JsonValue]:
    """A data instance as JSON, the inverse of :func:`read_json`."""
    found: dict[str, JsonValue] = {}
    for key, spec in specs_of(type(data)).items():
        value = getattr(data, key)
        found[key] = None if value is None else (spec.kind.to_json(value) if spec.kind else value)
    return found
