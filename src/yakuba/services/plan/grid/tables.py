"""A draft as two tables that come back: «取組», a row for each initiative, and «指標», a row for each indicator.

Two tables, because that is how a clerk fills them in: each April one column of the second («令和7年度 実績値») is filled from top to
bottom for all indicators, whatever initiatives they belong to. In one table an initiative with four indicators would need four
times all the columns of years, nearly all of them empty, and the same figure would stand in column K of one row and in column AC
of the next. A workbook holds both tables as sheets; as CSV they are two files.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.fields import INTERNAL, PUBLIC, Spec
from yakuba.kernel.sheets.table import Column, Row, Table, field_spec
from yakuba.services.plan import labels, rules, shown
from yakuba.services.plan.grid import cells
from yakuba.services.plan.models import Indicator, Initiative
from yakuba.services.plan.reading.schema import LISTED_TEXTS
from yakuba.services.plan.rows import Form, more_specs, more_values

Span = tuple[int, int]
"""First and last fiscal year of the plan."""
Key = tuple[str, int, int]
"""Kind, fiscal year (0 for none), and which one of several alike."""


def _printed(label: str) -> Spec:
    """A cell as printed: several lines are possible, and what is missing stays missing."""
    return fields.prose(label=label, classification=PUBLIC).spec


def _word(label: str) -> Spec:
    """A cell that is typed as text, in one line, and read by the grid. Both tables are of a draft: the staff's."""
    return fields.text(label=label, classification=INTERNAL, max_length=600, required=False).spec


# --- initiatives ---------------------------------------------------------------------------------------------------------


def columns(forms: Sequence[Form], span: Span) -> list[Column]:
    """The columns of «取組»: a key is the path of the cell, or the name of what the cell gathers."""
    found = [
        Column("number", field_spec(Initiative, "number")),
        Column("title", field_spec(Initiative, "title")),
        Column("kind", _word(_("区別"))),
        Column("year", replace(field_spec(Initiative, "year"), required=False)),
        Column("group", field_spec(Initiative, "group")),
        Column("place", _word(_("位置"))),
        Column("again", _printed(_("再掲"))),
        Column("lead", _word(_("主管"))),
        Column("related", _printed(_("関係"))),
        Column("progress", field_spec(Initiative, "progress")),
        Column("progress_meaning", _word(_("進捗の意味"))),
        Column("flags", _word(_("印"))),
    ]
    found += [Column(f"texts.{key}", _printed(labels.of(labels.TEXTS, key))) for key in labels.TEXTS]
    found.append(Column("items", _printed(_("主な取組"))))
    found += [
        Column(f"stages.{year}", _printed(_("%(year)s 工程") % {"year": FiscalYear(year).wareki}))
        for year in _stage_years(forms, span)
    ]
    taxonomies = dict.fromkeys(name for form in forms for name in form["tags"])
    found += [Column(f"tags.{name}", _printed(_("タグ：%(name)s") % {"name": name})) for name in taxonomies]
    found.append(Column("themes", _printed(_("主題"))))
    found += [Column(f"more.{key}", spec) for key, spec in more_specs().items()]
    found.append(Column("marks", fields.prose(label=_("要確認"), classification=INTERNAL).spec, fixed=True))
    return found


def _stage_years(forms: Sequence[Form], span: Span) -> list[int]:
    used = {int(year) for form in forms for year in form["stages"]}
    return sorted(used | set(range(span[0], span[1] + 1)))


def values(form: Form, of: Sequence[Column]) -> dict[str, object]:
    """The cells of one initiative."""
    own: dict[str, object] = {
        "kind": labels.of(labels.KINDS, form["kind"]) or None,
        "year": FiscalYear(form["year"]),
        "place": cells.primary(form),
        "again": cells.again(form),
        "lead": cells.joined(cells.leads(form)),
        "related": cells.joined(cells.related(form)),
        "progress_meaning": labels.of(labels.MEANINGS, form["progress_meaning"]) or None,
        "flags": cells.flags_text(form),
        "items": cells.items_text(form),
        "themes": cells.themes_text(form),
        "marks": "\n".join(doubt["note"] for doubt in form["doubts"]),
    }
    for column in of:
        if column.key.startswith("tags."):
            own[column.key] = cells.joined(form["tags"].get(column.key.removeprefix("tags."), []))
        elif column.key not in own:
            own[column.key] = _get(form, column.key)
    return own


def _get(form: Form, path: str) -> Any:  # Any: any JSON value
    try:
        found = rules.get(form, path)
    except LookupError:
        return None
    if path.startswith("more."):
        return more_values(form)[path.removeprefix("more.")]
    return "\n".join(found) if isinstance(found, list) else found


def listed(path: str) -> bool:
    """Whether a text is a list of points, a line each."""
    return path.removeprefix("texts.") in LISTED_TEXTS


# --- indicators ----------------------------------------------------------------------------------------------------------


def indicator_columns(forms: Sequence[Form], span: Span) -> list[Column]:
    """The columns of «指標»: whose it is, what it is, and a column for each kind of value and year."""
    # By the first three the row of a new indicator says whose it is; in a row that is there they are only read.
    found = [
        Column("of_kind", _word(_("区別")), fixed=True),
        Column("of_number", _word(_("取組の番号")), fixed=True),
        Column("of_title", _word(_("取組名")), fixed=True),
        Column("number", field_spec(Indicator, "number")),
        Column("name", replace(field_spec(Indicator, "name"), required=True)),
        Column("unit", field_spec(Indicator, "unit")),
        Column("direction", _word(_("望ましい向き"))),
        Column("aggregation", _word(_("集計"))),
        Column("bound", _word(_("目標の範囲"))),
        Column("definition", _printed(_("数え方"))),
        Column("states", _word(_("言葉の順"))),
    ]
    keys = {key for form in forms for one in form["indicators"] for key in places(one)}
    keys |= {(kind, year, 0) for year in range(span[0], span[1] + 1) for kind in ("actual", "target")}
    found += [
        Column(".".join(map(str, key)), _printed(_value_label(*key))) for key in sorted(keys, key=_order)
    ]
    return found


def places(indicator: Form) -> dict[Key, int]:
    """The place of each value by what it is; of a value that was revised the newest revision's."""
    found: dict[Key, int] = {}
    seen: dict[tuple[str, int, int], int] = {}
    for place, value in enumerate(indicator["values"]):
        kind, year, revision = value["kind"], value["year"] or 0, value["revision"]
        nth = seen.get((kind, year, revision), 0)
        seen[kind, year, revision] = nth + 1
        there = found.get((kind, year, nth))
        if there is None or indicator["values"][there]["revision"] <= revision:
            found[kind, year, nth] = place
    return found


def _order(key: Key) -> tuple[int, int, int]:
    return (key[1], ("baseline", "actual", "target").index(key[0]), key[2])


def _value_label(kind: str, year: int, nth: int) -> str:
    found = f"{FiscalYear(year).wareki if year else _('年度なし')} {labels.of(labels.VALUE_KINDS, kind)}"
    return f"{found}（{nth + 1}）" if nth else found


def value_key(key: str) -> Key | None:
    """What the column of a value holds; None for any other column."""
    parts = key.split(".")
    if len(parts) != 3 or parts[0] not in labels.VALUE_KINDS:
        return None
    return parts[0], int(parts[1]), int(parts[2])


def indicator_values(form: Form, index: int, of: Sequence[Column]) -> dict[str, object]:
    """The cells of one indicator."""
    indicator = form["indicators"][index]
    states = indicator.get("states") or []
    own: dict[str, object] = {
        "of_kind": labels.of(labels.KINDS, form["kind"]) or None,
        "of_number": form["number"],
        "of_title": form["title"],
        "number": indicator["number"],
        "name": indicator["name"],
        "unit": indicator["unit"],
        "direction": labels.of(labels.DIRECTIONS, indicator["direction"]) or None,
        "aggregation": labels.of(labels.AGGREGATIONS, indicator["aggregation"]) or None,
        "bound": labels.of(labels.BOUNDS, indicator["bound"]) or None,
        "definition": indicator.get("definition"),
        "states": "＜".join(states) or None,
    }
    there = places(indicator)
    for column in of:
        key = value_key(column.key)
        if key is not None:
            own[column.key] = indicator["values"][there[key]]["raw"] if key in there else None
    return own


# --- the tables ------------------------------------------------------------------------------------------------------------


def rows(drafted: Iterable[shown.Row], versions: Mapping[UUID, int], of: Sequence[Column]) -> list[Row]:
    """The rows of «取組» with id and version."""
    return [Row(values(row.form, of), row.id, versions[row.id]) for row in drafted]


def indicator_rows(
    drafted: Iterable[shown.Row],
    versions: Mapping[UUID, int],
    ids: Mapping[tuple[UUID, int], UUID],
    of: Sequence[Column],
) -> list[Row]:
    """The rows of «指標»; an indicator is as old as its initiative."""
    return [
        Row(indicator_values(row.form, index, of), ids[row.id, index], versions[row.id])
        for row in drafted
        for index in range(len(row.form["indicators"]))
    ]


def tables(
    edition: shown.Edition,
    drafted: Sequence[shown.Row],
    versions: Mapping[UUID, int],
    ids: Mapping[tuple[UUID, int], UUID],
    *,
    municipality: str,
    as_of: dt.datetime,
    editable: bool,
) -> tuple[Table, Table]:
    """Both tables. Their columns are those of the whole edition, so that every extract of it comes back the same way."""
    forms = [row.form for row in edition.rows]
    first, last = edition.span
    span = (first.year, last.year)
    of, of_indicators = columns(forms, span), indicator_columns(forms, span)
    hint = (
        _("訂正した表は、同じ画面の「訂正した表を取り込む」から戻せます。") if editable else _("読み取り専用")
    )
    names = _("名前は「、」で、位置の番号は「＞」で区切ります。再掲と主な取組は1行に1つです。")
    figures = _(
        "値は計画書に書くとおりに書きます（例：約120件、75%（30/40）、実施）。数は書いたものから読み取ります。"
    )

    def table(name: str, of: Sequence[Column], found: list[Row], how: str) -> Table:
        return Table(
            name=name,
            municipality=municipality,
            columns=of,
            rows=found,
            as_of=as_of,
            editable=editable,
            notes=((_("編集"), hint), *([(_("書き方"), how)] if editable else [])),
            fresh=True,
        )

    return (
        table(_("取組"), of, rows(drafted, versions, of), names),
        table(_("指標"), of_indicators, indicator_rows(drafted, versions, ids, of_indicators), figures),
    )
