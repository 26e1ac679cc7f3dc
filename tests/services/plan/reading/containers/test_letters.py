"""Letters that a PDF names by their radicals."""

from __future__ import annotations

import unicodedata

import pytest

from tests.services.plan.reading.containers.test_hostile_pdf import pdf, simple, stream
from yakuba.services.plan.reading.containers import open_paper
from yakuba.services.plan.reading.containers.pdf.letters import ordinary


@pytest.mark.parametrize(
    ("printed", "letters"),
    [
        ("官⺠の⻑", "官民の長"),
        ("⽂書の⼊⼒", "文書の入力"),
        ("庁舎‧窓口", "庁舎・窓口"),
        ("税務課∕住民課", "税務課／住民課"),
    ],
)
def test_radicals_are_read_as_the_letters_that_they_print(printed: str, letters: str) -> None:
    assert ordinary(printed) == letters


def test_ordinary_letters_stay() -> None:
    text = "令和６年度　①髙齢者・ｼｽﾃﾑ/導入 ㈱"
    assert ordinary(text) == text
    assert ordinary("".join(map(chr, range(0x2F00, 0x2FD6)))) == unicodedata.normalize(
        "NFKC", "".join(map(chr, range(0x2F00, 0x2FD6)))
    )


def test_a_page_is_read_in_ordinary_letters() -> None:
    codes = b"1 begincodespacerange<0000><ffff>endcodespacerange 3 beginbfchar<0001><2EA0><0002><2027><0003><2ED1>endbfchar"
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts[7 0 R]>>"
    )
    below = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>"
    page = stream(b"BT /F 12 Tf 50 700 Td <000100020003> Tj ET")
    paper = open_paper(pdf(simple(page, more={5: font, 6: stream(codes), 7: below})), "計画.pdf")
    assert [block.text for block in paper.blocks] == ["民・長"]
