"""The index as both databases answer: every test here runs on SQLite and on PostgreSQL and expects the same."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from django.db import connection, transaction
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


def test_a_long_text_is_found_to_its_end_and_across_its_parts(mihon: Context) -> None:
    text = "あ" * 1_995 + "境目の言葉" + "い" * 9_000 + "終わりの言葉"
    put(mihon, "長い文", text=text)
    assert PublicRow.unscoped.filter(part__gt=0).count() > 4
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


def test_just_the_most_is_exact(mihon: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST", 4)
    for number in range(4):
        put(mihon, f"空家{number}", str(3 - number))
    hits = search(mihon.municipality.id, "空家", visibility="public")
    assert (titles(hits), hits.at_least) == (["空家3", "空家2", "空家1", "空家0"], False)


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
            cursor.execute(f"DELETE FROM {PublicRow._meta.db_table}_fts")
        else:
            cursor.execute(f"UPDATE {PublicRow._meta.db_table} SET terms = NULL")
    assert found(mihon, "空家") == []
    assert len(engine.verify()) == 1
    assert store.rebuild() == 3
    assert engine.verify() == []
    assert found(mihon, "空家") == ["空家"]
    assert found(mihon, "終わり") == ["空家"]
    assert DeskRow.unscoped.count() == 1


def test_what_is_missing_is_named(mihon: Context) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP INDEX {DeskRow._meta.db_table}_entry")
        else:
            cursor.execute(f"DROP INDEX {DeskRow._meta.db_table}_terms")
    assert any("missing" in line for line in engine.verify())
    engine.install_after_migrate()
    assert engine.verify() == []
