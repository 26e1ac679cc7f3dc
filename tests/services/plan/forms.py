"""Invented plans in the canonical form, for tests."""

from __future__ import annotations

from typing import Any

Form = dict[str, Any]


def value(raw: str, year: int = 2024, kind: str = "actual", **more: Any) -> Form:
    """A value as printed, with what was read from it given by hand."""
    return {
        "kind": kind,
        "year": year,
        "as_of": None,
        "raw": raw,
        "number": None,
        "state": None,
        "approximate": False,
        "numerator": None,
        "denominator": None,
        "status": None,
        "revision": 0,
        "reason": None,
        **more,
    }


def indicator(name: str, values: list[Form], **more: Any) -> Form:
    """An indicator."""
    return {
        "number": None,
        "name": name,
        "unit": None,
        "direction": None,
        "aggregation": None,
        "bound": None,
        **more,
        "values": values,
    }


def initiative(number: str, title: str, *, values: list[str] | None = None, **more: Any) -> Form:
    """An initiative; ``values`` makes one indicator with a value a year from 2023 on."""
    found: Form = {
        "year": 2024,
        "kind": None,
        "number": number,
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
        "indicators": [
            indicator("件数", [value(raw, 2023 + index) for index, raw in enumerate(values)]),
        ]
        if values
        else [],
        "source": None,
        "sources": {},
        "doubts": [],
        "corrected": {},
        "progress_meaning": None,
        "warnings": [],
    }
    found.update(more)
    return found


def document(initiatives: list[Form], *, code: str = "990019", name: str = "みほん市", **plan: Any) -> Form:
    """A whole document in canonical form; its nodes follow from the placements."""
    paths: list[list[str]] = []
    for row in initiatives:
        for placement in row["placements"]:
            for depth in range(1, len(placement["path"]) + 1):
                if placement["path"][:depth] not in paths:
                    paths.append(placement["path"][:depth])
    return {
        "format": "yakuba-plan/1",
        "municipality": {"code": code, "name": name},
        "plan": {
            "title": "みほん市情報化推進計画",
            "edition": None,
            "first_year": 2024,
            "last_year": 2026,
            "sections": [],
            "terms": [],
            "predecessors": [],
            "related": [],
            **plan,
        },
        "levels": ["区分"] if paths else [],
        "nodes": [{"path": path, "title": path[-1], "text": None} for path in paths],
        "initiatives": initiatives,
        "bodies": [],
        "stated": {"progress": {}, "counts": {}},
        "warnings": [],
        "unplaced": [],
    }
