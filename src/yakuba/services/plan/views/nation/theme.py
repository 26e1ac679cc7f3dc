"""A theme across municipalities: who plans it, and its indicators one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.ui.components import Link
from yakuba.kernel.ui.lists import ListState, ListView
from yakuba.services.plan.nation import indicator_list, queries, sheets, theme_list
from yakuba.services.plan.nation.queries import Line, Measure, Source
from yakuba.services.plan.nation.showing import figure
from yakuba.services.plan.themes.vocabulary import AREAS, Theme, label
from yakuba.services.plan.views.nation.frame import (
    compare_address,
    crumbs,
    initiative_address,
    nation_page,
    show,
    theme_of,
    title,
)


def tabs(theme: Theme, current: str) -> list[Link]:
    """The three ways to look at a theme."""
    return [
        Link(_("取組の一覧"), reverse("nation-theme", args=[theme.id]), current == "theme"),
        Link(_("指標ごとに見る"), reverse("nation-indicators", args=[theme.id]), current == "indicators"),
        Link(_("自治体をくらべる"), compare_address(theme.id, []), current == "compare"),
    ]


@nation_page
def theme(request: HttpRequest, theme_id: str) -> HttpResponseBase:
    """Who plans a theme: the initiatives of all municipalities."""
    of = theme_of(theme_id)
    entries = queries.entries(of.id)
    measures: dict[UUID, Sequence[Measure]] = {}
    sources: dict[UUID, Source] = {}
    links = theme_list.Links(
        lambda entry: initiative_address(sources, entry.id),
        lambda entry: compare_address(of.id, [entry.code]),
    )
    spec = theme_list.spec(entries, measures, links)
    state = spec.parse(request.GET)
    found = theme_list.matching(entries, state)
    page = theme_list.page(spec, state, found)
    shown = [line.entry.id for line in page.rows]
    measures.update(queries.measures(shown))
    sources.update(queries.sources(shown))
    path = reverse("nation-theme", args=[of.id])
    view = ListView(
        key="initiatives",
        caption=_("取組の一覧"),
        spec=spec,
        state=state,
        page=page,
        path=path,
        exports=exports("nation-theme-sheet", of.id),
        empty_title=_("この主題の取組は、まだありません"),
        empty_body=_("自治体が主題を付けた計画を公表すると、ここに並びます。"),
        empty_action=_("ほかの主題を見る"),
        empty_href=reverse("nation-home"),
    )
    context = {
        "theme": of,
        "area": label(AREAS[of.area]),
        "tabs": tabs(of, "theme"),
        "list": view,
        "municipalities": len({one.code for one in found}),
        "count": sum(1 for one in found if one.counted),
        "shares": theme_list.tallies(found),
        "late": [one for one in found if one.counted and one.late],
        "regions": [
            (
                one,
                path + state.with_filter("prefecture", one.name or theme_list.NONE).query() + "#initiatives",
            )
            for one in theme_list.regions(found)
        ],
        "cities": state.extra.get(theme_list.CITIES, ""),
        "all_href": path,
    }
    return show(request, "theme", label(of), crumbs(), context)


@nation_page
def theme_sheet(request: HttpRequest, theme_id: str, file_format: Format) -> HttpResponseBase:
    """The list as it is seen, with every indicator, as a file."""
    of = theme_of(theme_id)
    entries = queries.entries(of.id)
    spec = theme_list.spec(entries, {})
    state = spec.parse(request.GET)
    found = theme_list.ordered(spec, state, theme_list.matching(entries, state))
    table = sheets.entries(
        label(of),
        found,
        indicator_list.by_initiative(line.measure for line in queries.lines(of.id)),
        queries.sources_of(of.id),
        as_of=queries.newest(),
        origin=request.build_absolute_uri("/")[:-1],
    )
    return respond(table, file_format, f"{title()}_{label(of)}", public=True)


@dataclass(frozen=True, slots=True)
class _Figure:
    """One municipality's figure as the page shows it."""

    line: Line
    href: str
    actual: str
    target: str
    counting: str


def _shown(line: Line, href: str) -> _Figure:
    of = line.measure
    return _Figure(line, href, figure(of.actual), figure(of.target), indicator_list.counting(of))


@dataclass(frozen=True, slots=True)
class _Group:
    """Indicators of one name as the page shows them: the first few, and the way to all."""

    name: str
    href: str
    municipalities: int
    cautions: Sequence[object]
    lines: Sequence[_Figure]
    more: int


@nation_page
def indicators(request: HttpRequest, theme_id: str) -> HttpResponseBase:
    """A theme indicator by indicator: each municipality's definition beside its number."""
    of = theme_of(theme_id)
    path = reverse("nation-indicators", args=[of.id])
    if key := request.GET.get(indicator_list.KEY, "").strip():
        return _indicator(request, of, path, key)
    briefs = queries.briefs(of.id)
    spec = indicator_list.overview_spec()
    state = spec.parse(request.GET)
    page = indicator_list.overview(spec, state, briefs)
    shown = {one.key: one.members[: indicator_list.FIRST] for one in page.rows}
    wanted = [member for members in shown.values() for member in members]
    lines = queries.lines_by_id(member.id for member in wanted)
    sources = queries.sources(line.entry.id for line in lines.values())
    context = {
        "theme": of,
        "area": label(AREAS[of.area]),
        "tabs": tabs(of, "indicators"),
        "state": state,
        "path": path,
        "count": page.count,
        "exports": exports("nation-indicators-sheet", of.id),
        "previous": path + _turned(state, page.previous) if page.previous else "",
        "following": path + _turned(state, page.following) if page.following else "",
        "groups": [
            _Group(
                group.name,
                path + ListState(extra={indicator_list.KEY: group.key}).query() if group.key else "",
                group.municipalities,
                indicator_list.cautions_told(group.cautions),
                [
                    _shown(lines[one.id], initiative_address(sources, lines[one.id].entry.id))
                    for one in shown[group.key]
                ],
                len(group.members) - len(shown[group.key]),
            )
            for group in page.rows
        ],
    }
    return show(request, "indicators", label(of), crumbs(), context)


def _turned(state: ListState, cursor: str) -> str:
    return ListState(q=state.q, after=cursor if cursor != "0" else "").query()


def _indicator(request: HttpRequest, of: Theme, path: str, key: str) -> HttpResponseBase:
    """One indicator in all municipalities."""
    lines = queries.lines(of.id, key)
    sources: dict[UUID, Source] = {}
    spec = indicator_list.spec(lines, lambda entry: initiative_address(sources, entry.id))
    state = spec.parse(request.GET)
    found = indicator_list.matching(lines, state)
    page = indicator_list.page(spec, state, found)
    sources.update(queries.sources(row.line.entry.id for row in page.rows))
    name = indicator_list.name_of(lines) or key
    view = ListView(
        key="indicator",
        caption=name,
        spec=spec,
        state=state,
        page=page,
        path=path,
        exports=exports("nation-indicators-sheet", of.id),
        empty_title=_("この指標を公表している自治体は、今はありません"),
        empty_body=_("ほかの指標を選んでください。"),
        empty_action=_("この主題の指標を見る"),
        empty_href=path,
    )
    context = {
        "theme": of,
        "area": label(AREAS[of.area]),
        "tabs": tabs(of, "indicators"),
        "list": view,
        "municipalities": len({line.entry.code for line in found}),
        "cautions": indicator_list.cautions_told(indicator_list.cautions_of(found)),
        "all_href": path,
    }
    way = crumbs(Link(label(of), reverse("nation-theme", args=[of.id])), Link(_("指標"), path))
    return show(request, "indicator", name, way, context)


@nation_page
def indicators_sheet(request: HttpRequest, theme_id: str, file_format: Format) -> HttpResponseBase:
    """The indicators of a theme as a file: all of them, or those of one name."""
    of = theme_of(theme_id)
    key = request.GET.get(indicator_list.KEY, "")
    lines = queries.lines(of.id, key)
    spec = indicator_list.spec(lines, None) if key else indicator_list.overview_spec()
    state = spec.parse(request.GET)
    found = indicator_list.matching(lines, state)
    table = sheets.entries(
        label(of),
        list({line.entry.id: line.entry for line in found}.values()),
        indicator_list.by_initiative(line.measure for line in found),
        queries.sources_of(of.id),
        as_of=queries.newest(),
        origin=request.build_absolute_uri("/")[:-1],
    )
    return respond(table, file_format, f"{title()}_{label(of)}_{_('指標')}", public=True)
