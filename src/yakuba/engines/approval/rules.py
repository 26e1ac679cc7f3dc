"""What may happen to a proposal, who may do it, and which rule names the decider. Pure: no database.

Sources: 地方自治法153条・180条の2 (delegation), and the 事務決裁規程 that cities write on it: 専決 is post × matter × amount, 代決 is
a decision by a named post while the decider is away and is read afterwards (後閲), 事務取扱 and 職務代理 (地方自治法152条) act in the
decider's place. That nobody decides what he drafted is a rule of this house (MECHANISMS §7a).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol, TypeVar

from yakuba.kernel.text import fold

STATES: Final = (
    ("drafting", "起案中"),
    ("circulating", "決裁中"),
    ("returned", "差戻し"),
    ("decided", "決裁済み"),
    ("withdrawn", "引戻し"),
)
OPEN_STATES: Final = ("drafting", "circulating", "returned")
KINDS: Final = (("approve", "承認"), ("concur", "合議"), ("circulate", "供覧"), ("decide", "決裁"))
BLOCKING: Final = ("approve", "concur", "decide")
STEP_STATES: Final = (
    ("waiting", "順番待ち"),
    ("current", "処理待ち"),
    ("done", "済み"),
    ("returned", "差戻し"),
    ("skipped", "なし"),
)
CAPACITIES: Final = (
    ("holder", "本人"),
    ("acting_head", "事務取扱"),
    ("deputy", "職務代理"),
    ("stand_in", "代決"),
)
CATEGORIES: Final = (("general", "一般"), ("money", "金銭"), ("access", "利用権限"))
MONEY: Final = "money"
# Every state table of the house is one table in code (MECHANISMS §7): (from, move) → to.
MOVES: Final[Mapping[tuple[str, str], str]] = {
    ("drafting", "submit"): "circulating",
    ("returned", "submit"): "circulating",
    ("circulating", "return"): "returned",
    ("circulating", "decide"): "decided",
    ("drafting", "withdraw"): "withdrawn",
    ("circulating", "withdraw"): "withdrawn",
    ("returned", "withdraw"): "withdrawn",
}
MOST_STEPS: Final = 20


class NotNow(ValueError):
    """A move that the state of the proposal does not allow."""


# --- the machine ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Place:
    """A step of a route, as far as order matters."""

    kind: str
    state: str = "waiting"


@dataclass(frozen=True, slots=True)
class Route:
    """A proposal's state and the steps of its present round, in order."""

    state: str
    places: tuple[Place, ...]

    @property
    def current(self) -> int | None:
        """Where the proposal waits: the one blocking step that is current."""
        return next(
            (n for n, one in enumerate(self.places) if one.kind in BLOCKING and one.state == "current"), None
        )


def after(state: str, move: str) -> str:
    """The state that a move leads to. Raises :class:`NotNow`."""
    try:
        return MOVES[state, move]
    except KeyError:
        raise NotNow(f"{move} from {state}") from None


def whole(kinds: Sequence[str]) -> bool:
    """Whether steps of these kinds make a route: one decision, with nothing that blocks behind it."""
    blocking = [kind for kind in kinds if kind in BLOCKING]
    return blocking.count("decide") == 1 and blocking[-1] == "decide"


def submit(route: Route) -> Route:
    """Send it on its way. Raises :class:`NotNow`."""
    if not whole([one.kind for one in route.places]):
        raise NotNow("no decision at the end")
    return Route(after(route.state, "submit"), _opened([Place(one.kind) for one in route.places]))


def done(route: Route) -> Route:
    """The step that it waited for is done: it goes on, or is decided. Raises :class:`NotNow`."""
    here = _here(route)
    decided = route.places[here].kind == "decide"
    state = after(route.state, "decide") if decided else route.state
    return Route(state, _opened(_with(route.places, here, "done")))


def skipped(route: Route) -> Route:
    """Nobody can take the step that it waits for: it goes on without. A decision is never left out. Raises :class:`NotNow`."""
    here = _here(route)
    if route.places[here].kind == "decide":
        raise NotNow("a decision is never left out")
    return Route(route.state, _opened(_with(route.places, here, "skipped")))


def returned(route: Route) -> Route:
    """It goes back to the drafter. Raises :class:`NotNow`."""
    here = _here(route)
    return Route(after(route.state, "return"), _closed(_with(route.places, here, "returned")))


def withdrawn(route: Route) -> Route:
    """The drafter takes it back. Raises :class:`NotNow`."""
    return Route(after(route.state, "withdraw"), _closed(route.places))


def _here(route: Route) -> int:
    if route.state != "circulating" or route.current is None:
        raise NotNow(f"nothing waits in {route.state}")
    return route.current


def _with(places: Sequence[Place], here: int, state: str) -> list[Place]:
    return [replace(one, state=state) if n == here else one for n, one in enumerate(places)]


def _opened(places: Sequence[Place]) -> tuple[Place, ...]:
    """What comes next is current: the first blocking step that is still to be done, and the circulations before it."""
    found = []
    blocked = False
    for one in places:
        found.append(replace(one, state="current") if one.state == "waiting" and not blocked else one)
        blocked = blocked or (one.kind in BLOCKING and one.state in {"waiting", "current"})
    return tuple(found)


def _closed(places: Sequence[Place]) -> tuple[Place, ...]:
    """Nothing waits any more."""
    return tuple(
        replace(one, state="skipped") if one.state in {"waiting", "current"} else one for one in places
    )


# --- who ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Seat:
    """Who stands behind a step at one moment.

    ``holders`` hold its post, ``deputies`` were appointed to act in it (person → ``acting_head`` or ``deputy``), ``stand_ins``
    are the holders of the posts that the rule names, in their order; ``away`` are absent.
    """

    holders: frozenset[Hashable] = frozenset()
    deputies: Mapping[Hashable, str] = field(default_factory=dict)
    stand_ins: tuple[frozenset[Hashable], ...] = ()
    away: frozenset[Hashable] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether the post is vacant, or everybody who holds it is away."""
        return not self.holders - self.away


def capacity(person: Hashable, seat: Seat) -> str:
    """As what a person may act on a step (``CAPACITIES``); empty where not at all.

    A holder always may, also one who is noted as away: he is there, evidently. The others may only while the seat is empty, and
    the second stand-in only while the first is away too.
    """
    if person in seat.holders:
        return "holder"
    if not seat.is_empty:
        return ""
    if person in seat.deputies:
        return seat.deputies[person]
    for named in seat.stand_ins:
        if person in named:
            return "stand_in"
        if named - seat.away:
            return ""
    return ""


def may_act(
    person: Hashable, kind: str, seat: Seat, *, drafters: Collection[Hashable], exceptional: bool
) -> str:
    """As what a person may act on a step of a proposal, empty where not at all.

    The drafter (and who drafted before him, where it was taken over) never approves, concurs in or decides what is his own, whatever post he comes to hold; on the exceptional route
    he decides.
    """
    if person in drafters and kind in BLOCKING and not (exceptional and kind == "decide"):
        return ""
    return capacity(person, seat)


def exception_objection(category: str | None, amount: int | None) -> str:
    """Why the drafter may not decide himself, as a code; empty where he may.

    Never what costs money, never access rights, and never a matter that no rule calls an ordinary one.
    """
    if amount is not None or category == MONEY:
        return "money"
    if category != "general":
        return "access" if category == "access" else "unknown"
    return ""


# --- which rule -----------------------------------------------------------------------------------------------------
class Line(Protocol):
    """What is read of a decision rule."""

    @property
    def authority(self) -> str:
        """Key of the 機関."""

    @property
    def matter(self) -> str:
        """The city's word; empty for whatever no other rule names."""

    @property
    def category(self) -> str:
        """Key of ``CATEGORIES``."""

    @property
    def up_to_yen(self) -> int | None:
        """The limit, None for none."""

    @property
    def valid_from(self) -> dt.date:
        """Its first day."""

    @property
    def valid_to(self) -> dt.date | None:
        """Its last day."""


L = TypeVar("L", bound=Line)


class AmountNeeded(ValueError):
    """Who decides depends on the amount, and there is none."""


def standing(lines: Collection[L], authority: str, matter: str, day: dt.date) -> list[L]:
    """The rules for a matter on a day, from the smallest limit to none: those that name it, or else those for everything else.

    Where two of one limit overlap the later one counts.
    """
    valid = [
        line
        for line in lines
        if line.authority == authority
        and line.valid_from <= day
        and (line.valid_to is None or line.valid_to >= day)
    ]
    named = [line for line in valid if line.matter and fold(line.matter) == fold(matter)]
    found = named or [line for line in valid if not line.matter]
    latest: dict[int | None, L] = {}
    for line in sorted(found, key=lambda one: one.valid_from):
        latest[line.up_to_yen] = line
    return sorted(latest.values(), key=lambda one: (one.up_to_yen is None, one.up_to_yen or 0))


def reaching(lines: Sequence[L], amount: int | None) -> list[L]:
    """Those of :func:`standing` that reach the amount, the first one first; all later ones are higher posts.

    Raises :class:`AmountNeeded` where an amount decides and none is given.
    """
    if amount is None:
        if lines and (lines[0].category == MONEY or lines[0].up_to_yen is not None):
            raise AmountNeeded
        return list(lines)
    return [line for line in lines if line.up_to_yen is None or line.up_to_yen >= amount]


def titles(text: str) -> list[str]:
    """The titles of posts that a rule's cell names: 「課長、所長」."""
    return [one for one in (part.strip() for part in re.split(r"[、,，／/\n]", text)) if one]
