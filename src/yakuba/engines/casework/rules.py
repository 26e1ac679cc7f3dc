"""What follows from a case's facts: how its term stands, what is next, what a decision needs. Pure: no database.

Sources: 行政手続法8条 (reasons for refusing, in whole or in part), 行政不服審査法82条 (notice of remedies with a disposition in writing).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.translation import gettext_noop

from yakuba.engines.casework.states import FINAL, TABLES, steps_from
from yakuba.kernel.text import fold

Standing = Literal["late", "soon", "later", "stopped", "none", "over"]
#: How an applicant may want the result.
RESULTS: Final = (
    ("download", gettext_noop("ダウンロード")),
    ("post", gettext_noop("郵送")),
    ("counter", gettext_noop("窓口での受取り")),
    ("none", gettext_noop("なし（到達で完了）")),
)
SOON: Final = dt.timedelta(days=3)
STANDINGS: Final = (
    ("late", "期限を過ぎた"),
    ("soon", "3日以内"),
    ("later", "4日以上先"),
    ("stopped", "補正中は止まっている"),
    ("none", "期限の定めなし"),
)
#: Which outcomes a kind of case may have. A notification has none: it is no request for a decision (行政手続法2条7号).
OUTCOMES_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "application": ("granted", "partly", "refused", "rejected"),
    "request": ("granted", "partly", "refused", "rejected"),
    "subsidy": ("granted", "partly", "refused", "rejected"),
    "inquiry": ("answered",),
    "booking": ("granted", "refused", "waiting"),
    "notification": (),
}
#: Kinds whose decision is a disposition (処分): against it there are remedies.
DISPOSED: Final = frozenset({"application", "request", "subsidy"})
#: Outcomes that take something from the applicant.
ADVERSE: Final = frozenset({"partly", "refused", "rejected"})
#: States in which nobody in the office is asked for anything: the applicant or a decider is.
ELSEWHERE: Final = frozenset({"returned", "deciding"})


def folded(text: str) -> str:
    """The copy of a text that searching sees: variants one, no blanks."""
    return fold(text).replace(" ", "")


def words_of(query: str) -> list[str]:
    """What a search asks for; all of it has to be found."""
    return [found for word in query.split() if (found := folded(word))]


def standing(state: str, due: dt.date | None, today: dt.date, *, has_term: bool) -> Standing:
    """How the term of a case stands on a day. ``over``: decided or at its end, nothing runs any more."""
    if state in FINAL or state in {"decided", "notified"}:
        return "over"
    if not has_term:
        return "none"
    if due is None:
        return "stopped"
    if due < today:
        return "late"
    return "soon" if due <= today + SOON else "later"


def on_time(
    kind: str, due: dt.date | None, decided: dt.date | None, completed: dt.date | None
) -> bool | None:
    """Whether it was decided in time (a notification: completed); None where there is no term, or no end yet.

    The last day is in time. A day in Japan each.
    """
    ended = decided if has_decision(kind) else completed
    return None if due is None or ended is None else ended <= due


def has_decision(kind: str) -> bool:
    """Whether cases of this kind are decided at all."""
    return any(step.go_to == "decided" for step in TABLES[kind])


def needs_reasons(outcome: str) -> bool:
    """Whether a decision must say why (行政手続法8条1項)."""
    return outcome in ADVERSE


def needs_remedies(kind: str, outcome: str) -> bool:
    """Whether a decision must say what can be done against it (行政不服審査法82条1項)."""
    return kind in DISPOSED and outcome in ADVERSE


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides what is next, besides kind and state."""

    drafted: bool = False
    proposed: bool = False
    told: bool = False


def following(kind: str, state: str, *, routed: bool, facts: Facts) -> str:
    """The one thing that the office does next: a key of an action, ``proposal`` (go on there), ``notice`` (make one), or empty.

    Empty while the applicant is asked, and at the end.
    """
    if state == "arrived":
        return "start"
    if decision := _decision(kind, state, routed=routed):
        if facts.proposed:
            return "proposal"
        return decision if facts.drafted else "draft"
    return {
        "checking": "formally_right",
        "deciding": "proposal",
        "decided": "notify" if facts.told else "notice",
        "notified": "complete",
    }.get(state, "")


def _decision(kind: str, state: str, *, routed: bool) -> str:
    """The step that leads from this state to a decision, or towards one; empty where none does."""
    found = steps_from(kind, state, routed=routed)
    return next((step.key for step in found if "disposition" in step.needs), "")
