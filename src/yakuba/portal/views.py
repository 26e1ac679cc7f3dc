"""The front pages: across municipalities, of one municipality, and its search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing import serving
from yakuba.engines.publishing.fronts import (
    Card,
    Door,
    Presenter,
    Text,
    across,
    entrances,
    presenter,
    presenters,
    published_on,
)
from yakuba.engines.publishing.models import Publication
from yakuba.engines.publishing.queries import Hall
from yakuba.kernel.access.pages import portal_page
from yakuba.kernel.actions import Context
from yakuba.kernel.search.marking import Piece
from yakuba.kernel.search.queries import Hit
from yakuba.kernel.search.queries import search as search_index
from yakuba.kernel.text import fold
from yakuba.kernel.ui.components import Link, Share, language_prefix, shares
from yakuba.kernel.ui.lists import ListSpec, ListState, position
from yakuba.kernel.ui.shells import PlainPage, PortalPage

# From so many municipalities on one types a name faster than one finds it, and prefectures part the list.
SEARCH_FROM = 8
NEWS = 5
HITS = 20


@dataclass(frozen=True, slots=True)
class Group:
    """The municipalities of one prefecture."""

    prefecture: str
    halls: tuple[Hall, ...]


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """Every municipality with something public; `?q=` finds one by name, kana, prefecture or code."""
    q = _q(request)
    halls = publishing.halls()
    tag = serving.etag("home", *(f"{hall.code}{hall.name}{hall.things}{hall.newest}" for hall in halls))
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    found = [hall for hall in halls if _names(hall, q)]
    context = {
        "page": PlainPage(title=""),
        "groups": _by_prefecture(found)
        if len(found) >= SEARCH_FROM
        else [Group("", tuple(found))]
        if found
        else [],
        "q": q,
        "searchable": len(halls) >= SEARCH_FROM or bool(q),
        "any": bool(halls),
        "across": [(one.heading, one.href(), one.about) for one in across()],
        "style_href": reverse("style"),
        "api_href": f"{language_prefix()}/api/",
    }
    return serving.keepable(render(request, "portal/home.html", context), tag)


def _q(request: HttpRequest) -> str:
    """The search words of an address that knows nothing else."""
    return _SEARCH.parse(request.GET).q


_SEARCH: ListSpec[Hit] = ListSpec(columns=(), search=" ")


def _names(hall: Hall, q: str) -> bool:
    names = fold(f"{hall.prefecture}{hall.name} {hall.kana} {hall.code}")
    return all(fold(word) in names for word in q.split())


def _by_prefecture(halls: Sequence[Hall]) -> list[Group]:
    return [Group(name, tuple(found)) for name, found in groupby(halls, key=lambda hall: hall.prefecture)]


@dataclass(frozen=True, slots=True)
class Section:
    """What one service shows at the front door."""

    heading: Text
    href: str
    cards: tuple[tuple[Card, str, str], ...]
    """Card, when it was published, its bar of progress words."""
    doors: tuple[Door, ...] = ()


@dataclass(frozen=True, slots=True)
class News:
    """One line of what is new."""

    title: str
    href: str
    when: str
    note: str


@require_safe
@portal_page
def front(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """A municipality's front page."""
    # Some publications are for nobody's eyes but those who hold a link to them: they have no presenter.
    standing = list(
        publishing.standing(ctx).filter(kind__in=[one.kind for one in presenters()]).defer("head")
    )
    # What was taken back leaves another empty page than what never was.
    before = not standing and bool(publishing.ever_published(ctx))
    open_doors = [(one, tuple(one.doors(ctx))) for one in entrances()]
    tag = serving.page_etag(
        ctx,
        "front",
        str(before),
        *(publication.stamp for publication in standing),
        *(f"{door.label} {door.count} {door.href}" for _one, doors in open_doors for door in doors),
    )
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    found = [section for one in presenters() if (section := _section(ctx, one, standing))]
    found += [Section(one.heading, one.href(ctx), (), doors) for one, doors in open_doors if doors]
    sections = sorted(found, key=lambda section: not section.doors)
    context = {
        "page": _shell(ctx, ""),
        "sections": sections,
        "doors": any(section.doors for section in sections),
        "news": _news(ctx, standing),
        "before": before,
        "search_href": _search_href(ctx),
    }
    return serving.keepable(render(request, "portal/front.html", context), tag)


def _section(ctx: Context, of: Presenter, standing: Sequence[Publication]) -> Section | None:
    own = [publication for publication in standing if publication.kind == of.kind]
    if not own:
        return None
    if of.doors is None:
        # Cards say something of what was published; of a hundred procedures nobody needs the whole text here.
        own = list(publishing.standing(ctx, of.kind))
    return Section(
        of.heading,
        of.href(ctx),
        tuple(
            (
                card,
                published_on(card.publication),
                shares([Share(one.word, one.count, one.meaning) for one in card.tallies], label=card.title),
            )
            for card in of.cards(ctx, own)
        ),
        tuple(of.doors(ctx, own)) if of.doors else (),
    )


def _news(ctx: Context, standing: Sequence[Publication]) -> list[News]:
    newest = sorted(standing, key=lambda publication: publication.published_at, reverse=True)[:NEWS]
    return [
        News(one.title, presenter(one.kind).address(ctx, one, None), published_on(one), one.note)
        for one in newest
    ]


def _shell(ctx: Context, title: str, crumbs: Sequence[Link] = ()) -> PortalPage:
    return PortalPage(
        title=title,
        municipality=ctx.municipality,
        crumbs=crumbs,
        footer=(
            Link(_("ほかの自治体を見る"), reverse("portal-home")),
            *(Link(one.heading, one.href()) for one in across()),
            Link(_("データの使い方（API）"), f"{language_prefix()}/api/"),
        ),
    )


def _search_href(ctx: Context) -> str:
    return reverse("portal-search", args=[ctx.municipality.code])


@dataclass(frozen=True, slots=True)
class Found:
    """One hit with the page that shows it."""

    title: Sequence[Piece]
    href: str
    over: str
    snippet: Sequence[Piece]


@require_safe
@portal_page
def search(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Everything public of a municipality, searched."""
    state = _SEARCH.parse(request.GET)
    standing = publishing.standing(ctx).values_list("stamp", flat=True)
    tag = serving.page_etag(ctx, "search", *standing)
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    start = position(state.after)
    hits = search_index(ctx.municipality.id, state.q, visibility="public", after=start, limit=HITS)
    path = _search_href(ctx)
    title = _("「%(words)s」の検索結果") % {"words": state.q} if state.q else _("さがす")
    found = _found(ctx, hits.hits)
    context = {
        "page": _shell(
            ctx, title, [Link(ctx.municipality.name, reverse("portal-front", args=[ctx.municipality.code]))]
        ),
        "q": state.q,
        "hits": hits,
        "found": found,
        "all_href": "" if found else _newest_href(ctx),
        "search_href": path,
        "previous": path + _at(state.q, max(start - HITS, 0)) if start else "",
        "following": path + _at(state.q, hits.following) if hits.following is not None else "",
    }
    return serving.keepable(render(request, "portal/search.html", context), tag)


def _newest_href(ctx: Context) -> str:
    """Where somebody who found nothing can read everything: the newest publication, if there is one."""
    newest = publishing.standing(ctx).filter(kind__in=[one.kind for one in presenters()]).first()
    return presenter(newest.kind).address(ctx, newest, None) if newest else ""


def _at(q: str, start: int) -> str:
    return ListState(q=q, after=str(start) if start else "").query()


def _found(ctx: Context, hits: Sequence[Hit]) -> list[Found]:
    """Hits with their addresses (two queries). A thing whose publication was just taken back is left out."""
    where: dict[UUID, tuple[Publication, UUID | None]] = {}
    ids = [hit.id for hit in hits]
    for part in publishing.standing_parts(ctx, ids):
        where.setdefault(part.object, (part.publication, part.object))
    for whole in publishing.standing_subjects(ctx, [one.kind for one in presenters()], ids):
        where.setdefault(whole.subject, (whole, None))
    return [
        Found(
            title=hit.title,
            href=presenter(where[hit.id][0].kind).address(ctx, *where[hit.id]),
            over=where[hit.id][0].title if where[hit.id][1] else "",
            snippet=hit.snippet if hit.field else (),
        )
        for hit in hits
        if hit.id in where
    ]
