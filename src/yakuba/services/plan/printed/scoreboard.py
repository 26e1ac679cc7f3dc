"""The whole plan on one page: each goal with its progress, its figures and who is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString

from yakuba.services.plan import public_overview, shown
from yakuba.services.plan.rows import Form
from yakuba.services.plan.shown import Edition, NodeView, Row

FIGURES: Final = 3
LATE: Final = 3


@dataclass(frozen=True, slots=True)
class Score:
    """A goal in a few lines."""

    node: NodeView
    bar: SafeString
    silent: int
    """Initiatives without a progress word."""
    figures: tuple[SafeString, ...]
    figures_more: int
    late: tuple[Row, ...]
    late_more: int


def scores(edition: Edition) -> list[Score]:
    """The goals (first level of the plan) in the document's order."""
    return [_score(edition, node) for node in edition.outline if node.depth == 1]


def _score(edition: Edition, node: NodeView) -> Score:
    rows = [row for row in edition.rows if row.home[:1] == node.path]
    indicators = [one for row in rows for one in row.form["indicators"]]
    # Those with a number reached and aimed at tell most; of these the document's order decides.
    telling = [one for one in indicators if _tells(one)] or indicators
    late = [row for row in rows if row.late]
    silent: Sequence[Row] = [row for row in rows if not row.progress]
    return Score(
        node,
        public_overview.bar(node.tallies, node.label),
        shown.count(silent),
        tuple(public_overview.measure(one) for one in telling[:FIGURES]),
        max(len(indicators) - FIGURES, 0),
        tuple(late[:LATE]),
        max(len(late) - LATE, 0),
    )


def _tells(indicator: Form) -> bool:
    return bool(shown.newest(indicator, ("actual",)) and shown.newest(indicator, ("target",)))
