"""What a person may put right in one cell, and how the typed text is put there. Pure; :mod:`rules` calls it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.fields import Invalid
from yakuba.kernel.fields.kinds import Number
from yakuba.services.plan import labels
from yakuba.services.plan.paths import PLACE, drop, get, put
from yakuba.services.plan.reading import schema
from yakuba.services.plan.reading.values import read_value
from yakuba.services.plan.rows import more_specs

Form = dict[str, Any]  # Any: one object of a yakuba-plan/1 document
Setter = Callable[[Form, str, str], None]

FIGURES = ("number", "state", "approximate", "numerator", "denominator")
"""What of a value is read from its print."""


def figures_of(raw: str, name: str) -> Form:
    """What the print of a value says; ``name`` is its indicator's."""
    printed = read_value(raw, name)
    return {
        "number": printed.number,
        "state": printed.state,
        "approximate": printed.approximate,
        "numerator": printed.numerator,
        "denominator": printed.denominator,
    }


def _reread(form: Form, path: str, text: str) -> None:
    """A corrected cell is read again: number, state and shares follow from what is printed."""
    put(form, path, text)
    prefix = path.removesuffix("raw")
    name = get(form, path.split(".", maxsplit=1)[0])["name"]
    for key, value in figures_of(text, name).items():
        put(form, prefix + key, value)


def _open_text(form: Form, path: str, text: str) -> None:
    """A text or a stage; emptied, it counts as not printed."""
    if text.strip():
        put(form, path, text)
    else:
        drop(form, path)


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


def _sparse(form: Form, path: str, text: str) -> None:
    """A key that a form has only where it says something."""
    if text.strip():
        put(form, path, text.strip())
    else:
        drop(form, path)


def _states(form: Form, path: str, text: str) -> None:
    """The words of a figure that is a word, from least to most: 検討＜試行＜実施."""
    words = [word for word in (part.strip() for part in re.split(r"[<＜\n]", text)) if word]
    if len(set(words)) < len(words):
        raise Problem("twice", _("同じ言葉が2回あります。"), field=path, found=text)
    if words:
        put(form, path, words)
    else:
        drop(form, path)


def _first_place(form: Form, path: str, text: str) -> None:
    """Where an initiative without a place belongs: the codes of a node, joined by ＞, or as a JSON list."""
    try:
        codes = json.loads(text) if text.startswith("[") else text.split("＞")
    except ValueError:
        codes = [text]
    place = {"path": [str(code) for code in codes], "primary": True}
    put(form, path, [place, *({**one, "primary": False} for one in form["placements"])] if text else [])


def _place(form: Form, path: str, text: str) -> None:
    """One place of an initiative: the codes of a node, joined by ＞. Whether it is the primary one stays."""
    codes = [code for code in (part.strip() for part in text.split("＞")) if code]
    if not codes:
        raise Problem("required", _("空にはできません。入力してください。"), field=path)
    put(form, path, {**get(form, path), "path": codes})


def _points(form: Form, path: str, text: str) -> None:
    """A text that is a list of points, one a line; emptied, it counts as not printed."""
    lines = [line for line in (part.strip() for part in text.splitlines()) if line]
    if lines:
        put(form, path, lines)
    else:
        drop(form, path)


def _lead(form: Form, path: str, text: str) -> None:
    """The leading offices of an initiative, joined by 、; the others stay behind them, those that led before as related ones."""
    names = [name for name in (part.strip() for part in text.split("、")) if name]
    rest = [
        {**office, "role": "related"} if office["role"] == "lead" else office
        for office in form["offices"]
        if office["role"] != "not_stated" and office["name"] not in names
    ]
    put(form, path, [*({"name": name, "role": "lead", "doubtful": False} for name in names), *rest])


def _coded(codes: Mapping[str, labels.Text], known: tuple[str, ...]) -> Setter:
    """One of a few codes, typed as the code or as the word that stands for it."""

    def setter(form: Form, path: str, text: str) -> None:
        typed = text.strip()
        words = {str(word): code for code, word in codes.items()}
        code = typed if typed in known else words.get(typed)
        if typed and code is None:
            expected = "・".join(words)
            raise Problem(
                "choice",
                _("「%(found)s」は選べません。%(expected)sのどれかにしてください。")
                % {"found": typed[:40], "expected": expected},
                field=path,
                found=typed[:40],
                expected=expected,
            )
        put(form, path, code)

    return setter


_INDICATOR = rf"indicators\[{PLACE}\]"
_VALUE = rf"{_INDICATOR}\.values\[{PLACE}\]"
# The cells that are put right by typing their text, with the longest text. Everything else has a form of its own (parts).
CORRECTABLE: tuple[tuple[re.Pattern[str], Setter, int], ...] = tuple(
    (re.compile(pattern), setter, longest)
    for pattern, setter, longest in (
        (r"title", _required, 300),
        (r"number", _required, 40),
        (r"year", _year, 20),
        (r"kind", _coded(labels.KINDS, schema.KINDS), 20),
        (r"progress", _progress, 60),
        (r"progress_meaning", _coded(labels.MEANINGS, schema.PROGRESS_MEANINGS), 40),
        (r"group", _optional, 40),
        (r"texts\.(?:purpose|issue|approach|effect|result|schedule_past|schedule)", _open_text, 20_000),
        (r"texts\.target_state", _points, 20_000),
        (r"stages\.[0-9]{4}", _open_text, 300),
        (r"more\.[a-z_]+", _more, 20_000),
        (r"placements", _first_place, 600),
        (rf"placements\[{PLACE}\]", _place, 600),
        (r"offices", _lead, 600),
        (rf"{_INDICATOR}\.name", _required, 500),
        (rf"{_INDICATOR}\.unit", _optional, 40),
        (rf"{_INDICATOR}\.direction", _coded(labels.DIRECTIONS, schema.DIRECTIONS), 40),
        (rf"{_INDICATOR}\.aggregation", _coded(labels.AGGREGATIONS, schema.AGGREGATIONS), 40),
        (rf"{_INDICATOR}\.bound", _coded(labels.BOUNDS, schema.BOUNDS), 40),
        (rf"{_INDICATOR}\.definition", _sparse, 2000),
        (rf"{_INDICATOR}\.states", _states, 400),
        (rf"{_VALUE}\.raw", _reread, 2000),
        (rf"{_VALUE}\.number", _number, 40),
        (rf"{_VALUE}\.state", _optional, 60),
        (rf"{_VALUE}\.year", _year, 20),
        (rf"{_VALUE}\.status", _coded(labels.STATUSES, schema.STATUSES), 20),
        (rf"offices\[{PLACE}\]\.name", _office, 200),
    )
)


def correctable(path: str) -> bool:
    """Whether a cell can be corrected by typing its text."""
    return any(pattern.fullmatch(path) for pattern, _setter, _longest in CORRECTABLE)


def required(path: str) -> bool:
    """Whether a correctable cell may not be emptied."""
    return any(
        setter in (_required, _office) for pattern, setter, _l in CORRECTABLE if pattern.fullmatch(path)
    )
