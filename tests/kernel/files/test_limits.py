"""Hostile files are refused before any parser opens them."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from yakuba.kernel.actions import Problem
from yakuba.kernel.files import content, limits


def archive(entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as made:
        for name, data in entries.items():
            made.writestr(name, data)
    stream.seek(0)
    return stream


def refused(stream: io.BytesIO, bounds: limits.Limits = limits.LIMITS) -> str:
    with pytest.raises(Problem) as caught:
        limits.check(stream, bounds)
    assert caught.value.message
    return caught.value.code


def test_an_ordinary_file_and_archive_pass_and_are_left_at_their_beginning() -> None:
    for stream in (io.BytesIO(b"abc"), archive({"a.txt": b"text", "b/c.txt": b"more"})):
        assert limits.check(stream) == len(stream.getvalue())
        assert stream.tell() == 0


def test_empty_and_too_large() -> None:
    assert refused(io.BytesIO()) == "file_empty"
    small = limits.Limits(size=10)
    assert limits.check(io.BytesIO(b"0123456789"), small) == 10
    assert refused(io.BytesIO(b"0123456789x"), small) == "file_too_large"


def test_the_message_never_shows_an_allowed_size_for_a_refused_file() -> None:
    with pytest.raises(Problem) as caught:
        limits.check(io.BytesIO(bytes(limits.MB + 1)), limits.Limits(size=limits.MB))
    assert "1.1MB" in caught.value.message
    assert "1MB" in caught.value.message


def test_archives_that_unpack_to_too_much() -> None:
    bomb = archive({"zeros": bytes(3 * limits.MB)})
    assert refused(bomb) == "file_bomb"  # by its ratio
    assert refused(bomb, limits.Limits(ratio=10**6, unpacked=limits.MB)) == "file_bomb"  # by its size
    assert limits.check(bomb, limits.Limits(ratio=10**6)) > 0


def test_too_many_entries_are_counted_before_the_directory_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    many = archive({f"{n}": b"" for n in range(6)})
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("opened"))
    assert refused(many, limits.Limits(entries=5)) == "file_entries"


def test_a_directory_that_lies_about_its_count_is_still_bounded() -> None:
    data = bytearray(archive({f"{n}": b"" for n in range(6)}).getvalue())
    end = data.rfind(b"PK\x05\x06")
    data[end + 8 : end + 12] = struct.pack("<HH", 1, 1)
    assert refused(io.BytesIO(bytes(data)), limits.Limits(entries=5)) == "file_entries"
    assert refused(io.BytesIO(bytes(data)), limits.Limits(directory=100)) == "file_bomb"


@pytest.mark.parametrize("comment", [b"", b"c" * 0xFFFF])
def test_zip64_is_refused_before_the_directory_is_read(
    comment: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = archive({"a": b"text"}).getvalue()
    end = data.rfind(b"PK\x05\x06")
    begin, size = data.find(b"PK\x01\x02"), end - data.find(b"PK\x01\x02")
    count = 5_000_000  # what zipfile would believe, whatever the end record says
    far = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, begin)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    record = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, size, begin, len(comment))
    made = io.BytesIO(data[:end] + far + locator + record + comment)
    assert zipfile.ZipFile(made).namelist() == ["a"]
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("opened"))
    assert refused(made) == "file_entries"


def test_nested_encrypted_and_broken_archives() -> None:
    assert refused(archive({"inner.ZIP": b"PK"})) == "file_nested"
    assert limits.check(archive({"word/embeddings/chart.xlsx": b"PK"})) > 0
    data = bytearray(archive({"a": b"secret"}).getvalue())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(signature) + offset] |= 1
    assert refused(io.BytesIO(bytes(data))) == "file_encrypted"
    assert refused(io.BytesIO(archive({"a": b"text"}).getvalue()[:-10])) == "file_broken"
    assert refused(io.BytesIO(b"PK\x03\x04 and nothing")) == "file_broken"


def test_overlapping_entries() -> None:
    data = bytearray(archive({"a": b"x" * 50, "b": b"y" * 50}, zipfile.ZIP_STORED).getvalue())
    second = data.rfind(b"PK\x01\x02")
    data[second + 20 : second + 24] = struct.pack(
        "<I", 5000
    )  # claims packed bytes that the file does not have
    assert refused(io.BytesIO(bytes(data))) == "file_bomb"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"<html><script>alert(1)</script>", content.TEXT),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", content.TEXT),
        ("年度,取組\r\n".encode("cp932"), content.TEXT),
        ("年度,取組\r\n".encode("euc_jp"), content.TEXT),
        (b"a\x00b", content.OCTETS),
        (b"\xff\xfe\xfd\xfc", content.TEXT),
        (b"\x80\x81\xff\xff", content.OCTETS),
        (b"PK\x03\x04", content.OCTETS),
        (b"\0\0\0\x18ftypheic\0\0\0\0", content.HEIC),
        (b"\0\0\0\x18ftypavif\0\0\0\0", content.AVIF),
        (b"\0\0\0\x18ftypisom\0\0\0\0", content.OCTETS),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", content.COMPOUND),
    ],
)
def test_the_type_comes_from_the_bytes(data: bytes, expected: str) -> None:
    assert content.content_type(io.BytesIO(data)) == expected


def test_office_documents_are_told_from_other_archives() -> None:
    assert content.content_type(archive({"[Content_Types].xml": b"", "xl/workbook.xml": b""})) == content.XLSX
    assert content.content_type(archive({"xl/workbook.xml": b""})) == content.ZIP


def test_text_cut_in_a_character_by_the_head_is_still_text() -> None:
    assert content.content_type(io.BytesIO(("あ" * 5000).encode())) == content.TEXT
    assert content.content_type(io.BytesIO(b"x" + ("あ" * 5000).encode("cp932"))) == content.TEXT
