"""What 狂犬病予防法 asks of whoever keeps a dog, by day. No database here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, TypeVar

from django.utils.translation import gettext_lazy as _

from yakuba.engines.ledger.dated import Dated, Row
from yakuba.engines.ledger.declaration import Source
from yakuba.kernel.dates import FiscalYear

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Season:
    """When the yearly vaccination is given (month, day), and from which day on it counts for the year to come."""

    first: tuple[int, int]
    last: tuple[int, int]
    counts_from: tuple[int, int]


#: From this age on (days) a dog is registered and vaccinated. Days of age are counted from the day after birth (民法140条).
GROWN: Final = Dated(_("登録と注射が要る日齢"), (Row(91, "狂犬病予防法第4条第1項、同法施行規則第11条"),))
REGISTER_WITHIN: Final = Dated(
    _("登録を申請する期限（取得の日、または生後90日を経過した日からの日数）"),
    (Row(30, "狂犬病予防法第4条第1項"),),
)
VACCINATE_WITHIN: Final = Dated(
    _("年度の途中に取得した犬に注射を受けさせる期限（日数）"), (Row(30, "狂犬病予防法施行規則第11条第2項"),)
)
SEASON: Final = Dated(
    _("毎年の予防注射の時期（3月2日からの注射は次の年度の分）"),
    (Row(Season((4, 1), (6, 30), (3, 2)), "狂犬病予防法第5条第1項、同法施行規則第11条第1項"),),
)
CHIP_AS_TAG: Final = Dated(
    _("マイクロチップを鑑札とみなす特例"),
    (Row(True, "動物の愛護及び管理に関する法律第39条の7", since=dt.date(2022, 6, 1)),),
)

SOURCES: Final = (
    *GROWN.sources,
    *REGISTER_WITHIN.sources,
    *VACCINATE_WITHIN.sources,
    *SEASON.sources,
    *CHIP_AS_TAG.sources,
    Source(_("鑑札の交付"), "狂犬病予防法第4条第2項、同法施行規則第5条"),
    Source(_("死亡・所在地・所有者の変更の届出（30日以内）"), "狂犬病予防法第4条第4項・第5項"),
    Source(_("注射済票の交付"), "狂犬病予防法第5条第2項、同法施行規則第12条"),
    Source(
        _("感染症の流行でやむを得ず遅れた注射を、期間内に受けたものとみなす特例"),
        "狂犬病予防法施行規則の一部を改正する省令（令和4年厚生労働省令第26号）",
        since=dt.date(2022, 3, 2),
        until=dt.date(2022, 12, 31),
    ),
    Source(_("マイクロチップの番号"), "ISO 11784:1996、ISO 11785:1996"),
)


def _on(rule: Dated[T], day: dt.date) -> T:
    row = rule.on(day)
    assert row is not None  # these rules hold since ever  # noqa: S101
    return row.value


def year_of(day: dt.date) -> FiscalYear:
    """For which year (年度) a vaccination counts: from 2 March on for the one that is about to begin."""
    year = FiscalYear.of(day)
    month, date = _on(SEASON, day).counts_from
    return year + 1 if dt.date(year.end.year, month, date) <= day <= year.end else year


def grown_on(born: dt.date) -> dt.date:
    """The first day on which a dog has to be registered and vaccinated."""
    return born + dt.timedelta(days=_on(GROWN, born))


def register_by(acquired: dt.date, born: dt.date | None) -> dt.date:
    """Until when a dog is to be registered; ``born`` the latest day that it may have been born on."""
    begins = _begins(acquired, born)
    return begins + dt.timedelta(days=_on(REGISTER_WITHIN, begins))


def vaccinate_in(year: FiscalYear, acquired: dt.date, born: dt.date | None) -> dt.date:
    """Until when a dog is to be vaccinated for a year: the end of the season, or thirty days after somebody got it, if later."""
    return max(_end_of_season(year), _soon(acquired, born))


def vaccinate_by(last: FiscalYear | None, acquired: dt.date, born: dt.date | None) -> dt.date:
    """Until when a dog is to be vaccinated next. ``last``: the last year that is done.

    Whoever gets a dog after the season, or keeps one that grows old enough after it, has the days of 施行規則11条2項; within the season
    whatever ends later.
    """
    if last is not None:
        return vaccinate_in(last + 1, acquired, born)
    begins = _begins(acquired, born)
    season = _end_of_season(FiscalYear.of(begins))
    return max(season, _soon(acquired, born)) if begins <= season else _soon(acquired, born)


def _begins(acquired: dt.date, born: dt.date | None) -> dt.date:
    return acquired if born is None else max(acquired, grown_on(born))


def _soon(acquired: dt.date, born: dt.date | None) -> dt.date:
    begins = _begins(acquired, born)
    return begins + dt.timedelta(days=_on(VACCINATE_WITHIN, begins))


def _end_of_season(year: FiscalYear) -> dt.date:
    return dt.date(year.year, *_on(SEASON, year.start).last)
