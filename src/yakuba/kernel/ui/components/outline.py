"""A tree as a readable outline: goals, and under each what belongs to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from yakuba.kernel.ui.components.marks import Share
from yakuba.kernel.ui.drawing import Text, draw


@dataclass(frozen=True, slots=True)
class Branch:
    """One entry of an outline: `count` is how many things stand under it, `shares` how far along they are.

    `href` leads to them; an entry without one is only read. `over` names the level (基本目標) above the entry.
    """

    label: Text
    href: str = ""
    over: Text = ""
    count: int | None = None
    shares: Sequence[Share] = ()
    children: "Sequence[Branch]" = ()


def outline(branches: Sequence[Branch], *, label: Text, unit: Text = "", lang: str = "") -> SafeString:
    """Draw an outline; `label` names it for screen readers, `unit` stands behind counts (件). Nothing without entries.

    `lang` is the language of the entries where it may not be the page's.
    """
    return (
        draw("outline", branches=branches, label=label, unit=unit, lang=lang) if branches else SafeString("")
    )
