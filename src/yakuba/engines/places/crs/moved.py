"""Where the ground moved on 11 March 2011 so far that 国土地理院 gave its points new coordinates.

Rule: 平成23年(2011年)東北地方太平洋沖地震に伴う測量成果の改定 (国土地理院, 31 May 2011 electronic, 31 October 2011 triangulation points):
the results of one metropolis and nineteen prefectures changed, by 5.85 m at most (江ノ島, 女川町); all others kept theirs. The EPSG registry
gives the same list as the area of operation 6713.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

PREFECTURES: Final = (
    *("青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県", "群馬県", "埼玉県"),
    *("千葉県", "東京都", "神奈川県", "新潟県", "富山県", "石川県", "福井県", "山梨県", "長野県", "岐阜県"),
)
#: The largest move of a point on land, in metres.
LARGEST: Final = 5.85

# Drawn by hand around these prefectures, longitude and latitude, on the generous side by up to some kilometres: a point near the
# edge is warned about rather than passed over. Along the Tsugaru strait and in the south the edge follows the border; the Izu and
# Ogasawara islands are outside, as in the EPSG area (south edge 34.84).
_OUTLINE: Final = (
    *((139.30, 41.30), (140.20, 41.33), (140.60, 41.48), (140.95, 41.63), (141.50, 41.66), (142.40, 41.50)),
    *((142.40, 39.00), (142.00, 37.80), (141.30, 36.50), (141.10, 35.50), (140.50, 34.84), (139.65, 34.84)),
    *((139.50, 35.05), (139.12, 35.11), (138.98, 35.16), (138.92, 35.30), (138.72, 35.33), (138.58, 35.12)),
    *((138.35, 35.12), (137.80, 35.16), (137.45, 35.16), (137.20, 35.23), (137.05, 35.28), (136.98, 35.36)),
    *((136.76, 35.33), (136.70, 35.10), (136.55, 35.10), (136.42, 35.26), (136.38, 35.42), (136.20, 35.58)),
    *((135.98, 35.46), (135.70, 35.32), (135.42, 35.44), (135.38, 35.70), (135.40, 36.20), (136.00, 37.00)),
    *((136.50, 37.90), (137.30, 38.10), (138.00, 38.50), (139.00, 39.30), (139.30, 40.30)),
)
REGION: Final = shapely.Polygon(_OUTLINE)
shapely.prepare(REGION)


def moved(points: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """For each of (n, 2) points, longitude and latitude in degrees: whether it lies where coordinates changed in 2011."""
    found: npt.NDArray[np.bool_] = shapely.contains_xy(REGION, points[:, 0], points[:, 1])
    return found
