"""A draft as a sheet that comes back: one row for each initiative, the cells that a person may correct."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.actions import Problem
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.fields import INTERNAL, PUBLIC, Spec, spec_of
from yakuba.kernel.sheets.changes import CellChange, Preview
from yakuba.kernel.sheets.rows import CellProblem
from yakuba.kernel.sheets.table import Column, Row, Table
from yakuba.services.plan import cells, labels, rules, shown
from yakuba.services.plan.actions import RowChange
from yakuba.services.plan.models import Indicator, Initiative
from yakuba.services.plan.rows import Form, more_specs, more_values


def _spec(model: type[Initiative | Indicator], field: str, label: str = "") -> Spec:
    spec = spec_of(model._meta.get_field(field))
    if spec is None:
        raise LookupError(f"{model.__name__}.{field} carries no field")
    return replace(spec, label=label or spec.label)


def _printed(label: str) -> Spec:
    """A cell as printed: several lines are possible, and what is missing stays missing."""
    return fields.prose(label=label, classification=PUBLIC).spec


def columns(forms: Sequence[Form]) -> list[Column]:
    """The columns that these initiatives fill: a key is the path of the cell, values go by indicator, kind and year."""
    found = [
        Column("number", _spec(Initiative, "number")),
        Column("title", _spec(Initiative, "title")),
        Column("offices", replace(_printed(_("担当")), classification=PUBLIC), fixed=True),
        Column("progress", _spec(Initiative, "progress")),
    ]
    texts = dict.fromkeys(key for form in forms for key in form["texts"])
    found += [
        Column(
            f"texts.{key}",
            _printed(labels.of(labels.TEXTS, key)),
            fixed=not rules.correctable(f"texts.{key}"),
        )
        for key in labels.TEXTS
        if key in texts
    ]
    found += [Column(f"more.{key}", spec) for key, spec in more_specs().items()]
    for index in range(max((len(form["indicators"]) for form in forms), default=0)):
        mark = _("指標%(n)d") % {"n": index + 1}
        found.append(Column(f"indicators[{index}].name", _printed(_("%(mark)s 指標名") % {"mark": mark})))
        found.append(
            Column(f"indicators[{index}].unit", _spec(Indicator, "unit", _("%(mark)s 単位") % {"mark": mark}))
        )
        keys = {
            key: None
            for form in forms
            if index < len(form["indicators"])
            for key in _values(form["indicators"][index])
        }
        found += [
            Column(f"indicators[{index}].{'.'.join(map(str, key))}", _printed(f"{mark} {_value_label(*key)}"))
            for key in sorted(keys, key=_order)
        ]
    found.append(Column("marks", fields.prose(label=_("要確認"), classification=INTERNAL).spec, fixed=True))
    return found


Key = tuple[str, int, int]
"""Kind, fiscal year (0 for none), and which one of several alike."""


def _values(indicator: Form) -> dict[Key, int]:
    """The place of each value by what it is."""
    found: dict[Key, int] = {}
    for place, value in enumerate(indicator["values"]):
        kind, year = value["kind"], value["year"] or 0
        nth = sum(1 for other in found if other[:2] == (kind, year))
        found[kind, year, nth] = place
    return found


def _order(key: Key) -> tuple[int, bool, int]:
    return (key[1], key[0] == "target", key[2])


def _value_label(kind: str, year: int, nth: int) -> str:
    found = f"{FiscalYear(year).wareki if year else _('年度なし')} {labels.of(labels.VALUE_KINDS, kind)}"
    return f"{found}（{nth + 1}）" if nth else found


def path_of(form: Form, key: str) -> str | None:
    """The path of a column's cell in one initiative; None where it has no such value."""
    head, _dot, rest = key.partition(".")
    parts = rest.split(".")
    if not head.startswith("indicators[") or len(parts) != 3:
        return key
    index = int(head.removeprefix("indicators[").removesuffix("]"))
    if index >= len(form["indicators"]):
        return None
    place = _values(form["indicators"][index]).get((parts[0], int(parts[1]), int(parts[2])))
    return None if place is None else f"{head}.values[{place}].raw"


def values(form: Form, of: Sequence[Column]) -> dict[str, object]:
    """The cells of one row."""
    own: dict[str, object] = {
        "offices": "、".join(office["name"] for office in form["offices"] if office["name"]),
        "marks": "\n".join(doubt["note"] for doubt in form["doubts"]),
    }
    for column in of:
        if column.key not in own:
            path = path_of(form, column.key)
            own[column.key] = _get(form, path) if path else None
    return own


def _get(form: Form, path: str) -> Any:  # Any: any JSON value
    try:
        found = rules.get(form, path)
    except LookupError:
        return None
    if path.startswith("more."):
        return more_values(form)[path.removeprefix("more.")]
    return "\n".join(found) if isinstance(found, list) else found


def rows(drafted: Iterable[shown.Row], versions: Mapping[UUID, int], of: Sequence[Column]) -> list[Row]:
    """The rows with id and version."""
    return [Row(values(row.form, of), row.id, versions[row.id]) for row in drafted]


def table(
    edition: shown.Edition,
    drafted: Sequence[shown.Row],
    versions: Mapping[UUID, int],
    *,
    name: str,
    municipality: str,
    as_of: dt.datetime,
    editable: bool,
) -> Table:
    """The sheet. Its columns are those of the whole edition, so that every extract of it comes back the same way."""
    of = columns([row.form for row in edition.rows])
    hint = (
        _("訂正した表は、同じ画面の「訂正した表を取り込む」から戻せます。") if editable else _("読み取り専用")
    )
    return Table(
        name=name,
        municipality=municipality,
        columns=of,
        rows=rows(drafted, versions, of),
        as_of=as_of,
        editable=editable,
        notes=((_("編集"), hint),),
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """One cell that a sheet wants to change, for a person to look at."""

    number: str
    title: str
    address: str
    label: str
    before: str
    after: str
    reading: str
    """How a value is read, where the cell is one."""
    doubts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a sheet would change: the cells to look at, the changes for the action, and what stands in their way."""

    wanted: Sequence[Wanted]
    changes: Sequence[RowChange]
    problems: Sequence[CellProblem]
    unchanged: int
    ignored: Sequence[str]


def corrections(preview: Preview, forms: Mapping[UUID, Form]) -> Corrections:
    """A preview of the sheet, tried on the rows as they are now."""
    wanted: list[Wanted] = []
    changes: list[RowChange] = []
    problems = list(preview.problems)
    for change in preview.changes:
        form = forms[change.id]
        for cell in change.cells:
            try:
                path, text, after = _corrected(cell, form)
            except Problem as problem:
                problems.append(CellProblem(cell.address, problem))
                continue
            changes.append(
                {"initiative": str(change.id), "version": change.version, "path": path, "value": text}
            )
            wanted.append(
                Wanted(
                    form["number"],
                    form["title"],
                    cell.address,
                    cell.column.label,
                    cell.before_text,
                    cell.after_text,
                    _read_as(after, path),
                    [doubt["note"] for doubt in rules.questions(form, after, path)],
                )
            )
    return Corrections(wanted, changes, problems, preview.unchanged, preview.ignored)


def _read_as(form: Form, path: str) -> str:
    if not path.endswith(".raw"):
        return ""
    indicator = rules.get(form, path.split(".", maxsplit=1)[0])
    return cells.read_as(rules.get(form, path.removesuffix(".raw")), indicator["unit"])


def _corrected(cell: CellChange, form: Form) -> tuple[str, str, Form]:
    """Path and text of a correction, and the row with it. Raises :class:`Problem`."""
    path = path_of(form, cell.column.key)
    text = "" if cell.after is None else str(cell.after)
    if path is None:
        raise Problem(
            "no_cell",
            _("この取組には「%(label)s」の欄がありません。空に戻してください。")
            % {"label": cell.column.label},
            field=cell.column.key,
            found=text[:40],
        )
    return path, text, rules.correct(form, path, text)
