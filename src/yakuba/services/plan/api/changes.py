"""What changed, for anybody: from one edition to another, and since a day. Means what it means on the pages."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Field, Query, Router, Schema

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing import serving
from yakuba.kernel.access.pages import public_context
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.dates.wareki import FIRST_DATE
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.ui.lists import BadQuery, known
from yakuba.services.plan import public, public_changes
from yakuba.services.plan.api.answers import answer, next_address
from yakuba.services.plan.differences import Line
from yakuba.services.plan.public_changes import Told
from yakuba.services.plan.published import EDITION

router = Router(tags=[gettext_noop("計画（公開）")])


class ChangeOut(Schema):
    """One field that differs from one edition to another, or a whole initiative that is new or has ended."""

    sort: str = Field(
        description=gettext_noop(
            "変わったことの種類：new、merged、completed、ended、abolished、gone、moved、renumbered、title、office、progress、"
            "target、actual、stage、text、item、indicator、place、mark。"
        )
    )
    initiative: str | None = Field(description=gettext_noop("後の版の取組のID。続いていなければnull。"))
    before_initiative: str | None = Field(description=gettext_noop("前の版の取組のID。新しければnull。"))
    kind: str | None
    number: str
    title: str
    label: str = Field(description=gettext_noop("項目の名前（表示のため）。"))
    before: str
    after: str


class ChangesPage(Schema):
    """One page of what changed from one edition to another."""

    items: list[ChangeOut]
    count: int
    next: str | None
    from_year: int
    to_year: int
    counts: dict[str, int] = Field(description=gettext_noop("種類ごとの取組の数。"))


class FieldChangeOut(Schema):
    """One field before and after."""

    label: str
    before: str
    after: str


class EditedOut(Schema):
    """An initiative that a publication changed."""

    initiative: str
    number: str
    title: str
    changes: list[FieldChangeOut]


class EventOut(Schema):
    """One publication of an edition, or its being taken back, and what changed by it."""

    year: int
    title: str
    number: int
    published_at: dt.datetime
    note: str
    withdrawn: bool = Field(description=gettext_noop("公表の取下げならtrue。"))
    new: list[str] = Field(description=gettext_noop("加わった取組のID。"))
    edited: list[EditedOut]
    removed: list[str] = Field(description=gettext_noop("なくなった取組の番号と題名。"))
    summary: str


class EventPage(Schema):
    """One page of publications, newest first."""

    items: list[EventOut]
    count: int
    next: str | None


class ChangesQuery(Schema):
    """Which earlier edition, and which page."""

    from_: int | None = Field(
        None, alias="from", description=gettext_noop("前の版の年度（西暦）。省くとすぐ前の版。")
    )
    after: int = Field(0, ge=0, description=gettext_noop("`next`のアドレスをそのまま使ってください。"))
    limit: int = Field(100, ge=1, le=500, description=gettext_noop("1ページの件数。"))


class SinceQuery(Schema):
    """Since which day, and which page."""

    since: dt.date | None = Field(
        None, ge=FIRST_DATE, description=gettext_noop("この日より後の公表だけにします。")
    )
    after: int = Field(0, ge=0, description=gettext_noop("`next`のアドレスをそのまま使ってください。"))
    limit: int = Field(5, ge=1, le=10, description=gettext_noop("1ページの件数。"))


@router.get(
    "/{code6:code}/plan/editions/{year4:year}/changes",
    response=ChangesPage,
    summary=gettext_noop("前の版から変わった所"),
    description=gettext_noop("取組は、番号や題名が変わっても同じ取組として比べます。"),
    operation_id="plan_edition_changes",
    url_name="plan-edition-changes",
)
def between(request: HttpRequest, code: str, year: int, query: Query[ChangesQuery]) -> HttpResponseBase:
    """What changed from an earlier edition, field by field."""
    ctx = public_context(request, code)
    known(request.GET, "from", "after", "limit")
    after = public.publication(ctx, year)
    earlier = [one for one in public.standing(ctx) if one.year < after.year]
    found = earlier[-1:] if query.from_ is None else [one for one in earlier if one.year.year == query.from_]
    if not found:
        years = "・".join(str(one.year.year) for one in earlier)
        raise BadQuery("from", str(query.from_ or ""), years or _("前の版はありません"))
    before = found[0]
    tag = serving.etag("changes", before.stamp, after.stamp)
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    compared = public_changes.changes(ctx, before, after)
    end = query.after + query.limit
    return answer(
        {
            "items": [_line(line) for line in compared.lines[query.after : end]],
            "count": len(compared.lines),
            "next": next_address(request, str(end)) if end < len(compared.lines) else None,
            "from_year": before.year.year,
            "to_year": after.year.year,
            "counts": compared.counts,
        },
        tag,
    )


def _line(line: Line) -> dict[str, JsonValue]:
    return {
        "sort": line.sort,
        "initiative": str(line.id) if line.id else None,
        "before_initiative": str(line.before_id) if line.before_id else None,
        "kind": line.form["kind"],
        "number": line.form["number"],
        "title": line.form["title"],
        "label": line.change.label,
        "before": line.change.before,
        "after": line.change.after,
    }


@router.get(
    "/{code6:code}/plan/changes",
    response=EventPage,
    summary=gettext_noop("計画の公表と変更の記録"),
    description=gettext_noop("新しい順に並べ、それぞれの公表で変わった所を示します。"),
    operation_id="plan_changes",
    url_name="plan-changes",
)
def since(request: HttpRequest, code: str, query: Query[SinceQuery]) -> HttpResponseBase:
    """Publications after a day, newest first, each with what it changed."""
    ctx = public_context(request, code)
    known(request.GET, "since", "after", "limit")
    every = list(publishing.told(ctx, EDITION))
    tag = serving.etag(ctx.municipality.name, "since", *(one.stamp for one in every))
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    found = [one for one in every if query.since is None or japan_date(one.published_at) > query.since]
    end = query.after + query.limit
    told = public_changes.told(ctx, found[query.after : end], every)
    return answer(
        {
            "items": [_event(one) for one in told],
            "count": len(found),
            "next": next_address(request, str(end)) if end < len(found) else None,
        },
        tag,
    )


def _event(told: Told) -> dict[str, JsonValue]:
    publication, found = told.publication, told.found
    return {
        "year": publication.year.year,
        "title": publication.title,
        "number": publication.number,
        "published_at": publication.published_at.isoformat(),
        "note": publication.note,
        "withdrawn": publication.withdrawn,
        "new": [str(identity) for identity, _number, _title in found.new] if found else [],
        "edited": [
            {
                "initiative": str(row.id),
                "number": row.number,
                "title": row.title,
                "changes": [
                    {"label": change.label, "before": change.before, "after": change.after}
                    for change in row.changes
                ],
            }
            for row in (found.edited if found else ())
        ],
        "removed": [f"{number} {title}".strip() for number, title in (found.removed if found else ())],
        "summary": told.summary,
    }
