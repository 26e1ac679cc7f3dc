"""Registering what came on paper, by telephone or at the counter: choose the procedure, fill in what is there."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.desk import desk_shell, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import several
from yakuba.kernel.actions import Context, Denied, Missing, Problem
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.dates.clock import japan_time
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.fields.kinds import Moment
from yakuba.kernel.ids import uuid7
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.services.procedures.access.desk import ENTER_INTO
from yakuba.services.procedures.actions.entering import ENTERED, ON_PAPER
from yakuba.services.procedures.actions.entering import enter as enter_filing
from yakuba.services.procedures.definition import answers
from yakuba.services.procedures.definition.forms import field_name
from yakuba.services.procedures.definition.model import Definition
from yakuba.services.procedures.filings import queries
from yakuba.services.procedures.models import Procedure


@require_safe
@desk_page
def choose(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Which procedure came in: those of the person's own offices."""
    if not ENTER_INTO.holds_anywhere(ctx):
        raise Denied
    found = queries.enterable(ctx)
    return render(
        request,
        "procedures/desk/enter_choose.html",
        {
            "page": desk_shell(request, ctx, _("紙・電話・窓口の受付を記録する"), _crumbs(ctx)),
            "procedures": [
                (one.title, reverse("procedures-enter-form", args=[ctx.municipality.code, one.pk]))
                for one in found
            ],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def enter(request: HttpRequest, ctx: Context, procedure_id: UUID) -> HttpResponseBase:
    """One page with everything that the form asks. What the paper lacks may stay empty, after it was pointed out once."""
    procedure, definition = _asked(ctx, procedure_id)
    if request.method != "POST":
        return _form(request, ctx, procedure, definition, _nearly_certain(ctx, definition), [])
    posted = {key: request.POST.getlist(key) for key in request.POST}
    read, again = _read(definition, posted, ctx)
    raw = {
        "procedure": str(procedure.pk),
        "channel": request.POST.get("channel", ""),
        "arrived_at": _moment(request.POST.get("arrived_at", "")),
        "answers": read.given,
        "result": request.POST.get("result", ""),
    }
    lacks = () if request.POST.get("as_is") else read.problems.items()
    lacking = [FieldError(name, message) for name, message in lacks]
    try:
        data = enter_filing.read_json(cast("dict[str, JsonValue]", raw))
        if again or lacking:
            return _form(request, ctx, procedure, definition, read, lacking)
        filing = enter_filing(ctx, None, data)
    except Problem as problem:
        wrong = [FieldError(one.field or "arrived_at", one.message) for one in several(problem)]
        return _form(request, ctx, procedure, definition, read, [*wrong, *lacking])
    return see("casework-case", ctx, filing.case_id)


def _nearly_certain(ctx: Context, definition: Definition) -> answers.Read:
    """What stands in a form that is opened: who comes to the counter lives here. Addresses that need not be given stay empty."""
    town = Municipality.objects.for_actor(ctx).get(pk=ctx.municipality.id)
    here = {"prefecture": town.prefecture, "city": town.name}
    return answers.Read(
        {},
        typed={
            field_name(one.key, part): text
            for _section, one in definition.asking_order
            if one.kind == "address" and one.required and not one.when
            for part, text in here.items()
        },
    )


def _asked(ctx: Context, procedure_id: UUID) -> tuple[Procedure, Definition]:
    found = Procedure.objects.for_actor(ctx).filter(pk=procedure_id).first()
    if found is None:
        raise Missing
    verdict = ENTER_INTO.may(ctx, found)
    if not verdict.allowed:
        raise Denied(verdict.reason)
    definition = queries.newest_definition(ctx, procedure_id)
    if definition is None:
        raise Missing
    return found, definition


def _read(definition: Definition, posted: dict[str, list[str]], ctx: Context) -> tuple[answers.Read, bool]:
    """(all sections as one, whether the page has to be shown again before anything else)."""
    whole = answers.Read({})
    again = False
    day = japan_date(ctx.now)
    for section in definition.sections():
        read = answers.read_section(definition, section.key, posted, whole.given, day)
        whole = answers.Read(read.given, {**whole.problems, **read.problems}, {**whole.typed, **read.typed})
        again = again or read.pressed or bool(read.appeared)
    return whole, again


def _moment(text: str) -> str:
    """Typed by the clock of Japan, as the action's JSON wants it; what cannot be read stays as it was typed."""
    try:
        kind = Moment()
        return cast("str", kind.to_json(kind.parse(text)))
    except ValueError:
        return text


def _form(
    request: HttpRequest,
    ctx: Context,
    procedure: Procedure,
    definition: Definition,
    read: answers.Read | None,
    errors: list[FieldError],
) -> HttpResponseBase:
    day = japan_date(ctx.now)
    given = read.given if read else {}
    sections = [
        (page.section.title.get("ja", ""), answers.form_page(definition, page, given, read, day))
        for page in answers.visible(definition, given, day)
    ]
    now = japan_time(ctx.now)
    results = _results(definition)
    context = {
        "page": desk_shell(request, ctx, procedure.title, [*_crumbs(ctx), _choose(ctx)]),
        "new_key": str(uuid7()),
        "errors": errors,
        "channels": ENTERED,
        "channel": request.POST.get("channel", "counter"),
        "arrived_at": request.POST.get("arrived_at", f"{format_date(now.date())} {now:%H:%M}"),
        "results": results,
        "result": request.POST.get("result", results[0][0] if len(results) == 1 else ""),
        "own_errors": {one.key: one.message for one in errors},
        "sections": sections,
        "lacking": bool(read and read.problems),
        "as_is": bool(request.POST.get("as_is")),
        "back": reverse("procedures-enter", args=[ctx.municipality.code]),
    }
    status = 422 if errors else 200
    return render(request, "procedures/desk/enter.html", context, status=status)


def _results(definition: Definition) -> list[tuple[str, str]]:
    """How the result can be wanted: as the procedure says, on paper where it knows only a download."""
    here = [(key, _(label)) for key, label in ON_PAPER if key in definition.result]
    return here or [(key, _(label)) for key, label in ON_PAPER if key != "none"]


def _crumbs(ctx: Context) -> list[Link]:
    return [Link(_("案件"), reverse("casework-inbox", args=[ctx.municipality.code]))]


def _choose(ctx: Context) -> Link:
    return Link(_("紙・電話・窓口の受付"), reverse("procedures-enter", args=[ctx.municipality.code]))
