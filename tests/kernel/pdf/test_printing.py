"""Printed documents: tagged, in our own typefaces, and nothing a person wrote is ever source."""

from __future__ import annotations

import io
from typing import Any

import pdfplumber
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from yakuba.kernel.pdf import (
    PrintError,
    Typeface,
    escape,
    picture,
    render,
    unprintable,
    unvaried,
    with_row_heads,
)
from yakuba.kernel.pdf.typefaces import STAND_IN, characters

NASTY = (
    '#panic("x") $x$ *太字* _斜体_ `code` @引用 <印> = 見出し\n- 点\n// 注 \\ "引用" ~ [x] http://example.jp/'
)


def text_of(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return "\n".join(page.extract_text() for page in opened.pages)


def catalog(pdf: bytes) -> dict[str, Any]:
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        found: dict[str, Any] = opened.doc.catalog
        return dict(found)


def test_a_document_is_tagged_titled_and_in_japanese() -> None:
    pdf = render("= はじめに\n本文です。", title="みほん市の計画")
    about = catalog(pdf)
    assert about["Lang"] in {b"ja", b"ja-JP"}
    assert about["MarkInfo"]["Marked"] is True
    assert "StructTreeRoot" in about
    assert b"pdfuaid:part>1<" in pdf.replace(b" ", b"")
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        assert opened.metadata["Title"] == "みほん市の計画"
        assert {char["fontname"].partition("+")[2] for char in opened.pages[0].chars} == {
            "BIZUDPGothic-Regular",
            "BIZUDPGothic-Bold",
        }


def test_the_same_input_gives_the_same_bytes() -> None:
    assert render("= 一", title="題", data={"a": [1]}) == render("= 一", title="題", data={"a": [1]})


def test_rare_characters_of_names_are_printed() -> None:
    assert unprintable("髙﨑𠮷野 ㈱①㍻ 葛\U000e0100飾") == ()
    printed = text_of(render("#data.name", title="題", data={"name": "髙﨑𠮷野"}))
    assert "髙﨑𠮷野" in printed


NAMES = "髙﨑𠮷野 德永 濵﨑 渡邉 渡邊 齋藤 辻󠄀 葛󠄀城"


@pytest.mark.parametrize(
    ("typeface", "own", "stand_in"),
    [("gothic", "BIZUDPGothic", "NotoSansJP"), ("mincho", "BIZUDPMincho", "NotoSerifJP")],
)
def test_both_typefaces_print_the_same_names(typeface: Typeface, own: str, stand_in: str) -> None:
    pdf = render("= 通知書\n#data.name", title="通知書", data={"name": NAMES}, typeface=typeface)
    printed = text_of(pdf).replace(" ", "")
    for name in ("髙﨑", "𠮷野", "德永", "濵﨑", "渡邉", "渡邊", "齋藤"):
        assert name in printed
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        fonts = {char["text"]: char["fontname"].partition("+")[2] for char in opened.pages[0].chars}
    assert fonts["通"] == f"{own}-Bold"
    assert fonts["髙"] == f"{own}-Regular"
    assert fonts["𠮷"].startswith(stand_in), "what the first lacks comes from a typeface of its own kind"
    about = catalog(pdf)
    assert about["MarkInfo"]["Marked"] is True
    assert b"pdfuaid:part>1<" in pdf.replace(b" ", b"")


def test_a_variant_by_selector_keeps_its_selector() -> None:
    """A name is copied out of a notice as it was written: 葛 with the selector of its variant (IVS)."""
    for typeface in ("gothic", "mincho"):
        pdf = render("#data.name", title="通知書", data={"name": "葛\U000e0100城"}, typeface=typeface)  # type: ignore[arg-type]  # both are typefaces
        assert "葛\U000e0100城" in text_of(pdf)


def test_a_variant_that_the_first_typeface_lacks_comes_from_the_next() -> None:
    rare = "㵎\U000e0100"
    pdf = render(
        f"#data.name {escape(rare)}", title="通知書", data={"name": f"見{rare}本"}, typeface="mincho"
    )
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        fonts = {char["text"]: char["fontname"].partition("+")[2] for char in opened.pages[0].chars}
    assert fonts[rare].startswith("NotoSerifJP")
    assert fonts["見"].startswith("BIZUDPMincho")
    assert text_of(pdf).count(rare) == 2


def test_a_variant_that_nobody_has_is_told() -> None:
    assert unvaried("葛\U000e0100城 辻\U000e0101") == ()
    assert unvaried("葛\U000e0130と葛\U000e0130") == ("葛\U000e0130",)
    assert "葛" in text_of(render("#data.t", title="題", data={"t": "葛\U000e0130"}, typeface="mincho"))


def test_what_no_typeface_has_is_a_geta_and_is_told() -> None:
    assert unprintable("表🎉と\U000f0000と🎉") == ("🎉", "\U000f0000")
    printed = text_of(render(escape("表🎉と"), title="題\x07", data={"x": "🎉"}))
    assert f"表{STAND_IN}と" in printed


def test_what_a_person_wrote_is_never_source() -> None:
    by_data = text_of(render("#data.text", title=NASTY, data={"text": NASTY}))
    in_source = text_of(render(f"= 題\n\n{escape(NASTY)}.len()", title="題"))
    for mark in ("#panic", "$x$", "*太字*", "`code`", "@引用", "<印>", "// 注", "http://"):
        assert mark in by_data
        assert mark in in_source
    assert ".len()" in in_source


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60))
def test_any_text_prints(text: str) -> None:
    assert render(f"= 題\n\n{escape(text)} #data.t", title="題", data={"t": text}).startswith(b"%PDF")


@pytest.mark.parametrize(
    "source",
    [
        '#read("/etc/passwd")',
        '#read("../printing.py")',
        '#import "@preview/cetz:0.2.0"',
        "#let x = ",
        "#panic()",
    ],
)
def test_a_source_sees_nothing_else(source: str) -> None:
    with pytest.raises(PrintError):
        render(source, title="題")


def test_an_untitled_document_is_refused() -> None:
    with pytest.raises(PrintError):
        render("= 一", title=" ")


def test_an_image_without_words_is_refused() -> None:
    picture = '#image(bytes("<svg xmlns=\\"http://www.w3.org/2000/svg\\" width=\\"9\\" height=\\"9\\"/>"), format: "svg")'
    with pytest.raises(PrintError, match="alt"):
        render(picture, title="題")


def test_the_typefaces_cover_what_offices_write() -> None:
    """JIS X 0208 and the characters that Windows adds to it, but for the private ones."""
    double = (bytes([lead, trail]) for lead in [*range(0x81, 0xA0), *range(0xE0, 0xEB), 0xED, 0xEE, *range(0xFA, 0xFD)] for trail in range(0x40, 0xFD))  # fmt: skip
    offices = {
        text for pair in double if len(text := pair.decode("cp932", "ignore")) == 1 and text.isprintable()
    }
    assert len(offices) > 7000
    assert {one for one in offices if ord(one) not in characters()} == set()


def test_a_text_may_name_a_package_and_a_source_may_not_load_one() -> None:
    said = "@preview/cetz:0.3.1 と @local/x、[(かっこ)]{}"
    assert said.replace(" ", "") in text_of(render(escape(said), title="例")).replace(" ", "")
    for space in ("preview", "local", "other"):
        with pytest.raises(PrintError):
            render(f'#import "@{space}/cetz:0.3.1": *', title="例")


def test_a_source_or_data_beyond_the_bounds_is_refused() -> None:
    deep: Any = "x"
    for _ in range(5_000):
        deep = [deep]
    for source, data in (("#(" * 5_000, {}), ("本文", {"a": deep}), ("あ" * 5_000_001, {})):
        with pytest.raises(PrintError):
            render(source, title="例", data=data)
    assert render(escape("(" * 5_000), title="例")


def test_a_source_shows_the_pictures_it_was_given_and_no_other_file() -> None:
    # A PNG of one black pixel, written out by hand.
    dot = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
        "3a7e9b550000000a49444154789c636000000002000148afa4710000000049454e44ae426082"
    )
    made = render('#image("/seal.png", alt: "公印", width: 20mm)', title="印", pictures={"seal.png": dot})
    assert b"/Image" in made
    with pytest.raises(PrintError):
        render('#image("/other.png", alt: "公印")', title="印", pictures={"seal.png": dot})
    with pytest.raises(PrintError):
        render("x", title="印", pictures={"../seal.png": dot})


def test_rows_get_heads_and_the_same_input_gives_the_same_bytes() -> None:
    source = "#table(columns: 2, table.header([名], [値]), [一], [1], [二], [2])"
    printed = render(source, title="表")
    marked = with_row_heads(printed, [[0]])
    assert marked == with_row_heads(printed, [[0]])
    assert marked.count(b"/Scope /Row") == 2
    assert with_row_heads(printed, [[]]) == printed, "nothing to mark"
    for wrong in ([[0], [0]], [[2]]):
        with pytest.raises(PrintError):
            with_row_heads(printed, wrong)


def test_a_picture_is_as_small_as_what_stands_on_it() -> None:
    small = Image.open(io.BytesIO(picture("#rect(width: 10mm, height: 5mm)", ppi=100)))
    assert small.format == "PNG"
    assert (small.width, small.height) == (55, 35)
    with pytest.raises(PrintError):
        picture("一 #pagebreak() 二")
