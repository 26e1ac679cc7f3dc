"""What stands on a citizen's own page beside their account: other rooms register a section each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from yakuba.engines.visitors.visitor import Visitor
from yakuba.kernel.actions import Context
from yakuba.kernel.plugins import Registry

Draw = Callable[[HttpRequest, Context, Visitor], SafeString]


@dataclass(frozen=True)
class Section:
    """A part of 「マイページ」: its heading, and what is drawn under it. Nothing drawn: no heading either.

    ``order`` sorts sections, the smallest first.
    """

    key: str
    heading: str | Promise
    draw: Draw
    order: int = 100


@dataclass(frozen=True)
class Drawn:
    """A section as it stands on the page."""

    key: str
    heading: str | Promise
    body: SafeString


SECTIONS: Registry[Section] = Registry("section of one's own page")


def register_section(section: Section) -> None:
    """Add a section; called when a room starts up."""
    SECTIONS.register(section.key, section)


def drawn(request: HttpRequest, ctx: Context, visitor: Visitor) -> list[Drawn]:
    """What there is to show to this visitor, in order."""
    ordered = sorted(SECTIONS.values(), key=lambda one: one.order)
    found = [Drawn(one.key, one.heading, one.draw(request, ctx, visitor)) for one in ordered]
    return [one for one in found if one.body]
