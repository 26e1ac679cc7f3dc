"""Several at the same moment: numbers without a gap or a double, one move of a case. Only PostgreSQL lets two writers in."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections, transaction

from tests.engines.casework.trying import a_case, opening
from tests.world import Town
from yakuba.engines.casework import actions, store
from yakuba.engines.casework.models import Case, Move
from yakuba.kernel.actions import NoData, Problem
from yakuba.kernel.dates import FiscalYear

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
AT_ONCE, EACH = 4, 5


def at_once(work: Callable[[int], object]) -> list[object]:
    """The same work in several threads, each with a connection of its own, begun together."""
    together = Barrier(AT_ONCE)

    def run(number: int) -> object:
        try:
            together.wait(20)
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def test_numbers_without_a_gap_or_a_double(mihon: Town) -> None:
    given = [[opening(mihon) for _one in range(EACH)] for _thread in range(AT_ONCE)]

    def register(number: int) -> None:
        for one in given[number]:
            with transaction.atomic():
                store.open_case(mihon.ctx("cli").begin(), one)

    at_once(register)
    numbers = {case.number for case in Case.unscoped.all()}
    year = FiscalYear.of(mihon.ctx("cli").now).short
    assert numbers == {f"{year}見本課収第{n + 1}号" for n in range(AT_ONCE * EACH)}


def test_one_move_however_many_press(mihon: Town) -> None:
    case, contexts = a_case(mihon), [mihon.ctx("case_worker") for _one in range(AT_ONCE)]

    def press(number: int) -> str:
        try:
            actions.start(contexts[number], Case.unscoped.get(pk=case.pk), NoData())
        except Problem as problem:
            return problem.code
        return ""

    assert sorted(str(one) for one in at_once(press)) == ["", "state", "state", "state"]
    assert [one.step for one in Move.unscoped.filter(case=case)] == ["arrive", "start"]
