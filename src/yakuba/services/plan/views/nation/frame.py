"""What the pages across municipalities share: the shell, the way back, the ETag, addresses."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Concatenate, ParamSpec, Protocol
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.publishing import serving
from yakuba.kernel.actions import Missing
from yakuba.kernel.dates import FiscalYear, clock
from yakuba.kernel.ui.components import Link
from yakuba.kernel.ui.shells import PlainPage
from yakuba.services.plan.nation import queries
from yakuba.services.plan.nation.queries import Source
from yakuba.services.plan.themes.vocabulary import THEMES, Theme

P = ParamSpec("P")


class View(Protocol[P]):
    """What Django calls for an address that belongs to no municipality."""

    def __call__(self, request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase: ...


def nation_page(view: Callable[Concatenate[HttpRequest, P], HttpResponseBase]) -> View[P]:
    """A page that depends on the register alone: anybody may read it, no session is read, the register gives its ETag."""

    @functools.wraps(view)
    def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        tag = serving.etag("nation", view.__name__, FiscalYear.of(clock.now()).year, *queries.stamp())
        if (same := serving.unchanged(request, tag)) is not None:
            return same
        answer = view(request, *args, **kwargs)
        return serving.keepable(answer, tag) if answer.status_code == 200 else answer

    return require_safe(page)


def title() -> str:
    """What these pages are called."""
    return _("全国の情報化推進計画")


def crumbs(*more: Link) -> list[Link]:
    """The way from the front page to a page below the nation's first one."""
    return [Link(_("はじめのページ"), reverse("portal-home")), Link(title(), reverse("nation-home")), *more]


def show(
    request: HttpRequest,
    template: str,
    heading: str,
    way: Sequence[Link],
    context: Mapping[str, object],
) -> HttpResponseBase:
    """Render a page of the nation."""
    return render(
        request,
        f"plan/nation/{template}.html",
        {"page": PlainPage(title=heading), "crumbs": way, "nation": title(), **context},
    )


def theme_of(theme_id: str) -> Theme:
    """The theme of an address. :class:`Missing` for one that the vocabulary does not have."""
    found = THEMES.get(theme_id)
    if found is None:
        raise Missing
    return found


def initiative_address(sources: Mapping[UUID, Source], initiative: UUID) -> str:
    """The page of an initiative of the register in its municipality."""
    of = sources[initiative]
    return reverse("plan-initiative", args=[of.code, of.year.year, of.object])


def compare_address(theme_id: str, codes: Sequence[str], **more: str) -> str:
    """The page that lays municipalities side by side."""
    pairs = [("theme", theme_id), *(("city", code) for code in codes), *more.items()]
    return f"{reverse('nation-compare')}?{urlencode([(key, value) for key, value in pairs if value])}"
