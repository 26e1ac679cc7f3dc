"""What the pages of the 決裁箱 share: the frame, errors."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from yakuba.kernel.access.desk import Pages, address
from yakuba.kernel.access.refusals import errors_of, several
from yakuba.kernel.actions import Context, Problem, Stale
from yakuba.kernel.ui.components import Link


def show(
    request: HttpRequest,
    ctx: Context,
    template: str,
    title: str,
    *,
    crumbs: Sequence[Link] = (),
    problem: Problem | None = None,
    **context: object,
) -> HttpResponse:
    """A page of the desk; a problem's errors stand above it."""
    errors = errors_of(problem)
    return Pages("approval").show(
        request,
        ctx,
        template,
        title,
        crumbs=crumbs,
        status=status_of(problem),
        errors=errors,
        said={error.key: error.message for error in errors},
        **context,
    )


def top(ctx: Context) -> Link:
    """The first step of the way: the box."""
    return Link(_("決裁箱"), address("approval-box", ctx))


def status_of(problem: Problem | None) -> int:
    """The status of a page that tells a problem; that somebody else was faster is a conflict."""
    if problem is None:
        return 200
    return Stale.status if any(isinstance(one, Stale) for one in several(problem)) else problem.status
