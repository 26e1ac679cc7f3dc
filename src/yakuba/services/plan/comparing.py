"""In which fields two forms of one initiative differ. Pure.

A field is found again by what it is (the target of 令和8年度, the stage of a year, the purpose), never by its place in a list:
a value that came in before another one changes nothing but itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.kernel.ui.formats import year_name
from yakuba.services.plan import labels, rows
from yakuba.services.plan.cells import read_as
from yakuba.services.plan.rows import Form
from yakuba.services.plan.shown import joined

Key = tuple[str | int, ...]
"""What a field is: its sort first, such as ("stage", 2026) or ("value", "オンライン化手続数", "target", 2026, 0)."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs. ``sort`` is a key of :data:`differences.SORTS`, ``indicator`` the name of the one it belongs to."""

    key: Key
    sort: str
    before: str
    after: str
    indicator: str = ""

    @property
    def label(self) -> str:
        """What the field is called, in the reader's language."""
        return _label(self.key, self.indicator)


def changed(before: Form, after: Form) -> list[Change]:
    """The fields in which two forms of one initiative differ, in the order of its page."""
    places = _same_indicators(before, after)
    old = dict(_fields(before, places))
    new = dict(_fields(after, {}))
    if old.get(("progress",)) != new.get(("progress",)):
        # The meaning follows from the word: one change, not two.
        old.pop(("progress_meaning",), None)
        new.pop(("progress_meaning",), None)
    names = {places[n]: one["name"] for n, one in enumerate(before.get("indicators", ()))}
    names |= {n: one["name"] for n, one in enumerate(after.get("indicators", ()))}
    found = []
    for key in [*new, *(key for key in old if key not in new)]:
        was, now = old.get(key), new.get(key)
        if was != now and not (key[-1] == _EARLIER and None in (was, now)):
            indicator = names[int(key[1])] if key[0] in {"indicator", "value"} else ""
            found.append(Change(key, _sort(key), *_told(key, was, now), indicator))
    return found


def _fields(form: Form, places: Mapping[int, int]) -> Iterator[tuple[Key, Any]]:  # Any: any JSON value
    """Every field of a form by what it is. A form may lack keys (it was trimmed); what is empty is no field."""
    yield from _head(form)
    for name, text in form.get("texts", {}).items():
        if text:
            yield ("text", name), joined(text)
    for number, item in enumerate(form.get("items", ())):
        yield ("item", item["number"] or number + 1), (item["text"], *item["offices"])
    for year, stage in form.get("stages", {}).items():
        yield ("stage", int(year)), stage
    for place, indicator in enumerate(form.get("indicators", ())):
        yield from _indicator(places.get(place, place), indicator)
    for name, label, text in rows.more_shown(form, public=True) if form.get("more") else ():
        if text:
            yield ("more", name, label), text


def _head(form: Form) -> Iterator[tuple[Key, Any]]:  # Any: any JSON value
    for name in ("kind", "number", "title", "group", "progress", "progress_meaning"):
        if form.get(name):
            yield (name,), form[name]
    yield from _grouped("office", ((one["role"], one["name"]) for one in form.get("offices", ())))
    yield from _grouped(
        "place",
        (("primary" if one["primary"] else "again", " ＞ ".join(one["path"])) for one in form["placements"]),
    )
    for flag in form.get("flags", ()):
        yield ("flag", flag), labels.of(labels.FLAGS, flag)
    for name, words in form.get("tags", {}).items():
        if words:
            yield ("tag", name), "、".join(words)
    for number, event in enumerate(form.get("lineage", ())):
        yield ("lineage", number), event


def _grouped(sort: str, found: Iterable[tuple[str, str]]) -> Iterator[tuple[Key, str]]:
    together: dict[str, list[str]] = {}
    for role, name in found:
        if name:
            together.setdefault(role, []).append(name)
    for role, names in together.items():
        yield (sort, role), "、".join(names)


_EARLIER: Final = "earlier"
"""Ends the key of a value that a revision replaced: it came into the past by itself, so that its coming is no change."""
_TRAITS: Final = ("number", "name", "unit", "direction", "aggregation", "bound", "definition", "states")


def _indicator(place: int, form: Form) -> Iterator[tuple[Key, Any]]:  # Any: any JSON value
    for name in _TRAITS:
        if form.get(name):
            yield ("indicator", place, name), form[name]
    newest: dict[Key, Form] = {}
    nth: Counter[Key] = Counter()
    for value in sorted(form["values"], key=lambda value: int(value["revision"]), reverse=True):
        key: Key = (value["kind"], value["year"] or 0, value["revision"])
        nth[key] += 1
        which: Key = (value["kind"], value["year"] or 0, nth[key])
        if which in newest:
            yield ("value", place, *which, value["revision"], _EARLIER), value
        else:
            newest[which] = value
            yield ("value", place, *which), value


def _same_indicators(before: Form, after: Form) -> dict[int, int]:
    """For each indicator of the earlier form its place in the later one, by name, else by place among those left over.

    What is in no later form gets a place beyond it.
    """
    old, new = before.get("indicators", ()), after.get("indicators", ())
    free = dict(enumerate(new))
    found: dict[int, int] = {}
    for place, one in enumerate(old):
        same = next((n for n, other in free.items() if _plain(other["name"]) == _plain(one["name"])), None)
        if same is not None:
            found[place] = same
            del free[same]
    beyond = len(new)
    for place in range(len(old)):
        if place in found:
            continue
        if place in free:
            found[place] = place
            del free[place]
        else:
            found[place] = beyond
            beyond += 1
    return found


def _plain(name: str) -> str:
    return "".join(name.split())


def _sort(key: Key) -> str:
    first = str(key[0])
    if first == "value":
        return "target" if key[2] == "target" else "actual"
    return {
        "kind": "moved",
        "number": "renumbered",
        "progress_meaning": "progress",
        "group": "mark",
        "flag": "mark",
        "tag": "mark",
        "lineage": "mark",
        "more": "text",
    }.get(first, first)


def _label(key: Key, indicator: str) -> str:
    match key:
        case ("office", str(role)):
            return _("担当（%(role)s）") % {"role": labels.of(labels.OFFICE_ROLES, role)}
        case ("stage", int(year)):
            return year_name(year)
        case ("item", mark):
            return _("主な取組%(number)s") % {"number": mark}
        case ("indicator", _place, str(trait)) if trait != "name":
            return _("%(indicator)s：%(part)s") % {"indicator": indicator, "part": _NAMES[trait]}
        case ("value", _place, str(kind), int(year), _nth, *earlier):
            when = year_name(year) if year else _("年度なし")
            part = f"{when} {labels.of(labels.VALUE_KINDS, kind)}"
            value = _("%(indicator)s：%(part)s") % {"indicator": indicator, "part": part}
            return value + _("（改訂の前）") if earlier else value
        case ("text", str(name)):
            return labels.of(labels.TEXTS, name)
    # The others have a name in the table, or are called by their own last part, as a tag is; one part alone is a whole row.
    found = _NAMES.get(".".join(map(str, key)), _NAMES.get(str(key[0])))
    return str(found or (_("取組") if len(key) == 1 else key[-1]))


_NAMES: Final[dict[str, str | Promise]] = {
    "kind": gettext_lazy("区別"),
    "number": gettext_lazy("番号"),
    "title": gettext_lazy("取組名"),
    "group": gettext_lazy("組"),
    "progress": gettext_lazy("進捗状況"),
    "progress_meaning": gettext_lazy("進捗の意味"),
    "flag": gettext_lazy("印"),
    "lineage": gettext_lazy("経緯"),
    "place.primary": gettext_lazy("位置"),
    "place.again": gettext_lazy("再掲の位置"),
    "indicator": gettext_lazy("指標名"),
    "unit": gettext_lazy("単位"),
    "direction": gettext_lazy("望ましい向き"),
    "aggregation": gettext_lazy("集計"),
    "bound": gettext_lazy("目標の範囲"),
    "definition": gettext_lazy("数え方"),
    "states": gettext_lazy("言葉の順"),
}
_CODES: Final = {
    "direction": labels.DIRECTIONS,
    "aggregation": labels.AGGREGATIONS,
    "bound": labels.BOUNDS,
    "progress_meaning": labels.MEANINGS,
    "kind": labels.KINDS,
}


def _told(key: Key, was: Any, now: Any) -> tuple[str, str]:  # Any: what stands in a field
    """Two contents of a field as texts. Where the print is the same, what was read from it tells them apart."""
    before, after = _text(key, was), _text(key, now)
    if key[0] == "value" and before == after:
        return f"{before}（{_aside(was)}）", f"{after}（{_aside(now)}）"
    return before, after


def _text(key: Key, found: Any) -> str:  # Any: what stands in a field
    if found is None:
        return ""
    codes = _CODES.get(str(key[-1]))
    if codes is not None:
        return labels.of(codes, found)
    match key[0]:
        case "value":
            return str(found["raw"])
        case "lineage":
            return f"{year_name(found['year'])} {labels.of(labels.EVENTS, found['event'])}".strip()
    return "、".join(found) if isinstance(found, tuple | list) else str(found)


def _aside(value: Form) -> str:
    more = [str(value[key]) for key in ("as_of", "reason") if value[key]]
    return "・".join([read_as(value, None), *more])
