"""What bytes are, told from the bytes alone."""

from __future__ import annotations

import codecs
import zipfile
from typing import BinaryIO, Final

from yakuba.kernel.files.archives import UNREADABLE_ZIP

OCTETS: Final = "application/octet-stream"
ZIP: Final = "application/zip"
TEXT: Final = "text/plain"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

HEIC: Final = "image/heic"
AVIF: Final = "image/avif"
#: Word and Excel before 2007, and what has a password since.
COMPOUND: Final = "application/x-cfb"

HEAD: Final = 4096

_MAGIC: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", COMPOUND),
)
# ISO 14496-12: the brand of a file made of boxes. Telephones write pictures so; films are bytes of an unknown kind here.
_BRANDS: Final = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), HEIC),
    **dict.fromkeys((b"avif", b"avis"), AVIF),
}
_OFFICE: Final = (("xl/", XLSX), ("word/", DOCX), ("ppt/", PPTX))


def is_zip(head: bytes) -> bool:
    """Whether bytes begin as a ZIP archive does (an empty archive too)."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def content_type(stream: BinaryIO) -> str:
    """The media type of a seekable stream, which is left at its beginning.

    Types that a browser would run or draw in our name (HTML, SVG, XML) are plain text here.
    """
    stream.seek(0)
    head = stream.read(HEAD)
    stream.seek(0)
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], OCTETS)
    if is_zip(head):
        return _zip_type(stream)
    return TEXT if _is_text(head, whole=len(head) < HEAD) else OCTETS


def holds_archive(stream: BinaryIO) -> bool:
    """Whether a program that looks for an archive's end would find one here, whatever the bytes begin with."""
    try:
        return zipfile.is_zipfile(stream)
    except UNREADABLE_ZIP:  # an end of one part of several: an end all the same
        return True


def _zip_type(stream: BinaryIO) -> str:
    """Called after the limits were checked: the list of entries is known to be short."""
    try:
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
    except UNREADABLE_ZIP:
        return OCTETS
    finally:
        stream.seek(0)
    if "[Content_Types].xml" in names:
        for folder, found in _OFFICE:
            if any(name.startswith(folder) for name in names):
                return found
    return ZIP


def _is_text(head: bytes, *, whole: bool) -> bool:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    if b"\x00" in head:
        return False
    for codec in ("utf-8", "cp932", "euc_jp"):
        decoder = codecs.getincrementaldecoder(codec)()
        try:
            decoder.decode(head, final=whole)
        except UnicodeDecodeError:
            continue
        return True
    return False
