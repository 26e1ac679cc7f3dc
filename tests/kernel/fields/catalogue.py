"""Every kind with values that it takes. A new kind joins the contract suite by a line here; a test says when it is missing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.fields import kinds

OPTIONS = (("advance", "推進"), ("operate", "運用"), ("none", "なし"))


@dataclass(frozen=True)
class Sample:
    """A kind as a definition writes it, and values as they are stored."""

    kind: kinds.Kind[Any]
    values: st.SearchStrategy[Any]
    options: dict[str, Any]


_letters = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])
_line = st.text(_letters, min_size=1, max_size=30).map(str.strip).filter(bool)
_lines = st.lists(st.text(_letters, max_size=10), min_size=1, max_size=4).map("\n".join)
_kana = st.from_regex(r"[ァ-ヺー]{1,10}(　[ァ-ヺー]{1,10})?", fullmatch=True)
_numbers = st.integers(-(10**15) + 1, 10**15 - 1).flatmap(
    lambda digits: st.integers(0, 6).map(lambda places: Decimal(digits).scaleb(-places))
)

SAMPLES: dict[str, Sample] = {
    "text": Sample(kinds.Text(40), _line, {"max_length": 40}),
    "prose": Sample(
        kinds.Prose(200),
        _lines.map(kinds.Prose(200).parse).filter(lambda t: bool(t.strip())),
        {"max_length": 200},
    ),
    "kana": Sample(kinds.Kana(40), _kana, {"max_length": 40}),
    "integer": Sample(kinds.Integer(-5, 2**40), st.integers(-5, 2**40), {"minimum": -5, "maximum": 2**40}),
    "number": Sample(kinds.Number(), _numbers, {}),
    "yes_no": Sample(kinds.YesNo(), st.booleans(), {}),
    "choice": Sample(
        kinds.Choice(OPTIONS),
        st.sampled_from([code for code, _ in OPTIONS]),
        {"options": [list(o) for o in OPTIONS]},
    ),
    "date": Sample(kinds.Date(), st.dates(dt.date(1873, 1, 1), dt.date(2999, 12, 31)), {}),
    "moment": Sample(
        kinds.Moment(),
        st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2999, 1, 1), timezones=st.just(dt.UTC)),  # noqa: DTZ001 – the zone is the third argument
        {},
    ),
    "fiscal_year": Sample(kinds.Year(), st.integers(1886, kinds.LAST_YEAR).map(FiscalYear), {}),
}
