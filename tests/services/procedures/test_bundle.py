"""The day's intake list and bundle."""

from __future__ import annotations

import datetime as dt
import io

import pdfplumber
import pytest
from django.test import Client
from pypdf import PdfReader

from tests.engines.casework.papers import seal_png
from tests.services.procedures.offers import procedure
from tests.services.procedures.test_paper import attach, case_of, text_of
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.casework.models import Case
from yakuba.engines.protection.models import Hold, Protected
from yakuba.engines.protection.rules import Party
from yakuba.engines.protection.store import look
from yakuba.kernel import pdf
from yakuba.kernel.actions import Problem, SubjectRef
from yakuba.kernel.dates import clock, japan_date
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.kernel.outbox.schedules import Due
from yakuba.kernel.trail.models import TrailEntry
from yakuba.services.procedures.actions.bundling import OrderBundle, order_bundle
from yakuba.services.procedures.models import Bundle, Filing
from yakuba.services.procedures.schedules import forget_bundles
from yakuba.services.procedures.views.desk import bundle as view

pytestmark = pytest.mark.django_db
HERE = "/990019/desk/cases/bundle/"


def client_of(town: Town, role: str = "case_worker", office: str = "own") -> Client:
    client = Client()
    sign_in(client, town.account(role, office))
    return client


def hold(town: Town, case: Case) -> None:
    """Somebody of the case is under 支援措置."""
    born = dt.date(1958, 4, 1)
    Protected.unscoped.create(
        municipality_id=town.ref.id, name="手本 くみこ", birth=born, valid_from=dt.date(2020, 1, 1)
    )
    look(town.ctx("cli").begin(), SubjectRef("case", case.pk), [Party(name="手本 くみこ", birth=born)])
    assert Hold.unscoped.filter(subject_id=case.pk, state="standing").exists()


def page_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]  # the test client's answer


def test_the_list_shows_the_days_filings_of_the_own_office(mihon: Town) -> None:
    filed = procedure(mihon)
    cases = [case_of(mihon, of=filed), case_of(mihon, of=filed)]
    trial = case_of(mihon, of=filed, test=True)
    other = case_of(mihon, of=procedure(mihon, office="other"))
    page = page_of(client_of(mihon).get(HERE))
    for case in cases:
        assert case.number in page
    assert trial.number not in page
    assert other.number not in page
    assert "この日に収受した書類はありません" in page_of(client_of(mihon).get(f"{HERE}?day=R2.4.1"))
    assert TrailEntry.unscoped.filter(kind="read", action="procedures.intake").exists()


@pytest.mark.parametrize("query", ["?day=x", "?day=2026-13-01"])
def test_a_day_that_is_none_is_said_at_its_field(mihon: Town, query: str) -> None:
    answer = client_of(mihon).get(f"{HERE}{query}")
    assert answer.status_code == 422
    assert 'id="id_day-error"' in page_of(answer)


def test_an_office_of_others_is_not_there(mihon: Town) -> None:
    other = mihon.offices["other"].pk
    assert client_of(mihon).get(f"{HERE}?office={other}").status_code == 404


@pytest.mark.parametrize("ending", ["pdf", "xlsx", "csv"])
def test_the_list_is_saved(mihon: Town, ending: str) -> None:
    case = case_of(mihon)
    answer = client_of(mihon).get(f"{HERE}list.{ending}")
    assert answer.status_code == 200
    saved = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if ending == "pdf":
        assert case.number in text_of(saved)
    if ending == "csv":
        assert case.number in saved.decode("utf-8-sig")


def test_forms_and_attachments_are_bound_behind_the_list(mihon: Town) -> None:
    filed = procedure(mihon)
    first, second = case_of(mihon, of=filed), case_of(mihon, of=filed)
    attach(mihon, first, pdf.render("= 同意書", title="同意書"), "同意書.pdf")
    attach(mihon, second, seal_png(), "写真.png")
    answer = client_of(mihon).post(HERE)
    assert answer["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    marks = [str(one.title) for one in reader.outline]  # type: ignore[union-attr]  # one level of bookmarks
    assert marks[0] == "受付簿"
    assert [mark.split("　")[0] for mark in marks[1:]] == [first.number, first.number, second.number]
    with pdfplumber.open(io.BytesIO(answer.content)) as opened:
        assert len(opened.pages) == 1 + 1 + 1 + 2
    assert TrailEntry.unscoped.filter(kind="read", action="procedures.bundle").exists()


def test_a_broken_attachment_is_left_out_and_named(mihon: Town) -> None:
    case = case_of(mihon)
    attach(mihon, case, b"%PDF-1.7 broken", "壊れた.pdf")
    answer = client_of(mihon).post(HERE)
    text = text_of(answer.content)
    assert "束ねられなかった添付" in text
    assert "壊れた.pdf" in text


def test_what_is_held_stops_the_bundle_until_it_is_left_out(mihon: Town) -> None:
    filed = procedure(mihon)
    free, stopped = case_of(mihon, of=filed), case_of(mihon, of=filed)
    hold(mihon, stopped)
    client = client_of(mihon)
    refused = client.post(HERE)
    assert refused.status_code == 422
    assert stopped.number in page_of(refused)
    filing = Filing.unscoped.get(pk=stopped.origin_id)
    made = client.post(HERE, {"without": [str(filing.pk)]})
    text = text_of(made.content)
    assert free.number in text
    assert stopped.number not in text
    saved = b"".join(client.get(f"{HERE}list.csv").streaming_content).decode("utf-8-sig")
    line = next(line for line in saved.splitlines() if stopped.number in line)
    assert "手本" not in line


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "AT_ONCE", 0)


@pytest.mark.usefixtures("few_at_once")
def test_a_large_bundle_is_the_workers(mihon: Town) -> None:
    case = case_of(mihon)
    client = client_of(mihon)
    sent = client.post(HERE)
    assert sent.status_code == 303
    assert "束ねています" in page_of(client.get(sent["Location"]))
    assert client.get(f"{sent['Location']}file/").status_code == 404
    work_off()
    assert "束ねたPDFを開く" in page_of(client.get(sent["Location"]))
    served = client.get(f"{sent['Location']}file/")
    assert case.number in text_of(b"".join(served.streaming_content))
    assert client_of(mihon, office="other").get(sent["Location"]).status_code == 404


def work_off() -> None:
    """What the worker would do with the bundle, inside the test's transaction."""
    from yakuba.kernel.access.pages import system_context
    from yakuba.services.procedures.bundling.work import bind

    message = OutboxMessage.unscoped.get(handler="procedures.bind")
    assert message.municipality is not None
    settle = bind(system_context("test", message.municipality.ref), message.payload, "key")
    if settle is not None:
        settle()


@pytest.mark.usefixtures("few_at_once")
def test_what_was_held_after_the_order_is_left_out(mihon: Town) -> None:
    filed = procedure(mihon)
    free, stopped = case_of(mihon, of=filed), case_of(mihon, of=filed)
    client_of(mihon).post(HERE)
    hold(mihon, stopped)
    work_off()
    made = Bundle.unscoped.get()
    assert made.state == "made"
    assert "支援措置" in made.note
    assert free.number not in made.note


@pytest.mark.usefixtures("few_at_once")
def test_a_bundle_that_cannot_be_made_says_why(mihon: Town) -> None:
    case = case_of(mihon)
    client = client_of(mihon)
    sent = client.post(HERE)
    hold(mihon, case)
    work_off()
    assert "束ねる書類が残っていません" in page_of(client.get(sent["Location"]))


@pytest.mark.usefixtures("few_at_once")
def test_a_bundle_goes_after_a_day(mihon: Town) -> None:
    case_of(mihon)
    client = client_of(mihon)
    sent = client.post(HERE)
    work_off()
    made = Bundle.unscoped.get()
    kept = made.file_id
    Bundle.unscoped.filter(pk=made.pk).update(asked_at=clock.now() - dt.timedelta(days=2))
    for _again in range(2):
        forget_bundles(Due("procedures.forget_bundles", "2026-11-21T10", mihon.ctx("cli")))
    assert not StoredFile.unscoped.filter(pk=kept).exists()
    assert "もう一度束ねてください" in page_of(client.get(sent["Location"]))


def test_only_filings_of_that_day_and_office_can_be_ordered(mihon: Town) -> None:
    case = case_of(mihon, of=procedure(mihon, office="other"))
    with pytest.raises(Problem):
        order_bundle(
            mihon.ctx("case_worker"),
            mihon.offices["own"],
            OrderBundle(japan_date(clock.now()), [str(case.origin_id)]),
        )
    assert not Bundle.unscoped.exists()
