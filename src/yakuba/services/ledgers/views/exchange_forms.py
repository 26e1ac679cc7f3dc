"""What is printed of a ledger: its list, an entry, letters to many; and which letters went out when."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.engines.ledger import queries as entries
from yakuba.engines.ledger.exchange.access import VIEW_LETTERS
from yakuba.engines.ledger.forms import printing
from yakuba.engines.ledger.forms import queries as forms
from yakuba.engines.ledger.forms.actions import LETTERS, PrintLetters, print_letters
from yakuba.engines.ledger.forms.declaring import Form
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.values import title_of
from yakuba.engines.protection.queries import held
from yakuba.engines.protection.store import demand_free
from yakuba.kernel.access.desk import see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem, SubjectRef
from yakuba.kernel.dates import format_date, format_moment, japan_date
from yakuba.kernel.dates.wareki import parse_date
from yakuba.kernel.files import store as files
from yakuba.kernel.files.serving import serve
from yakuba.kernel.town.queries import office_name
from yakuba.kernel.ui.components import FieldError
from yakuba.services.ledgers import queries
from yakuba.services.ledgers.views import listed
from yakuba.services.ledgers.views.frame import Opened, opened, show, shown

#: The rows of a printed list; longer ones are read on a screen.
ROWS: Final = 3000
_RUNS: Final = 30


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """The forms of a ledger, with how many entries each letter is for, and what was printed."""
    one = opened(ctx, key)
    letters = []
    if one.writes:
        for form in one.ledger.forms:
            found, held = forms.candidates(ctx, one.installed, one.book, form)
            letters.append((form, found.count(), held, one.href(ctx, "ledgers-form", form.key)))
    labels = {form.key: form.label for form in one.ledger.forms}
    runs = [
        (one_run, labels.get(one_run.form, one_run.form), len(one_run.entries))
        for one_run in forms.runs(ctx, one.book)[:_RUNS]
    ]
    return show(
        request,
        ctx,
        "exchange_forms",
        _("%sの帳票") % one.label,
        crumbs=one.crumbs(ctx),
        letters=letters,
        runs=[(*each, one.href(ctx, "ledgers-letters", each[0].pk)) for each in runs],
        list_href=one.href(ctx, "ledgers-print-list"),
        back=one.href(ctx),
    )


@require_safe
@desk_page
def whole(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """The list as filtered, on paper."""
    one = opened(ctx, key)
    entries.demand_looked(one.book)
    state = listed.spec(ctx, one).parse(request.GET)
    found, held = forms.free(
        ctx, one.installed, queries.rows(ctx, one.ledger, one.book, listed.asked(one, state))
    )
    rows = list(found[: ROWS + 1])
    if len(rows) > ROWS:
        raise Problem(
            "many", _("%s行より多い一覧は印刷できません。状態や条件で絞り込んでください。") % f"{ROWS:,}"
        )
    names = [name for name in one.ledger.listed if name in one.specs]
    if one.personal:
        one.log_read(ctx, [row.pk for row in rows])
    heads = [
        str(one.ledger.number_label),
        *(one.specs[name].label for name in names),
        *(str(chain.label) for chain in one.ledger.all_chains),
    ]
    cells = [
        [
            row.number,
            *(shown(row, name, one.specs) for name in names),
            *(chain.label_of(getattr(row, chain.column)) for chain in one.ledger.all_chains),
        ]
        for row in rows
    ]
    return _pdf(printing.table(one.label, heads, cells, _notes(ctx, len(rows), held)), one.label)


def _notes(ctx: Context, count: int, held: int) -> list[str]:
    found = [_("%(day)s現在　%(count)s件") % {"day": format_moment(ctx.now), "count": f"{count:,}"}]
    if held:
        found.append(_("支援措置の確認が済んでいない%d件を除いています。") % held)
    return found


@require_safe
@desk_page
def one_entry(_request: HttpRequest, ctx: Context, key: str, entry_id: UUID) -> HttpResponseBase:
    """One entry on paper, as far as its reader may read."""
    one = opened(ctx, key)
    entry = entries.entry_of(ctx, one.ledger, entry_id)
    entries.demand_looked(one.book)
    demand_free(ctx, SubjectRef(one.ledger.key, entry.pk), "letter")
    if one.personal:
        one.log_read(ctx, [entry.pk])
    title = f"{one.label}　{entry.number}"
    states = [
        (str(chain.label), chain.label_of(getattr(entry, chain.column))) for chain in one.ledger.all_chains
    ]
    sections: list[tuple[str, list[tuple[str, str]]]] = [
        (_("番号と状態"), [(str(one.ledger.number_label), entry.number), *states])
    ]
    for section in one.ledger.sections:
        rows = [
            (one.specs[name].label, shown(entry, name, one.specs))
            for name in section.fields
            if name in one.specs
        ]
        sections.append((str(section.label), rows))
    extra = [(spec.label, shown(entry, name, one.specs)) for name, spec in one.specs.items() if "." in name]
    if extra:
        sections.append((_("追加の項目"), extra))
    sheet = printing.Sheet(f"{title}　{title_of(one.ledger, entry)}", sections)
    notes = [_("%s現在") % format_moment(ctx.now)]
    return _pdf(printing.entries(title, [sheet], notes), f"{one.label}_{entry.number}")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def letter(request: HttpRequest, ctx: Context, key: str, form: str) -> HttpResponseBase:
    """A letter to all entries that it is for: how many, which day it bears, and its PDF."""
    one = opened(ctx, key)
    one.demand_writes()
    chosen = forms.form_of(one.installed, form)
    if request.method != "POST":
        return _ask(request, ctx, one, chosen, format_date(japan_date(ctx.now)), [])
    typed = request.POST.get("day", "")
    try:
        _print(ctx, one, chosen, _day(typed))
    except Problem as problem:
        return _ask(request, ctx, one, chosen, typed, errors_of(problem, {"day"}))
    return see("ledgers-forms", ctx, one.ledger.key)


def _day(text: str) -> dt.date:
    try:
        return parse_date(text)
    except ValueError as exc:
        raise Problem(
            "date",
            _("「文書の日付」は、令和8年4月1日やR8.4.1のように入れてください。"),
            field="day",
            found=text[:40],
        ) from exc


def _ask(
    request: HttpRequest, ctx: Context, one: Opened, form: Form[Entry], day: str, errors: list[FieldError]
) -> HttpResponse:
    found, held = forms.candidates(ctx, one.installed, one.book, form)
    sets = one.all_specs[form.sets].label if form.sets else ""
    return show(
        request,
        ctx,
        "exchange_letter",
        str(form.label),
        crumbs=one.crumbs(ctx),
        status=422 if errors else 200,
        errors=errors,
        count=found.count(),
        held=held,
        most=LETTERS,
        day=day,
        sets=sets,
        back=one.href(ctx, "ledgers-forms"),
    )


def _print(ctx: Context, one: Opened, form: Form[Entry], day: dt.date) -> None:
    """The PDF is made before the transaction that keeps it."""
    found, held = forms.candidates(ctx, one.installed, one.book, form)
    rows = list(found[:LETTERS])
    if not rows:
        raise Problem("none", _("この文書を送る行は、いまありません。"))
    if one.personal:
        one.log_read(ctx, [row.pk for row in rows])
    sender = [ctx.municipality.name, office_name(one.book.office_id, japan_date(ctx.now))]
    with translation.override("ja"):  # a letter is the city's, in whatever language its clerk reads the desk
        each = [printing.Letter(form.addressee(row), row.number, form.body(row, day)) for row in rows]
        paper = printing.letters(str(form.title), sender, day, each)
    data = PrintLetters(form.key, day, [str(row.pk) for row in rows], held, files.put(paper))
    print_letters(ctx, one.book, data)


@require_safe
@desk_page
def run(request: HttpRequest, ctx: Context, key: str, run_id: UUID) -> HttpResponseBase:
    """What was printed, once more; not while 支援措置 stands on somebody in it, however old it is."""
    one = opened(ctx, key)
    found = forms.run_of(ctx, one.book, run_id)
    refs = [SubjectRef(one.ledger.key, UUID(str(entry))) for entry in found.entries]
    for ref in sorted(held(ctx, refs), key=lambda ref: ref.id)[:1]:
        demand_free(ctx, ref, "letter")
    one.log_read(ctx, [UUID(str(entry)) for entry in found.entries])
    return serve(request, ctx, found.file, owner=found, permission=VIEW_LETTERS)


def _pdf(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = (
        content_disposition_header(as_attachment=False, filename=f"{name}.pdf") or "inline"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer
