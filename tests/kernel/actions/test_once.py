"""What is found out once for a context, and when it is asked again."""

from __future__ import annotations

import pytest

from tests.world import Town
from yakuba.engines.approval.queries import holding
from yakuba.kernel.actions import Denied, NoData, once
from yakuba.kernel.dates import japan_date
from yakuba.kernel.town.actions import OpenOffice, open_office
from yakuba.kernel.town.models import Assignment

pytestmark = pytest.mark.django_db


def test_a_context_asks_once_and_another_one_for_itself(mihon: Town) -> None:
    asked: list[int] = []
    ctx, other = mihon.ctx("staff"), mihon.ctx("staff")
    for one in (ctx, ctx, other):
        once(one, "anything", lambda: asked.append(1))
    assert len(asked) == 2
    assert once(ctx, "another", lambda: "found") == "found", "each thing by its name"


def test_a_running_action_asks_each_time_and_makes_its_caller_ask_again(mihon: Town) -> None:
    ctx = mihon.ctx("staff")
    running = ctx.begin()
    there = len(holding.me(ctx).posts)
    assert len(holding.me(running).posts) == there == 1
    Assignment.unscoped.filter(person__accounts=ctx.actor.id).delete()
    assert not holding.me(running).posts
    assert len(holding.me(ctx).posts) == 1, "one page tells one thing"
    with pytest.raises(Denied):
        open_office(ctx, None, OpenOffice("mayor", "見本課", "100", japan_date(ctx.now)))
    assert not holding.me(ctx).posts


def test_what_was_found_goes_into_no_copy_and_no_comparison(mihon: Town) -> None:
    ctx = mihon.ctx("staff")
    once(ctx, "anything", NoData)
    assert ctx == ctx.begin()
    assert "NoData" not in repr(ctx)
    assert set(vars(ctx.begin())) == set(vars(mihon.ctx("staff")))
