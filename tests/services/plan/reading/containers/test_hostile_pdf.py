"""Hostile and broken PDFs: a clear message in Japanese, bounded time and memory, nothing done that the file asks for."""

from __future__ import annotations

import hashlib
import random
import re
import resource
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from yakuba.kernel.actions import Problem
from yakuba.kernel.files import sandbox
from yakuba.kernel.pdf import render
from yakuba.services.plan.parsing import read_path
from yakuba.services.plan.reading.containers import open_paper
from yakuba.services.plan.reading.containers.pdf import glyphs, opening, unpacking
from yakuba.services.plan.reading.unreadable import Unreadable

_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%s>>>>"
_HELLO = b"BT /F 12 Tf 50 700 Td (Plan of the sample town) Tj ET\n"


def stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (extra, len(data), data)


def flate(data: bytes, extra: bytes = b"") -> bytes:
    return stream(zlib.compress(data, 9), b"/Filter/FlateDecode" + extra)


def pdf(objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    """A file of these objects; 1 is the catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
    out += b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(out)


def simple(
    content: bytes = b"", *, resources: bytes = b"", more: Mapping[int, bytes] | None = None
) -> dict[int, bytes]:
    """The objects of a document with one page."""
    return {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: _PAGE % resources,
        4: content or stream(_HELLO),
        5: _FONT,
        **(more or {}),
    }


def refused(data: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        open_paper(data, "計画.pdf")
    assert re.search(r"[ぁ-ん].*。$", str(caught.value))
    return caught.value


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    """Each of these files is dealt with in seconds, and in little memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400 * 1024


def test_the_builder_builds_what_is_read() -> None:
    assert [block.text for block in open_paper(pdf(simple()), "a.pdf").blocks] == ["Plan of the sample town"]


# --- encrypted ----------------------------------------------------------------------------------------------------


def rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def encrypted(user: bytes) -> bytes:
    """Standard security handler, revision 2 (ISO 32000-1, 7.6.3), with an owner's password."""
    padded = (user + _PADDING)[:32]
    owner = rc4(hashlib.md5((b"owner" + _PADDING)[:32]).digest()[:5], padded)
    key = hashlib.md5(
        padded + owner + (-4).to_bytes(4, "little", signed=True) + b"0123456789abcdef"
    ).digest()[:5]
    own = hashlib.md5(key + (4).to_bytes(3, "little") + b"\0\0").digest()[:10]
    objects = simple(stream(rc4(own, _HELLO)))
    objects[6] = b"<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>" % (
        owner.hex().encode(),
        rc4(key, _PADDING).hex().encode(),
    )
    identity = b"0123456789abcdef".hex().encode()
    return pdf(objects, b"/Encrypt 6 0 R/ID[<%s><%s>]" % (identity, identity))


def test_a_password_is_asked_to_be_taken_off() -> None:
    found = refused(encrypted(b"himitsu"))
    assert found.code == "encrypted"
    assert "パスワード" in str(found)


def test_a_file_that_only_forbids_copying_is_read() -> None:
    assert open_paper(encrypted(b""), "a.pdf").blocks[0].text == "Plan of the sample town"


def test_an_unknown_encryption_is_refused() -> None:
    objects = simple(more={6: b"<</Filter/Other/V 9>>"})
    assert refused(pdf(objects, b"/Encrypt 6 0 R/ID[<00><00>]")).code == "encrypted"


# --- broken -------------------------------------------------------------------------------------------------------


def test_a_truncated_file_says_so() -> None:
    whole = render("= 計画\n" + "本文です。" * 300, title="計画")
    for share in (0.1, 0.5, 0.9):
        assert refused(whole[: int(len(whole) * share)]).code == "truncated"


def test_something_else_behind_the_mark() -> None:
    assert refused(b"%PDF-1.7\n" + bytes(range(256)) * 40).code == "truncated"
    assert refused(b"%PDF-1.7\n" + b"abc " * 400 + b"\n%%EOF").code == "broken"
    assert refused(b"%PDF-1.7\n%%EOF").code == "broken"


def test_without_pages() -> None:
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count 0>>"}
    assert refused(pdf(objects)).code == "broken"


def test_damaged_bytes_are_read_or_refused() -> None:
    whole = render("= 計画\n#table(columns: 2, [番号], [取組], [1], [窓口])", title="計画")
    of = random.Random(4)
    for _ in range(60):
        broken = bytearray(whole)
        for _ in range(of.randint(1, 30)):
            broken[of.randrange(9, len(broken) - 8)] = of.randrange(256)
        with suppress(Unreadable):
            open_paper(bytes(broken), "a.pdf")


def test_a_broken_page_is_named_and_the_others_are_read() -> None:
    objects = simple()
    objects[2] = b"<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>"
    objects[6] = _PAGE.replace(b"[0 0 595 842]", b"[0 0 0 842]") % b""
    paper = open_paper(pdf(objects), "a.pdf")
    assert paper.blocks[0].text == "Plan of the sample town"
    assert any("2ページ" in remark for remark in paper.remarks)


# --- without text -------------------------------------------------------------------------------------------------


def image(width: int, height: int, data: bytes) -> bytes:
    return flate(
        data,
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"
        % (width, height),
    )


def test_a_scan_is_told_from_a_text() -> None:
    drawn = stream(b"q 595 0 0 842 0 0 cm /Im Do Q")
    scan = pdf(simple(drawn, resources=b"/XObject<</Im 6 0 R>>", more={6: image(10, 10, bytes(100))}))
    found = refused(scan)
    assert found.code == "scanned"
    assert "画像" in str(found)
    assert "OCR" in str(found)


def test_pages_without_text_are_named() -> None:
    objects = simple(resources=b"/XObject<</Im 6 0 R>>", more={6: image(10, 10, bytes(100))})
    objects[2] = b"<</Type/Pages/Kids[3 0 R 7 0 R 3 0 R]/Count 2>>"
    objects[7] = (_PAGE % b"/XObject<</Im 6 0 R>>").replace(b"4 0 R", b"8 0 R")
    objects[8] = stream(b"q 595 0 0 842 0 0 cm /Im Do Q")
    assert any("2ページ" in remark for remark in open_paper(pdf(objects), "a.pdf").remarks)


# --- bombs --------------------------------------------------------------------------------------------------------

_SIZE, _MB = 400 * 1024 * 1024, 1024 * 1024


def _zeros() -> bytes:
    """So many zeros, packed: a megabyte of them, again and again, which is the same each time."""
    packer = zlib.compressobj(9)
    first, again = (packer.compress(bytes(_MB)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    # An empty last block, and Adler-32 of zeros: one, and how many there were.
    return first + again * (_SIZE // _MB - 1) + b"\3\0" + (_SIZE % 65_521 << 16 | 1).to_bytes(4, "big")


_ZEROS = _zeros()


def _bomb_content() -> bytes:
    return pdf(simple(stream(_ZEROS, b"/Filter/FlateDecode")))


def _bomb_twice() -> bytes:
    return pdf(simple(stream(zlib.compress(_ZEROS), b"/Filter[/FlateDecode/FlateDecode]")))


def _bomb_objects() -> bytes:
    objects = simple()
    del objects[2]
    objects[9] = stream(_ZEROS, b"/Type/ObjStm/N 1/First 10/Filter/FlateDecode")
    cross = b"".join(
        (b"\2" + (9).to_bytes(4, "big") + b"\0") if number == 2 else b"\1" + (0).to_bytes(4, "big") + b"\0"
        for number in range(11)
    )
    whole = pdf(objects)
    places = {int(m[1]): m.start() for m in re.finditer(rb"(?m)^(\d+) 0 obj", whole)}
    cross = b"".join(
        b"\2" + (9).to_bytes(4, "big") + b"\0"
        if number == 2
        else b"\1" + places.get(number, 0).to_bytes(4, "big") + b"\0"
        for number in range(10)
    )
    head = whole[: whole.index(b"xref\n")]
    table = stream(cross, b"/Type/XRef/Size 10/W[1 4 1]/Root 1 0 R")
    return head + b"10 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF" % len(head)


def _bomb_codes() -> bytes:
    objects = simple(
        more={
            5: b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts[7 0 R]>>",
            6: stream(
                b"1 begincodespacerange<00000000><ffffffff>endcodespacerange 1 beginbfrange<00000000> <ffffffff> <0041>endbfrange"
            ),
            7: b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>",
        }
    )
    return pdf(objects)


def _bomb_widths() -> bytes:
    objects = simple(
        more={
            5: b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[7 0 R]>>",
            7: b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/W[0 4294967295 500]/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>",
        }
    )
    return pdf(objects)


def _bomb_row() -> bytes:
    return pdf(simple(flate(_HELLO, b"/DecodeParms<</Predictor 12/Columns 2000000000>>")))


@pytest.mark.parametrize(
    "bomb", [_bomb_content, _bomb_twice, _bomb_objects, _bomb_codes, _bomb_widths, _bomb_row]
)
def test_what_unpacks_to_too_much_is_refused(bomb: Callable[[], bytes]) -> None:
    found = refused(bomb())
    assert found.code == "bomb"


def test_the_bombs_would_go_off() -> None:
    assert len(_ZEROS) < _MB
    assert unpacking.MAX_STREAM < _SIZE
    unpacker = zlib.decompressobj()
    assert unpacker.decompress(_ZEROS, unpacking.MAX_STREAM) == bytes(unpacking.MAX_STREAM)
    assert unpacker.unconsumed_tail


def test_too_many_pages() -> None:
    objects = simple()
    objects[2] = b"<</Type/Pages/Kids[%s]/Count 10000>>" % b" ".join(
        b"%d 0 R" % (10 + n) for n in range(10_000)
    )
    objects.update({10 + n: _PAGE % b"" for n in range(10_000)})
    found = refused(pdf(objects))
    assert found.code == "too-many-pages"
    assert str(opening.MAX_PAGES) in str(found)


def test_a_deep_tree_of_pages() -> None:
    objects = simple()
    depth = 5_000
    objects[2] = b"<</Type/Pages/Kids[10 0 R]/Count 1>>"
    objects.update({10 + n: b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (11 + n) for n in range(depth)})
    objects[10 + depth] = _PAGE % b""
    assert refused(pdf(objects)).code == "broken"


@pytest.mark.parametrize(
    "changed",
    [
        {2: b"<</Type/Pages/Kids[2 0 R]/Count 1>>"},
        {1: b"<</Type/Catalog/Pages 1 0 R>>"},
        {2: b"2 0 R"},
        {2: b"6 0 R", 6: b"2 0 R"},
        {4: b"4 0 R"},
        {3: b"3 0 R"},
    ],
)
def test_references_in_a_circle(changed: dict[int, bytes]) -> None:
    # The parser finds lost pages again where it can; what matters is that it ends.
    try:
        paper = open_paper(pdf({**simple(), **changed}), "a.pdf")
    except Unreadable as unreadable:
        code = unreadable.code
    else:
        code = paper.blocks[0].text
    assert code in {"broken", "scanned", "Plan of the sample town"}


def form(content: bytes, name: bytes, number: int) -> bytes:
    return stream(
        content,
        b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F 5 0 R>>/XObject<</%s %d 0 R>>>>"
        % (name, number),
    )


def test_a_form_that_draws_itself() -> None:
    more = {6: form(_HELLO + b"/X Do", b"X", 6)}
    paper = open_paper(pdf(simple(stream(b"/X Do"), resources=b"/XObject<</X 6 0 R>>", more=more)), "a.pdf")
    assert "sample town" in paper.blocks[0].text


def test_forms_that_double_are_cut_off_and_told() -> None:
    more = {10 + n: form(b"/X Do /X Do", b"X", 11 + n) for n in range(40)}
    more[50] = form(_HELLO, b"X", 50)
    found = refused(pdf(simple(stream(b"/X Do"), resources=b"/XObject<</X 10 0 R>>", more=more)))
    assert found.code == "too-large"


def test_a_page_of_countless_letters_is_left_out_and_told() -> None:
    words = b"(" + b"a" * 500 + b") Tj\n"
    many = flate(b"BT /F 1 Tf 50 700 Td " + words * (glyphs.MAX_LETTERS // 500 + 1) + b"ET")
    objects = simple(more={6: (_PAGE % b"").replace(b"4 0 R", b"7 0 R"), 7: many})
    objects[2] = b"<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>"
    paper = open_paper(pdf(objects), "a.pdf")
    assert [block.part for block in paper.blocks] == ["1"]
    assert any("2ページ" in remark for remark in paper.remarks)


def test_a_page_of_countless_lines_keeps_its_text() -> None:
    lines = b"".join(b"%d 10 m %d 800 l S\n" % (x, x) for x in range(5, 30_000, 4))
    lines += b"".join(b"10 %d m 500 %d l S\n" % (y, y) for y in range(5, 30_000, 4))
    assert "sample town" in open_paper(pdf(simple(flate(lines + _HELLO))), "a.pdf").blocks[0].text


def test_a_huge_picture_is_never_unpacked() -> None:
    objects = simple(
        stream(_HELLO + b"/Im Do"),
        resources=b"/XObject<</Im 6 0 R>>",
        more={6: stream(_ZEROS, b"/Type/XObject/Subtype/Image/Width 100000/Height 100000/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode")},
    )  # fmt: skip
    assert open_paper(pdf(objects), "a.pdf").blocks[0].text == "Plan of the sample town"


@pytest.mark.parametrize("box", [b"[0 0 0 0]", b"[0 0 1" + b"0" * 400 + b" 9]", b"[5 5 5 5]"])
def test_absurd_sizes_of_a_page(box: bytes) -> None:
    refused(pdf({**simple(), 3: (_PAGE % b"").replace(b"[0 0 595 842]", box)}))


def test_absurd_places_of_letters() -> None:
    far = b"BT /F 12 Tf 1" + b"0" * 30 + b" 700 Td (far) Tj ET " + _HELLO
    assert [b.text for b in open_paper(pdf(simple(stream(far))), "a.pdf").blocks] == [
        "Plan of the sample town"
    ]


# --- actions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "action",
    [
        b"<</S/JavaScript/JS(app.alert\\(1\\))>>",
        b"<</S/Launch/F(/bin/sh)>>",
        b"<</S/URI/URI(http://example.invalid/)>>",
        b"<</S/GoToR/F(//server/share)>>",
    ],
)
def test_actions_are_never_run_and_told(action: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    import os
    import socket
    import subprocess

    def forbidden(*_given: object, **_options: object) -> None:
        raise AssertionError("a document's action was run")

    monkeypatch.setattr(subprocess, "Popen", forbidden)
    monkeypatch.setattr(os, "system", forbidden)
    monkeypatch.setattr(socket, "create_connection", forbidden)
    objects = simple()
    objects[1] = b"<</Type/Catalog/Pages 2 0 R/OpenAction%s>>" % action
    paper = open_paper(pdf(objects), "a.pdf")
    assert paper.blocks[0].text == "Plan of the sample town"
    assert any("実行せず" in remark for remark in paper.remarks)


# --- the whole way ------------------------------------------------------------------------------------------------


def test_the_sandbox_passes_the_message_on_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(_bomb_content())
    with pytest.raises(Problem) as caught:
        sandbox.read(read_path, str(path), "計画.pdf", "000000", "みほん市")
    assert caught.value.code == "bomb"
    assert caught.value.field == "file"
    assert list(tmp_path.iterdir()) == [path]


# --- what the parsers themselves take in ----------------------------------------------------------------------------


def test_flate_behind_another_filter_is_counted_too() -> None:
    packed = zlib.compress(b" " * 2 * unpacking.MAX_STREAM, 1).hex().encode() + b">"
    assert refused(pdf(simple(stream(packed, b"/Filter[/ASCIIHexDecode/FlateDecode]")))).code == "bomb"


def test_damaged_flate_data_gives_what_stands_before_the_damage() -> None:
    content = bytes(random.Random(3).randbytes(300_000))
    packed = bytearray(zlib.compress(content))
    packed[200_000:200_010] = b"\xff" * 10
    found = unpacking.inflated(bytes(packed))
    assert len(found) > 150_000
    assert unpacking.inflated(zlib.compress(content)) == content
    assert unpacking.inflated(zlib.compress(content)[:-7])[:299_000] == content[:299_000]


def test_a_predictor_over_millions_of_rows_is_refused() -> None:
    table = flate(b"\2 " * 20_000_000, b"/DecodeParms<</Predictor 15/Columns 1>>")
    assert refused(pdf(simple(table))).code == "bomb"


@pytest.mark.parametrize(
    "content", [b"[" * 5_000_000, b"(" * 5_000_000, b"1 " * 3_000_000, b"<<" * 2_000_000]
)
def test_a_page_of_open_brackets_is_left_out_like_a_drawing(content: bytes) -> None:
    assert refused(pdf(simple(flate(content)))).code in {"too-large", "scanned"}


@pytest.mark.parametrize("filling", [b"(" * 5_000_000, b"1 0 obj\n" * 500_000, b"a" * 5_000_000])
def test_the_search_for_objects_of_a_broken_file_ends(filling: bytes) -> None:
    found = refused(b"%PDF-1.5\n" + filling + b"\nstartxref\n12\n%%EOF")
    assert found.code == "broken"
