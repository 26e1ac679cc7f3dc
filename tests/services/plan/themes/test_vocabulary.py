"""The vocabulary as shipped."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest
from django.utils import translation

from yakuba.kernel.text import fold
from yakuba.services.plan.themes import AREAS, THEMES, by_area, label, theme
from yakuba.services.plan.themes.spellings import spellings


def test_there_are_149_themes():
    assert len(THEMES) == 149
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", key) and key == one.id for key, one in THEMES.items())
    assert list(THEMES)[:2] == ["plan-management", "promotion-governance"]
    assert list(THEMES)[-1] == "energy-emissions"


@pytest.mark.parametrize("names", [lambda one: one.name, lambda one: one.name_en], ids=["ja", "en"])
def test_names_are_unique(names):
    for things in (THEMES, AREAS):
        counts = Counter(names(one) for one in things.values())
        assert "" not in counts
        assert [name for name, count in counts.items() if count > 1] == []


def test_every_theme_has_an_area_and_every_area_themes():
    listed = [one for _, themes in by_area() for one in themes]
    assert len(listed) == 149
    assert set(listed) == set(THEMES.values())
    assert [area for area, _ in by_area()] == list(AREAS.values())
    assert all(themes for _, themes in by_area())
    assert all(one.area == area.id for area, themes in by_area() for one in themes)


def test_every_theme_can_be_found():
    assert [one.id for one in THEMES.values() if not one.words] == []


def test_words_are_whole():
    for one in THEMES.values():
        for word in (*one.words, *one.weak_words):
            assert word == word.strip(), (one.id, word)
            assert len(fold(word)) >= 2, (one.id, word)
            assert not set(word) & set("?|,"), (one.id, word)


def test_no_word_twice_in_a_theme():
    for one in THEMES.values():
        counts = Counter(fold(word) for word in (*one.words, *one.weak_words))
        assert [word for word, count in counts.items() if count > 1] == [], one.id


def test_only_weak_words_are_shared():
    strong, all_of = defaultdict(set), defaultdict(set)
    for one in THEMES.values():
        for word in one.words:
            for spelling in spellings(word):
                strong[spelling].add(one.id)
                all_of[spelling].add(one.id)
        for word in one.weak_words:
            for spelling in spellings(word):
                all_of[spelling].add(one.id)
    assert {word: all_of[word] for word in strong if len(all_of[word]) > 1} == {}


def test_an_unknown_theme_is_a_key_error():
    assert theme("road-ledger").name == "道路の台帳"
    with pytest.raises(KeyError):
        theme("no-such-theme")


@pytest.mark.parametrize(
    ("language", "of_theme", "of_area"),
    [
        ("ja", "道路の台帳", "台帳"),
        ("ja-simple", "道路の台帳", "台帳"),
        ("en", "Road ledger", "Ledgers"),
    ],
)
def test_labels_follow_the_language(language: str, of_theme: str, of_area: str):
    with translation.override(language):
        assert label(THEMES["road-ledger"]) == of_theme
        assert label(AREAS["ledgers"]) == of_area


def test_a_label_without_a_language_is_japanese():
    with translation.override(None):
        assert label(THEMES["road-ledger"]) == "道路の台帳"


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("手続のオンライン化", {"手続きの電子化", "手続等のデジタル化", "手続きなどのオンライン化"}),
        ("空家台帳", {"空き家台帳"}),
        ("ウェブアクセシビリティ", {"Webアクセシビリティ", "Ｗｅｂアクセシビリティ"}),
        ("道路台帳", {"道路台帳"}),
    ],
)
def test_spellings(word: str, others: set[str]):
    assert {fold(one) for one in {word, *others}} <= spellings(word)
    assert all(spellings(other) == spellings(word) for other in others)


def test_no_spelling_is_a_slip_of_another():
    """手続き must not become 手続きき."""
    assert not [
        spelling for spelling in spellings("手続のオンライン化") if re.search("キキ|等等|キ等キ", spelling)
    ]
