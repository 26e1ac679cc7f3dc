"""Reports of evacuation sites and shelters: what is designated on a day, and what was withdrawn in a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext_lazy

from yakuba.engines.ledger.declaration import Ledger, Report, ledger_of
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.reports import figures, in_force_on, words
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.dates.wareki import format_date
from yakuba.kernel.fields import JsonValue
from yakuba.packs.shelters.models import Facility
from yakuba.packs.shelters.rules import HAZARDS, designated


def _day(values: Mapping[str, JsonValue], name: str) -> dt.date | None:
    found = values.get(name)
    return dt.date.fromisoformat(found) if isinstance(found, str) else None


def _stands(values: Mapping[str, JsonValue], which: str, day: dt.date) -> bool:
    return designated(_day(values, f"{which}_on"), _day(values, f"{which}_off"), day)


def _people(rows: list[dict[str, JsonValue]], name: str) -> int:
    return sum(found for row in rows if isinstance(found := row.get(name), int))


def _line(what: str, rows: list[dict[str, JsonValue]], capacity: str) -> dict[str, object]:
    unknown = sum(row.get(capacity) is None for row in rows)
    return {"what": what, "count": len(rows), "people": _people(rows, capacity), "unknown": unknown}


def _designations(ctx: Context, book: Book, day: dt.date) -> Iterator[dict[str, object]]:
    ledger: Ledger[Entry] = ledger_of(Facility)
    rows = [values for _key, values in in_force_on(ctx, ledger, book, day)]
    sites = [values for values in rows if _stands(values, "site", day)]
    shelters = [values for values in rows if _stands(values, "shelter", day)]
    yield _line("指定緊急避難場所", sites, "site_capacity")
    for name in HAZARDS:
        yield _line(f"　{ledger.label_of(name)}", [row for row in sites if row.get(name)], "site_capacity")
    yield _line("指定避難所", shelters, "shelter_capacity")
    welfare = [row for row in shelters if row.get("welfare")]
    yield _line("　うち福祉避難所", welfare, "shelter_capacity")
    both = [row for row in sites if _stands(row, "shelter", day)]
    yield _line("両方の指定（兼用）", both, "shelter_capacity")


def _withdrawn(ctx: Context, book: Book, day: dt.date) -> Iterator[dict[str, object]]:
    year = FiscalYear.of(day)
    for which, label in (("site", "指定緊急避難場所"), ("shelter", "指定避難所")):
        found = Facility.objects.for_actor(ctx).filter(
            book=book, **{f"{which}_off__range": (year.start, min(day, year.end))}
        )
        for one in found.order_by(f"{which}_off", "number_order"):
            off = getattr(one, f"{which}_off")
            yield {"name": one.name, "what": label, "off": format_date(off), "number": one.number}


REPORTS = (
    Report(
        "designations",
        gettext_lazy("指定の状況"),
        (
            words("what", "区分"),
            figures("count", "数", "箇所"),
            figures("people", "想定収容人数", "人"),
            figures("unknown", "うち収容人数の記入なし", "箇所"),
        ),
        _designations,
        yearly=True,
    ),
    Report(
        "withdrawn",
        gettext_lazy("年度に取り消した指定"),
        (words("number", "施設番号"), words("name", "名称"), words("what", "指定"), words("off", "取消日")),
        _withdrawn,
        yearly=True,
    ),
)
