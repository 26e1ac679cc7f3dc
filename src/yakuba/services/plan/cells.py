"""An initiative as cells: every printed field with its path, its name for a person, and its text. Pure.

Paths are those of :func:`rules.get`; the desk shows and corrects by them, and what changed is told by them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.fields.kinds import plain_decimal
from yakuba.services.plan import labels, rows, rules
from yakuba.services.plan.rows import Form


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed field. ``note`` is what was read from it, where that is not the text itself."""

    path: str
    label: str
    text: str
    section: str = ""
    note: str = ""
    long: bool = False

    @property
    def correctable(self) -> bool:
        """Whether its text can be corrected by typing."""
        return rules.correctable(self.path)

    @property
    def required(self) -> bool:
        """Whether its text may not be emptied."""
        return rules.required(self.path)


def cells(form: Form) -> list[Cell]:
    """The cells of an initiative in the order of its page; public forms lack some keys, and their cells."""
    return [*_basics(form), *_texts(form), *_rest(form), *_indicators(form)]


def cell(form: Form, path: str) -> Cell:
    """One cell by its path, also one that a page does not list (the figure read from a value). LookupError without one."""
    for found in cells(form):
        if found.path == path:
            return found
    text = _plain(rules.get(form, path)) if not path.startswith("texts.") else form["texts"].get(path[6:], "")
    prefix, _dot, leaf = path.rpartition(".")
    near = next((one for one in cells(form) if one.path == f"{prefix}.raw"), None)
    if near is not None:
        return Cell(
            path,
            _("%(value)s：%(part)s") % {"value": near.label, "part": _figure_label(leaf)},
            text,
            near.section,
        )
    if prefix == "texts":
        return Cell(path, labels.of(labels.TEXTS, leaf), text, _("本文"), long=True)
    return Cell(path, path, text)


def _figure_label(leaf: str) -> str:
    return {"number": _("読み取った数"), "state": _("読み取った語"), "year": _("年度")}.get(leaf, leaf)


def _basics(form: Form) -> Iterator[Cell]:
    section = _("基本")
    yield Cell("number", _("番号"), form["number"], section)
    yield Cell("title", _("取組名"), form["title"], section)
    if form["kind"]:
        yield Cell("kind", _("区別"), labels.of(labels.KINDS, form["kind"]), section)
    for index, flag in enumerate(form["flags"]):
        yield Cell(f"flags[{index}]", _("印"), labels.of(labels.FLAGS, flag), section)
    for index, place in enumerate(form["placements"]):
        label = _("位置") if place["primary"] else _("再掲の位置")
        yield Cell(f"placements[{index}]", label, " › ".join(place["path"]), section)
    for index, office in enumerate(form["offices"]):
        role = labels.of(labels.OFFICE_ROLES, office["role"])
        yield Cell(f"offices[{index}].name", _("担当（%(role)s）") % {"role": role}, office["name"], section)
    yield Cell(
        "progress",
        _("進捗状況"),
        form["progress"] or "",
        section,
        note=_meaning(form["progress_meaning"]) if form["progress"] else "",
    )
    if form["group"]:
        yield Cell("group", _("組"), form["group"], section)


def _meaning(code: str | None) -> str:
    return _("意味：%(meaning)s") % {"meaning": labels.of(labels.MEANINGS, code)} if code else ""


def _texts(form: Form) -> Iterator[Cell]:
    for key, text in form["texts"].items():
        yield Cell(f"texts.{key}", labels.of(labels.TEXTS, key), _plain(text), _("本文"), long=True)


def _rest(form: Form) -> Iterator[Cell]:
    section = _("工程と項目")
    for index, item in enumerate(form["items"]):
        label = _("主な取組%(number)s") % {"number": item["number"] or index + 1}
        yield Cell(f"items[{index}]", label, item["text"], section, note="、".join(item["offices"]))
    for year, stage in form["stages"].items():
        yield Cell(f"stages.{year}", FiscalYear(int(year)).wareki, stage, section)
    for key, words in form["tags"].items():
        yield Cell(f"tags.{key}", key, "、".join(words), section)
    for index, event in enumerate(form["lineage"]):
        words = labels.of(labels.EVENTS, event["event"])
        year = FiscalYear(event["year"]).wareki if event["year"] else ""
        yield Cell(f"lineage[{index}]", _("経緯"), f"{year} {words}".strip(), section)
    for key, label, text in rows.more_shown(form):
        yield Cell(f"more.{key}", label, text, section)


def _indicators(form: Form) -> Iterator[Cell]:
    for index, indicator in enumerate(form["indicators"]):
        here = f"indicators[{index}]"
        mark = indicator["number"] or (str(index + 1) if len(form["indicators"]) > 1 else "")
        section = _("指標%(mark)s") % {"mark": mark}
        facts = [
            labels.of(labels.DIRECTIONS, indicator["direction"]),
            labels.of(labels.AGGREGATIONS, indicator["aggregation"]),
            labels.of(labels.BOUNDS, indicator["bound"]),
        ]
        yield Cell(
            f"{here}.name",
            _("指標名"),
            indicator["name"],
            section,
            note="・".join(fact for fact in facts if fact),
        )
        yield Cell(f"{here}.unit", _("単位"), indicator["unit"] or "", section)
        for place, value in enumerate(indicator["values"]):
            year = FiscalYear(value["year"]).wareki if value["year"] else _("年度なし")
            label = f"{year} {labels.of(labels.VALUE_KINDS, value['kind'])}"
            if value["revision"]:
                label += _("（改訂%(n)d）") % {"n": value["revision"]}
            yield Cell(
                f"{here}.values[{place}].raw",
                label,
                value["raw"],
                section,
                note=reading(value, indicator["unit"]),
            )


def reading(value: Form, unit: str | None) -> str:
    """What was read from a printed value, in words; nothing where the print says the same."""
    found = read_as(value, unit)
    if value["number"] is None and value["state"] is None:
        return found
    return "" if found == value["raw"] else _("読み取り：%(found)s") % {"found": found}


def read_as(value: Form, unit: str | None) -> str:
    """What was read from a printed value, in words."""
    if value["state"] is not None:
        found = _("語「%(state)s」") % {"state": value["state"]}
    elif value["number"] is not None:
        # As the draft keeps it: 38.0 and 38 are one number.
        found = f"{plain_decimal(Decimal(value['number']))}{unit or ''}"
        if value["approximate"]:
            found = _("約%(number)s") % {"number": found}
    else:
        return _("値なし")
    if value["numerator"] is not None and value["denominator"] is not None:
        found += _("（%(denominator)s分の%(numerator)s）") % {
            "numerator": value["numerator"],
            "denominator": value["denominator"],
        }
    if value["status"]:
        found += "・" + labels.of(labels.STATUSES, value["status"])
    return found


def _plain(value: Any) -> str:  # Any: any JSON value
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(_plain(one) for one in value)
    if isinstance(value, dict):
        return "、".join(_plain(one) for one in value.values())
    return str(value)


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that differs between two states of an initiative."""

    path: str
    label: str
    before: str
    after: str


def changes(before: Form, after: Form) -> list[Change]:
    """Cell by cell what differs; a figure that is read otherwise from the same print is a change as well."""
    old = {one.path: one for one in cells(before)}
    new = {one.path: one for one in cells(after)}
    found = []
    for path, one in {**old, **new}.items():
        was, now = old.get(path), new.get(path)
        texts = (was.text if was else "", now.text if now else "")
        notes = (was.note if was else "", now.note if now else "")
        if texts[0] == texts[1] and notes[0] != notes[1]:
            before_, after_ = (
                f"{text}（{note}）" if note else text for text, note in zip(texts, notes, strict=True)
            )
            found.append(Change(path, _full(one), before_, after_))
        elif texts[0] != texts[1]:
            found.append(Change(path, _full(one), *texts))
    return found


def _full(one: Cell) -> str:
    return f"{one.section} {one.label}" if one.path.startswith("indicators") else one.label
