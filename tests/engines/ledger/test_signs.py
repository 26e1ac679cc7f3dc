"""Numbers are one, however wide they were typed; texts stay as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.ledger.worlds import open_book, site
from tests.packs.street_lights_mirrors.rows import ROWS as LAMPS
from tests.world import Town
from yakuba.engines.ledger.actions.entries import AddEntry, ChangeMany
from yakuba.engines.ledger.registering import installed_of
from yakuba.engines.ledger.signs import half, is_number, spellings
from yakuba.kernel.actions import Problem
from yakuba.kernel.fields import INTERNAL, Spec
from yakuba.kernel.fields.kinds import Kana, Prose, Text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ｒ８－０９０１", "R8-0901"),
        (" R8−0901　", "R8-0901"),
        ("R8ー0901", "R8-0901"),
        ("み環第１２号", "み環第12号"),
        ("𠮷野－１", "𠮷野-1"),
        ("セーフ１", "セーフ1"),
        ("（甲）１", "（甲）1"),
        ("", ""),
    ],
)
def test_a_number_is_kept_in_half_width(typed: str, kept: str) -> None:
    assert half(typed) == kept


@given(st.text(max_size=40))
def test_twice_changes_nothing_and_every_spelling_is_the_same_number(text: str) -> None:
    assert half(half(text)) == half(text)
    assert {half(one) for one in spellings(text)} == {half(text)}


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=20))
def test_no_kanji_becomes_another(text: str) -> None:
    assert half(text) == text


def test_what_is_called_a_number_is_one() -> None:
    numbers = ("柱番号", "町字ID", "施設コード", "鑑札番号（旧）", "整理No.")
    texts = ("SSID", "名称", "番号の由来", "所在地", "備考")
    assert all(is_number(Spec(label, INTERNAL, Text())) for label in numbers)
    assert not any(is_number(Spec(label, INTERNAL, Text())) for label in texts)
    assert not is_number(Spec("番号", INTERNAL, Prose()))
    assert not is_number(Spec("番号", INTERNAL, Kana()))


@pytest.mark.django_db
def test_numbers_that_are_typed_wide_are_kept_and_taken_as_one(mihon: Town) -> None:
    """By the form and by a program alike: both say it to the same action."""
    lamps = installed_of("street_lights_mirrors")
    assert lamps is not None
    book, ctx = open_book(mihon, "street_lights_mirrors"), mihon.ctx("ledger_keeper")
    said = {**LAMPS[0], "pole_number": "Ｍ－１２", "location": "みほん市見本町１番地"}
    entry = lamps.actions.add(ctx, book, AddEntry(said, "Ｇ００９０１"))
    assert (entry.number, entry.pole_number) == ("G00901", "M-12")
    assert entry.location == "みほん市見本町１番地"
    with pytest.raises(Problem) as told:
        lamps.actions.add(ctx, book, AddEntry(said, "G00901"))
    assert told.value.code == "number"
    twice = [{"id": "", "version": 0, "values": {**said, "number": one}} for one in ("Ｈ１", "H1")]
    with pytest.raises(Problem) as told:
        lamps.actions.many(ctx, book, ChangeMany(twice))  # type: ignore[arg-type]  # JSON
    assert told.value.code == "number"


@pytest.mark.django_db
def test_a_number_from_before_keeps_its_width_and_is_not_given_twice(mihon: Town) -> None:
    wifi = installed_of("public_wifi")
    assert wifi is not None
    book, ctx = open_book(mihon), mihon.ctx("ledger_keeper")
    old = wifi.actions.add(ctx, book, AddEntry(site(), "W9"))  # type: ignore[arg-type]  # JSON
    wifi.ledger.model.unscoped.filter(pk=old.pk).update(number="Ｗ９")
    with pytest.raises(Problem) as told:
        wifi.actions.add(ctx, book, AddEntry(site(name="別"), "W9"))  # type: ignore[arg-type]  # JSON
    assert told.value.code == "number"
