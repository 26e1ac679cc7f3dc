"""What a row of the inventory has to be, and on which days a procedure is online. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.dates import FiscalYear

#: Channels on which a procedure is online; «planned» and «no» are none.
CHANNELS: Final = ("yakuba", "joint", "mynaportal", "eltax", "other")
#: Channels of the city's own figure: filings here and at the prefecture's joint system.
OWN: Final = ("yakuba", "joint")


class Facts(Protocol):
    """What of a row decides whether it is well."""

    online: str
    online_url: str
    since: dt.date | None
    until: dt.date | None
    yearly_count: int | None
    yearly_online: int | None
    planned_year: FiscalYear | None


def problems(row: Facts) -> list[Problem]:
    """What contradicts itself in a row, each at its field."""
    found: list[Problem] = []
    if row.yearly_online is not None and (row.yearly_count is None or row.yearly_online > row.yearly_count):
        found.append(
            Problem(
                "more_online",
                _("オンラインの件数が年間件数より多くなっています。年間件数以下にしてください。"),
                field="yearly_online",
                found=str(row.yearly_online),
                expected=str(row.yearly_count if row.yearly_count is not None else _("年間件数")),
            )
        )
    if row.since is not None and row.until is not None and row.until < row.since:
        found.append(
            Problem(
                "days", _("オンライン終了日が開始日より前です。"), field="until", found=row.until.isoformat()
            )
        )
    if row.online in CHANNELS and row.until is not None:
        found.append(
            Problem(
                "ended",
                _(
                    "オンラインの手続に終了日があります。続いているなら空に、終わったなら「オンライン」を変えてください。"
                ),
                field="until",
                found=row.until.isoformat(),
            )
        )
    if row.online == "planned" and row.planned_year is None:
        found.append(
            Problem("planned", _("「予定あり」のときは、予定年度を入力してください。"), field="planned_year")
        )
    if row.online_url and not row.online_url.startswith(("https://", "http://")):
        found.append(
            Problem(
                "address",
                _("受付の場所は「https://」で始まるアドレスにしてください。"),
                field="online_url",
                found=row.online_url[:80],
                expected="https://…",
            )
        )
    return found


def is_online(row: Facts, day: dt.date) -> bool:
    """Whether a row was online at the end of a day.

    An online row without a first day has been online as long as anybody knows. A row that is online no more was so from its first
    day until its last one (which is included), where both are known.
    """
    if row.online in CHANNELS:
        return row.since is None or row.since <= day
    return row.since is not None and row.until is not None and row.since <= day <= row.until


def went_offline_before(
    online: str, since: dt.date | None, until: dt.date | None, now: Facts
) -> tuple[dt.date, dt.date] | None:
    """The first and last day online of a row as it was (its channel, days), where it ended before the row came online again as it is now.

    A row that is online since a day within those days, or as long as anybody knows, was put right: nothing ended.
    """
    if online in CHANNELS or since is None or until is None or now.online not in CHANNELS:
        return None
    if now.since is None or now.since < until or now.since <= since:
        return None
    return since, until


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted from the inventory.

    Filings are of the ``years`` that their rows name (``without_year``: so many name none); rows without a number of filings are in
    none of their sums.
    """

    rows: int
    online: int
    by_channel: dict[str, int]
    planned: int
    filings: int
    online_filings: int
    years: tuple[FiscalYear, ...]
    without_year: int
    uncounted: int
    without_reason: int
    without_day: int

    @property
    def share(self) -> float | None:
        """Which part of a year's filings comes online; None where nothing is counted."""
        return self.online_filings / self.filings if self.filings else None


class Counted(Facts, Protocol):
    """The same with what is said about not being online."""

    why_not: str
    counted_year: FiscalYear | None


def figures(rows: Iterable[Counted], day: dt.date, earlier: Collection[Counted] = ()) -> Figures:
    """Counted at the end of a day: which rows were online then. Filings and reasons are as they stand now.

    ``earlier`` are the rows of which it is known that they were online on the day, before they came online again.
    """
    listed = list(rows)
    online = [row for row in listed if is_online(row, day) or row in earlier]
    counted = [row for row in listed if row.yearly_count is not None]
    return Figures(
        rows=len(listed),
        online=len(online),
        by_channel={one: sum(1 for row in online if row.online == one) for one in CHANNELS},
        planned=sum(1 for row in listed if row.online == "planned"),
        filings=sum(row.yearly_count or 0 for row in counted),
        online_filings=sum(row.yearly_online or 0 for row in counted),
        years=tuple(sorted({row.counted_year for row in counted if row.counted_year is not None})),
        without_year=sum(1 for row in counted if row.counted_year is None),
        uncounted=len(listed) - len(counted),
        without_reason=sum(1 for row in listed if row.online == "no" and not row.why_not.strip()),
        without_day=sum(1 for row in online if row.online in CHANNELS and row.since is None),
    )
