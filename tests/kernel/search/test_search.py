"""The index as both databases answer: every test here runs on SQLite and on PostgreSQL and expects the same."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yakuba.kernel.actions import ANYONE, Context, MunicipalityRef, SubjectRef
from yakuba.kernel.ids import uuid7
from yakuba.kernel.search import engine, queries, store
from yakuba.kernel.search.models import DeskRow, PublicRow
from yakuba.kernel.search.queries import Hits, search
from yakuba.kernel.text import fold
from yakuba.kernel.town.models import Municipality

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 6, 1, 3, 0, tzinfo=dt.UTC)


def town(code: str, name: str) -> Context:
    made = Municipality.unscoped.create(code=code, name=name)
    return Context(ANYONE, MunicipalityRef(made.pk, made.code, made.name), NOW, "request")


@pytest.fixture
def mihon() -> Context:
    return town("990019", "みほん市")


def put(
    ctx: Context,
    title: str,
    sort: str = "",
    *,
    visibility: store.Visibility = "public",
    kind: str = "initiative",
    subject: UUID | None = None,
    **fields: str,
) -> UUID:
    found = subject or uuid7()
    store.index(ctx, SubjectRef(kind, found), title=title, fields=fields, visibility=visibility, sort=sort)
    return found


def titles(hits: Hits) -> list[str]:
    return ["".join(piece.text for piece in hit.title) for hit in hits.hits]


def found(ctx: Context, q: str, **facts: object) -> list[str]:
    return titles(search(ctx.municipality.id, q, visibility="public", **facts))  # type: ignore[arg-type]


def test_words_are_found_in_any_field(mihon: Context) -> None:
    put(mihon, "空家対策の推進", text="所有者への働きかけ")
    put(mihon, "電子申請の拡充", text="空き地と空家の届出")
    put(mihon, "図書館の開館", text="夜間も開く")
    assert found(mihon, "空家") == ["空家対策の推進", "電子申請の拡充"]
    assert found(mihon, "空家 届出") == ["電子申請の拡充"]
    assert found(mihon, "届出　電子") == ["電子申請の拡充"]
    assert found(mihon, "空家 図書館") == []
    assert found(mihon, "空き家") == []


@pytest.mark.parametrize("q", ["", "   ", "\x00", "゛", "　"])
def test_nothing_typed_finds_nothing(mihon: Context, q: str) -> None:
    put(mihon, "空家")
    assert search(mihon.municipality.id, q, visibility="public") == Hits([], 0, False, None)


@pytest.mark.parametrize(
    "q", ['"', "'", "AND", "a OR b", "NEAR(a b)", "x*", "terms:x", "a & b", "!a", "(", "\\", "%"]
)
def test_what_looks_like_a_query_language_is_text(mihon: Context, q: str) -> None:
    put(mihon, "空家")
    assert found(mihon, q) == []
    put(mihon, f"前{q}後")
    assert found(mihon, q) == [f"前{q}後"]


def test_order(mihon: Context) -> None:
    other = town("100102", "べつの市")
    put(mihon, "本文だけ", "1", text="空家のこと")
    put(mihon, "古い空家", "2")
    put(mihon, "空家の十", "000010")
    put(mihon, "空家の二", "000002")
    put(other, "空家の別", "000001")
    assert found(mihon, "空家") == ["空家の二", "空家の十", "古い空家", "本文だけ"]
    everywhere = titles(search(None, "空家", visibility="public"))
    assert everywhere == ["空家の別", "空家の二", "空家の十", "古い空家", "本文だけ"]


def test_equal_hits_are_ordered_by_id(mihon: Context) -> None:
    first, second = uuid7(), uuid7()
    put(mihon, "空家い", subject=second)
    put(mihon, "空家あ", subject=first)
    assert found(mihon, "空家") == ["空家あ", "空家い"]


def test_variants_width_and_kana(mihon: Context) -> None:
    put(mihon, "髙﨑記念館 Ｗｉ-Ｆｉ ﾃﾞｰﾀ 霞が関 3ヶ月")
    for q in ("高崎", "wi-fi", "データ", "でーた", "霞ヶ関", "3か月", "WI-FI 高崎"):
        assert found(mihon, q), q


def test_one_character_is_found_anywhere(mihon: Context) -> None:
    put(mihon, "空")
    put(mihon, "青空")
    put(mihon, "空家")
    put(mihon, "海")
    assert sorted(found(mihon, "空")) == ["空", "空家", "青空"]


def test_what_the_public_may_not_see_helps_nobody_find(mihon: Context) -> None:
    subject = put(mihon, "公表した名", text="公表文")
    put(mihon, "変更後の名", visibility="internal", subject=subject, text="秘密の検討")
    assert found(mihon, "公表") == ["公表した名"]
    assert found(mihon, "公表 秘密") == []
    assert found(mihon, "変更後") == []
    inside = search(mihon.municipality.id, "秘密", visibility="internal")
    assert titles(inside) == ["変更後の名"]
    with pytest.raises(ValueError, match="public"):
        search(None, "秘密", visibility="internal")


def test_another_municipality_finds_only_its_own(mihon: Context) -> None:
    other = town("100102", "べつの市")
    put(mihon, "空家")
    assert found(other, "空家") == []


def test_a_search_across_municipalities_can_be_narrowed(mihon: Context) -> None:
    others = [town(f"10010{digit}", f"別の市{digit}") for digit in (2, 3, 4)]
    for ctx in (mihon, *others):
        put(ctx, f"{ctx.municipality.name}の空家", text="霞が関")
    some = [mihon.municipality.id, others[1].municipality.id]
    for q in ("空家", "空", "霞ヶ関", "空家 霞が関"):
        hits = search(None, q, visibility="public", municipalities=some)
        assert titles(hits) == ["別の市3の空家", "みほん市の空家"], q
    assert titles(search(None, "空家", visibility="public", municipalities=[])) == []
    assert search(None, "空家", visibility="public").count == 4
    # A municipality's own search is its own, whatever else is asked.
    own = search(mihon.municipality.id, "空家", visibility="public", municipalities=some)
    assert titles(own) == ["みほん市の空家"]


def test_kinds(mihon: Context) -> None:
    put(mihon, "空家の取組")
    put(mihon, "空家の手続", kind="procedure")
    assert found(mihon, "空家", kinds=["procedure"]) == ["空家の手続"]
    assert found(mihon, "空家", kinds=[]) == []


def test_indexing_again_replaces_and_removing_removes(mihon: Context) -> None:
    subject = put(mihon, "旧い名", text="旧い文")
    put(mihon, "新しい名", subject=subject)
    assert found(mihon, "旧い") == []
    assert found(mihon, "新しい") == ["新しい名"]
    rows = list(PublicRow.unscoped.values_list("pk", flat=True))
    put(mihon, "新しい名", subject=subject)
    assert list(PublicRow.unscoped.values_list("pk", flat=True)) == rows  # nothing to write
    store.remove(mihon, SubjectRef("initiative", subject))
    assert found(mihon, "新しい") == []
    assert engine.verify() == []


def test_the_index_follows_its_transaction(mihon: Context) -> None:
    with transaction.atomic():
        put(mihon, "空家")
        transaction.set_rollback(True)
    assert found(mihon, "空家") == []
    assert engine.verify() == []


def test_a_long_text_is_found_to_its_end(mihon: Context) -> None:
    text = "あ" * 1_995 + "境目の言葉" + "い" * 9_000 + "終わりの言葉"
    put(mihon, "長い文", text=text)
    for q in ("境目の言葉", "終わりの言葉", "境目 終わり"):
        hits = search(mihon.municipality.id, q, visibility="public")
        assert titles(hits) == ["長い文"]
        assert any(piece.is_match for piece in hits.hits[0].snippet)


def test_the_snippet_is_cut_from_the_original(mihon: Context) -> None:
    put(mihon, "ＡＩの導入", note="ほかの欄", text="全庁で ＡＩ-ＯＣＲ を使う")
    (hit,) = search(mihon.municipality.id, "ai-ocr", visibility="public").hits
    assert hit.field == "text"
    assert [piece.text for piece in hit.snippet if piece.is_match] == ["ＡＩ-ＯＣＲ"]
    (hit,) = search(mihon.municipality.id, "導入", visibility="public").hits
    assert [piece.text for piece in hit.title if piece.is_match] == ["導入"]
    assert (hit.field, hit.snippet) == ("", [])


def test_pages(mihon: Context) -> None:
    for number in range(5):
        put(mihon, f"空家{number}", str(number))
    first = search(mihon.municipality.id, "空家", visibility="public", limit=2)
    assert (titles(first), first.count, first.following) == (["空家0", "空家1"], 5, 2)
    last = search(mihon.municipality.id, "空家", visibility="public", limit=2, after=4)
    assert (titles(last), last.following) == (["空家4"], None)


def test_above_the_most_title_hits_come_first(mihon: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST", 4)
    for number in range(4):
        put(mihon, f"本文{number}", text="空家のこと")
    put(mihon, "古い空家", "1")
    put(mihon, "空家", "2")
    hits = search(mihon.municipality.id, "空家", visibility="public")
    assert (hits.count, hits.at_least) == (4, True)
    assert titles(hits) == ["空家", "古い空家", "本文0", "本文1"]


def test_above_the_most_each_municipality_has_its_own_hits(
    mihon: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST", 4)
    other = town("100102", "べつの市")
    for number in range(6):
        put(other, f"べつの空家{number}", f"{9 - number}")
        put(mihon, f"本文{number}", f"{9 - number}", text="空家のこと", kind="procedure")
    put(mihon, "空家", "1")
    everywhere = search(None, "空家", visibility="public")
    assert titles(everywhere) == ["べつの空家3", "べつの空家2", "べつの空家1", "べつの空家0"]
    own = search(mihon.municipality.id, "空家", visibility="public")
    assert (titles(own), own.at_least) == (["空家", "本文0", "本文1", "本文2"], True)
    kind = search(None, "空家", visibility="public", kinds=["procedure"])
    assert titles(kind) == ["本文0", "本文1", "本文2", "本文3"]


def test_above_the_most_the_order_is_that_of_writing(mihon: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST", 3)
    subjects = [put(mihon, f"本文{number}", text="空家のこと") for number in range(5)]
    put(mihon, "本文1", subject=subjects[1], text="空家のこと")  # unchanged: keeps its place
    put(mihon, "本文0", subject=subjects[0], text="空家のこと、改めて")  # changed: goes to the end
    assert found(mihon, "空家") == ["本文1", "本文2", "本文3"]
    store.remove(mihon, SubjectRef("initiative", subjects[2]))
    assert found(mihon, "空家") == ["本文1", "本文3", "本文4"]


def test_the_words_of_a_hit_may_stand_in_title_and_text_above_the_most(
    mihon: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST", 2)
    for number in range(3):
        put(mihon, f"空家{number}", text="届出のこと")
    put(mihon, "届出と空家")
    assert found(mihon, "空家 届出") == ["届出と空家", "空家0"]


def test_just_the_most_is_exact(mihon: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST", 4)
    for number in range(4):
        put(mihon, f"空家{number}", str(3 - number))
    hits = search(mihon.municipality.id, "空家", visibility="public")
    assert (titles(hits), hits.at_least) == (["空家3", "空家2", "空家1", "空家0"], False)


def entries(count: int, mark: str = "") -> list[store.Entry]:
    return [
        store.Entry(
            SubjectRef("initiative", UUID(int=number + 1)),
            f"空家対策の{number}番{mark}",
            {"text": f"所有者への働きかけ、その{number}。{mark}", "note": ""},
            f"{number:04}",
        )
        for number in range(count)
    ]


def stored(ctx: Context) -> list[tuple[object, ...]]:
    rows = PublicRow.unscoped.filter(municipality_id=ctx.municipality.id).order_by("entry")
    columns = ("subject_kind", "subject_id", "title", "sort", "texts", "folded_title", "folded")
    return list(rows.values_list(*columns))


def test_many_at_once_are_as_one_by_one(mihon: Context) -> None:
    other = town("100102", "べつの市")
    store.index_many(mihon, entries(250), visibility="public")
    for one in entries(250):
        store.index(
            other, one.subject, title=one.title, fields=one.fields, visibility="public", sort=one.sort
        )
    assert stored(mihon) == stored(other)
    for q in ("空家", "働きかけ 17番", "番", "その249"):
        kept = [search(ctx.municipality.id, q, visibility="public", limit=300) for ctx in (mihon, other)]
        assert [hit.id for hit in kept[0].hits] == [hit.id for hit in kept[1].hits] != []
    assert DeskRow.unscoped.count() == 0
    assert engine.verify() == []


def test_of_many_only_what_changed_is_written(mihon: Context) -> None:
    store.index_many(mihon, entries(5), visibility="public")
    before = dict(PublicRow.unscoped.values_list("subject_id", "pk"))
    changed = [*entries(5)[:2], *entries(5, "改")[2:4], *entries(6)[4:]]
    store.index_many(mihon, changed, visibility="public")
    after = dict(PublicRow.unscoped.values_list("subject_id", "pk"))
    assert {one.int for one in before if before[one] == after[one]} == {1, 2, 5}
    assert found(mihon, "改") == ["空家対策の2番改", "空家対策の3番改"]
    assert found(mihon, "その5") == ["空家対策の5番"]
    assert engine.verify() == []


def test_of_the_same_object_the_last_entry_counts(mihon: Context) -> None:
    store.index_many(mihon, [*entries(1), *entries(1, "改")], visibility="public")
    assert found(mihon, "空家") == ["空家対策の0番改"]


def test_many_are_removed_at_once(mihon: Context) -> None:
    for visibility in ("public", "internal"):
        store.index_many(mihon, entries(4), visibility=visibility)  # type: ignore[arg-type]  # a literal each
    gone = [one.subject for one in entries(3)]
    store.remove_many(mihon, [*gone, SubjectRef("procedure", UUID(int=4))], visibility="public")
    assert found(mihon, "空家") == ["空家対策の3番"]
    assert search(mihon.municipality.id, "空家", visibility="internal").count == 4
    assert engine.verify() == []


def test_a_publication_is_written_in_a_handful_of_statements(mihon: Context) -> None:
    with CaptureQueriesContext(connection) as asked:
        store.index_many(mihon, entries(60), visibility="public")
    assert len(asked) <= 4
    with CaptureQueriesContext(connection) as asked:
        store.index_many(mihon, entries(60, "改"), visibility="public")
    assert len(asked) <= 6
    with CaptureQueriesContext(connection) as asked:
        store.index_many(mihon, entries(60, "改"), visibility="public")
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        store.remove_many(mihon, [one.subject for one in entries(60)], visibility="public")
    assert len(asked) == 3


@pytest.mark.parametrize(("most", "statements"), [(1_000, 2), (10, 3)])
def test_a_search_asks_as_often_for_few_objects_as_for_many(
    mihon: Context, monkeypatch: pytest.MonkeyPatch, most: int, statements: int
) -> None:
    monkeypatch.setattr(queries, "MOST", most)
    for count in (15, 400):
        store.index_many(mihon, entries(count), visibility="public")
        for municipality in (mihon.municipality.id, None):
            with CaptureQueriesContext(connection) as asked:
                search(municipality, "空家", visibility="public", limit=50)
            assert len(asked) == statements


@given(
    st.lists(st.text(alphabet="空家対策のA1-ー がケヶ髙ｶﾞ", min_size=1, max_size=6), min_size=1, max_size=6),
    st.text(alphabet="空家対策のA1-ー がケヶ髙ｶﾞ", min_size=1, max_size=3),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_word_finds_exactly_the_texts_whose_folded_copy_holds_it(
    mihon: Context, texts: list[str], word: str
) -> None:
    with transaction.atomic():
        ids = [put(mihon, "題", f"{number}", text=text) for number, text in enumerate(texts)]
        wanted = fold("".join(word.split()))
        # Between kanji ケ, が and か are alternatives of a query, beyond «contains».
        if wanted and not set(wanted) & set("ガケカ"):
            hits = search(mihon.municipality.id, "".join(word.split()), visibility="public").hits
            expected = [one for one, text in zip(ids, texts, strict=True) if wanted in fold(text)]
            assert [hit.id for hit in hits] == expected
        transaction.set_rollback(True)


def test_verify_and_rebuild(mihon: Context) -> None:
    put(mihon, "空家", text="あ" * 3_000 + "終わり")
    put(mihon, "検討", visibility="internal")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            table = f"{PublicRow._meta.db_table}_fts"
            cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
        else:
            cursor.execute(f"DELETE FROM {PublicRow._meta.db_table}_terms")
    assert found(mihon, "空家") == []
    assert len(engine.verify()) == 1
    assert store.rebuild() == 2
    assert engine.verify() == []
    assert found(mihon, "空家") == ["空家"]
    assert found(mihon, "終わり") == ["空家"]
    assert DeskRow.unscoped.count() == 1


def test_folding_that_changed_is_followed_by_a_rebuild(
    mihon: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = put(mihon, "旧い空家", text="空家のこと")
    put(mihon, "空家の二")
    monkeypatch.setattr(store, "fold", lambda text: fold(text).replace("空", "明"))
    put(mihon, "空家の三")
    assert found(mihon, "空家") == ["空家の二", "旧い空家"]
    store.rebuild()
    assert found(mihon, "空家") == []
    monkeypatch.undo()
    assert store.rebuild() == 3
    assert found(mihon, "空家") == ["空家の二", "空家の三", "旧い空家"]
    store.remove(mihon, SubjectRef("initiative", first))
    assert found(mihon, "空家") == ["空家の二", "空家の三"]
    assert engine.verify() == []


def test_what_is_missing_is_named(mihon: Context) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP INDEX {DeskRow._meta.db_table}_entry")
        else:
            cursor.execute(f"DROP INDEX {DeskRow._meta.db_table}_terms_gin")
    assert any("missing" in line for line in engine.verify())
    engine.install_after_migrate()
    assert engine.verify() == []
