"""Procedures and the inventory for staff: a session with its second factor, CSRF on writing; the same actions as the pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Body, Field, Router, Schema
from pydantic import ConfigDict

from yakuba.kernel.access.pages import desk_context, version_read
from yakuba.kernel.access.staff_key import Staff
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import InvalidDateError, japan_date, parse_date
from yakuba.kernel.fields import JsonValue, as_json
from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6
from yakuba.kernel.ui.lists import BadQuery, known
from yakuba.services.procedures.actions.designing import (
    ChangeDraft,
    CreateProcedure,
    PublishProcedure,
    change_draft,
    create_procedure,
    publish_procedure,
)
from yakuba.services.procedures.actions.inventory import change_row
from yakuba.services.procedures.designing import queries
from yakuba.services.procedures.inventory import queries as inventory
from yakuba.services.procedures.inventory.row import row_data
from yakuba.services.procedures.models import InventoryRow, Procedure

desk = Router(tags=[gettext_noop("手続（職員）")], auth=Staff())
_VERSION = gettext_noop("書き換えるときに If-Match で送る更新番号。")


class DesignLine(Schema):
    """A procedure of the list."""

    id: UUID
    version: int = Field(description=_VERSION)
    title: str
    kind: str
    office: str
    state: str = Field(description=gettext_noop("draft、open、paused、closed のどれか。"))
    published: int = Field(description=gettext_noop("公開の版。なければ0。"))
    differs: bool = Field(description=gettext_noop("下書きが公開中の内容と違うか。"))


class DesignList(Schema):
    """All procedures; those of the own office first."""

    items: list[DesignLine]
    count: int


class Design(Schema):
    """A procedure with its draft."""

    id: UUID
    version: int = Field(description=_VERSION)
    state: str
    published: int
    draft: dict[str, Any] = Field(  # Any: JSON of the format
        description=gettext_noop("`yakuba-procedure/1` の定義。")
    )


class InventoryLine(Schema):
    """A row of the inventory."""

    id: UUID
    version: int = Field(description=_VERSION)
    procedure: UUID | None
    row: dict[str, Any] = Field(description=gettext_noop("台帳の項目。"))  # Any: JSON of the row's fields


class InventoryList(Schema):
    """The whole inventory, and what is counted from it at the end of a day."""

    items: list[InventoryLine]
    count: int
    on: str
    online: int = Field(description=gettext_noop("その日の終わりにオンラインだった手続の数。"))
    by_channel: dict[str, int]
    filings: int = Field(description=gettext_noop("年間件数の合計。"))
    online_filings: int


class Sent(Schema):
    """What a program sends. A key that is none is refused."""

    model_config = ConfigDict(extra="forbid")


class NewDesign(Sent):
    """A new procedure of an office."""

    office: UUID = Field(description=gettext_noop("担当課のID。"))
    document: dict[str, Any] = Field(description=gettext_noop("`yakuba-procedure/1` の定義。"))  # Any: JSON


class DraftSent(Sent):
    """The whole draft as it is from now on."""

    document: dict[str, Any] = Field(description=gettext_noop("`yakuba-procedure/1` の定義。"))  # Any: JSON
    what: str = Field("", description=gettext_noop("変えた所。経過に残ります。"))


class NoteSent(Sent):
    """What the public is told about a version."""

    note: str = Field("", description=gettext_noop("この版の説明。市民が読みます。"))


class RowSent(Sent):
    """The fields of a row that change; the others stay."""

    row: dict[str, Any] = Field(description=gettext_noop("台帳の項目。変えるものだけ。"))  # Any: JSON


@desk.get(
    "/{code6:code}/desk/procedures",
    response=DesignList,
    summary=gettext_noop("手続の一覧（下書きを含む）"),
    operation_id="desk_procedures",
)
def listed(request: HttpRequest, code: str) -> HttpResponseBase:
    """自分の課の手続から並べます。"""
    ctx = desk_context(request, code)
    known(request.GET)
    found = queries.procedures(ctx)
    items: list[JsonValue] = [
        {
            "id": str(one.procedure.pk),
            "version": one.procedure.version,
            "title": one.procedure.title,
            "kind": one.procedure.kind,
            "office": one.office,
            "state": one.procedure.state,
            "published": one.procedure.published,
            "differs": one.differs,
        }
        for one in found
    ]
    return _answer({"items": items, "count": len(items)})


@desk.post(
    "/{code6:code}/desk/procedures",
    response=Design,
    summary=gettext_noop("手続を作る"),
    operation_id="desk_procedure_create",
)
def create(request: HttpRequest, code: str, data: Body[NewDesign]) -> HttpResponseBase:
    """下書きができます。公開するまで、市民には見えません。"""
    ctx = desk_context(request, code)
    known(request.GET)
    return _design(create_procedure(ctx, None, CreateProcedure(str(data.office), data.document)))


@desk.get(
    "/{code6:code}/desk/procedures/{uuid:procedure_id}",
    response=Design,
    summary=gettext_noop("手続の下書き"),
    operation_id="desk_procedure",
)
def one_design(request: HttpRequest, code: str, procedure_id: UUID) -> HttpResponseBase:
    """ETag は更新番号です。"""
    ctx = desk_context(request, code)
    known(request.GET)
    return _design(queries.procedure(ctx, procedure_id))


@desk.put(
    "/{code6:code}/desk/procedures/{uuid:procedure_id}/draft",
    response=Design,
    summary=gettext_noop("手続の下書きを置き換える"),
    operation_id="desk_procedure_draft",
)
def draft(request: HttpRequest, code: str, procedure_id: UUID, data: Body[DraftSent]) -> HttpResponseBase:
    """If-Match に更新番号を送ります。ほかの人が先に変えていれば409です。"""
    ctx = desk_context(request, code)
    known(request.GET)
    found = queries.procedure(ctx, procedure_id)
    what = change_draft.read_json({"document": data.document, "what": data.what}).what
    change_draft(ctx, found, ChangeDraft(data.document, what), expected_version=version_read(request))
    return _design(queries.procedure(ctx, procedure_id))


@desk.post(
    "/{code6:code}/desk/procedures/{uuid:procedure_id}/publish",
    response=Design,
    summary=gettext_noop("手続を公開する"),
    operation_id="desk_procedure_publish",
)
def publish(request: HttpRequest, code: str, procedure_id: UUID, data: Body[NoteSent]) -> HttpResponseBase:
    """確認表に「公開までに直す所」があれば422です。If-Match に更新番号を送ります。"""
    ctx = desk_context(request, code)
    known(request.GET)
    found = queries.procedure(ctx, procedure_id)
    note: PublishProcedure = publish_procedure.read_json({"note": data.note})
    publish_procedure(ctx, found, note, expected_version=version_read(request))
    return _design(queries.procedure(ctx, procedure_id))


@desk.get(
    "/{code6:code}/desk/inventory",
    response=InventoryList,
    summary=gettext_noop("手続台帳"),
    operation_id="desk_inventory",
)
def whole(request: HttpRequest, code: str, on: str = "") -> HttpResponseBase:
    """すべての行と、その日の終わりの数です。on は 2026-03-31 の形（省略時：今日）。"""
    ctx = desk_context(request, code)
    known(request.GET, "on")
    try:
        day = parse_date(on) if on else japan_date(ctx.now)
    except InvalidDateError as exc:
        raise BadQuery("on", on, _("日付（例：令和8年3月31日、2026-03-31）")) from exc
    rows = list(inventory.rows(ctx))
    names = inventory.offices(ctx, rows)
    figures = inventory.figures(ctx, day)
    items: list[JsonValue] = [
        {
            "id": str(one.pk),
            "version": one.version,
            "procedure": str(one.procedure_id) if one.procedure_id else None,
            "row": as_json(row_data(one, names)),
        }
        for one in rows
    ]
    return _answer(
        {
            "items": items,
            "count": len(items),
            "on": day.isoformat(),
            "online": figures.online,
            "by_channel": dict(figures.by_channel),
            "filings": figures.filings,
            "online_filings": figures.online_filings,
        }
    )


@desk.patch(
    "/{code6:code}/desk/inventory/{uuid:row_id}",
    response=InventoryLine,
    summary=gettext_noop("手続台帳の行を直す"),
    operation_id="desk_inventory_row",
)
def row(request: HttpRequest, code: str, row_id: UUID, data: Body[RowSent]) -> HttpResponseBase:
    """送った項目だけが変わります。If-Match に更新番号を送ります。"""
    ctx = desk_context(request, code)
    known(request.GET)
    found = inventory.row(ctx, row_id)
    version = version_read(request)
    now = as_json(row_data(found, inventory.offices(ctx, [found])))
    change_row(ctx, found, change_row.read_json({**now, **data.row}), expected_version=version)
    return _row(ctx, inventory.row(ctx, row_id))


def _design(one: Procedure) -> HttpResponse:
    found: dict[str, JsonValue] = {
        "id": str(one.pk),
        "version": one.version,
        "state": one.state,
        "published": one.published,
        "draft": one.draft,
    }
    return _tagged(_answer(found), one.version)


def _row(ctx: Context, one: InventoryRow) -> HttpResponse:
    found: dict[str, JsonValue] = {
        "id": str(one.pk),
        "version": one.version,
        "procedure": str(one.procedure_id) if one.procedure_id else None,
        "row": as_json(row_data(one, inventory.offices(ctx, [one]))),
    }
    return _tagged(_answer(found), one.version)


def _answer(found: dict[str, JsonValue]) -> HttpResponse:
    response = JsonResponse(found, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response


def _tagged(response: HttpResponse, version: int) -> HttpResponse:
    response["ETag"] = f'"{version}"'
    return response
