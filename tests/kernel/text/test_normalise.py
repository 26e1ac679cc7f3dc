import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.text import clean_cell, fold
from yakuba.kernel.text.variants import GROUPS, VARIANTS

# What a plan, a register or a form is written in, without combining marks and ligatures that change their neighbours.
TOWN_TEXT = st.text(
    alphabet=st.sampled_from(
        "あいかがきケヶガカアー-－・（）「」、。①空家高髙崎\ufa11辺邉市民年度令和abXYＡ１２34 　\n𠮷%"
    ),
    max_size=30,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *[
            ("ＡＢＣ", "abc"),
            ("ﾊﾞｽ", "バス"),
            ("ばす", "バス"),
            ("コンピュータ−", "コンピューター"),
            ("2-1", "２－１"),
        ],
        *[
            ("2-1", "2ー1"),
            ("〜", "～"),
            ("山田 太郎", "山田　太郎"),
            ("山田 太郎", "山田太郎"),
            ("書かない\n窓口", "書かない窓口"),
        ],
        *[
            ("高橋", "髙橋"),
            ("崎山", "\ufa11山"),
            ("渡辺", "渡邉"),
            ("渡邊", "渡邉"),
            ("斎藤", "齋藤"),
            ("斉藤", "齊藤"),
        ],
        *[
            ("沢田", "澤田"),
            ("竜ケ崎", "龍ヶ崎"),
            ("吉野", "𠮷野"),
            ("葛城", "葛\U000e0100城"),
            ("福", "\ufa1b"),
        ],
        *[
            ("行政", "行\u200b政"),
            ("市\x00民", "市民"),
            ("3ヵ月", "3か月"),
            ("令和", "㋿"),
            ("株式会社", "㍿"),
        ],
    ],
)
def test_these_are_found_by_one_another(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("2-1", "21"), ("wi fi", "wifi"), ("12 34", "1234"), ("ハ", "バ"), ("ツ", "ッ"), ("市", "町")],
)
def test_these_stay_apart(one, other):
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_twice_changes_nothing_and_the_result_can_be_stored(text):
    folded = fold(text)
    assert fold(folded) == folded
    assert "\x00" not in folded
    folded.encode("utf-8")


@given(TOWN_TEXT, TOWN_TEXT.map(lambda t: "".join(t.split())), TOWN_TEXT)
def test_a_part_of_a_text_folds_to_a_part_of_the_folded_text(before, word, after):
    assert fold(word) in fold(before + word + after)


def test_lone_surrogates_and_spacing_voice_marks():
    assert fold("市\ud800民") == "市民"
    assert fold("か゛") == fold("が")


def test_about_sixty_groups_and_no_character_twice():
    flat = [c for group in GROUPS for c in group]
    assert len(flat) == len(set(flat))
    assert 60 <= len(GROUPS) <= 100
    assert all(len(group) >= 2 for group in GROUPS)
    assert not set(VARIANTS) & set(VARIANTS.values())


def test_every_variant_survives_nfkc_and_so_needs_its_line():
    assert [c for group in GROUPS for c in group if unicodedata.normalize("NFKC", c) != c] == []


def test_a_cell_is_trimmed_and_keeps_its_characters():
    assert clean_cell(" \u3000髙橋\u00a0") == "髙橋"
    assert clean_cell("一行目 \r\n\t二行目\r三行目\n\n") == "一行目\n二行目\n三行目"
    assert clean_cell("ﾊﾞｽ ①　\ufa11\ufa19") == "ﾊﾞｽ ①　\ufa11\ufa19"
    assert clean_cell(" \r\n ") == ""


@given(st.text())
def test_cleaning_twice_changes_nothing(text):
    assert clean_cell(clean_cell(text)) == clean_cell(text)
