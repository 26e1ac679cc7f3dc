"""Pure rules of boundaries: in what one could measure at a time, how exact a grade is, by when to decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from yakuba.engines.ledger.dated import Dated, Row
from yakuba.kernel.dates import FiscalYear

#: The reference of public surveys. What bears a later one than its survey was converted, and is no original any more.
DATUM: Final[Dated[str]] = Dated(
    "測量の基準（測地系）",
    (
        Row("tokyo", "測量法11条（平成13年改正の前、日本測地系）"),
        Row(
            "jgd2000",
            "測量法11条（平成13年法律第53号、平成14年4月1日施行。測地成果2000）",
            dt.date(2002, 4, 1),
        ),
        Row("jgd2011", "測量法施行令2条（平成23年10月21日改正。測地成果2011）", dt.date(2011, 10, 21)),
    ),
)
#: Mean square error and tolerance of a boundary point, in centimetres (国土調査法施行令 別表第四).
TOLERANCES: Final[Dated[Mapping[str, tuple[int, int]]]] = Dated(
    "筆界点の位置誤差（平均二乗誤差・公差）",
    (
        Row(
            {"k1": (2, 6), "k2": (7, 20), "k3": (15, 45), "o1": (25, 75), "o2": (50, 150), "o3": (100, 300)},
            "国土調査法施行令別表第四",
        ),
    ),
)
#: Days from the application to the decision.
STANDARD: Final[Dated[int]] = Dated(
    "標準処理期間（申請から確定まで）",
    (Row(60, "市有財産（道路・水路）境界確定事務取扱規則（行政手続法6条）"),),
)


def decide_by(applied_on: dt.date | None) -> dt.date | None:
    """By when an application of a day should be decided; None without the day."""
    row = None if applied_on is None else STANDARD.on(applied_on)
    return None if applied_on is None or row is None else applied_on + dt.timedelta(days=row.value)


def datum_known(datum: str, year: FiscalYear) -> bool:
    """Whether somebody could measure in a datum in a fiscal year. A local system has no beginning."""
    starts = {row.value: row.since for row in DATUM.rows}
    since = starts.get(datum)
    return since is None or year.end >= since


def in_order(*days: dt.date | None) -> bool:
    """Whether those days that are known follow one another."""
    known = [day for day in days if day is not None]
    return known == sorted(known)
