"""Municipalities side by side for one theme. What is compared stands in the address: no basket, no cookie, no JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from yakuba.kernel.dates import FiscalYear, clock
from yakuba.kernel.sheets.respond import exports
from yakuba.kernel.text import fold
from yakuba.kernel.ui.components import Link
from yakuba.kernel.ui.components.comparison import LEAST, MOST
from yakuba.kernel.ui.lists import MAX_QUERY, BadQuery
from yakuba.services.plan.nation import queries, side_by_side, theme_list
from yakuba.services.plan.nation.queries import Town
from yakuba.services.plan.themes.vocabulary import AREAS, THEMES, Area, Theme, by_area, label
from yakuba.services.plan.views.nation.frame import (
    compare_address,
    crumbs,
    initiative_address,
    nation_page,
    show,
)
from yakuba.services.plan.views.nation.theme import tabs

_OFFERED = 12
"""How many municipalities are offered at once; a name finds the others."""
_LISTED = MAX_QUERY // len("990019,")
"""How many municipalities an address can name."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    theme: Theme | None
    codes: tuple[str, ...]
    q: str
    prefecture: str


def read(query: QueryDict) -> Asked:
    """The address's parameters. Raises BadQuery for all that are unknown or unusable."""
    for name, values in query.lists():
        if name not in {"theme", "city", "q", "prefecture"}:
            raise BadQuery(name, values[-1], "theme・city・q・prefecture")
        if name != "city" and len(values) > 1:
            raise BadQuery(name, " / ".join(values), _("1つの値"))
        for value in values:
            if len(value) > MAX_QUERY or "\x00" in value:
                raise BadQuery(
                    name, value.replace("\x00", "␀"), _("%(limit)d文字まで") % {"limit": MAX_QUERY}
                )
    theme_id = query.get("theme", "").strip()
    if theme_id and theme_id not in THEMES:
        raise BadQuery("theme", theme_id, _("主題の一覧にあるもの"))
    codes = tuple(dict.fromkeys(filter(None, (code.strip() for code in query.getlist("city")))))
    if len(codes) > _LISTED:
        raise BadQuery("city", str(len(codes)), _("%(count)d自治体まで") % {"count": _LISTED})
    return Asked(
        THEMES[theme_id] if theme_id else None,
        codes,
        query.get("q", "").strip(),
        query.get("prefecture", "").strip(),
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """A municipality to add or to take away."""

    town: Town
    href: str
    initiatives: int = 0
    """Its initiatives of the theme."""


@nation_page
def compare(request: HttpRequest) -> HttpResponseBase:
    """Two to eight municipalities as columns; more as the filtered list of the theme."""
    asked = read(request.GET)
    towns = queries.towns()
    by_code = {town.code: town for town in towns}
    if unknown := [code for code in asked.codes if code not in by_code]:
        raise BadQuery("city", unknown[0], _("このサイトにある自治体のコード"))
    prefectures = sorted({town.prefecture for town in towns if town.planned}, key=theme_list.prefecture_order)
    if asked.prefecture and asked.prefecture not in prefectures:
        raise BadQuery("prefecture", asked.prefecture, "・".join(prefectures))
    path = reverse("nation-compare")
    if asked.theme is None:
        choosing = {"path": path, "areas": _areas(), "codes": asked.codes}
        return show(request, "compare_theme", _("自治体をくらべる"), crumbs(), choosing)
    if len(asked.codes) > MOST:
        listed = urlencode({theme_list.CITIES: ",".join(asked.codes)})
        return HttpResponseRedirect(f"{reverse('nation-theme', args=[asked.theme.id])}?{listed}")
    sides = _sides(asked.theme, [by_code[code] for code in asked.codes])
    offered, more = _offered(asked.theme, asked, towns)
    enough = len(sides) >= LEAST
    context: dict[str, object] = {
        "theme": asked.theme,
        "area": label(AREAS[asked.theme.area]),
        "tabs": tabs(asked.theme, "compare"),
        "path": path,
        "asked": asked,
        "chosen": [_without(asked.theme, side.town, asked.codes) for side in sides],
        "columns": side_by_side.columns(sides) if enough else (),
        "rows": side_by_side.rows(sides, FiscalYear.of(clock.now())) if enough else (),
        "exports": _exports(asked) if enough else {},
        "missing": LEAST - len(sides),
        "full": len(sides) >= MOST,
        "offered": offered,
        "more": more,
        "prefectures": [name for name in prefectures if name],
    }
    way = crumbs(Link(label(asked.theme), reverse("nation-theme", args=[asked.theme.id])))
    heading = _("%(theme)s：自治体をくらべる") % {"theme": label(asked.theme)}
    return show(request, "compare", heading, way, context)


def _areas() -> list[tuple[Area, str, list[tuple[Theme, str]]]]:
    return [(area, label(area), [(theme, label(theme)) for theme in themes]) for area, themes in by_area()]


def _sides(theme: Theme, towns: Sequence[Town]) -> list[side_by_side.Side]:
    entries = queries.entries(theme.id, [town.code for town in towns])
    measures = queries.measures(entry.id for entry in entries)
    sources = queries.sources(entry.id for entry in entries)
    bodies = queries.bodies(source.part for source in sources.values())
    forms = {one: bodies[source.part] for one, source in sources.items()}
    addresses = {one: initiative_address(sources, one) for one in sources}
    return [
        side_by_side.Side(
            town, [entry for entry in entries if entry.code == town.code], measures, forms, addresses
        )
        for town in towns
    ]


def _exports(asked: Asked) -> dict[str, str]:
    """What is compared as a file: the theme's list of these municipalities, an indicator a row."""
    chosen = urlencode({theme_list.CITIES: ",".join(asked.codes)})
    theme = asked.theme.id if asked.theme else ""
    return {ending: f"{href}?{chosen}" for ending, href in exports("nation-theme-sheet", theme).items()}


def _without(theme: Theme, town: Town, codes: Sequence[str]) -> Choice:
    return Choice(town, compare_address(theme.id, [code for code in codes if code != town.code]))


def _offered(theme: Theme, asked: Asked, towns: Sequence[Town]) -> tuple[list[Choice], int]:
    """Municipalities to add, those that plan the theme first; and how many more there are."""
    sizes = queries.planners(theme.id)
    words = [fold(word) for word in asked.q.split()]
    found = [
        town
        for town in towns
        if town.planned
        and town.code not in asked.codes
        and (not asked.prefecture or town.prefecture == asked.prefecture)
        and town.is_called(words)
    ]
    found.sort(key=lambda town: (town.id not in sizes, town.code))
    more = {"q": asked.q, "prefecture": asked.prefecture}
    choices = [
        Choice(town, compare_address(theme.id, [*asked.codes, town.code], **more), sizes.get(town.id, 0))
        for town in found[:_OFFERED]
    ]
    return choices, max(len(found) - _OFFERED, 0)
