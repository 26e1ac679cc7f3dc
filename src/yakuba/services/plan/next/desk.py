"""新旧対照 on the desk: two working copies side by side, what became of each initiative said by a person, numbers renewed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.desk import address, need, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Missing, Problem
from yakuba.kernel.sheets.respond import Format, respond
from yakuba.kernel.text import compact
from yakuba.kernel.ui.components import Link
from yakuba.kernel.ui.lists import BadQuery, ListView, known
from yakuba.services.plan import access, queries
from yakuba.services.plan.models import Edition, Initiative
from yakuba.services.plan.next import listing, numbering, outcomes
from yakuba.services.plan.next.actions import EVENTS, NOTHING, new_numbers, renumber, settle_outcome
from yakuba.services.plan.next.contrast import Contrast, Line, by_level, same_tree
from yakuba.services.plan.next.former import earlier, side_by_side
from yakuba.services.plan.rows import Form
from yakuba.services.plan.shown import Row
from yakuba.services.plan.views.desk.frame import crumbs_of, name_of, saves, show, tabs_of

TAB = "plan-desk-contrast"


def _chosen(request: HttpRequest, found: Sequence[Edition]) -> Edition | None:
    """The earlier edition that ``?from=`` names by its id, or the likeliest."""
    wanted = request.GET.get("from", "")
    if not wanted:
        return found[0] if found else None
    one = next((one for one in found if str(one.pk) == wanted), None)
    if one is None:
        raise BadQuery("from", wanted, _("前の年度の版"))
    return one


@require_safe
@desk_page
def contrast_page(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """The two editions, what moved and ended first; whoever shapes the plan decides line by line."""
    edition = queries.edition(ctx, edition_id)
    others = earlier(ctx, edition)
    before = _chosen(request, others)
    may_shape = access.SHAPE.holds_anywhere(ctx)
    path = address(TAB, ctx, edition.pk)
    context: dict[str, object] = {
        "edition": edition,
        "tabs": tabs_of(ctx, edition, TAB),
        "before": before,
        "may_shape": may_shape,
        "numbers_href": address("plan-desk-numbers", ctx, edition.pk),
        "places_href": address("plan-desk-places", ctx, edition.pk),
        "verification_href": address("plan-desk-verification", ctx, edition.pk),
    }
    if before is None:
        known(request.GET)
        return show(
            request,
            ctx,
            "contrast",
            _("新旧対照"),
            crumbs=crumbs_of(ctx, edition),
            status=200,
            back=crumbs_of(ctx, edition)[-1].href,
            **context,
        )
    found = side_by_side(ctx, before, edition)
    origin = request.GET.get("from", "")

    def settle_href(line: Line) -> str:
        return (
            address("plan-desk-outcome", ctx, edition.pk, line.before.id) if line.before and may_shape else ""
        )

    def row_href(line: Line) -> str:
        return address("plan-desk-initiative", ctx, line.after.id) if line.after else ""

    spec = listing.spec(found, before=settle_href if may_shape else None, after=row_href, guesses=True)
    state = spec.parse(request.GET)
    context |= {
        **_sums(found),
        "before_name": name_of(before),
        "before_href": address("plan-desk-edition", ctx, before.pk),
        "earlier": [
            Link(name_of(one), f"{path}?from={one.pk}", current=one.pk == before.pk) for one in others
        ],
        "tallies": listing.tallies(found, path, origin),
        "told": [(line, settle_href(line), row_href(line)) for line in found.told],
        "open": _open(found),
        "alone": state.narrowed or bool(state.after or state.before),
        "list": ListView(
            key=listing.LIST,
            caption=_("新旧対照表"),
            spec=spec,
            state=state,
            page=listing.page(found, spec, state),
            path=path,
            exports=saves("plan-desk-contrast-sheet", ctx, edition.pk),
            read_only=True,
        ),
    }
    return show(
        request, ctx, "contrast", _("新旧対照"), crumbs=crumbs_of(ctx, edition), status=200, **context
    )


def _sums(found: Contrast) -> dict[str, object]:
    before, after = found.sizes
    return {
        "size_before": before,
        "size_after": after,
        "going": found.going,
        "over": found.over,
        "fresh": found.counts.get("new", 0),
        "listed": found.counts.get("listed", 0),
        "short": found.short,
        "tree": [] if same_tree(found.before, found.after) else by_level(found.before, found.after),
    }


def _open(found: Contrast) -> list[tuple[str, int, str]]:
    """What a reader will ask and nobody has said yet: text, how many, and where they are listed."""
    lines = found.lines
    wanted = (
        (
            _("後の版になく、扱いが書かれていない取組"),
            "?filter.outcome=gone",
            [one for one in lines if one.outcome == "gone"],
        ),
        (
            _("終わった理由や移った理由が書かれていない取組"),
            "#told",
            [one for one in found.told if one.outcome != "gone" and not one.reason],
        ),
        (
            _("新規の印がなく、前の版に見当たらない取組"),
            "?filter.outcome=listed",
            [one for one in lines if one.outcome == "listed"],
        ),
        (
            _("取組名や番号から同じ取組とみなしたもの"),
            "?filter.guessed=True",
            [one for one in lines if one.guessed],
        ),
    )
    return [
        (text, len(listed), query if query.startswith("#") else f"{query}#{listing.LIST}")
        for text, query, listed in wanted
        if listed
    ]


@require_safe
@desk_page
def sheet(request: HttpRequest, ctx: Context, edition_id: UUID, file_format: Format) -> HttpResponseBase:
    """The lines as a file."""
    edition = queries.edition(ctx, edition_id)
    before = _chosen(request, earlier(ctx, edition))
    if before is None:
        raise Missing
    found = side_by_side(ctx, before, edition)
    state = listing.spec(found, guesses=True).parse(request.GET)
    table = listing.table(
        listing.matching(found, state),
        municipality=ctx.municipality.name,
        as_of=ctx.now,
        editions=(name_of(before), name_of(edition)),
    )
    return respond(table, file_format, f"{ctx.municipality.name}_{name_of(edition)}_{_('新旧対照')}")


# --- one initiative of the edition before -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form holds."""

    event: str
    into: str
    reason: str


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def outcome(request: HttpRequest, ctx: Context, edition_id: UUID, before_id: UUID) -> HttpResponseBase:
    """What became of one initiative of an earlier edition."""
    edition = queries.edition(ctx, edition_id)
    need(access.SHAPE, ctx)
    was = queries.initiative(ctx, before_id)
    rows = [(row, form) for row, form in queries.forms(queries.initiatives(ctx, edition))]
    form = queries.initiative_form(was)
    errors, status = [], 200
    if request.method == "POST":
        typed = Typed(*(request.POST.get(key, "") for key in ("event", "into", "reason")))
        try:
            data = settle_outcome.read_text(
                {"before": str(was.pk), "event": typed.event, "into": typed.into, "reason": typed.reason}
            )
            settle_outcome(ctx, edition, data, expected_version=version_of(request))
        except Problem as problem:
            errors, status = errors_of(problem), problem.status
        else:
            return see(TAB, ctx, edition.pk)
    else:
        typed = _as_it_stands(edition, form, rows)
    return show(
        request,
        ctx,
        "outcome",
        _("前の版の取組の扱い"),
        crumbs=[*crumbs_of(ctx, edition), Link(_("新旧対照"), address(TAB, ctx, edition.pk))],
        status=status,
        edition=edition,
        was=Row(was.pk, was.position, form),
        was_name=name_of(was.edition),
        was_href=address("plan-desk-initiative", ctx, was.pk),
        typed=typed,
        events=[(key, _(label)) for key, label in EVENTS],
        targets=_targets(form, rows),
        errors=errors,
        said={error.key: error.message for error in errors},
        back=address(TAB, ctx, edition.pk),
    )


def _as_it_stands(edition: Edition, form: Form, rows: Sequence[tuple[Initiative, Form]]) -> Typed:
    """What is said of it now."""
    origin = outcomes.key(outcomes.ancestor(form))
    told = outcomes.of(outcomes.by_origin(edition.prose.get(outcomes.KEY, ())), form)
    reason = told.reason if told else ""
    for row, found in rows:
        for event in found["lineage"]:
            if event["from"] and outcomes.key(event["from"]) == origin:
                word = event["event"] if event["event"] in ("moved", "merged") else "continued"
                return Typed(word, str(row.pk), reason)
    return Typed(told.event if told else NOTHING, "", reason)


def _targets(form: Form, rows: Sequence[tuple[Initiative, Form]]) -> list[tuple[str, str]]:
    """The initiatives of this edition, those with a like title first, then in the document's order."""
    title = compact(form["title"])

    def likeness(found: Form) -> float:
        share = SequenceMatcher(None, title, compact(found["title"]), autojunk=False).ratio()
        return round(share, 1) if share >= 0.5 else 0.0

    ordered = sorted(
        ((likeness(found), place, row, found) for place, (row, found) in enumerate(rows)),
        key=lambda one: (-one[0], one[1]),
    )
    return [
        (str(row.pk), f"{Row(row.pk, place, found).number} {found['title']}".strip())
        for _share, place, row, found in ordered
    ]


# --- numbers --------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def numbers(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """Numbers given anew: the rule, what each number would become, and the button that does it."""
    edition = queries.edition(ctx, edition_id)
    need(access.SHAPE, ctx)
    given = request.POST if request.method == "POST" else request.GET
    rules = [(key, str(label)) for key, label in numbering.RULES.items() if key != numbering.KEEP]
    rule = given.get("rule", numbering.IN_ORDER)
    errors, status = [], 200
    if request.method == "POST":
        try:
            renumber(ctx, edition, renumber.read_text({"rule": rule}), expected_version=version_of(request))
        except Problem as problem:
            errors, status = errors_of(problem), problem.status
        else:
            return see("plan-desk-edition", ctx, edition.pk)
    if rule not in dict(rules):
        raise BadQuery("rule", rule, "・".join(key for key, _label in rules))
    forms = [form for _row, form in queries.forms(queries.initiatives(ctx, edition))]
    lines = [
        (form["kind"], form["number"], one.number, form["title"])
        for form, one in zip(forms, new_numbers(edition, forms, rule), strict=True)
    ]
    return show(
        request,
        ctx,
        "numbers",
        _("番号を振り直す"),
        crumbs=[*crumbs_of(ctx, edition), Link(_("新旧対照"), address(TAB, ctx, edition.pk))],
        status=status,
        edition=edition,
        rules=rules,
        rule=rule,
        lines=[line for line in lines if line[1] != line[2]],
        count=len(lines),
        errors=errors,
        here=address("plan-desk-numbers", ctx, edition.pk),
        back=address(TAB, ctx, edition.pk),
    )
