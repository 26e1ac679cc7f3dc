"""The coordinate systems that files of Japanese offices are in, and what each is called.

Plane systems: 平面直角座標系 (平成14年国土交通省告示第9号, origins in its 別表), transverse Mercator with scale 0.9999 and the origin at 0, 0.
Their X runs north and their Y east. Readers in the sandbox use this module too: it imports nothing of the house.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.translation import gettext as _

Datum = Literal["jgd2011", "jgd2000", "tokyo", "wgs84"]
Kind = Literal["degrees", "plane", "mercator"]
#: What the first number of a pair is: ``east`` (x, longitude) or ``north`` (X of surveyors and CAD, latitude).
Axis = Literal["east", "north"]

#: JGD2011 in degrees: what all places are kept in.
TRUTH: Final = 6668
#: West, south, east, north: all of Japan with its sea (EPSG area 1129, widened to whole degrees).
JAPAN: Final = (122.0, 20.0, 155.0, 46.0)


@dataclass(frozen=True, slots=True)
class Zone:
    """One of the 19 plane systems: origin in degrees, whom it is for, and where that is (west, south, east, north)."""

    number: int
    latitude: float
    longitude: float
    places: str
    area: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class System:
    """A coordinate system: EPSG code, Japanese name, datum, and whether its numbers are degrees or metres."""

    epsg: int
    datum: Datum
    kind: Kind
    zone: Zone | None = None

    @property
    def label(self) -> str:
        """What a person calls it."""
        if self.zone:
            return _("平面直角座標系 第%(zone)d系（%(datum)s）") % {
                "zone": self.zone.number,
                "datum": datum_name(self.datum),
            }
        if self.kind == "mercator":
            return _("ウェブメルカトル")
        return _("緯度経度（%s）") % datum_name(self.datum)

    @property
    def area(self) -> tuple[float, float, float, float]:
        """Where it is used: west, south, east, north in degrees."""
        return self.zone.area if self.zone else JAPAN


def _at(degrees: int, minutes: int = 0) -> float:
    return degrees + minutes / 60


# Origins: the 別表. Areas: the bounds that the EPSG registry gives each system (6669–6687).
ZONES: Final[tuple[Zone, ...]] = (
    Zone(1, 33.0, _at(129, 30), "長崎県・鹿児島県西部", (128.17, 26.96, 130.46, 34.74)),
    Zone(2, 33.0, 131.0, "福岡県・佐賀県・熊本県・大分県・宮崎県・鹿児島県", (129.76, 30.18, 132.05, 33.99)),
    Zone(3, 36.0, _at(132, 10), "山口県・島根県・広島県", (130.81, 33.72, 133.49, 36.38)),
    Zone(4, 33.0, _at(133, 30), "香川県・愛媛県・徳島県・高知県", (131.95, 32.69, 134.81, 34.45)),
    Zone(5, 36.0, _at(134, 20), "兵庫県・鳥取県・岡山県", (133.13, 34.13, 135.47, 35.71)),
    Zone(
        6,
        36.0,
        136.0,
        "京都府・大阪府・福井県・滋賀県・三重県・奈良県・和歌山県",
        (134.86, 33.4, 136.99, 36.33),
    ),
    Zone(7, 36.0, _at(137, 10), "石川県・富山県・岐阜県・愛知県", (136.22, 34.51, 137.84, 37.58)),
    Zone(8, 36.0, _at(138, 30), "新潟県・長野県・山梨県・静岡県", (137.32, 34.54, 139.91, 38.58)),
    Zone(
        9,
        36.0,
        _at(139, 50),
        "東京都・福島県・栃木県・茨城県・埼玉県・千葉県・群馬県・神奈川県",
        (138.4, 29.31, 141.11, 37.98),
    ),
    Zone(10, 40.0, _at(140, 50), "青森県・秋田県・山形県・岩手県・宮城県", (139.49, 37.73, 142.14, 41.58)),
    Zone(11, 44.0, _at(140, 15), "北海道西部", (139.34, 41.34, 141.46, 43.42)),
    Zone(12, 44.0, _at(142, 15), "北海道中部", (140.89, 42.15, 143.61, 45.54)),
    Zone(13, 44.0, _at(144, 15), "北海道東部", (142.61, 41.87, 145.87, 44.4)),
    Zone(14, 26.0, 142.0, "東京都小笠原", (141.2, 24.67, 142.33, 27.8)),
    Zone(15, 26.0, _at(127, 30), "沖縄県本島周辺", (126.63, 26.02, 128.4, 26.91)),
    Zone(16, 26.0, 124.0, "沖縄県先島", (122.83, 23.98, 125.51, 24.94)),
    Zone(17, 26.0, 131.0, "沖縄県大東島", (131.12, 24.4, 131.38, 26.01)),
    Zone(18, 20.0, 136.0, "東京都沖ノ鳥島", (136.02, 20.37, 136.16, 20.48)),
    Zone(19, 26.0, 154.0, "東京都南鳥島", (153.91, 24.22, 154.05, 24.35)),
)


def datum_name(datum: Datum) -> str:
    """What a person calls a datum."""
    if datum == "tokyo":
        return _("旧日本測地系")
    return {"jgd2011": "JGD2011", "jgd2000": "JGD2000", "wgs84": "WGS 84"}[datum]


# EPSG code of zone I; the others follow.
_FIRST: Final[Mapping[Datum, int]] = {"jgd2011": 6669, "jgd2000": 2443, "tokyo": 30161}


_ALL: Final = (
    System(TRUTH, "jgd2011", "degrees"),
    System(4612, "jgd2000", "degrees"),
    System(4301, "tokyo", "degrees"),
    System(4326, "wgs84", "degrees"),
    System(3857, "wgs84", "mercator"),
    *(
        System(first + zone.number - 1, datum, "plane", zone)
        for datum, first in _FIRST.items()
        for zone in ZONES
    ),
)
#: By EPSG code, in the order in which a person is asked.
SYSTEMS: Final[Mapping[int, System]] = {one.epsg: one for one in _ALL}


def plane(number: int, datum: Datum = "jgd2011") -> System:
    """The plane system of a zone 1–19. KeyError for another number or a datum without plane systems."""
    if not 1 <= number <= len(ZONES):
        raise KeyError(number)
    return SYSTEMS[_FIRST[datum] + number - 1]
