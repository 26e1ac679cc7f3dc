"""The lists across municipalities as files: public fields of the register alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.kernel.dates import clock
from yakuba.kernel.sheets.table import Column, Row, Table, field_spec
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.town.records import Record
from yakuba.services.plan.models import Indicator, NationIndicator, NationInitiative, NationPlan, Value
from yakuba.services.plan.nation import town_list
from yakuba.services.plan.nation.figures import Figure
from yakuba.services.plan.nation.queries import Entry, Measure, Source, Town

Origin = tuple[str, type[Municipality] | type[Record], str, str]
"""Key in the sheet, the field it comes from, and its head where the field's own label would not tell."""

_TOWN: Final[tuple[Origin, ...]] = (
    ("code", Municipality, "code", ""),
    ("prefecture", Municipality, "prefecture", ""),
    ("town", Municipality, "name", "自治体"),
)
_TOWNS: Final[tuple[Origin, ...]] = (
    *_TOWN,
    ("kana", Municipality, "kana", ""),
    ("plan", NationPlan, "title", ""),
    ("year", NationPlan, "year", "公表中の版の年度"),
    ("initiatives", NationPlan, "initiatives", ""),
    ("published_at", NationPlan, "published_at", ""),
    ("address", NationPlan, "title", "ページのアドレス"),
)
_ENTRY: Final[tuple[Origin, ...]] = (
    *_TOWN,
    ("year", NationPlan, "year", "版の年度"),
    ("kind", NationInitiative, "kind", ""),
    ("number", NationInitiative, "number", ""),
    ("title", NationInitiative, "title", ""),
    ("leads", NationInitiative, "leads", ""),
    ("place", NationInitiative, "place", ""),
    ("progress", NationInitiative, "progress", ""),
    ("meaning", NationInitiative, "progress_meaning", ""),
    ("since", NationInitiative, "since", ""),
    ("indicator", NationIndicator, "name", ""),
    ("unit", NationIndicator, "unit", ""),
    ("direction", NationIndicator, "direction", ""),
    ("aggregation", NationIndicator, "aggregation", ""),
    ("bound", NationIndicator, "bound", ""),
    ("definition", NationIndicator, "definition", ""),
    ("actual", Value, "raw", "最新の値（記載のとおり）"),
    ("actual_number", Value, "number", "最新の値（数）"),
    ("actual_year", Value, "year", "最新の値の年度"),
    ("actual_kind", Value, "kind", "最新の値の種類"),
    ("actual_status", Value, "status", "最新の値の確度"),
    ("actual_as_of", Value, "as_of", "最新の値の時点"),
    ("actual_numerator", Value, "numerator", "最新の値の分子"),
    ("actual_denominator", Value, "denominator", "最新の値の分母"),
    ("target", Value, "raw", "目標（記載のとおり）"),
    ("target_number", Value, "number", "目標（数）"),
    ("target_year", Value, "year", "目標の年度"),
    ("address", Indicator, "name", "ページのアドレス"),
)


def _columns(sources: Iterable[Origin]) -> list[Column]:
    return [Column(key, field_spec(model, field, label)) for key, model, field, label in sources]


def _table(
    name: str, sources: Iterable[Origin], rows: Iterable[Row], as_of: dt.datetime | None, *notes: str
) -> Table:
    return Table(
        name=name,
        municipality=_("全国"),
        columns=_columns(sources),
        rows=rows,
        as_of=as_of or clock.now(),
        notes=(*((_("行"), note) for note in notes), (_("編集"), _("読み取り専用"))),
    )


def towns(found: Iterable[Town], *, as_of: dt.datetime | None, origin: str) -> Table:
    """The municipalities with their plans in force. ``origin`` stands before the addresses: https://…"""
    return _table(_("自治体の一覧"), _TOWNS, (_town_row(town, origin) for town in found), as_of)


def _town_row(town: Town, origin: str) -> Row:
    return Row(
        {
            "code": town.code,
            "prefecture": town.prefecture,
            "town": town.name,
            "kana": town.kana,
            "plan": town.title,
            "year": town.year,
            "initiatives": town.initiatives,
            "published_at": town.published_at,
            "address": f"{origin}{town_list.address(town)}",
        }
    )


def entries(
    name: str,
    found: Sequence[Entry],
    measures: Mapping[UUID, Sequence[Measure]],
    sources: Mapping[UUID, Source],
    *,
    as_of: dt.datetime | None,
    origin: str,
) -> Table:
    """Initiatives with their indicators, one row for each."""
    rows = _entry_rows(found, measures, sources, origin)
    return _table(name, _ENTRY, rows, as_of, _("指標がいくつもある取組は、指標ごとに1行です。"))


def _entry_rows(
    found: Sequence[Entry],
    measures: Mapping[UUID, Sequence[Measure]],
    sources: Mapping[UUID, Source],
    origin: str,
) -> Iterator[Row]:
    for entry in found:
        source = sources[entry.id]
        own: dict[str, object] = {
            "code": entry.code,
            "prefecture": entry.prefecture,
            "town": entry.town,
            "year": source.year,
            "kind": entry.kind,
            "number": entry.number,
            "title": entry.title,
            "leads": entry.leads,
            "place": entry.place,
            "progress": entry.progress,
            "meaning": entry.meaning,
            "since": entry.since,
            "address": origin
            + reverse("plan-initiative", args=[source.code, source.year.year, source.object]),
        }
        for measure in measures.get(entry.id) or (None,):
            yield Row({**own, **_measure(measure)} if measure else own)


def _measure(of: Measure) -> dict[str, object]:
    return {
        "indicator": of.name,
        "unit": of.unit,
        "direction": of.direction,
        "aggregation": of.aggregation,
        "bound": of.bound,
        "definition": of.definition,
        **_figure("actual", of.actual),
        **_figure("target", of.target),
    }


def _figure(key: str, of: Figure | None) -> dict[str, object]:
    if of is None:
        return {}
    return {
        key: of.raw,
        f"{key}_number": Decimal(of.number) if of.number else None,
        f"{key}_year": of.year,
        f"{key}_kind": of.kind,
        f"{key}_status": of.status,
        f"{key}_as_of": dt.date.fromisoformat(of.as_of) if of.as_of else None,
        f"{key}_numerator": Decimal(of.numerator) if of.numerator else None,
        f"{key}_denominator": Decimal(of.denominator) if of.denominator else None,
    }
