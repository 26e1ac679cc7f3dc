"""Pure rules of buried cultural property: articles and terms by day, and the place that everybody may know."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import shapely

from yakuba.engines.ledger.dated import Dated, Row
from yakuba.engines.places.shapes import Shape


@dataclass(frozen=True, slots=True)
class Duty:
    """What the law says of a notification: its article at the time, and how many days before work it has to be filed (None: beforehand)."""

    article: str
    days_before: int | None


_RENUMBERED: Final = dt.date(2005, 4, 1)
_LAW: Final = "文化財保護法（平成16年法律第61号による改正後、平成17年4月1日施行）"


def _duty(what: str, old: str, new: str, days: int | None, since: dt.date) -> Dated[Duty]:
    return Dated(
        what,
        (
            Row(Duty(old, days), f"文化財保護法{old}（昭和50年法律第49号による改正後）", since),
            Row(Duty(new, days), f"{_LAW}{new}", _RENUMBERED),
        ),
    )


_REFORM: Final = dt.date(1975, 10, 1)
#: Notifications about known sites, and about sites that work laid bare.
DUTIES: Final[Mapping[str, Dated[Duty]]] = {
    "a92": _duty("調査のための発掘の届出", "57条", "92条", 30, _REFORM),
    "a93": _duty("土木工事等のための発掘の届出", "57条の2", "93条", 60, _REFORM),
    "a94": _duty("国の機関等が行う発掘の通知", "57条の3", "94条", None, _REFORM),
    "a96": _duty("遺跡の発見の届出", "57条の5", "96条", None, _REFORM),
    "a97": _duty("国の機関等の遺跡の発見の通知", "57条の6", "97条", None, _REFORM),
}
#: The cells of the public place: seconds of latitude and of longitude.
GRID: Final[Dated[tuple[float, float]]] = Dated(
    "盗掘のおそれのある包蔵地の公開のしかた（約500mの区画）",
    (Row((15.0, 22.5), "市の包蔵地の公開の定め。区画は JIS X 0410 の2分の1地域メッシュ"),),
)


def duty(article: str, day: dt.date) -> Duty | None:
    """What held for a notification on a day."""
    row = DUTIES[article].on(day)
    return None if row is None else row.value


def in_time(article: str, filed_on: dt.date, starts_on: dt.date | None) -> bool:
    """Whether a notification came early enough. Without a term, or without a day of beginning, it did."""
    found = duty(article, filed_on)
    if found is None or found.days_before is None or starts_on is None:
        return True
    return (starts_on - filed_on).days >= found.days_before


def public_place(place: Shape | None, *, looting: bool) -> Shape | None:
    """What everybody may know of a range: itself, or where looting is feared one cell of a fixed grid.

    It is the cell in which the middle of the range's box lies. Cells are not joined to cover the whole range: where two meet, the site
    would lie on their edge, and where four meet, at their corner.
    """
    if place is None or not looting:
        return place
    west, south, east, north = place.bounds
    high, wide = (seconds / 3600 for seconds in GRID.rows[-1].value)
    column, row = math.floor((west + east) / 2 / wide), math.floor((south + north) / 2 / high)
    return Shape.of(shapely.box(column * wide, row * high, (column + 1) * wide, (row + 1) * high))


def in_order(*days: dt.date | None) -> bool:
    """Whether those days that are known follow one another."""
    known = [day for day in days if day is not None]
    return known == sorted(known)
