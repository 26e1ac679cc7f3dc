"""Documents on their way in: sent, read by the worker, looked at, taken into a draft."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.desk import address, need, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Missing, NoData, Problem
from yakuba.kernel.files import limits
from yakuba.kernel.files.archives import LIMITS
from yakuba.kernel.files.receiving import received
from yakuba.kernel.ids import uuid7
from yakuba.kernel.ui.components import FieldError, Link, TableColumn, badge
from yakuba.kernel.ui.formats import moment
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListView, slice_rows
from yakuba.services.plan import access, elsewhere, queries, uploads
from yakuba.services.plan.actions import (
    CommitImport,
    ReceiveFile,
    commit_import,
    discard_import,
    receive_file,
)
from yakuba.services.plan.actions.staging import plain
from yakuba.services.plan.models import Import, StagedDecision
from yakuba.services.plan.review import Review, answers, continued, review
from yakuba.services.plan.rows import Form
from yakuba.services.plan.staging import NAMES, by_line, claims, questions, replay, weighty
from yakuba.services.plan.views.desk.frame import name_of, saves, show

# How long a healthy worker lets a document wait; after that the page says that none seems to run.
_PATIENCE = dt.timedelta(seconds=45)
_SHOWN = 100
_TONES = {"ready": "accent", "committed": "good", "refused": "bad"}
_STATES = {
    "queued": gettext_lazy("順番待ち"),
    "reading": gettext_lazy("読み取り中"),
    "ready": gettext_lazy("確認待ち"),
    "refused": gettext_lazy("読めませんでした"),
    "committed": gettext_lazy("反映済み"),
    "discarded": gettext_lazy("取りやめ"),
}
WAITING = ("queued", "reading")


def _crumbs(ctx: Context) -> list[Link]:
    return [Link(_("計画書の取り込み"), address("plan-desk-imports", ctx))]


def import_of(ctx: Context, import_id: UUID) -> Import:
    """One import; :class:`Missing` where there is none for this actor."""
    found = queries.imports(ctx).filter(pk=import_id).first()
    if found is None:
        raise Missing
    return found


def _state(job: Import, failed: frozenset[str]) -> object:
    if str(job.pk) in failed:
        return badge(_("読み取りに失敗"), tone="bad")
    return badge(_STATES[job.state], tone=_TONES.get(job.state, "neutral"))  # type: ignore[arg-type]  # tones of badge


def _failed(ctx: Context, jobs: Iterable[Import]) -> frozenset[str]:
    """Those of the imports whose reading will not come any more: the worker gave up."""
    waiting = {str(job.pk) for job in jobs if job.state in WAITING}
    return queries.failed_readings(ctx) & waiting if waiting else frozenset()


def state_words(ctx: Context) -> list[tuple[Import, str]]:
    """All imports, newest first, each with where it stands, in words."""
    jobs = list(queries.imports(ctx).defer("reading")[:500])
    failed = _failed(ctx, jobs)
    return [(job, _("読み取りに失敗") if str(job.pk) in failed else str(_STATES[job.state])) for job in jobs]


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """All imports, newest first."""
    need(access.VIEW_IMPORT, ctx)
    jobs = list(queries.imports(ctx).defer("reading")[:500])
    failed = _failed(ctx, jobs)
    spec: ListSpec[Import] = ListSpec(
        columns=(
            Column(
                "file_name",
                _("ファイル名"),
                main=True,
                link=lambda job: address("plan-desk-import", ctx, job.pk),
            ),
            Column("state", _("状態"), narrow=True, show=lambda job: _state(job, failed)),
            Column("created_at", _("受け取り"), narrow=True, show=lambda job: moment(job.created_at)),
            Column("created_by", _("取り込んだ人"), narrow=True),
        ),
        filters=(
            Filter(
                "state",
                _("状態"),
                tuple(
                    Choice(code, label, count)
                    for code, label in _STATES.items()
                    if (count := sum(job.state == code for job in jobs))
                ),
            ),
        )
        if jobs
        else (),
    )
    state = spec.parse(request.GET)
    view = ListView(
        key="imports",
        caption=_("計画書の取り込み"),
        spec=spec,
        state=state,
        page=slice_rows(spec, state, jobs),
        path=address("plan-desk-imports", ctx),
        exports=saves("plan-desk-imports-sheet", ctx) if jobs else {},
        read_only=bool(jobs),
        empty_title=_("まだ取り込みがありません"),
        empty_body=_("計画書のファイルを1つ選ぶと、読み取って下書きにします。"),
        empty_action=_("計画書を取り込む"),
        empty_href=address("plan-desk-import-new", ctx),
    )
    return show(
        request, ctx, "imports", _("計画書の取り込み"), list=view, has_imports=bool(jobs),
        new_href=address("plan-desk-import-new", ctx),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Send a document."""
    need(access.VIEW_IMPORT, ctx)
    errors: list[FieldError] = []
    if request.method == "POST":
        try:
            uploaded = received(request, "file")
            sender = f"{ctx.municipality.id} {ctx.actor.id} {ctx.idempotency_key or uuid7()}"
            name = uploads.receive(uploaded, sender)
            job = receive_file(ctx, None, ReceiveFile((uploaded.name or "")[:255], name))
        except Problem as problem:
            errors = [FieldError("file", error.message) for error in errors_of(problem)]
        else:
            if job.upload != name:
                uploads.remove(name)  # the same form came twice, and the first was read meanwhile
            return see("plan-desk-import", ctx, job.pk)
    return show(
        request,
        ctx,
        "import_new",
        _("計画書を取り込む"),
        crumbs=_crumbs(ctx),
        errors=errors,
        error=errors[0].message if errors else "",
        limit=limits.in_mb(LIMITS.size),
        back=address("plan-desk-imports", ctx),
        status=422 if errors else 200,
    )


@require_safe
@desk_page
def show_import(request: HttpRequest, ctx: Context, import_id: UUID) -> HttpResponseBase:
    """How far an import is: progress, the review of what was read, or how it ended."""
    return _page(request, ctx, import_of(ctx, import_id))


def _page(
    request: HttpRequest, ctx: Context, job: Import, errors: list[FieldError] | None = None
) -> HttpResponse:
    labels = (_("受け取り"), _("読み取り"), _("確認"), _("反映"))
    step = {"queued": 1, "reading": 2, "refused": 2, "ready": 3, "discarded": 3, "committed": 4}[job.state]
    common: dict[str, Any] = {  # Any: what three templates share
        "job": job,
        "labels": labels,
        "step": step,
        "errors": errors or [],
        "back": address("plan-desk-imports", ctx),
        "new_href": address("plan-desk-import-new", ctx),
        "discard_href": address("plan-desk-import-discard", ctx, job.pk),
    }
    crumbs = _crumbs(ctx)
    if job.state in WAITING:
        late = ctx.now - job.created_at > _PATIENCE
        doing = (
            _("文書を読み取っています。") if job.state == "reading" else _("読み取りの順番を待っています。")
        )
        return show(
            request,
            ctx,
            "import_progress",
            job.file_name,
            crumbs=crumbs,
            late=late,
            failed=bool(_failed(ctx, [job])),
            doing=doing,
            **common,
        )
    if job.state == "ready":
        return _ready(request, ctx, job, errors or [], crumbs, common)
    edition_href = address("plan-desk-edition", ctx, job.edition_id) if job.edition_id else ""
    same_file = queries.editions(ctx).filter(file=job.file_id) if job.file_id and job.edition_id else []
    others = [one for one in same_file if one.pk != job.edition_id]
    more = [Link(name_of(one), address("plan-desk-edition", ctx, one.pk)) for one in others]
    return show(
        request,
        ctx,
        "import_done",
        job.file_name,
        crumbs=crumbs,
        edition_href=edition_href,
        more=more,
        **common,
    )


def _brought(documents: Iterable[Form]) -> str:
    """Whose corrections a data file says that it holds; nobody here made them, and whoever takes it in should know."""
    names = Counter(
        mark["by"]
        for document in documents
        for form in document["initiatives"]
        for mark in form["corrected"].values()
    )
    return "、".join(_("%(who)s %(n)d件") % {"who": name, "n": count} for name, count in names.most_common(8))


def _ready(
    request: HttpRequest,
    ctx: Context,
    job: Import,
    errors: list[FieldError],
    crumbs: list[Link],
    common: Mapping[str, Any],  # Any: what three templates share
) -> HttpResponse:
    """The review as a whole: what is left to check, and what taking it in would do."""
    read = job.reading["documents"]
    made = plain(StagedDecision.objects.for_actor(ctx).filter(job=job, undone_at=None).order_by("number"))
    staged = replay(read, made)
    there = continued(ctx, read)
    asked = questions(read, staged, answers(there, read))
    left = sum(one.state == "open" for one in asked)
    heavy = weighty(asked, there)
    names = sum(one.path in NAMES for one in heavy)
    documents = [staged.taken(number) for number in range(len(read))]
    return show(
        request,
        ctx,
        "import_review",
        job.file_name,
        crumbs=crumbs,
        status=422 if errors else 200,
        documents=[
            _drawn(ctx, review(ctx, document, staged.decided(number)))
            for number, document in enumerate(documents)
        ],
        total=len(asked),
        left=left,
        done=len(asked) - left,
        loose=sum(len(by_line(document["unplaced"])) for document in documents),
        check_href=address("plan-desk-check", ctx, job.pk),
        rows_href=address("plan-desk-check-rows", ctx, job.pk),
        pieces_href=address("plan-desk-check-pieces", ctx, job.pk),
        heavy=len(heavy),
        brought=_brought(read),
        heavy_names=names,
        heavy_rows=len({one.at for one in heavy if one.at not in there}),
        left_out=len(staged.left_out),
        made=len(staged.made),
        elsewhere=list(dict.fromkeys(elsewhere.warnings_of(read))),
        error={error.key: error.message for error in errors},
        commit_href=address("plan-desk-import-commit", ctx, job.pk),
        **common,
    )


def _drawn(ctx: Context, found: Review) -> dict[str, object]:
    """A review with its tables: at most a hundred lines of each, and how many more."""
    about = found.document["plan"]
    figures = found.figures
    names = {
        "initiatives": _("取組"),
        "nodes": _("区分"),
        "flags": _("印（新規・重点など）"),
        "indicators": _("指標"),
        "values": _("値"),
        "doubts": _("確認が要る読み取り"),
        "unplaced": _("置き場所のない記載"),
        "warnings": _("注意"),
    }
    changes = [(row, change) for row in found.changed for change in row.changes]
    return {
        "review": found,
        "title": f"{about['title']} {about['edition'] or found.year.wareki}",
        "edition_name": name_of(found.edition) if found.edition else "",
        "edition_href": address("plan-desk-edition", ctx, found.edition.pk) if found.edition else "",
        "figures": [(label, figures[key]) for key, label in names.items()],
        "claims": claims(found.document),
        "changes": changes[:_SHOWN],
        "more_changes": max(len(changes) - _SHOWN, 0),
        "kept": [row for row in found.changed if row.kept],
        "lost": [row for row in found.changed if row.lost],
        "row_columns": [TableColumn(_("番号")), TableColumn(_("取組"))],
        "new_rows": [(form["number"], form["title"]) for form in found.new[:_SHOWN]],
        "more_new": max(len(found.new) - _SHOWN, 0),
        "removed_rows": [(form["number"], form["title"]) for form in found.removed],
        "stays_rows": [(form["number"], form["title"]) for form in found.stays],
    }


@require_POST
@desk_page
def commit(request: HttpRequest, ctx: Context, import_id: UUID) -> HttpResponseBase:
    """Take what was read into the draft."""
    job = import_of(ctx, import_id)
    try:
        job = commit_import(
            ctx,
            job,
            CommitImport(*(request.POST.get(key) == "1" for key in ("ours", "unchecked"))),
            expected_version=version_of(request),
        )
    except Problem as problem:
        errors = errors_of(problem)
        return _page(request, ctx, import_of(ctx, import_id), errors)
    return see("plan-desk-import", ctx, job.pk)


@require_POST
@desk_page
def discard(request: HttpRequest, ctx: Context, import_id: UUID) -> HttpResponseBase:
    """Call an import off."""
    job = import_of(ctx, import_id)
    upload = job.upload
    try:
        discard_import(ctx, job, NoData())
    except Problem as problem:
        return _page(request, ctx, import_of(ctx, import_id), errors_of(problem))
    uploads.remove(upload)
    return see("plan-desk-imports", ctx)
