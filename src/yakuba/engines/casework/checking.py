"""Whether every case stands where and when its moves led it, and decisions as they were decided: part of ``yakuba trail verify``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.casework.models import OUTCOMES, Disposition
from yakuba.engines.casework.queries import sweeps
from yakuba.engines.casework.states import STATES
from yakuba.kernel.actions import Context
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.trail.verify import Finding
from yakuba.kernel.trail.vouching import moment, vouch

_PAGE = 500


def check() -> Iterator[Finding]:
    """One finding for each case whose state its last move does not say, and for each whose times its moves do not say."""
    words = dict(STATES)
    for case in sweeps.strayed().iterator(_PAGE):
        yield Finding(
            "case_state",
            case.municipality.code,
            case.number,
            _("案件「%(number)s」の状態「%(state)s」が、動きの記録と合いません。")
            % {"number": case.number, "state": _(words[case.state])},
        )
    for case in sweeps.misdated().iterator(_PAGE):
        yield Finding(
            "case_times",
            case.municipality.code,
            case.number,
            _("案件「%(number)s」の到達・決定・完了の日時が、動きの記録と合いません。")
            % {"number": case.number},
        )


def vouch_for(ctx: Context, decided: Disposition) -> None:
    """What is decided never changes from here: the trail says what it is, and keeps its digest."""
    ctx.note(outcome=dict(OUTCOMES)[decided.outcome])
    vouch(ctx, "disposition", decided.pk, _facts(decided))


def dispositions(ids: Sequence[UUID]) -> Mapping[UUID, JsonValue]:
    """Decisions as they stand."""
    return {one.pk: _facts(one) for one in sweeps.dispositions(ids)}


def _facts(one: Disposition) -> JsonValue:
    return {
        "case": one.case.number,
        "outcome": one.outcome,
        "content": one.content,
        "reasons": one.reasons,
        "conditions": one.conditions,
        "remedies": one.remedies,
        "proposal": str(one.proposal_id) if one.proposal_id else None,
        "decided_at": moment(one.decided_at),
        "decided_by": one.decided_by,
    }
