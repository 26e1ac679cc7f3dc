"""What the drafter does: change a draft, send it on its way, take it back."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Annotated, TypedDict
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.approval import access, store
from yakuba.engines.approval.models import Proposal
from yakuba.engines.approval.outcomes import OUTCOMES
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, NoData, Problem, action
from yakuba.kernel.fields import INTERNAL, PERSONAL


class Asked(TypedDict):
    """A step before or after the decision: what is asked (``approve``, ``concur``, ``circulate``) of which post."""

    kind: str
    post: str


@dataclass(frozen=True)
class Redraft:
    """A draft as it is from now on. ``decider`` is a post's id, empty for the one that the city's rule names."""

    title: Annotated[str, fields.text(label="件名", classification=INTERNAL)]
    body: Annotated[str, fields.prose(label="伺い文", classification=PERSONAL)] = ""
    amount: Annotated[
        int | None,
        fields.integer(
            label="金額", classification=INTERNAL, required=False, minimum=0, maximum=10**13, unit="円"
        ),
    ] = None
    route: Annotated[list[Asked], fields.document(label="経路", classification=INTERNAL, default=list)] = (
        dataclasses.field(default_factory=list)
    )
    decider: Annotated[
        str, fields.text(label="決裁する職", classification=INTERNAL, max_length=36, required=False)
    ] = ""
    exception: Annotated[
        str,
        fields.prose(label="起案者が決裁する理由", classification=INTERNAL, max_length=2000),
    ] = ""


@action("approval.redraft", label="起案を直す", may=access.REDRAFT, data=Redraft)
def redraft(ctx: Context, proposal: Proposal, data: Redraft) -> Proposal:
    """Change a draft, or what came back. Raises :class:`Problem` once it is on its way."""
    return store.redraft(
        ctx,
        proposal,
        title=data.title,
        body=data.body,
        amount=data.amount,
        exception=data.exception,
        route=_planned(data.route),
        decider=_id(data.decider) if data.decider else None,
    )


def _planned(given: object) -> list[store.Planned]:
    if not isinstance(given, list | tuple):
        raise _unreadable()
    found = []
    for one in given:
        if not isinstance(one, dict) or not isinstance(one.get("post"), str):
            raise _unreadable()
        found.append(store.Planned(str(one.get("kind", "")), _id(one["post"])))
    return found


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise _unreadable() from None


def _unreadable() -> Problem:
    return Problem("steps", _("経路の職を読み取れません。選び直してください。"), field="route")


@action("approval.submit", label="決裁に回す", may=access.SUBMIT, data=NoData)
def submit(ctx: Context, proposal: Proposal, _data: NoData) -> Proposal:
    """Send a draft, or what came back, on its way."""
    return store.submit(ctx, proposal)


@action("approval.withdraw", label="引き戻す", may=access.WITHDRAW, data=NoData)
def withdraw(ctx: Context, proposal: Proposal, _data: NoData) -> Proposal:
    """Take it back for good; until it is decided."""
    store.withdraw(ctx, proposal)
    OUTCOMES.get(proposal.subject_kind).on_withdrawn(ctx, proposal)
    return proposal
