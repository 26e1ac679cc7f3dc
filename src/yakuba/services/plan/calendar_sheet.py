"""The plan's calendar as a sheet that goes out and comes back: one row a day, new ones written under the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from yakuba.kernel.sheets.table import Column, Row, Table, columns_of
from yakuba.kernel.ui.formats import month_day
from yakuba.services.plan.actions.calendar import KEYS
from yakuba.services.plan.models import CalendarEntry


def columns() -> tuple[Column, ...]:
    """The columns of the sheet."""
    return columns_of(CalendarEntry, *KEYS)


def rows(entries: Sequence[CalendarEntry]) -> list[Row]:
    """The days as rows with id and version."""
    return [Row({key: getattr(one, key) for key in KEYS}, one.pk, one.version) for one in entries]


def table(
    entries: Sequence[CalendarEntry], *, name: str, municipality: str, as_of: dt.datetime, editable: bool
) -> Table:
    """The sheet."""
    hint = (
        _("直した表は、同じ画面の「表を取り込む」から戻せます。表から行を消しても、予定は消えません。")
        if editable
        else _("読み取り専用")
    )
    return Table(
        name=name,
        municipality=municipality,
        columns=columns(),
        rows=rows(entries),
        as_of=as_of,
        editable=editable,
        notes=((_("編集"), hint),),
        fresh=True,
    )


def days_of(entry: CalendarEntry) -> str:
    """The days in words: 5月29日（金）, or 9月7日（月）から9月11日（金）まで."""
    first = month_day(entry.first_day)
    if entry.last_day is None:
        return first
    return _("%(first)sから%(last)sまで") % {"first": first, "last": month_day(entry.last_day)}
