"""One part of an initiative replaced as a whole: its offices, its places, the values of an indicator … Pure.

A part comes as JSON of `yakuba-plan/1`. In a list each row may say which row it was before (``of``, its place there; None: it is
new), so that what hangs on a row (where it was read, what is doubtful, what was corrected, an indicator's values) goes with it.
Rows that say nothing are known again by what they are: an indicator by number and name, a value by kind, year and revision.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.services.plan import labels, rules
from yakuba.services.plan.paths import PLACE, SPARSE, Form, under
from yakuba.services.plan.reading.schema import INITIATIVE
from yakuba.services.plan.reading.shapes import Malformed
from yakuba.services.plan.rows import more_specs
from yakuba.services.plan.setters import FIGURES, figures_of
from yakuba.services.plan.words import words

HEAD: Final = ("number", "title", "kind", "year", "group", "flags", "progress", "progress_meaning", "more")
OBJECTS: Final = ("tags", "texts", "stages")
LISTS: Final = ("offices", "placements", "items", "lineage", "indicators")
VALUES: Final = re.compile(rf"indicators\[({PLACE})\]\.values")
_BLANK_VALUE: Final[Form] = {
    "kind": "actual",
    "year": None,
    "as_of": None,
    "raw": "",
    "number": None,
    "state": None,
    "approximate": False,
    "numerator": None,
    "denominator": None,
    "status": None,
    "revision": 0,
    "reason": None,
}
_BLANKS: Final[Mapping[str, Form]] = {
    "offices": {"name": "", "role": "lead", "doubtful": False},
    "placements": {"path": [], "primary": True},
    "items": {"number": None, "text": "", "offices": []},
    "lineage": {"event": "", "year": None, "from": None},
    "indicators": {
        "number": None,
        "name": "",
        "unit": None,
        "direction": None,
        "aggregation": None,
        "bound": None,
        "values": [],
    },
    "values": _BLANK_VALUE,
}
# Lists whose rows mean something only together: a changed one is marked and told as the whole list.
_WHOLE: Final = frozenset({"placements", "lineage"})


@dataclass(frozen=True, slots=True)
class Told:
    """One change in words, for the trail; ``path`` is its place afterwards (of a row that went, its list)."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Replaced:
    """A form with one part replaced.

    ``marks``: what people decided by it (as ``corrected`` notes it); ``told``: what changed, in words; ``moves``: rows of the
    list that stand elsewhere now or are gone (path before → path now, or None).
    """

    form: Form
    marks: tuple[str, ...]
    told: tuple[Told, ...]
    moves: Mapping[str, str | None]


def blank(title: str, year: int) -> Form:
    """An initiative of which nothing is known but its name and its year."""
    return {
        "year": year,
        "kind": None,
        "number": "",
        "title": title,
        "offices": [],
        "flags": [],
        "group": None,
        "lineage": [],
        "placements": [],
        "tags": {},
        "texts": {},
        "items": [],
        "stages": {},
        "progress": None,
        "indicators": [],
        "source": None,
        "sources": {},
        "doubts": [],
        "corrected": {},
        "progress_meaning": None,
        "warnings": [],
    }


def slug_of(part: str) -> str:
    """A part in an address: ``values-0`` for the values of the first indicator."""
    found = VALUES.fullmatch(part)
    return f"values-{found[1]}" if found else part


def part_of(slug: str) -> str:
    """The part that an address means."""
    head, _dash, index = slug.partition("-")
    return f"indicators[{index}].values" if head == "values" else slug


def known(part: str, form: Form) -> bool:
    """Whether an initiative has such a part."""
    found = VALUES.fullmatch(part)
    if found is not None:
        return int(found[1]) < len(form["indicators"])
    return part == "head" or part in OBJECTS or part in LISTS


def replace(form: Form, part: str, value: Any) -> Replaced:  # Any: JSON of the part
    """The form with a part replaced. Raises :class:`Problem` for a part that there is not, and for JSON of another shape."""
    if not known(part, form):
        raise Problem("part", _("この取組にない部分です。"), field=part[:60], found=part[:60])
    after = copy.deepcopy(form)
    if part == "head":
        _object(value, part)
        return _finish(form, after, _head(after, value), {})
    if part in OBJECTS:
        _object(value, part)
        after[part] = copy.deepcopy(value)
        keys = [f"{part}.{key}" for key in {**form[part], **value}]
        return _finish(form, after, keys, {})
    return _replace_list(form, after, part, value)


def _object(value: object, part: str) -> None:
    if not isinstance(value, dict):
        raise Problem("shape", _("項目の一覧（オブジェクト）にしてください。"), field=part)


def _head(after: Form, value: Form) -> list[str]:
    """Put the given keys; a progress word that came alone means what its word means."""
    unknown = sorted(set(value) - set(HEAD))
    if unknown:
        raise Problem("unknown", _("ない項目です。"), field=unknown[0], expected="・".join(HEAD))
    if "progress" in value and value["progress"] != after["progress"] and "progress_meaning" not in value:
        after["progress_meaning"] = labels.meaning_of(str(value["progress"] or ""))
    touched = []
    for key, one in value.items():
        if key == "more":
            _object(one, "more")
            strange = sorted(set(one) - set(more_specs()))
            if strange:
                raise Problem("unknown", _("ない項目です。"), field=f"more.{strange[0]}")
            after["more"] = {**after.get("more", {}), **{k: v for k, v in one.items() if v is not None}}
            for gone in (k for k, v in one.items() if v is None):
                after["more"].pop(gone, None)
            touched += [f"more.{k}" for k in one]
        else:
            after[key] = copy.deepcopy(one)
            touched.append(key)
    if "progress" in touched and "progress_meaning" not in touched:
        touched.append("progress_meaning")
    return touched


def _replace_list(form: Form, after: Form, part: str, value: Any) -> Replaced:  # Any: JSON of the part
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Problem("shape", _("行の一覧（配列）にしてください。"), field=part)
    kind = part.rpartition(".")[2]
    before: list[Form] = rules.get(form, part)
    origins = _origins(kind, part, before, value)
    rows = [
        _row(
            kind, before[of] if of is not None else None, given, rules.get(form, part.removesuffix(".values"))
        )
        for of, given in zip(origins, value, strict=True)
    ]
    rules.put(after, part, rows)
    _shaped(after)
    moves: dict[str, str | None] = {f"{part}[{n}]": None for n in range(len(before))}
    for place, of in enumerate(origins):
        if of is not None:
            moves[f"{part}[{of}]"] = f"{part}[{place}]"
    moves = {old: new for old, new in moves.items() if old != new}
    rules.relocate(after, moves)
    marks: list[str] = []
    told: list[Told] = []
    settled: list[str] = []
    reread: dict[str, str] = {}
    for place, of in enumerate(origins):
        here = f"{part}[{place}]"
        derived = kind == "values" and not set(FIGURES) & set(value[place])
        if of is None:
            told.append(Told(here, None, words(here, rows[place])))
            if derived:
                reread[f"{here}.raw"] = ""
            continue
        leaves = list(_leaves(here, before[of], rows[place]))
        if derived and any(leaf == f"{here}.raw" for leaf, _old, _new in leaves):
            # The figures follow from the print; it alone was decided.
            leaves = [one for one in leaves if one[0].rpartition(".")[2] not in FIGURES]
            reread[f"{here}.raw"] = before[of]["raw"]
        settled += [leaf for leaf, _old, _new in leaves]
        told += [Told(leaf, words(leaf, old), words(leaf, new)) for leaf, old, new in leaves]
    marks += settled
    gone = [n for n in range(len(before)) if n not in origins]
    told += [Told(part, words(f"{part}[{n}]", before[n]), None) for n in gone]
    added = [f"{part}[{place}]" for place, of in enumerate(origins) if of is None]
    reordered = bool(moves) and not gone and not added and not settled
    if reordered or (kind in _WHOLE and told):
        told = [Told(part, words(part, before), words(part, rows))]
    if moves or (kind in _WHOLE and told):
        marks = [part]
    elif added:
        marks = [*marks, *added] if kind == "values" else [part]
    _answer_doubts(after, settled)
    for path, was in reread.items():
        after["doubts"] += rules.questions_of(after, path, was) if rules.get(after, path) else []
    return Replaced(after, tuple(marks), tuple(told), moves)


def _origins(kind: str, part: str, before: Sequence[Form], rows: Sequence[Form]) -> list[int | None]:
    """For each new row the place of the row that it was."""
    found: list[int | None] = []
    for place, row in enumerate(rows):
        of = row["of"] if "of" in row else _again(kind, before, row, found)
        if of is not None and (not isinstance(of, int) or not 0 <= of < len(before) or of in found):
            raise Problem(
                "of",
                _("元の行が見つかりません。画面を開き直してください。"),
                field=f"{part}[{place}]",
                found=str(of)[:40],
            )
        found.append(of)
    return found


def _again(kind: str, before: Sequence[Form], row: Form, taken: Sequence[int | None]) -> int | None:
    """The row that this one was, where it does not say."""
    blank = _BLANKS[kind]
    identity: Callable[[Form], object] = lambda one: one  # noqa: E731 – one of three
    if kind == "values":
        identity = lambda one: (one["kind"], one["year"], one["revision"])  # noqa: E731
    elif kind == "indicators":
        identity = lambda one: (one["number"], one["name"])  # noqa: E731
    wanted = identity({**blank, **row})
    return next((n for n, one in enumerate(before) if n not in taken and identity(one) == wanted), None)


def _row(kind: str, old: Form | None, given: Form, indicator: Any) -> Form:  # Any: the indicator of a value
    """One row as the format writes it: what is not given stays, what is new begins empty."""
    row: Form = {
        **copy.deepcopy(_BLANKS[kind] if old is None else old),
        **{key: copy.deepcopy(one) for key, one in given.items() if key != "of"},
    }
    for key in SPARSE & set(row):
        if not row[key]:
            del row[key]
    if kind == "values" and not set(FIGURES) & set(given) and (old is None or old["raw"] != row["raw"]):
        row |= figures_of(str(row["raw"]), str(indicator["name"]))
    if kind == "indicators":  # values last, as the format writes them
        row["values"] = row.pop("values")
    return row


def _leaves(path: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:  # Any: JSON values
    """The places in which two rows differ; lists of words and of values are one place each."""
    if not (isinstance(before, dict) and isinstance(after, dict)):
        if before != after:
            yield path, before, after
        return
    for key in {**before, **after}:
        if key != "values":
            yield from _leaves(f"{path}.{key}", before.get(key), after.get(key))


def misshapen(malformed: Malformed) -> Problem:
    """What the format refused, as the problem that a person reads at the field."""
    message = _("%(found)sがありました。%(expected)sが必要です。") % {
        "found": malformed.found,
        "expected": malformed.expected,
    }
    return Problem("shape", message, field=malformed.path, found=malformed.found, expected=malformed.expected)


def _shaped(form: Form) -> None:
    """Raises :class:`Problem` for a form that is not as the format writes it."""
    try:
        INITIATIVE.read(form, "")
    except Malformed as malformed:
        raise misshapen(malformed) from malformed


def _finish(before: Form, after: Form, paths: Sequence[str], moves: Mapping[str, str | None]) -> Replaced:
    _shaped(after)
    told = []
    for path in paths:
        old, new = rules.shown(before, path), rules.shown(after, path)
        if old != new:
            told.append(Told(path, old, new))
    marks = tuple(one.path for one in told)
    _answer_doubts(after, marks)
    return Replaced(after, marks, tuple(told), moves)


def _answer_doubts(form: Form, paths: Sequence[str]) -> None:
    """What somebody decided is doubtful no more."""
    form["doubts"] = [
        doubt for doubt in form["doubts"] if not any(rules.concerns(doubt, path) for path in paths)
    ]


def settle(replaced: Replaced, by: str, on: str) -> Form:
    """The form with its marks: who decided what, on which day. A list that was decided as a whole holds no marks of its own.

    Only the list of indicators does: the values of a kept indicator follow the document, and keep their own corrections.
    """
    form = replaced.form
    for mark in replaced.marks:
        if mark != "indicators":
            form["corrected"] = {
                path: one for path, one in form["corrected"].items() if not under(path, mark)
            }
        form["corrected"][mark] = {"by": by, "on": on}
    return form
