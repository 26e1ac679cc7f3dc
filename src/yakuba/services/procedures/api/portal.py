"""What is offered, for anybody's programs: the list, and a procedure with its whole definition. GET alone, no session.

Applications are not taken here: who applies has to see what they declare.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Field, Query, Router, Schema
from pydantic import ConfigDict

from yakuba.engines.publishing import serving
from yakuba.kernel.access.pages import public_context
from yakuba.kernel.actions import Context
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6
from yakuba.kernel.ui.lists import BadQuery, known
from yakuba.services.procedures.citizens import opening, queries
from yakuba.services.procedures.definition import document
from yakuba.services.procedures.models import Offer
from yakuba.services.procedures.published.queries import definition_of

portal = Router(tags=[gettext_noop("手続（公開）")])


class OfferOut(Schema):
    """A procedure as it is offered now."""

    procedure: UUID = Field(description=gettext_noop("手続のID。版が変わっても同じです。"))
    title: str
    kind: str
    office: str
    state: str = Field(
        description=gettext_noop(
            "いま申し込めるか。open / early / closed / full / paused / offline のどれか。"
        )
    )
    opens_at: dt.datetime | None
    closes_at: dt.datetime | None
    places: int | None = Field(description=gettext_noop("定員。なければnull。"))
    taken: int | None = Field(description=gettext_noop("申込みの数。定員がなければnull。"))
    number: int = Field(description=gettext_noop("公開した版の番号。"))
    published_at: dt.datetime
    stamp: str = Field(description=gettext_noop("内容の印（SHA-256）。"))
    url: str = Field(description=gettext_noop("この手続のAPIアドレス。"))
    page: str = Field(description=gettext_noop("この手続のページ。"))


class OfferPage(Schema):
    """One page of offers."""

    items: list[OfferOut]
    count: int
    next: str | None = Field(description=gettext_noop("次のページのアドレス。最後のページではnull。"))


class OfferWhole(OfferOut):
    """With the definition, ``yakuba-procedure/1``."""

    definition: dict[str, object] = Field(description=gettext_noop("手続の定義（yakuba-procedure/1）。"))


class OfferQuery(Schema):
    """Which page of the list."""

    model_config = ConfigDict(extra="ignore")

    after: str = Field("", max_length=500, description=gettext_noop("前のページの「next」が示す値。"))
    limit: int = Field(100, ge=1, le=500, description=gettext_noop("1ページの件数。"))


@portal.get(
    "/{code6:code}/procedures",
    response=OfferPage,
    summary=gettext_noop("受け付けている手続の一覧"),
    description=gettext_noop("手続のIDの順に並べます。"),
    operation_id="procedures",
    url_name="procedures-offers",
)
def offers(request: HttpRequest, code: str, query: Query[OfferQuery]) -> HttpResponseBase:
    """Everything that is offered."""
    ctx = public_context(request, code)
    known(request.GET, "after", "limit")
    found = list(queries.offers(ctx).order_by("procedure"))
    items = [_offer(request, ctx, one) for one in found]
    tag = serving.etag(
        ctx.municipality.name, *(f"{one['stamp']}{one['state']}{one['taken']}" for one in items)
    )
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    start = 0
    if query.after:
        ids = [str(one.procedure) for one in found]
        if query.after not in ids:
            raise BadQuery("after", query.after, _("「next」が示す値"))
        start = ids.index(query.after) + 1
    page = items[start : start + query.limit]
    following = None
    if start + query.limit < len(items):
        asked = request.GET.copy()
        asked["after"] = str(page[-1]["procedure"])
        following = request.build_absolute_uri(f"{request.path}?{asked.urlencode()}")
    return _answer({"items": list(page), "count": len(items), "next": following}, tag)


@portal.get(
    "/{code6:code}/procedures/{uuid:procedure}",
    response=OfferWhole,
    summary=gettext_noop("1つの手続と、その定義"),
    description=gettext_noop("定義はファイルとして取り込めます（yakuba-procedure/1）。"),
    operation_id="procedure",
    url_name="procedures-offer",
)
def offer(request: HttpRequest, code: str, procedure: UUID) -> HttpResponseBase:
    """A procedure with its definition."""
    ctx = public_context(request, code)
    known(request.GET)
    found = queries.offer_of(ctx, procedure)
    head = _offer(request, ctx, found)
    tag = serving.etag(found.publication.stamp, found.version, str(head["state"]), str(head["taken"]))
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    return _answer({**head, "definition": document.write(definition_of(found.publication_id))}, tag)


def _offer(request: HttpRequest, ctx: Context, of: Offer) -> dict[str, JsonValue]:
    definition = definition_of(of.publication_id)
    code = ctx.municipality.code
    return {
        "procedure": str(of.procedure),
        "title": of.publication.title,
        "kind": definition.kind,
        "office": of.office,
        "state": opening.state_of(of, definition.identity, ctx.now),
        "opens_at": of.opens_at.isoformat() if of.opens_at else None,
        "closes_at": of.closes_at.isoformat() if of.closes_at else None,
        "places": of.places,
        "taken": of.taken if of.places is not None else None,
        "number": of.publication.number,
        "published_at": of.publication.published_at.isoformat(),
        "stamp": of.publication.stamp,
        "url": request.build_absolute_uri(reverse("api:procedures-offer", args=[code, of.procedure])),
        "page": request.build_absolute_uri(reverse("procedures-procedure", args=[code, of.procedure])),
    }


def _answer(found: dict[str, JsonValue], tag: str) -> HttpResponseBase:
    return serving.keepable(JsonResponse(found, json_dumps_params={"ensure_ascii": False}), tag)
