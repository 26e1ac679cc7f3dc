"""A form whose answers were found whole is not looked through again when it is sent; whatever changes since then is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from tests.services.procedures.portal.sheets import Applicant, offered, picture
from tests.world import Town
from yakuba.kernel.dates import clock, japan_date
from yakuba.services.procedures.models import Filling, Procedure, Submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def subject(mihon: Town) -> Procedure:
    return offered(mihon)


@pytest.fixture
def one(mihon: Town, subject: Procedure) -> Applicant:
    """Somebody who only has to press 「提出する」."""
    made = Applicant(mihon)
    made.fill_in(subject)
    return made


def today() -> dt.date:
    return japan_date(clock.now())


def test_the_last_page_says_for_which_day_the_answers_are_whole(one: Applicant) -> None:
    assert one.row().whole_on == today()


def attached(one: Applicant) -> None:
    one.page("papers", {"q.photo": picture()}, press="attach")


def detached(one: Applicant) -> None:
    attached(one)
    one.page("papers")
    one.reach()
    assert one.row().whole_on == today()
    (upload,) = one.row().answers["photo"]
    one.page("papers", {}, press=f"detach.photo.{upload}")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda one: one.page("dogs"), id="a page is answered again"),
        pytest.param(lambda one: one.page("dogs", {"q.chip": "1"}), id="a page is left unfinished"),
        pytest.param(attached, id="a file comes"),
        pytest.param(detached, id="a file goes"),
    ],
)
def test_whoever_changes_a_page_is_looked_through_again(
    one: Applicant, change: Callable[[Applicant], object]
) -> None:
    change(one)
    assert one.row().whole_on is None


@pytest.mark.parametrize(
    ("answers", "typed"),
    [
        pytest.param({"birth": None}, {}, id="something is missing"),
        pytest.param({"birth": "2999-01-01x"}, {}, id="something is wrong"),
        pytest.param({"number": "hidden by chip = false"}, {}, id="something is hidden"),
        pytest.param({}, {"dogs": {"q.chip": ["?"]}}, id="something could not be read"),
    ],
)
def test_what_is_not_whole_is_not_said_to_be(
    one: Applicant, answers: dict[str, object], typed: dict[str, object]
) -> None:
    row = one.row()
    kept = {key: value for key, value in {**row.answers, **answers}.items() if value is not None}
    Filling.unscoped.filter(pk=row.pk).update(answers=kept, typed=typed)
    one.reach()
    assert one.row().whole_on is None


def test_another_day_is_another_question(one: Applicant) -> None:
    """What was whole yesterday may be wrong today, and what is wrong is not sent."""
    row = one.row()
    wrong = {key: value for key, value in row.answers.items() if key != "birth"}
    Filling.unscoped.filter(pk=row.pk).update(answers=wrong, whole_on=today() - dt.timedelta(1))
    assert one.send().status_code != 303 or not Submission.unscoped.exists()
    assert not Submission.unscoped.exists()


def test_what_could_not_be_read_is_not_sent_whatever_the_day_says(one: Applicant) -> None:
    Filling.unscoped.filter(pk=one.filling).update(typed={"dogs": {"q.chip": ["?"]}}, whole_on=today())
    one.send()
    assert not Submission.unscoped.exists()
