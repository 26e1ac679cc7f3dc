"""Who may be whom: written in every way in which people write names and addresses."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.engines.protection import rules
from yakuba.engines.protection.models import Protected
from yakuba.engines.protection.rules import Party

BIRTH = dt.date(1980, 5, 5)
ADDRESS = "群馬県みほん市本町一丁目2番3号 みほんハイツ101号室"


def somebody(**facts: object) -> Protected:
    known = {"name": "髙橋 花子", "kana": "タカハシ ハナコ", "birth": BIRTH, "address": ADDRESS}
    return Protected(**{**known, "valid_from": dt.date(2026, 4, 1), **facts})


@pytest.mark.parametrize(
    ("party", "why"),
    [
        (Party("髙橋 花子", birth=BIRTH), "name_birth"),
        (Party("高橋花子", birth=BIRTH), "name_birth"),
        (Party("高橋　花子", birth=BIRTH), "name_birth"),
        (Party("高橋花子", birth=dt.date(1980, 5, 6)), ""),
        (Party("高橋花子"), ""),
        (Party("高橋花子", address="みほん市本町1-2-3"), "name_address"),
        (Party("高橋花子", address="本町１丁目２番地の３　みほんハイツ１０１"), "name_address"),
        (Party("高橋花子", address="みほん市本町1-2-30"), ""),
        (Party("高橋花子", address="みほん市本町11-2-3"), ""),
        (Party("高橋花子", address="みほん市中央9-9"), ""),
        (Party("花田太郎", "たかはし はなこ", BIRTH), "kana_birth"),
        (Party("花田太郎", "ﾀｶﾊｼﾊﾅｺ", BIRTH), "kana_birth"),
        (Party("花田太郎", address="みほん市本町1-2-3"), ""),
        (Party("高橋花子", "タカハシハナコ", address="みほん市中央9-9"), "name_kana"),
        (Party("高橋花子", "タカハシハナコ"), "name_kana"),
        (Party("高橋花子", "タカハシハナコ", dt.date(1981, 1, 1)), ""),
        (Party("高橋春子", "タカハシハナコ"), ""),
        (Party(), ""),
    ],
)
def test_match(party: Party, why: str) -> None:
    assert rules.match(party, somebody()) == why


def test_former_names_and_addresses_count() -> None:
    before = somebody(
        name="例示 花子",
        former_names="旧姓 花子\n古姓 花子",
        former_addresses="かりな市北1-1\nかりな市南2番地5",
    )
    assert rules.match(Party("古姓花子", birth=BIRTH), before) == "name_birth"
    assert rules.match(Party("旧姓花子", address="かりな市南2-5"), before) == "name_address"


def test_small_kana_are_as_old_registers_write_them() -> None:
    assert rules.match(Party("", "キヨウコ", BIRTH), somebody(kana="キョウコ")) == "kana_birth"


def test_nobody_matches_an_entry_that_says_nothing() -> None:
    blank = somebody(name="", kana="", birth=None, address="")
    assert rules.match(Party(), blank) == ""
    assert rules.match(Party("見本", "ミホン", BIRTH, "みほん市1-1"), blank) == ""


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("本町一丁目二番三号", "本町1-2-3"),
        ("本町1丁目2番地3", "本町１－２－３"),
        ("東京都みほん区本町二十三番地", "みほん区本町23"),
        ("字例示１０２番地ノ５", "字例示102-5"),
        ("例示百二番地", "例示102番地"),
        ("例示二の五", "例示2の5"),
    ],
)
def test_one_address_in_two_writings(written: str, other: str) -> None:
    assert rules.same_address(written) == rules.same_address(other)


@pytest.mark.parametrize("name", ["四日市市一番町5", "三条市六条2", "八百津町八百津1"])
def test_kanji_numbers_of_names_do_no_harm(name: str) -> None:
    assert rules.same_address(name) == rules.same_address(f" {name}　")


def test_validity_includes_both_days() -> None:
    year = somebody(valid_from=dt.date(2026, 4, 1), valid_to=dt.date(2027, 3, 31))
    days = ("2026-03-31", "2026-04-01", "2027-03-31", "2027-04-01")
    assert [rules.valid_on(year, dt.date.fromisoformat(day)) for day in days] == [False, True, True, False]


texts = st.text(alphabet="見本例示花子太郎高髙一二三十百123１２３丁目番地号の-ー－ 　ハイツｶﾞ", max_size=30)


@given(texts, texts)
def test_whatever_is_typed_comes_through(name: str, address: str) -> None:
    """Somebody who gives the very same facts is found, however they are written."""
    party = Party(name, name, BIRTH, address)
    found = rules.match(party, somebody(name=name, kana=name, address=address))
    assert found == ("name_birth" if rules.same_name(name) else "kana_birth" if rules.same_kana(name) else "")
