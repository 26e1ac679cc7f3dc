"""The board of a round: every office, how far it is, and who is late. The same few queries for three offices and for three hundred."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from yakuba.engines.rounds import rules, states
from yakuba.engines.rounds.models import OfficePart, Reminder, Round
from yakuba.engines.rounds.queries import reach, rounds
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date
from yakuba.kernel.town.models import OfficeName

#: What became of a reminder that reached nobody, or perhaps nobody.
NOT_ARRIVED: Final = frozenset({"nobody", "failed", "unconfirmed", "unconfigured", "held", "cancelled"})


@dataclass(frozen=True, slots=True)
class _Last:
    """The last reminder of a part."""

    at: dt.datetime | None = None
    became: str = ""
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One office on the board. ``office`` is the unit that was asked, ``name`` what it is or was called; ``by`` who answers for it now, where that is another.

    ``counts`` by item state; ``due`` the day that counts; ``late_days`` calendar days. ``reminder``
    is what became of the last reminder: a state of a delivery, ``nobody`` where no mailbox was found, empty before the first;
    ``recipient`` whose mailbox it went to (:data:`~..models.RECIPIENTS`).
    """

    part_id: UUID
    office: UUID
    code: str
    name: str
    by: tuple[str, ...]
    head: str
    counts: Mapping[str, int]
    due: dt.date
    extended: bool
    asks_extension: dt.date | None
    not_applicable: bool
    late_days: int
    last_reminded: dt.datetime | None
    reminder: str
    recipient: str

    @property
    def unreached(self) -> bool:
        """Whether the last reminder did not reach the office itself, as far as is known."""
        return self.reminder in NOT_ARRIVED or self.recipient in {"department", "secretariat"}

    @property
    def without_mailbox(self) -> bool:
        """Whether the last reminder found no mailbox of the office."""
        return self.reminder == "nobody" or self.recipient in {"department", "secretariat"}

    @property
    def total(self) -> int:
        """How many things it was asked for."""
        return sum(self.counts.values())

    @property
    def open(self) -> int:
        """Not entered yet."""
        return self.counts.get("open", 0)

    @property
    def entered(self) -> int:
        """Entered, and not confirmed by the head."""
        return self.counts.get("entered", 0)

    @property
    def confirmed(self) -> int:
        """Confirmed or 該当なし, and not yet accepted."""
        return rules.share(self.counts, ("confirmed", "not_applicable"))

    @property
    def accepted(self) -> int:
        """Accepted by the secretariat, or decided by the body."""
        return rules.share(self.counts, ("accepted", "decided"))

    @property
    def outstanding(self) -> int:
        """What the office or its head still has to do."""
        return rules.share(self.counts, states.OUTSTANDING)


def board(ctx: Context, round_: Round) -> list[Row]:
    """The offices of a round in the order of their codes (seven queries)."""
    parts = list(OfficePart.objects.for_actor(ctx).filter(round=round_))
    # An office whose things another one is asked for now has none left.
    found = [one for one in rounds.owing(ctx, parts) if one.counts]
    today = japan_date(ctx.now)
    answering = {part.office_id: reach.answering(ctx, part.office_id) for part in parts}
    everybody = {office for several in answering.values() for office in several} | set(answering)
    names = _names(ctx, everybody, today)
    heads = rounds.heads(ctx, everybody)
    reminded = _reminders(ctx, round_)
    live = round_.state == "open"
    rows = []
    for one in found:
        office = one.part.office_id
        others = sorted(answering[office] - {office}, key=lambda other: names.get(other, ("", "")))
        headed = [name for by in (others or [office]) for name in heads.get(by, ())]
        code, name = names.get(office, ("", ""))
        last = reminded.get(one.part.pk, _Last())
        rows.append(
            Row(
                part_id=one.part.pk,
                office=office,
                code=code,
                name=name,
                by=tuple(names.get(other, ("", ""))[1] for other in others),
                head="、".join(headed),
                counts=one.counts,
                due=one.part.until,
                extended=one.part.extension is not None,
                asks_extension=one.part.asked_until,
                not_applicable=one.part.not_applicable_at is not None,
                late_days=one.waiting.late_days(today) if live else 0,
                last_reminded=last.at,
                reminder=last.became,
                recipient=last.recipient,
            )
        )
    return sorted(rows, key=lambda row: (row.code, row.name, str(row.part_id)))


def _names(ctx: Context, offices: Iterable[UUID], day: dt.date) -> dict[UUID, tuple[str, str]]:
    """Code and name of each office on a day, or as it was last called before (one query)."""
    found: dict[UUID, tuple[str, str]] = {}
    rows = OfficeName.objects.for_actor(ctx).filter(office__in=set(offices)).order_by("valid_from")
    for one in rows:
        if one.valid_from <= day or one.office_id not in found:
            found[one.office_id] = (one.code, one.name)
    return found


def _reminders(ctx: Context, round_: Round) -> dict[UUID, _Last]:
    """The last reminder of each part, and what became of its mail (one query)."""
    rows = Reminder.objects.for_actor(ctx).filter(part__round=round_).exclude(state="skipped")
    found: dict[UUID, _Last] = {}
    for part, at, recipient, became in rows.order_by("at", "pk").values_list(
        "part_id", "at", "recipient", "delivery__state"
    ):
        found[part] = _Last(at, became or "nobody", recipient)
    return found
