"""Entries of ledgers for staff: a session with its second factor, CSRF on writing; the same actions and lists as the pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext_noop
from ninja import Body, Field, Router, Schema
from pydantic import ConfigDict

from yakuba.engines.ledger import queries
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.values import specs_of_line, told
from yakuba.engines.protection.queries import held
from yakuba.kernel.access.pages import desk_context, version_read
from yakuba.kernel.access.staff_key import Staff
from yakuba.kernel.actions import Context, SubjectRef
from yakuba.kernel.fields import PERSONAL, JsonValue
from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6
from yakuba.kernel.ui.lists import known
from yakuba.services.ledgers.queries import page as page_of
from yakuba.services.ledgers.views import listed
from yakuba.services.ledgers.views.frame import Opened, opened

desk = Router(tags=[gettext_noop("台帳（職員）")], auth=Staff())
_ALL = "/{code6:code}/desk/ledgers/{key}/entries"
_ONE = f"{_ALL}/{{uuid:entry_id}}"
_DAY = gettext_noop("2026-03-31 の形。省略すると今日。")


class EntryOut(Schema):
    """An entry as far as the reader may see it."""

    id: UUID
    version: int = Field(description=gettext_noop("書き換えるときに If-Match で送る更新番号。"))
    number: str
    states: dict[str, str] = Field(description=gettext_noop("状態の列と、今の状態。"))
    held: bool = Field(
        description=gettext_noop("支援措置の確認が済むまで、個人情報の項目を出さない行なら true。")
    )
    values: dict[str, Any] = Field(  # Any: JSON
        description=gettext_noop("項目の値。読めない項目はありません。")
    )
    lines: dict[str, list[dict[str, Any]]] | None = Field(  # Any: JSON
        None, description=gettext_noop("明細。一覧にはありません。")
    )


class EntryList(Schema):
    """A page of a ledger."""

    items: list[EntryOut]
    count: int
    at_least: bool = Field(description=gettext_noop("count より多いことがあれば true。"))
    next: str | None = Field(description=gettext_noop("続きのアドレス。"))


class Sent(Schema):
    """What a program sends. A key that is none is refused."""

    model_config = ConfigDict(extra="forbid")


class EntrySent(Sent):
    """A new entry."""

    values: dict[str, Any] = Field(description=gettext_noop("項目の値。"))  # Any: JSON of the ledger's fields
    number: str = Field("", description=gettext_noop("紙から引き継ぐ番号。空なら次の番号。"))
    holds_from: str | None = Field(None, description=_DAY)
    reason: str = ""


class ChangeSent(Sent):
    """Fields and sub-rows that change; the others stay."""

    values: dict[str, Any] = Field(default_factory=dict)  # Any: JSON of the ledger's fields
    lines: dict[str, list[dict[str, Any]]] = Field(  # Any: JSON
        default_factory=dict,
        description=gettext_noop("明細の変更：id（新しい行は空）、version、entry、または remove。"),
    )
    holds_from: str | None = Field(None, description=_DAY)
    reason: str = ""


class MoveSent(Sent):
    """One step of a chain."""

    step: str
    chain: str = "state"
    day: str | None = Field(None, description=_DAY)
    document: str = ""
    reason: str = ""


class NoteSent(Sent):
    """A line of the journal."""

    kind: str
    text: str
    day: str | None = Field(None, description=_DAY)


@desk.get(_ALL, response=EntryList, summary=gettext_noop("台帳の一覧"), operation_id="ledger_entries")
def entries(request: HttpRequest, code: str, key: str) -> HttpResponseBase:
    """q、sort、view、filter.項目、after は画面の一覧と同じです。"""
    ctx = desk_context(request, code)
    one = opened(ctx, key)
    state = listed.spec(ctx, one).parse(request.GET)
    found = page_of(
        ctx, one.ledger, one.book, listed.asked(one, state), after=state.after, before=state.before
    ).found
    following = ""
    if found.following:
        query = request.GET.copy()
        query.pop("before", None)
        query["after"] = found.following
        following = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
    return _answer(
        {
            "items": _told(ctx, one, found.rows),
            "count": found.count,
            "at_least": found.at_least,
            "next": following or None,
        }
    )


@desk.post(_ALL, response=EntryOut, summary=gettext_noop("台帳に加える"), operation_id="ledger_entry_add")
def add(request: HttpRequest, code: str, key: str, data: Body[EntrySent]) -> HttpResponseBase:
    """番号は空なら次の番号になります。"""
    ctx = desk_context(request, code)
    known(request.GET)
    one = opened(ctx, key)
    action = one.installed.actions.add
    return _one(ctx, one, action(ctx, one.book, action.read_json(_said(data))))


@desk.get(_ONE, response=EntryOut, summary=gettext_noop("台帳の行"), operation_id="ledger_entry")
def entry(request: HttpRequest, code: str, key: str, entry_id: UUID) -> HttpResponseBase:
    """ETag は更新番号です。"""
    ctx = desk_context(request, code)
    known(request.GET)
    one = opened(ctx, key)
    return _one(ctx, one, queries.entry_of(ctx, one.ledger, entry_id))


@desk.patch(
    _ONE, response=EntryOut, summary=gettext_noop("台帳の行を直す"), operation_id="ledger_entry_change"
)
def change(
    request: HttpRequest, code: str, key: str, entry_id: UUID, data: Body[ChangeSent]
) -> HttpResponseBase:
    """送った項目と明細だけが変わります。If-Match に更新番号を送ります。"""
    ctx = desk_context(request, code)
    known(request.GET)
    one = opened(ctx, key)
    found = queries.entry_of(ctx, one.ledger, entry_id)
    action = one.installed.actions.change
    action(ctx, found, action.read_json(_said(data)), expected_version=version_read(request))
    return _one(ctx, one, queries.entry_of(ctx, one.ledger, entry_id))


@desk.post(
    f"{_ONE}/moves",
    response=EntryOut,
    summary=gettext_noop("台帳の行の異動"),
    operation_id="ledger_entry_move",
)
def move(request: HttpRequest, code: str, key: str, entry_id: UUID, data: Body[MoveSent]) -> HttpResponseBase:
    """step は状態の表にある異動です。誤登録は void。If-Match に更新番号を送ります。"""
    ctx = desk_context(request, code)
    known(request.GET)
    one = opened(ctx, key)
    found = queries.entry_of(ctx, one.ledger, entry_id)
    action = one.installed.actions.move
    action(ctx, found, action.read_json(_said(data)), expected_version=version_read(request))
    return _one(ctx, one, queries.entry_of(ctx, one.ledger, entry_id))


@desk.post(
    f"{_ONE}/notes",
    response=EntryOut,
    summary=gettext_noop("経過を記録する"),
    operation_id="ledger_entry_note",
)
def note(request: HttpRequest, code: str, key: str, entry_id: UUID, data: Body[NoteSent]) -> HttpResponseBase:
    """台帳の担当だけが書けます。"""
    ctx = desk_context(request, code)
    known(request.GET)
    one = opened(ctx, key)
    found = queries.entry_of(ctx, one.ledger, entry_id)
    action = one.installed.actions.note
    action(ctx, found, action.read_json(_said(data)))
    return _one(ctx, one, queries.entry_of(ctx, one.ledger, entry_id))


def _said(data: Sent) -> dict[str, JsonValue]:
    """What was sent, without what was left out."""
    found: dict[str, JsonValue] = {key: value for key, value in data.dict().items() if value is not None}
    return found


def _told(ctx: Context, one: Opened, rows: Sequence[Entry]) -> list[dict[str, JsonValue]]:
    """Entries as JSON; of those under 支援措置 nothing personal. One entry of the trail where something personal is told."""
    if one.personal:
        queries.demand_looked(one.book)
    stopped = held(ctx, [SubjectRef(one.ledger.key, row.pk) for row in rows]) if one.personal else set()
    if one.personal and rows:
        one.log_read(ctx, [row.pk for row in rows])
    plain = [name for name, spec in one.specs.items() if spec.classification is not PERSONAL]
    return [
        {
            "id": str(row.pk),
            "version": row.version,
            "number": row.number,
            "states": {chain.column: getattr(row, chain.column) for chain in one.ledger.all_chains},
            "held": (hidden := SubjectRef(one.ledger.key, row.pk) in stopped),
            "values": told(row, one.specs, plain if hidden else None),
        }
        for row in rows
    ]


def _one(ctx: Context, one: Opened, row: Entry) -> HttpResponse:
    found = _told(ctx, one, [row])[0]
    lines: dict[str, JsonValue] = {}
    for each in one.ledger.lines if one.reads and not found["held"] else ():
        specs = specs_of_line(each.model)
        lines[each.key] = [
            {"id": str(line.pk), "version": line.version, "entry": told(line, specs)}
            for line in queries.lines(ctx, row, each.model, each.order)
        ]
    response = _answer({**found, "lines": lines})
    response["ETag"] = f'"{row.version}"'
    return response


def _answer(found: dict[str, JsonValue] | dict[str, Any]) -> HttpResponse:  # Any: JSON
    response = JsonResponse(found, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response
