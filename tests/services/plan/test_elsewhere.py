"""Another municipality's plan is told by its title."""

from __future__ import annotations

import pytest

from tests.services.plan.forms import document
from yakuba.services.plan import elsewhere


@pytest.mark.parametrize(
    ("title", "code", "name", "found"),
    [
        ("新発田市まちづくり総合計画", "152064", "新発田市", ""),
        ("新 発 田 市まちづくり総合計画", "152064", "新発田市", ""),
        ("新潟市総合計画", "152064", "新発田市", "新潟市"),
        ("新潟県・新発田市連携計画", "152064", "新発田市", ""),
        ("新発田市・新潟市連携計画", "152064", "新発田市", ""),
        ("新潟県情報化計画", "152064", "新発田市", ""),
        ("総合計画", "152064", "新発田市", ""),
        ("みほん市情報化推進計画", "990019", "みほん市", ""),
        ("新発田市情報化推進計画", "990019", "みほん市", "新発田市"),
        ("東京都市計画", "990019", "みほん市", ""),
        ("東京都市計画", "261009", "京都市", ""),
        ("木更津市総合計画", "242012", "津市", "木更津市"),
        ("津市総合計画", "122068", "木更津市", "津市"),
        ("札幌市総合計画", "011011", "札幌市中央区", ""),
        ("千代田区総合計画", "011011", "札幌市中央区", "千代田区"),
    ],
)
def test_which_other_municipality_a_title_names(title: str, code: str, name: str, found: str) -> None:
    assert elsewhere.named(title, code, name) == found


def test_the_warning_stands_once() -> None:
    other = document([], title="新潟市情報化推進計画")
    once = elsewhere.warned(other)
    assert elsewhere.warned(once) == once
    assert len(elsewhere.warnings_of([once])) == 1
    assert once["warnings"][0]["code"] == "other-municipality"
    assert elsewhere.warnings_of([elsewhere.warned(document([]))]) == []
