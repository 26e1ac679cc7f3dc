"""The list of the municipalities with their plans in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.text import fold
from yakuba.kernel.ui.components import Share, shares
from yakuba.kernel.ui.formats import japanese, plain_day, year_name
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListState, Slice, slice_rows
from yakuba.services.plan.nation.queries import Town
from yakuba.services.plan.nation.theme_list import NONE, prefecture_choices

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list with the keys that it is ordered by."""

    town: Town

    @property
    def code(self) -> str:
        return self.town.code

    @property
    def kana_key(self) -> str:
        return fold(self.town.kana or self.town.name)

    @property
    def year_key(self) -> int | None:
        return self.town.year.year if self.town.year else None

    @property
    def initiatives(self) -> int | None:
        return self.town.initiatives

    @property
    def published_key(self) -> str | None:
        return self.town.published_at.isoformat() if self.town.published_at else None


def address(town: Town) -> str:
    """The page of a municipality's plan in force; of one without a plan its front page."""
    if town.year is None:
        return reverse("portal-front", args=[town.code])
    return reverse("plan-edition", args=[town.code, town.year.year])


Tallies = Mapping[UUID, Sequence[tuple[str, str, int]]]


def spec(
    towns: Sequence[Town], tallies: Tallies, link: Callable[[Town], str] | None = None
) -> ListSpec[Line]:
    """What the list is. ``tallies`` may be filled after the page's rows are known: they are looked up when a cell is drawn."""
    return ListSpec(
        columns=tuple(_columns(tallies, link)),
        filters=tuple(_filters(towns)),
        search=_("自治体の名前・かな・コード"),
    )


def _columns(tallies: Tallies, link: Callable[[Town], str] | None) -> Iterable[Column[Line]]:
    yield Column("code", _("コード"), sortable=True, narrow=True)
    yield Column(
        "kana_key",
        _("自治体"),
        sortable=True,
        main=True,
        show=lambda line: japanese(line.town.name),
        link=(lambda line: link(line.town)) if link else None,
    )
    yield Column("prefecture", _("都道府県"), narrow=True, show=lambda line: japanese(line.town.prefecture))
    yield Column("year_key", _("公表中の版"), sortable=True, show=_plan)
    yield Column("initiatives", _("取組の数"), kind="number", sortable=True, narrow=True)
    yield Column("progress", _("進捗状況"), show=lambda line: _progress(line, tallies))
    yield Column("published_key", _("公表日"), sortable=True, narrow=True, show=_published)


def _plan(line: Line) -> object:
    if line.town.year is None:
        return format_html('<span class="muted">{}</span>', _("公表された計画はありません"))
    return format_html(
        '{} <span class="small muted phrase">{}</span>',
        japanese(line.town.title),
        year_name(line.town.year),
    )


def _progress(line: Line, tallies: Tallies) -> object:
    parts = [Share(word, number, meaning) for word, meaning, number in tallies.get(line.town.id, ())]
    return shares(parts, label=line.town.name) if parts else ""


def _published(line: Line) -> object:
    return plain_day(japan_date(line.town.published_at)) if line.town.published_at else ""


def _filters(towns: Sequence[Town]) -> Iterable[Filter]:
    prefectures = Counter(town.prefecture for town in towns)
    if prefectures:
        yield Filter("prefecture", _("都道府県"), tuple(prefecture_choices(prefectures)))
    planned = sum(1 for town in towns if town.planned)
    if planned:
        yield Filter(
            "plan",
            _("計画"),
            (
                Choice("yes", _("公表している"), planned),
                Choice("no", _("公表していない"), len(towns) - planned),
            ),
        )
    years = Counter(town.year for town in towns if town.year)
    if years:
        yield Filter(
            "year",
            _("年度"),
            tuple(
                Choice(str(year.year), year_name(year), years[year]) for year in sorted(years, reverse=True)
            ),
        )


def matching(towns: Sequence[Town], state: ListState) -> list[Town]:
    """The municipalities that search and filters leave, by code."""
    words = [fold(word) for word in state.q.split()]
    wanted = {key: state.chosen(key) for key in state.filters}
    return [town for town in towns if _passes(town, wanted) and town.is_called(words)]


def _passes(town: Town, wanted: Mapping[str, Sequence[str]]) -> bool:
    own = {
        "prefecture": town.prefecture or NONE,
        "plan": "yes" if town.planned else "no",
        "year": str(town.year.year) if town.year else "",
    }
    return all(own[key] in values for key, values in wanted.items())


def page(
    of: ListSpec[Line], state: ListState, found: Sequence[Town], *, size: int = PAGE_SIZE
) -> Slice[Line]:
    """One page of the municipalities that are left."""
    return slice_rows(of, replace(state, q="", filters={}), [Line(town) for town in found], size=size)


def ordered(of: ListSpec[Line], state: ListState, found: Sequence[Town]) -> list[Town]:
    """All of them in the reader's order: what an export holds."""
    return [line.town for line in page(of, state.first_page(), found, size=max(len(found), 1)).rows]
