"""How many other municipalities plan something of the same themes."""

from __future__ import annotations

from collections.abc import Sequence

from yakuba.kernel.actions import Context
from yakuba.services.plan.nation import queries
from yakuba.services.plan.themes.vocabulary import THEMES, label


def others(ctx: Context, themes: Sequence[str]) -> list[tuple[str, int]]:
    """The themes by name, each with the number of other municipalities (one query for each theme of an initiative)."""
    own = ctx.municipality.id
    return [
        (label(THEMES[theme]), len(queries.planners(theme).keys() - {own}))
        for theme in themes
        if theme in THEMES
    ]
