"""The tree of an edition by hand: the names of its levels, its nodes. What stands under a node follows it in the same action."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, action
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.kernel.search import store as search
from yakuba.services.plan import access, queries, rows, tree
from yakuba.services.plan.actions.editions import MOST_LEVELS, names_of
from yakuba.services.plan.actions.saving import found_as, save_nodes, titles
from yakuba.services.plan.models import Edition, Initiative, Node, Placement
from yakuba.services.plan.rows import Form
from yakuba.services.plan.shown import titles_of, way_text

_MOST_NODES = 500
MOVES = (("up", "上へ"), ("down", "下へ"), ("under", "ほかの区分の下へ"))


@dataclass(frozen=True)
class NameLevels:
    """What the levels of the tree are called, from the top."""

    levels: Annotated[list[str], fields.document(label="階層の名前", classification=PUBLIC)]


@dataclass(frozen=True)
class AddNode:
    """A new node at the end of what stands under ``parent`` (a path; empty: at the top). Without a code its title is its code."""

    title: Annotated[str, fields.text(label="名称", classification=PUBLIC, max_length=300)]
    parent: Annotated[list[str], fields.document(label="上の区分", classification=PUBLIC)]
    code: Annotated[
        str, fields.text(label="番号", classification=PUBLIC, max_length=tree.LONGEST_CODE, required=False)
    ] = ""
    text: Annotated[str, fields.prose(label="本文", classification=PUBLIC)] = ""


@dataclass(frozen=True)
class EditNode:
    """Another code, title or text of the node at ``path``."""

    path: Annotated[list[str], fields.document(label="区分", classification=PUBLIC)]
    title: Annotated[str, fields.text(label="名称", classification=PUBLIC, max_length=300)]
    code: Annotated[
        str, fields.text(label="番号", classification=PUBLIC, max_length=tree.LONGEST_CODE, required=False)
    ] = ""
    text: Annotated[str, fields.prose(label="本文", classification=PUBLIC)] = ""


@dataclass(frozen=True)
class MoveNode:
    """The node at ``path`` goes before or behind its neighbour, or under another ``parent``."""

    path: Annotated[list[str], fields.document(label="区分", classification=PUBLIC)]
    where: Annotated[str, fields.choice(MOVES, label="動かす先", classification=INTERNAL)]
    parent: Annotated[list[str] | None, fields.document(label="上の区分", classification=PUBLIC)] = None


@dataclass(frozen=True)
class RemoveNode:
    """The node at ``path``, under which nothing stands."""

    path: Annotated[list[str], fields.document(label="区分", classification=PUBLIC)]


@action("plan.name_levels", label="階層に名前を付ける", may=access.SHAPE, data=NameLevels)
def name_levels(ctx: Context, edition: Edition, data: NameLevels) -> Edition:
    """Name the levels. Raises :class:`Problem` where the tree is deeper than there are names."""
    levels = names_of(data.levels, "levels", 60, MOST_LEVELS)
    depth = tree.deepest(_nodes(edition))
    if levels and len(levels) < depth:
        raise Problem(
            "depth",
            _("区分は%(depth)d階層あります。名前も%(depth)dつ以上にしてください（今は%(found)d）。")
            % {"depth": depth, "found": len(levels)},
            field="levels",
            found=str(len(levels)),
            expected=str(depth),
        )
    ctx.note(levels=[edition.levels, levels])
    edition.levels = levels
    _reopen(edition, "levels")
    return edition


@action("plan.add_node", label="区分を加える", may=access.SHAPE, data=AddNode)
def add_node(ctx: Context, edition: Edition, data: AddNode) -> Edition:
    """Add a node."""
    nodes = _nodes(edition)
    if len(nodes) >= _MOST_NODES:
        raise Problem("too_many", _("区分は%(most)d件までです。") % {"most": _MOST_NODES}, field="title")
    parent = _path(data.parent, "parent")
    code, title = data.code.strip(), data.title.strip()
    changed = tree.add(nodes, parent, code, title, _text(data.text), edition.levels)
    return _keep(ctx, edition, changed, [*parent, code or title])


@action("plan.edit_node", label="区分を直す", may=access.SHAPE, data=EditNode)
def edit_node(ctx: Context, edition: Edition, data: EditNode) -> Edition:
    """Change code, title or text of a node; the places of all initiatives under it follow its code."""
    path = _path(data.path, "path")
    nodes = _nodes(edition)
    changed = tree.edit(nodes, path, data.code.strip(), data.title.strip(), _text(data.text))
    ctx.note(before=nodes[tree.subtree(nodes, path).start])
    return _keep(ctx, edition, changed, tree.moved(path, changed.moves))


@action("plan.move_node", label="区分を動かす", may=access.SHAPE, data=MoveNode)
def move_node(ctx: Context, edition: Edition, data: MoveNode) -> Edition:
    """Move a node with all that stands under it."""
    path = _path(data.path, "path")
    nodes = _nodes(edition)
    if data.where == "under":
        changed = tree.hang(nodes, path, _path(data.parent or [], "parent"), edition.levels)
    else:
        changed = tree.shift(nodes, path, -1 if data.where == "up" else 1)
    return _keep(ctx, edition, changed, tree.moved(path, changed.moves))


@action("plan.remove_node", label="区分を消す", may=access.SHAPE, data=RemoveNode)
def remove_node(ctx: Context, edition: Edition, data: RemoveNode) -> Edition:
    """Take a node out. Refused while anything stands under it, naming what does."""
    path = _path(data.path, "path")
    nodes = _nodes(edition)
    placed = Placement.unscoped.filter(initiative__edition=edition).select_related("initiative")
    by_path: dict[tree.Path, list[str]] = {}
    for placement in placed.order_by("initiative__position"):
        by_path.setdefault(tuple(placement.path), []).append(str(placement.initiative))
    changed = tree.remove(nodes, path, lambda one: by_path.get(one, []))
    ctx.note(before=nodes[tree.subtree(nodes, path).start])
    return _keep(ctx, edition, changed, list(path))


def _keep(ctx: Context, edition: Edition, changed: tree.Changed, at: Sequence[str]) -> Edition:
    """Write the tree and let every place in it follow; initiatives whose place has another path are others now."""
    was = titles_of(_nodes(edition))
    nodes = save_nodes(ctx, edition, changed.nodes)
    names = titles(nodes)
    placements = list(Placement.unscoped.filter(initiative__edition=edition))
    renamed = set()
    told = set()
    for placement in placements:
        path = tree.moved(placement.path, changed.moves)
        if way_text(placement.path, was) != way_text(path, names):
            told.add(placement.initiative_id)
        if path != placement.path:
            placement.path = path
            renamed.add(placement.initiative_id)
        placement.node = nodes.get(tuple(path))
    Placement.unscoped.bulk_update(placements, ["path", "node"], batch_size=200)
    if renamed:
        touched = list(Initiative.unscoped.select_for_update().filter(pk__in=renamed).order_by("pk"))
        for row in touched:
            row.version += 1
        Initiative.unscoped.bulk_update(touched, ["version"], batch_size=200)
    if told:
        above = Initiative.unscoped.filter(pk__in=told)
        entries = [found_as(row, form, names) for row, form in queries.forms(above)]
        search.index_many(ctx, entries, visibility="internal")
    ctx.note(node=list(at), initiatives=len(renamed))
    if changed.moves:
        ctx.note(moves=[[list(old), list(new)] for old, new in changed.moves.items()])
    _reopen(edition)
    return edition


def _reopen(edition: Edition, *columns: str) -> None:
    edition.state = "draft"
    edition.save(update_fields=["state", *columns])


def _nodes(edition: Edition) -> list[Form]:
    return [rows.node_form(node) for node in Node.unscoped.filter(edition=edition).order_by("position")]


def _path(given: object, field: str) -> tree.Path:
    if not isinstance(given, list) or not all(isinstance(step, str) for step in given):
        raise Problem("shape", _("番号の一覧（配列）にしてください。"), field=field)
    return tuple(given)


def _text(text: str) -> str | None:
    """A node's text; emptied, it counts as not printed."""
    return text.replace("\r\n", "\n") if text.strip() else None
