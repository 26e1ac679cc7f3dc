"""Who has not brought a figure is reminded: a week before its day, the day after, and then each week; never twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.engines.metrics.series.sample import count, fresh, typed
from tests.world import Town
from yakuba.engines.casework.models import OfficeMailbox
from yakuba.engines.delivery.models import Delivery
from yakuba.engines.metrics.models import Series
from yakuba.engines.metrics.series import actions
from yakuba.kernel.access.pages import system_context
from yakuba.kernel.dates import clock
from yakuba.kernel.outbox.schedules import Due
from yakuba.services.plan import schedules

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(mihon: Town, settings: Any) -> Town:  # Any: pytest-django's settings
    settings.MAIL_URL = "smtp://127.0.0.1:1"
    settings.MAIL_FROM = "noreply@mihon.example.jp"
    mail = "own@mihon.example.jp"
    OfficeMailbox.unscoped.create(municipality_id=mihon.ref.id, office=mihon.offices["own"], mail=mail)
    return mihon


def morning(town: Town, month: int, day: int) -> int:
    """How many mails a morning brings."""
    before = Delivery.unscoped.count()
    with clock.frozen(dt.datetime(2026, month, day, 8, 20, tzinfo=clock.JAPAN)):
        ctx = system_context("plan.series_reminders", town.ref)
        schedules.remind_of_series(Due("plan.series_reminders", f"2026-{month:02}-{day:02}", ctx))
    return Delivery.unscoped.count() - before


def april(town: Town, **more: object) -> Series:
    """Due on 15 May for April, the first month."""
    with clock.frozen(dt.datetime(2026, 4, 2, 3, tzinfo=dt.UTC)):
        return count(town, first=dt.date(2026, 4, 1), **more)


def test_a_week_before_the_day_after_and_each_week(town: Town) -> None:
    found = april(town)
    mails = {day: morning(town, 5, day) for day in range(1, 31)}
    assert [day for day, number in mails.items() if number] == [8, 16, 23, 30]
    assert morning(town, 5, 30) == 0
    mail = Delivery.unscoped.order_by("created_at")[1]
    assert mail.address == "own@mihon.example.jp"
    assert "令和8年4月" in mail.body
    assert "1日過ぎています" in mail.subject_line
    assert str(found.pk) in mail.body


def test_after_days_without_a_worker_one_mail_is_made_up(town: Town) -> None:
    april(town)
    assert morning(town, 5, 21) == 1
    assert morning(town, 5, 22) == 0
    assert morning(town, 5, 23) == 1


def test_nobody_is_reminded_of_what_is_here_or_ended_or_by_nobodys_mail(town: Town) -> None:
    found = april(town)
    april(town, key="other", office=str(town.offices["other"].pk))
    with clock.frozen(dt.datetime(2026, 5, 2, 3, tzinfo=dt.UTC)):
        typed(town.ctx("plan_editor"), found, 2026, 4, "5")
    assert morning(town, 5, 16) == 0
    with clock.frozen(dt.datetime(2026, 6, 2, 3, tzinfo=dt.UTC)):
        end = actions.EndSeries(dt.date(2026, 4, 30), "終わり")
        actions.end_series(town.ctx("plan_secretariat"), fresh(found), end)
    assert morning(town, 6, 20) == 0
