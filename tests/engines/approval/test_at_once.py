"""Several people act on one proposal at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from tests.engines.approval.sample import NOTED, assign, drafted, person_of, rule, titled
from tests.world import make_town
from yakuba.engines.approval import actions, store
from yakuba.engines.approval.models import Proposal
from yakuba.kernel.actions import Context, NoData, Problem
from yakuba.kernel.trail.models import TrailEntry


def pressed(together: Barrier, press: Callable[[], object]) -> str:
    """What somebody is told who presses a button when all others do: nothing, or that it is not to be done any more."""
    together.wait()
    try:
        press()
    except Problem as problem:
        return problem.code
    else:
        return "done"
    finally:
        connections.close_all()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_deciders_a_return_and_a_withdrawal_come_to_one_end() -> None:
    NOTED.told.clear()
    NOTED.refuses = False
    town = make_town("990019", "みほん市")
    people: dict[str, Context] = {
        "first": town.ctx("office_head", "own"),
        "second": town.ctx("plan_editor", "own"),
        "drafter": town.ctx("case_worker", "own"),
    }
    head = titled(town, "課長", "own", town.account("office_head", "own"))
    # Two who hold one post.
    assign(town, person_of(town.account("plan_editor", "own")), head)
    rule(town, "課長")
    for _round in range(5):
        made = drafted(town, people["drafter"])
        presses: list[Callable[[], object]] = [
            lambda one=made: actions.decide(people["first"], one, actions.Opinion()),
            lambda one=made: actions.decide(people["second"], one, actions.Opinion()),
            lambda one=made: actions.return_to_drafter(people["second"], one, actions.Comment("再考")),
            lambda one=made: actions.withdraw(people["drafter"], one, NoData()),
        ]
        together = Barrier(len(presses))
        with ThreadPoolExecutor(len(presses)) as pool:
            told = [one.result() for one in [pool.submit(pressed, together, press) for press in presses]]
        end = Proposal.unscoped.get(pk=made.pk)
        # The drafter may still take back what was returned; nothing follows a decision or a withdrawal.
        assert told.count("done") == (2 if told[2:] == ["done", "done"] else 1), told
        if "done" in told[:2]:
            assert end.state == "decided"
            assert [one.state for one in store.steps_of(end)] == ["done"]
        else:
            assert end.state == ("withdrawn" if told[3] == "done" else "returned")
        noted = TrailEntry.unscoped.filter(subject_id=made.pk, action="approval.decide", kind="done")
        assert noted.count() == told[:2].count("done")
