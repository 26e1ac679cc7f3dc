"""The plan for anybody: reads frozen copies, GET alone, no session. Filters mean what they mean on the page."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Router

from yakuba.engines.publishing import serving
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.access.pages import public_context
from yakuba.kernel.actions import Context
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6 and year4
from yakuba.kernel.ui.lists import BadQuery, known
from yakuba.services.plan import public, public_list
from yakuba.services.plan.api import schemas
from yakuba.services.plan.api.answers import answer, next_address
from yakuba.services.plan.published import published_document
from yakuba.services.plan.reading.document import dumps
from yakuba.services.plan.rows import Form
from yakuba.services.plan.shown import Row

portal = Router(tags=[gettext_noop("計画（公開）")])

_EDITION = "/{code6:code}/plan/editions/{year4:year}"


@portal.get(
    "/{code6:code}/plan/editions",
    response=schemas.EditionPage,
    summary=gettext_noop("公表された版の一覧"),
    description=gettext_noop("新しい年度から並べます。"),
    operation_id="plan_editions",
    url_name="plan-editions",
)
def editions(request: HttpRequest, code: str, query: Query[schemas.PageQuery]) -> HttpResponseBase:
    """Editions, newest year first."""
    ctx = public_context(request, code)
    known(request.GET, "after", "limit")
    found = list(public.editions(ctx))
    tag = serving.etag(ctx.municipality.name, *(publication.stamp for publication in found))
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    start = 0
    if query.after:
        years = [str(publication.year.year) for publication in found]
        if query.after not in years:
            raise BadQuery("after", query.after, _("「next」が示す値"))
        start = years.index(query.after) + 1
    page = found[start : start + query.limit]
    more = start + query.limit < len(found)
    return answer(
        {
            "items": [_edition(request, ctx, publication) for publication in page],
            "count": len(found),
            "next": next_address(request, str(page[-1].year.year)) if more else None,
        },
        tag,
    )


@portal.get(
    _EDITION,
    response=schemas.EditionHead,
    summary=gettext_noop("版の全体の内容（取組を除く）"),
    description=gettext_noop("計画の題名、期間、階層、区分、推進体制、計画書に書かれた数。"),
    operation_id="plan_edition",
    by_alias=True,  # «from» is a word of Python
    url_name="plan-edition",
)
def edition(request: HttpRequest, code: str, year: int) -> HttpResponseBase:
    """An edition without its initiatives."""
    ctx = public_context(request, code)
    known(request.GET)
    found = public.publication(ctx, year)
    tag = serving.etag(found.stamp)
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    return answer(
        {
            **found.head,
            "year": found.year.year,
            "publication": _publication(found),
            "page": request.build_absolute_uri(public.address(ctx, found)),
        },
        tag,
    )


@portal.get(
    f"{_EDITION}/initiatives",
    response=schemas.InitiativePage,
    summary=gettext_noop("取組の一覧"),
    description=gettext_noop("計画書の順に並べます。言葉と条件は、ページの一覧と同じ意味です。"),
    operation_id="plan_initiatives",
    by_alias=True,  # «from» is a word of Python
    url_name="plan-initiatives",
)
def initiatives(
    request: HttpRequest, code: str, year: int, query: Query[schemas.InitiativeQuery]
) -> HttpResponseBase:
    """Initiatives in the document's order, narrowed like the list on the page."""
    ctx = public_context(request, code)
    found = public.publication(ctx, year)
    tag = serving.etag(found.stamp)
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    whole = public.edition(ctx, found)
    asked = QueryDict(mutable=True)
    for key in request.GET:
        if key not in {"after", "limit"}:
            asked.setlist(key, request.GET.getlist(key))
    rows = public_list.matching(whole, public_list.spec(whole).parse(asked))
    page, more = _slice(rows, query.after, query.limit)
    return answer(
        {
            "items": [_initiative(request, ctx, found, row) for row in page],
            "count": len(rows),
            "next": next_address(request, str(page[-1].id)) if more else None,
        },
        tag,
    )


@portal.get(
    f"{_EDITION}/document",
    response=schemas.PlanDocument,
    summary=gettext_noop("版の全体（yakuba-plan/1）"),
    description=gettext_noop("公開の項目だけの`yakuba-plan/1`文書です。そのまま取り込めます。"),
    operation_id="plan_document",
    by_alias=True,  # «from» is a word of Python
    url_name="plan-document",
)
def document(request: HttpRequest, code: str, year: int) -> HttpResponseBase:
    """The whole edition, its public fields alone."""
    ctx = public_context(request, code)
    known(request.GET)
    found = public.publication(ctx, year)
    tag = serving.etag(found.stamp, "document")
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    text = dumps(published_document(ctx, found))
    return serving.keepable(HttpResponse(text, content_type="application/json; charset=utf-8"), tag)


@portal.get(
    "/{code6:code}/plan/initiatives/{uuid:identity}",
    response=schemas.OneInitiative,
    summary=gettext_noop("取組"),
    description=gettext_noop("公表中の取組です。取り下げられたものは410で、理由を示します。"),
    operation_id="plan_initiative",
    by_alias=True,  # «from» is a word of Python
    url_name="plan-initiative",
)
def initiative(request: HttpRequest, code: str, identity: UUID) -> HttpResponseBase:
    """One initiative, wherever it stands published."""
    ctx = public_context(request, code)
    known(request.GET)
    found, row = public.initiative(ctx, identity)
    tag = serving.etag(found.stamp)
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    of = public.editions(ctx).get(pk=found.pk)
    return answer({**_initiative(request, ctx, found, row), "edition": _edition(request, ctx, of)}, tag)


def _slice(rows: Sequence[Row], after: str, limit: int) -> tuple[Sequence[Row], bool]:
    start = 0
    if after:
        place = next((n for n, row in enumerate(rows) if str(row.id) == after), None)
        if place is None:
            raise BadQuery("after", after, _("「next」が示す値"))
        start = place + 1
    return rows[start : start + limit], start + limit < len(rows)


def _publication(found: Publication) -> dict[str, JsonValue]:
    return {
        "number": found.number,
        "published_at": found.published_at.isoformat(),
        "note": found.note,
        "stamp": found.stamp,
    }


def _edition(request: HttpRequest, ctx: Context, found: Publication) -> dict[str, JsonValue]:
    address = reverse("api:plan-edition", args=[ctx.municipality.code, found.year.year])
    return {
        "year": found.year.year,
        "title": found.title,
        "first_year": found.head["plan"]["first_year"],
        "last_year": found.head["plan"]["last_year"],
        "initiatives": found.rows,  # type: ignore[attr-defined]  # counted by public.editions
        "publication": _publication(found),
        "url": request.build_absolute_uri(address),
        "page": request.build_absolute_uri(public.address(ctx, found)),
    }


def _initiative(request: HttpRequest, ctx: Context, found: Publication, row: Row) -> Form:
    return {
        "id": str(row.id),
        "page": request.build_absolute_uri(public.address(ctx, found, row.id)),
        **row.form,
    }
