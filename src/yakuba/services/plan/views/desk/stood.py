"""«この日に公表していたもの»: which publications were in force on a day, for the desk's list of editions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yakuba.engines.publishing import queries as publishing
from yakuba.kernel.access.desk import address
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.dates.wareki import parse_date
from yakuba.services.plan.published import EDITION


@dataclass(frozen=True, slots=True)
class Stood:
    """One publication that was in force: what it was called, which number, since when, and where it is read as it was."""

    title: str
    number: int
    since: str
    href: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A day as typed; the day in words and what stood that day, or what is wrong with it."""

    typed: str = ""
    day: str = ""
    error: str = ""
    found: Sequence[Stood] = ()


def ask(ctx: Context, typed: str) -> Asked:
    """What stood published when the day ended; nothing is asked for without a day (one query with one)."""
    if not typed.strip():
        return Asked()
    try:
        day = parse_date(typed)
    except ValueError as wrong:
        return Asked(typed, error=str(wrong))
    if day > japan_date(ctx.now):
        return Asked(typed, error=_("%(day)sは、まだ来ていません。") % {"day": format_date(day)})
    found = [
        Stood(
            one.title,
            one.number,
            format_date(japan_date(one.published_at)),
            address("plan-desk-past", ctx, one.subject, one.number),
        )
        for one in publishing.stood_on(ctx, EDITION, day).defer("head")
    ]
    return Asked(typed, format_date(day), found=found)
