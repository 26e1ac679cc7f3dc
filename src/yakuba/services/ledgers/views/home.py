"""The ledgers of the municipality: what stands in them, what is due, and who keeps which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.engines.ledger import access, queries
from yakuba.engines.ledger.actions.books import arrange_book, open_book
from yakuba.engines.ledger.declaration import Ledger, find_ledger, ledgers
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.records import Entry
from yakuba.kernel.access.desk import address, need, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Missing, Problem, Stale
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.town.queries import office_names, offices_on
from yakuba.kernel.ui.components import FieldError, Link, TableColumn, badge, field, table
from yakuba.services.ledgers.queries import due_counts
from yakuba.services.ledgers.views.frame import show


@dataclass(frozen=True, slots=True)
class Standing:
    """A ledger with its true counts: entries in force, each state in words, and how many deadlines press."""

    title: str
    href: str
    office: str
    many: str
    states: str
    due: int
    due_href: str


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Every ledger that the actor may see; those who arrange them open further ones here."""
    need(access.VIEW_BOOK, ctx)
    problem: Problem | None = None
    if request.method == "POST":
        try:
            here = Municipality.objects.for_actor(ctx).filter(pk=ctx.municipality.id).first()
            if here is None:
                raise Missing
            open_book(ctx, here, open_book.read_text(_posted(request, *open_book.labels())))
            return see("ledgers-home", ctx)
        except Problem as refused:
            problem = refused
    errors = errors_of(problem, open_book.labels())
    return _index(request, ctx, errors, status=problem.status if problem else 200)


def _posted(request: HttpRequest, *names: str) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in names}


def _index(request: HttpRequest, ctx: Context, errors: Sequence[FieldError], *, status: int) -> HttpResponse:
    books = queries.books(ctx)
    arranges = access.ARRANGE_BOOK.holds_anywhere(ctx)
    offices = office_names({one.office_id for one in books}, japan_date(ctx.now)) if books else {}
    due = due_counts(ctx, books)
    standing: list[Standing] = []
    for book in books:
        ledger = find_ledger(book.ledger)
        assert ledger is not None  # books() leaves out what is not installed  # noqa: S101
        counts = queries.counts_by_state(ctx, ledger)
        if not counts and arranges and not access.VIEW_ENTRIES.may(ctx, book).allowed:
            continue  # whoever only arranges the books sees what is arranged below
        href = address("ledgers-list", ctx, ledger.key)
        standing.append(
            Standing(
                str(ledger.label),
                href,
                offices.get(book.office_id, ""),
                _("%(n)s件") % {"n": f"{_in_force(ledger, counts):,}"},
                "・".join(f"{label} {counts[key]:,}" for key, label in ledger.chain.states if counts.get(key))
                or _("まだ行がありません"),
                due.get(book.pk, 0),
                f"{href}?view=due",
            )
        )
    missing = _not_open(books) if arranges else []
    return show(
        request,
        ctx,
        "home",
        _("台帳"),
        status=status,
        standing=standing,
        arranged=_arranged(ctx, books, offices) if arranges and books else "",
        errors=errors,
        fields=_fields(request, ctx, missing, errors) if missing else [],
        empty_body=_("下の「台帳を始める」で、台帳と所管課を選びます。")
        if missing
        else _("台帳の事務局が、台帳を始めて所管課を決めると、ここに並びます。"),
    )


def _in_force(ledger: Ledger[Entry], counts: dict[str, int]) -> int:
    return sum(many for state, many in counts.items() if state not in ledger.chain.ended)


def _not_open(books: Sequence[Book]) -> list[Ledger[Entry]]:
    known = {book.ledger for book in books}
    return [one for one in ledgers() if one.key not in known]


def _fields(
    request: HttpRequest, ctx: Context, missing: Sequence[Ledger[Entry]], errors: Sequence[FieldError]
) -> list[object]:
    said = {one.key: one.message for one in errors}
    posted = request.POST
    return [
        field(
            "ledger",
            _("台帳"),
            widget="select",
            value=posted.get("ledger", ""),
            choices=[(one.key, one.label) for one in missing],
            error=said.get("ledger", ""),
        ),
        _office_field(ctx, posted.get("office_code", ""), said),
        field(
            "open_to_staff",
            _("個人情報でない項目は、全職員が読める"),
            widget="checkbox",
            value=posted.get("open_to_staff", ""),
            required=False,
        ),
    ]


def _office_field(ctx: Context, code: str, said: Mapping[str, object]) -> object:
    today = japan_date(ctx.now)
    return field(
        "office_code",
        _("所管課"),
        widget="select",
        value=code,
        choices=[(one.code, one.name) for one in offices_on(ctx.municipality.id, today) if one.code],
        error=str(said.get("office_code", "")),
    )


def _arranged(ctx: Context, books: Sequence[Book], offices: object) -> object:
    assert isinstance(offices, dict)  # office id → name  # noqa: S101
    rows = []
    for book in books:
        ledger = find_ledger(book.ledger)
        assert ledger is not None  # as above  # noqa: S101
        rows.append(
            [
                _linked(str(ledger.label), address("ledgers-book", ctx, ledger.key)),
                offices.get(book.office_id, ""),
                _("全職員") if book.open_to_staff else _("所管課だけ"),
                badge(_("公開する"), tone="good", mark="circle-check") if book.released else _("公開しない"),
                format_date(book.opened_on),
            ]
        )
    columns = [
        TableColumn(label) for label in (_("台帳"), _("所管課"), _("読める人"), _("公開"), _("開始日"))
    ]
    return table(_("台帳の所管と範囲"), columns, rows, hide_caption=True)


def _linked(label: str, href: str) -> object:
    return format_html('<a href="{}">{}</a>', href, label)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def arrange(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """Which office keeps a ledger, who reads it, whether it is released."""
    ledger = find_ledger(key)
    if ledger is None:
        raise Missing
    book = queries.book_of(ctx, ledger)
    need(access.ARRANGE_BOOK, ctx)
    problem: Problem | None = None
    today = japan_date(ctx.now)
    code = next((one.code for one in offices_on(ctx.municipality.id, today) if one.id == book.office_id), "")
    # What stood there when the form was drawn: a book's version is no help, every new entry raises it.
    was = f"{code} {book.open_to_staff} {book.released}"
    values = {
        "office_code": code,
        "open_to_staff": "1" if book.open_to_staff else "",
        "released": "1" if book.released else "",
        "terms": book.terms,
        "reason": "",
    }
    if request.method == "POST":
        values = _posted(request, *values)
        try:
            sent = {
                **values,
                "open_to_staff": values["open_to_staff"] or "0",
                "released": values["released"] or "0",
            }
            if request.POST.get("was", "") != was:
                raise Stale(book.version, 0)
            arrange_book(ctx, book, arrange_book.read_text(sent))
            return see("ledgers-home", ctx)
        except Problem as refused:
            problem = refused
    errors = errors_of(problem, values)
    said = {one.key: one.message for one in errors}
    return show(
        request,
        ctx,
        "book",
        _("%(ledger)sの所管と範囲") % {"ledger": ledger.label},
        crumbs=[Link(_("台帳"), address("ledgers-home", ctx))],
        status=problem.status if problem else 200,
        was=was,
        errors=errors,
        fields=[
            _office_field(ctx, values["office_code"], said),
            field(
                "open_to_staff",
                _("個人情報でない項目は、全職員が読める"),
                widget="checkbox",
                value=values["open_to_staff"],
                required=False,
            ),
            field(
                "released",
                _("公開の項目を、市民に公開する"),
                widget="checkbox",
                value=values["released"],
                required=False,
                error=said.get("released", ""),
            ),
            field(
                "terms",
                _("利用条件"),
                widget="textarea",
                value=values["terms"],
                required=False,
                error=said.get("terms", ""),
            ),
            field("reason", _("理由"), value=values["reason"], required=False, error=said.get("reason", "")),
        ],
        back=address("ledgers-home", ctx),
    )
