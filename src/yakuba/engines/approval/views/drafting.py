"""The drafter's page: words, amount, route and decider of a draft, or of what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.engines.approval import access, actions
from yakuba.engines.approval.actions.drafting import Asked
from yakuba.engines.approval.models import Proposal, Step
from yakuba.engines.approval.queries import box
from yakuba.engines.approval.queries import proposals as queries
from yakuba.engines.approval.queries.deciders import Decider, deciders
from yakuba.engines.approval.rules import KINDS, MOST_STEPS
from yakuba.engines.approval.views.frame import show, top
from yakuba.kernel.access.desk import address, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Denied, NoData, Problem
from yakuba.kernel.ui.components import Link
from yakuba.kernel.ui.formats import yen

_BLANK = 3


@dataclass(frozen=True, slots=True)
class Place:
    """One row of the route as typed: what is asked of whom."""

    number: int
    kind: str
    post: str


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def draft(request: HttpRequest, ctx: Context, proposal_id: UUID) -> HttpResponseBase:
    """Change it, save it, or save it and send it on its way."""
    found = queries.proposal(ctx, proposal_id)
    if not queries.mine(ctx, found).drafts:
        verdict = access.REDRAFT.may(ctx, found)
        if not verdict.allowed:
            raise Denied(verdict.reason)
        return see("approval-proposal", ctx, found.pk)
    if request.method != "POST":
        steps = queries.present_steps(found)
        return _page(request, ctx, found, _standing(found, steps), _route(steps))
    typed = {key: request.POST.get(key, "") for key in ("title", "body", "amount", "decider", "exception")}
    route = _typed_route(request.POST)
    try:
        version = version_of(request)
        data = actions.redraft.read_text(typed)
        asked: list[Asked] = [{"kind": one.kind, "post": one.post} for one in route if one.post]
        changed = actions.redraft(
            ctx,
            found,
            actions.Redraft(data.title, data.body, data.amount, asked, data.decider, data.exception),
            expected_version=version,
        )
        if request.POST.get("do") == "submit":
            _submit(ctx, changed)
    except Problem as problem:
        return _page(request, ctx, queries.proposal(ctx, proposal_id), typed, route, problem)
    return see("approval-proposal", ctx, found.pk)


def _submit(ctx: Context, changed: Proposal) -> None:
    """Saving and sending are two actions: what was saved stays saved where sending is refused."""
    actions.submit(ctx, changed, NoData())


def _standing(found: Proposal, steps: Sequence[Step]) -> dict[str, str]:
    decision = next((one for one in steps if one.kind == "decide"), None)
    return {
        "title": found.title,
        "body": found.body,
        "amount": "" if found.amount is None else str(found.amount),
        "decider": "" if decision is None or found.exception else str(decision.post_id),
        "exception": found.exception,
    }


def _route(steps: Sequence[Step]) -> list[Place]:
    asked = [Place(n, one.kind, str(one.post_id)) for n, one in enumerate(steps) if one.kind != "decide"]
    return [Place(n, one.kind, one.post) for n, one in enumerate(asked)]


def _typed_route(post: QueryDict) -> list[Place]:
    rows = range(MOST_STEPS + _BLANK)
    return [
        Place(n, post.get(f"kind-{n}", ""), post.get(f"post-{n}", "")) for n in rows if post.get(f"post-{n}")
    ]


def _page(
    request: HttpRequest,
    ctx: Context,
    found: Proposal,
    typed: Mapping[str, str],
    route: Sequence[Place],
    problem: Problem | None = None,
) -> HttpResponse:
    nobody = ""
    try:
        choices = deciders(ctx, found.office, found.matter, found.amount)
    except Problem as none:
        choices, nobody = [], none.message
    names = box.post_names(ctx, [one.post for one in choices])
    rows = [Place(n, one.kind, one.post) for n, one in enumerate(route)]
    rows += [Place(n, "approve", "") for n in range(len(rows), len(rows) + _BLANK)]
    return show(
        request,
        ctx,
        "draft",
        _("起案を直す"),
        crumbs=[top(ctx), Link(found.title, address("approval-proposal", ctx, found.pk))],
        problem=problem,
        proposal=found,
        typed=typed,
        route=rows,
        kinds=[(key, label) for key, label in dict(KINDS).items() if key != "decide"],
        posts=box.all_posts(ctx),
        deciders=[(str(one.post.pk), _decider_words(names[one.post.pk], one)) for one in choices],
        nobody=nobody,
        back=address("approval-proposal", ctx, found.pk),
    )


def _decider_words(name: str, decider: Decider) -> str:
    """A post that may decide, and why it may."""
    if decider.rule is None:
        return _("%(post)s（機関の長）") % {"post": name}
    limit = decider.rule.up_to_yen
    if limit is None:
        return name
    return _("%(post)s（%(yen)s以下）") % {"post": name, "yen": yen(limit)}
