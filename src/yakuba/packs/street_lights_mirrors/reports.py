"""Reports of lights and mirrors: what there is on 1 April, what repairs cost, which lamps are to be replaced."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy

from yakuba.engines.ledger.declaration import Report, ledger_of
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.reports import figures, in_force_on, share, shares, words
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.dates.wareki import format_date
from yakuba.packs.street_lights_mirrors.models import KINDS, LAMPS, MANAGERS, Fixture, Repair
from yakuba.packs.street_lights_mirrors.rules import ends_on


def _standing(ctx: Context, book: Book, day: dt.date) -> Iterator[tuple[str, str, str]]:
    """(kind, manager, lamp) of each that stood on a day."""
    for _key, values in in_force_on(ctx, ledger_of(Fixture), book, day):
        # One that was moved as of a day before it came in is not known any further.
        if values["state"] != "planned" and values.get("kind"):
            yield str(values["kind"]), str(values.get("manager") or ""), str(values.get("lamp") or "")


def _state_of_things(ctx: Context, book: Book, day: dt.date) -> Iterator[dict[str, object]]:
    counted = Counter(_standing(ctx, book, day))
    for kind, kind_label in KINDS:
        for manager, manager_label in MANAGERS:
            of = {lamp: many for (k, m, lamp), many in counted.items() if k == kind and m == manager}
            all_of, led = sum(of.values()), of.get("led", 0)
            yield {
                "kind": kind_label,
                "manager": manager_label,
                "count": all_of,
                "led": None if kind == "mirror" else led,
                "share": None if kind == "mirror" else share(led, all_of),
            }


def _costs(ctx: Context, _book: Book, day: dt.date) -> Iterator[dict[str, object]]:
    year = FiscalYear.of(day)
    rows = (
        Repair.objects.for_actor(ctx)
        .filter(day__range=(year.start, min(day, year.end)))
        .values("entry__kind")
        .annotate(many=Count("pk"), yen=Sum("cost"), unknown=Count("pk") - Count("cost"))
    )
    found = {row["entry__kind"]: row for row in rows}
    for kind, label in KINDS:
        row = found.get(kind)
        yield {
            "kind": label,
            "count": row["many"] if row else 0,
            "yen": (row["yen"] or 0) if row else 0,
            "unknown": row["unknown"] if row else 0,
        }


def _to_replace(ctx: Context, book: Book, day: dt.date) -> Iterator[dict[str, object]]:
    counted = Counter(lamp for _kind, _manager, lamp in _standing(ctx, book, day) if lamp)
    for lamp, label in LAMPS:
        end = ends_on(lamp)
        if end is not None:
            yield {"lamp": label, "count": counted[lamp], "end": format_date(end)}


REPORTS = (
    Report(
        "standing",
        gettext_lazy("現況（種別・管理者別）"),
        (
            words("kind", "種別"),
            words("manager", "管理者"),
            figures("count", "基数", "基"),
            figures("led", "うちLED", "基"),
            shares("share", "LED化率"),
        ),
        _state_of_things,
        yearly=True,
    ),
    Report(
        "repairs",
        gettext_lazy("年度の修繕費"),
        (
            words("kind", "種別"),
            figures("count", "件数", "件"),
            figures("yen", "費用", "円"),
            figures("unknown", "うち費用の記入なし", "件"),
        ),
        _costs,
        yearly=True,
    ),
    Report(
        "lamps",
        gettext_lazy("製造が終わる光源の残り"),
        (words("lamp", "光源"), figures("count", "基数", "基"), words("end", "製造・輸出入の禁止")),
        _to_replace,
    ),
)
