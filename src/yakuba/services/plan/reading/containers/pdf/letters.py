"""Letters as a PDF names them, and as people write them.

A font draws a kanji and the radical that looks like it with one glyph, and a PDF may name the glyph by the radical (⺠ for 民, ⽂ for 文).
The page prints the ordinary letter; so it is read as that.
"""

from __future__ import annotations

import unicodedata
from typing import Final

#: CJK Radicals Supplement and the ideographs they stand for, as the Unicode property Equivalent_Unified_Ideograph pairs them.
_RADICALS: Final = (
    "⺁⺂⺃⺄⺅⺆⺈⺉⺊⺋⺌⺍⺎⺏⺐⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺫⺬⺭⺯⺰⺱⺲⺳⺴⺶⺹⺺"
    "⺻⺼⺾⺿⻀⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳"
)
_IDEOGRAPHS: Final = (
    "厂乛乚乙亻冂刀刂卜㔾小小兀尣尢巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭王目示礻糹纟罓罒㓁冗羊耂肀"
    "聿肉艹艹艹虎衤覀西见角讠贝车辶辶辶邑钅長镸长门阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
#: Marks that share a glyph with the ones that Japanese writes: the hyphenation point, the division slash.
_MARKS: Final = {"\u2027": "・", "\u2215": "／"}
_ORDINARY: Final = str.maketrans(
    {
        **dict(zip(_RADICALS, _IDEOGRAPHS, strict=True)),
        # Kangxi radicals are compatible with their ideographs.
        **{chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)},
        **_MARKS,
    }
)


def ordinary(text: str) -> str:
    """The text with radicals and look-alike marks as the letters that they print."""
    return text.translate(_ORDINARY)
