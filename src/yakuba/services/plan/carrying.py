"""What of an edition goes on into the next one, row by row. Pure.

The tree and the texts go on, and so do the figures: baseline, targets and actuals as they stood last, the coming year's cells
left open. What only one year says of a row stays behind: its progress, its result, what happened to it in that year.
"""

from __future__ import annotations

import copy
from typing import Final

from yakuba.services.plan import rules
from yakuba.services.plan.differences import end_of
from yakuba.services.plan.paths import Form

# 重点 is said of the row; the other marks (新規, 変更, 終了 …) are said of its year.
_LASTING_FLAGS: Final = frozenset({"priority"})
_YEARLY_TEXTS: Final = frozenset({"result"})


def ended(form: Form) -> str | None:
    """By what word a row ended in its edition (completed, ended, abolished, merged); None for one that goes on."""
    word = end_of(form)
    return None if word == "gone" else word


def carried(form: Form, year: int) -> Form:
    """The row as the edition of ``year`` begins with it; its last ``lineage`` entry names the row that it continues."""
    found = copy.deepcopy(form)
    moves: dict[str, str | None] = {}
    for n, indicator in enumerate(found["indicators"]):
        values: list[Form] = indicator["values"]
        kept = [place for place in range(len(values)) if not _revised(values, place)]
        for place in range(len(values)):
            there = f"indicators[{n}].values[{kept.index(place)}]" if place in kept else None
            moves[f"indicators[{n}].values[{place}]"] = there
        indicator["values"] = [{**values[place], "revision": 0, "reason": None} for place in kept]
    rules.relocate(found, moves)
    found |= {
        "year": year,
        "flags": [flag for flag in form["flags"] if flag in _LASTING_FLAGS],
        "texts": {key: text for key, text in form["texts"].items() if key not in _YEARLY_TEXTS},
        "progress": None,
        "progress_meaning": None,
        "source": None,
        "sources": {},
        "corrected": {},
        "warnings": [],
    }
    found["lineage"].append(
        {
            "event": "continued",
            "year": year,
            "from": {"year": form["year"], "kind": form["kind"], "number": form["number"] or None},
        }
    )
    found["doubts"] = [doubt for doubt in found["doubts"] if _stands(found, doubt["field"])]
    return found


def _revised(values: list[Form], place: int) -> bool:
    """Whether a later revision of the same value stands in the list."""
    one = values[place]
    return any(
        (other["kind"], other["year"]) == (one["kind"], one["year"]) and other["revision"] > one["revision"]
        for other in values
    )


def _stands(form: Form, path: str) -> bool:
    """Whether there is still something to be doubtful about."""
    try:
        return rules.get(form, path) is not None
    except LookupError:
        return False
