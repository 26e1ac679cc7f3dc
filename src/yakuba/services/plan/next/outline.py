"""A tree written as lines: one node a line, deeper ones further to the right, a code before the title where there is one. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.text import compact
from yakuba.services.plan import tree
from yakuba.services.plan.paths import Form

MOST: Final = 300
_LONGEST: Final = 300
# What a code consists of: 1 · 1-2 · (ア) · 1)-(1) · ①. A word of several letters is a part of the title.
_SIGNS: Final = "()（）[]［］.．,，-－‐・:："
_DIGITS: Final = re.compile(r"[0-9０-９Ⅰ-Ⅻ①-⑳]")
_LONGEST_CODE: Final = 10


def read(text: str, levels: Sequence[str]) -> list[Form]:
    """The nodes of a tree written as lines. Raises :class:`Problem` with the number of the line that cannot be one.

    A line is a level deeper than the one above where it begins further to the right, whatever it is indented with.
    """
    nodes: list[Form] = []
    way: list[tuple[int, tree.Path]] = []
    lines = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > MOST:
        raise _problem(lines[MOST][0], _("区分は%(most)d件までです。") % {"most": MOST})
    for n, line in lines:
        indent = _indent(line)
        while way and way[-1][0] >= indent:
            way.pop()
        parent = way[-1][1] if way else ()
        code, title = _split(line.strip())
        if len(title) > _LONGEST:
            raise _problem(n, _("名称が長すぎます（%(n)d文字まで）。") % {"n": _LONGEST})
        try:
            changed = tree.add(nodes, parent, code, title, None, list(levels))
        except Problem as problem:
            raise _problem(n, problem.message) from problem
        nodes = changed.nodes
        way.append((indent, (*parent, code or title)))
    return nodes


def _split(line: str) -> tuple[str, str]:
    """Code and title of a line; the code is empty where the first word is none."""
    first, *rest = line.split(maxsplit=1)
    bare = first.strip(_SIGNS)
    numbered = bool(_DIGITS.search(first)) and not re.search(r"[^\W\d_]{2,}", first)
    if rest and len(first) <= _LONGEST_CODE and (numbered or len(bare) == 1):
        return first, rest[0].strip()
    return "", line


def _indent(line: str) -> int:
    """How far to the right a line begins; a full-width blank is two."""
    width = 0
    for character in line:
        if character == "\t":
            width += 4
        elif character.isspace():
            width += 2 if unicodedata.east_asian_width(character) == "F" else 1
        else:
            return width
    return width


def _problem(line: int, message: str) -> Problem:
    return Problem(
        "outline", _("%(line)d行目：%(message)s") % {"line": line, "message": message}, field="outline"
    )


def written(nodes: Sequence[Form]) -> str:
    """A tree as lines, as :func:`read` takes it."""
    lines = []
    for node in nodes:
        code = "" if node["path"][-1] == node["title"] else f"{node['path'][-1]} "
        lines.append("　" * (len(node["path"]) - 1) + code + str(node["title"]))
    return "\n".join(lines)


def placed(form: Form, before: Sequence[Form], after: Sequence[Form]) -> list[Form]:
    """Where an initiative stands in another tree: under the nodes of the same title, where there is just one of each."""
    titles = {tuple(node["path"]): compact(node["title"]) for node in before}
    by_title: dict[str, list[list[str]]] = {}
    for node in after:
        by_title.setdefault(compact(node["title"]), []).append(node["path"])
    found: list[Form] = []
    for place in sorted(form["placements"], key=lambda one: not one["primary"]):
        there = by_title.get(titles.get(tuple(place["path"]), ""), [])
        if len(there) == 1 and all(one["path"] != there[0] for one in found):
            found.append({"path": list(there[0]), "primary": not found})
    return found
