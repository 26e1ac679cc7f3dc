"""The plan for staff: drafts, corrections, publishing. A session with its second factor, CSRF on writing; the same actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.utils.translation import gettext as _
from ninja import Body, Field, Query, Router, Schema
from pydantic import ConfigDict

from yakuba.engines.publishing import queries as publishing
from yakuba.kernel.access.pages import desk_context, version_read
from yakuba.kernel.access.staff_key import Staff
from yakuba.kernel.actions import Context
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6
from yakuba.kernel.ui.lists import BadQuery, known
from yakuba.services.plan import access, desk_list, parts, queries, rules
from yakuba.services.plan.actions import (
    EditPart,
    SetThemes,
    ThemeRow,
    correct_field,
    edit_part,
    publish_edition,
    revise,
    set_themes,
)
from yakuba.services.plan.api import schemas
from yakuba.services.plan.api.answers import next_address
from yakuba.services.plan.models import Edition, Initiative
from yakuba.services.plan.published import EDITION
from yakuba.services.plan.rows import Form

T = TypeVar("T")


desk = Router(tags=["計画（職員）"], auth=Staff())


class DraftEdition(Schema):
    """An edition as the desk keeps it."""

    id: UUID
    version: int = Field(description="書き換えるときに If-Match で送る版。")
    title: str
    edition: str | None
    year: int
    state: str = Field(description="draft 下書き、published 公表中。")
    initiatives: int
    doubts: int = Field(description="確認が要る取組の数。")
    publication: int | None = Field(description="公表中の号。なければnull。")


class DraftEditionPage(Schema):
    """One page of editions, newest year first."""

    items: list[DraftEdition]
    count: int
    next: str | None


class DraftInitiative(Schema):
    """A draft's initiative: the keys of `yakuba-plan/1` with sources, doubts and corrections."""

    id: UUID
    version: int = Field(description="書き換えるときに If-Match で送る版。")
    form: dict[str, Any] = Field(description="`yakuba-plan/1` の取組。")  # Any: JSON of the format


class DraftInitiativePage(Schema):
    """One page of a draft's initiatives, in the document's order."""

    items: list[DraftInitiative]
    count: int
    next: str | None


class DraftQuery(schemas.InitiativeQuery):
    """Search and filters, as on the desk's page."""

    state: str = Field("", alias="filter.state", description="読み取りの状態：doubt、corrected、warning。")
    mine: str = Field("", alias="filter.mine", description="yes：自分が直せる取組。")


class Sent(Schema):
    """What a program sends. A key that is none is refused: a misspelt «reason» must not be lost without a word."""

    model_config = ConfigDict(extra="forbid")


class Correction(Sent):
    """One cell and what it should read."""

    path: str = Field(description="項目。例：title、indicators[0].values[2].raw")
    value: str = Field("", description="正しい内容。空は「記載なし」。")
    reason: str = Field("", description="訂正の理由。経過に残ります。")


class PartEdit(Sent):
    """A part of an initiative as it is from now on."""

    value: Any = Field(  # Any: JSON of the format
        description="`yakuba-plan/1` の書き方。配列の行には、元の行の位置を `of` に書けます（新しい行は null）。"
    )
    reason: str = Field("", description="訂正の理由。経過に残ります。")


class RevisionSent(Sent):
    """A target, an actual, a stage or the progress word that is not what it was."""

    path: str = Field(description="項目。例：indicators[0].values[2]、stages.2026、progress")
    value: str = Field(description="新しい内容。")
    reason: str = Field(description="改訂の理由。")
    status: str | None = Field(None, description="値の確度：provisional、preliminary、final。")
    as_of: str | None = Field(None, description="値の時点。2026-03-31 の形。")


class ThemesOfOne(Sent):
    """What one initiative is about, by the ids of the shared vocabulary."""

    initiative: UUID
    version: int = Field(description="読んだときの版。")
    themes: list[str]
    declined: list[str] = Field(default_factory=list, description="当てはまらないと決めた主題。")


class ThemesSent(Sent):
    """What initiatives are about."""

    rows: list[ThemesOfOne]


class Note(Sent):
    """What the public is told about a publication."""

    note: str = Field("", description="変更の説明（正誤）。")


@desk.get(
    "/{code6:code}/desk/plan/editions",
    response=DraftEditionPage,
    summary="計画の版の一覧",
    operation_id="desk_plan_editions",
)
def editions(request: HttpRequest, code: str, query: Query[schemas.PageQuery]) -> HttpResponseBase:
    """新しい年度から並べます。"""
    ctx = desk_context(request, code)
    known(request.GET, "after", "limit")
    found = list(queries.editions(ctx))
    page, more = _slice(found, query.after, query.limit)
    standing = {one.subject: one.number for one in publishing.standing(ctx, EDITION)}
    return _answer(
        {
            "items": [_edition(one, standing.get(one.pk)) for one in page],
            "count": len(found),
            "next": next_address(request, _key(page[-1])) if more else None,
        }
    )


@desk.get(
    "/{code6:code}/desk/plan/editions/{uuid:edition_id}/initiatives",
    response=DraftInitiativePage,
    summary="下書きの取組の一覧",
    operation_id="desk_plan_initiatives",
)
def initiatives(
    request: HttpRequest, code: str, edition_id: UUID, query: Query[DraftQuery]
) -> HttpResponseBase:
    """計画書の順に並べます。条件は、机の一覧と同じ意味です。"""
    ctx = desk_context(request, code)
    edition = queries.edition(ctx, edition_id)
    drafted = desk_list.of(ctx, edition)
    asked = QueryDict(mutable=True)
    for key in request.GET:
        if key not in {"after", "limit"}:
            asked.setlist(key, request.GET.getlist(key))
    rows = desk_list.matching(drafted, desk_list.spec(drafted).parse(asked))
    page, more = _slice(rows, query.after, query.limit)
    versions = dict(queries.initiatives(ctx, edition).values_list("pk", "version"))
    return _answer(
        {
            "items": [{"id": str(row.id), "version": versions[row.id], "form": row.form} for row in page],
            "count": len(rows),
            "next": next_address(request, _key(page[-1])) if more else None,
        }
    )


@desk.get(
    "/{code6:code}/desk/plan/initiatives/{uuid:initiative_id}",
    response=DraftInitiative,
    summary="下書きの取組",
    operation_id="desk_plan_initiative",
)
def initiative(request: HttpRequest, code: str, initiative_id: UUID) -> HttpResponseBase:
    """読み取った場所、確認が要る点、訂正の記録を含みます。ETag は版です。"""
    ctx = desk_context(request, code)
    known(request.GET)
    return _one(queries.initiative(ctx, initiative_id))


@desk.patch(
    "/{code6:code}/desk/plan/initiatives/{uuid:initiative_id}",
    response=DraftInitiative,
    summary="取組の項目を訂正する",
    operation_id="desk_plan_correct",
)
def correct(request: HttpRequest, code: str, initiative_id: UUID, data: Body[Correction]) -> HttpResponseBase:
    """If-Match に版を送ります。ほかの人が先に変えていれば409です。Idempotency-Key が同じ要求は1回だけ働きます。"""
    ctx = desk_context(request, code)
    known(request.GET)
    row = queries.initiative(ctx, initiative_id)
    found = correct_field.read_json({"path": data.path, "value": data.value, "reason": data.reason})
    version = version_read(request)
    form = queries.initiative_form(row)
    if not (access.CORRECT.may(ctx, row).allowed and rules.same(form, found.path, found.value)):
        correct_field(ctx, row, found, expected_version=version)
    return _one(queries.initiative(ctx, initiative_id))


@desk.put(
    "/{code6:code}/desk/plan/initiatives/{uuid:initiative_id}/parts/{slug:slug}",
    response=DraftInitiative,
    summary="取組の部分を置き換える",
    operation_id="desk_plan_edit_part",
)
def edit(
    request: HttpRequest, code: str, initiative_id: UUID, slug: str, data: Body[PartEdit]
) -> HttpResponseBase:
    """head、offices、placements、tags、texts、items、stages、lineage、indicators、values-0（1つ目の指標の値）。If-Match に版を送ります。"""
    ctx = desk_context(request, code)
    known(request.GET)
    row = queries.initiative(ctx, initiative_id)
    version = version_read(request)
    part = parts.part_of(slug)
    form = queries.initiative_form(row)
    may = access.CORRECT.may(ctx, row).allowed
    if not (may and not parts.replace(form, part, data.value).told):
        reason = edit_part.read_json({"part": part, "value": [], "reason": data.reason}).reason
        edit_part(ctx, row, EditPart(part, data.value, reason), expected_version=version)
    return _one(queries.initiative(ctx, initiative_id))


@desk.post(
    "/{code6:code}/desk/plan/initiatives/{uuid:initiative_id}/revisions",
    response=DraftInitiative,
    summary="目標・実績・工程・進捗を改訂する",
    operation_id="desk_plan_revise",
)
def revise_field(
    request: HttpRequest, code: str, initiative_id: UUID, data: Body[RevisionSent]
) -> HttpResponseBase:
    """前の内容は理由とともに残ります。If-Match に版を送ります。"""
    ctx = desk_context(request, code)
    known(request.GET)
    row = queries.initiative(ctx, initiative_id)
    sent = {key: one for key, one in data.dict().items() if one is not None}
    revise(ctx, row, revise.read_json(sent), expected_version=version_read(request))
    return _one(queries.initiative(ctx, initiative_id))


@desk.put(
    "/{code6:code}/desk/plan/editions/{uuid:edition_id}/themes",
    response=DraftEdition,
    summary="取組の主題を決める",
    operation_id="desk_plan_themes",
)
def themes(request: HttpRequest, code: str, edition_id: UUID, data: Body[ThemesSent]) -> HttpResponseBase:
    """行ごとに版を送ります。1行でも決められなければ、どの行も変わりません。"""
    ctx = desk_context(request, code)
    known(request.GET)
    edition = queries.edition(ctx, edition_id)
    rows: list[ThemeRow] = [
        {
            "initiative": str(one.initiative),
            "version": one.version,
            "themes": one.themes,
            "declined": one.declined,
        }
        for one in data.rows
    ]
    set_themes(ctx, edition, SetThemes(rows))
    return _whole(ctx, edition_id)


@desk.post(
    "/{code6:code}/desk/plan/editions/{uuid:edition_id}/publish",
    response=DraftEdition,
    summary="版を公表する",
    operation_id="desk_plan_publish",
)
def publish(request: HttpRequest, code: str, edition_id: UUID, data: Body[Note]) -> HttpResponseBase:
    """公開の項目を固定して公表します。If-Match に版を送ります。"""
    ctx = desk_context(request, code)
    known(request.GET)
    edition = queries.edition(ctx, edition_id)
    publish_edition(
        ctx, edition, publish_edition.read_json({"note": data.note}), expected_version=version_read(request)
    )
    return _whole(ctx, edition_id)


def _edition(edition: Edition, publication: int | None) -> dict[str, JsonValue]:
    return {
        "id": str(edition.pk),
        "version": edition.version,
        "title": edition.plan.title,
        "edition": edition.label or None,
        "year": edition.year.year,
        "state": edition.state,
        "initiatives": edition.initiative_count,  # type: ignore[attr-defined]  # counted by queries.editions
        "doubts": edition.doubt_count,  # type: ignore[attr-defined]  # counted by queries.editions
        "publication": publication,
    }


def _whole(ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """An edition as it is now, after an action."""
    edition = queries.edition(ctx, edition_id)
    standing = publishing.standing_of(ctx, EDITION, edition.pk)
    return _tagged(_answer(_edition(edition, standing.number if standing else None)), edition.version)


def _one(row: Initiative) -> HttpResponseBase:
    found: dict[str, JsonValue] = {
        "id": str(row.pk),
        "version": row.version,
        "form": queries.initiative_form(row),
    }
    return _tagged(_answer(found), row.version)


def _answer(found: dict[str, JsonValue] | Form) -> HttpResponse:
    response = JsonResponse(found, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response


def _tagged(response: HttpResponse, version: int) -> HttpResponse:
    response["ETag"] = f'"{version}"'
    return response


def _key(row: Any) -> str:  # Any: an edition, or a row of the list
    return str(row.pk if isinstance(row, Edition) else row.id)


def _slice(rows: Sequence[T], after: str, limit: int) -> tuple[Sequence[T], bool]:
    """The rows behind the one that ``after`` names."""
    start = 0
    if after:
        place = next((n for n, row in enumerate(rows) if _key(row) == after), None)
        if place is None:
            raise BadQuery("after", after, _("「next」が示す値"))
        start = place + 1
    return rows[start : start + limit], start + limit < len(rows)
