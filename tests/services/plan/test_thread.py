"""The thread through the house: in, corrected, published, out (actions on both databases)."""

from __future__ import annotations

import json
import threading

import pytest
from django.db import connection, connections

from tests.services.plan.forms import document, initiative
from tests.world import Town
from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Denied, Problem, Stale
from yakuba.kernel.search import queries as search
from yakuba.kernel.trail.models import TrailEntry, TrailPayload
from yakuba.services.plan import queries
from yakuba.services.plan.actions import (
    CorrectField,
    CorrectRows,
    ImportDocument,
    PublishEdition,
    WithdrawEdition,
    correct_field,
    correct_rows,
    import_document,
    publish_edition,
    withdraw_edition,
)
from yakuba.services.plan.models import Edition, Initiative
from yakuba.services.plan.published import published_documents
from yakuba.services.plan.reading.document import dumps

pytestmark = pytest.mark.django_db


def rows() -> list[dict[str, object]]:
    placed = [{"path": ["市民"], "primary": True}]
    offices = [{"name": "見本課", "role": "lead", "doubtful": False}]
    return [
        initiative("1", "電子申請の拡大", values=["75手続", "90手続"], placements=placed, offices=offices),
        initiative(
            "2",
            "公開地図の充実",
            values=["14", "数値なし"],
            placements=placed,
            texts={"approach": "地図を増やす"},
        ),
        initiative("10", "窓口の改善", flags=["new"], placements=placed),
    ]


def take_in(town: Town, found: list[dict[str, object]] | None = None, **plan: object) -> Edition:
    return import_document(town.ctx("cli"), None, ImportDocument(document(found or rows(), **plan)))


def exported(town: Town, edition: Edition) -> str:
    fresh = queries.edition(town.ctx("cli"), edition.pk)
    return dumps(queries.document(fresh, town.ref.code, town.ref.name))


def test_what_was_imported_is_exported(mihon: Town) -> None:
    given = document(rows())
    edition = import_document(mihon.ctx("cli"), None, ImportDocument(given))
    assert json.loads(exported(mihon, edition)) == given
    assert edition.state == "draft"


def test_an_export_imported_elsewhere_exports_the_same_bytes(mihon: Town, karina: Town) -> None:
    first = exported(mihon, take_in(mihon))
    moved = json.loads(first.replace("990019", "990027").replace("みほん市", "かりな市"))
    second = exported(karina, import_document(karina.ctx("cli"), None, ImportDocument(moved)))
    assert second.replace("990027", "990019").replace("かりな市", "みほん市") == first


def test_reading_again_keeps_ids_and_corrections(mihon: Town) -> None:
    edition = take_in(mihon)
    before = {row.number: row.pk for row in Initiative.unscoped.filter(edition=edition)}
    row = Initiative.unscoped.get(edition=edition, number="1")
    correct_field(mihon.ctx("plan_secretariat"), row, CorrectField("title", "電子申請を広げる"))
    changed = rows()
    changed[1]["title"] = "公開地図をもっと充実"
    changed.insert(0, initiative("0", "はじめに"))
    again = take_in(mihon, changed)
    assert again.pk == edition.pk
    after = {
        r.number: (r.pk, r.title) for r in Initiative.unscoped.filter(edition=edition).order_by("position")
    }
    assert list(after) == ["0", "1", "2", "10"]
    assert {number: pk for number, (pk, _title) in after.items() if number != "0"} == before
    assert after["1"][1] == "電子申請を広げる"
    assert after["2"][1] == "公開地図をもっと充実"


def test_a_row_gone_from_the_document_goes_unless_it_was_corrected(mihon: Town) -> None:
    edition = take_in(mihon)
    row = Initiative.unscoped.get(edition=edition, number="2")
    correct_field(mihon.ctx("plan_secretariat"), row, CorrectField("title", "手で直した"))
    take_in(mihon, rows()[:1])
    assert set(Initiative.unscoped.filter(edition=edition).values_list("number", flat=True)) == {"1", "2"}
    edition.refresh_from_db()
    assert "corrected-row-missing" in {warning["code"] for warning in edition.warnings}


def test_a_correction_says_who_and_keeps_what_was(mihon: Town) -> None:
    edition = take_in(mihon)
    row = Initiative.unscoped.get(edition=edition, number="1")
    ctx = mihon.ctx("plan_secretariat")
    correct_field(
        ctx, row, CorrectField("indicators[0].values[0].raw", "約80手続", "転記の誤り"), expected_version=1
    )
    row.refresh_from_db()
    value = queries.initiative_form(row)["indicators"][0]["values"][0]
    assert (value["raw"], value["number"], value["approximate"]) == ("約80手続", "80", True)
    assert row.corrected["indicators[0].values[0].raw"]["by"] == ctx.actor.label
    entry = TrailEntry.unscoped.get(action="plan.correct_field", kind="done")
    assert entry.reason == "転記の誤り"
    kept = json.dumps(json.loads(TrailPayload.unscoped.get(entry=entry).text), ensure_ascii=False)
    assert "75手続" in kept
    assert "約80手続" in kept


def test_the_second_of_two_clerks_is_told(mihon: Town) -> None:
    row = Initiative.unscoped.get(edition=take_in(mihon), number="1")
    correct_field(
        mihon.ctx("plan_secretariat"), row, CorrectField("title", "先の人"), expected_version=row.version
    )
    with pytest.raises(Stale):
        correct_field(mihon.ctx("cli"), row, CorrectField("title", "後の人"), expected_version=row.version)
    row.refresh_from_db()
    assert row.title == "先の人"


def test_the_same_form_sent_twice_changes_once(mihon: Town) -> None:
    row = Initiative.unscoped.get(edition=take_in(mihon), number="1")
    for _again in range(2):
        correct_field(mihon.ctx("plan_secretariat", key="form-1"), row, CorrectField("title", "一度だけ"))
    row.refresh_from_db()
    assert row.version == 2
    assert TrailEntry.unscoped.filter(action="plan.correct_field", kind="done").count() == 1
    with pytest.raises(Problem) as caught:
        correct_field(mihon.ctx("plan_secretariat", key="form-1"), row, CorrectField("title", "別の内容"))
    assert caught.value.code == "idempotency"


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_change_once_each_or_are_told(mihon: Town) -> None:
    row = Initiative.unscoped.get(edition=take_in(mihon), number="1")
    ctx = mihon.ctx("cli")
    outcomes: list[str] = []

    def save(title: str) -> None:
        try:
            correct_field(ctx, row, CorrectField("title", title), expected_version=row.version)
            outcomes.append("saved")
        except Stale:
            outcomes.append("told")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=save, args=(f"題名{n}",)) for n in range(4)]
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        for thread in threads:  # one shared connection in memory: one after the other is all it can do
            thread.run()
    else:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(outcomes) == ["saved", "told", "told", "told"]
    row.refresh_from_db()
    assert row.version == 2


def test_publishing_freezes_what_is_public(mihon: Town) -> None:
    edition = take_in(mihon)
    row = Initiative.unscoped.get(edition=edition, number="1")
    Initiative.unscoped.filter(pk=row.pk).update(
        doubts=[{"field": "title", "code": "x", "candidates": [], "note": "n"}]
    )
    ctx = mihon.ctx("plan_secretariat")
    publish_edition(ctx, edition, PublishEdition("初版"))
    correct_field(ctx, row, CorrectField("title", "公表のあとで直した"))
    (shown,) = published_documents(mihon.ctx("public"))
    assert shown["initiatives"][0]["title"] == "電子申請の拡大"
    assert shown["initiatives"][0]["doubts"] == []
    publication = publishing.standing_of(mihon.ctx("public"), "plan_edition", edition.pk)
    assert publication is not None
    assert publication.number == 1
    body = publishing.parts(mihon.ctx("public"), publication)[0].body
    assert not {"doubts", "sources", "corrected", "warnings", "source"} & set(body)
    edition.refresh_from_db()
    assert edition.state == "draft", "the working copy now differs from what the public reads"


def test_publishing_again_supersedes(mihon: Town) -> None:
    edition = take_in(mihon)
    ctx = mihon.ctx("plan_secretariat")
    publish_edition(ctx, edition, PublishEdition())
    first = publishing.standing_of(mihon.ctx("public"), "plan_edition", edition.pk)
    correct_field(ctx, Initiative.unscoped.get(edition=edition, number="1"), CorrectField("title", "直した"))
    publish_edition(ctx, edition, PublishEdition("題名の誤りを直しました"))
    second = publishing.standing_of(mihon.ctx("public"), "plan_edition", edition.pk)
    assert first is not None
    assert second is not None
    assert (first.number, second.number) == (1, 2)
    assert first.stamp != second.stamp
    assert published_documents(mihon.ctx("public"))[0]["initiatives"][0]["title"] == "直した"
    assert publishing.history(mihon.ctx("staff"), "plan_edition", edition.pk).count() == 2


def test_a_publication_cannot_be_changed_or_deleted(mihon: Town) -> None:
    edition = take_in(mihon)
    publish_edition(mihon.ctx("cli"), edition, PublishEdition())
    from django.db import DatabaseError, transaction

    for tamper in (
        lambda: Publication.unscoped.update(title="書き換え"),
        lambda: Publication.unscoped.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            tamper()
    assert Publication.unscoped.get().title == str(edition)


def test_withdrawing_hides_and_leaves_a_tombstone(mihon: Town) -> None:
    edition = take_in(mihon)
    ctx = mihon.ctx("plan_secretariat")
    publish_edition(ctx, edition, PublishEdition())
    withdraw_edition(ctx, edition, WithdrawEdition("数値の確認のため"))
    assert published_documents(mihon.ctx("public")) == []
    assert not publishing.history(mihon.ctx("public"), "plan_edition", edition.pk).exists(), (
        "earlier numbers too"
    )
    assert publishing.history(mihon.ctx("staff"), "plan_edition", edition.pk).count() == 2
    assert Publication.unscoped.get(withdrawn=True).note == "数値の確認のため"
    assert search.search(mihon.ref.id, "電子申請", visibility="public").count == 0


def test_an_edition_without_initiatives_is_not_published(mihon: Town) -> None:
    given = document([])
    edition = import_document(mihon.ctx("cli"), None, ImportDocument(given))
    with pytest.raises(Problem) as caught:
        publish_edition(mihon.ctx("cli"), edition, PublishEdition())
    assert caught.value.code == "empty"


def test_two_plans_of_one_year_do_not_hide_one_another(mihon: Town) -> None:
    first = take_in(mihon)
    publish_edition(mihon.ctx("cli"), first, PublishEdition())
    with pytest.raises(Problem) as caught:
        publish_edition(mihon.ctx("cli"), take_in(mihon, title="別の計画"), PublishEdition())
    assert caught.value.code == "address_taken"
    assert "別の年度" in caught.value.message
    assert "取り下げ" not in caught.value.message, "nobody takes another plan back for this one's sake"
    same = take_in(mihon)
    Edition.unscoped.filter(pk=first.pk).update(label="前の版")
    other = take_in(mihon)
    assert (other.pk != first.pk, other.plan_id) == (True, same.plan_id)
    with pytest.raises(Problem, match="先に取り下げてください"):
        publish_edition(mihon.ctx("cli"), other, PublishEdition())


def test_a_linked_office_name_means_the_same_in_new_rows(mihon: Town) -> None:
    edition = take_in(mihon)
    Initiative.unscoped.get(edition=edition, number="1").offices.update(office=mihon.offices["own"])
    offices = [{"name": "見本課", "role": "lead", "doubtful": False}]
    take_in(mihon, [*rows(), initiative("11", "新しい取組", offices=offices)])
    assert Initiative.unscoped.get(edition=edition, number="11").offices.get().office == mihon.offices["own"]


def test_search_follows_the_draft_for_staff_and_the_publication_for_everybody(mihon: Town) -> None:
    edition = take_in(mihon)
    assert search.search(mihon.ref.id, "公開地図", visibility="internal").count == 1
    assert search.search(mihon.ref.id, "公開地図", visibility="public").count == 0
    publish_edition(mihon.ctx("cli"), edition, PublishEdition())
    correct_field(
        mihon.ctx("cli"),
        Initiative.unscoped.get(edition=edition, number="2"),
        CorrectField("title", "市民の図面"),
    )
    assert search.search(mihon.ref.id, "公開地図", visibility="public").count == 1
    assert search.search(mihon.ref.id, "市民の図面", visibility="public").count == 0


def test_an_editor_corrects_the_own_offices_initiatives_only(mihon: Town) -> None:
    edition = take_in(mihon)
    row = Initiative.unscoped.get(edition=edition, number="1")
    row.offices.update(office=mihon.offices["own"])
    correct_field(mihon.ctx("plan_editor", "own"), row, CorrectField("title", "担当課が直した"))
    with pytest.raises(Denied):
        correct_field(mihon.ctx("plan_editor", "other"), row, CorrectField("title", "よその課"))
    assert TrailEntry.unscoped.filter(kind="denied", action="plan.correct_field").count() == 1


def test_a_sheet_is_taken_whole_or_not_at_all(mihon: Town) -> None:
    edition = take_in(mihon)
    one, two, _three = Initiative.unscoped.filter(edition=edition).order_by("position")
    good = {"initiative": str(one.pk), "version": 1, "path": "title", "value": "よい"}
    stale = {"initiative": str(two.pk), "version": 7, "path": "title", "value": "古い"}
    with pytest.raises(Problem):
        correct_rows(mihon.ctx("plan_secretariat"), edition, CorrectRows([good, stale]))
    one.refresh_from_db()
    assert one.title == "電子申請の拡大"
    correct_rows(mihon.ctx("plan_secretariat"), edition, CorrectRows([good]))
    one.refresh_from_db()
    assert (one.title, one.version) == ("よい", 2)


def test_publishing_what_one_has_not_seen_is_told(mihon: Town) -> None:
    edition = take_in(mihon)
    seen = edition.version
    ctx = mihon.ctx("plan_secretariat")
    correct_field(
        ctx, Initiative.unscoped.get(edition=edition, number="1"), CorrectField("title", "あとから")
    )
    with pytest.raises(Stale):
        publish_edition(ctx, edition, PublishEdition(), expected_version=seen)
    edition.refresh_from_db()
    take_in(mihon, [*rows(), initiative("11", "あとから来た取組")])
    with pytest.raises(Stale):
        publish_edition(ctx, edition, PublishEdition(), expected_version=edition.version)


def test_reading_the_same_document_again_leaves_every_version(mihon: Town) -> None:
    edition = take_in(mihon)
    before = dict(Initiative.unscoped.filter(edition=edition).values_list("pk", "version"))
    take_in(mihon)
    assert dict(Initiative.unscoped.filter(edition=edition).values_list("pk", "version")) == before


def test_what_an_import_overwrites_stays_in_the_trail(mihon: Town) -> None:
    take_in(mihon)
    changed = rows()[:2]
    changed[0]["title"] = "別の題名"
    for row in changed:
        row["placements"] = [{"path": ["職員"], "primary": True}]
    take_in(mihon, changed)
    entry = TrailEntry.unscoped.filter(action="plan.import", kind="done").order_by("pk").last()
    kept = json.loads(TrailPayload.unscoped.get(entry=entry).text)["notes"]
    assert {"電子申請の拡大", "別の題名"} <= {cell[side] for cell in kept["cells"] for side in ("from", "to")}
    assert [form["title"] for form in kept["removed"]] == ["窓口の改善"]
    assert kept["overwritten"]["nodes"] == [{"path": ["市民"], "title": "市民", "text": None}]


def in_threads(*works: object) -> list[Exception]:
    """Do several things at once, each with a connection of its own; what failed."""
    failed: list[Exception] = []
    ready = threading.Barrier(len(works))

    def run(work: object) -> None:
        try:
            ready.wait(timeout=10)
            work()  # type: ignore[operator]  # callables
        except Exception as error:  # noqa: BLE001 – told to the test, whatever it is
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_cell_a_grid_and_an_import_at_once_end_well(mihon: Town) -> None:
    edition = take_in(mihon)
    row = Initiative.unscoped.get(edition=edition, number="1")
    ctx = mihon.ctx("cli")
    for turn in range(6):
        row.refresh_from_db()
        change = {"initiative": str(row.pk), "version": row.version, "path": "title", "value": f"表で{turn}"}
        failed = in_threads(
            lambda turn=turn: correct_field(ctx, row, CorrectField("texts.approach", f"欄で{turn}")),
            lambda change=change: correct_rows(ctx, edition, CorrectRows([change])),
            lambda: take_in(mihon),
        )
        assert all(isinstance(error, Problem) for error in failed), failed
        row.refresh_from_db()
        assert row.texts["approach"] == f"欄で{turn}", "a correction is never thrown away by an import"
        assert "texts.approach" in row.corrected


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_plans_published_at_once_do_not_hide_one_another(mihon: Town) -> None:
    one, two = take_in(mihon), take_in(mihon, title="別の計画")
    ctx = mihon.ctx("cli")
    failed = in_threads(
        lambda: publish_edition(ctx, one, PublishEdition()),
        lambda: publish_edition(ctx, two, PublishEdition()),
    )
    assert [error.code for error in failed if isinstance(error, Problem)] == ["address_taken"]
