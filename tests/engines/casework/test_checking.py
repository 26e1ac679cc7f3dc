"""Every way of changing a case's past that ``yakuba trail verify`` promises to show, shown."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from tests.engines.casework.specimens import drafted
from tests.engines.casework.trying import a_case, at
from tests.guards import suspended
from tests.world import Town
from yakuba.engines.casework import actions
from yakuba.engines.casework.models import Case, Disposition
from yakuba.kernel.trail.models import TrailPayload
from yakuba.kernel.trail.verify import verify

pytestmark = pytest.mark.django_db


def decided(town: Town) -> Case:
    """A case that the office decided."""
    return actions.settle(town.ctx("case_worker"), drafted(town), actions.Settle())


def errors() -> list[str]:
    return [one.code for one in verify() if one.level == "error"]


@pytest.mark.parametrize(
    "forged",
    [
        {"outcome": "refused"},
        {"content": "登録しない。"},
        {"content": ""},
        {"reasons": "あとから書いた理由"},
        {"decided_by": "別人"},
        {"decided_at": at("2020-04-01")},
    ],
)
def test_a_decision_is_what_was_decided(mihon: Town, forged: dict[str, object]) -> None:
    case = decided(mihon)
    assert errors() == []
    with suspended():
        Disposition.unscoped.filter(case=case).update(**forged)
    assert errors() == ["vouched"]


def test_a_decision_that_was_taken_away_is_missed(mihon: Town) -> None:
    case = decided(mihon)
    with suspended():
        Disposition.unscoped.filter(case=case).delete()
    assert errors() == ["vouched"]


def test_a_decision_is_guarded_and_a_draft_is_not(mihon: Town) -> None:
    free = Disposition.unscoped.filter(case=drafted(mihon))
    assert free.update(outcome="refused") == 1
    stands = Disposition.unscoped.filter(case=decided(mihon))
    for change in (lambda: stands.update(outcome="refused"), stands.delete):
        with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
            change()


def test_the_trail_says_what_was_decided(mihon: Town) -> None:
    case = decided(mihon)
    payload = TrailPayload.unscoped.get(entry__action="casework.settle", entry__subject_id=case.pk)
    assert json.loads(payload.text)["notes"]["outcome"] == "承認"


@pytest.mark.parametrize("forged", ["arrived_at", "decided_at"])
def test_a_case_came_and_was_decided_when_its_moves_say(mihon: Town, forged: str) -> None:
    case = decided(mihon)
    for when in (at("2020-04-01"), at("2090-04-01")):
        Case.unscoped.filter(pk=case.pk).update(**{forged: when})
        assert errors() == ["case_times"]


def test_a_case_that_is_not_decided_has_no_day_of_decision(mihon: Town) -> None:
    case = a_case(mihon)
    assert errors() == []
    Case.unscoped.filter(pk=case.pk).update(decided_at=F("arrived_at"))
    assert errors() == ["case_times"]
