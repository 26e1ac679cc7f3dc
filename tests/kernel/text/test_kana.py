import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.text import is_katakana, sort_key_kana, to_full_width_kana, to_katakana


@pytest.mark.parametrize(
    "text", ["ヤマダ", "ヤマダ タロウ", "ヤマダ　タロウ", "ミホン・ハジメ", "サーバー", "ヴァイオリン", "ヰ"]
)
def test_readings(text):
    assert is_katakana(text)


@pytest.mark.parametrize(
    "text", ["", " ", "やまだ", "ﾔﾏﾀﾞ", "ヤマダ1", "ヤマダ  タロウ", "ヤマダ ", "ヤマ\nダ", "ハ\u309a", "見本"]
)
def test_what_is_no_reading(text):
    assert not is_katakana(text)


def test_conversions_touch_kana_only():
    assert to_full_width_kana("ﾊﾞｽﾊﾟｽ ｰ ABC１2 漢字かな") == "バスパス ー ABC１2 漢字かな"
    assert to_katakana("やまだ ﾀﾛｳ ゔ 123 漢字") == "ヤマダ タロウ ヴ 123 漢字"
    assert is_katakana(to_katakana("みほん ﾊｼﾞﾒ"))


def test_the_order_of_the_fifty_sounds():
    ordered = [
        "アア",
        "アイ",
        "カアド",
        "カード",
        "カイ",
        "ガイ",
        "カキ",
        "ハハ",
        "ハバ",
        "ババ",
        "ハヒ",
        "ツキ",
        "ヤマ ジロウ",
        "ヤマダ アイ",
        "ユキ",
        "ン",
    ]
    ordered.insert(ordered.index("ハハ"), ordered.pop(ordered.index("ツキ")))
    shuffled = ordered[::-1]
    assert sorted(shuffled, key=sort_key_kana) == ordered


def test_the_key_does_not_depend_on_width_or_script():
    assert sort_key_kana("やまだ　たろう") == sort_key_kana("ﾔﾏﾀﾞ ﾀﾛｳ") == sort_key_kana("ヤマダ タロウ")
    assert sort_key_kana("ヤッタ") > sort_key_kana("ヤツ")
    assert sort_key_kana(" ") == ""


@given(st.lists(st.text(alphabet="アイカガサザタッツハバパーン ", max_size=6), max_size=6))
def test_code_points_and_utf_8_bytes_give_the_same_order(readings):
    keys = [sort_key_kana(r) for r in readings]
    assert sorted(keys) == sorted(keys, key=lambda k: k.encode())
