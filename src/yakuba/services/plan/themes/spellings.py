"""Spellings that cities use for the same word, so that the vocabulary holds each word once."""

from __future__ import annotations

from typing import Final

from yakuba.kernel.text import fold

# In each group every spelling may stand for every other. A word that holds another of its group comes before it.
_GROUPS: Final[tuple[tuple[str, ...], ...]] = (
    ("オンライン化", "電子化", "デジタル化"),
    ("手続等", "手続き等", "手続きなど", "手続き", "手続"),
    ("申し込み", "申込み", "申込"),
    ("問い合わせ", "問合わせ", "問合せ"),
    ("引っ越し", "引越し", "引越"),
    ("空き家", "空家"),
    ("見守り", "見守"),
    ("障がい", "障害"),
    ("狭あい", "狭隘"),
    ("り災", "罹災"),
    ("強靱", "強靭"),
    ("ウェブ", "web"),
    ("ホームページ", "HP"),
    ("コンビニエンスストア", "コンビニ"),
    ("サーバー", "サーバ"),
    ("プリンター", "プリンタ"),
    ("データセンター", "データセンタ"),
    ("リテラシー", "リテラシ"),
    ("ベンダー", "ベンダ"),
    ("フォルダー", "フォルダ"),
    ("パソコン", "PC"),
    ("スマートフォン", "スマホ"),
    ("デジタルデバイド", "デジタル・デバイド", "デジタルディバイド"),
)
_FOLDED: Final = tuple(tuple(fold(spelling) for spelling in group) for group in _GROUPS)


def spellings(word: str) -> set[str]:
    """Every spelling of a word, folded for search."""
    found = {fold(word)}
    for group in _FOLDED:
        for one in tuple(found):
            held = next((spelling for spelling in group if spelling in one), None)
            if held:
                found |= {one.replace(held, spelling) for spelling in group}
    return found
