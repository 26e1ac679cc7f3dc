"""Which unit of the town a printed office name means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yakuba.kernel.access.desk import address, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.text import fold
from yakuba.kernel.town.queries import OfficeOn, office_names, offices_on
from yakuba.kernel.ui.components import FieldError
from yakuba.services.plan import access, queries
from yakuba.services.plan.actions import link_office
from yakuba.services.plan.models import Edition, InitiativeOffice
from yakuba.services.plan.views.desk.frame import crumbs_of, saves, show, tabs_of


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed name, how often it stands, and what it means so far; ``offered`` is the unit of the same name."""

    key: str
    name: str
    count: int
    office: str
    office_name: str
    offered: str


@require_safe
@desk_page
def offices(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """The printed names of an edition with the units they mean."""
    return _page(request, ctx, queries.edition(ctx, edition_id), [])


def _page(
    request: HttpRequest, ctx: Context, edition: Edition, errors: list[FieldError], *, status: int = 200
) -> HttpResponse:
    today = japan_date(ctx.now)
    units = offices_on(ctx.municipality.id, today)
    printed = printed_names(ctx, edition, units)
    return show(
        request,
        ctx,
        "offices",
        _("担当と所属"),
        crumbs=crumbs_of(ctx, edition),
        status=status,
        edition=edition,
        tabs=tabs_of(ctx, edition, "plan-desk-offices"),
        printed=printed,
        units=[
            (str(unit.id), f"{unit.name}（{unit.department}）" if unit.department else unit.name)
            for unit in units
        ],
        linked=sum(1 for one in printed if one.office),
        day=format_date(today),
        errors=errors,
        may_link=access.LINK_OFFICE.holds_anywhere(ctx),
        link_href=address("plan-desk-link", ctx, edition.pk),
        saves=saves("plan-desk-offices-sheet", ctx, edition.pk),
        import_href=address("plan-desk-import-new", ctx),
    )


def printed_names(ctx: Context, edition: Edition, units: Sequence[OfficeOn]) -> list[Printed]:
    """The printed names of an edition, each with the one of the town's units that it means or may mean."""
    found = (
        InitiativeOffice.objects.for_actor(ctx)
        .filter(initiative__edition=edition)
        .exclude(name="")
        .values_list("name", "office")
        .annotate(count=Count("initiative", distinct=True))
        .order_by("name")
    )
    counts: dict[str, int] = {}
    meant: dict[str, UUID | None] = {}
    for name, office, count in found:
        counts[name] = counts.get(name, 0) + count
        meant[name] = meant.get(name) or office
    names = office_names([office for office in meant.values() if office], japan_date(ctx.now))
    by_name = {fold(unit.name): str(unit.id) for unit in units}
    return [
        Printed(
            key=f"name-{index}",
            name=name,
            count=count,
            office=str(meant[name] or ""),
            office_name=names.get(office, "") if (office := meant[name]) else "",
            offered="" if meant[name] else by_name.get(fold(name), ""),
        )
        for index, (name, count) in enumerate(counts.items())
    ]


@require_POST
@desk_page
def link(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """Link one printed name to a unit, or take the link away."""
    edition = queries.edition(ctx, edition_id)
    typed = {"name": request.POST.get("name", ""), "office": request.POST.get("office", "")}
    try:
        link_office(ctx, edition, link_office.read_text(typed), expected_version=version_of(request))
    except Problem as problem:
        errors = errors_of(problem)
        return _page(request, ctx, queries.edition(ctx, edition_id), errors, status=problem.status)
    return see("plan-desk-offices", ctx, edition.pk)
