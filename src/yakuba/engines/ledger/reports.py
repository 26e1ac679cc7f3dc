"""Reports of a book as tables, for pages and sheets."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from yakuba.engines.ledger.declaration import Ledger, Report
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.records import Entry
from yakuba.kernel.actions import Context
from yakuba.kernel.dates.wareki import format_date
from yakuba.kernel.sheets.table import Row, Table


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
