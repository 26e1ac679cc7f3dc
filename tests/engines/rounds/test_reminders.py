"""Reminders: who is told, what is made up after days without a worker, and what is never sent twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.engines.rounds.sample import (
    DAY,
    chosen,
    confirmed,
    items_of,
    mailbox,
    opened,
    part_of,
    planned,
    today,
)
from tests.world import Town, make_town
from yakuba.engines.casework.models import OfficeMailbox
from yakuba.engines.delivery.models import Delivery
from yakuba.engines.rounds import actions, schedules
from yakuba.engines.rounds.models import OfficePart, Reminder, Round
from yakuba.engines.rounds.queries import board as boards
from yakuba.engines.rounds.queries.reminders import due_parts
from yakuba.kernel.access.pages import system_context
from yakuba.kernel.actions import NoData, Problem
from yakuba.kernel.dates import clock
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.kernel.outbox.schedules import Due
from yakuba.kernel.town.models import Office, OfficeName

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None, settings) -> Town:
    """Mail is set up; nothing is sent, for no worker runs."""
    settings.MAIL_URL = "smtp://127.0.0.1:1"
    settings.MAIL_FROM = "noreply@mihon.example.jp"
    made = make_town("990019", "みほん市")
    mailbox(made, "own", "own@mihon.example.jp")
    mailbox(made, "other", "other@mihon.example.jp")
    return made


@contextmanager
def morning(town: Town, day: dt.date) -> Iterator[None]:
    """What the schedule does at half past eight of a day."""
    with clock.frozen(dt.datetime.combine(day, dt.time(8, 30), clock.JAPAN)):
        ctx = system_context("rounds.reminders", town.ref)
        schedules.remind_offices(Due("rounds.reminders", day.isoformat(), ctx))
        yield


def noted(part: OfficePart) -> list[tuple[str, str]]:
    return [(one.occasion, one.state) for one in Reminder.unscoped.filter(part=part).order_by("at", "pk")]


def test_each_occasion_is_sent_once_to_the_office_s_mailbox(town: Town) -> None:
    round_ = opened(town)
    part = part_of(round_, town.offices["own"])
    for offset in (-9, -8, -7, -7, -6, -1, 0, 1, 1, 4, 5, 11):
        with morning(town, part.due + offset * DAY):
            pass
    assert noted(part) == [(key, "sent") for key in ("told", "-7", "-1", "+1", "+4", "+11")]
    mails = Delivery.unscoped.filter(address="own@mihon.example.jp").order_by("created_at", "pk")
    assert [one.state for one in mails] == ["queued"] * 6
    assert "あと7日" in mails[1].subject_line
    assert "1日過ぎて" in mails[3].subject_line
    assert "まだ入力していないもの：4件" in mails[0].body
    assert OutboxMessage.unscoped.filter(handler="delivery.send_desk").count() == mails.count() * 2


def test_days_without_a_worker_are_made_up_once(town: Town) -> None:
    part = part_of(opened(town), town.offices["own"])
    with morning(town, part.due + 2 * DAY):
        assert noted(part) == [
            ("told", "skipped"),
            ("-7", "skipped"),
            ("-1", "skipped"),
            ("+1", "sent"),
        ]
        assert not due_parts(system_context("rounds.reminders", town.ref)), "a restart finds nothing left"
    assert Delivery.unscoped.filter(address="own@mihon.example.jp").count() == 1


def test_who_has_answered_and_whose_round_is_over_is_left_alone(town: Town) -> None:
    round_ = opened(town)
    part, other = (part_of(round_, town.offices[key]) for key in ("own", "other"))
    editor = town.ctx("plan_editor", "other")
    actions.not_applicable(editor, other, actions.Because("事業がありません。"))
    with morning(town, part.due - 7 * DAY):
        assert [noted(one) for one in (part, other)] == [[("told", "skipped"), ("-7", "sent")], []]
    actions.collect(town.ctx("plan_secretariat"), round_, NoData())
    with morning(town, part.due + DAY):
        assert noted(part) == [("told", "skipped"), ("-7", "sent")]


def test_the_head_is_reminded_of_his_own_day(town: Town) -> None:
    round_ = opened(town, head_due=today() + 14 * DAY)
    part = part_of(round_, town.offices["other"])
    ready = items_of(part)
    editor = town.ctx("plan_editor", "other")
    actions.enter(editor, part, chosen(ready))
    actions.mark_not_applicable(
        editor,
        part,
        actions.ChosenBecause(
            [str(one.pk) for one in items_of(part, ready=False) if one not in ready], "事業がありません。"
        ),
    )
    head_due = today() + 14 * DAY
    with morning(town, head_due - DAY):
        one = Reminder.unscoped.get(part=part, state="sent")
        assert (one.until, one.occasion, one.outstanding) == (head_due, "-1", 2)
        assert one.delivery is not None
        assert "所属長の確認を待つもの：2件" in one.delivery.body


def test_an_extension_begins_anew(town: Town) -> None:
    part = part_of(opened(town), town.offices["own"])
    due = part.due
    with morning(town, due - DAY):
        actions.grant_extension(town.ctx("plan_secretariat"), part, actions.GrantExtension(due + 5 * DAY))
    for offset in (0, 1, 4, 6):  # the day after the grant it is told of its new day
        with morning(town, due + offset * DAY):
            pass
    found = Reminder.unscoped.filter(part=part, state="sent").order_by("at")
    assert [(one.until, one.occasion) for one in found] == [
        (due, "-1"),
        (due + 5 * DAY, "told"),
        (due + 5 * DAY, "-1"),
        (due + 5 * DAY, "+1"),
    ]


def recipient(part: OfficePart) -> tuple[str, str, str]:
    one = Reminder.unscoped.filter(part=part).exclude(state="skipped").latest("at")
    return one.state, one.recipient, one.delivery.address if one.delivery else ""


def test_whoever_has_no_mailbox_is_reached_by_another_way(town: Town) -> None:
    OfficeMailbox.unscoped.filter(office=town.offices["other"]).delete()
    round_ = opened(town)
    part = part_of(round_, town.offices["other"])
    with morning(town, part.due - 7 * DAY):
        assert recipient(part) == ("sent", "secretariat", "own@mihon.example.jp")
        delivery = Reminder.unscoped.get(part=part, state="sent").delivery
        assert delivery is not None
        assert "例示課に課のメールの登録がない" in delivery.body
    whole = Office.unscoped.create(municipality_id=town.ref.id, authority="mayor")
    OfficeName.unscoped.create(
        municipality_id=town.ref.id, office=whole, name="見本部", code="b-1", valid_from=dt.date(2020, 4, 1)
    )
    town.offices["whole"] = whole
    mailbox(town, "whole", "bu@mihon.example.jp")
    with morning(town, part.due - DAY):
        assert recipient(part) == ("sent", "department", "bu@mihon.example.jp")
        row = next(one for one in boards.board(town.ctx("staff"), round_) if one.part_id == part.pk)
        assert (row.reminder, row.recipient, row.unreached) == ("queued", "department", True), (
            "told on the board"
        )
    OfficeMailbox.unscoped.all().delete()
    with morning(town, part.due + DAY):
        assert recipient(part) == ("nobody", "", "")
        row = next(one for one in boards.board(town.ctx("staff"), round_) if one.part_id == part.pk)
        assert row.without_mailbox
        assert (row.reminder, row.recipient) == ("nobody", "")
        assert row.late_days == 1


def test_the_secretariat_reminds_once_a_day(town: Town) -> None:
    part = part_of(opened(town), town.offices["own"])
    secretariat = town.ctx("plan_secretariat")
    actions.remind_now(secretariat, part, NoData())
    with pytest.raises(Problem, match="今日もう"):
        actions.remind_now(secretariat, part, NoData())
    assert Delivery.unscoped.count() == 1
    done = confirmed(town, Round.unscoped.get(pk=part.round_id))
    actions.mark_not_applicable(
        town.ctx("plan_editor"),
        done,
        actions.ChosenBecause(
            [str(one.pk) for one in items_of(done, ready=False) if one.state == "open"], "事業がありません。"
        ),
    )
    with pytest.raises(Problem, match="残っているものはありません"):
        actions.remind_now(secretariat, done, NoData())


def test_a_house_without_mail_says_so(town: Town, settings) -> None:
    settings.MAIL_URL = ""
    part = part_of(opened(town), town.offices["own"])
    with morning(town, part.due - DAY):
        one = Reminder.unscoped.get(part=part, state="sent")
        assert one.delivery is not None
        assert one.delivery.state == "unconfigured"


def test_nobody_is_reminded_of_a_round_in_which_nobody_was_asked(town: Town) -> None:
    planned(town, due=today() + DAY)
    with morning(town, today()):
        assert not Reminder.unscoped.exists()
