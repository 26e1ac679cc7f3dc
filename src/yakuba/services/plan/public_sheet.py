"""The sheets of a published edition: its initiatives, the late ones, the values of one, its bodies. Public fields alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from yakuba.engines.publishing.models import Publication
from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.sheets.table import Column, Table, field_spec
from yakuba.kernel.sheets.table import Row as SheetRow
from yakuba.kernel.town.records import Record
from yakuba.services.plan import labels
from yakuba.services.plan.differences import SORTS, Line
from yakuba.services.plan.models import Indicator, Initiative, InitiativeOffice, Node, Value
from yakuba.services.plan.public_overview import Late
from yakuba.services.plan.rows import Form, more_specs, more_values
from yakuba.services.plan.shown import Edition, Row, newest

# Key in the sheet, the field it comes from, and its head where the field's own label would not tell.
_COLUMNS: Final[tuple[tuple[str, type[Record], str, str], ...]] = (
    ("kind", Initiative, "kind", ""),
    ("number", Initiative, "number", ""),
    ("title", Initiative, "title", ""),
    ("offices", InitiativeOffice, "name", ""),
    ("place", Node, "title", "区分"),
    ("flags", Initiative, "progress", "印"),
    ("progress", Initiative, "progress", ""),
    ("since", Value, "year", "いつの評価から遅れているか"),
    ("indicator", Indicator, "name", ""),
    ("unit", Indicator, "unit", ""),
    ("actual", Value, "raw", "最新の値（記載のとおり）"),
    ("actual_number", Value, "number", "最新の値（数）"),
    ("actual_year", Value, "year", "最新の値の年度"),
    ("actual_kind", Value, "kind", "最新の値の種類"),
    ("target", Value, "raw", "目標（記載のとおり）"),
    ("target_number", Value, "number", "目標（数）"),
    ("target_year", Value, "year", "目標の年度"),
    ("address", Initiative, "title", "ページのアドレス"),
)


def table(
    edition: Edition, rows: Iterable[Row], *, name: str, municipality: str, as_of: dt.datetime, address: str
) -> Table:
    """What is seen, as a sheet. ``address`` is that of the edition; a row's own page stands below it."""
    return Table(
        name=name,
        municipality=municipality,
        columns=_columns(),
        rows=_rows(edition, rows, address),
        as_of=as_of,
        notes=(
            (_("計画"), str(edition.plan["title"])),
            (_("行"), _("指標がいくつもある取組は、指標ごとに1行です。")),
            (_("編集"), _("読み取り専用")),
        ),
    )


def _columns() -> Sequence[Column]:
    found = [_column(*one) for one in _COLUMNS]
    return [*found, *(Column(f"more.{key}", spec) for key, spec in more_specs(public=True).items())]


def _column(key: str, model: type[Record], field: str, label: str) -> Column:
    """A column by the field it comes from, which says of what kind and for whom it is."""
    return Column(key, field_spec(model, field, label))


def _rows(edition: Edition, rows: Iterable[Row], address: str) -> Iterator[SheetRow]:
    for row in rows:
        own = {
            "kind": row.form["kind"],
            "number": row.form["number"],
            "title": row.title,
            "offices": "、".join(row.offices),
            "place": place(edition, row),
            "flags": "、".join(labels.of(labels.FLAGS, flag) for flag in row.flags),
            "progress": row.progress,
            "since": row.run.since if row.run else None,
            "address": f"{address}{row.id}/",
            **{f"more.{key}": value for key, value in more_values(row.form, public=True).items()},
        }
        for indicator in row.form["indicators"] or [None]:
            yield SheetRow(own if indicator is None else {**own, **_figures(indicator)})


def place(edition: Edition, row: Row) -> str:
    """The way down the tree to a row, in words."""
    steps = (edition.node(row.home[:depth]) for depth in range(1, len(row.home) + 1))
    return " ＞ ".join(node.label for node in steps if node)


def _figures(indicator: Form) -> dict[str, object]:
    name = " ".join(part for part in (indicator["number"], indicator["name"]) if part)
    found: dict[str, object] = {"indicator": name, "unit": indicator["unit"]}
    for key, kinds in (("actual", ("actual", "baseline")), ("target", ("target",))):
        value = newest(indicator, kinds)
        if value is not None:
            found[key] = value["raw"]
            found[f"{key}_number"] = Decimal(value["number"]) if value["number"] else None
            found[f"{key}_year"] = FiscalYear(value["year"]) if value["year"] else None
            found[f"{key}_kind"] = value["kind"]
    return found


_VALUES: Final[tuple[tuple[str, type[Record], str, str], ...]] = (
    ("indicator", Indicator, "name", ""),
    ("definition", Indicator, "definition", ""),
    ("unit", Indicator, "unit", ""),
    ("kind", Value, "kind", ""),
    ("year", Value, "year", ""),
    ("raw", Value, "raw", ""),
    ("number", Value, "number", ""),
    ("state", Value, "state", ""),
    ("numerator", Value, "numerator", ""),
    ("denominator", Value, "denominator", ""),
    ("as_of", Value, "as_of", ""),
    ("status", Value, "status", ""),
    ("revision", Value, "revision", ""),
    ("reason", Value, "reason", ""),
)


def values_table(row: Row, *, name: str, municipality: str, plan: str, as_of: dt.datetime) -> Table:
    """Every printed value of an initiative's indicators, with what was read from it: one row each."""
    return Table(
        name=name,
        municipality=municipality,
        columns=[_column(*one) for one in _VALUES],
        rows=_values(row),
        as_of=as_of,
        notes=(
            (_("計画"), plan),
            (_("取組"), f"{row.number} {row.title}".strip()),
            (_("編集"), _("読み取り専用")),
        ),
    )


def _values(row: Row) -> Iterator[SheetRow]:
    for indicator in row.form["indicators"]:
        name = " ".join(part for part in (indicator["number"], indicator["name"]) if part)
        for value in indicator["values"]:
            yield SheetRow(
                {
                    "indicator": name,
                    "definition": indicator.get("definition") or "",
                    "unit": indicator["unit"],
                    **{key: value[key] for key in ("kind", "raw", "state", "status", "revision", "reason")},
                    "year": FiscalYear(value["year"]) if value["year"] else None,
                    "as_of": dt.date.fromisoformat(value["as_of"]) if value["as_of"] else None,
                    **{
                        key: Decimal(value[key]) if value[key] else None
                        for key in ("number", "numerator", "denominator")
                    },
                }
            )


_LATE: Final[tuple[tuple[str, type[Record], str, str], ...]] = (
    ("number", Initiative, "number", ""),
    ("title", Initiative, "title", ""),
    ("offices", InitiativeOffice, "name", ""),
    ("place", Node, "title", "区分"),
    ("progress", Initiative, "progress", ""),
    ("since", Value, "year", "いつの評価から"),
    ("years", Value, "revision", "続いた年度の数"),
    ("address", Initiative, "title", "ページのアドレス"),
)


def late_table(
    edition: Edition, late: Iterable[Late], *, municipality: str, as_of: dt.datetime, address: str
) -> Table:
    """The initiatives that are late, as the overview lists them."""
    return Table(
        name=_("遅れている取組"),
        municipality=municipality,
        columns=[_column(*one) for one in _LATE],
        rows=(
            SheetRow(
                {
                    "number": one.row.form["number"],
                    "title": one.row.title,
                    "offices": one.offices,
                    "place": place(edition, one.row),
                    "progress": one.row.progress,
                    "since": one.run.since,
                    "years": one.run.years,
                    "address": f"{address}{one.row.id}/",
                }
            )
            for one in late
        ),
        as_of=as_of,
        notes=((_("計画"), str(edition.plan["title"])), (_("編集"), _("読み取り専用"))),
    )


_BODIES: Final[tuple[tuple[str, type[Record], str, str], ...]] = (
    ("name", Node, "title", "会議・組織"),
    ("role", InitiativeOffice, "name", "役割"),
    ("post", InitiativeOffice, "name", "職"),
    ("duties", Node, "text", "所掌事務"),
    ("rule", Node, "title", "根拠"),
)


def bodies_table(edition: Edition, *, municipality: str, as_of: dt.datetime) -> Table:
    """The bodies that the plan names, one row for each seat."""
    return Table(
        name=_("推進体制"),
        municipality=municipality,
        columns=[_column(*one) for one in _BODIES],
        rows=(
            SheetRow(
                {
                    "name": body["name"],
                    "role": seat["role"],
                    "post": seat["post"],
                    "duties": "\n".join(body["duties"]),
                    "rule": body["rule"],
                }
            )
            for body in edition.head["bodies"]
            for seat in body["members"] or [{"role": None, "post": None}]
        ),
        as_of=as_of,
        notes=((_("計画"), str(edition.plan["title"])), (_("編集"), _("読み取り専用"))),
    )


_CHANGES: Final[tuple[tuple[str, type[Record], str, str], ...]] = (
    ("kind", Initiative, "kind", ""),
    ("number", Initiative, "number", ""),
    ("title", Initiative, "title", ""),
    ("offices", InitiativeOffice, "name", ""),
    ("sort", Node, "title", "変わったこと"),
    ("label", Node, "title", "項目"),
    ("before", Node, "text", "前"),
    ("after", Node, "text", "後"),
)


def changes_table(
    lines: Iterable[Line], *, name: str, municipality: str, as_of: dt.datetime, editions: tuple[str, str]
) -> Table:
    """What changed from one edition to another, one row for each field."""
    return Table(
        name=name,
        municipality=municipality,
        columns=[_column(*one) for one in _CHANGES],
        rows=(
            SheetRow(
                {
                    "kind": line.form["kind"],
                    "number": line.form["number"],
                    "title": line.form["title"],
                    "offices": "、".join(office["name"] for office in line.form["offices"] if office["name"]),
                    "sort": str(SORTS[line.sort]),
                    "label": line.change.label,
                    "before": line.change.before,
                    "after": line.change.after,
                }
            )
            for line in lines
        ),
        as_of=as_of,
        notes=((_("前の版"), editions[0]), (_("後の版"), editions[1]), (_("編集"), _("読み取り専用"))),
    )


_RECORD: Final[tuple[tuple[str, type[Record], str, str], ...]] = (
    ("published_at", Publication, "published_at", ""),
    ("title", Publication, "title", ""),
    ("year", Publication, "year", ""),
    ("number", Publication, "number", ""),
    ("withdrawn", Publication, "withdrawn", ""),
    ("note", Publication, "note", ""),
)


def record_table(publications: Iterable[Publication], *, municipality: str, as_of: dt.datetime) -> Table:
    """When which edition was published, corrected and taken back."""
    return Table(
        name=_("計画の変更の記録"),
        municipality=municipality,
        columns=[_column(*one) for one in _RECORD],
        rows=(SheetRow({key: getattr(one, key) for key, *_rest in _RECORD}) for one in publications),
        as_of=as_of,
        notes=((_("編集"), _("読み取り専用")),),
    )
