"""Office files that are broken, odd or meant to harm: a Japanese sentence, in bounded work, nothing fetched and nothing left behind."""

from __future__ import annotations

import contextlib
import io
import random
import socket
import struct
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.services.plan.reading.containers import office
from tests.services.plan.reading.containers.office import paragraph
from yakuba.kernel.sheets.cells import address
from yakuba.services.plan.reading import Unreadable
from yakuba.services.plan.reading.blocks import MAX_BLOCKS, Paper
from yakuba.services.plan.reading.containers import docx, open_paper, xlsx, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
#: Nothing here may take longer, on a busy machine too.
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
FETCH = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


@pytest.fixture(autouse=True)
def bounded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No connection, no file left in the folder for temporary ones, no long work."""

    def refuse(*_args: object, **_more: object) -> None:
        raise AssertionError("a reader may not open connections")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield
    assert list(tmp_path.iterdir()) == []


def refused(data: bytes) -> str:
    """The code of the refusal; its message is a Japanese sentence."""
    with pytest.raises(Unreadable) as found:
        open_paper(data, "計画.xlsx")
    assert any("ぁ" <= letter <= "ん" for letter in found.value.message)
    assert found.value.message.endswith("。")
    return found.value.code


def read(data: bytes) -> Paper:
    return open_paper(data, "計画")


def cells(count: int, row: int = 1) -> str:
    made = "".join(f'<c r="{address(row - 1, column)}"><v>{column + 1}</v></c>' for column in range(count))
    return f'<row r="{row}">{made}</row>'


def entry(name: str) -> bytes:
    """A directory entry of a compound file."""
    return name.encode("utf-16-le").ljust(64, b"\0")


@pytest.mark.parametrize(
    ("data", "code", "says"),
    [
        (OLE + entry("EncryptionInfo") + entry("EncryptedPackage"), "encrypted", "パスワード"),
        (OLE + entry("WordDocument"), "old-format", ".docx"),
        (OLE + entry("Workbook"), "old-format", ".xlsx"),
        (OLE + entry("Book"), "old-format", ".xlsx"),
        (OLE + entry("PowerPoint Document"), "old-format", ".docx"),
    ],
)
def test_compound_files(data: bytes, code: str, says: str):
    assert refused(data) == code
    for reader in (xlsx.read, docx.read):
        with pytest.raises(Unreadable) as found:
            reader(data, "a")
        assert says in found.value.message


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"plan.txt": "計画"}, "ExcelでもWordでもありません"),
        ({"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p/>"}, "PowerPoint"),
        ({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": b"\0"}, ".xlsb"),
        ({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}, "OpenDocument"),
    ],
)
def test_other_zips(parts: dict[str, str | bytes], says: str):
    with pytest.raises(Unreadable) as found:
        read(office.pack(parts))
    assert (found.value.code, says in found.value.message) == ("not-text", True)


def test_one_kind_is_not_the_other():
    for reader, data in ((docx.read, office.raw_workbook(cells(2))), (xlsx.read, office.raw_document(""))):
        with pytest.raises(Unreadable):
            reader(data, "a")


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.9, 0.99])
def test_truncated_files(share: float):
    for data in (office.raw_workbook(cells(9)), office.raw_document(paragraph("本文"))):
        assert refused(data[: int(len(data) * share)]) == "broken"


def test_encrypted_entries():
    data = bytearray(office.raw_workbook(cells(2)))
    at = data.find(b"PK\x01\x02")
    struct.pack_into("<H", data, at + 8, 1)
    assert refused(bytes(data)) == "encrypted"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"xl/media/image1.png": b"\0" * 60_000_000}, "bomb"),
        ({"xl/embedded.zip": b"PK"}, "nested"),
        ({f"xl/a{n}.xml": "<a/>" for n in range(5_001)}, "entries"),
    ],
)
def test_bombs(more: dict[str, str | bytes], code: str):
    assert refused(office.raw_workbook(cells(2), **more)) == code


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing(method: int):
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(office.raw_workbook(cells(2)))) as packed,
        zipfile.ZipFile(out, "w", method) as archive,
    ):
        for name in packed.namelist():
            archive.writestr(name, packed.read(name))
    assert refused(out.getvalue()) == "broken"


def test_entries_that_lie_about_their_size():
    data = bytearray(office.raw_workbook("<row>" + "<c><v>1</v></c>" * 400 + "</row>"))
    name = b"xl/worksheets/sheet1.xml"
    at = data.rfind(name) - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    struct.pack_into("<I", data, at + 24, 100)
    assert refused(bytes(data)) == "broken"


def test_more_xml_than_is_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(zipped, "MAX_XML", 20_000)
    assert refused(office.raw_workbook(cells(2_000))) == "too-large"


def test_more_elements_than_are_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(zipped, "MAX_ELEMENTS", 1_000)
    assert refused(office.raw_workbook("<row/>" * 1_100)) == "too-many-cells"


def test_a_piece_that_is_held_whole_is_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(zipped, "MAX_PIECE", 1_000)
    row = f"<w:tr><w:tc>{paragraph('a')}</w:tc></w:tr>"
    assert refused(office.raw_document(f"<w:tbl>{row * 400}</w:tbl>")) == "too-many-cells"
    assert len(read(office.raw_document(f"<w:tbl>{row * 100}</w:tbl>" * 4)).blocks) == 400


@pytest.mark.parametrize("head", [LAUGHS, FETCH])
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_entities(head: str, codec: str):
    sheet = (head + "<worksheet><sheetData/></worksheet>").encode(codec)
    assert refused(office.raw_workbook(**{"xl/worksheets/sheet1.xml": sheet})) == "entities"
    assert (
        refused(office.raw_document("", **{"word/document.xml": (head + "<d>&j;</d>").encode(codec)}))
        == "entities"
    )
    strings = (head + "<sst><si><t>&j;</t></si></sst>").encode(codec)
    assert (
        refused(office.raw_workbook(cells(2), strings="", **{"xl/sharedStrings.xml": strings})) == "entities"
    )


def test_entities_beyond_the_first_piece(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(zipped, "_PIECE", 64)
    for blanks in range(120, 200, 7):
        sheet = f"<?xml version='1.0'?>{' ' * blanks}{FETCH}<worksheet/>"
        assert refused(office.raw_workbook(**{"xl/worksheets/sheet1.xml": sheet})) == "entities"


@pytest.mark.parametrize("codec", ["cp037", "utf-32"])
def test_odd_encodings(codec: str):
    sheet = f'<?xml version="1.0" encoding="{codec}"?>'.encode() + (FETCH + "<worksheet/>").encode(codec)
    assert refused(office.raw_workbook(**{"xl/worksheets/sheet1.xml": sheet})) == "broken"


@pytest.mark.parametrize(
    "sheet",
    [
        "",
        "<worksheet>",
        "<worksheet><sheetData></worksheet>",
        "no xml",
        "<worksheet>&undefined;</worksheet>",
        "<a>" * 5_000 + "</a>" * 5_000,
        '<worksheet><row r="1"><c r="ZZZZ1"><v>1</v></c></row></worksheet>',
        '<worksheet><row r="1"><c r="XFE1"><v>1</v></c></row></worksheet>',
        '<worksheet><row r="1048577"><c><v>1</v></c></row></worksheet>',
        '<worksheet><row r="0"><c><v>1</v></c></row></worksheet>',
        '<worksheet><row><c t="s"><v>0</v></c></row></worksheet>',
        '<worksheet><row><c t="s"><v>-1</v></c></row></worksheet>',
    ],
)
def test_broken_parts(sheet: str):
    assert refused(office.raw_workbook(**{"xl/worksheets/sheet1.xml": sheet})) == "broken"


def test_a_missing_sheet_and_a_sheet_elsewhere():
    for rels in (
        "",
        office.relations(s1="worksheet:!http://192.0.2.1/a.xml"),
        office.relations(s1="worksheet:../../x"),
    ):
        parts = {"xl/_rels/workbook.xml.rels": rels or "<Relationships/>"}
        assert refused(office.raw_workbook(cells(2), **parts)) == "broken"


def test_ten_thousand_columns():
    assert refused(office.raw_workbook(cells(10_000))) == "too-many-columns"
    assert refused(office.raw_workbook(cells(2) + cells(501, 2))) == "too-many-columns"
    # Styled cells without words are none.
    blank = cells(2).replace(
        "</row>", "".join(f'<c r="{address(0, n)}" s="{n}"/>' for n in range(2, 9_000)) + "</row>"
    )
    assert [block.cells for block in read(office.raw_workbook(blank)).blocks] == [("1", "2")]


def test_a_million_rows_that_are_not_there():
    rows = cells(2) + '<row r="1048576"><c><v>9</v></c><c><v>9</v></c></row>'
    assert [block.line for block in read(office.raw_workbook(rows)).blocks] == [1, 2, 1_048_576]
    sheet = '<worksheet><dimension ref="A1:XFD1048576"/><cols><col min="1" max="16384" hidden="1"/></cols>'
    sheet += f"<sheetData>{cells(2)}</sheetData></worksheet>"
    assert len(read(office.raw_workbook(**{"xl/worksheets/sheet1.xml": sheet})).blocks) == 1


def test_many_rows_without_words():
    rows = "".join(
        f'<row r="{n}" ht="15" s="1"><c r="A{n}" s="{n % 7}"/></row>' for n in range(1, MAX_BLOCKS + 10)
    )
    assert read(office.raw_workbook(rows)).blocks == ()


def test_too_many_rows_and_cells(monkeypatch: pytest.MonkeyPatch):
    with_words = office.raw_workbook(
        "".join(f'<row r="{n}"><c><v>{n}</v></c></row>' for n in range(1, MAX_BLOCKS + 10))
    )
    assert refused(with_words) == "too-many-lines"
    monkeypatch.setattr(xlsx, "MAX_CELLS", 5_000)
    assert refused(office.raw_workbook("".join(cells(400, n) for n in range(1, 20)))) == "too-many-cells"


def test_absurd_merges():
    rows = cells(3) + cells(3, 2)
    all_over = '<mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref="?"/><mergeCell ref="C5:A1"/></mergeCells>'
    assert [block.cells for block in read(office.raw_workbook(rows, after=all_over)).blocks] == [("1",)]
    rows = "".join(cells(1, n) for n in range(1, 3_001))
    again = "".join(f'<mergeCell ref="B{n}:D1000000"/>' for n in range(1, 3_001))
    assert refused(office.raw_workbook(rows, after=f"<mergeCells>{again}</mergeCells>")) == "too-many-cells"


def test_very_long_strings():
    salted = "".join(chr(0x4E00 + (n * 7919) % 20_000) for n in range(1_000_001))
    assert refused(office.raw_workbook(cells(2), strings=f"<si><t>{salted}</t></si>")) == "line-too-long"
    assert refused(office.raw_document(paragraph(salted))) == "line-too-long"
    # One string of 30,000 letters in a thousand cells.
    rows = "<row>" + '<c t="s"><v>0</v></c>' * 400 + "</row>"
    data = office.raw_workbook(rows * 3, strings=f"<si><t>{salted[:30_000]}</t></si>")
    assert refused(data) == "too-large"


def test_a_tag_that_does_not_end():
    # Each piece makes the parser look through the whole tag again.
    salt = "".join(random.Random(7).choices("abcdefghijklmnopqrstuvwxyz012345", k=500_000)).encode()
    tag = b'<worksheet><row r="' + b"".join(
        salt[place:] + salt[:place] for place in range(0, 500_000, 60_000)
    )
    assert len(tag) > 4 * zipped.MAX_TAG
    with pytest.raises(Unreadable, match="終わらないタグ"):
        read(_stored(office.raw_workbook(**{"xl/worksheets/sheet1.xml": tag})))


def test_macros_and_links_are_said_and_left_alone():
    data = office.raw_workbook(
        '<row r="1"><c r="A1"><f>cmd|\'/c calc\'!A0</f><v>7</v></c><c r="B1" t="str"><f>[1]表!A1</f><v>済</v></c></row>',
        **{
            "xl/vbaProject.bin": b"\0\1",
            "xl/externalLinks/externalLink1.xml": LAUGHS,
            "xl/externalLinks/_rels/externalLink1.xml.rels": office.relations(
                r="x:!file://192.0.2.1/share/a.xlsx"
            ),
        },
    )
    found = read(data)
    assert [block.cells for block in found.blocks] == [("7", "済")]
    assert any("マクロ" in one for one in found.remarks)
    assert any("リンクが1件" in one for one in found.remarks)
    parts = {"word/vbaProject.bin": b"\0", "word/afchunk1.docx.xml": "<x/>"}
    document = read(office.raw_document(paragraph("本文"), **parts))
    assert [block.text for block in document.blocks] == ["本文"]
    assert any("マクロ" in one for one in document.remarks)
    assert any("差し込まれた" in one for one in document.remarks)


def test_word_documents_that_nest_span_and_rest_on_themselves():
    assert refused(office.raw_document("<w:p>" * 300 + "</w:p>" * 300)) == "broken"
    inner = paragraph("底")
    for _ in range(40):
        inner = f"<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>"
    assert [block.text for block in read(office.raw_document(inner)).blocks] == ["底"]
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="9999"/></w:tcPr><w:p/></w:tc>' * 9
    assert refused(office.raw_document(f"<w:tbl><w:tr>{wide}</w:tr></w:tbl>")) == "broken"
    many = f"<w:tc>{paragraph('1')}</w:tc>" * 600
    assert refused(office.raw_document(f"<w:tbl><w:tr>{many}</w:tr></w:tbl>")) == "too-many-columns"
    styles = '<w:style w:styleId="A"><w:basedOn w:val="B"/></w:style><w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>'
    lists = (
        '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="A"/></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    body = paragraph(
        "字", properties='<w:pStyle w:val="A"/><w:numPr><w:ilvl w:val="8"/><w:numId w:val="1"/></w:numPr>'
    )
    assert [one.text for one in read(office.raw_document(body, styles=styles, numbering=lists)).blocks] == [
        "字"
    ]


def test_too_many_paragraphs():
    assert (
        refused(office.raw_document("".join(f'<w:p w:rsidR="{n:08X}"/>' for n in range(MAX_BLOCKS + 10))))
        == "too-many-lines"
    )


@settings(max_examples=75, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10_000), new=st.binary(min_size=1, max_size=6), word=st.booleans())
def test_damaged_files_read_or_are_refused(place: int, new: bytes, word: bool):
    data = bytearray(DAMAGED[word])
    place %= len(data)
    data[place : place + len(new)] = new
    with contextlib.suppress(Unreadable):
        open_paper(bytes(data), "計画")


def _stored(data: bytes) -> bytes:
    """The same file without compression, so that damage reaches the XML."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(out, "w") as archive:
        for name in packed.namelist():
            archive.writestr(name, packed.read(name))
    return out.getvalue()


DAMAGED = (_stored(office.raw_workbook(cells(3))), _stored(office.raw_document(paragraph("本文"))))

TAGS = (
    *(
        "row",
        "c",
        "v",
        "f",
        "is",
        "t",
        "r",
        "rPr",
        "strike",
        "mergeCell",
        "col",
        "w:p",
        "w:r",
        "w:t",
        "w:tbl",
        "w:tr",
    ),
    *(
        "w:tc",
        "w:tcPr",
        "w:vMerge",
        "w:gridSpan",
        "w:pPr",
        "w:numPr",
        "w:numId",
        "w:del",
        "w:ins",
        "w:delText",
        "w:sdt",
    ),
    *("w:ruby", "w:rubyBase", "w:drawing", "w:txbxContent", "w:footnoteReference"),
)
XML = st.recursive(
    st.sampled_from(["", "1", "字", "R6"]),
    lambda inner: st.builds(
        lambda tag, key, value, several: f'<{tag} {key}="{value}">{"".join(several)}</{tag}>',
        st.sampled_from(TAGS),
        st.sampled_from(["r", "t", "s", "ref", "min", "max", "hidden", "w:val", "w:id"]),
        st.sampled_from(
            ["A1", "B2", "s", "inlineStr", "e", "b", "d", "-1", "1", "99999999", "restart", "A1:B9", "字"]
        ),
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)


@settings(max_examples=75, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(XML, max_size=5))
def test_any_elements_read_or_are_refused(several: list[str]):
    body = "".join(several)
    for data in (
        office.raw_workbook(f'<row xmlns:w="u:w">{body}</row>', after=f'<x xmlns:w="u:w">{body}</x>'),
        office.raw_document(body, numbering=body, styles=body, footnotes=body, comments=body),
    ):
        with contextlib.suppress(Unreadable):
            open_paper(data, "計画")
