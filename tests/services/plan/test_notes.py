"""Notes: whoever works at the desk writes, the author and the secretariat strike, nothing is lost."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.services.plan.forms import document, initiative
from tests.signin import sign_in
from tests.world import Town
from yakuba.kernel.actions import Denied, NoData, Problem
from yakuba.services.plan import queries
from yakuba.services.plan.actions import ImportDocument, WriteNote, import_document, strike_note, write_note
from yakuba.services.plan.models import Edition, Initiative, Note

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(mihon: Town) -> Edition:
    return import_document(
        mihon.ctx("cli"),
        None,
        ImportDocument(document([initiative("1", "電子申請"), initiative("2", "地図")])),
    )


@pytest.fixture
def row(edition: Edition) -> Initiative:
    return Initiative.unscoped.get(edition=edition, number="1")


def signed_in(town: Town, role: str) -> Client:
    client = Client()
    sign_in(client, town.account(role))
    return client


def test_staff_write_and_read_beside_the_initiative(mihon: Town, edition: Edition, row: Initiative) -> None:
    home = f"/990019/desk/plan/initiatives/{row.pk}/"
    client = signed_in(mihon, "staff")
    assert client.post(f"{home}memos/", {"text": "上下水道課に確認中。"}).status_code == 303
    note = Note.unscoped.get()
    assert (note.initiative_id, note.edition_id, note.text) == (row.pk, edition.pk, "上下水道課に確認中。")
    assert note.written_by == mihon.account("staff").person.name
    assert "上下水道課に確認中。" in client.get(home).content.decode()
    whole = client.get(f"/990019/desk/plan/editions/{edition.pk}/memos/").content.decode()
    assert "上下水道課に確認中。" in whole
    edition.refresh_from_db()
    row.refresh_from_db()
    assert (edition.version, row.version) == (1, 1), "a note makes nobody's form stale"


def test_a_note_on_the_edition_stands_there_alone(mihon: Town, edition: Edition, row: Initiative) -> None:
    page = f"/990019/desk/plan/editions/{edition.pk}/memos/"
    client = signed_in(mihon, "plan_editor")
    assert client.post(page, {"text": "部会で説明する。"}).status_code == 303
    assert "部会で説明する。" in client.get(page).content.decode()
    assert "部会で説明する。" not in client.get(f"/990019/desk/plan/initiatives/{row.pk}/").content.decode()
    empty = client.post(page, {"text": " "})
    assert empty.status_code == 422
    assert 'id="id_text-error"' in empty.content.decode()


def test_the_author_and_the_secretariat_strike(mihon: Town, edition: Edition) -> None:
    author, other, secretariat = (mihon.ctx(role) for role in ("plan_editor", "staff", "plan_secretariat"))
    first = write_note(author, None, WriteNote(str(edition.pk), "一つ目"))
    second = write_note(author, None, WriteNote(str(edition.pk), "二つ目"))
    with pytest.raises(Denied):
        strike_note(other, first, NoData())
    assert queries.strikable(other, [first, second]) == frozenset()
    assert queries.strikable(author, [first, second]) == {first.pk, second.pk}
    strike_note(author, first, NoData())
    strike_note(secretariat, second, NoData())
    with pytest.raises((Denied, Problem)):
        strike_note(secretariat, Note.unscoped.get(pk=second.pk), NoData())
    assert Note.unscoped.get(pk=first.pk).struck_by == author.actor.label
    text = signed_in(mihon, "staff").get(f"/990019/desk/plan/editions/{edition.pk}/memos/").content.decode()
    assert "<del>一つ目</del>" in text


def test_a_namesake_is_not_the_author(mihon: Town, edition: Edition) -> None:
    note = write_note(mihon.ctx("plan_editor"), None, WriteNote(str(edition.pk), "メモ"))
    namesake = mihon.account("staff")
    namesake.person.name = mihon.account("plan_editor").person.name
    namesake.person.save()
    with pytest.raises(Denied):
        strike_note(mihon.ctx("staff"), note, NoData())


def test_a_noted_row_stays_when_the_document_is_read_again(
    mihon: Town, edition: Edition, row: Initiative
) -> None:
    write_note(mihon.ctx("staff"), None, WriteNote(str(edition.pk), "要相談", str(row.pk)))
    import_document(mihon.ctx("cli"), None, ImportDocument(document([initiative("2", "地図")])))
    assert Initiative.unscoped.filter(pk=row.pk).exists()


def test_another_city_reads_no_notes(mihon: Town, karina: Town, edition: Edition) -> None:
    note = write_note(mihon.ctx("staff"), None, WriteNote(str(edition.pk), "内部の話"))
    client = signed_in(karina, "plan_secretariat")
    assert client.get(f"/990027/desk/plan/editions/{edition.pk}/memos/").status_code == 404
    assert client.post(f"/990027/desk/plan/memos/{note.pk}/strike/").status_code == 404
    with pytest.raises(Problem):
        write_note(karina.ctx("staff"), None, WriteNote(str(edition.pk), "よその版に"))
