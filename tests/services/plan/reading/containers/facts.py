"""The facts of a reading, one by one, so that two readings can be counted against each other."""

from __future__ import annotations

from yakuba.services.plan.reading import Reading
from yakuba.services.plan.reading.wording import squeeze


def facts(reading: Reading) -> set[tuple[str, ...]]:
    """What a reading says of each initiative, blanks aside."""
    found: set[tuple[str, ...]] = set()
    for one in reading.initiatives:
        own = (squeeze(one.number), squeeze(one.title))
        found.add(("initiative", *own))
        found |= {("flag", *own, flag) for flag in one.flags}
        found |= {("office", *own, office.name, office.role) for office in one.offices}
        found |= {("place", *own, *map(squeeze, placement.path)) for placement in one.placements}
        found |= {("text", *own, key, squeeze(str(text))) for key, text in one.texts.items()}
        for indicator in one.indicators:
            name = squeeze(indicator.name)
            found.add(("indicator", *own, name))
            found |= {
                (
                    "value",
                    *own,
                    name,
                    value.kind,
                    str(value.year),
                    squeeze(value.raw),
                    value.number or value.state or "",
                )
                for value in indicator.values
            }
    return found


def share_right(expected: Reading, read: Reading) -> float:
    """How many of the expected facts were read; every fact that is not expected counts as one wrong."""
    one, other = facts(expected), facts(read)
    return (len(one & other) - len(other - one)) / len(one)
