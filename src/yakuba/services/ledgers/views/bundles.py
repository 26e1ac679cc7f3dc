"""Photos and papers of many entries at once: sent, looked through, each given to the entry that its name tells, or to another, or to none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import shapely
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.engines.ledger import queries as ledger_queries
from yakuba.engines.ledger.access import KEEP_BOOK
from yakuba.engines.ledger.bundles import names, queries
from yakuba.engines.ledger.bundles.access import VIEW_ITEM
from yakuba.engines.ledger.bundles.actions.working import (
    BeginBundle,
    SettleItem,
    begin_bundle,
    look_through,
    settle_item,
    stop_bundle,
)
from yakuba.engines.ledger.bundles.receiving import MOST
from yakuba.engines.ledger.bundles.receiving import received as all_received
from yakuba.engines.ledger.models import ATTACHMENT_KINDS, BUNDLE_STATES, Bundle, BundleItem
from yakuba.engines.ledger.signs import spellings
from yakuba.engines.ledger.values import title_of
from yakuba.engines.places.crs.guessing import Landmark, distance
from yakuba.kernel.access.desk import see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Denied, Missing, NoData, Problem, ports
from yakuba.kernel.dates import format_date
from yakuba.kernel.files import kinds, limits
from yakuba.kernel.files.archives import LIMITS
from yakuba.kernel.files.receiving import dropped
from yakuba.kernel.files.scanning import NotNow
from yakuba.kernel.files.serving import serve
from yakuba.kernel.ui.components import FieldError, Link, field
from yakuba.kernel.ui.drawing import Text
from yakuba.services.ledgers.views.frame import Opened, opened, show

#: So many files are looked through before the answer; more by the worker.
_AT_ONCE: Final = 6
#: So many files stand on one page, and are attached by one press.
_SHOWN: Final = 40
_BEFORE: Final = 10
_NONE: Final = "-"
#: Farther from its entry than this (metres), a photo's place is pointed out.
_FAR: Final = 300
_STATES: Final = dict(BUNDLE_STATES)


@dataclass(frozen=True, slots=True)
class Line:
    """One file on the page: what it is, to which entries it may belong, what the camera wrote, what is to be looked at."""

    item: BundleItem
    href: str
    choices: Sequence[tuple[str, Text]]
    chosen: str
    number: str
    sort: str
    paper: str
    camera: str
    use_camera: bool
    notes: Sequence[str]
    error: str


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def choose(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """Choose files or an archive; below it what came before."""
    one = _one(ctx, key)
    if request.method != "POST":
        return _choose(request, ctx, one, [])
    try:
        bundle = _begin(request, ctx, one)
    except Problem as problem:
        return _choose(request, ctx, one, errors_of(problem, ["files", "by"]))
    with suppress(NotNow):  # the worker tries again
        look_through(ctx, bundle, _AT_ONCE)
    return see("ledgers-bundle", ctx, one.ledger.key, bundle.pk)


def _one(ctx: Context, key: str) -> Opened:
    one = opened(ctx, key)
    if not KEEP_BOOK.may(ctx, one.book).allowed:
        raise Denied
    return one


def _begin(request: HttpRequest, ctx: Context, one: Opened) -> Bundle:
    refused = dropped(request, "files")
    if refused is not None:
        raise refused
    sent = [file for file in request.FILES.getlist("files") if file.name]
    if not sent:
        raise Problem("required", _("ファイルを選んでください。"), field="files")
    try:
        found = all_received([(file.name or "", file) for file in sent])
    except Problem as problem:
        problem.field = "files"
        raise
    name = sent[0].name or ""
    if len(sent) > 1:
        name = _("%(first)sほか%(n)d個") % {"first": name[:200], "n": len(sent) - 1}
    data = BeginBundle(
        name,
        [[file.path, file.sha256, file.trouble] for file in found],
        request.POST.get("by", queries.NUMBER),
        request.POST.get("sort", "") if request.POST.get("sort", "") in dict(ATTACHMENT_KINDS) else "",
    )
    return begin_bundle(ctx, one.book, data)


def _choose(request: HttpRequest, ctx: Context, one: Opened, errors: Sequence[FieldError]) -> HttpResponse:
    said = {error.key: str(error.message) for error in errors}
    tells = queries.tells(one.ledger)
    return show(
        request,
        ctx,
        "bundle_choose",
        _("写真・文書をまとめて付ける"),
        crumbs=one.crumbs(ctx),
        status=422 if errors else 200,
        errors=errors,
        fields=[
            field(
                "files",
                _("写真・図面・文書、またはそれを入れたZIP"),
                widget="file",
                multiple=True,
                accept=f"{kinds.accept(kinds.USUAL)},.zip",
                error=said.get("files", ""),
                hint=_(
                    "JPEG・PNG・WebP・PDFを%(most)d個まで、合わせて%(size)sまで。ZIPの中のフォルダもそのまま読みます。"
                )
                % {"most": MOST, "size": limits.in_mb(LIMITS.size)},
            ),
            field(
                "by",
                _("ファイルの名前にある番号"),
                widget="radio",
                value=request.POST.get("by", queries.NUMBER),
                choices=list(tells.items()),
                error=said.get("by", ""),
            )
            if len(tells) > 1
            else "",
            field(
                "sort",
                _("種類"),
                widget="select",
                required=False,
                value=request.POST.get("sort", ""),
                choices=ATTACHMENT_KINDS,
                hint=_("選ばなければ、画像は写真、PDFは文書にします。1つずつ変えられます。"),
            ),
        ],
        number_label=one.ledger.number_label,
        before=[
            (found, _STATES[found.state], one.href(ctx, "ledgers-bundle", found.pk))
            for found in queries.bundles(ctx, one.book)[:_BEFORE]
        ],
        back=one.href(ctx),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def bundle(request: HttpRequest, ctx: Context, key: str, bundle_id: UUID) -> HttpResponseBase:
    """One bundle: how far it is, what waits to be decided, what became of the rest."""
    one = _one(ctx, key)
    found = queries.bundle_of(ctx, one.ledger, bundle_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        do = request.POST.get("do", "")
        if do == "stop":
            stop_bundle(ctx, found, NoData())
        elif do == "settle":
            errors = _settle(ctx, one, found, request.POST)
        else:
            raise Missing
        if not errors:
            return see("ledgers-bundle", ctx, one.ledger.key, found.pk)
        found = queries.bundle_of(ctx, one.ledger, bundle_id)
    return _page(request, ctx, one, found, errors)


def _settle(ctx: Context, one: Opened, found: Bundle, posted: QueryDict) -> dict[str, str]:
    """Each file that something is said of, one after another: what goes wrong with one keeps the others from nothing. Item → what is wrong."""
    errors: dict[str, str] = {}
    for item in queries.items(ctx, found, "waiting")[:_SHOWN]:
        own = str(item.pk)
        chosen, number = posted.get(f"entry-{own}", ""), posted.get(f"number-{own}", "").strip()
        try:
            entry = _entry(ctx, one, number) if number else chosen
            if not entry:
                continue  # decided another time
            settle_item(
                ctx,
                found,
                SettleItem(
                    own,
                    "" if entry == _NONE else entry,
                    sort if (sort := posted.get(f"sort-{own}", "")) in dict(ATTACHMENT_KINDS) else "",
                    posted.get(f"paper-{own}", "")[:80],
                    bool(posted.get(f"camera-{own}")),
                ),
            )
        except Problem as problem:
            errors[own] = str(errors_of(problem)[0].message)
    return errors


def _entry(ctx: Context, one: Opened, number: str) -> str:
    """The id of the entry with a number. Raises :class:`Problem`."""
    found = ledger_queries.entries(ctx, one.ledger).filter(number__in=spellings(number)).first()
    if found is None:
        raise Problem(
            "number",
            _("番号「%s」の行が見つかりません。番号を確かめてください。") % number[:40],
            field="number",
            found=number[:40],
        )
    return str(found.pk)


def _page(
    request: HttpRequest, ctx: Context, one: Opened, found: Bundle, errors: Mapping[str, str]
) -> HttpResponse:
    busy = found.state == "reading"
    counts = queries.counted(ctx, found)
    waiting = [] if busy else list(queries.items(ctx, found, "waiting")[:_SHOWN])
    lines = _lines(ctx, one, waiting, request.POST, errors)
    done = list(queries.items(ctx, found, "attached")[:MOST])
    entries = queries.entries_of(ctx, one.ledger, done)
    answer = show(
        request,
        ctx,
        "bundle",
        _("まとめて付ける：%s") % found.name,
        crumbs=[*one.crumbs(ctx), Link(_("写真・文書をまとめて付ける"), one.href(ctx, "ledgers-bundles"))],
        status=422 if errors else 200,
        bundle=found,
        state=_STATES[found.state],
        busy=busy,
        errors=[FieldError(f"entry-{own}", message) for own, message in errors.items()],
        lines=[line for line in lines if len(line.item.candidates) == 1],
        open_lines=[line for line in lines if len(line.item.candidates) != 1],
        counts=counts,
        more=counts.get("waiting", 0) - len(waiting),
        kinds=ATTACHMENT_KINDS,
        refused=list(queries.items(ctx, found, "refused")),
        left=list(queries.items(ctx, found, "left")),
        attached=[
            (
                item,
                entries[item.entry].number,
                title_of(one.ledger, entries[item.entry]),
                one.href(ctx, "ledgers-entry", item.entry),
            )
            for item in done
            if item.entry in entries
        ],
        here=one.href(ctx, "ledgers-bundle", found.pk),
        again=one.href(ctx, "ledgers-bundles"),
        back=one.href(ctx),
        over=found.state in {"done", "stopped"},
        number_label=one.ledger.number_label,
        sure=sum(len(line.item.candidates) == 1 for line in lines),
    )
    if busy:
        answer["Refresh"] = "5"
    return answer


def _lines(
    ctx: Context, one: Opened, items: Sequence[BundleItem], posted: QueryDict, errors: Mapping[str, str]
) -> list[Line]:
    entries = queries.entries_of(ctx, one.ledger, items)
    there = queries.there_already(ctx, one.book, items, entries)
    lines = []
    for item in items:
        own = str(item.pk)
        ids = [UUID(each) for each in item.candidates if UUID(each) in entries]
        twice = item.file is not None and any((pk, item.file.sha256) in there for pk in ids)
        sure = str(ids[0]) if len(ids) == 1 and not twice else ""
        notes = [_("同じ内容のファイルが、もうこの行に付いています。")] if twice else []
        if len(ids) == 1 and (far := _far(item, entries[ids[0]])):
            notes.append(far)
        lines.append(
            Line(
                item,
                one.href(ctx, "ledgers-bundle-file", item.bundle_id, item.pk),
                [(str(pk), f"{entries[pk].number} {title_of(one.ledger, entries[pk])}") for pk in ids],
                posted.get(f"entry-{own}", sure),
                posted.get(f"number-{own}", ""),
                posted.get(f"sort-{own}", item.sort),
                posted.get(f"paper-{own}", names.paper_number(item.path) if item.sort != "photo" else ""),
                _camera(item),
                bool(posted.get(f"camera-{own}", "1" if f"entry-{own}" not in posted else "")),
                notes,
                errors.get(own, ""),
            )
        )
    return lines


def _camera(item: BundleItem) -> str:
    """What the camera wrote, in words."""
    found = []
    if item.taken_on:
        found.append(format_date(item.taken_on))
    if item.latitude is not None and item.longitude is not None:
        found.append(f"{item.latitude.normalize():f}, {item.longitude.normalize():f}")
    if item.direction is not None:
        found.append(_("方位 %(n)s°") % {"n": f"{item.direction.normalize():f}"})
    return "・".join(found)


def _far(item: BundleItem, entry: object) -> str:
    """That a photo was taken far from where its entry is: the number in its name may be another's."""
    place = getattr(entry, "place", None)
    if place is None or item.latitude is None or item.longitude is None:
        return ""
    here = shapely.Point(float(item.longitude), float(item.latitude))
    near = shapely.shortest_line(place.geometry, here).coords[0]
    metres = distance(here.x, here.y, Landmark("", near[0], near[1]))
    if metres < _FAR:
        return ""
    shown = f"{metres / 1000:.1f}km" if metres >= 1000 else f"{metres:.0f}m"
    return _("撮影地点が、この行の位置から%sはなれています。") % shown


@require_safe
@desk_page
def file(request: HttpRequest, ctx: Context, key: str, bundle_id: UUID, item_id: UUID) -> HttpResponseBase:
    """One of the files, to look at before it is given to an entry."""
    one = _one(ctx, key)
    found = queries.bundle_of(ctx, one.ledger, bundle_id)
    item = queries.items(ctx, found).filter(pk=item_id).first()
    if item is None or item.file is None or item.state != "waiting":
        raise Missing
    ports.trail().read(ctx, f"{one.ledger.key}.read", "ledger_bundle", [found.pk], how="file")
    return serve(request, ctx, item.file, owner=item, permission=VIEW_ITEM)
