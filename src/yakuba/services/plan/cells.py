"""An initiative as cells: every printed field with its path, its name for a person, and its text. Pure.

Paths are those of :func:`rules.get`; the desk shows and corrects by them, and what changed is told by them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.fields.kinds import plain_decimal
from yakuba.services.plan import labels, rows, rules
from yakuba.services.plan.paths import SPARSE
from yakuba.services.plan.rows import Form
from yakuba.services.plan.words import event as told
from yakuba.services.plan.words import figure, words


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
    head, _point, rest = path.partition(".")
    if head == "texts" and rest:
        return Cell(
            path, labels.of(labels.TEXTS, rest), _plain(form["texts"].get(rest)), _("本文"), long=True
        )
    if head == "stages" and rest.isdecimal():
        return Cell(path, FiscalYear(int(rest)).wareki, form["stages"].get(rest, ""), _("工程と項目"))
    if head == "tags" and rest:
        return Cell(path, rest, "、".join(form["tags"].get(rest, [])), _("工程と項目"))
    try:
        text = words(path, rules.get(form, path)) or ""
    except LookupError:
        if path.rpartition(".")[2] not in SPARSE:
            raise
        text = ""
    label, section = name(form, path)
    return Cell(path, label, text, section, long=path.endswith(".definition"))


def full_name(form: Form, path: str) -> str:
    """What a place is called where its section does not stand above it. LookupError where there is no such place."""
    label, section = name(form, path)
    return f"{section} {label}" if "." in path and path.startswith("indicators") else label


def name(form: Form, path: str) -> tuple[str, str]:
    """What a place is called, and the section of the page that it belongs to; parts and single facts alike."""
    if path.startswith("indicators["):
        return _indicator_name(form, path)
    head, _point, rest = path.partition(".")
    if rest and head in _OPEN_PARTS:
        return _open_name(head, rest.partition("[")[0]), _("本文") if head == "texts" else _("工程と項目")
    for known in cells(form):
        if known.path == path:
            return known.label, known.section
    head = path.partition("[")[0]
    leaf = str(_LEAVES.get(path.rpartition(".")[2].partition("[")[0], path))
    if head not in _PARTS:
        return leaf, _("基本")
    return (str(_PARTS[head]) if "." not in path else f"{_PARTS[head]} {leaf}"), _("基本")


_OPEN_PARTS = ("texts", "stages", "tags")


def _open_name(part: str, key: str) -> str:
    if part == "texts":
        return labels.of(labels.TEXTS, key)
    return (
        _("工程 %(year)s") % {"year": FiscalYear(int(key)).wareki}
        if part == "stages" and key.isdecimal()
        else key
    )


def _indicator_name(form: Form, path: str) -> tuple[str, str]:
    indicator_path, _point, inside = path.partition(".")
    section = _section(form, int(indicator_path.removeprefix("indicators[").removesuffix("]")))
    if not inside:
        return section, section
    if inside == "values":
        return _("値の一覧"), section
    value_path, _point, leaf = inside.partition(".")
    if not value_path.startswith("values["):
        return (_("指標名") if inside == "name" else str(_LEAVES.get(inside, inside))), section
    which = figure(rules.get(form, f"{indicator_path}.{value_path}"))
    if leaf in ("", "raw"):
        return which, section
    part = _("読み取った数") if leaf == "number" else str(_LEAVES.get(leaf, leaf))
    return _("%(value)s：%(part)s") % {"value": which, "part": part}, section


_PARTS: dict[str, labels.Text] = {
    "offices": gettext_lazy("担当"),
    "placements": gettext_lazy("位置"),
    "flags": gettext_lazy("印"),
    "items": gettext_lazy("主な取組"),
    "stages": gettext_lazy("年度別の工程"),
    "tags": gettext_lazy("タグ"),
    "texts": gettext_lazy("本文"),
    "lineage": gettext_lazy("経緯"),
    "themes": gettext_lazy("主題"),
    "indicators": gettext_lazy("指標の一覧"),
}
_LEAVES: dict[str, labels.Text] = {
    "number": gettext_lazy("番号"),
    "title": gettext_lazy("取組名"),
    "year": gettext_lazy("年度"),
    "kind": gettext_lazy("区別"),
    "group": gettext_lazy("組"),
    "progress": gettext_lazy("進捗状況"),
    "progress_meaning": gettext_lazy("進捗の意味"),
    "name": gettext_lazy("名前"),
    "role": gettext_lazy("役割"),
    "text": gettext_lazy("内容"),
    "offices": gettext_lazy("担当"),
    "unit": gettext_lazy("単位"),
    "direction": gettext_lazy("望ましい向き"),
    "aggregation": gettext_lazy("集計"),
    "bound": gettext_lazy("目標の範囲"),
    "definition": gettext_lazy("数え方"),
    "states": gettext_lazy("言葉の順"),
    "as_of": gettext_lazy("時点"),
    "state": gettext_lazy("読み取った語"),
    "approximate": gettext_lazy("約"),
    "numerator": gettext_lazy("分子"),
    "denominator": gettext_lazy("分母"),
    "status": gettext_lazy("確度"),
    "reason": gettext_lazy("改訂の理由"),
}


def _section(form: Form, index: int) -> str:
    indicator = form["indicators"][index]
    mark = indicator["number"] or (str(index + 1) if len(form["indicators"]) > 1 else "")
    return _("指標%(mark)s") % {"mark": mark}


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
    for key, tags in form["tags"].items():
        yield Cell(f"tags.{key}", key, "、".join(tags), section)
    for index, event in enumerate(form["lineage"]):
        yield Cell(f"lineage[{index}]", _("経緯"), told(event), section)
    for key, label, text in rows.more_shown(form):
        yield Cell(f"more.{key}", label, text, section)


def _indicators(form: Form) -> Iterator[Cell]:
    for index, indicator in enumerate(form["indicators"]):
        here = f"indicators[{index}]"
        section = _section(form, index)
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
        if indicator.get("definition"):
            yield Cell(f"{here}.definition", _("数え方"), indicator["definition"], section, long=True)
        if indicator.get("states"):
            yield Cell(f"{here}.states", _("言葉の順"), "＜".join(indicator["states"]), section)
        for place, value in enumerate(indicator["values"]):
            yield Cell(
                f"{here}.values[{place}].raw",
                figure(value),
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


def _plain(value: str | list[str] | None) -> str:
    """A text, or the lines of a listed one."""
    return "\n".join(value) if isinstance(value, list) else value or ""


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
