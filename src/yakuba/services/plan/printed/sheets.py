"""課別シート: what an office leads, each initiative with what the edition before said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypedDict

from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yakuba.kernel.ui.components import progress_badge
from yakuba.kernel.ui.formats import year_name
from yakuba.services.plan import labels, public_figures
from yakuba.services.plan.rows import Form
from yakuba.services.plan.shown import Row, newest
from yakuba.services.plan.succession import trace

_TEXTS: Final = ("result", "schedule_past")
_NEXT: Final = ("schedule",)


@dataclass(frozen=True, slots=True)
class Cell:
    """Lines of one cell; ``changed`` where the edition before says something else."""

    lines: tuple[str, ...]
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """An initiative in one edition, as cells."""

    name: Cell
    progress: Cell
    badge: SafeString
    figures: Cell
    stages: Cell
    done: Cell
    next: Cell


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the sheet; ``now`` is None for what this edition has no more, ``before`` for what is new in it."""

    now: Side | None
    before: Side | None
    merged: tuple[str, ...] = ()
    """What of the edition before went into it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that one office leads."""

    office: str
    entries: tuple[Entry, ...]


def offices(rows: Sequence[Row]) -> list[str]:
    """The leading offices in the document's order; the empty name stands for rows that name none."""
    found = dict.fromkeys(name for row in rows for name in (row.leads or ("",)))
    return sorted(found, key=lambda name: not name)


def sheets(now: Sequence[Row], before: Sequence[Row]) -> list[Sheet]:
    """The sheets of an edition beside the edition before it (empty where there is none)."""
    pairs = trace([row.form for row in before], [row.form for row in now])
    last = {place: pairs.before(place) for place in range(len(now))}
    by_office: dict[str, list[Entry]] = {name: [] for name in offices(now)}
    for place, row in enumerate(now):
        earlier = last[place]
        was = before[earlier] if earlier is not None else None
        merged = tuple(_name(before[one]) for one in pairs.merged_into(place))
        entry = Entry(_side(row, was, marked=bool(before)), _side(was) if was else None, merged)
        for name in row.leads or ("",):
            by_office[name].append(entry)
    for place in pairs.ended:
        for name in before[place].leads or ("",):
            by_office.setdefault(name, []).append(Entry(None, _side(before[place])))
    return [Sheet(name, tuple(entries)) for name, entries in by_office.items()]


class Choice(TypedDict):
    """What the page of the sheets is drawn from."""

    sheets: list[Sheet]
    choices: list[tuple[str, str]]
    chosen: str | None
    here: str
    none_named: str


def chosen_sheets(now: Sequence[Row], before: Sequence[Row], office: str | None, here: str) -> Choice:
    """The sheets of one office, or of all (None), and the addresses of the others."""
    found = sheets(now, before)
    return {
        "sheets": [one for one in found if office is None or one.office == office],
        "choices": [
            (one.office, f"{here}?{urlencode({'office': one.office})}")
            for one in found
            if one.office != office
        ],
        "chosen": office,
        "here": here,
        "none_named": _("担当の記載がない取組"),
    }


def _name(row: Row) -> str:
    return f"{row.number} {row.title}".strip()


def _side(row: Row, other: Row | None = None, *, marked: bool = False) -> Side:
    """The cells of a row; with ``marked`` each tells whether it differs from the ``other`` row."""
    was = _side(other) if other else None

    def cell(lines: tuple[str, ...], old: Cell | None) -> Cell:
        return Cell(lines, marked and lines != (old.lines if old else ()))

    return Side(
        cell((row.number, row.title), was.name if was else None),
        cell((row.progress,) if row.progress else (), was.progress if was else None),
        progress_badge(row.progress, row.meaning) if row.progress else SafeString(""),
        cell(tuple(_figures(row.form)), was.figures if was else None),
        cell(tuple(_stages(row.form)), was.stages if was else None),
        cell(tuple(_texts(row.form, _TEXTS)), was.done if was else None),
        cell(tuple(_texts(row.form, _NEXT)), was.next if was else None),
    )


def _figures(form: Form) -> Iterator[str]:
    for indicator in form["indicators"]:
        parts = []
        for kinds in (("target",), ("actual", "baseline")):
            value = newest(indicator, kinds)
            if value is not None:
                kind = labels.of(labels.VALUE_KINDS, value["kind"])
                year = year_name(value["year"]) if value["year"] else ""
                parts.append(f"{kind} {value['raw']}" + (f"（{year}）" if year else ""))
        yield " ".join(
            [_("%(name)s：") % {"name": public_figures.name_of(indicator)}, "／".join(parts) or "―"]
        )


def _stages(form: Form) -> Iterator[str]:
    for year, words in sorted(form["stages"].items(), key=lambda one: int(one[0])):
        if words:
            yield f"{year_name(int(year))} {words}"


def _texts(form: Form, keys: Sequence[str]) -> Iterator[str]:
    for key in keys:
        text = form["texts"].get(key)
        if text:
            yield from [text] if isinstance(text, str) else [f"・{point}" for point in text]
