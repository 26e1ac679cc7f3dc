"""The yearly report (進捗報告): what a body decided of each initiative's year, as it is frozen for the public. Pure.

Only decided words are in it. Figures stand as the plan has them; one that was expected (見込) when it was decided and is final (確定)
now stands with both and the difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.fields import JsonValue
from yakuba.services.plan import rows
from yakuba.services.plan.models.year import Review
from yakuba.services.plan.rows import Form
from yakuba.services.plan.year import figures

REPORT: Final = "plan_report"
"""The kind of a report's publication; its subject is the round."""
_KEYS: Final = ("number", "title", "kind", "group", "offices")


@dataclass(frozen=True, slots=True)
class Line:
    """An initiative of the report: the decided review, the public form of the initiative, and final values by the name of their indicator."""

    review: Review
    form: Form
    final: Mapping[str, Form]


def head(
    document: Mapping[str, JsonValue], *, year: int, round_title: str, lines: Sequence[Line], total: int
) -> dict[str, JsonValue]:
    """What the report says of itself. ``document`` is the edition's; ``total``: how many initiatives were asked for."""
    days = [one.review.decided_at for one in lines if one.review.decided_at]
    return {
        "municipality": document["municipality"],
        "plan": document["plan"],
        "levels": [],
        "nodes": [],
        "stated": {"progress": {}, "counts": {}},
        "year": year,
        "round": round_title,
        "asked": total,
        "by": sorted({one.review.decided_by for one in lines}),
        "decided_on": japan_date(max(days)).isoformat() if days else None,
    }


def body(line: Line) -> dict[str, JsonValue]:
    """One initiative of the report. Its keys are those of the public form, and ``review``."""
    review, form = line.review, line.form
    public: dict[str, Any] = rows.public_form(form)  # Any: JSON
    return {
        **{key: public[key] for key in _KEYS},
        "progress": review.decided_progress or None,
        "progress_meaning": review.decided_meaning or None,
        "initiative": str(review.initiative),
        "flags": [],
        "placements": [],
        "review": {
            "result": review.result,
            "action": review.decided_action,
            "reason": review.decided_reason if review.decided_action not in ("", "continue") else "",
            "by": review.decided_by,
            "on": format_date(japan_date(review.decided_at)) if review.decided_at else "",
            "figures": [
                _figure(indicator, review.year.year, line.final.get(indicator["name"]))
                for indicator in public["indicators"]
            ],
        },
    }


def _figure(indicator: Form, year: int, final: Form | None) -> dict[str, JsonValue]:
    target = figures.target_for(indicator, year)
    actual = figures.newest(indicator, "actual", year)
    found: dict[str, JsonValue] = {
        "name": " ".join(part for part in (indicator["number"], indicator["name"]) if part),
        "unit": indicator["unit"] or "",
        "target": target["raw"] if target else "",
        "target_year": target["year"] if target else None,
        "actual": actual["raw"] if actual else "",
        "status": (actual["status"] if actual else None) or "",
        "reached": figures.reached(indicator, actual, target if target and target["year"] == year else None),
        "final": "",
        "difference": "",
    }
    if final is not None and (actual is None or actual["status"] != "final"):
        here, was = figures.number(final), figures.number(actual)
        found["final"] = final["raw"]
        found["difference"] = "" if here is None or was is None else f"{here - was:+f}"
        found["reached"] = figures.reached(
            indicator, final, target if target and target["year"] == year else None
        )
    return found
