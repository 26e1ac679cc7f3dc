"""Heads as old tables have them: shortened, with blanks, in other words."""

from __future__ import annotations

import pytest

from yakuba.engines.ledger.exchange.lines import known as known_of_lines
from yakuba.engines.ledger.exchange.matching import columns_of, known, suggested
from yakuba.packs.dog_registry.ledger import DOGS
from yakuba.packs.street_lights_mirrors.ledger import STREET


@pytest.mark.parametrize(
    ("head", "key"),
    [
        ("柱 種類", "pole"),
        ("W数", "watts"),
        ("器具の消費電力", "watts"),
        ("ワット数(W)", "watts"),
        ("電柱　番号", "pole_number"),
        ("設置年月日", "installed_on"),
        ("次回点検日", "next_inspection"),
        ("知らない列", ""),
    ],
)
def test_a_lamp(head: str, key: str) -> None:
    words = known(STREET.ledger, columns_of(STREET.ledger, None, personal=True))
    assert suggested([head], words) == [key]


def test_dogs_and_their_vaccinations() -> None:
    words = known(DOGS.ledger, columns_of(DOGS.ledger, None, personal=True))
    heads = ["登録No.", "犬名", "種類", "飼い主", "飼主住所", "鑑札", "生年月日"]
    assert suggested(heads, words) == [
        "number",
        "name",
        "breed",
        "owner_name",
        "owner_address",
        "tag",
        "born",
    ]
    lines = DOGS.ledger.lines[0]
    assert suggested(["登録番号", "注射日", "済票No", "会場"], known_of_lines(DOGS.ledger, None, lines)) == [
        "entry.number",
        "day",
        "tag",
        "venue",
    ]
