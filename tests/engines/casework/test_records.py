"""Number books and seals."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from tests.engines.casework import papers
from tests.engines.casework.test_protection import body_of, client_of
from tests.engines.casework.trying import a_case
from tests.world import Town
from yakuba.engines.casework import actions
from yakuba.engines.casework.models import NumberBook, Seal
from yakuba.kernel.actions import Problem
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.files import store as files

pytestmark = pytest.mark.django_db
BOOKS, SEALS = "/990019/desk/number-books/", "/990019/desk/seals/"


def test_a_changed_book_gives_the_next_number_by_its_new_pattern(mihon: Town) -> None:
    keeper = mihon.ctx("records_keeper")
    actions.keep_book(keeper, papers.book(mihon), actions.KeepBook("{year}環第{n}号", 30, "紙に合わせる"))
    assert papers.issued(mihon).document_number.endswith("環第30号")


def test_a_number_that_was_typed_before_is_passed_over(mihon: Town) -> None:
    papers.book(mihon)
    year = FiscalYear.of(papers.today(mihon)).short
    papers.issued(mihon, document_number=f"{year}見本第7号")
    assert papers.issued(mihon).document_number == f"{year}見本第8号"


@pytest.mark.parametrize("pattern", ["見本第号", "第{m}号{n}", "{n}{"])
def test_a_pattern_without_its_number_is_refused(mihon: Town, pattern: str) -> None:
    with pytest.raises(Problem) as problem:
        actions.keep_book(
            mihon.ctx("records_keeper"), papers.book(mihon), actions.KeepBook(pattern, 1, "直す")
        )
    assert problem.value.field == "pattern"


def test_a_book_is_opened_once_a_year(mihon: Town) -> None:
    keeper = mihon.ctx("records_keeper")
    data = actions.OpenBook("document", "education", FiscalYear(2031), "教第{n}号")
    actions.open_book(keeper, None, data)
    with pytest.raises(Problem):
        actions.open_book(keeper, None, data)
    own = actions.OpenBook("document", "mayor", FiscalYear(2031), "環第{n}号", str(mihon.offices["own"].pk))
    assert actions.open_book(keeper, None, own).office_id == mihon.offices["own"].pk


def test_books_are_listed_with_their_next_number_and_saved(mihon: Town) -> None:
    a_case(mihon)
    papers.book(mihon)
    client = client_of(mihon, "records_keeper")
    page = body_of(client.get(BOOKS))
    assert "見本課収第2号" in page
    assert "見本第7号" in page
    for ending in ("csv", "xlsx"):
        saved = client.get(f"{BOOKS}list.{ending}")
        assert saved.status_code == 200
        assert b"".join(saved.streaming_content)
    assert client.get(f"{BOOKS}?filter.book=registration&q=見本").status_code == 200


def test_a_change_without_a_reason_is_refused_and_stays_typed(mihon: Town) -> None:
    book = papers.book(mihon)
    client = client_of(mihon, "records_keeper")
    answer = client.post(f"{BOOKS}{book.pk}/", {"pattern": "新第{n}号", "following": "3", "version": "1"})
    assert answer.status_code == 422
    assert "新第{n}号" in body_of(answer)
    assert NumberBook.unscoped.get(pk=book.pk).following == 7


def test_a_seal_is_registered_with_a_print_that_was_made_anew(mihon: Town) -> None:
    client = client_of(mihon, "records_keeper")
    sent = papers._adds_seal(client, mihon, None)
    assert sent.status_code == 303, body_of(sent)
    seal = Seal.unscoped.get()
    assert seal.file.made_by_us
    shown = client.get(f"{SEALS}{seal.pk}/print/")
    assert shown["Content-Type"] == "image/png"
    assert b"".join(shown.streaming_content)
    assert "みほん市長之印" in body_of(client.get(f"{SEALS}{seal.pk}/"))
    saved = client.get(f"{SEALS}list.xlsx")
    assert saved.status_code == 200
    assert b"".join(saved.streaming_content)


def test_the_print_of_a_seal_is_for_its_keepers_alone(mihon: Town) -> None:
    seal = papers.seal(mihon)
    for role in ("case_worker", "office_head", "municipality_admin", "auditor"):
        assert client_of(mihon, role).get(f"{SEALS}{seal.pk}/print/").status_code == 403, role


def test_a_print_that_is_no_png_is_refused_at_its_field(mihon: Town) -> None:
    answer = client_of(mihon, "records_keeper").post(
        SEALS,
        {
            "authority": "mayor",
            "title": "みほん市長之印",
            "signature": "みほん市長",
            "valid_from": "2020-04-01",
            "picture": SimpleUploadedFile("seal.png", b"GIF89a", "image/png"),
        },
    )
    page = body_of(answer)
    assert answer.status_code == 422
    assert 'id="id_picture-error"' in page
    assert not Seal.unscoped.exists()


def test_a_seal_ends_and_is_not_offered_any_more(mihon: Town) -> None:
    seal = papers.seal(mihon)
    actions.change_seal(
        mihon.ctx("records_keeper"),
        seal,
        actions.ChangeSeal("みほん市長之印", "みほん市長", papers.SINCE, dt.date(2021, 3, 31)),
    )
    notice = papers.draft(mihon)
    assert "みほん市長之印" not in body_of(client_of(mihon).get(f"/990019/desk/notices/{notice.pk}/"))
    with pytest.raises(Problem):
        actions.change_seal(
            mihon.ctx("records_keeper"),
            seal,
            actions.ChangeSeal("みほん市長之印", "みほん市長", papers.SINCE, dt.date(2019, 1, 1)),
        )


def test_the_print_of_a_seal_cannot_be_forgotten_while_the_seal_is_there(mihon: Town) -> None:
    seal = papers.seal(mihon)

    def forget() -> None:
        files.forget(mihon.ctx("cli").begin(), seal.file)
        connection.check_constraints()  # as at the end of the action's transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        forget()
