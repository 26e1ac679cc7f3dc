"""The tree of an edition: nodes come, go, move and change their codes, and every path follows. Pure.

Nodes are forms of the format, in the order of the document: each before what stands under it. A path holds the codes from the
root; where a node has no code, its title stands in the path.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.services.plan.paths import Form

Path = tuple[str, ...]
Moves = dict[Path, Path]
LONGEST_CODE: Final = 60


@dataclass(frozen=True, slots=True)
class Changed:
    """The nodes in their new order, and which paths are others now."""

    nodes: list[Form]
    moves: Moves


def path_of(node: Form) -> Path:
    """Where a node stands."""
    return tuple(node["path"])


def code_of(node: Form) -> str:
    """A node's code; empty where its title stands in the path."""
    step = str(node["path"][-1])
    return "" if step == node["title"] else step


def name_of(node: Form) -> str:
    """A node in a line: 1-1 手続のデジタル化."""
    return f"{code_of(node)} {node['title']}".strip()


def subtree(nodes: Sequence[Form], path: Path) -> range:
    """The places of a node and of all that stands under it. Raises :class:`Problem` where there is no such node."""
    start = next((n for n, node in enumerate(nodes) if path_of(node) == path), None)
    if start is None:
        raise Problem("missing", _("この版にない区分です。"), field="path", found=" ＞ ".join(path))
    end = start + 1
    while end < len(nodes) and path_of(nodes[end])[: len(path)] == path:
        end += 1
    return range(start, end)


def children(nodes: Sequence[Form], parent: Path) -> list[Path]:
    """The nodes directly under one (the root: the empty path), in order."""
    return [path for node in nodes if len(path := path_of(node)) == len(parent) + 1 and path[:-1] == parent]


def add(
    nodes: Sequence[Form], parent: Path, code: str, title: str, text: str | None, levels: Sequence[str]
) -> Changed:
    """A new node at the end of its parent's. Raises :class:`Problem`."""
    place = subtree(nodes, parent).stop if parent else len(nodes)
    _check_depth(len(parent) + 1, levels)
    path = (*parent, _step(code, title))
    _check_free(nodes, path, code)
    made: Form = {"path": list(path), "title": title, "text": text}
    return Changed([*nodes[:place], made, *nodes[place:]], {})


def edit(nodes: Sequence[Form], path: Path, code: str, title: str, text: str | None) -> Changed:
    """A node with another code, title or text; what stands under it goes along. Raises :class:`Problem`."""
    own = subtree(nodes, path)
    there = (*path[:-1], _step(code, title))
    if there != path:
        _check_free(nodes, there, code)
    moves = {path: there} if there != path else {}
    found = _moved(nodes, moves)
    found[own.start] = {**found[own.start], "title": title, "text": text}
    return Changed(found, moves)


def shift(nodes: Sequence[Form], path: Path, steps: int) -> Changed:
    """A node before (-1) or behind (1) its neighbour of the same parent; at the edge it stays."""
    own = subtree(nodes, path)
    siblings = children(nodes, path[:-1])
    at = siblings.index(path)
    wanted = min(max(at + steps, 0), len(siblings) - 1)
    if wanted == at:
        return Changed(list(nodes), {})
    block = [nodes[n] for n in own]
    rest = [node for n, node in enumerate(nodes) if n not in own]
    neighbour = subtree(rest, siblings[wanted])
    place = neighbour.start if wanted < at else neighbour.stop
    return Changed([*rest[:place], *block, *rest[place:]], {})


def hang(nodes: Sequence[Form], path: Path, parent: Path, levels: Sequence[str]) -> Changed:
    """A node, with all that stands under it, at the end of another parent's. Raises :class:`Problem`."""
    own = subtree(nodes, path)
    if parent[: len(path)] == path:
        raise Problem("under_itself", _("自分や自分の下には移せません。"), field="parent")
    if parent == path[:-1]:
        return Changed(list(nodes), {})
    depth = max(len(nodes[n]["path"]) for n in own) - len(path)
    _check_depth(len(parent) + 1 + depth, levels, "parent")
    there = (*parent, path[-1])
    _check_free(nodes, there, path[-1], "parent")
    moves = {path: there}
    block = _moved([nodes[n] for n in own], moves)
    rest = [node for n, node in enumerate(nodes) if n not in own]
    place = subtree(rest, parent).stop if parent else len(rest)
    return Changed([*rest[:place], *block, *rest[place:]], moves)


def remove(nodes: Sequence[Form], path: Path, standing: Callable[[Path], Sequence[str]]) -> Changed:
    """The tree without a node under which nothing stands; ``standing`` names what does. Raises :class:`Problem`."""
    own = subtree(nodes, path)
    under = [name_of(nodes[n]) for n in own if n != own.start] + list(standing(path))
    if under:
        named = "」「".join(under[:5])
        more = _("ほか%(n)d件") % {"n": len(under) - 5} if len(under) > 5 else ""
        raise Problem(
            "not_empty",
            _("この下に「%(named)s」%(more)sがあるので消せません。先に別の場所へ移してください。")
            % {"named": named, "more": more},
            field="path",
            found="、".join(under),
        )
    return Changed([node for n, node in enumerate(nodes) if n != own.start], {})


def moved(path: Sequence[str], moves: Moves) -> list[str]:
    """A path after nodes took other places or codes."""
    here = tuple(path)
    for old, new in moves.items():
        if here[: len(old)] == old:
            return [*new, *here[len(old) :]]
    return list(path)


def deepest(nodes: Sequence[Form]) -> int:
    """How many levels the tree uses."""
    return max((len(node["path"]) for node in nodes), default=0)


def _moved(nodes: Sequence[Form], moves: Moves) -> list[Form]:
    return [{**node, "path": moved(node["path"], moves)} for node in nodes]


def _step(code: str, title: str) -> str:
    return code or title


def _check_free(nodes: Sequence[Form], path: Path, code: str, field: str = "") -> None:
    if any(path_of(node) == path for node in nodes):
        raise Problem(
            "twice",
            _("同じ場所に「%(step)s」がもうあります。ほかの番号か名称にしてください。") % {"step": path[-1]},
            field=field or ("code" if code else "title"),
            found=path[-1],
        )


def _check_depth(depth: int, levels: Sequence[str], field: str = "parent") -> None:
    if levels and depth > len(levels):
        raise Problem(
            "depth",
            _("階層は「%(levels)s」の%(n)dつです。これより深くは置けません。階層の名前を先に加えてください。")
            % {"levels": "・".join(levels), "n": len(levels)},
            field=field,
            found=str(depth),
            expected=str(len(levels)),
        )
