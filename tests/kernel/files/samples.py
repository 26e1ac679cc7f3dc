"""Files as people send them, and as nobody should."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from PIL import Image


def picture(
    kind: str = "JPEG", mode: str = "RGB", size: tuple[int, int] = (40, 30), **options: object
) -> bytes:
    """A picture with something in it: dark at the left, light at the right."""
    made = io.BytesIO()
    Image.linear_gradient("L").rotate(90).resize(size).convert(mode).save(made, kind, **options)
    return made.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is so large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack("!L", len(data)) + name + data + struct.pack("!L", zlib.crc32(name + data))

    head = struct.pack("!LLBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


def stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (extra, len(data), data)


def pdf(more: Mapping[int, bytes] | None = None, *, catalog: bytes = b"", page: bytes = b"", trailer: bytes = b"",
        pages: int = 1) -> bytes:  # fmt: skip
    """A PDF of empty pages with these additions; objects from 10 on are free."""
    kids = b" ".join([b"3 0 R"] if pages == 1 else [b"%d 0 R" % (1000 + one) for one in range(pages)])
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]%s>>" % page
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        2: b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages),
        **({3: leaf} if pages == 1 else {1000 + one: leaf for one in range(pages)}),
        **(more or {}),
    }
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


TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def archive(entries: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in entries.items():
            target.writestr(name, data)
    return made.getvalue()


def docx(more: Mapping[str, bytes] | None = None) -> bytes:
    return archive({"[Content_Types].xml": TYPES, "word/document.xml": b"<w/>", **(more or {})})


def xlsx(more: Mapping[str, bytes] | None = None) -> bytes:
    return archive({"[Content_Types].xml": TYPES, "xl/workbook.xml": b"<w/>", **(more or {})})


def relation(kind: str, target: str, mode: str = "External") -> bytes:
    place = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return (
        f'<Relationships><Relationship Id="r1" Type="{place}/{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    ).encode()
