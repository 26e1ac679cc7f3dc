"""Pure rules of the plan: which row of a new reading is which row of the draft, and what survives a second reading."""

from __future__ import annotations

import copy
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.text import compact
from yakuba.services.plan.paths import OPEN, PLACE, SPARSE, drop, get, put, under
from yakuba.services.plan.reading.values import read_value
from yakuba.services.plan.reading.wording import squeeze
from yakuba.services.plan.setters import CORRECTABLE, FIGURES, correctable, required
from yakuba.services.plan.words import words

Form = dict[str, Any]  # Any: one object of a yakuba-plan/1 document

__all__ = [
    "CORRECTABLE",
    "Pairing",
    "answered",
    "concerns",
    "correct",
    "correctable",
    "corrections",
    "differences",
    "edition_year",
    "get",
    "keep_corrections",
    "made_by_hand",
    "newest_of",
    "pair",
    "put",
    "questions",
    "questions_of",
    "relocate",
    "required",
    "revisable",
    "same",
    "settle",
    "shown",
]

_FIGURE = re.compile(rf"indicators\[(?P<indicator>{PLACE})\](?:\.values\[(?P<value>{PLACE})\])?")


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
    return compact(row["title"])


def keep_corrections(current: Form, fresh: Form, decided: Collection[str] = ()) -> tuple[Form, list[str]]:
    """The new reading of a row with everything that people corrected; and the corrected fields it has no place for.

    A correction stays with its indicator and its year, wherever the new document prints them. A list that people gave another
    length or order stays whole; of the indicators' list this is true of the indicators, and their values follow the document.
    Where the document is silent about an indicator's nature (direction, aggregation, bound) or a value's status, what is known
    already stays. ``decided`` names fields of the new reading that somebody decided while looking at it: these are newer.
    """
    merged = copy.deepcopy(fresh)
    newer = [merged["corrected"][path] for path in decided if path in merged["corrected"]]
    _keep_what_is_silent(current, merged)
    lost: list[str] = []
    # A list before what stands in it: its own corrections are put on top.
    for path in sorted(current["corrected"], key=lambda one: (one.count("."), one.count("["), one)):
        try:
            if newer and _is_newer(current, merged, path, newer):
                continue
            there = _keep(current, merged, path)
        except LookupError:
            lost.append(path)
            continue
        merged["corrected"][there] = current["corrected"][path]
        # Somebody decided this field: what the new reading doubts about it is answered, what was doubtful about the correction is not.
        merged["doubts"] = [doubt for doubt in merged["doubts"] if not concerns(doubt, there)]
        merged["doubts"] += [
            {**doubt, "field": _stem(there) + doubt["field"].removeprefix(_stem(path))}
            for doubt in current["doubts"]
            if concerns(doubt, path)
        ]
        if path == "progress":
            merged["progress_meaning"] = current["progress_meaning"]
    return merged, lost


def _is_newer(current: Form, merged: Form, path: str, newer: Sequence[Form]) -> bool:
    """Whether the new reading's field for a correction, or something of it, was decided later than the correction.

    The marks themselves are looked for: they move along when the indicators' list stays as people arranged it.
    """
    if path == "indicators":
        return False
    there = _same_place(current, merged, path)
    if there is None:
        return False
    return any(
        any(mark is one for one in newer) and (place == there or _touches(place, there))
        for place, mark in merged["corrected"].items()
    )


def _touches(one: str, other: str) -> bool:
    """Whether one of two fields lies in the other, or was read from the cell that the other is."""
    return (
        under(one, other) or under(other, one) or one.startswith(_cell(other)) or other.startswith(_cell(one))
    )


def _cell(path: str) -> str:
    """What the paths of everything read from a printed value begin with; a path that nothing begins with for any other field."""
    return path.removesuffix("raw") if path.endswith("].raw") else f"{path}\0"


def answered(current: Form, fresh: Form) -> frozenset[str]:
    """The fields of a new reading whose doubts the draft's corrections answer, as :func:`keep_corrections` would merge them."""
    found: set[str] = set()
    for path in current["corrected"]:
        try:
            there = path if path == "indicators" else _same_place(current, fresh, path)
        except LookupError:
            continue
        if there is not None:
            found |= {doubt["field"] for doubt in fresh["doubts"] if concerns(doubt, there)}
    return frozenset(found)


def _keep(current: Form, merged: Form, path: str) -> str:
    """Put one correction into the new reading and return where it stands there. LookupError where it has no place."""
    if path == "indicators":
        _keep_indicators(current, merged)
        return path
    there = _same_place(current, merged, path)
    if there is None:  # a value that people added, or a later revision: the document does not print it
        stem, _bracket, _rest = path.rpartition("[")
        values = get(merged, _moved(current, merged, path) + ".values")
        values.append(copy.deepcopy(get(current, path)))
        return f"{_moved(current, merged, path)}.{stem.rpartition('.')[2]}[{len(values) - 1}]"
    try:
        kept = copy.deepcopy(get(current, path))
    except LookupError:
        if not path.startswith(OPEN) and path.rpartition(".")[2] not in SPARSE:
            raise
        drop(merged, there)  # somebody decided that this is not there
        return there
    put(merged, there, kept)
    if isinstance(kept, list):
        # The items are the draft's, so they were read where the draft says.
        mine = {key: place for key, place in merged["sources"].items() if not under(key, there)}
        mine |= {
            there + key.removeprefix(path): place
            for key, place in current["sources"].items()
            if under(key, path)
        }
        merged["sources"] = mine
    if path.endswith(".raw"):
        for key in FIGURES:
            put(merged, there.removesuffix("raw") + key, get(current, path.removesuffix("raw") + key))
    return there


def _keep_indicators(current: Form, merged: Form) -> None:
    """The draft's indicators in its order, each with the new reading's values where that prints the same indicator."""
    moves: dict[str, str | None] = {f"indicators[{n}]": None for n in range(len(merged["indicators"]))}
    found: list[Form] = []
    for place, known in enumerate(current["indicators"]):
        one = copy.deepcopy(known)
        try:
            there = _twin(current["indicators"], place, merged["indicators"], _indicator)
        except LookupError:
            pass
        else:
            one["values"] = merged["indicators"][there]["values"]
            moves[f"indicators[{there}]"] = f"indicators[{place}]"
        found.append(one)
    merged["indicators"] = found
    relocate(merged, moves)


def relocate(form: Form, moves: Mapping[str, str | None]) -> None:
    """Let what is kept by path (sources, doubts, corrections) follow items of a list that moved; None: the item is gone."""

    def place(path: str) -> str | None:
        for old, new in moves.items():
            if path == old or under(path, old):
                return None if new is None else new + path.removeprefix(old)
        return path

    for key in ("sources", "corrected"):
        form[key] = {new: found for path, found in form[key].items() if (new := place(path)) is not None}
    form["doubts"] = [
        {**doubt, "field": new} for doubt in form["doubts"] if (new := place(doubt["field"])) is not None
    ]


def _stem(path: str) -> str:
    """What the paths of everything read from a cell begin with; of any other field the path itself."""
    return path.removesuffix("raw") if path.endswith(".raw") else path


def concerns(doubt: Form, path: str) -> bool:
    """Whether a doubt is about a field, about a figure read from it, or about something in it."""
    stem = _stem(path)
    field = doubt["field"]
    return bool(field == path or under(field, path) or (stem != path and field.startswith(stem)))


def _same_place(current: Form, fresh: Form, path: str) -> str | None:
    """Where in the new reading a path of the old one stands. None for a whole value that it does not print.

    LookupError where it stands nowhere.
    """
    found = _FIGURE.match(path)
    if found is None:
        return path
    moved = _moved(current, fresh, path)
    if found["value"] is None:
        return moved + path[found.end() :]
    there = get(fresh, f"{moved}.values")
    try:
        place = _twin(
            current["indicators"][int(found["indicator"])]["values"], int(found["value"]), there, _value
        )
    except KeyError:
        if found.end() == len(path):
            return None
        raise
    return f"{moved}.values[{place}]" + path[found.end() :]


def _moved(current: Form, fresh: Form, path: str) -> str:
    """The indicator of the new reading that a path's indicator is."""
    found = _FIGURE.match(path)
    if found is None:
        raise KeyError(path)
    by_name = (lambda one: one["number"]) if path.endswith("].name") else _indicator
    index = _twin(current["indicators"], int(found["indicator"]), fresh["indicators"], by_name)
    return f"indicators[{index}]"


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
    return (form["number"], compact(form["name"]))


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
        for key in ("definition", "states"):
            if known.get(key) and not there.get(key):
                there[key] = known[key]
        for place, value in enumerate(known["values"]):
            try:
                new = there["values"][_twin(known["values"], place, there["values"], _value)]
            except LookupError:
                continue
            if new["status"] is None and new["raw"] == value["raw"]:
                new["status"] = value["status"]


def revisable(form: Form, path: str) -> bool:
    """Whether a field is revised by a new row with its reason (DESIGN §3): a target, an actual, a stage, the progress word.

    Of a value that was revised already only the newest is.
    """
    try:
        found = get(form, path)
    except LookupError:
        return False
    if path == "progress" or path.startswith("stages."):
        return bool(found)
    place = _FIGURE.fullmatch(path)
    if place is None or place["value"] is None or found["kind"] not in ("target", "actual"):
        return False
    return bool(found["raw"]) and newest_of(form, path) == found


def newest_of(form: Form, path: str) -> Form:
    """The newest revision of the value at a path."""
    value = get(form, path)
    same_ones = [
        one
        for one in get(form, path.rpartition("[")[0])
        if (one["kind"], one["year"]) == (value["kind"], value["year"])
    ]
    found: Form = max(same_ones, key=lambda one: one["revision"])
    return found


def settle(form: Form, path: str, by: str, on: str, *, confirmed: bool = False) -> None:
    """Mark a field as decided by a person: it is kept when the document is read again, and its doubts are answered.

    ``confirmed``: it was found right as it was read, so nothing was put right.

    Deciding what a cell says answers what was doubtful about the figures read from it.
    """
    form["corrected"][path] = {"by": by, "on": on, **({"confirmed": True} if confirmed else {})}
    form["doubts"] = [doubt for doubt in form["doubts"] if not concerns(doubt, path)]


def made_by_hand(form: Form, by: str, on: str) -> None:
    """Mark everything that a new row was made with: a second reading of the document leaves it, and nothing was put right."""
    marks = {**form["corrected"], "title": {"by": by, "on": on}}
    form["corrected"] = {path: {**mark, "made": True} for path, mark in marks.items()}


def corrections(form: Form) -> list[str]:
    """The fields that people put right, not those that a row was made with nor those found right as they were read."""
    return [
        path for path, mark in form["corrected"].items() if not mark.get("made") and not mark.get("confirmed")
    ]


def questions(before: Form, after: Form, path: str) -> list[Form]:
    """What is doubtful about a corrected value, as doubts: a slip of the fingers is asked about, not swallowed."""
    if not path.endswith(".raw") or not get(after, path):
        return []
    return questions_of(after, path, get(before, path))


def questions_of(after: Form, path: str, was_raw: str) -> list[Form]:
    """What is doubtful about a value's new print, as doubts.

    Where the cell held a number, the correction is expected to hold one, with a unit where one was printed.
    """
    text = get(after, path)
    stem = _stem(path)
    indicator = get(after, path.split(".", maxsplit=1)[0])
    was, now = read_value(was_raw, indicator["name"]), read_value(text, indicator["name"])
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
    """What stands at a path in words, as the trail tells it; None for nothing."""
    try:
        return words(path, get(form, path))
    except LookupError:
        return None


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
