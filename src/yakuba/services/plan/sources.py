"""Where a field was read: the lines of the stored document around it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.files import sandbox
from yakuba.kernel.files import store as files
from yakuba.kernel.files.store import tidy_name
from yakuba.kernel.ui.components import SourceLine
from yakuba.services.plan.models import Edition, Import
from yakuba.services.plan.parsing import printed
from yakuba.services.plan.paths import get
from yakuba.services.plan.reading.blocks import Block
from yakuba.services.plan.reading.unreadable import Unreadable
from yakuba.services.plan.rows import Form

RULES: dict[str, str | Promise] = {
    "header-column": _("見出しの列から"),
    "realigned": _("列がずれた行なので、内容から列を判断しました"),
    "joined-spaces": _("行の折り返しで入った空白を詰めました"),
    "fill-down": _("空の欄なので、上の行と同じとしました"),
    "other-year": _("ほかの年度の同じ取組から"),
    "overview": _("一覧から"),
    "outline": _("見出しと本文から"),
    "labelled-part": _("項目名の付いた欄から"),
    "former-plan": _("前の計画の検証から"),
    "sheet-label": _("個票の項目から"),
    "sheet-head": _("個票の見出しから"),
    "sheet-years": _("個票の年度の欄から"),
    "cross-table": _("一覧表の印から"),
    "cross-list": _("再び挙げた一覧から"),
    "moved-cell": _("項目から離れた欄から"),
    "flag-word": _("欄の中の印から"),
    "merged-cell": _("上の行と結合された欄から"),
    "office-above": _("表の上の課名から"),
    "sheet-name": _("シートの名前から"),
}
_AROUND = 1
_VALUE = re.compile(r"indicators\[[0-9]+\]\.values\[[0-9]+\]")


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the document: its line in a sheet or page, and the cell in it (from 0) where one is known."""

    file: str
    line: int
    cell: int | None
    rule: str
    part: str = ""


def revised(form: Form, path: str) -> tuple[str, Form] | None:
    """The revised value that a path lies in, and its own path; None for anything that the document itself says."""
    found = _VALUE.match(path)
    if found is None:
        return None
    try:
        value: Form = get(form, found[0])
    except LookupError:
        return None
    return (found[0], value) if value["revision"] else None


def place_of(form: Form, path: str) -> Place | None:
    """Where a field was read: its own source, that of the thing it belongs to, or else the row's.

    None for a revised value: where it would be looked for, the document says what it was before.
    """
    if revised(form, path):
        return None
    sources: dict[str, dict[str, Any]] = form["sources"]  # Any: JSON
    parts = path.split(".")
    steps = [".".join(parts[:depth]) for depth in range(len(parts), 0, -1)]
    # A figure was read from the cell it was printed in.
    for step in [path, f"{path}.raw", f"{'.'.join(parts[:-1])}.raw", *steps]:
        if found := sources.get(step):
            return Place(
                found["file"],
                found["line"],
                None if found["cell"] is None else found["cell"] - 1,
                str(RULES.get(found["rule"], "")),
                found.get("part", ""),
            )
    row = form["source"]
    return Place(row["file"], row["line"], None, "", row.get("part", "")) if row else None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines of a document with one of them marked; ``cell`` counts from 0. ``part`` names the sheet or the page, where there are several."""

    file: str
    lines: Sequence[SourceLine]
    line: int
    cell: int | None
    rule: str
    part: str = ""


def excerpt(kept: Edition | Import, place: Place, around: int = _AROUND) -> Excerpt | None:
    """The line of a place and its neighbours in the same part; None where the document is not kept here or is no text.

    An edition that was taken in as data names documents that this installation never saw.
    """
    stored = kept.file
    if stored is None or stored.name != tidy_name(place.file):
        return None
    rows = [row for row in _rows(stored.sha256, stored.name) if row.part == place.part]
    at = next((index for index, row in enumerate(rows) if row.line == place.line), None)
    if at is None:
        return None
    # Blank lines between rows say nothing.
    before, after = _filled(rows[:at]), _filled(rows[at + 1 :])
    shown = [*before[max(len(before) - around, 0) :], rows[at], *after[:around]]
    lines = [SourceLine(row.line, row.cells) for row in shown]
    return Excerpt(place.file, lines, place.line, place.cell, place.rule, part_name(place.part))


def part_name(part: str) -> str:
    """What a part of a document is called: a sheet by its name, a page by its number."""
    return str(_("%(n)sページ目") % {"n": part}) if part.isdecimal() else part


def _filled(rows: Sequence[Block]) -> list[Block]:
    return [row for row in rows if not row.blank]


@lru_cache(maxsize=4)
def _rows(sha256: str, name: str) -> tuple[Block, ...]:
    """The blocks of a stored document. Content never changes under its digest.

    A text is cut into lines here; whatever needs a parser of some size is opened where it can do no harm, as when it was read.
    """
    from yakuba.services.plan.reading.containers import (
        text,
    )  # not at the start: its package's patterns are many

    try:
        with files.backend().open(sha256) as stream:
            data = stream.read()
        try:
            return text.read(data, name).blocks
        except Unreadable:
            with tempfile.NamedTemporaryFile() as copy:
                copy.write(data)
                copy.flush()
                rows = cast(
                    "list[list[Any]]", sandbox.read(printed, copy.name, name)
                )  # Any: as JSON carries them
    except (FileNotFoundError, Problem):
        return ()
    return tuple(Block(line, tuple(cells), part) for line, cells, part in rows)
