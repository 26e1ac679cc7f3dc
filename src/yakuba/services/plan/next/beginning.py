"""The form of the next edition: its name and year, what becomes of each initiative, how numbers are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypedDict
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.desk import address, need, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.ui.components import FieldError
from yakuba.services.plan import access, labels, queries
from yakuba.services.plan.actions import NextEdition, next_edition
from yakuba.services.plan.actions.editions import WayRow
from yakuba.services.plan.models import Edition
from yakuba.services.plan.next import numbering
from yakuba.services.plan.next.building import CONTINUED, LEFT, OTHER_KIND, WAYS, Way, kind_after
from yakuba.services.plan.next.proposals import proposals
from yakuba.services.plan.rows import Form
from yakuba.services.plan.views.desk import taken
from yakuba.services.plan.views.desk.frame import crumbs_of, name_of, show

_FIELDS: Final = frozenset({"label", "year", "numbering"})


@dataclass(frozen=True, slots=True)
class Going:
    """An initiative of the earlier edition, and what is chosen for it."""

    key: str
    number: str
    title: str
    kind: str
    leads: str
    progress: str
    way: str
    reason: str
    into: str
    ways: tuple[tuple[str, str], ...]
    error: str

    @property
    def name(self) -> str:
        """Number and title."""
        return " ".join(part for part in (self.kind, self.number, self.title) if part)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def next_of(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """What ended or moves is named first, as it was decided or as the edition says, for somebody to look at; then what goes on."""
    source = queries.edition(ctx, edition_id)
    need(access.MAKE_EDITION, ctx)
    rows = [(row.pk, form) for row, form in queries.forms(queries.initiatives(ctx, source))]
    first = proposals(ctx, source, rows)
    if request.method != "POST":
        year = source.year + 1
        typed = {"year": year.wareki, "label": _next_label(source, year), "numbering": numbering.KEEP}
        return _form(request, ctx, source, rows, typed, first, first)
    typed = {key: request.POST.get(key, "") for key in ("label", "year", "numbering")}
    chosen = chosen_of(request.POST, rows)
    try:
        names = next_edition.read_text(
            {**typed, "source": str(source.pk), "seen": request.POST.get("version", "")}
        )
        data: NextEdition = replace(
            names,
            **carried_by(chosen),
        )
        if told := taken.unseen(request, ctx, data.year):
            return _form(request, ctx, source, rows, typed, first, chosen, told=told, year=data.year)
        made = next_edition(ctx, None, data)
    except Problem as problem:
        return _form(request, ctx, source, rows, typed, first, chosen, problem)
    return see("plan-desk-contrast", ctx, made.pk)


def chosen_of(post: QueryDict, rows: Sequence[tuple[UUID, Form]]) -> dict[UUID, Way]:
    """What was chosen in the form. What makes no sense is told by the action; who was merged into nothing yet is settled later."""
    keys = {str(key): key for key, _form in rows}
    found = {}
    for key, _form in rows:
        way = post.get(f"way-{key}", LEFT)
        into = keys.get(post.get(f"into-{key}", "")) if way == "merged" else None
        reason = "" if way in (CONTINUED, LEFT) else post.get(f"reason-{key}", "")[:500]
        found[key] = Way(way, reason, into)
    return found


class Carried(TypedDict):
    """What the actions take of the choices."""

    carry: list[str]
    ways: list[WayRow]


def carried_by(chosen: Mapping[UUID, Way]) -> Carried:
    """The choices as the actions take them."""
    return {
        "carry": [str(key) for key, way in chosen.items() if way.way == CONTINUED],
        "ways": [way_row(key, way) for key, way in chosen.items() if way.way not in (CONTINUED, LEFT)],
    }


def way_row(key: UUID, way: Way) -> WayRow:
    """What was chosen for an initiative, as the action takes it."""
    return {
        "initiative": str(key),
        "way": way.way,
        "reason": way.reason,
        "into": str(way.into) if way.into else "",
    }


def _next_label(source: Edition, year: FiscalYear) -> str:
    """令和6年度版 becomes 令和7年度版; any other name is for a person to find."""
    return f"{year.wareki}版" if source.year.wareki in source.label else ""


def _form(
    request: HttpRequest,
    ctx: Context,
    source: Edition,
    rows: Sequence[tuple[UUID, Form]],
    typed: dict[str, str],
    first: Mapping[UUID, Way],
    chosen: Mapping[UUID, Way],
    problem: Problem | None = None,
    *,
    told: str = "",
    year: FiscalYear | None = None,
) -> HttpResponse:
    errors = errors_of(problem) if problem is not None else []
    said = {error.key: error.message for error in errors}
    listed = [going_of(key, form, chosen[key], said) for key, form in rows]
    # Where a row stands does not change while somebody works on the form: by what was proposed, not by what was chosen.
    over = {str(key) for key, way in first.items() if way.way != CONTINUED}
    known = {*_FIELDS, *(f"{name}-{one.key}" for one in listed for name in ("way", "into"))}
    return show(
        request,
        ctx,
        "edition_next",
        _("次の年度版を作る"),
        crumbs=crumbs_of(ctx, source),
        status=problem.status if problem else 200,
        edition=source,
        source_name=name_of(source),
        typed=typed,
        over=[one for one in listed if one.key in over],
        going=[one for one in listed if one.key not in over],
        targets=[(one.key, one.name) for one in listed],
        rules=[(key, str(label)) for key, label in numbering.RULES.items()],
        errors=[one if one.key in known else FieldError("", one.message) for one in errors],
        said=said,
        taken=told,
        taken_year=year.wareki if year else "",
        back=address("plan-desk-edition", ctx, source.pk),
    )


def going_of(key: UUID, form: Form, way: Way, said: Mapping[str, str | Promise]) -> Going:
    """An initiative as a line of the form."""
    leads = [one["name"] for one in form["offices"] if one["role"] == "lead"]
    ways = {name: str(label) for name, label in WAYS.items()}
    if form["kind"] in OTHER_KIND:
        ways["moved"] = _("%(kind)sに移して続ける") % {"kind": kind_after(form)}
    else:
        del ways["moved"]
    return Going(
        str(key),
        form["number"],
        form["title"],
        labels.of(labels.KINDS, form["kind"]),
        "、".join(leads),
        form["progress"] or "",
        way.way,
        way.reason,
        str(way.into) if way.into else "",
        tuple(ways.items()),
        str(said.get(f"into-{key}", "") or said.get(f"way-{key}", "")),
    )
