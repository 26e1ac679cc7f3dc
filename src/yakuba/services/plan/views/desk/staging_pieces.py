"""The pieces of a reading without a place: put aside, copied into a field of a row, or made a row of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.desk import address
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Missing, Problem
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.ui.lists import known, position
from yakuba.services.plan import labels, rules, sources
from yakuba.services.plan.actions import SettleReading, StagedAnswer, settle_reading
from yakuba.services.plan.actions.staging import MAX_ANSWERS
from yakuba.services.plan.rows import Form
from yakuba.services.plan.staging import by_line, file_of
from yakuba.services.plan.views.desk import staging_desk
from yakuba.services.plan.views.desk.frame import show
from yakuba.services.plan.views.desk.staging_desk import Desk, Typed, to, while_ready

_AROUND = 2
_PIECES = 50
# The fields that a piece can go into: running texts take it behind what they have, the others are replaced.
TARGETS = ("purpose", "issue", "approach", "effect", "result", "schedule_past", "schedule")
_WORDS = ("title", "number", "offices", "progress", "indicators")
_STAGE = re.compile(r"stages\.[0-9]{4}")
# What may be said at once of a row that is made of a piece, besides its name; the rest is put right on its page.
_MADE = ("title", "number", "kind", "year", "offices", "texts.approach")
_NUMBER = re.compile(r"[(（]?[0-9０-９Ⅰ-ⅩA-Za-zア-ン①-⑳][0-9０-９A-Za-zア-ン().（）．\-－―‐・ー]{0,9}")


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
    make_href: str
    row_href: str
    """The row that was made of it."""


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
@while_ready
def pieces(request: HttpRequest, ctx: Context, import_id: UUID) -> HttpResponseBase:
    """The pieces without a place: put aside, or copied into a field; ``?piece=`` opens one with its source."""
    known(request.GET, "piece", "after", "do")
    desk = Desk.of(ctx, import_id)
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
    years, made = range(0), {}
    if found := _pieces_at(desk, opened):
        document, numbers = found
        loose = desk.staged.documents[document]["unplaced"]
        piece = loose[numbers[0]]
        text = "\n".join(loose[number]["text"] for number in numbers)
        if piece["line"] is not None:
            place = sources.Place(
                file_of(desk.staged.documents) or desk.job.file_name,
                piece["line"],
                None,
                "",
                piece.get("part", ""),
            )
        choices = [
            (str(n), f"{form['number']} {form['title']}".strip()[:80])
            for n, form in desk.staged.rows(document)
            if (document, n) not in desk.staged.left_out
        ]
        plan = desk.staged.documents[document]["plan"]
        years = range(plan["first_year"], plan["last_year"] + 1)
        made = {
            "year": rules.edition_year(plan).wareki,
            **_guessed([loose[number]["text"] for number in numbers]),
        }
    doing = "make" if "make" in (request.GET.get("do"), request.POST.get("do")) else "copy"
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
        opened=opened if found else "",
        doing=doing,
        made={key: request.POST.get(key, "") for key in _MADE}
        if typed and doing == "make"
        else {"title": "", **made},
        approach=(request.POST if typed and doing == "make" else made).get("texts.approach", ""),
        kinds=list(labels.KINDS.items()),
        said={error.key: error.message for error in typed.errors} if typed else {},
        text=typed.value if typed and typed.value else text,
        rows=choices,
        chosen_row=request.POST.get("row", ""),
        chosen_path=request.POST.get("path", ""),
        targets=[
            *((f"texts.{key}", str(labels.TEXTS[key])) for key in TARGETS),
            ("title", _("取組名")),
            ("number", _("番号")),
            ("offices", _("主管の課")),
            ("progress", _("進捗状況")),
            *((f"stages.{year}", _("工程 %(year)s") % {"year": FiscalYear(year).wareki}) for year in years),
            ("indicators", _("指標（名前）")),
        ],
        place=place,
        part=sources.part_name(place.part) if place else "",
        excerpt=sources.excerpt(job, place, _AROUND) if place else None,
        undo_href=address("plan-desk-check-undo", ctx, job.pk),
        errors=typed.errors if typed else (),
    )


def _pieces(desk: Desk, here: str) -> Iterator[Piece]:
    """The pieces in the document's order; those of one line and one decision are one."""
    several = len(desk.staged.documents) > 1
    words = {"aside": _("読まなくてよい"), "copy": _("取組に写した"), "make": _("新しい取組にした")}
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
                f"{words[made.verdict]}（{made.by}）" if made else "",
                made.batch if made else "",
                f"{here}?{urlencode({'piece': key})}#copy",
                f"{here}?{urlencode({'piece': key, 'do': 'make'})}#copy",
                address("plan-desk-check-row", desk.ctx, desk.job.pk, document, made.row)
                if made and made.verdict == "make" and made.row is not None
                else "",
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
    elif request.POST.get("do") == "make":
        given = _made(request, desk)
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
    if path.removeprefix("texts.") not in TARGETS and path not in _WORDS and not _STAGE.fullmatch(path):
        raise Problem("path", _("写す先の項目を選んでください。"), field="path")
    if not value.strip():
        raise Problem("value", _("写す内容を入力してください。"), field="value")
    document, (first, *rest) = found
    return [
        StagedAnswer(document=document, piece=first, row=int(row), path=path, verdict="copy", value=value),
        *(StagedAnswer(document=document, piece=number, verdict="aside") for number in rest),
    ]


def _guessed(texts: Sequence[str]) -> dict[str, str]:
    """What the cells of a line would be in a row, to be looked at and put right: a number, a name, the text behind it."""
    parts = [line for text in texts for line in text.splitlines() if line.strip()]
    number = parts.pop(0).strip() if len(parts) > 1 and _NUMBER.fullmatch(parts[0].strip()) else ""
    title, *rest = parts or [""]
    return {"number": number, "title": title.strip()[:300], "texts.approach": "\n".join(rest)}


def _made(request: HttpRequest, desk: Desk) -> list[StagedAnswer]:
    """The pieces of a line as one new row: the first makes it, what was typed says more of it, the other pieces go with it."""
    found = _pieces_at(desk, request.POST.get("piece", ""))
    if found is None:
        raise Missing
    typed = {path: request.POST.get(path, "").strip() for path in _MADE}
    document, (first, *others) = found
    forms = desk.staged.documents[document]["initiatives"]
    year = rules.edition_year(desk.staged.documents[document]["plan"]).wareki
    row = len(forms)
    return [
        StagedAnswer(
            document=document, piece=first, row=row, path="title", verdict="make", value=typed["title"]
        ),
        *(
            StagedAnswer(document=document, row=row, path=path, verdict="correct", value=text)
            for path, text in typed.items()
            if path != "title" and text and (path, text) != ("year", year)
        ),
        *(StagedAnswer(document=document, piece=number, verdict="aside") for number in others),
    ]
