"""What the pages of rounds share: the frame, errors, words for states and days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yakuba.engines.rounds.models import Round
from yakuba.engines.rounds.rules import MILESTONES, PHASES
from yakuba.engines.rounds.states import ITEM_STATES, ROUND_STATES
from yakuba.kernel.access.desk import Pages, address
from yakuba.kernel.access.refusals import errors_of, several
from yakuba.kernel.actions import Context, Problem, Stale
from yakuba.kernel.dates.business import is_business_day
from yakuba.kernel.ui.components import Link, badge
from yakuba.kernel.ui.components.marks import Tone
from yakuba.kernel.ui.formats import plain_day

_ROUND_TONES: Final[Mapping[str, tuple[Tone, str]]] = {
    "planned": ("neutral", "circle"),
    "open": ("accent", "circle-half"),
    "collected": ("fair", "tray"),
    "closed": ("good", "circle-check"),
    "cancelled": ("neutral", "cross"),
}
_ITEM_TONES: Final[Mapping[str, tuple[Tone, str]]] = {
    "open": ("neutral", "circle"),
    "entered": ("accent", "circle-half"),
    "confirmed": ("fair", "check"),
    "not_applicable": ("neutral", "swap"),
    "accepted": ("good", "check"),
    "decided": ("good", "circle-check"),
}


def show(
    request: HttpRequest,
    ctx: Context,
    template: str,
    title: str,
    *,
    crumbs: Sequence[Link] = (),
    problem: Problem | None = None,
    **context: object,
) -> HttpResponse:
    """A page of the desk; a problem's errors stand above it."""
    errors = errors_of(problem)
    return Pages("rounds").show(
        request,
        ctx,
        template,
        title,
        crumbs=crumbs,
        status=status_of(problem),
        errors=errors,
        said={error.key: error.message for error in errors},
        **context,
    )


def status_of(problem: Problem | None) -> int:
    """The status of a page that tells a problem; that somebody else was faster is a conflict."""
    if problem is None:
        return 200
    return Stale.status if any(isinstance(one, Stale) for one in several(problem)) else problem.status


def top(ctx: Context) -> Link:
    """The first step of the way: the list."""
    return Link(_("照会"), address("rounds-index", ctx))


def of_round(ctx: Context, round_: Round) -> Link:
    """The second: the round."""
    return Link(round_.title, address("rounds-round", ctx, round_.pk), lang="ja")


def round_badge(state: str) -> SafeString:
    """A round's state as a mark."""
    tone, mark = _ROUND_TONES[state]
    return badge(_(dict(ROUND_STATES)[state]), tone=tone, mark=mark)


def item_badge(state: str) -> SafeString:
    """An item's state as a mark."""
    tone, mark = _ITEM_TONES[state]
    return badge(_(dict(ITEM_STATES)[state]), tone=tone, mark=mark)


def late_badge(days: int) -> SafeString:
    """By how many days something is late."""
    return badge(_("%(days)d日遅れ") % {"days": days}, tone="bad", mark="triangle")


def phase_words(round_: Round) -> str:
    """見込, 確定; empty where a round has neither."""
    return "" if round_.phase == "none" else _(dict(PHASES)[round_.phase])


def day_words(day: dt.date) -> str:
    """A day, with a word where the town hall is closed on it."""
    return plain_day(day) if is_business_day(day) else _("%(day)s（閉庁日）") % {"day": plain_day(day)}


def milestone_lines(days: Mapping[str, dt.date]) -> list[tuple[str, str]]:
    """The days of a round as (label, day), in the order of the year."""
    return [(_(label), day_words(days[key])) for key, label in MILESTONES if key in days]
