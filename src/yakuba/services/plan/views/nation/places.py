"""The first page across municipalities, and the list of the municipalities."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.ui.lists import ListState, ListView
from yakuba.services.plan.nation import queries, sheets, town_list
from yakuba.services.plan.nation.queries import Size
from yakuba.services.plan.nation.theme_list import NONE, prefecture_order
from yakuba.services.plan.themes.vocabulary import Theme, by_area, label
from yakuba.services.plan.views.nation.frame import crumbs, nation_page, show, title


@dataclass(frozen=True, slots=True)
class _ThemeLine:
    label: str
    href: str
    size: Size


@dataclass(frozen=True, slots=True)
class _Area:
    id: str
    label: str
    themes: list[_ThemeLine]
    silent: list[str]
    """Themes that nobody plans yet."""


@nation_page
def home(request: HttpRequest) -> HttpResponseBase:
    """Who plans what, in numbers: themes by area, plans in force by prefecture."""
    sizes = queries.themes()
    prefectures = queries.prefectures()
    context = {
        "areas": [
            _Area(area.id, label(area), [_line(one, sizes) for one in themes if one.id in sizes],
                  [label(one) for one in themes if one.id not in sizes])
            for area, themes in by_area()
        ],
        "themes": len(sizes),
        "planned": sum(one.planned for one in prefectures),
        "all": sum(one.municipalities for one in prefectures),
        "initiatives": sum(one.initiatives for one in prefectures),
        "prefectures": _prefectures(prefectures),
        "search_href": reverse("nation-search"),
        "municipalities_href": reverse("nation-municipalities"),
    }  # fmt: skip
    return show(request, "home", title(), crumbs()[:1], context)


def _line(theme: Theme, sizes: dict[str, Size]) -> _ThemeLine:
    return _ThemeLine(label(theme), reverse("nation-theme", args=[theme.id]), sizes[theme.id])


def _prefectures(found: list[queries.Prefecture]) -> list[tuple[queries.Prefecture, str]]:
    """The prefectures in which a plan stands published, from north to south, with the list of their municipalities."""
    path = reverse("nation-municipalities")
    return [
        (one, path + ListState(filters={"prefecture": (one.name or NONE,), "plan": ("yes",)}).query())
        for one in sorted(found, key=lambda one: prefecture_order(one.name))
        if one.planned
    ]


@nation_page
def municipalities(request: HttpRequest) -> HttpResponseBase:
    """Every municipality of this installation, with its plan in force."""
    towns = queries.towns()
    tallies: dict[UUID, list[tuple[str, str, int]]] = {}
    spec = town_list.spec(towns, tallies, town_list.address)
    state = spec.parse(request.GET)
    page = town_list.page(spec, state, town_list.matching(towns, state))
    tallies.update(queries.tallies(line.town.id for line in page.rows))
    view = ListView(
        key="municipalities",
        caption=_("自治体の一覧"),
        spec=spec,
        state=state,
        page=page,
        path=reverse("nation-municipalities"),
        exports=exports("nation-municipalities-sheet"),
        empty_body=_("職員が計画を公表すると、ここに自治体が並びます。"),
    )
    context = {"list": view, "planned": sum(1 for town in towns if town.planned), "all": len(towns)}
    return show(request, "municipalities", _("自治体の一覧"), crumbs(), context)


@nation_page
def municipalities_sheet(request: HttpRequest, file_format: Format) -> HttpResponseBase:
    """The same as a file."""
    towns = queries.towns()
    spec = town_list.spec(towns, {})
    state = spec.parse(request.GET)
    found = town_list.ordered(spec, state, town_list.matching(towns, state))
    table = sheets.towns(found, as_of=queries.newest(), origin=request.build_absolute_uri("/")[:-1])
    return respond(table, file_format, f"{title()}_{_('自治体の一覧')}", public=True)
