"""How long what came in is kept, and where that is said."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from tests.services.procedures.offers import ANSWERS, definition, procedure, submission
from tests.services.procedures.specimens_receiving import filing
from tests.world import Town
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import clock
from yakuba.kernel.files import store as files
from yakuba.kernel.ids import uuid7
from yakuba.services.procedures.actions.receiving import receive
from yakuba.services.procedures.definition import document
from yakuba.services.procedures.filings.shown import keep_until, view_of
from yakuba.services.procedures.models import Attachment, Upload

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("retention", "ended", "until"),
    [
        ("5", dt.date(2026, 11, 21), dt.date(2032, 3, 31)),
        ("1", dt.date(2027, 3, 31), dt.date(2028, 3, 31)),
        ("1", dt.date(2027, 4, 1), dt.date(2029, 3, 31)),
        ("permanent", dt.date(2026, 11, 21), None),
    ],
)
def test_the_years_begin_on_1_april_after_the_end(
    retention: str, ended: dt.date, until: dt.date | None
) -> None:
    assert keep_until(retention, ended) == until


def test_the_desk_says_how_long_and_once_it_ended_until_when(mihon: Town) -> None:
    made = filing(mihon)
    assert dict(view_of(mihon.ctx("case_worker"), made).facts)["保存期間"] == "5年"
    assert made.case is not None
    made.case.completed_at = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    assert dict(view_of(mihon.ctx("case_worker"), made).facts)["保存期間"] == "5年（令和14年3月31日まで）"


def test_the_public_is_told_before_it_begins(mihon: Town) -> None:
    for retention, words in (("10", "次の年度から10年間"), ("permanent", "市の文書として保存し続けます")):
        made = procedure(mihon, retention=retention)
        page = Client().get(f"/{mihon.ref.code}/procedures/{made.pk}/").content.decode()
        assert words in page


def test_a_citizens_file_is_kept_as_the_record_that_it_became_a_part_of(mihon: Town) -> None:
    steps = document.write(definition())["steps"]
    photo = {"key": "photo", "kind": "photo", "label": {"ja": "写真"}}
    steps[0]["sections"][0]["questions"].append(photo)  # type: ignore[index,call-overload,union-attr]  # JSON of our own
    asking = procedure(mihon, steps=steps, retention="10")
    upload = uuid7()
    sent = submission(mihon, of=asking, answers={**ANSWERS, "photo": [str(upload)]})
    Upload.unscoped.create(
        id=upload,
        municipality_id=mihon.ref.id,
        submission=sent,
        visit=sent.visit,
        question="photo",
        file=files.keep(mihon.ctx("cli").begin(), b"\x89PNG", "犬.png", retention_class="portal_submission"),
        at=clock.now(),
    )
    receive(mihon.ctx("cli"), sent, NoData())
    assert Attachment.unscoped.get().file.retention_class == "10"
