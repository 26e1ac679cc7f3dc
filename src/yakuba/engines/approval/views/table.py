"""The city's table of decision rules: a list, a form for each line, a sheet that goes out and comes back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.engines.approval import access, actions, rule_sheet
from yakuba.engines.approval.actions.table import KEYS, RuleChange
from yakuba.engines.approval.models import DecisionRule
from yakuba.engines.approval.queries import proposals as queries
from yakuba.engines.approval.rules import CATEGORIES
from yakuba.engines.approval.views.frame import show
from yakuba.kernel.access.desk import address, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Denied, Missing, Problem, Problems
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import Invalid, JsonValue, spec_of
from yakuba.kernel.files import limits
from yakuba.kernel.files.archives import LIMITS
from yakuba.kernel.files.receiving import received
from yakuba.kernel.sheets import previewing
from yakuba.kernel.sheets.changes import compare
from yakuba.kernel.sheets.reading import read
from yakuba.kernel.sheets.rehearsal import rehearsed
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.town.models import AUTHORITIES, Municipality
from yakuba.kernel.ui.components import Link
from yakuba.kernel.ui.formats import plain_day, wareki, yen
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListView, slice_rows

_AUTHORITIES: Final = dict(AUTHORITIES)


def _row(rule: DecisionRule, today: dt.date) -> dict[str, object]:
    """A rule as a row that can be searched, filtered and shown."""
    return {
        "id": rule.pk,
        "authority": rule.authority,
        "matter": rule.matter or _("（ほかの行にない事項）"),
        "title": rule.title,
        "category": rule.category,
        "up_to_yen": rule.up_to_yen,
        "decided_by": rule.decided_by,
        "stand_ins": rule.stand_ins,
        "valid": _valid(rule),
        "ground": rule.ground,
        "standing": "now" if _stands(rule, today) else "not",
    }


def _valid(rule: DecisionRule) -> str:
    last = plain_day(rule.valid_to) if rule.valid_to else ""
    return f"{plain_day(rule.valid_from)}～{last}"


def _stands(rule: DecisionRule, today: dt.date) -> bool:
    return rule.valid_from <= today and (rule.valid_to is None or rule.valid_to >= today)


def _spec(ctx: Context) -> ListSpec[dict[str, object]]:
    keeps = access.CHANGE_RULES.holds_anywhere(ctx)

    def link(row: dict[str, object]) -> str:
        return address("approval-rule", ctx, row["id"])

    return ListSpec(
        columns=(
            Column("matter", _("事項"), main=True, link=link if keeps else None),
            Column("title", _("規程の文言")),
            Column("authority", _("機関"), show=lambda row: _AUTHORITIES[str(row["authority"])]),
            Column("category", _("区分"), show=lambda row: dict(CATEGORIES)[str(row["category"])]),
            Column(
                "up_to_yen",
                _("金額の上限"),
                kind="number",
                show=lambda row: yen(row["up_to_yen"]) if isinstance(row["up_to_yen"], int) else _("なし"),
            ),
            Column("decided_by", _("決裁する職")),
            Column("stand_ins", _("代決する職")),
            Column("valid", _("期間")),
            Column("ground", _("根拠")),
        ),
        filters=(
            Filter("authority", _("機関"), tuple(Choice(key, label) for key, label in AUTHORITIES)),
            Filter(
                "standing",
                _("今日"),
                (Choice("now", _("有効なもの")), Choice("not", _("有効でないもの"))),
            ),
        ),
        search=_("事項・職・根拠で探す"),
    )


@require_safe
@desk_page
def rules(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The table: any member of staff may read who decides what."""
    spec = _spec(ctx)
    state = spec.parse(request.GET)
    today = japan_date(ctx.now)
    rows = [_row(rule, today) for rule in queries.decision_rules(ctx)]
    keeps = access.CHANGE_RULES.holds_anywhere(ctx)
    view = ListView(
        key="rules",
        caption=_("決裁の定め"),
        spec=spec,
        state=state,
        page=slice_rows(spec, state, rows),
        path=address("approval-rules", ctx),
        exports=exports("approval-rules-sheet", ctx.municipality.code),
        import_href=address("approval-rules-import", ctx) if keeps else "",
        read_only=not keeps,
        empty_title=_("決裁の定めはまだありません"),
        empty_body=_(
            "事務決裁規程の専決事項を、1行ずつか表で加えます。定めのない事項は、機関の長が決裁します。"
        ),
        empty_action=_("定めを加える") if keeps else "",
        empty_href=address("approval-rule-new", ctx) if keeps else "",
    )
    return show(
        request,
        ctx,
        "rules",
        _("決裁の定め"),
        list=view,
        new_href=address("approval-rule-new", ctx) if keeps else "",
    )


@require_safe
@desk_page
def rules_sheet(request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The whole table as a file; whoever may change it gets one that comes back in."""
    name = _("決裁の定め")
    table = rule_sheet.table(
        queries.decision_rules(ctx),
        name=name,
        municipality=ctx.municipality.name,
        as_of=ctx.now,
        editable=access.CHANGE_RULES.holds_anywhere(ctx),
    )
    return respond(table, file_format, f"{ctx.municipality.name}_{name}")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def rule(request: HttpRequest, ctx: Context, rule_id: UUID) -> HttpResponseBase:
    """One line: change it, or strike it out."""
    _need(ctx)
    found = queries.decision_rule(ctx, rule_id)
    if request.method != "POST":
        return _form(request, ctx, found, _standing(found))
    typed = {key: request.POST.get(key, "") for key in KEYS}
    try:
        version = version_of(request)
        if request.POST.get("do") == "remove":
            typed = _standing(found)
            _change(ctx, {"id": str(found.pk), "version": version, "remove": True})
        else:
            _change(ctx, {"id": str(found.pk), "version": version, "rule": _read(typed)})
    except Problem as problem:
        return _form(request, ctx, found, typed, problem)
    return see("approval-rules", ctx)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new_rule(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Add one line."""
    _need(ctx)
    if request.method != "POST":
        return _form(request, ctx, None, {"authority": "mayor", "category": "general"})
    typed = {key: request.POST.get(key, "") for key in KEYS}
    try:
        _change(ctx, {"id": "", "version": 0, "rule": _read(typed)})
    except Problem as problem:
        return _form(request, ctx, None, typed, problem)
    return see("approval-rules", ctx)


def _need(ctx: Context) -> None:
    if not access.CHANGE_RULES.holds_anywhere(ctx):
        raise Denied


def _standing(found: DecisionRule) -> dict[str, str]:
    days = {"valid_from": wareki(found.valid_from), "valid_to": wareki(found.valid_to)}
    amount = "" if found.up_to_yen is None else str(found.up_to_yen)
    texts = {key: getattr(found, key) for key in KEYS if key not in {*days, "up_to_yen"}}
    return {**texts, **days, "up_to_yen": amount}


def _read(typed: Mapping[str, str]) -> dict[str, JsonValue]:
    """A line as typed, for the action. Raises :class:`Problems` for what is no date and no amount."""
    found: dict[str, JsonValue] = {}
    problems = []
    for key in KEYS:
        text = typed.get(key, "").strip()
        spec = spec_of(DecisionRule._meta.get_field(key))
        if spec is None or spec.kind is None or not text:
            found[key] = None
            continue
        try:
            found[key] = spec.kind.to_json(spec.kind.parse(text))
        except Invalid as invalid:
            problems.append(Problem.of(f"0.{key}", spec.label, invalid))
    if problems:
        raise Problems(problems)
    return found


def _change(ctx: Context, *changes: RuleChange) -> None:
    here = Municipality.objects.for_actor(ctx).filter(pk=ctx.municipality.id).first()
    if here is None:
        raise Missing
    actions.change_rules(ctx, here, actions.ChangeRules(list(changes)))


def _form(
    request: HttpRequest,
    ctx: Context,
    found: DecisionRule | None,
    typed: Mapping[str, str],
    problem: Problem | None = None,
) -> HttpResponse:
    problem = _of_one(problem)
    return show(
        request,
        ctx,
        "rule",
        _("決裁の定めを直す") if found else _("決裁の定めを加える"),
        crumbs=[_up(ctx)],
        problem=problem,
        rule=found,
        inputs=_inputs(typed, problem),
        back=address("approval-rules", ctx),
    )


def _inputs(typed: Mapping[str, str], problem: Problem | None) -> list[tuple[str, object, str, object]]:
    """The fields of a line: key, declaration, what stands in it, what is wrong with it."""
    said = {error.key: error.message for error in errors_of(problem)}
    return [
        (key, spec_of(DecisionRule._meta.get_field(key)), typed.get(key, ""), said.get(key, ""))
        for key in KEYS
    ]


def _of_one(problem: Problem | None) -> Problem | None:
    """A refusal of one line, its fields named as in the form."""
    if problem is None:
        return None
    for one in problem.problems if isinstance(problem, Problems) else (problem,):
        one.field = one.field.partition(".")[2] if "." in one.field else one.field
    return problem


def _up(ctx: Context) -> Link:
    return Link(_("決裁の定め"), address("approval-rules", ctx))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def upload(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Send a sheet of rules; the answer shows what it would change."""
    _need(ctx)
    if request.method != "POST":
        return _upload_form(request, ctx)
    try:
        cells = read(received(request, "file"))  # type: ignore[arg-type]  # an uploaded file reads and seeks like any stream
        standing = queries.decision_rules(ctx)
        found = compare(cells, rule_sheet.columns(), rule_sheet.rows(standing), fresh=True)
        found = rehearsed(found, lambda: _change(ctx, *previewing.changes(found, "rule")))
    except (Denied, Missing):
        raise
    except Problem as problem:
        for one in problem.problems if isinstance(problem, Problems) else (problem,):
            one.field = "file"
        return _upload_form(request, ctx, problem)
    answer = show(
        request,
        ctx,
        "rules_preview",
        _("決裁の定めの表の確認"),
        crumbs=[_up(ctx)],
        found=found,
        lines=previewing.lines(found, {one.pk: one.title for one in standing}),
        **previewing.carried(found, "rule"),
        confirm_href=address("approval-rules-confirm", ctx),
        again_href=address("approval-rules-import", ctx),
    )
    answer.status_code = 422 if found.problems else 200
    return answer


def _upload_form(request: HttpRequest, ctx: Context, problem: Problem | None = None) -> HttpResponse:
    return show(
        request,
        ctx,
        "rules_import",
        _("決裁の定めの表を取り込む"),
        crumbs=[_up(ctx)],
        problem=problem,
        limit=limits.in_mb(LIMITS.size),
        here=address("approval-rules-import", ctx),
        back=address("approval-rules", ctx),
        sheet_href=address("approval-rules-sheet", ctx, "xlsx"),
    )


@require_POST
@desk_page
def confirm(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Take the rules in: all of them or none."""
    _need(ctx)
    places: list[object] = []
    try:
        places = previewing.listed(request, "places")
        _change(ctx, *previewing.listed(request, "changes"))
    except Problem as problem:
        told = Problems(
            Problem("changes", previewing.at_place(one, places), field="file") for one in errors_of(problem)
        )
        return _upload_form(request, ctx, told)
    return see("approval-rules", ctx)
