"""What all pages of identity share."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from yakuba.engines.visitors import pages
from yakuba.engines.visitors.queries import visit_by_token
from yakuba.engines.visitors.returning import safe_return
from yakuba.kernel.actions import Context, Missing, Problem, Problems
from yakuba.kernel.ui.components import FieldError, Link, Text, language_prefix
from yakuba.kernel.ui.shells import PortalPage


def shell(ctx: Context, title: Text, crumbs: Sequence[Link] = ()) -> PortalPage:
    """The frame of a page."""
    front = Link(ctx.municipality.name, f"{language_prefix()}/{ctx.municipality.code}/")
    return PortalPage(title=title, municipality=ctx.municipality, crumbs=[front, *crumbs])


def address(ctx: Context, name: str, **words: str) -> str:
    """The address of one of our pages, with what it is told."""
    found = reverse(name, args=[ctx.municipality.code])
    told = {key: word for key, word in words.items() if word}
    return f"{found}?{urlencode(told)}" if told else found


def going_to(request: HttpRequest, ctx: Context) -> str:
    """Where somebody wants to go on to: a path of this municipality's portal, or an empty text."""
    return safe_return(ctx, request.POST.get("next", "") or request.GET.get("next", ""))


def onward(ctx: Context, wanted: str) -> HttpResponseBase:
    """On to there, or to one's own page."""
    return redirect(safe_return(ctx, wanted) or address(ctx, "identity-my"))


def go_on_as(request: HttpRequest, ctx: Context, token: str) -> None:
    """After more became known: the browser gets the visit's new token."""
    visit = visit_by_token(ctx.municipality.id, token, ctx.now)
    if visit is None:
        raise Missing
    pages.adopt(request, ctx, visit, token)


def told(problem: Problem, **renamed: str) -> list[FieldError]:
    """A problem as errors of a form; ``renamed`` gives the form's name of a field that the action calls otherwise."""
    each = problem.problems if isinstance(problem, Problems) else (problem,)
    return [FieldError(renamed.get(one.field, one.field), one.message) for one in each]


def form(
    request: HttpRequest,
    template: str,
    context: dict[str, object],
    errors: Sequence[FieldError] = (),
    problem: Problem | None = None,
) -> HttpResponseBase:
    """A page with a form: 200, or the status of what is wrong with it, with errors by field for the template."""
    by_field = {error.key: error.message for error in errors}
    status = problem.status if problem else 422 if errors else 200
    return render(request, template, {**context, "errors": errors, "wrong": by_field}, status=status)


def twice(request: HttpRequest) -> tuple[str, list[FieldError]]:
    """A wanted password typed twice."""
    wanted, again = request.POST.get("wanted", ""), request.POST.get("again", "")
    if not wanted:
        return "", [FieldError("wanted", _("新しいパスワードが空です。入力してください。"))]
    if wanted != again:
        return "", [FieldError("again", _("新しいパスワードと同じものを、もう一度入力してください。"))]
    return wanted, []
