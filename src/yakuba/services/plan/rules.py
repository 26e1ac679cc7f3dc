"""Pure rules of the plan: which row of a new reading is which row of the draft, and what survives a second reading."""

from __future__ import annotations

import copy
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.fields import Invalid
from yakuba.kernel.fields.kinds import Number
from yakuba.services.plan import labels
from yakuba.services.plan.reading.values import read_value
from yakuba.services.plan.reading.wording import squeeze
from yakuba.services.plan.rows import more_specs

Form = dict[str, Any]  # Any: one object of a yakuba-plan/1 document

# A place in a list, written in one way only: 01 and １ would be other names of the same cell.
_PLACE = r"(?:0|[1-9][0-9]{0,3})"
_STEP = re.compile(rf"([a-z_]+)(?:\[({_PLACE})\])?")
_FIGURE = re.compile(rf"indicators\[(?P<indicator>{_PLACE})\](?:\.values\[(?P<value>{_PLACE})\])?")


@dataclass(frozen=True)
class Pairing:
    """For each row of the new reading the index of the draft's row that it continues, or None; and what is left over."""

    matches: tuple[int | None, ...]
    left: tuple[int, ...]


def pair(current: Sequence[Form], fresh: Sequence[Form]) -> Pairing:
    """Pair rows by kind, number and year; rows that share all three by their order; then by equal title.

    A number may be corrected by hand (渡り番号の誤読), so the number that was read stands in ``sources`` no more; the title
    then decides.
    """
    waiting: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for index, row in enumerate(current):
        waiting[_identity(row)].append(index)
    matches: list[int | None] = []
    for row in fresh:
        candidates = waiting.get(_identity(row))
        matches.append(candidates.pop(0) if candidates else None)
    left = {index for indexes in waiting.values() for index in indexes}
    by_title = {_title(current[index]): index for index in sorted(left, reverse=True)}
    for place, row in enumerate(fresh):
        found = by_title.get(_title(row))
        if matches[place] is None and found is not None and found in left:
            matches[place] = found
            left.discard(found)
    return Pairing(tuple(matches), tuple(sorted(left)))


def _identity(row: Form) -> tuple[object, ...]:
    return (row["kind"], row["year"], unicodedata.normalize("NFKC", row["number"]))


def _title(row: Form) -> str:
    return "".join(unicodedata.normalize("NFKC", row["title"]).split())


def keep_corrections(current: Form, fresh: Form) -> tuple[Form, list[str]]:
    """The new reading of a row with everything that people corrected; and the corrected fields it has no place for.

    A correction stays with its indicator and its year, wherever the new document prints them. Where the document is silent
    about an indicator's nature (direction, aggregation, bound) or a value's status, what is known already stays.
    """
    merged = copy.deepcopy(fresh)
    _keep_what_is_silent(current, merged)
    lost: list[str] = []
    for path, correction in current["corrected"].items():
        try:
            there = _same_place(current, merged, path)
            put(merged, there, get(current, path))
        except LookupError:
            lost.append(path)
            continue
        merged["corrected"][there] = correction
        # Somebody decided this field: what the new reading doubts about it is answered, what was doubtful about the correction is not.
        merged["doubts"] = [doubt for doubt in merged["doubts"] if not _concerns(doubt, there)]
        merged["doubts"] += [
            {**doubt, "field": _stem(there) + doubt["field"].removeprefix(_stem(path))}
            for doubt in current["doubts"]
            if _concerns(doubt, path)
        ]
        if path == "progress":
            merged["progress_meaning"] = current["progress_meaning"]
        if path.endswith(".raw"):
            for key in ("number", "state", "approximate", "numerator", "denominator"):
                put(merged, there.removesuffix("raw") + key, get(current, path.removesuffix("raw") + key))
    return merged, lost


def _stem(path: str) -> str:
    """What the paths of everything read from a cell begin with; of any other field the path itself."""
    return path.removesuffix("raw") if path.endswith(".raw") else path


def _concerns(doubt: Form, path: str) -> bool:
    """Whether a doubt is about a field, or about a figure read from it."""
    stem = _stem(path)
    return bool(doubt["field"] == path or (stem != path and doubt["field"].startswith(stem)))


def _same_place(current: Form, fresh: Form, path: str) -> str:
    """Where in the new reading a path of the old one stands. LookupError where it stands nowhere."""
    found = _FIGURE.match(path)
    if found is None:
        return path
    index = int(found["indicator"])
    by_name = (lambda one: one["number"]) if path.endswith("].name") else _indicator
    there = _twin(current["indicators"], index, fresh["indicators"], by_name)
    moved = f"indicators[{there}]"
    if found["value"] is None:
        return moved + path[found.end() :]
    value = int(found["value"])
    old, new = current["indicators"][index]["values"], fresh["indicators"][there]["values"]
    return f"{moved}.values[{_twin(old, value, new, _value)}]" + path[found.end() :]


def _twin(old: Sequence[Form], index: int, new: Sequence[Form], identity: Callable[[Form], object]) -> int:
    """The place in a new list of what stands at a place of the old one: the same place where it fits, else the only other."""
    wanted = identity(old[index])
    if index < len(new) and identity(new[index]) == wanted:
        return index
    places = [place for place, one in enumerate(new) if identity(one) == wanted]
    if len(places) != 1:
        raise KeyError(wanted)
    return places[0]


def _indicator(form: Form) -> object:
    return (form["number"], "".join(unicodedata.normalize("NFKC", form["name"]).split()))


def _value(form: Form) -> object:
    return (form["kind"], form["year"], form["revision"])


def _keep_what_is_silent(current: Form, merged: Form) -> None:
    for index, known in enumerate(current["indicators"]):
        try:
            there = merged["indicators"][
                _twin(current["indicators"], index, merged["indicators"], _indicator)
            ]
        except LookupError:
            continue
        for key in ("direction", "aggregation", "bound"):
            if there[key] is None:
                there[key] = known[key]
        for place, value in enumerate(known["values"]):
            try:
                new = there["values"][_twin(known["values"], place, there["values"], _value)]
            except LookupError:
                continue
            if new["status"] is None and new["raw"] == value["raw"]:
                new["status"] = value["status"]


def get(form: Form, path: str) -> Any:  # Any: any JSON value
    """The value at ``indicators[0].values[2].raw``. LookupError where there is none."""
    return _follow(form, _steps(path), path)


def _follow(form: Form, steps: Sequence[tuple[str, int | None]], path: str) -> Any:  # Any: any JSON value
    found: Any = form  # Any: any JSON value
    try:
        for key, index in steps:
            found = found[key]
            if index is not None:
                if not isinstance(found, list):
                    raise KeyError(path)
                found = found[index]
    except (TypeError, ValueError) as exc:  # a step into a text, a number or nothing
        raise KeyError(path) from exc
    return found


def put(form: Form, path: str, value: Any) -> None:  # Any: any JSON value
    """Set the value at a path that exists (or a text that was not printed). LookupError where there is no such place."""
    steps = _steps(path)
    if path.startswith("more."):
        form.setdefault("more", {})
    holder = _follow(form, steps[:-1], path)
    key, index = steps[-1]
    try:
        if index is not None:
            holder[key][index] = value
        elif key in holder or path.startswith(("texts.", "more.")):
            holder[key] = value
        else:
            raise KeyError(path)
    except (TypeError, ValueError) as exc:
        raise KeyError(path) from exc


def _steps(path: str) -> list[tuple[str, int | None]]:
    steps = []
    for part in path.split("."):
        found = _STEP.fullmatch(part)
        if found is None:
            raise KeyError(path)
        steps.append((found[1], int(found[2]) if found[2] else None))
    return steps


def _reread(form: Form, path: str, text: str) -> None:
    """A corrected cell is read again: number, state and shares follow from what is printed."""
    put(form, path, text)
    prefix = path.removesuffix("raw")
    name = get(form, path.split(".", maxsplit=1)[0])["name"]
    printed = read_value(text, name)
    figures = {
        "number": printed.number,
        "state": printed.state,
        "approximate": printed.approximate,
        "numerator": printed.numerator,
        "denominator": printed.denominator,
    }
    for key, value in figures.items():
        put(form, prefix + key, value)


def _text(form: Form, path: str, text: str) -> None:
    """A text; emptied, it counts as not printed."""
    if text:
        put(form, path, text)
    else:
        form["texts"].pop(path.removeprefix("texts."), None)


def _more(form: Form, path: str, text: str) -> None:
    """A field that the format has no key for: typed text becomes what its kind makes of it."""
    key = path.removeprefix("more.")
    spec = more_specs().get(key)
    if spec is None or spec.kind is None:
        raise KeyError(path)
    if text.strip():
        try:
            form.setdefault("more", {})[key] = spec.kind.to_json(spec.kind.parse(text))
        except Invalid as invalid:
            raise Problem.of(path, spec.label, invalid) from invalid
    elif spec.required:
        raise Problem.of(path, spec.label, Invalid("required", "", ""))
    else:
        form.get("more", {}).pop(key, None)


def _required(form: Form, path: str, text: str) -> None:
    if not text.strip():
        raise Problem("required", _("空にはできません。入力してください。"), field=path)
    put(form, path, text.strip())


def _optional(form: Form, path: str, text: str) -> None:
    put(form, path, text.strip() or None)


def _progress(form: Form, path: str, text: str) -> None:
    """The city's own word; what it means follows from it, or is not known."""
    _optional(form, path, text)
    form["progress_meaning"] = labels.meaning_of(text)


def _number(form: Form, path: str, text: str) -> None:
    """A figure read from a cell, put right by hand while the cell stays as printed. Emptied, it is no value."""
    try:
        put(form, path, Number().to_json(Number().parse(text)) if text.strip() else None)
    except Invalid as invalid:
        raise Problem.of(path, _("数"), invalid) from invalid


def _year(form: Form, path: str, text: str) -> None:
    try:
        put(form, path, FiscalYear.parse(text.strip()).year)
    except ValueError as exc:
        raise Problem(
            "year",
            _("年度として読めません。令和6年度、R6、2024のように入力してください。"),
            field=path,
            found=text,
        ) from exc


def _office(form: Form, path: str, text: str) -> None:
    _required(form, path, text)
    put(form, path.removesuffix("name") + "doubtful", False)


_VALUE = rf"indicators\[{_PLACE}\]\.values\[{_PLACE}\]"
# What a person may correct in a cell, and how the typed text is put there. Everything else has a form of its own.
CORRECTABLE: tuple[tuple[re.Pattern[str], Callable[[Form, str, str], None], int], ...] = (
    (re.compile(r"title"), _required, 300),
    (re.compile(r"number"), _required, 40),
    (re.compile(r"progress"), _progress, 60),
    (re.compile(r"group"), _optional, 60),
    (re.compile(r"texts\.(?:purpose|issue|approach|effect|result|schedule_past|schedule)"), _text, 20_000),
    (re.compile(r"more\.[a-z_]+"), _more, 20_000),
    (re.compile(rf"indicators\[{_PLACE}\]\.name"), _required, 500),
    (re.compile(rf"indicators\[{_PLACE}\]\.unit"), _optional, 40),
    (re.compile(rf"{_VALUE}\.raw"), _reread, 2000),
    (re.compile(rf"{_VALUE}\.number"), _number, 40),
    (re.compile(rf"{_VALUE}\.state"), _optional, 60),
    (re.compile(rf"{_VALUE}\.year"), _year, 20),
    (re.compile(rf"offices\[{_PLACE}\]\.name"), _office, 200),
)


def correctable(path: str) -> bool:
    """Whether a cell can be corrected by typing its text."""
    return any(pattern.fullmatch(path) for pattern, _setter, _longest in CORRECTABLE)


def required(path: str) -> bool:
    """Whether a correctable cell may not be emptied."""
    return any(
        setter in (_required, _office) for pattern, setter, _l in CORRECTABLE if pattern.fullmatch(path)
    )


def settle(form: Form, path: str, by: str, on: str) -> None:
    """Mark a field as decided by a person: it is kept when the document is read again, and its doubts are answered.

    Deciding what a cell says answers what was doubtful about the figures read from it.
    """
    form["corrected"][path] = {"by": by, "on": on}
    form["doubts"] = [doubt for doubt in form["doubts"] if not _concerns(doubt, path)]


def questions(before: Form, after: Form, path: str) -> list[Form]:
    """What is doubtful about a corrected value, as doubts: a slip of the fingers is asked about, not swallowed.

    Where the cell held a number, the correction is expected to hold one, with a unit where one was printed.
    """
    text = get(after, path)
    if not path.endswith(".raw") or not text:
        return []
    stem = _stem(path)
    indicator = get(after, path.split(".", maxsplit=1)[0])
    was, now = read_value(get(before, path), indicator["name"]), read_value(text, indicator["name"])
    leaf = "state" if now.state is not None else "number" if now.number is not None else "raw"
    found = [
        _doubt(stem + leaf, question.code, question.candidates, question.note) for question in now.questions
    ]
    if was.number is None or now.absent or found:
        return found
    if now.number is None:
        return [_doubt(path, "number-lost", (), _("前は数でした。訂正した内容からは数を読み取れません。"))]
    known = {squeeze(unit) for unit in (was.unit, indicator["unit"]) if unit}
    if was.unit and squeeze(now.unit or "") not in known:
        note = _("前は「%(unit)s」の付いた値でした。単位を確かめてください。") % {"unit": was.unit}
        candidates = (text, text + was.unit) if now.unit is None and text[-1:].isdecimal() else ()
        return [_doubt(path, "unit-differs", candidates, note)]
    return []


def _doubt(field: str, code: str, candidates: Sequence[str], note: str) -> Form:
    return {"field": field, "code": code, "candidates": list(candidates), "note": note}


def correct(form: Form, path: str, text: str) -> Form:
    """The row with one cell corrected. Raises :class:`Problem` for a cell that cannot be corrected this way."""
    for pattern, setter, longest in CORRECTABLE:
        if not pattern.fullmatch(path):
            continue
        if len(text) > longest:
            raise Problem(
                "too_long",
                _("%(longest)d文字以内で入力してください（今は%(found)d文字）。")
                % {"longest": longest, "found": len(text)},
                field=path,
                found=str(len(text)),
                expected=str(longest),
            )
        changed = copy.deepcopy(form)
        try:
            setter(changed, path, text)
        except LookupError as exc:
            raise Problem("path", _("直せる項目ではありません。"), field=path, found=path) from exc
        return changed
    raise Problem("path", _("直せる項目ではありません。"), field=path, found=path)


def same(form: Form, path: str, text: str) -> bool:
    """Whether a correction would leave the cell as it is. Raises :class:`Problem` like :func:`correct`."""
    return shown(form, path) == shown(correct(form, path, text), path)


def shown(form: Form, path: str) -> str | None:
    """What stands at a path, as the trail tells it; None for nothing."""
    try:
        found = get(form, path)
    except LookupError:
        return None
    return None if found is None else str(found)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:  # Any: JSON values
    """The top-level keys in which two forms of one row differ, housekeeping of the reading left out."""
    quiet = {"sources", "source", "doubts", "warnings", "corrected"}
    return [key for key in after if key not in quiet and before.get(key) != after[key]]


def edition_year(about: Form) -> FiscalYear:
    """The year that the label names (令和6年度版), else the plan's first year."""
    label = (about["edition"] or "").removesuffix("版")
    try:
        return FiscalYear.parse(label)
    except ValueError:
        return FiscalYear(about["first_year"])
