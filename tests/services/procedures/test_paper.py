"""The legal paper: a filing printed as its form, from the version that it was made under."""

from __future__ import annotations

import io
from typing import Any

import pdfplumber
import pytest

from tests.engines.casework.papers import seal_png
from tests.services.procedures.definition.filled import FILLED
from tests.services.procedures.offers import ANSWERS, definition, procedure, submission
from tests.world import Town
from yakuba.engines.casework.models import Case
from yakuba.engines.casework.notices.rules import lacks_of_remedies
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.fields import PERSONAL
from yakuba.kernel.files import store as files
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.text.codes import grouped
from yakuba.kernel.town.models import AUTHORITIES
from yakuba.services.procedures import origin, paper
from yakuba.services.procedures.actions.receiving import receive
from yakuba.services.procedures.definition import document
from yakuba.services.procedures.definition.showing import PartyAnswers
from yakuba.services.procedures.designing.remedies import proposal
from yakuba.services.procedures.models import Attachment, Filing, Procedure
from yakuba.services.procedures.ready import all_ready

pytestmark = pytest.mark.django_db
READY = {one.key: one.definition for one in all_ready()}
GROUP: dict[str, Any] = {
    "key": "dogs",
    "kind": "group",
    "label": {"ja": "犬"},
    "required": False,
    "questions": [
        {"key": "dog", "kind": "text", "label": {"ja": "名"}},
        {"key": "breed", "kind": "text", "label": {"ja": "犬種"}},
    ],
}


def text_of(made: bytes) -> str:
    with pdfplumber.open(io.BytesIO(made)) as opened:
        return "\n".join(page.extract_text() for page in opened.pages).replace(" ", "")


def case_of(town: Town, of: Procedure | None = None, **columns: Any) -> Case:
    made = submission(town, of=of, **columns)
    receive(town.ctx("cli"), made, NoData())
    return Case.unscoped.get(receipt=made.receipt)


def printed(town: Town, *cases: Case) -> bytes:
    return paper.of_cases(town.ctx("case_worker"), cases)


def attach(town: Town, case: Case, data: bytes, name: str) -> Attachment:
    kept = files.keep(
        town.ctx("cli").begin(), data, name, classification=PERSONAL, retention_class="5", made_by_us=True
    )
    return Attachment.unscoped.create(
        municipality_id=town.ref.id, filing=Filing.unscoped.get(pk=case.origin_id), question="", file=kept
    )


def test_the_paper_has_stamp_addressee_applicant_and_answers(mihon: Town) -> None:
    filed = procedure(mihon, form_number="様式第3号", form_title="見本申請書")
    case = case_of(mihon, of=filed)
    text = text_of(printed(mihon, case))
    for part in (
        "様式第3号",
        "収受",
        case.number,
        format_date(japan_date(case.registered_at)),
        "見本申請書",
        "（あて先）みほん市長",
        "申請者",
        "手本",
        "みほん市見本条例第3条の規定により、次のとおり申請します。",
        "はじめのため",
        f"受付番号{grouped(case.receipt)}",
        "1/1",
    ):
        assert part.replace(" ", "") in text, part


def test_each_filing_counts_its_own_pages(mihon: Town) -> None:
    filed = procedure(mihon)
    made = printed(mihon, case_of(mihon, of=filed), case_of(mihon, of=filed))
    with pdfplumber.open(io.BytesIO(made)) as opened:
        assert [page.extract_text().replace(" ", "")[-3:] for page in opened.pages] == ["1/1", "1/1"]


def test_rows_of_a_group_stand_in_a_table_and_a_consent_has_its_mark(mihon: Town) -> None:
    steps = document.write(definition())["steps"]
    consent = {"key": "agreed", "kind": "consent", "label": {"ja": "写しの保存に同意します"}}
    steps[0]["sections"][0]["questions"] += [GROUP, consent]
    filed = procedure(mihon, steps=steps)
    rows = [{"dog": "ポチ", "breed": "柴犬"}, {"dog": "𠮷丸", "breed": "雑種"}]
    case = case_of(mihon, of=filed, answers={**ANSWERS, "dogs": rows, "agreed": True})
    made = printed(mihon, case)
    with pdfplumber.open(io.BytesIO(made)) as opened:
        tables = [table for page in opened.pages for table in page.extract_tables()]
    assert ["番号", "名", "犬種"] in [
        [cell.replace(" ", "") for cell in row if cell] for table in tables for row in table
    ]
    text = text_of(made)
    assert "𠮷丸" in text
    assert "写しの保存に同意します" in text


def test_photographs_stand_on_pages_behind_the_form(mihon: Town) -> None:
    case = case_of(mihon)
    attach(mihon, case, seal_png(), "犬.png")
    made = printed(mihon, case)
    with pdfplumber.open(io.BytesIO(made)) as opened:
        assert [len(page.images) for page in opened.pages] == [0, 1]
    assert "犬.png" in text_of(made)


def test_a_picture_whose_bytes_are_gone_is_only_named(mihon: Town) -> None:
    case = case_of(mihon)
    one = attach(mihon, case, seal_png(), "消えた.png")
    StoredFile.unscoped.filter(pk=one.file_id).update(sha256="0" * 64)
    assert "消えた.png" in text_of(printed(mihon, case))


@pytest.mark.parametrize("key", sorted(FILLED))
def test_every_ready_procedure_prints(mihon: Town, key: str) -> None:
    filed = procedure(mihon, **document.write(READY[key]))
    case = case_of(mihon, of=filed, answers=FILLED[key])
    made = printed(mihon, case)
    assert READY[key].title["ja"].replace(" ", "") in text_of(made) or READY[key].form_title in text_of(made)


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (PartyAnswers(name="見本 花子"), "見本 花子　様"),
        (PartyAnswers(organisation="株式会社ひながた設備"), "株式会社ひながた設備　御中"),
        (PartyAnswers(name="雛形 いつき", organisation="見本自治会"), "見本自治会　雛形 いつき　様"),
        (PartyAnswers(), ""),
    ],
)
def test_letters_address_people_and_organisations(one: PartyAnswers, words: str) -> None:
    assert origin.addressee_of(one) == words


def test_a_notice_begins_with_the_procedures_own_words(mihon: Town) -> None:
    key = "dog-registration"
    filed = procedure(mihon, **document.write(READY[key]))
    case = case_of(mihon, of=filed, answers=FILLED[key])
    facts = origin.notice(mihon.ctx("case_worker"), case)
    assert facts.title == READY[key].result_title
    assert facts.ground.startswith("狂犬病予防法")
    assert facts.addressee.endswith("様")
    assert facts.address.startswith("〒")
    assert facts.retention == READY[key].retention


@pytest.mark.parametrize("authority", [key for key, _label in AUTHORITIES])
def test_the_remedies_that_the_editor_proposes_name_everything(authority: str) -> None:
    assert lacks_of_remedies(proposal(authority, "みほん市")) == ()
