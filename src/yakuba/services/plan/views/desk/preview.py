"""「市民に見える形」: the public's own pages, drawn from the draft's public fields, for staff alone."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.publishing.models import Publication
from yakuba.kernel.access.desk import address
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.ui.components import Link
from yakuba.kernel.ui.lists import ListView
from yakuba.kernel.ui.shells import PortalPage
from yakuba.services.plan import public, public_history, queries, shown
from yakuba.services.plan.models import Edition
from yakuba.services.plan.printed.drafts import public_rows
from yakuba.services.plan.published import EDITION
from yakuba.services.plan.scoreboard import public as released
from yakuba.services.plan.shown import Row
from yakuba.services.plan.views.desk.frame import name_of
from yakuba.services.plan.views.portal import editions as public_editions
from yakuba.services.plan.views.portal import initiative as public_initiative


def _as_published(ctx: Context, of: Edition) -> Publication:
    """The draft as a publication that nobody saved: what it would say if it were published now."""
    return Publication(
        municipality_id=ctx.municipality.id,
        kind=EDITION,
        subject=of.pk,
        number=1,
        year=of.year,
        title=name_of(of),
        published_at=ctx.now,
        head=queries.head(ctx, of),
    )


def _standing(ctx: Context, draft: Publication) -> list[Publication]:
    """The standing editions with the draft in the place of its own."""
    others = [one for one in public.standing(ctx) if one.subject != draft.subject]
    return sorted([*others, draft], key=lambda one: one.year.year)


def _drawn(
    request: HttpRequest, template: str, context: dict[str, object], crumbs: list[Link], back: Link
) -> HttpResponseBase:
    """The public template with the banner; what only a published page has (files, feeds, its record) is left out."""
    page = context["page"]
    assert isinstance(page, PortalPage)  # noqa: S101  # every public page of the plan has this shell
    unpublished = {
        "page": replace(page, crumbs=crumbs, unpublished=back),
        "published_on": _("まだ公表していません"),
        "data_href": "",
        "exports": {},
        "late_exports": {},
        "values_exports": {},
        "record": [],
    }
    return render(request, template, context | unpublished)


def _crumb(ctx: Context, of: Edition) -> Link:
    return Link(name_of(of), address("plan-desk-preview", ctx, of.pk), lang="ja")


@require_safe
@desk_page
def edition(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """An edition as the public would see it now."""
    one = queries.edition(ctx, edition_id)
    draft = _as_published(ctx, one)
    found = shown.Edition(draft.head, public_rows(ctx, one))
    here = address("plan-desk-preview", ctx, one.pk)
    template, context = public_editions.edition_page(request, ctx, draft, _standing(ctx, draft), found, here)
    listed = context["list"]
    assert isinstance(listed, ListView)  # noqa: S101  # the edition's page always has its list
    context |= {
        "list": replace(listed, exports={}),
        "text_href": f"{here}text/",
        "changes_href": f"{here}#changes",
        "contrast_href": address("plan-desk-contrast", ctx, one.pk),
        "figures_href": "",
        "scoreboard_href": "",
        "sheets_href": address("plan-desk-sheets", ctx, one.pk),
    }
    back = Link(_("編集の画面に戻る"), address("plan-desk-edition", ctx, one.pk))
    return _drawn(request, template, context, [], back)


@require_safe
@desk_page
def text(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """The plan's own words as the public would read them now."""
    one = queries.edition(ctx, edition_id)
    context = public_editions.text_page(ctx, _as_published(ctx, one))
    back = Link(_("編集の画面に戻る"), address("plan-desk-prose", ctx, one.pk))
    return _drawn(request, "plan/portal/text.html", context, [_crumb(ctx, one)], back)


@require_safe
@desk_page
def initiative(request: HttpRequest, ctx: Context, edition_id: UUID, initiative_id: UUID) -> HttpResponseBase:
    """An initiative as the public would see it now."""
    row = queries.initiative(ctx, initiative_id)
    one = queries.edition(ctx, edition_id)
    draft = _as_published(ctx, one)
    rows = public_rows(ctx, one)
    history = public_history.load(ctx, _standing(ctx, draft), [(draft.pk, rows)])
    here = history.index(draft)
    place = next((n for n, found in enumerate(rows) if found.id == row.pk), None)
    if place is None:
        raise Missing
    lives = [past for past in history.life(here, place) if past.publication.pk != draft.pk]
    whole: dict[tuple[UUID, UUID], Row] = public.whole_rows(
        ctx, [past.publication for past in lives], [past.row.id for past in lives]
    )
    whole[draft.pk, row.pk] = rows[place]
    path = address("plan-desk-preview", ctx, one.pk)
    measures = released.measures(ctx, draft, row.pk)
    context = public_initiative.initiative_page(request, ctx, draft, history, place, whole, path, measures)
    context |= {
        "indicators": public_initiative.without_links(context["indicators"]),
        "answer_href": address("plan-desk-answer", ctx, row.pk),
    }
    back = Link(_("編集の画面に戻る"), address("plan-desk-initiative", ctx, row.pk))
    return _drawn(request, "plan/portal/initiative.html", context, [_crumb(ctx, one)], back)
