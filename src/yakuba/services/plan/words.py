"""What stands at a place of an initiative, in words for a person: codes by their names, lists as lines. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from yakuba.kernel.dates import FiscalYear, format_date
from yakuba.services.plan import labels
from yakuba.services.plan.paths import Form
from yakuba.services.plan.themes import vocabulary

_CODES: Mapping[str, Mapping[str, labels.Text]] = {
    "flags": labels.FLAGS,
    "role": labels.OFFICE_ROLES,
    "direction": labels.DIRECTIONS,
    "aggregation": labels.AGGREGATIONS,
    "bound": labels.BOUNDS,
    "status": labels.STATUSES,
    "progress_meaning": labels.MEANINGS,
    "event": labels.EVENTS,
}


def words(path: str, value: Any) -> str | None:  # Any: any JSON value
    """The value at a path as a person reads it; None for nothing."""
    if value is None:
        return None
    if isinstance(value, bool):
        return _("はい") if value else _("いいえ")
    if isinstance(value, dict):
        return thing(path, value)
    if isinstance(value, list):
        lines = [str(words(path, one)) for one in value]
        plain = all(isinstance(one, str) for one in value) and not path.startswith("texts.")
        return ("＜" if path.endswith(".states") else "、" if plain else "\n").join(lines) or None
    return _scalar(path, value)


def _scalar(path: str, value: str | int) -> str:
    leaf = path.rpartition(".")[2].partition("[")[0]
    if path.startswith(("texts.", "stages.", "tags.", "more.")):
        return str(value)
    if leaf == "year":
        return FiscalYear(int(value)).wareki
    if leaf == "as_of":
        return format_date(dt.date.fromisoformat(str(value)))
    if leaf == "kind":
        known: Mapping[str, labels.Text] = labels.VALUE_KINDS if ".values" in path else labels.KINDS
        return str(known.get(str(value), value))
    if leaf == "themes":
        found = vocabulary.THEMES.get(str(value))
        return vocabulary.label(found) if found else str(value)
    return str(_CODES.get(leaf, {}).get(str(value), value))


def thing(path: str, value: Form) -> str:
    """One item of a list (an office, a place, an indicator, a value …) in a line."""
    kind = path.rpartition(".")[2].partition("[")[0]
    match kind:
        case "offices":
            role = labels.of(dict(labels.OFFICE_ROLES), value["role"])
            return (
                _("%(name)s（%(role)s）") % {"name": value["name"], "role": role} if value["name"] else role
            )
        case "placements":
            place = " › ".join(value["path"])
            return place if value["primary"] else _("%(place)s（再掲）") % {"place": place}
        case "items":
            names = "、".join(value["offices"])
            line = " ".join(part for part in (value["number"], value["text"]) if part)
            return f"{line}（{names}）" if names else line
        case "lineage":
            return event(value)
        case "indicators":
            return " ".join(part for part in (value["number"], value["name"]) if part)
        case "values":
            return " ".join(part for part in (figure(value), value["raw"]) if part)
        case _:
            return "、".join(str(words(path, one)) for one in value.values() if one not in (None, ""))


def event(value: Form) -> str:
    """One step of an initiative's life: 令和8年度 区分を移しました（令和7年度 推進 14から）."""
    year = FiscalYear(value["year"]).wareki if value["year"] else ""
    told = " ".join(part for part in (year, labels.of(labels.EVENTS, value["event"])) if part)
    origin = value["from"]
    if not origin:
        return told
    since = FiscalYear(origin["year"]).wareki if origin["year"] else ""
    parts = (since, labels.of(labels.KINDS, origin["kind"]), origin["number"] or "")
    return told + _("（%(origin)sから）") % {"origin": " ".join(part for part in parts if part)}


def figure(value: Form) -> str:
    """Which value of an indicator: 令和6年度 目標値（改訂1）."""
    year = FiscalYear(value["year"]).wareki if value["year"] else _("年度なし")
    name = f"{year} {labels.of(labels.VALUE_KINDS, value['kind'])}"
    return name + (_("（改訂%(n)d）") % {"n": value["revision"]} if value["revision"] else "")
