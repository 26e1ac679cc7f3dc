"""Reports of a book as tables, for pages and sheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.ledger.declaration import MERGED, VOID, Ledger, Report
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.queries import all_as_of
from yakuba.engines.ledger.records import Entry
from yakuba.kernel.actions import Context
from yakuba.kernel.dates.wareki import format_date
from yakuba.kernel.fields import INTERNAL, JsonValue, Spec
from yakuba.kernel.fields.kinds import Integer, Number, Text
from yakuba.kernel.sheets.table import Column, Row, Table


def table_of(ctx: Context, ledger: Ledger[Entry], book: Book, report: Report, day: dt.date) -> Table:
    """A report as of a day. The caller has asked whether the actor reads everything of the book."""
    return Table(
        name=f"{ledger.label} {report.label}",
        municipality=ctx.municipality.name,
        columns=report.columns,
        rows=[Row(values) for values in report.rows(ctx, book, day)],
        as_of=ctx.now,
        notes=((_("基準日"), format_date(day)),),
    )


def words(key: str, label: str) -> Column:
    """A column of a report that names its row."""
    return Column(key, Spec(label, INTERNAL, Text()), fixed=True)


def figures(key: str, label: str, unit: str = "") -> Column:
    """A column of whole numbers."""
    return Column(key, Spec(label, INTERNAL, Integer(), unit=unit), fixed=True)


def shares(key: str, label: str) -> Column:
    """A column of per cent, to a tenth."""
    return Column(key, Spec(label, INTERNAL, Number(), unit="%"), fixed=True)


def share(part: int, whole: int) -> Decimal | None:
    """A part in per cent to a tenth, rounded half up; None where there is nothing to be a part of."""
    return None if not whole else (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def in_force_on(
    ctx: Context, ledger: Ledger[Entry], book: Book, day: dt.date
) -> Iterator[tuple[UUID, dict[str, JsonValue]]]:
    """The entries that counted on a day, as they were then. What is known today to be a mistake or a double never counted.

    Neither did what came into the ledger as of a later day, whatever is known of it from before. In the database, over all
    municipalities: :func:`.counted.queries.standing`.
    """
    mistakes = ledger.model.objects.for_actor(ctx).filter(state__in=(VOID, MERGED))
    never = set(mistakes.values_list("pk", flat=True))
    for key, values in all_as_of(ctx, book, day):
        if key not in never and values.get("state") not in {None, *ledger.chain.ended}:
            yield key, values
