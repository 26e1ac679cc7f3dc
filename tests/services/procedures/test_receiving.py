"""From the portal to the desk, and what the desk releases."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.services.procedures.offers import ANSWERS, procedure, submission
from tests.world import Town
from yakuba.engines.casework import store as casework
from yakuba.engines.casework.models import Case, CaseMessage, Notice
from yakuba.engines.casework.origins import origin_of
from yakuba.engines.delivery.models import Delivery
from yakuba.engines.protection.models import Hold, Protected
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import clock
from yakuba.kernel.files import store as files
from yakuba.kernel.text.codes import grouped
from yakuba.services.procedures.actions import releasing
from yakuba.services.procedures.actions.receiving import receive, take_reply
from yakuba.services.procedures.actions.sweeping import forget_answers
from yakuba.services.procedures.models import (
    EarlierAnswer,
    Filing,
    FilingRevision,
    Happening,
    Release,
    Reply,
    Submission,
)

pytestmark = pytest.mark.django_db


def received(town: Town, made: Submission) -> tuple[Filing, Case]:
    receive(town.ctx("cli"), made, NoData())
    filing = Filing.unscoped.select_related("case").get(receipt=made.receipt)
    assert filing.case is not None
    return filing, filing.case


def test_however_long_a_name_is_what_was_acknowledged_reaches_the_desk(mihon: Town) -> None:
    names = {"family": "手" * 100, "given": "本" * 100, "family_kana": "テ" * 100, "given_kana": "ホ" * 100}
    made = submission(mihon, answers={**ANSWERS, "name": names}, mail=f"{'a' * 60}@{'b.' * 90}example.jp")
    filing, case = received(mihon, made)
    assert case.applicant == f"{'手' * 100} {'本' * 99}"
    assert filing.parties["applicant"]["name"].endswith("本" * 100)
    casework.rename(mihon.ctx("cli").begin(), case, "見" * 300, "ミ" * 300)


def test_a_submission_becomes_a_filing_and_a_case_and_the_portals_copy_goes(mihon: Town) -> None:
    made = submission(mihon)
    filing, case = received(mihon, made)
    assert str(filing) == str(made) == grouped(made.receipt), "as the trail names it"
    assert filing.answers == ANSWERS
    assert filing.arrived_at == made.arrived_at
    assert (
        filing.parties["applicant"]["name"] == "手本　くみこ" or "手本" in filing.parties["applicant"]["name"]
    )
    assert (case.state, case.kind, case.receipt, case.channel) == (
        "arrived",
        "application",
        made.receipt,
        "online",
    )
    assert case.office_id == mihon.offices["own"].pk
    assert case.due_on is not None
    assert [one.label for one in case.marks.order_by("position")] == ["氏名がそろっている", "写しが読める"]
    made.refresh_from_db()
    assert made.body == {}
    assert made.handed_over_at is not None
    assert made.state == "received"
    happened = Happening.unscoped.get(kind="sent")
    assert happened.seconds == 240


@pytest.mark.parametrize("way", ["download", "counter", "post"])
def test_the_case_knows_how_the_result_is_wanted(mihon: Town, way: str) -> None:
    made = submission(mihon)
    Submission.unscoped.filter(pk=made.pk).update(electronic=way)
    made.refresh_from_db()
    _filing, case = received(mihon, made)
    assert case.result == way


@pytest.mark.parametrize(
    ("said", "told"), [({"remedies": ""}, "処分ではないため。"), ({"remedies": "審査請求ができます。"}, "")]
)
def test_the_case_hears_why_there_are_no_remedies(mihon: Town, said: dict[str, str], told: str) -> None:
    filed = procedure(mihon, remedies_note={"ja": "処分ではないため。"}, **said)
    _filing, case = received(mihon, submission(mihon, of=filed))
    assert origin_of(case).no_remedies(mihon.ctx("cli"), case) == told


def test_a_second_time_it_changes_nothing(mihon: Town) -> None:
    made = submission(mihon)
    received(mihon, made)
    made.refresh_from_db()
    receive(mihon.ctx("cli"), made, NoData())
    assert Filing.unscoped.count() == Case.unscoped.count() == 1


def test_a_notification_that_is_right_on_arrival_is_complete_at_once(mihon: Town) -> None:
    filed = procedure(mihon, kind="notification", accept_on_arrival=True, remedies="", result=["none"])
    made = submission(mihon, of=filed)
    _filing, case = received(mihon, made)
    assert case.state == "completed"
    made.refresh_from_db()
    assert made.state == "completed"


def ask(town: Town, case: Case, *keys: str) -> Release:
    """The desk asks for a correction, as casework's action does it."""
    ctx = town.ctx("case_worker").begin()
    casework.move(ctx, case, "start")
    message = CaseMessage.unscoped.create(
        municipality_id=town.ref.id,
        case=case,
        direction="out",
        kind="correction_request",
        body="理由をくわしく書いてください。",
        asked=list(keys),
        by_label="見本課",
        at=clock.now(),
    )
    casework.move(ctx, case, "ask_correction")
    releasing.told(ctx, case, message)
    return Release.unscoped.get(kind="correction")


def test_a_correction_changes_only_what_was_asked(mihon: Town) -> None:
    made = submission(mihon)
    filing, case = received(mihon, made)
    release = ask(mihon, case, "reason")
    assert release.body["answers"] == {"reason": "はじめのため"}
    made.refresh_from_db()
    assert made.state == "correction"
    reply = Reply.unscoped.create(
        municipality_id=mihon.ref.id,
        submission=made,
        release=release,
        kind="correction",
        body={"answers": {"reason": "くわしい理由", "birth": "2001-01-01"}, "text": "直しました"},
        at=clock.now(),
    )
    take_reply(mihon.ctx("cli"), reply, NoData())
    filing.refresh_from_db()
    case.refresh_from_db()
    assert filing.answers["reason"] == "くわしい理由"
    assert filing.answers["birth"] == ANSWERS["birth"], "nobody asked for it"
    assert case.state == "checking"
    assert [one.number for one in FilingRevision.unscoped.filter(filing=filing)] == [1, 2]
    release.refresh_from_db()
    reply.refresh_from_db()
    assert release.closed_at is not None
    assert reply.body == {}


def test_a_withdrawal_ends_the_case(mihon: Town) -> None:
    made = submission(mihon)
    _filing, case = received(mihon, made)
    reply = Reply.unscoped.create(
        municipality_id=mihon.ref.id,
        submission=made,
        kind="withdrawal",
        body={"text": "いらなくなりました"},
        at=clock.now(),
    )
    take_reply(mihon.ctx("cli"), reply, NoData())
    case.refresh_from_db()
    made.refresh_from_db()
    assert case.state == made.state == "withdrawn"


def test_a_decision_shows_only_with_its_notice(mihon: Town) -> None:
    from yakuba.services.procedures.actions.releasing import PUBLIC_STATES

    assert PUBLIC_STATES["decided"] == PUBLIC_STATES["deciding"] == PUBLIC_STATES["examining"]


@pytest.mark.parametrize(("way", "told"), [("download", "notice"), ("counter", "message"), ("post", "")])
def test_an_issued_notice_is_told_as_it_is_wanted(mihon: Town, way: str, told: str) -> None:
    made = submission(mihon, electronic=way, mail="tehon@example.jp")
    _filing, case = received(mihon, made)
    ctx = mihon.ctx("cli").begin()
    paper = files.keep(ctx, b"%PDF-1.7", "通知書.pdf", retention_class="5", made_by_us=True)
    notice = Notice.unscoped.create(
        municipality_id=mihon.ref.id,
        case=case,
        title="通知書",
        addressee="手本　様",
        sender="みほん市長",
        sealing="omitted",
        state="issued",
        file=paper,
    )
    assert releasing.issued(ctx, case, notice) is (way == "download")
    assert list(Release.unscoped.values_list("kind", flat=True)) == ([told] if told else [])
    assert Delivery.unscoped.filter(purpose="result").count() == bool(told)


def test_earlier_answers_are_kept_for_the_signed_in_and_not_for_the_protected(mihon: Town) -> None:
    citizen = mihon.visits["other"]
    received(mihon, submission(mihon, citizen=citizen))
    assert {one.fact for one in EarlierAnswer.unscoped.filter(citizen=citizen)} == {
        "applicant.name",
        "applicant.birth",
    }
    EarlierAnswer.unscoped.all().delete()
    Protected.unscoped.create(
        municipality_id=mihon.ref.id,
        name="手本　くみこ",
        kana="テホン　クミコ",
        birth=dt.date(1958, 4, 1),
        valid_from=dt.date(2020, 4, 1),
    )
    received(mihon, submission(mihon, of=None, citizen=citizen))
    assert Hold.unscoped.filter(state="standing").exists()
    assert not EarlierAnswer.unscoped.exists()


def test_what_was_kept_before_the_protection_was_known_is_taken_back(mihon: Town) -> None:
    citizen = mihon.visits["other"]
    _filing, case = received(mihon, submission(mihon, citizen=citizen))
    assert EarlierAnswer.unscoped.filter(citizen=citizen).exists()
    Protected.unscoped.create(
        municipality_id=mihon.ref.id,
        name="手本　くみこ",
        kana="テホン　クミコ",
        birth=dt.date(1958, 4, 1),
        valid_from=dt.date(2020, 4, 1),
    )
    casework.compare(mihon.ctx("cli").begin(), case)
    forget_answers(mihon.ctx("cli").begin(), case.pk)
    assert not EarlierAnswer.unscoped.filter(citizen=citizen).exists()
