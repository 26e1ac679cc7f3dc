"""Files of an entry, what it is linked with, deadlines that are settled: what is sent from an entry's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.engines.ledger import queries
from yakuba.engines.ledger.actions.attachments import AttachFile, attach, detach
from yakuba.engines.ledger.actions.deadlines import settle
from yakuba.engines.ledger.actions.joints import join, part
from yakuba.engines.ledger.declaration import find_ledger
from yakuba.engines.ledger.models import Attachment
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.signs import spellings
from yakuba.kernel.access.desk import see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Missing, Problem
from yakuba.kernel.actions.scoping import view_permission
from yakuba.kernel.fields import specs_of
from yakuba.kernel.files import uploads
from yakuba.kernel.files.receiving import received
from yakuba.kernel.files.serving import serve
from yakuba.kernel.ui.components import FieldError, field
from yakuba.services.ledgers.views import entry as entries
from yakuba.services.ledgers.views import forms
from yakuba.services.ledgers.views.frame import Opened, opened, show, typed
from yakuba.services.ledgers.views.parts import day_or_none

#: A file that nobody confirms goes with the sweeper after a day.
_CONFIRMED_WITHIN: Final = 12 * 3600
_ASKED: Final = ("kind", "caption", "taken_on", "latitude", "longitude", "direction", "paper_number")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def add_file(request: HttpRequest, ctx: Context, key: str, entry_id: UUID) -> HttpResponseBase:
    """Send a photo or a paper; then look at what the camera wrote, put it right, and keep it."""
    one = opened(ctx, key)
    entry = queries.entry_of(ctx, one.ledger, entry_id)
    one.demand_writes()
    salt = f"ledgers.attach.{ctx.municipality.code}.{ctx.actor.id}.{entry.pk}"
    if request.method != "POST":
        return _choose(request, ctx, one, entry)
    if request.POST.get("do") != "keep":
        try:
            sent = received(request, "file")
            taken = uploads.take(sent, sent.name or "", camera=True)
        except Problem as problem:
            problem.field = "file"
            return _choose(request, ctx, one, entry, problem)
        token = signing.dumps([taken.sha256, taken.name, taken.made_by_us], salt=salt)
        return _confirm(request, ctx, one, entry, token, taken.name, _offered(taken))
    token, said = request.POST.get("taken", ""), {name: request.POST.get(name, "") for name in _ASKED}
    try:
        sha256, name, made_by_us = signing.loads(token, salt=salt, max_age=_CONFIRMED_WITHIN)
    except signing.BadSignature:
        late = Problem("late", _("時間がたったので、ファイルをもう一度選んでください。"), field="file")
        return _choose(request, ctx, one, entry, late)
    try:
        own = {
            "entry": str(entry.pk),
            "sha256": sha256,
            "name": name,
            "made_by_us": "1" if made_by_us else "0",
        }
        attach(ctx, one.book, attach.read_text({**said, **own}))
    except Problem as problem:
        return _confirm(request, ctx, one, entry, token, name, said, problem)
    return see("ledgers-entry", ctx, one.ledger.key, entry.pk, fragment="files")


def _offered(taken: uploads.Taken) -> dict[str, str]:
    """What stands in the form at first: what the camera wrote, for a person to confirm."""
    camera = taken.inspected.camera
    picture = taken.inspected.width > 0
    found = {"kind": "photo" if picture else "paper"}
    if camera is not None:
        found["taken_on"] = day_or_none(camera.taken_on)
        specs = specs_of(AttachFile)
        for name in ("latitude", "longitude", "direction"):
            found[name] = typed(getattr(camera, name), specs[name])
    return found


def _choose(
    request: HttpRequest, ctx: Context, one: Opened, entry: Entry, problem: Problem | None = None
) -> HttpResponse:
    errors = errors_of(problem, ["file"])
    return show(
        request,
        ctx,
        "file_choose",
        _("写真・文書を付ける"),
        crumbs=one.crumbs(ctx, one.crumb_of(ctx, entry)),
        status=problem.status if problem else 200,
        errors=errors,
        file_field=field(
            "file",
            _("写真・図面・文書"),
            widget="file",
            error=errors[0].message if errors else "",
            hint=_(
                "JPEG・PNG・PDF・Word・Excelを選べます。写真に記録された撮影日・地点・方位は次の画面で確かめ、写真からは取り除きます。"
            ),
        ),
        back=one.href(ctx, "ledgers-entry", entry.pk),
    )


def _confirm(
    request: HttpRequest,
    ctx: Context,
    one: Opened,
    entry: Entry,
    token: str,
    name: str,
    values: Mapping[str, str],
    problem: Problem | None = None,
) -> HttpResponse:
    errors = errors_of(problem, _ASKED)
    said, specs = forms.by_key(errors), specs_of(AttachFile)
    return show(
        request,
        ctx,
        "file_confirm",
        _("付けるファイルを確かめる"),
        crumbs=one.crumbs(ctx, one.crumb_of(ctx, entry)),
        status=problem.status if problem else 200,
        errors=errors,
        token=token,
        name=name,
        found=problem is None and bool(values.get("taken_on") or values.get("latitude")),
        fields=[forms.drawn(each, specs[each], values.get(each, ""), said.get(each, "")) for each in _ASKED],
        back=one.href(ctx, "ledgers-entry", entry.pk),
    )


@require_safe
@desk_page
def file(request: HttpRequest, ctx: Context, key: str, entry_id: UUID, file_id: UUID) -> HttpResponseBase:
    """A photo or a paper itself."""
    one = opened(ctx, key)
    entry = queries.entry_of(ctx, one.ledger, entry_id)
    found = next((row for row in queries.attachments(ctx, entry) if row.pk == file_id), None)
    view = view_permission(Attachment)
    if found is None or view is None:
        raise Missing
    one.log_read(ctx, [entry.pk])
    return serve(request, ctx, found.file, owner=found, permission=view)


@require_POST
@desk_page
def change(request: HttpRequest, ctx: Context, key: str, entry_id: UUID) -> HttpResponseBase:
    """Take a file away, link, part, settle: the small forms of an entry's page."""
    one = opened(ctx, key)
    entry = queries.entry_of(ctx, one.ledger, entry_id)
    do, posted = request.POST.get("do", ""), request.POST
    try:
        if do == "detach":
            raw = {"attachment": posted.get("id", ""), "reason": posted.get("reason", "")}
            detach(ctx, one.book, detach.read_text(raw))
        elif do == "settle":
            raw = {"deadline": posted.get("id", ""), "outcome": posted.get("outcome", "")}
            settle(ctx, one.book, settle.read_text(raw))
        elif do == "part":
            part(ctx, one.book, part.read_text({"joint": posted.get("id", "")}))
        elif do == "join":
            _join(ctx, one, entry, posted)
        else:
            raise Missing
    except Problem as problem:
        return entries.draw(
            request,
            ctx,
            one,
            queries.entry_of(ctx, one.ledger, entry_id),
            errors=_placed(problem, do),
            status=problem.status,
        )
    return see("ledgers-entry", ctx, one.ledger.key, entry.pk)


def _join(ctx: Context, one: Opened, entry: Entry, posted: Mapping[str, str]) -> None:
    """By the other's ledger and number, as people know it. Raises :class:`Problem`."""
    ledger = find_ledger(posted.get("ledger", ""))
    number = posted.get("number", "").strip()
    other = (
        queries.entries(ctx, ledger).filter(number__in=spellings(number)).first()
        if ledger and number
        else None
    )
    if ledger is None or other is None:
        raise Problem(
            "number",
            _("番号「%(number)s」の行が見つかりません。相手の台帳と番号を確かめてください。")
            % {"number": number[:40]},
            field="number",
            found=number[:40],
        )
    raw = {
        "entry": str(entry.pk),
        "other_kind": ledger.key,
        "other_id": str(other.pk),
        "relation": posted.get("relation", ""),
    }
    join(ctx, one.book, join.read_text(raw))


def _placed(problem: Problem, do: str) -> Sequence[FieldError]:
    """Errors at the fields of the form that was sent."""
    return [
        FieldError(f"{do}-{one.key}" if do == "join" and one.key else "", one.message)
        for one in errors_of(problem, ["number", "relation", "ledger"])
    ]
