"""What a round decides by rule: whose work something is, when an office is late, which reminder is due. Pure: no database.

Calendar of the year: the books of a fiscal year close on 31 May (出納閉鎖, 地方自治法235条の5), so figures that a plan prints in March are
expected (見込) and become final (確定) in a second round after it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_noop

PHASES: Final = (
    ("provisional", gettext_noop("見込")),
    ("final", gettext_noop("確定")),
    ("none", gettext_noop("なし")),
)
#: The days of a round's year, in their order.
MILESTONES: Final = (
    ("request", gettext_noop("依頼")),
    ("figures", gettext_noop("数値の基準日")),
    ("office_due", gettext_noop("各課の提出期限")),
    ("head_due", gettext_noop("所属長の確認期限")),
    ("checked", gettext_noop("事務局の確認")),
    ("study", gettext_noop("検討部会")),
    ("committee", gettext_noop("推進会議")),
    ("decided", gettext_noop("本部決定")),
    ("published", gettext_noop("公表")),
)
#: Without this day nobody would know when he is late.
NEEDED: Final = "office_due"
#: The day that the answers' figures stand for (R060301). It may lie before the request or after it.
FIGURES: Final = "figures"
_WEEK: Final = 7


# --- who may do what with whose work --------------------------------------------------------------------------------
#: Moves in which somebody stands for another one's work.
LOOKED_AT_BY_ANOTHER: Final = frozenset({"confirm", "accept"})


def own_work(
    step: str,
    person: UUID | None,
    entered_by: UUID | None,
    confirmed_by: UUID | None,
    writers: Collection[UUID] = (),
) -> str:
    """Why somebody may not do this himself, as a code: ``entered``, ``written`` or ``confirmed`` by him; empty where he may.

    Who entered never confirms; who entered or confirmed never accepts. Neither does who wrote any of the answer, whoever it was that
    pressed 「入力を終える」.
    """
    if person is None:
        return ""
    if step in LOOKED_AT_BY_ANOTHER and person == entered_by:
        return "entered"
    if step in LOOKED_AT_BY_ANOTHER and person in writers:
        return "written"
    if step == "accept" and person == confirmed_by:
        return "confirmed"
    return ""


#: Moves that somebody has to stand for by name: without it, nobody could say later that it was another person.
BY_A_PERSON: Final = frozenset({"enter", "not_applicable", "confirm", "accept"})


# --- days -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Waiting:
    """What an office still owes: ``open`` things to enter by ``due``, ``entered`` ones for its head to confirm by ``head_due``."""

    open: int
    entered: int
    due: dt.date
    head_due: dt.date | None

    @property
    def until(self) -> dt.date | None:
        """The day by which the next step is due; None where nothing is owed.

        The head has at least until the day that the office has: an extension moves both.
        """
        if self.open:
            return self.due
        if self.entered:
            return max(self.due, self.head_due or self.due)
        return None

    def late_days(self, today: dt.date) -> int:
        """By how many calendar days it is late; 0 while it is not."""
        return max((today - self.until).days, 0) if self.until else 0


def disorder(days: Mapping[str, dt.date]) -> tuple[str, str] | None:
    """The first two milestones of which the later one comes before the earlier; None where all stand in their order.

    The day that figures stand for is none of them: nothing is done on it.
    """
    last: tuple[str, dt.date] | None = None
    for key, _label in MILESTONES:
        if key not in days or key == FIGURES:
            continue
        if last is not None and days[key] < last[1]:
            return last[0], key
        last = key, days[key]
    return None


def next_year(days: Mapping[str, dt.date]) -> dict[str, dt.date]:
    """The same days a year later, to begin with; 29 February becomes the 28th."""
    return {key: _year_later(day) for key, day in days.items()}


def _year_later(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


# --- reminders ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Reminding:
    """When an office is reminded: days before its day, days after it, and from the last of those on every so many days.

    ``every`` 0: not again after the last of ``after``.
    """

    before: tuple[int, ...] = (7, 1)
    after: tuple[int, ...] = (1, 4)
    every: int = _WEEK

    def occasions(self, due: dt.date, today: dt.date) -> list[tuple[str, dt.date]]:
        """Every occasion up to today, as (its key, its day), the earliest first: ``-7``, ``-1``, ``+1``, ``+4``, ``+11`` …"""
        offsets = sorted({*(-days for days in self.before), *self.after})
        last = offsets[-1] if offsets else 0
        while self.every and offsets and due + dt.timedelta(days=last + self.every) <= today:
            last += self.every
            offsets.append(last)
        found = [(_key(days), due + dt.timedelta(days=days)) for days in offsets]
        return [(key, day) for key, day in found if day <= today]


def _key(days: int) -> str:
    return f"{days:+d}" if days else "0"


@dataclass(frozen=True, slots=True)
class Due:
    """What a morning brings for one office: the occasion to send, and older ones that nobody was there to send."""

    send: str
    skip: tuple[str, ...] = ()


#: The first occasion of every day: the office is told that it is asked, or that its day is another one now.
TOLD: Final = "told"


def due_now(
    reminding: Reminding, until: dt.date, since: dt.date, today: dt.date, done: Collection[str]
) -> Due | None:
    """The newest occasion that is due and not yet noted, with the older ones that are to be noted as skipped.

    ``since`` is the day from which the day ``until`` stands (the round's opening, the grant of an extension): the office is told of
    it then; occasions up to it never were. None where nothing is due. ``send`` is empty where the newest is noted already.
    """
    passed = [key for key, day in reminding.occasions(until, today) if day > since]
    if since <= today:
        passed.insert(0, TOLD)
    fresh = [key for key in passed if key not in done]
    if not fresh:
        return None
    if fresh[-1] != passed[-1]:
        return Due("", tuple(fresh))
    return Due(fresh[-1], tuple(fresh[:-1]))


def read_days(text: str) -> tuple[int, ...] | None:
    """Days typed as 「7、1」, each once and from 0 to 90; None where it is anything else."""
    parts = [part.strip() for part in text.replace("，", "、").replace(",", "、").split("、") if part.strip()]
    if not all(part.isascii() and part.isdecimal() and int(part) <= 90 for part in parts):
        return None
    return tuple(dict.fromkeys(int(part) for part in parts))


def write_days(days: Iterable[int]) -> str:
    """The same as text."""
    return "、".join(str(day) for day in days)


# --- counting -------------------------------------------------------------------------------------------------------
def share(counts: Mapping[str, int], states: Sequence[str]) -> int:
    """How many of the counted are in one of these states."""
    return sum(counts.get(state, 0) for state in states)
