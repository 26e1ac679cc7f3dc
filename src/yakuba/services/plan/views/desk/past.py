"""One publication of an edition as the public had it: for staff and auditors, whatever became of it since."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.access.desk import address
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.dates import japan_date
from yakuba.kernel.ui.components import Fact, Link, badge
from yakuba.kernel.ui.formats import moment
from yakuba.kernel.ui.lists import ListView
from yakuba.kernel.ui.shells import PortalPage
from yakuba.services.plan import public, public_history, public_list, queries, shown
from yakuba.services.plan.comparing import Change
from yakuba.services.plan.differences import Differences, Edited, State, compare
from yakuba.services.plan.models import Edition
from yakuba.services.plan.published import EDITION, published_document, state_of
from yakuba.services.plan.reading.document import dumps
from yakuba.services.plan.shown import Row
from yakuba.services.plan.views.desk.frame import crumbs_of, saves, show
from yakuba.services.plan.views.portal import initiative as public_initiative

_SHOWN = 500
_JSON = "format=json"


@require_safe
@desk_page
def past(request: HttpRequest, ctx: Context, edition_id: UUID, number: int) -> HttpResponseBase:
    """A numbered publication: its list, who published it, what differed from the one before. ``?format=json``: its document."""
    edition = queries.edition(ctx, edition_id)
    found = publishing.numbered(ctx, EDITION, edition.pk, number)
    if found is None:
        raise Missing
    if request.GET.urlencode() == _JSON:
        return _data(ctx, found)
    record = {one.number: one for one in publishing.history(ctx, EDITION, edition.pk).defer("head")}
    following = record.get(number + 1)
    state = None if found.withdrawn else state_of(ctx, found)
    # A tombstone has no content: what is told is the difference from what the public read last.
    earlier = max((n for n, one in record.items() if n < number and not one.withdrawn), default=0)
    here = address("plan-desk-past", ctx, edition.pk, number)
    return show(
        request,
        ctx,
        "past",
        title_of(found),
        crumbs=[*crumbs_of(ctx, edition), Link(_("公表"), address("plan-desk-publish", ctx, edition.pk))],
        publication=found,
        state_badge=_badge(found, following),
        facts=_facts(found, following),
        list=_list(request, state, number, here, saves("plan-desk-past-sheet", ctx, edition.pk, number))
        if state
        else None,
        compared=_compared(state_of(ctx, record[earlier]), state, earlier) if state and earlier else None,
        before=_link(ctx, edition, record.get(number - 1)),
        after=_link(ctx, edition, following),
        record_href=f"{address('plan-desk-publish', ctx, edition.pk)}#record",
        data_href=f"{here}?{_JSON}",
    )


@require_safe
@desk_page
def initiative(
    request: HttpRequest, ctx: Context, edition_id: UUID, number: int, initiative_id: UUID
) -> HttpResponseBase:
    """An initiative as the public read it in a numbered publication: the public page, drawn from the frozen part."""
    edition = queries.edition(ctx, edition_id)
    found = publishing.numbered(ctx, EDITION, edition.pk, number)
    if found is None or found.withdrawn:
        raise Missing
    # Beside it the editions of the other years that stood that day: since when it is late hangs on them.
    day = japan_date(found.published_at)
    beside = publishing.stood_on(ctx, EDITION, day).exclude(subject=found.subject).defer("head")
    history = public_history.load(ctx, sorted([*beside, found], key=lambda one: one.year))
    here = history.index(found)
    place = next((n for n, row in enumerate(history.rows[here]) if row.id == initiative_id), None)
    if place is None:
        raise Missing
    lives = history.life(here, place)
    whole = public.whole_rows(ctx, [one.publication for one in lives], [one.row.id for one in lives])
    path = address("plan-desk-past", ctx, edition.pk, number)
    context = public_initiative.initiative_page(request, ctx, found, history, place, whole, path)
    page = context["page"]
    assert isinstance(page, PortalPage)  # noqa: S101  # every public page of the plan has this shell
    # What leads to today's content (files, code for other sites, the other years' pages) is left out.
    context |= {
        "page": replace(
            page,
            crumbs=[*crumbs_of(ctx, edition), Link(title_of(found), path)],
            former=Link(_("%(title)sに戻る") % {"title": title_of(found)}, path),
        ),
        "indicators": public_initiative.without_links(context["indicators"]),
        "history": [],
        "values_exports": {},
        "answer_href": "",
        "data_href": "",
    }
    return render(request, "plan/portal/initiative.html", context)


def _list(
    request: HttpRequest, state: State, number: int, here: str, exports: dict[str, str]
) -> ListView[Row]:
    rows = enumerate(state.forms.items(), start=1)
    frozen = shown.edition(state.head, ((key, position, form) for position, (key, form) in rows))
    spec = public_list.spec(frozen, lambda row: f"{here}{row.id}/")
    asked = spec.parse(request.GET)
    return ListView(
        key="initiatives",
        caption=_("第%(n)d号の取組") % {"n": number},
        spec=spec,
        state=asked,
        page=public_list.page(frozen, spec, asked),
        path=here,
        exports=exports,
        read_only=True,
    )


def title_of(found: Publication) -> str:
    """第2号の公表, or 第3号の取下げ."""
    words = _("第%(n)d号（取下げ）") if found.withdrawn else _("第%(n)d号の公表")
    return words % {"n": found.number}


def _data(ctx: Context, found: Publication) -> HttpResponse:
    if found.withdrawn:
        raise Missing
    return HttpResponse(dumps(published_document(ctx, found)), content_type="application/json; charset=utf-8")


def _badge(found: Publication, following: Publication | None) -> object:
    if found.withdrawn:
        return badge(_("取下げ"), tone="bad")
    if following is None:
        return badge(_("公表中"), tone="good", mark="circle-check")
    return badge(_("過去の公表"))


def _facts(found: Publication, following: Publication | None) -> list[Fact]:
    start = moment(found.published_at)
    facts = [
        Fact(_("取り下げた日時") if found.withdrawn else _("公表した日時"), start),
        Fact(_("取り下げた人") if found.withdrawn else _("公表した人"), found.published_by),
    ]
    if not found.withdrawn:
        ended = moment(following.published_at) if following else _("今")
        facts.append(
            Fact(_("公表していた期間"), _("%(start)sから%(end)sまで") % {"start": start, "end": ended})
        )
    facts.append(Fact(_("理由") if found.withdrawn else _("変更の説明（正誤）"), found.note))
    facts.append(
        Fact(_("版の印"), found.stamp, _("内容から計算した値です。内容が変われば、この値も変わります。"))
    )
    return facts


def _link(ctx: Context, edition: Edition, to: Publication | None) -> Link | None:
    return Link(title_of(to), address("plan-desk-past", ctx, edition.pk, to.number)) if to else None


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs from an earlier number, as the page tells it."""

    number: int
    summary: list[Fact]
    found: Differences
    changes: list[tuple[Edited, Change]]
    more: int
    """How many further changes there are."""


def _compared(before: State, after: State, number: int) -> Compared:
    found = compare(before, after)
    lines = [(one, change) for one in found.edited for change in one.changes]
    summary = [
        Fact(_("加わった取組"), _("%(n)d件") % {"n": len(found.new)}),
        Fact(_("変わった取組"), _("%(n)d件") % {"n": len(found.edited)}),
        Fact(_("なくなった取組"), _("%(n)d件") % {"n": len(found.removed)}),
        Fact(_("計画全体の変更"), "、".join(found.head) or _("なし")),
    ]
    return Compared(number, summary, found, lines[:_SHOWN], max(len(lines) - _SHOWN, 0))
