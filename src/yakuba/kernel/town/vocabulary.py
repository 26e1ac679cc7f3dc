"""The shipped table of municipalities (``data/municipalities.csv``; its source and licence are beside it)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from yakuba.kernel.text import to_katakana

# The first two digits of a code are the prefecture's (JIS X 0401).
_PREFECTURES = (
    "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県 富山県 "
    "石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 "
    "岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県"
)
PREFECTURES = _PREFECTURES.split()


@dataclass(frozen=True)
class ListedMunicipality:
    """A municipality or ward as listed. ``name`` is written in one word (札幌市中央区), ``kana`` in katakana."""

    code: str
    prefecture: str
    name: str
    kana: str


@cache
def shipped() -> Mapping[str, ListedMunicipality]:
    """Every listed municipality by its six-digit code."""
    text = files("yakuba.kernel.town").joinpath("data", "municipalities.csv").read_text("utf-8")
    return {
        row["code"]: ListedMunicipality(
            row["code"], row["prefecture"], row["name"].replace(" ", ""), to_katakana(row["kana"])
        )
        for row in csv.DictReader(text.splitlines())
    }


def prefecture_of(code: str) -> str:
    """The prefecture that the first two digits of a code name; empty for a fictional one (99…)."""
    number = int(code[:2])
    return PREFECTURES[number - 1] if 1 <= number <= len(PREFECTURES) else ""
