"""A municipality's own name, misread inside titles."""

from __future__ import annotations

from tests.services.plan.reading.samples import tsv
from yakuba.services.plan.reading import read_document


def test_a_name_but_for_one_letter_is_asked() -> None:
    text = "架空市情報化推進計画\n計画期間 令和6年度～令和8年度\n" + tsv(
        ["番号", "取組名", "担当課", "令和6年度", "令和7年度", "令和8年度"],
        ["1", "梁空市議会の会議録検索", "議会事務局", "検討", "実施", "実施"],
        ["2", "架空市の地図の公開", "総務課", "検討", "実施", "実施"],
        ["3", "遠野市との共同利用", "総務課", "検討", "実施", "実施"],
    )
    first, second, third = read_document(text.encode(), "plan.txt").initiatives
    (doubt,) = [one for one in first.doubts if one.code == "misread-name"]
    assert doubt.candidates == ("梁空市議会の会議録検索", "架空市議会の会議録検索")
    assert first.title == "梁空市議会の会議録検索"
    assert not [one for one in (*second.doubts, *third.doubts) if one.code == "misread-name"]
