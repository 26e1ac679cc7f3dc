"""The tree of an edition as one indented outline: every node has its form, everything works without JavaScript."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.desk import address, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.ui.components import FieldError
from yakuba.services.plan import access, queries, rows, tree
from yakuba.services.plan.actions import (
    AddNode,
    EditNode,
    MoveNode,
    NameLevels,
    RemoveNode,
    add_node,
    edit_node,
    move_node,
    name_levels,
    remove_node,
)
from yakuba.services.plan.forms.lists import place_key, place_of
from yakuba.services.plan.models import Edition
from yakuba.services.plan.views.desk.frame import crumbs_of, show, tabs_of
from yakuba.services.plan.views.desk.making import lines_of

_DEEPEST_INDENT = 5
_KEYS = ("code", "title", "text", "parent", "levels")


@dataclass(frozen=True, slots=True)
class Branch:
    """One node of the outline. ``own`` initiatives have their primary place just here, ``also`` are listed here again."""

    key: str
    mark: str
    """What its form's fields are named after."""
    depth: int
    level: str
    code: str
    title: str
    text: str
    own: int
    also: int
    first: bool
    last: bool
    under: bool
    """Whether a node may stand below."""


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def show_tree(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """The outline; ``do`` says what a form of it wants."""
    edition = queries.edition(ctx, edition_id)
    if request.method != "POST":
        return _page(request, ctx, edition, {"parent": request.GET.get("under", "")}, "")
    typed = {key: request.POST.get(key, "") for key in _KEYS}
    at, do = request.POST.get("at", ""), request.POST.get("do", "")
    try:
        there = _do(ctx, edition, do, at, typed, version_of(request))
    except Problem as problem:
        return _page(request, ctx, queries.edition(ctx, edition_id), typed, at or do, problem)
    return see("plan-desk-tree", ctx, edition.pk, fragment=there)


def _do(ctx: Context, edition: Edition, do: str, at: str, typed: Mapping[str, str], version: int) -> str:
    """Do what a form wants and say where on the page to look then."""
    match do:
        case "levels":
            name_levels(ctx, edition, NameLevels(lines_of(typed["levels"])), expected_version=version)
            return "levels"
        case "add":
            sent = {key: typed[key] for key in ("code", "title", "text")}
            fresh: AddNode = replace(
                add_node.read_text({**sent, "parent": "-"}), parent=place_of(typed["parent"])
            )
            add_node(ctx, edition, fresh, expected_version=version)
            return "add"
        case "edit":
            sent = {key: typed[key] for key in ("code", "title", "text")}
            data: EditNode = replace(edit_node.read_text({**sent, "path": "-"}), path=place_of(at))
            edit_node(ctx, edition, data, expected_version=version)
        case "up" | "down":
            move_node(ctx, edition, MoveNode(place_of(at), do), expected_version=version)
        case "under":
            goal = MoveNode(place_of(at), do, place_of(typed["parent"]))
            move_node(ctx, edition, goal, expected_version=version)
        case "remove":
            remove_node(ctx, edition, RemoveNode(place_of(at)), expected_version=version)
        case _:
            raise Problem("do", _("何をするのか読み取れません。画面を開き直してください。"))
    return "tree"


def _page(
    request: HttpRequest,
    ctx: Context,
    edition: Edition,
    typed: Mapping[str, str],
    at: str,
    problem: Problem | None = None,
) -> HttpResponse:
    """The outline; ``at`` is the node (or the form: add, levels) in which something is wrong: it is open, as it was typed."""
    errors = errors_of(problem) if problem is not None else []
    branches = _branches(ctx, edition)
    wrong = next((branch for branch in branches if branch.key == at), None)
    mark = wrong.mark if wrong else at
    places = [
        (branch.key, "　" * branch.depth + f"{branch.code} {branch.title}".strip()) for branch in branches
    ]
    return show(
        request,
        ctx,
        "tree",
        _("区分"),
        crumbs=crumbs_of(ctx, edition),
        status=problem.status if problem else 200,
        edition=edition,
        tabs=tabs_of(ctx, edition, "plan-desk-tree"),
        branches=branches,
        places=places,
        levels=typed["levels"] if at == "levels" else "\n".join(edition.levels),
        level_names=edition.levels,
        typed=typed,
        wrong=mark if problem else "",
        # The fields of this page are named after their form: the summary leads to the one that is meant.
        errors=[FieldError(f"{mark}-{one.key}" if one.key in _KEYS else "", one.message) for one in errors],
        said={error.key: error.message for error in errors},
        may_shape=access.SHAPE.holds_anywhere(ctx),
        here=address("plan-desk-tree", ctx, edition.pk),
        places_href=address("plan-desk-places", ctx, edition.pk),
        new_href=address("plan-desk-initiative-new", ctx, edition.pk),
    )


def _branches(ctx: Context, edition: Edition) -> list[Branch]:
    """The nodes with what stands under each (three queries)."""
    nodes = [rows.node_form(node) for node in queries.tree(ctx, edition)]
    own: Counter[tree.Path] = Counter()
    also: Counter[tree.Path] = Counter()
    for path, primary in queries.places(ctx, edition):
        (own if primary else also)[path] += 1
    found = []
    for n, node in enumerate(nodes):
        path = tree.path_of(node)
        siblings = tree.children(nodes, path[:-1])
        depth = len(path) - 1
        deeper = not edition.levels or len(path) < len(edition.levels)
        found.append(
            Branch(
                place_key(node["path"]),
                f"n{n}",
                min(depth, _DEEPEST_INDENT),
                edition.levels[depth] if depth < len(edition.levels) else "",
                tree.code_of(node),
                node["title"],
                node["text"] or "",
                own[path],
                also[path],
                first=path == siblings[0],
                last=path == siblings[-1],
                under=deeper,
            )
        )
    return found
