"""Initiatives that stand nowhere in the tree yet, put under its nodes on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.desk import address, need, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.ui.components import FieldError
from yakuba.services.plan import access, queries, tree
from yakuba.services.plan.actions import CorrectRows, RowChange, correct_rows
from yakuba.services.plan.forms.lists import place_key, place_of
from yakuba.services.plan.rows import Form, node_form
from yakuba.services.plan.shown import Row
from yakuba.services.plan.views.desk.frame import crumbs_of, show, tabs_of

ALL = "all"


@dataclass(frozen=True, slots=True)
class Placed:
    """An initiative, and the node that is chosen for it (its key; empty for none)."""

    row: Row
    version: int
    node: str
    chosen: str


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def places(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """Those without a place, or every one with ``?show=all``; saved together."""
    edition = queries.edition(ctx, edition_id)
    need(access.ARRANGE, ctx)
    nodes = [node_form(node) for node in queries.tree(ctx, edition)]
    every = request.GET.get("show", "") == ALL
    rows = [
        Placed(
            Row(row.pk, row.position, form),
            row.version,
            _home(form),
            request.POST.get(f"node-{row.pk}", _home(form)),
        )
        for row, form in queries.forms(queries.initiatives(ctx, edition))
    ]
    errors, status = [], 200
    if request.method == "POST":
        try:
            changes = _changes(rows)
            if changes:
                correct_rows(ctx, edition, CorrectRows(changes), expected_version=version_of(request))
        except Problem as problem:
            errors, status = errors_of(problem), problem.status
            errors = [FieldError(f"node-{one.key}" if one.key else "", one.message) for one in errors]
        else:
            return see("plan-desk-tree", ctx, edition.pk)
    shown = rows if every else [one for one in rows if not one.node]
    return show(
        request,
        ctx,
        "places",
        _("取組を区分に置く"),
        crumbs=crumbs_of(ctx, edition),
        status=status,
        edition=edition,
        tabs=tabs_of(ctx, edition, "plan-desk-tree"),
        rows=shown,
        every=every,
        total=len(rows),
        nodes=[
            (place_key(node["path"]), "　" * (len(node["path"]) - 1) + tree.name_of(node)) for node in nodes
        ],
        errors=errors,
        said={error.key: error.message for error in errors},
        here=address("plan-desk-places", ctx, edition.pk),
        tree_href=address("plan-desk-tree", ctx, edition.pk),
        contrast_href=address("plan-desk-contrast", ctx, edition.pk),
    )


def _changes(rows: Sequence[Placed]) -> list[RowChange]:
    """What is to be written; a row without a choice stays where it is. Raises :class:`Problem` for what is no place."""
    return [
        {
            "initiative": str(one.row.id),
            "version": one.version,
            "part": "placements",
            "value": _moved(one.row.form, one.chosen),
        }
        for one in rows
        if one.chosen and one.chosen != one.node
    ]


def _home(form: Form) -> str:
    path = next((place["path"] for place in form["placements"] if place["primary"]), None)
    return place_key(path) if path else ""


def _moved(form: Form, key: str) -> list[Form]:
    """The places of an initiative with another primary one; its cross-listings (再掲) stay."""
    path = place_of(key)
    rest = [place for place in form["placements"] if not place["primary"] and place["path"] != path]
    return [{"path": path, "primary": True}, *rest]
