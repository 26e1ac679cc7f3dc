"""新旧対照 as a list and as a sheet: the same lines, columns and filters on the desk and on the portal."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from django.utils.translation import gettext as _

from yakuba.kernel.sheets.table import Column as SheetColumn
from yakuba.kernel.sheets.table import Row as SheetRow
from yakuba.kernel.sheets.table import Table, field_spec
from yakuba.kernel.town.records import Record
from yakuba.kernel.ui.components import badge
from yakuba.kernel.ui.drawing import Link
from yakuba.kernel.ui.formats import japanese
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListState, Slice, slice_rows
from yakuba.services.plan.models import Initiative, InitiativeOffice, Node
from yakuba.services.plan.next.contrast import FRESH, WORDS, Contrast, Line
from yakuba.services.plan.shown import Row

PAGE_SIZE: Final = 50
_ALL: Final = 10_000
LIST: Final = "lines"


def spec(
    found: Contrast,
    *,
    before: Callable[[Line], str] | None = None,
    after: Callable[[Line], str] | None = None,
    guesses: bool = False,
) -> ListSpec[Line]:
    """``before`` and ``after`` are the addresses of the two sides. ``guesses``: say which sides nobody said to be one (the desk)."""
    offices = Counter(name for line in found.lines for name in line.offices)
    filters = [
        Filter(
            "outcome",
            _("扱い"),
            tuple(Choice(word, WORDS[word], number) for word, number in found.counts.items()),
        ),
        Filter(
            "offices",
            _("担当"),
            tuple(Choice(name, name, number) for name, number in sorted(offices.items())),
        ),
    ]
    if guesses and (number := sum(line.guessed for line in found.lines)):
        filters.append(
            Filter("guessed", _("対応のさせ方"), (Choice("True", _("取組名などから対応させたもの"), number),))
        )
    columns: tuple[Column[Line], ...] = (
        Column(
            "before_text",
            _("前の版"),
            main=before is not None,
            show=lambda line: japanese(line.before_text or "―"),
            link=before,
        ),
        Column("outcome", _("扱い"), narrow=True, show=mark),
        Column(
            "after_text",
            _("この版"),
            main=before is None,
            show=lambda line: japanese(line.after_text or "―"),
            link=after,
        ),
        Column("offices", _("担当"), show=lambda line: japanese(_offices(line))),
        Column("reason", _("理由"), show=lambda line: japanese(line.reason)),
    )
    return ListSpec(
        columns=columns,
        filters=tuple(one for one in filters if one.choices),
        search=_("取組名や番号で探す"),
        extra=frozenset({"from"}),
    )


def mark(line: Line) -> object:
    """What became of it, as a badge; what ended is no alarm."""
    if line.outcome in FRESH:
        return badge(line.word, tone="accent")
    return badge(line.word, mark=_MARKS.get(line.outcome, ""))


_MARKS: Final = {
    "moved": "moved",
    "merged": "merge",
    "completed": "flag",
    "ended": "flag",
    "abolished": "cross",
    "postponed": "swap",
}


def _offices(line: Line) -> str:
    old, new = _leads(line.before), _leads(line.after)
    return f"{old} → {new}" if old and new and old != new else new or old


def _leads(row: Row | None) -> str:
    return "、".join(row.leads) if row is not None else ""


def page(found: Contrast, listed: ListSpec[Line], state: ListState) -> Slice[Line]:
    """One page of the lines that the reader asked for."""
    return slice_rows(listed, state, found.lines, size=PAGE_SIZE)


def matching(found: Contrast, state: ListState) -> Sequence[Line]:
    """All lines that search and filters leave."""
    return slice_rows(spec(found, guesses=True), state.first_page(), found.lines, size=_ALL).rows


def tallies(found: Contrast, path: str, extra: str = "") -> list[Link]:
    """How many initiatives each word concerns, each leading to the list narrowed to it."""
    query = f"&from={extra}" if extra else ""
    return [
        Link(WORDS[word], f"{path}?filter.outcome={word}{query}#{LIST}", count=number)
        for word, number in found.counts.items()
    ]


# --- the sheet --------------------------------------------------------------------------------------------------------

_COLUMNS: Final[tuple[tuple[str, type[Record], str, str], ...]] = (
    ("before_kind", Initiative, "kind", "前の版の区別"),
    ("before_number", Initiative, "number", "前の版の番号"),
    ("before_title", Initiative, "title", "前の版の取組名"),
    ("before_offices", InitiativeOffice, "name", "前の版の担当"),
    ("before_progress", Initiative, "progress", "前の版の進捗状況"),
    ("outcome", Node, "title", "扱い"),
    ("standing", Node, "text", "この版での位置づけ"),
    ("after_kind", Initiative, "kind", "この版の区別"),
    ("after_number", Initiative, "number", "この版の番号"),
    ("after_title", Initiative, "title", "この版の取組名"),
    ("after_offices", InitiativeOffice, "name", "この版の担当"),
    ("reason", Node, "text", "理由"),
)


def table(
    lines: Iterable[Line], *, municipality: str, as_of: dt.datetime, editions: tuple[str, str]
) -> Table:
    """The lines as a sheet, one row for each initiative."""
    return Table(
        name=_("新旧対照"),
        municipality=municipality,
        columns=[SheetColumn(key, field_spec(model, name, label)) for key, model, name, label in _COLUMNS],
        rows=(SheetRow(_cells(line)) for line in lines),
        as_of=as_of,
        notes=((_("前の版"), editions[0]), (_("この版"), editions[1]), (_("編集"), _("読み取り専用"))),
    )


def _cells(line: Line) -> dict[str, object]:
    found: dict[str, object] = {
        "outcome": line.word,
        "standing": line.standing,
        "reason": line.reason,
        "before_progress": line.before.progress if line.before else None,
    }
    for side, row in (("before", line.before), ("after", line.after)):
        if row is not None:
            found |= {
                f"{side}_kind": row.form["kind"],
                f"{side}_number": row.form["number"],
                f"{side}_title": row.title,
                f"{side}_offices": _leads(row),
            }
    return found
