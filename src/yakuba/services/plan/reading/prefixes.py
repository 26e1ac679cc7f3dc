"""The tree that plain numbered headings spell out above initiatives whose numbers go on from theirs: 1 …, above 1-1 and 1-2."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from .blocks import Paper
from .goals import Goals
from .headings import Heading, outline
from .model import Node
from .wording import squeeze

_BREAK: Final = re.compile(r"[-‐−–.]")
_PLAIN: Final = re.compile(r"[0-9ivx]{1,4}(?:[-‐−–.]\(?[0-9]{1,3}\)?)*")


def numbered_goals(paper: Paper, places: Sequence[tuple[int, str]], taken: set[int]) -> Goals:
    """The headings above initiatives, told by block and number, whose numbers begin theirs; nothing where one has none above it.

    The nearest such heading counts; blocks that are `taken` are none.
    """
    lines = outline(paper)
    heads: list[tuple[int, tuple[str, ...], Heading]] = []
    for one in lines.headings:
        code = _code(one.number)
        if code and one.title and one.at not in taken and one.at not in lines.contents:
            heads.append((one.at, code, one))
    goals = Goals()
    for at, number in sorted(places):
        own = _code(number)
        chain = _chain(heads, at, own)
        if not chain:
            return Goals()
        path = tuple("-".join(code) for code, _ in chain)
        for depth, (_, one) in enumerate(chain, 1):
            goals.nodes.setdefault(path[:depth], Node(path[:depth], one.title))
            goals.claimed |= {one.at} | ({one.title_at} if one.title_at >= 0 else set())
        goals.marks.append((at - 1, path))
    if any(goals.nodes[path].title != one for path, one in _titles(heads, goals)):
        # A number that heads two things tells nothing.
        return Goals()
    return goals


def _chain(
    heads: Sequence[tuple[int, tuple[str, ...], Heading]], at: int, own: tuple[str, ...]
) -> list[tuple[tuple[str, ...], Heading]]:
    """The headings above a block from the root, each with the code that its initiative's begins with."""
    above = [(code, one) for place, code, one in heads if place < at]
    found = []
    for depth in range(1, len(own)):
        nearest = next((pair for pair in reversed(above) if pair[0] == own[:depth]), None)
        if nearest is None:
            break
        found.append(nearest)
    return found


def _titles(
    heads: Sequence[tuple[int, tuple[str, ...], Heading]], goals: Goals
) -> list[tuple[tuple[str, ...], str]]:
    """The titles of the headings that were used, by the path of their node."""
    paths = {path[-1]: path for path in goals.nodes}
    return [
        (paths["-".join(code)], one.title)
        for at, code, one in heads
        if at in goals.claimed and "-".join(code) in paths
    ]


def _code(number: str) -> tuple[str, ...]:
    """The parts of a plain number, without its brackets and its point; empty for other marks."""
    text = squeeze(number).strip(".")
    return tuple(part.strip("()") for part in _BREAK.split(text)) if _PLAIN.fullmatch(text) else ()
