"""Reports of boundary decisions: what a fiscal year brought, and what setting back gave to the roads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy

from yakuba.engines.ledger.declaration import MERGED, VOID, Report
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.reports import figures, words
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.fields import INTERNAL, Spec
from yakuba.kernel.fields.kinds import Number
from yakuba.kernel.sheets.table import Column
from yakuba.packs.boundary_records.models import KINDS, SETBACKS, Boundary, Copy


def _year(ctx: Context, book: Book, day: dt.date) -> Iterator[dict[str, object]]:
    year = FiscalYear.of(day)
    span = (year.start, min(day, year.end))
    entries = Boundary.objects.for_actor(ctx).filter(book=book).exclude(state__in=(VOID, MERGED))
    copies = Copy.objects.for_actor(ctx).filter(entry__book=book, day__range=span)
    for kind, label in KINDS:
        counted = entries.filter(kind=kind).aggregate(
            applied=Count("pk", filter=Q(applied_on__range=span)),
            decided=Count("pk", filter=Q(decided_on__range=span)),
        )
        given = copies.filter(entry__kind=kind).aggregate(sheets=Sum("sheets"), yen=Sum("fee"))
        yield {"kind": label, **counted, "sheets": given["sheets"] or 0, "yen": given["yen"] or 0}


def _setbacks(ctx: Context, book: Book, day: dt.date) -> Iterator[dict[str, object]]:
    year = FiscalYear.of(day)
    rows = (
        Boundary.objects.for_actor(ctx)
        .filter(book=book, decided_on__range=(year.start, min(day, year.end)))
        .exclude(state__in=(VOID, MERGED))
        .values("setback")
        .annotate(many=Count("pk"), area=Sum("setback_area"))
        .order_by("setback")
    )
    found = {row["setback"]: row for row in rows}
    for key, label in SETBACKS:
        row = found.get(key)
        yield {"what": label, "count": row["many"] if row else 0, "area": row["area"] if row else None}


REPORTS = (
    Report(
        "year",
        gettext_lazy("年度の受付と確定"),
        (
            words("kind", "区分"),
            figures("applied", "申請", "件"),
            figures("decided", "確定", "件"),
            figures("sheets", "写しの交付", "通"),
            figures("yen", "手数料", "円"),
        ),
        _year,
        yearly=True,
    ),
    Report(
        "setbacks",
        gettext_lazy("年度に確定した後退用地"),
        (
            words("what", "処理"),
            figures("count", "件数", "件"),
            Column("area", Spec("面積", INTERNAL, Number(), unit="㎡"), fixed=True),
        ),
        _setbacks,
        yearly=True,
    ),
)
