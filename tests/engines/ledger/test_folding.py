"""What held on a day: later knowledge of an earlier day does not undo what changed in between."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from yakuba.engines.ledger.folding import fold
from yakuba.kernel.dates.clock import JAPAN

DAY = dt.date(2026, 4, 1)
NOON = dt.datetime(2026, 5, 1, 12, tzinfo=JAPAN)


@dataclass
class Written:
    """Of an amendment what folding looks at."""

    holds_from: dt.date
    written_at: dt.datetime
    values: dict[str, int]
    pk: UUID = field(default_factory=uuid4)


AMENDMENTS = st.lists(
    st.builds(
        Written,
        holds_from=st.integers(0, 9).map(lambda days: DAY + dt.timedelta(days)),
        written_at=st.integers(0, 9).map(lambda hours: NOON + dt.timedelta(hours=hours)),
        values=st.dictionaries(st.sampled_from("abc"), st.integers(0, 5), max_size=3),
    ),
    max_size=8,
)


def held(rows: list[Written], name: str, day: dt.date, known_at: dt.datetime | None) -> int | None:
    """The naive answer: of all that says something of the field by then, the last in the order (day, moment)."""
    said = [
        (one.holds_from, one.written_at, str(one.pk), one.values[name])
        for one in rows
        if name in one.values and one.holds_from <= day and (known_at is None or one.written_at <= known_at)
    ]
    return max(said)[-1] if said else None


@given(AMENDMENTS, st.integers(-1, 10), st.none() | st.integers(0, 9))
def test_each_field_is_what_was_last_said_of_it(rows: list[Written], days: int, hours: int | None) -> None:
    day = DAY + dt.timedelta(days)
    known_at = None if hours is None else NOON + dt.timedelta(hours=hours)
    found = fold(rows, day, known_at)  # type: ignore[arg-type]  # it looks at no more than Written has
    assert found == {name: value for name in "abc" if (value := held(rows, name, day, known_at)) is not None}


@given(AMENDMENTS, st.randoms())
def test_the_order_in_which_they_are_read_does_not_matter(rows: list[Written], chance: object) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' own Random
    last = DAY + dt.timedelta(20)
    assert fold(rows, last) == fold(shuffled, last)  # type: ignore[arg-type]  # as above
