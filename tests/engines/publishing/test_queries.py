"""What stood published on a day, and one number of a subject; for staff, and for the public after a take-back."""

from __future__ import annotations

import dataclasses
import datetime as dt
from uuid import UUID, uuid4

import pytest

from tests.world import Town
from yakuba.engines.publishing import fronts, queries, store
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import JAPAN, FiscalYear

pytestmark = pytest.mark.django_db

KIND = "sample"
SUBJECT = uuid4()


def at(ctx: Context, day: int, hour: int = 9, minute: int = 0) -> Context:
    """The same circumstances at a moment of September 2026, in Japan, with an action running."""
    moment = dt.datetime(2026, 9, day, hour, minute, tzinfo=JAPAN)
    return dataclasses.replace(ctx, now=moment.astimezone(dt.UTC)).begin()


def freeze(ctx: Context, subject: UUID = SUBJECT) -> Publication:
    copy = store.Copy(KIND, subject, FiscalYear(2026), "見本", head={"at": str(ctx.now)}, parts=())
    return store.freeze(ctx.begin(), copy)


def day(number: int) -> dt.date:
    return dt.date(2026, 9, number)


def stood(ctx: Context, number: int) -> int | None:
    found = queries.standing_on(ctx, KIND, SUBJECT, day(number))
    return found.number if found else None


def test_only_what_the_front_door_presents_makes_a_hall(mihon: Town) -> None:
    freeze(at(mihon.ctx("cli"), 3))
    assert queries.halls() == [], "frozen for another use, as a trial of a procedure is"
    sample = fronts.Presenter(KIND, "見本", lambda _ctx: "", lambda _ctx, _found: (), lambda *_given: "")
    fronts.register_presenter(sample)
    try:
        assert [(hall.code, hall.things) for hall in queries.halls()] == [(mihon.ref.code, 1)]
    finally:
        del fronts._PRESENTERS[KIND]


def test_a_day_ends_in_japan(mihon: Town) -> None:
    cli = mihon.ctx("cli")
    freeze(at(cli, 3))
    freeze(at(cli, 5, 23, 59))
    freeze(at(cli, 7, 0, 0))
    for role in ("staff", "auditor", "cli", "public"):
        ctx = mihon.ctx(role)
        assert [stood(ctx, number) for number in range(2, 9)] == [None, 1, 1, 2, 2, 3, 3], role


def test_what_was_taken_back_stood_until_then_and_is_shown_to_staff_alone(mihon: Town) -> None:
    cli = mihon.ctx("cli")
    first = freeze(at(cli, 3))
    store.withdraw(at(cli, 5).begin(), first, "誤りがあったため")
    freeze(at(cli, 7))
    assert [stood(cli, number) for number in range(2, 9)] == [None, 1, 1, None, None, 3, 3]
    public = mihon.ctx("public")
    assert [stood(public, number) for number in range(2, 9)] == [None, None, None, None, None, 3, 3]
    assert queries.numbered(public, KIND, SUBJECT, 1) is None
    assert queries.numbered(public, KIND, SUBJECT, 3) is not None
    tombstone = queries.numbered(cli, KIND, SUBJECT, 2)
    assert tombstone is not None
    assert tombstone.withdrawn
    assert queries.numbered(cli, KIND, SUBJECT, 4) is None


def test_each_subject_of_a_municipality_has_its_own_numbers(mihon: Town, karina: Town) -> None:
    other = uuid4()
    freeze(at(mihon.ctx("cli"), 3))
    freeze(at(mihon.ctx("cli"), 4), other)
    freeze(at(karina.ctx("cli"), 4))
    freeze(at(mihon.ctx("cli"), 6), other)
    found = queries.stood_on(mihon.ctx("auditor"), KIND, day(5))
    assert {(one.subject, one.number) for one in found} == {(SUBJECT, 1), (other, 1)}
    assert {one.municipality_id for one in found} == {mihon.ref.id}
    assert not queries.stood_on(mihon.ctx("auditor"), "another", day(5))
