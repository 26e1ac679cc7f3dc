"""The plan's calendar: days come, change and go, all of a batch or none."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.world import Town
from yakuba.kernel.actions import Problem, Problems
from yakuba.kernel.sheets.wanted import EntryChange
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.trail.models import TrailEntry
from yakuba.services.plan.actions import ChangeCalendar, change_calendar
from yakuba.services.plan.models import CalendarEntry

pytestmark = pytest.mark.django_db


def new(day: str, title: Any, **more: str | None) -> EntryChange:
    return {"id": "", "version": 0, "entry": {"first_day": day, "title": title, **more}}


def change(town: Town, *changes: EntryChange, role: str = "plan_secretariat") -> None:
    here = Municipality.unscoped.get(pk=town.ref.id)
    change_calendar(town.ctx(role), here, ChangeCalendar(list(changes)))


def days() -> list[tuple[str, str, str]]:
    found = CalendarEntry.unscoped.order_by("first_day", "title")
    return [(str(one.first_day), str(one.last_day or ""), one.title) for one in found]


def test_days_come_change_and_go_together(mihon: Town) -> None:
    change(
        mihon,
        new("2026-05-29", "締切"),
        new("2026-09-07", "ヒアリング", last_day="2026-09-11", office="財政課"),
        new("2026-04-01", "異動", last_day="2026-04-01"),
    )
    assert days() == [
        ("2026-04-01", "", "異動"),
        ("2026-05-29", "", "締切"),
        ("2026-09-07", "2026-09-11", "ヒアリング"),
    ]
    ids = dict(CalendarEntry.unscoped.values_list("title", "pk"))
    change(
        mihon,
        {"id": str(ids["締切"]), "version": 1, "entry": {"title": "R7確定値の締切"}},
        {"id": str(ids["異動"]), "version": 1, "remove": True},
        new("2026-06-25", "推進会議"),
    )
    kept = CalendarEntry.unscoped.get(pk=ids["締切"])
    assert (kept.title, kept.version, kept.first_day) == ("R7確定値の締切", 2, dt.date(2026, 5, 29))
    assert [title for _first, _last, title in days()] == ["R7確定値の締切", "推進会議", "ヒアリング"]
    assert TrailEntry.unscoped.filter(action="plan.change_calendar").count() == 2


def test_two_days_change_places(mihon: Town) -> None:
    change(mihon, new("2026-05-29", "甲"), new("2026-05-30", "乙"))
    ids = dict(CalendarEntry.unscoped.values_list("title", "pk"))
    change(
        mihon,
        {"id": str(ids["甲"]), "version": 1, "entry": {"title": "乙", "first_day": "2026-05-30"}},
        {"id": str(ids["乙"]), "version": 1, "entry": {"title": "甲", "first_day": "2026-05-29"}},
    )
    assert dict(CalendarEntry.unscoped.values_list("pk", "title")) == {ids["甲"]: "乙", ids["乙"]: "甲"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (new("", "締切"), "1.first_day"),
        (new("2026-05-29", " "), "1.title"),
        (new("2026-05-29", "締切", last_day="2026-05-28"), "1.last_day"),
        (new("2026-13-01", "締切"), "1.first_day"),
        (new("9999-12-31", "締切"), "1.first_day"),
        (new("1886-03-31", "締切"), "1.first_day"),
        (new("2026-05-29", "締切", last_day="9999-04-01"), "1.last_day"),
        (new("2026-04-10", "照会"), "1.title"),
        (new("2026-05-29", 3), "1.title"),
        (new("2026-05-29", {"ja": "締切"}), "1.title"),
        ({"id": "00000000-0000-7000-8000-000000000000", "version": 1, "entry": {}}, "1."),
    ],
)
def test_one_wrong_day_stops_all_of_them(mihon: Town, wrong: EntryChange, field: str) -> None:
    change(mihon, new("2026-04-10", "照会"))
    with pytest.raises(Problems) as refused:
        change(mihon, new("2026-07-01", "よい予定"), wrong)
    assert [one.field for one in refused.value.problems] == [field]
    assert days() == [("2026-04-10", "", "照会")]


def test_a_day_that_somebody_changed_meanwhile(mihon: Town) -> None:
    change(mihon, new("2026-04-10", "照会"))
    key = str(CalendarEntry.unscoped.get().pk)
    change(mihon, {"id": key, "version": 1, "entry": {"title": "照会の開始"}})
    with pytest.raises(Problems) as refused:
        change(mihon, {"id": key, "version": 1, "entry": {"title": "ほかの題名"}})
    assert refused.value.problems[0].code == "stale"


@pytest.mark.parametrize(
    "given",
    [
        [],
        "x",
        [1],
        [{"id": "x", "version": 1}],
        [{"id": "", "version": "1", "entry": {}}],
    ],
)
def test_nonsense_is_refused(mihon: Town, given: Any) -> None:
    here = Municipality.unscoped.get(pk=mihon.ref.id)
    with pytest.raises(Problem) as refused:
        change_calendar(mihon.ctx("plan_secretariat"), here, ChangeCalendar(given))
    assert refused.value.code == "shape"


def test_another_municipality_keeps_its_days(mihon: Town, karina: Town) -> None:
    change(mihon, new("2026-04-10", "照会"))
    key = str(CalendarEntry.unscoped.get().pk)
    with pytest.raises(Problems):
        change(karina, {"id": key, "version": 1, "remove": True})
    assert days() == [("2026-04-10", "", "照会")]
