"""Places inside an initiative's form, written as ``indicators[0].values[2].raw``, ``texts.purpose``, ``stages.2026``. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

Form = dict[str, Any]  # Any: one object of a yakuba-plan/1 document

# A place in a list, written in one way only: 01 and １ would be other names of the same cell.
PLACE = r"(?:0|[1-9][0-9]{0,3})"
_STEP = re.compile(rf"([a-z_]+)(?:\[({PLACE})\])?")
# Objects whose keys are not known beforehand: what stands behind the point is one key, whatever it holds.
OPEN = ("texts.", "stages.", "tags.", "more.")
# Keys that a form has only where they say something.
SPARSE = frozenset({"definition", "states", "themes"})


def get(form: Form, path: str) -> Any:  # Any: any JSON value
    """The value at ``indicators[0].values[2].raw``. LookupError where there is none."""
    return _follow(form, steps(path), path)


def put(form: Form, path: str, value: Any) -> None:  # Any: any JSON value
    """Set the value at a path that exists, or of a key that a form may lack. LookupError where there is no such place."""
    way = steps(path)
    if path.startswith("more."):
        form.setdefault("more", {})
    holder = _follow(form, way[:-1], path)
    key, index = way[-1]
    try:
        if index is not None:
            holder[key][index] = value
        elif key in holder or path.startswith(OPEN) or key in SPARSE:
            holder[key] = value
        else:
            raise KeyError(path)
    except (TypeError, ValueError) as exc:
        raise KeyError(path) from exc


def drop(form: Form, path: str) -> None:
    """Take a key away that a form may lack; nothing where it is not there."""
    way = steps(path)
    try:
        holder = _follow(form, way[:-1], path)
    except LookupError:
        return
    if isinstance(holder, dict):
        holder.pop(way[-1][0], None)


def steps(path: str) -> list[tuple[str, int | None]]:
    """The keys of a path, each with its place in a list. LookupError for what is no path."""
    if path.startswith(OPEN):
        head, _point, rest = path.partition(".")
        if not rest:
            raise KeyError(path)
        return [(head, None), (rest, None)]
    found = []
    for part in path.split("."):
        step = _STEP.fullmatch(part)
        if step is None:
            raise KeyError(path)
        found.append((step[1], int(step[2]) if step[2] else None))
    return found


def under(path: str, container: str) -> bool:
    """Whether a path lies inside a list or an object (not the container itself)."""
    return path.startswith((f"{container}[", f"{container}."))


def _follow(form: Form, way: Sequence[tuple[str, int | None]], path: str) -> Any:  # Any: any JSON value
    found: Any = form  # Any: any JSON value
    try:
        for key, index in way:
            found = found[key]
            if index is not None:
                if not isinstance(found, list):
                    raise KeyError(path)
                found = found[index]
    except (TypeError, ValueError) as exc:  # a step into a text, a number or nothing
        raise KeyError(path) from exc
    return found
