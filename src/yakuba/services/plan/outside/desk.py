"""Codes of other surveys on the desk: a list, a form for each initiative, a sheet out and in; and the answer sheets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.desk import address, need, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Missing, Problem
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.files import limits
from yakuba.kernel.files.archives import LIMITS
from yakuba.kernel.files.receiving import received
from yakuba.kernel.sheets.changes import compare
from yakuba.kernel.sheets.reading import read
from yakuba.kernel.sheets.respond import Format, respond
from yakuba.kernel.text import fold, query_terms
from yakuba.kernel.ui.charts import figure
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.kernel.ui.formats import year_name
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListState, ListView, slice_rows
from yakuba.services.plan import queries as plan
from yakuba.services.plan import shown
from yakuba.services.plan.actions.outside import CodeRow, KeepCodes, keep_codes
from yakuba.services.plan.models import OUTSIDE_SYSTEMS, Edition
from yakuba.services.plan.outside import answers, queries, sheet
from yakuba.services.plan.outside.access import KEEP_CODES
from yakuba.services.plan.outside.codes import SYSTEMS, Item, written
from yakuba.services.plan.outside.tables import answer_table
from yakuba.services.plan.views.desk.frame import crumbs_of, name_of, saves, show, tabs_of

_YEARS_BACK: Final = 5


def _spec(ctx: Context, items: Sequence[Item]) -> ListSpec[Item]:
    def cell(system: str) -> Column[Item]:
        label = dict(OUTSIDE_SYSTEMS)[system]
        return Column(system, label, show=lambda one: written(one.codes, system))

    coded = sum(bool(one.codes) for one in items)
    return ListSpec(
        columns=(
            Column("number", _("番号"), narrow=True),
            Column(
                "title", _("取組・指標"), main=True,
                show=lambda one: f"　{one.indicator}" if one.position else one.title,
                link=lambda one: address("plan-outside-codes-of", ctx, one.initiative),
            ),
            Column("leads", _("担当")),
            *(cell(system) for system in SYSTEMS),
        ),
        filters=(
            Filter("coded", _("コード"), (Choice("yes", _("コードがある"), coded), Choice("no", _("コードがない"), len(items) - coded))),
        ),
        search=_("取組・指標・コードを探す"),
    )  # fmt: skip


def _matching(items: Sequence[Item], state: ListState) -> list[Item]:
    terms = query_terms(state.q)
    if state.q and not terms:
        return []
    wanted = state.chosen("coded")
    found = []
    for one in items:
        if wanted and ("yes" if one.codes else "no") not in wanted:
            continue
        text = fold(
            " ".join([one.number, one.title, one.indicator, *(written(one.codes, key) for key in SYSTEMS)])
        )
        if all(shown.occurs(term, text) for term in terms):
            found.append(one)
    return found


@require_safe
@desk_page
def codes(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """The codes of an edition."""
    edition = plan.edition(ctx, edition_id)
    items = queries.items(ctx, edition)
    spec = _spec(ctx, items)
    state = spec.parse(request.GET)
    may = KEEP_CODES.holds_anywhere(ctx)
    view = ListView(
        key="codes",
        caption=_("ほかの計画・調査のコード"),
        spec=spec,
        state=state,
        page=slice_rows(spec, replace(state, q="", filters={}), _matching(items, state), size=100),
        path=address("plan-outside-codes", ctx, edition.pk),
        exports=saves("plan-outside-codes-sheet", ctx, edition.pk),
        read_only=not may,
        empty_title=_("この版に、取組はまだありません"),
    )
    return show(
        request, ctx, "outside_codes", _("ほかの計画・調査のコード"), crumbs=crumbs_of(ctx, edition),
        tabs=tabs_of(ctx, edition, "plan-outside-codes"), list=view, edition=name_of(edition),
        import_href=address("plan-outside-import", ctx, edition.pk) if may else "",
        answers_href=address("plan-outside-answers", ctx, edition.pk),
    )  # fmt: skip


@require_safe
@desk_page
def codes_sheet(
    request: HttpRequest, ctx: Context, edition_id: UUID, file_format: Format
) -> HttpResponseBase:
    """The codes as a file; whoever may write them gets one that comes back in."""
    edition = plan.edition(ctx, edition_id)
    items = queries.items(ctx, edition)
    state = _spec(ctx, items).parse(request.GET)
    table = sheet.table(
        _matching(items, state), name=_("ほかの計画・調査のコード"), municipality=ctx.municipality.name, as_of=ctx.now,
        editable=KEEP_CODES.holds_anywhere(ctx),
    )  # fmt: skip
    return respond(table, file_format, f"{ctx.municipality.name}_{_('コード')}")


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of the form of an initiative."""

    name: str
    label: str
    value: str
    error: str


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def codes_of(request: HttpRequest, ctx: Context, initiative_id: UUID) -> HttpResponseBase:
    """The codes of one initiative and its indicators."""
    row = plan.initiative(ctx, initiative_id)
    edition = plan.edition(ctx, row.edition_id)
    items = [one for one in queries.items(ctx, edition) if one.initiative == row.pk]
    may = KEEP_CODES.holds_anywhere(ctx)
    typed = {f"{one.position}-{system}": written(one.codes, system) for one in items for system in SYSTEMS}
    errors: list[FieldError] = []
    if request.method == "POST":
        need(KEEP_CODES, ctx)
        typed = {key: request.POST.get(key, "") for key in typed}
        rows: list[CodeRow] = [
            {
                "initiative": str(one.initiative),
                "position": one.position,
                "seen": _seen(request.POST.get(f"{one.position}-seen", "")),
                "codes": {system: typed[f"{one.position}-{system}"] for system in SYSTEMS},
            }
            for one in items
        ]
        try:
            keep_codes(ctx, edition, KeepCodes(rows))
            return see("plan-outside-codes", ctx, edition.pk)
        except Problem as problem:
            errors = [FieldError(error.key.replace(".", "-"), error.message) for error in errors_of(problem)]
    said = {error.key: str(error.message) for error in errors}
    return show(
        request, ctx, "outside_of", _("コードを書く"),
        crumbs=[*crumbs_of(ctx, edition), Link(_("ほかの計画・調査のコード"), address("plan-outside-codes", ctx, edition.pk))],
        status=422 if errors else 200,
        errors=errors, name=f"{items[0].number} {row.title}".strip() if items else row.title, may_change=may,
        groups=[
            (
                one,
                [
                    Cell(f"{one.position}-{system}", label, typed[f"{one.position}-{system}"], said.get(f"{one.position}-{system}", ""))
                    for system, label in OUTSIDE_SYSTEMS
                ],
            )
            for one in items
        ],
        back=address("plan-outside-codes", ctx, edition.pk),
    )  # fmt: skip


def _seen(text: str) -> int:
    """The mark that a form was drawn with; 0, which no codes have, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def upload(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """Send a sheet of codes; the answer shows what it would change."""
    need(KEEP_CODES, ctx)
    edition = plan.edition(ctx, edition_id)
    if request.method != "POST":
        return _form(request, ctx, edition, [])
    items = queries.items(ctx, edition)
    try:
        cells = read(received(request, "file"))  # type: ignore[arg-type]  # an uploaded file reads and seeks like any stream
        found = compare(cells, sheet.columns(), sheet.rows(items))
    except Problem as problem:
        return _form(request, ctx, edition, [FieldError("file", one.message) for one in errors_of(problem)])
    rows, lines = sheet.changes(found, items)
    return show(
        request, ctx, "outside_preview", _("コードの表の確認"), crumbs=_up(ctx, edition),
        status=422 if found.problems else 200, found=found, lines=lines, changes=json.dumps(rows, ensure_ascii=False),
        confirm_href=address("plan-outside-confirm", ctx, edition.pk),
        again_href=address("plan-outside-import", ctx, edition.pk),
    )  # fmt: skip


def _up(ctx: Context, edition: Edition) -> list[Link]:
    codes_href = address("plan-outside-codes", ctx, edition.pk)
    return [*crumbs_of(ctx, edition), Link(_("ほかの計画・調査のコード"), codes_href)]


def _form(request: HttpRequest, ctx: Context, edition: Edition, errors: list[FieldError]) -> HttpResponse:
    return show(
        request, ctx, "outside_import", _("コードの表を取り込む"), crumbs=_up(ctx, edition),
        status=422 if errors else 200, errors=errors, error=errors[0].message if errors else "",
        limit=limits.in_mb(LIMITS.size), here=address("plan-outside-import", ctx, edition.pk),
        back=address("plan-outside-codes", ctx, edition.pk),
        sheet_href=address("plan-outside-codes-sheet", ctx, edition.pk, "xlsx"),
    )  # fmt: skip


@require_POST
@desk_page
def confirm(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """Take the codes in: all of them or none."""
    need(KEEP_CODES, ctx)
    edition = plan.edition(ctx, edition_id)
    try:
        keep_codes(ctx, edition, KeepCodes(_carried(request)))
    except Problem as problem:
        return _form(request, ctx, edition, [FieldError("file", one.message) for one in errors_of(problem)])
    return see("plan-outside-codes", ctx, edition.pk)


def _carried(request: HttpRequest) -> list[CodeRow]:
    """The rows that the page of the check carried; the action looks at their shape."""
    try:
        found = json.loads(request.POST.get("changes", "[]"))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list):
        raise Problem("changes", _("変更の内容を読み取れません。表をもう一度選んでください。"), field="file")
    return found


# --- answer sheets ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """Which answer sheet is asked for."""

    system: str
    year: FiscalYear
    phase: answers.Phase

    @property
    def query(self) -> str:
        """Its part of the address."""
        return f"?survey={self.system}&year={self.year.year}&phase={self.phase}"


def _asked(request: HttpRequest, ctx: Context, edition: Edition) -> Asked:
    """The sheet that an address names; :class:`Missing` for one that there is not."""
    system = request.GET.get("survey", SYSTEMS[0])
    phase = request.GET.get("phase", "provisional")
    year = request.GET.get("year", "")
    known = next((one for one in answers.PHASES if one == phase), None)
    years = _years(ctx, edition)
    chosen = next((one for one in years if str(one.year) == year), None) if year else years[0]
    if system not in SYSTEMS or known is None or chosen is None:
        raise Missing
    return Asked(system, chosen, known)


def _years(ctx: Context, edition: Edition) -> list[FiscalYear]:
    """The years that may be asked for: the edition's own and those before it."""
    last = max(edition.year.year, FiscalYear.of(ctx.now).year)
    return [FiscalYear(year) for year in range(last, edition.year.year - _YEARS_BACK - 1, -1)]


def _shown(value: str | Decimal) -> str:
    return figure(value) if isinstance(value, Decimal) else value


@require_safe
@desk_page
def answer_sheets(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """The answers to a survey, to look at before they leave as a file."""
    edition = plan.edition(ctx, edition_id)
    asked = _asked(request, ctx, edition)
    lines = answers.answers(ctx, edition, asked.system, asked.year, asked.phase)
    layout = answers.LAYOUTS[asked.system]
    return show(
        request, ctx, "outside_answers", _("回答シート"), crumbs=_up(ctx, edition),
        surveys=OUTSIDE_SYSTEMS, years=[(str(one.year), year_name(one)) for one in _years(ctx, edition)],
        phases=[(key, str(label)) for key, label in answers.PHASES.items()],
        asked=asked, chosen_year=str(asked.year.year), heads=[(str(answers.COLUMNS[key]), key in answers.NUMBERS) for key in layout],
        rows=[[(_shown(line.cells.get(key, "")), key in answers.NUMBERS) for key in layout] for line in lines],
        open=sum(line.open for line in lines), count=len(lines),
        here=address("plan-outside-answers", ctx, edition.pk),
        exports={
            label: href + asked.query for label, href in saves("plan-outside-answers-sheet", ctx, edition.pk).items()
        },
        codes_href=address("plan-outside-codes", ctx, edition.pk),
    )  # fmt: skip


@require_safe
@desk_page
def answer_file(
    request: HttpRequest, ctx: Context, edition_id: UUID, file_format: Format
) -> HttpResponseBase:
    """The answers as a file."""
    edition = plan.edition(ctx, edition_id)
    asked = _asked(request, ctx, edition)
    table, _lines = answer_table(ctx, edition, asked.system, asked.year, asked.phase)
    return respond(table, file_format, f"{ctx.municipality.name}_{table.name}")
