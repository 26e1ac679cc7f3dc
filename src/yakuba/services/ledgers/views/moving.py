"""Moves of an entry along its chains, and two entries side by side that may be one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.engines.ledger import queries
from yakuba.engines.ledger.declaration import MERGED, VOID, Chain, Step
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.values import title_of
from yakuba.kernel.access.desk import address, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Missing, Problem
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.ui.components import FieldError, field
from yakuba.services.ledgers.views.frame import Opened, opened, show, shown


@dataclass(frozen=True, slots=True)
class StepForm:
    """The form of one move. ``key`` tells the forms of a page apart."""

    key: str
    step: str
    chain: str
    chain_label: str
    label: str
    leads: str
    href: str
    fields: Sequence[SafeString]
    question: str


def step_form(
    ctx: Context,
    one: Opened,
    entry: Entry,
    chain: Chain,
    step: Step,
    typed: dict[str, str] | None = None,
    errors: Sequence[FieldError] = (),
) -> StepForm:
    """The form of a move: the day, and what the step needs."""
    key = f"{chain.column}-{step.key}"
    said = {each.key: each.message for each in errors}
    values = typed or {"day": format_date(japan_date(ctx.now))}
    fields = [
        field(
            f"{key}-day",
            _("異動日"),
            name="day",
            widget="date",
            value=values.get("day", ""),
            required=False,
            error=said.get("day", ""),
        )
    ]
    for name, label in (("document", _("文書番号")), ("reason", _("理由"))):
        if name == "document" and step.key == VOID:
            continue
        fields.append(
            field(
                f"{key}-{name}",
                label,
                name=name,
                value=values.get(name, ""),
                required=name in step.needs,
                error=said.get(name, ""),
            )
        )
    ends = step.go_to in {VOID, MERGED} or step.go_to in chain.ended
    return StepForm(
        key,
        step.key,
        chain.column,
        "" if chain is one.ledger.chain else str(chain.label),
        str(step.label),
        chain.label_of(step.go_to),
        one.href(ctx, "ledgers-move", entry.pk),
        fields,
        _("「%(state)s」にします。よろしいですか。") % {"state": chain.label_of(step.go_to)} if ends else "",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def move(request: HttpRequest, ctx: Context, key: str, entry_id: UUID) -> HttpResponseBase:
    """One move: a page of its own where its form came back, or where a link asks for it (``step``, ``chain``)."""
    one = opened(ctx, key)
    entry = queries.entry_of(ctx, one.ledger, entry_id)
    one.demand_writes()
    asked = request.POST if request.method == "POST" else request.GET
    chain = one.ledger.chain_of(asked.get("chain", "state"))
    if chain is None:
        raise Missing
    step = _step(chain, entry, asked.get("step", ""))
    if request.method != "POST":
        if step is None:
            raise Missing
        return _form(request, ctx, one, entry, step_form(ctx, one, entry, chain, step))
    action = one.installed.actions.move
    typed = {name: request.POST.get(name, "") for name in action.labels()}
    try:
        action(ctx, entry, action.read_text(typed), expected_version=version_of(request))
    except Problem as problem:
        for single in getattr(problem, "problems", None) or (problem,):
            single.field = "day" if single.field == "holds_from" else single.field
        errors = errors_of(problem, ["day", "document", "reason"])
        entry = queries.entry_of(ctx, one.ledger, entry_id)
        form = step_form(ctx, one, entry, chain, step, typed, errors) if step else None
        return _form(request, ctx, one, entry, form, errors, status=problem.status)
    return see("ledgers-entry", ctx, one.ledger.key, entry.pk)


def _step(chain: Chain, entry: Entry, key: str) -> Step | None:
    """The move of a key from where the entry stands; None for one that is not allowed from there."""
    before = getattr(entry, chain.column)
    if key == VOID and chain.column == "state":
        return Step(VOID, _("誤登録として取り消す"), before, VOID, frozenset({"reason"}))
    return next((step for step in chain.steps_from(before) if step.key == key), None)


def _form(
    request: HttpRequest,
    ctx: Context,
    one: Opened,
    entry: Entry,
    form: StepForm | None,
    errors: Sequence[FieldError] = (),
    *,
    status: int = 200,
) -> HttpResponse:
    drawn = [
        FieldError(f"{form.key}-{each.key}" if form and each.key else "", each.message) for each in errors
    ]
    return show(
        request,
        ctx,
        "move",
        form.label if form else _("異動"),
        crumbs=one.crumbs(ctx, one.crumb_of(ctx, entry)),
        status=status,
        entry=entry,
        form=form,
        errors=drawn,
        back=one.href(ctx, "ledgers-entry", entry.pk),
    )


# --- doubles ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def compare(request: HttpRequest, ctx: Context, key: str, entry_id: UUID, other_id: UUID) -> HttpResponseBase:
    """Two entries side by side, and what they are to each other: one and the same, or two."""
    one = opened(ctx, key)
    entry, other = (queries.entry_of(ctx, one.ledger, found) for found in (entry_id, other_id))
    one.demand_writes()
    if entry.pk == other.pk:
        raise Missing
    problem: Problem | None = None
    if request.method == "POST":
        do = request.POST.get("do", "")
        goes, stays = (other, entry) if do == "take" else (entry, other)
        action = one.installed.actions.merge
        try:
            if do not in {"go", "take", "apart"}:
                raise Missing
            data = action.read_text(
                {
                    "into": str(stays.pk),
                    "same": "0" if do == "apart" else "1",
                    "reason": request.POST.get("reason", ""),
                }
            )
            action(ctx, goes, data)
            return see("ledgers-entry", ctx, one.ledger.key, stays.pk if do != "apart" else entry.pk)
        except Problem as refused:
            problem = refused
    errors = errors_of(problem, ["reason"])
    one.log_read(ctx, [entry.pk, other.pk])
    rows = [
        (spec.label, *(shown(row, name, one.specs) for row in (entry, other)))
        for name, spec in one.specs.items()
    ]
    return show(
        request,
        ctx,
        "compare",
        _("%(one)sと%(other)sを比べる") % {"one": entry.number, "other": other.number},
        crumbs=one.crumbs(ctx, one.crumb_of(ctx, entry)),
        status=problem.status if problem else 200,
        entry=entry,
        other=other,
        titles=[
            (row.number, title_of(one.ledger, row), one.href(ctx, "ledgers-entry", row.pk))
            for row in (entry, other)
        ],
        states=[one.ledger.chain.label_of(row.state) for row in (entry, other)],
        rows=[(label, left, right, left != right) for label, left, right in rows],
        number_label=one.ledger.number_label,
        errors=errors,
        reason=field(
            "reason",
            _("統合する理由"),
            value=request.POST.get("reason", ""),
            required=False,
            hint=_("統合するときは、同じものと分かった理由を書きます。"),
            error=next((each.message for each in errors if each.key == "reason"), ""),
        ),
        back=address("ledgers-entry", ctx, one.ledger.key, entry.pk),
    )
