"""Since which fiscal year an initiative is judged late. Pure: forms of the standing editions in, a run of years out.

An edition that is published at the end of a year and the one that follows it may print the same judgement: years are counted, not
editions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.services.plan.succession import Chain, Form

LATE: Final = frozenset({"behind", "stopped"})
"""The fixed meanings of an initiative that is late."""


@dataclass(frozen=True, slots=True)
class Run:
    """The unbroken run of fiscal years for which an initiative is judged late."""

    since: FiscalYear
    """The first year of the run; of an initiative that is not late the year that is judged."""
    years: int
    """0 for an initiative that is not late."""


def judged(form: Form, year: FiscalYear) -> FiscalYear:
    """The year that the progress word of a row is about: that of its newest actual value, else the year of its edition."""
    found = (
        value["year"]
        for indicator in form.get("indicators", ())
        for value in indicator["values"]
        if value["kind"] == "actual" and value["raw"] and value["year"]
    )
    newest = max(found, default=None)
    return year if newest is None else FiscalYear(newest)


def run(chain: Chain, years: Sequence[FiscalYear], edition: int, place: int) -> Run:
    """How long the row at a place of an edition is late; ``years`` are those of the chain's editions.

    Of a year that several editions judge the newest one's word counts. A year that none of them judges ends the run.
    """
    since: FiscalYear | None = None
    count = 0
    for step in chain.back(edition, place):
        form = chain.editions[step.edition][step.row]
        year = judged(form, years[step.edition])
        if since is not None and year >= since:
            continue
        if form["progress_meaning"] not in LATE or (since is not None and year.year < since.year - 1):
            break
        since, count = year, count + 1
    if since is None:
        since = judged(chain.editions[edition][place], years[edition])
    return Run(since, count)
