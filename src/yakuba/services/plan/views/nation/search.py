"""Searching the initiatives of all municipalities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.kernel.search.marking import Piece
from yakuba.kernel.search.queries import Among, Hit
from yakuba.kernel.search.queries import search as search_index
from yakuba.kernel.ui.lists import ListSpec, ListState, position
from yakuba.services.plan.models import NationInitiative
from yakuba.services.plan.nation import queries
from yakuba.services.plan.nation.queries import Standing
from yakuba.services.plan.views.nation.frame import crumbs, nation_page, show

HITS = 20
_IN_FORCE = Among(NationInitiative, "object")
"""The register of the newest plans: an older edition's initiative is the same one at an earlier time, or is no more."""
_SPEC: ListSpec[Hit] = ListSpec(columns=(), search=" ")


@dataclass(frozen=True, slots=True)
class Found:
    """One hit with the page that shows it."""

    title: Sequence[Piece]
    href: str
    where: Standing
    snippet: Sequence[Piece]


@nation_page
def search(request: HttpRequest) -> HttpResponseBase:
    """The initiatives of every municipality's newest plan in which the words occur."""
    state = _SPEC.parse(request.GET)
    start = position(state.after)
    hits = search_index(
        None, state.q, visibility="public", kinds=("initiative",), among=_IN_FORCE, after=start, limit=HITS
    )
    path = reverse("nation-search")
    context = {
        "q": state.q,
        "hits": hits,
        "found": _found(hits.hits),
        "search_href": path,
        "previous": path + _at(state.q, max(start - HITS, 0)) if start else "",
        "following": path + _at(state.q, hits.following) if hits.following is not None else "",
        "past_end": start > 0,
        "first_href": path + _at(state.q, 0),
        "home_href": reverse("nation-home"),
    }
    heading = _("全国で「%(words)s」をさがす") % {"words": state.q} if state.q else _("全国の取組をさがす")
    return show(request, "search", heading, crumbs(), context)


def _at(q: str, start: int) -> str:
    return ListState(q=q, after=str(start) if start else "").query()


def _found(hits: Sequence[Hit]) -> list[Found]:
    """Hits with their addresses (one query)."""
    where = queries.standing({hit.id: hit.municipality_id for hit in hits})
    return [
        Found(
            hit.title,
            reverse("plan-initiative", args=[place.code, place.year.year, hit.id]),
            place,
            hit.snippet if hit.field else (),
        )
        for hit in hits
        if (place := where.get(hit.id)) is not None
    ]
