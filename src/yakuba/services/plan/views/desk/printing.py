"""The desk's pages made for paper, from the draft: one initiative on one page, the sheets of the offices."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.kernel.access.desk import address
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date
from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.ui.components import Link
from yakuba.kernel.ui.shells import PrintPage
from yakuba.services.plan import queries
from yakuba.services.plan.models import Edition
from yakuba.services.plan.nation.others import others
from yakuba.services.plan.printed import answer as answers
from yakuba.services.plan.printed.drafts import earlier, public_rows
from yakuba.services.plan.printed.sheets import chosen_sheets
from yakuba.services.plan.succession import Chain
from yakuba.services.plan.views.desk.frame import name_of


@require_safe
@desk_page
def answer(request: HttpRequest, ctx: Context, initiative_id: UUID) -> HttpResponseBase:
    """An initiative of the draft on one page; ``?notes=1`` puts its notes below, which nobody but staff reads."""
    one = queries.initiative(ctx, initiative_id)
    edition = one.edition
    editions = [*earlier(ctx, edition, answers.YEARS - 1), edition]
    volumes = [public_rows(ctx, of) for of in editions]
    place = next(n for n, row in enumerate(volumes[-1]) if row.id == one.pk)
    chain = Chain([[row.form for row in rows] for rows in volumes])
    steps = [*chain.back(len(volumes) - 1, place)][::-1]
    lives = [(editions[step.edition].year, volumes[step.edition][step.row]) for step in steps]
    row = lives[-1][1]
    with_notes = request.GET.get("notes") == "1"
    here = address("plan-desk-answer", ctx, one.pk)
    back = Link(row.title, address("plan-desk-initiative", ctx, one.pk), lang="ja")
    context = {
        "page": draft_page(ctx, edition, row.title, back),
        "row": row,
        "answer": answers.answer(lives, volumes[-1]),
        "themes": others(ctx, row.themes),
        "now": FiscalYear.of(ctx.now).year,
        "state": _("下書きから作りました。公表中の内容とは違うことがあります。"),
        "with_notes": with_notes,
        "notes": [note for note in queries.notes(ctx, edition, one) if note.struck_at is None]
        if with_notes
        else [],
        "notes_href": here if with_notes else f"{here}?notes=1",
    }
    return render(request, "plan/print/answer.html", context)


@require_safe
@desk_page
def sheets(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """課別シート of the draft beside the edition before; ``?office=`` leaves one office."""
    edition = queries.edition(ctx, edition_id)
    found = earlier(ctx, edition, 1)
    before = found[0] if found else None
    back = Link(name_of(edition), address("plan-desk-edition", ctx, edition.pk), lang="ja")
    context = {
        "page": draft_page(ctx, edition, _("課別シート"), back, wide=True, lang=""),
        **chosen_sheets(
            public_rows(ctx, edition),
            public_rows(ctx, before) if before else (),
            request.GET.get("office"),
            address("plan-desk-sheets", ctx, edition.pk),
        ),
        "before_title": name_of(before) if before else "",
    }
    return render(request, "plan/print/sheets.html", context)


def draft_page(
    ctx: Context, edition: Edition, title: str, back: Link, *, wide: bool = False, lang: str = "ja"
) -> PrintPage:
    """The shell of a page of a draft: what stands in it today."""
    return PrintPage(
        title=title,
        title_lang=lang,
        municipality=ctx.municipality,
        day=japan_date(ctx.now),
        sheet="a3" if wide else "a4",
        about=_("%(edition)s（下書き）") % {"edition": name_of(edition)},
        back=back,
    )
