"""Which themes each initiative is about: proposals with their evidence, a person's decision, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.desk import address, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem, Problems
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.services.plan import cells, queries
from yakuba.services.plan.actions import SetThemes, ThemeRow, set_themes
from yakuba.services.plan.models import Edition, Initiative
from yakuba.services.plan.rows import Form
from yakuba.services.plan.themes import THEMES, by_area, label, propose
from yakuba.services.plan.views.desk.frame import crumbs_of, show, tabs_of

_SHOWN = 20
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Offer:
    """One theme beside an initiative: how it stands, and what speaks for it (where, and the word)."""

    key: str
    name: str
    score: int
    evidence: Sequence[tuple[str, str]]
    choice: str


@dataclass(frozen=True, slots=True)
class Line:
    """One initiative of the page."""

    row: Initiative
    href: str
    offers: Sequence[Offer]
    mine: bool
    decided: str
    """Who decided, and when; nothing while nobody has."""
    version: str
    add: str = ""
    none: bool = False
    error: str = ""


@dataclass(slots=True)
class _Sent:
    """What the form sent about one initiative."""

    version: str
    yes: list[str] = field(default_factory=list)
    no: list[str] = field(default_factory=list)
    add: str = ""
    none: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def themes(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """The themes of an edition's initiatives; ``show=all`` shows the decided ones too, ``of`` one initiative alone."""
    edition = queries.edition(ctx, edition_id)
    if request.method == "POST":
        return _save(request, ctx, edition)
    return _page(request, ctx, edition)


def _save(request: HttpRequest, ctx: Context, edition: Edition) -> HttpResponseBase:
    sent = _sent(request)
    known = {str(row.pk): row for row in queries.initiatives(ctx, edition).filter(pk__in=list(sent))}
    wanted: list[ThemeRow] = []
    for key, one in sent.items():
        row = known.get(key)
        if row is None:
            continue
        themes_, declined = _chosen(one)
        decides = not _decided(row) and one.none
        if (themes_, declined) == (row.themes, row.themes_declined) and not decides:
            continue
        version = int(one.version) if one.version.isdecimal() and len(one.version) < 10 else 0
        wanted.append({"initiative": key, "version": version, "themes": themes_, "declined": declined})
    if not wanted:
        problem = Problem("empty", _("変わった行がありません。主題を選んでから保存してください。"))
        return _page(request, ctx, edition, sent=sent, problem=problem)
    try:
        set_themes(ctx, edition, SetThemes(wanted))
    except Problem as problem:
        return _page(request, ctx, edition, sent=sent, problem=problem)
    answer = see("plan-desk-themes", ctx, edition.pk)
    answer["Location"] += f"?done={len(wanted)}{_kept(request)}"
    return answer


def _kept(request: HttpRequest) -> str:
    """What of the address stays when the form was saved."""
    return "&show=all" if request.GET.get("show") == "all" else ""


def _chosen(one: _Sent) -> tuple[list[str], list[str]]:
    added = [one.add] if one.add and one.add not in one.yes else []
    return [*one.yes, *added], [key for key in one.no if key != one.add]


def _sent(request: HttpRequest) -> dict[str, _Sent]:
    """Initiative → what was chosen for it. Names are ``version|theme|add|none-<initiative>[-<theme>]``."""
    found: dict[str, _Sent] = {}
    for name, value in request.POST.items():
        if name.startswith("version-"):
            found[name.removeprefix("version-")] = _Sent(str(value))
    for key, one in found.items():
        prefix = f"theme-{key}-"
        for name, value in request.POST.items():
            if name.startswith(prefix) and value in (YES, NO):
                (one.yes if value == YES else one.no).append(name.removeprefix(prefix))
        one.add = request.POST.get(f"add-{key}", "")
        one.none = bool(request.POST.get(f"none-{key}"))
    return found


def _page(
    request: HttpRequest,
    ctx: Context,
    edition: Edition,
    *,
    sent: dict[str, _Sent] | None = None,
    problem: Problem | None = None,
) -> HttpResponse:
    everything = list(queries.initiatives(ctx, edition))
    wanted: Sequence[Initiative]
    open_ones = [row for row in everything if not _decided(row)]
    showing = request.GET.get("show", "")
    only = request.GET.get("of", "")
    if sent is not None:
        wanted = [row for row in everything if str(row.pk) in sent]
        following = ""
    elif only:
        wanted, following = [row for row in everything if str(row.pk) == only], ""
    else:
        wanted, following = _slice(
            everything if showing == "all" else open_ones, request.GET.get("after", "")
        )
    mine = queries.correctable(ctx, edition)
    said = {one.field: one.message for one in problem.problems} if isinstance(problem, Problems) else {}
    lines = [
        _line(ctx, row, form, (sent or {}).get(str(row.pk)), said.get(str(row.pk), ""), mine=row.pk in mine)
        for row, form in queries.forms(wanted)
    ]
    here = address("plan-desk-themes", ctx, edition.pk)
    done = request.GET.get("done", "")
    number = int(done) if done.isascii() and done.isdecimal() and len(done) < 5 else 0
    errors = errors_of(problem) if problem is not None else []
    return show(
        request,
        ctx,
        "themes",
        _("主題"),
        crumbs=crumbs_of(ctx, edition),
        status=problem.status if problem else 200,
        tabs=tabs_of(ctx, edition, "plan-desk-themes"),
        edition=edition,
        lines=lines,
        areas=[(label(area), [(one.id, label(one)) for one in themes_]) for area, themes_ in by_area()],
        total=len(everything),
        open=len(open_ones),
        ways=[
            Link(
                _("まだ確かめていない取組"), here, current=showing != "all" and not only, count=len(open_ones)
            ),
            Link(_("すべての取組"), f"{here}?show=all", current=showing == "all", count=len(everything)),
        ],
        may=any(line.mine for line in lines),
        following=f"{here}?after={following}{_kept(request)}" if following else "",
        errors=[FieldError(f"line-{one.key}" if one.key else "", one.message) for one in errors],
        done=ngettext("%(n)d件の主題を決めました。", "%(n)d件の主題を決めました。", number) % {"n": number}
        if number
        else "",
        yes=YES,
        no=NO,
    )


def _decided(row: Initiative) -> bool:
    """Whether somebody said what a row is about: here, or in the document that it came from."""
    return bool(row.themes) or "themes" in row.corrected


def _slice(rows: Sequence[Initiative], after: str) -> tuple[Sequence[Initiative], str]:
    """One page of rows behind the one that ``after`` names, and the last of them where more follow."""
    start = next((n + 1 for n, row in enumerate(rows) if str(row.pk) == after), 0)
    page = rows[start : start + _SHOWN]
    return page, str(page[-1].pk) if start + _SHOWN < len(rows) else ""


def _line(ctx: Context, row: Initiative, form: Form, sent: _Sent | None, error: str, *, mine: bool) -> Line:
    proposals = {one.theme: one for one in propose(form)}
    keys = dict.fromkeys(
        [*row.themes, *proposals, *row.themes_declined, *((sent.yes + sent.no) if sent else ())]
    )
    yes, no = (sent.yes, sent.no) if sent else (row.themes, row.themes_declined)
    offers = []
    for key in keys:
        if key not in THEMES:
            continue
        proposal = proposals.get(key)
        evidence = (
            [] if proposal is None else [(_place(form, path), word) for path, word in proposal.evidence]
        )
        choice = YES if key in yes else NO if key in no else ""
        offers.append(
            Offer(
                key,
                label(THEMES[key]),
                proposal.score if proposal else 0,
                list(dict.fromkeys(evidence)),
                choice,
            )
        )
    by = row.corrected.get("themes")
    return Line(
        row,
        address("plan-desk-initiative", ctx, row.pk),
        offers,
        mine,
        _("%(who)s・%(day)s") % {"who": by["by"], "day": by["on"]} if by else "",
        sent.version if sent else str(row.version),
        sent.add if sent else "",
        sent.none if sent else bool(by and not row.themes and not row.themes_declined),
        error,
    )


def _place(form: Form, path: str) -> str:
    """Where a word was found, in words."""
    try:
        return cells.full_name(form, path)
    except (LookupError, ValueError):
        return path
