"""A reading row by row before it goes into a draft, and its pieces without a place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Missing, Problem, Stale
from yakuba.kernel.sheets.respond import Format
from yakuba.kernel.ui.components import Link, badge
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListView, known, position, slice_rows
from yakuba.services.plan import cells, labels, rules, sources
from yakuba.services.plan.actions import SettleReading, StagedAnswer, settle_reading
from yakuba.services.plan.actions.staging import MAX_ANSWERS
from yakuba.services.plan.rows import Form
from yakuba.services.plan.staging import Decision, by_line
from yakuba.services.plan.views.desk import listed, staging_desk
from yakuba.services.plan.views.desk.frame import address, errors_of, saves, show
from yakuba.services.plan.views.desk.initiative import DOUBTS, SOME_DOUBT, key_of
from yakuba.services.plan.views.desk.staging_desk import Desk, NotReady, Typed, own_page, to

_AROUND = 2
_PIECES = 50
# The fields that a piece can go into: running texts take it behind what they have, the others are replaced.
_TARGETS = ("purpose", "issue", "approach", "effect", "result", "schedule_past", "schedule")
_WORDS = ("title", "progress")


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row of a reading in the list of all."""

    number: str
    title: str
    offices: str
    document: int
    row: int
    open: int
    decided: int
    state: str


@require_safe
@desk_page
def rows(request: HttpRequest, ctx: Context, import_id: UUID) -> HttpResponseBase:
    """Every row of a reading, to look through and to put right."""
    try:
        desk = Desk.of(ctx, import_id)
    except NotReady:
        return own_page(ctx, import_id)
    found = list(_listed(desk))
    several = len(desk.staged.documents) > 1
    titles = [staging_desk.document_title(one) for one in desk.staged.documents]
    spec: ListSpec[ListedRow] = ListSpec(
        columns=(
            Column("number", _("番号"), narrow=True),
            Column(
                "title",
                _("取組"),
                main=True,
                link=lambda one: address("plan-desk-check-row", ctx, import_id, one.document, one.row),
            ),
            Column("offices", _("担当")),
            Column("state", _("確認"), narrow=True, show=_state),
        ),
        filters=(
            Filter(
                "state",
                _("確認"),
                tuple(
                    Choice(code, label, sum(one.state == code for one in found))
                    for code, label in (
                        ("open", _("確認が要る")),
                        ("decided", _("確かめた・直した")),
                        ("read", _("読み取りのまま")),
                    )
                ),
            ),
            *(
                [
                    Filter(
                        "document",
                        _("文書"),
                        tuple(
                            Choice(str(n), title, sum(one.document == n for one in found))
                            for n, title in enumerate(titles)
                        ),
                    )
                ]
                if several
                else []
            ),
        ),
        search=_("番号、取組名、担当で探す"),
    )
    state = spec.parse(request.GET)
    view = ListView(
        key="rows",
        caption=_("読み取った取組"),
        spec=spec,
        state=state,
        page=slice_rows(spec, state, found),
        path=address("plan-desk-check-rows", ctx, import_id),
        exports=saves("plan-desk-check-rows-sheet", ctx, import_id),
        read_only=True,
    )
    return show(
        request,
        ctx,
        "import_rows",
        _("読み取った取組"),
        crumbs=staging_desk.crumbs(ctx, desk.job),
        tabs=staging_desk.steps(desk, "plan-desk-check-rows"),
        list=view,
    )


@require_safe
@desk_page
def rows_sheet(request: HttpRequest, ctx: Context, import_id: UUID, file_format: Format) -> HttpResponseBase:
    """The rows of a reading as a sheet to be read beside the document."""
    try:
        desk = Desk.of(ctx, import_id)
    except NotReady:
        return own_page(ctx, import_id)
    titles = [staging_desk.document_title(one) for one in desk.staged.documents]
    words = {"open": _("確認が要る"), "decided": _("確かめた・直した"), "read": _("読み取りのまま")}
    columns = (
        listed.text_column("document", _("文書")),
        listed.text_column("number", _("番号")),
        listed.text_column("title", _("取組")),
        listed.text_column("offices", _("担当")),
        listed.text_column("state", _("確認")),
    )
    found = [
        {
            "document": titles[one.document],
            "number": one.number,
            "title": one.title,
            "offices": one.offices,
            "state": words[one.state],
        }
        for one in _listed(desk)
    ]
    return listed.answer(ctx, _("読み取った取組"), columns, found, file_format)


def _listed(desk: Desk) -> Iterator[ListedRow]:
    waiting: dict[tuple[int, int], int] = {}
    for one in desk.open:
        waiting[one.at] = waiting.get(one.at, 0) + 1
    decided: dict[tuple[int, int], int] = {}
    for document, row, _path in desk.staged.fields:
        decided[document, row] = decided.get((document, row), 0) + 1
    for document, given in enumerate(desk.staged.documents):
        for row, form in enumerate(given["initiatives"]):
            at = (document, row)
            yield ListedRow(
                form["number"],
                form["title"],
                "、".join(office["name"] for office in form["offices"]),
                *at,
                waiting.get(at, 0),
                decided.get(at, 0),
                "open" if at in waiting else "decided" if at in decided else "read",
            )


def _state(one: ListedRow) -> object:
    if one.open:
        return badge(_("確認%(n)d") % {"n": one.open}, tone="warn", mark="triangle")
    return badge(_("済み%(n)d") % {"n": one.decided}, tone="good") if one.decided else ""


@dataclass(frozen=True, slots=True)
class RowField:
    """One field of a row as the page draws it."""

    key: str
    cell: cells.Cell
    at: str
    kinds: tuple[str, ...]
    line: int | None
    decision: str
    open: bool
    selected: bool
    check_href: str
    place: bool
    """Whether it is a place in the tree, to be chosen."""


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def row(request: HttpRequest, ctx: Context, import_id: UUID, document: int, place: int) -> HttpResponseBase:
    """A row of a reading beside its source; ``?edit=<path>`` opens the form of a field, ``?field=<path>`` shows where it was read."""
    known(request.GET, "edit", "field")
    try:
        desk = Desk.of(ctx, import_id)
        desk.staged.form((document, place))
    except NotReady:
        return own_page(ctx, import_id)
    except LookupError:
        raise Missing from None
    if request.method != "POST":
        return _row_page(request, desk, (document, place), request.GET.get("edit", ""))
    given = staging_desk.answer_of(request)
    path, value = given.get("path", ""), request.POST.get("value", "")
    if (given["document"], given.get("row")) != (document, place):
        raise Missing
    try:
        staging_desk.decide(request, ctx, desk.job, [given])
    except (Stale, Problem) as problem:
        typed = staging_desk.refused(problem, value)
        return _row_page(request, Desk.of(ctx, import_id), (document, place), path, typed)
    return to(f"{address('plan-desk-check-row', ctx, import_id, document, place)}#{key_of(path)}")


def _row_page(
    request: HttpRequest, desk: Desk, at: tuple[int, int], opened: str, typed: Typed | None = None
) -> HttpResponse:
    ctx, job = desk.ctx, desk.job
    form = desk.staged.form(at)
    opened = opened if rules.correctable(opened) else ""
    chosen = opened or request.GET.get("field", "") or "title"
    place = sources.place_of(form, chosen)
    fields = _row_fields(desk, at, form, opened, chosen)
    sections: dict[str, list[RowField]] = {}
    for one in fields:
        sections.setdefault(one.cell.section, []).append(one)
    here = address("plan-desk-check-row", ctx, job.pk, *at)
    count = len(desk.staged.documents[at[0]]["initiatives"])
    return show(
        request,
        ctx,
        "import_row",
        f"{form['number']} {form['title']}".strip(),
        crumbs=[
            *staging_desk.crumbs(ctx, job),
            Link(_("読み取った取組"), address("plan-desk-check-rows", ctx, job.pk)),
        ],
        status=200 if typed is None else 409 if typed.stale else 422,
        job=job,
        form=form,
        here=here,
        sections=sections.items(),
        missing=[
            Link(str(label), f"{here}?{urlencode({'edit': f'texts.{key}'})}#{key_of(f'texts.{key}')}")
            for key, label in labels.TEXTS.items()
            if key not in form["texts"] and key in _TARGETS
        ],
        before=address("plan-desk-check-row", ctx, job.pk, at[0], at[1] - 1) if at[1] else "",
        after=address("plan-desk-check-row", ctx, job.pk, at[0], at[1] + 1) if at[1] + 1 < count else "",
        back=address("plan-desk-check-rows", ctx, job.pk),
        place=place,
        part=sources.part_name(place.part) if place else "",
        excerpt=sources.excerpt(job, place, _AROUND) if place else None,
        mark=desk.mark(at, opened) if opened else "",
        places=staging_desk.places(desk.staged.documents[at[0]]),
        typed=typed,
        errors=typed.errors if typed else (),
    )


def _row_fields(desk: Desk, at: tuple[int, int], form: Form, opened: str, chosen: str) -> list[RowField]:
    listed = cells.cells(form)
    known_ = {cell.path for cell in listed}
    for path in [*(doubt["field"] for doubt in form["doubts"]), opened]:
        if path and path not in known_:
            try:
                listed.append(cells.cell(form, path))
            except LookupError:
                continue
            known_.add(path)
    found = []
    for cell in listed:
        place = sources.place_of(form, cell.path)
        key = f"{at[0]}.{at[1]}.{cell.path}"
        doubts = [doubt for doubt in form["doubts"] if doubt["field"] == cell.path]
        found.append(
            RowField(
                key_of(cell.path),
                cell,
                key,
                tuple(str(DOUBTS.get(doubt["code"], SOME_DOUBT)) for doubt in doubts),
                place.line if place else None,
                _by(desk.decision(key)),
                cell.path == opened,
                cell.path == chosen,
                staging_desk.here(desk, key) if doubts else "",
                cell.path.startswith("placements["),
            )
        )
    return found


def _by(decision: Decision | None) -> str:
    if decision is None:
        return ""
    words = _("読み取りのとおり %(who)s") if decision.verdict == "keep" else _("訂正 %(who)s")
    return words % {"who": decision.by}


@dataclass(frozen=True, slots=True)
class Piece:
    """What one line of the document leaves without a place: a piece, or the cells of a row; decided together."""

    key: str
    """Document and numbers: ``0.3``, ``0.3-4-5``."""
    document: str
    text: str
    line: int | None
    part: str
    decision: str
    batch: str
    copy_href: str


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def pieces(request: HttpRequest, ctx: Context, import_id: UUID) -> HttpResponseBase:
    """The pieces without a place: put aside, or copied into a field; ``?piece=`` opens one with its source."""
    known(request.GET, "piece", "after")
    try:
        desk = Desk.of(ctx, import_id)
    except NotReady:
        return own_page(ctx, import_id)
    typed: Typed | None = None
    if request.method == "POST":
        try:
            _settle_pieces(request, desk)
        except Problem as problem:
            typed = Typed(request.POST.get("value", ""), tuple(errors_of(problem)))
            desk = Desk.of(ctx, import_id)
        else:
            return to(address("plan-desk-check-pieces", ctx, import_id))
    return _pieces_page(request, desk, typed)


def _pieces_page(request: HttpRequest, desk: Desk, typed: Typed | None) -> HttpResponse:
    ctx, job = desk.ctx, desk.job
    here = address("plan-desk-check-pieces", ctx, job.pk)
    listed = list(_pieces(desk, here))
    at = position(request.GET.get("after", ""))
    opened = request.GET.get("piece", "") or request.POST.get("piece", "")
    place, text, choices = None, "", []
    if found := _pieces_at(desk, opened):
        document, numbers = found
        loose = desk.staged.documents[document]["unplaced"]
        piece = loose[numbers[0]]
        text = "\n".join(loose[number]["text"] for number in numbers)
        if piece["line"] is not None:
            place = sources.Place(_file_of(desk), piece["line"], None, "", piece.get("part", ""))
        choices = [
            (str(n), f"{form['number']} {form['title']}".strip()[:80])
            for n, form in enumerate(desk.staged.documents[document]["initiatives"])
        ]
    return show(
        request,
        ctx,
        "import_pieces",
        _("置き場所のない記載"),
        crumbs=staging_desk.crumbs(ctx, job),
        status=422 if typed else 200,
        job=job,
        tabs=staging_desk.steps(desk, "plan-desk-check-pieces"),
        pieces=listed[at : at + _PIECES],
        total=len(listed),
        left=sum(not one.decision for one in listed),
        here_left=sum(not one.decision for one in listed[at : at + _PIECES]),
        previous=f"{here}?after={max(at - _PIECES, 0)}" if at else "",
        following=f"{here}?after={at + _PIECES}" if at + _PIECES < len(listed) else "",
        here=here,
        opened=opened if choices else "",
        text=typed.value if typed and typed.value else text,
        rows=choices,
        chosen_row=request.POST.get("row", ""),
        chosen_path=request.POST.get("path", ""),
        targets=[
            *((f"texts.{key}", str(labels.TEXTS[key])) for key in _TARGETS),
            ("title", _("取組名")),
            ("progress", _("進捗状況")),
        ],
        place=place,
        part=sources.part_name(place.part) if place else "",
        excerpt=sources.excerpt(job, place, _AROUND) if place else None,
        undo_href=address("plan-desk-check-undo", ctx, job.pk),
        errors=typed.errors if typed else (),
    )


def _file_of(desk: Desk) -> str:
    """The file that pieces were read from: a reading names it in the sources of its rows."""
    for document in desk.staged.documents:
        for form in document["initiatives"]:
            if form["source"]:
                return str(form["source"]["file"])
    return desk.job.file_name


def _pieces(desk: Desk, here: str) -> Iterator[Piece]:
    """The pieces in the document's order; those of one line and one decision are one."""
    several = len(desk.staged.documents) > 1
    words = {"aside": _("読まなくてよい"), "copy": _("取組に写した")}
    for document, given in enumerate(desk.job.reading["documents"]):
        loose: list[Form] = given["unplaced"]
        for numbers in _runs(desk, document, loose):
            first = loose[numbers[0]]
            key = f"{document}.{'-'.join(map(str, numbers))}"
            made = desk.staged.pieces.get((document, numbers[0]))
            yield Piece(
                key,
                staging_desk.document_title(given) if several else "",
                "\n".join(loose[n]["text"] for n in numbers),
                first["line"],
                sources.part_name(first.get("part", "")),
                f"{words['copy' if made.row is not None else made.verdict]}（{made.by}）" if made else "",
                made.batch if made else "",
                f"{here}?{urlencode({'piece': key})}#copy",
            )


def _runs(desk: Desk, document: int, loose: list[Form]) -> Iterator[list[int]]:
    """The pieces of a document by line; those of a line that were decided apart stand apart."""

    def batch(number: int) -> str:
        return desk.batch_of(document, number)

    for line in by_line(loose):
        for _batch, run in groupby(line, key=batch):
            yield list(run)


def _pieces_at(desk: Desk, key: str) -> tuple[int, list[int]] | None:
    """Document and numbers of a key; None for what is none."""
    document, _point, numbers = key.partition(".")
    parts = [document, *numbers.split("-")]
    if not all(one.isascii() and one.isdecimal() and len(one) < 7 for one in parts):
        return None
    found = list(dict.fromkeys(int(one) for one in parts[1:]))
    try:
        loose = desk.staged.documents[int(document)]["unplaced"]
    except IndexError:
        return None
    return (int(document), found) if all(one < len(loose) for one in found) else None


def _settle_pieces(request: HttpRequest, desk: Desk) -> None:
    """Put the ticked pieces aside, or copy those of a line into a field. Raises :class:`Problem`."""
    if request.POST.get("do") == "copy":
        given = _copied(request, desk)
    else:
        ticked = [found for key in request.POST.getlist("chosen") if (found := _pieces_at(desk, key))]
        if not ticked:
            raise Problem("chosen", _("1件以上を選んでください。"), field="chosen")
        given = [
            StagedAnswer(document=document, piece=number, verdict="aside")
            for document, numbers in ticked
            for number in numbers
            if (document, number) not in desk.staged.pieces
        ]
        if not given:
            return  # all of them are dealt with already
    for start in range(0, len(given), MAX_ANSWERS):
        job = desk.job if not start else staging_desk.light(desk.ctx, desk.job.pk)
        settle_reading(
            replace(desk.ctx, idempotency_key=None) if start else desk.ctx,
            job,
            SettleReading(given[start : start + MAX_ANSWERS]),
            expected_version=job.version,
        )


def _copied(request: HttpRequest, desk: Desk) -> list[StagedAnswer]:
    """The pieces of a line as one text for a field: the first is the text, the others go with it."""
    found = _pieces_at(desk, request.POST.get("piece", ""))
    row, path, value = (request.POST.get(key, "") for key in ("row", "path", "value"))
    if found is None:
        raise Missing
    if not (row.isascii() and row.isdecimal() and len(row) < 7):
        raise Problem("row", _("写す先の取組を選んでください。"), field="row")
    if path.removeprefix("texts.") not in _TARGETS and path not in _WORDS:
        raise Problem("path", _("写す先の項目を選んでください。"), field="path")
    if not value.strip():
        raise Problem("value", _("写す内容を入力してください。"), field="value")
    document, (first, *rest) = found
    return [
        StagedAnswer(document=document, piece=first, row=int(row), path=path, verdict="copy", value=value),
        *(StagedAnswer(document=document, piece=number, verdict="aside") for number in rest),
    ]
