"""Several PDFs bound into one."""

from __future__ import annotations

import os
from typing import Final

from pypdf import PageObject, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

from yakuba.kernel.files.parsers.pdf import opened
from yakuba.kernel.files.wire import Wire, bare

_PRODUCER: Final = "Yakuba"


@bare
def bind(source: int, sizes: list[int], titles: list[str], target: int) -> Wire:
    """Writes to ``target`` one PDF of those that stand one behind the other in ``source``, ``sizes`` bytes each.

    Answers ``pages``, or the number (from 0) of the first part that cannot be bound as ``fault``. The same parts give the same bytes.
    """
    writer = PdfWriter()
    with os.fdopen(source, "rb", closefd=False) as stream:
        for number, (size, title) in enumerate(zip(sizes, titles, strict=True)):
            try:
                reader = opened(stream.read(size))
                if not reader.pages:
                    return {"fault": number}
                writer.append(reader, outline_item=title, import_outline=False)
            except MemoryError:
                raise
            except Exception:  # noqa: BLE001 – whatever pypdf raises: the part is named, and nothing is bound
                return {"fault": number}
    writer.metadata = {NameObject("/Producer"): TextStringObject(_PRODUCER)}
    writer.root_object[NameObject("/Lang")] = TextStringObject("ja-JP")
    writer.page_mode = "/UseOutlines"
    pages = len(writer.pages)
    with os.fdopen(target, "wb", closefd=False) as made:
        writer.write(made)
    return {"pages": pages}


@bare
def bind_behind(source: int, sizes: list[int], titles: list[str], target: int) -> Wire:
    """As :func:`bind`, for a first part of ours, whose structure for screen readers stays; the pages behind it are numbered in the whole.

    The claim to be PDF/UA goes: it would not be true of the others. What a page of theirs says of its place in a structure goes too.
    """
    with os.fdopen(source, "rb", closefd=False) as stream:
        writer = PdfWriter(clone_from=opened(stream.read(sizes[0])))
        own = len(writer.pages)
        for number, (size, title) in enumerate(zip(sizes[1:], titles[1:], strict=True), start=1):
            try:
                reader = opened(stream.read(size))
                if not reader.pages:
                    return {"fault": number}
                writer.append(reader, outline_item=title, import_outline=False)
            except MemoryError:
                raise
            except Exception:  # noqa: BLE001 – as above
                return {"fault": number}
    total = len(writer.pages)
    for place in range(own, total):
        page = writer.pages[place]
        page.pop("/StructParents", None)
        page.transfer_rotation_to_content()
        page.merge_page(_stamp(page, f"{place + 1} / {total}"))
    writer.root_object.pop("/Metadata", None)
    with os.fdopen(target, "wb", closefd=False) as made:
        writer.write(made)
    return {"pages": total}


def _stamp(page: PageObject, text: str) -> PageObject:
    """A sheet as large as the page with a number in the middle of its foot, on a white ground; digits only, so Helvetica will do."""
    box = page.cropbox
    stamp = PageObject.create_blank_page(width=box.width, height=box.height)
    stamp.mediabox = stamp.cropbox = box
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    stamp[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/Yakuba"): font})}
    )
    # A digit of Helvetica is 0.556 em wide; slash and spaces less.
    width = 5.1 * len(text)
    left, foot = float(box.left) + (float(box.width) - width) / 2, float(box.bottom) + 16
    drawn = DecodedStreamObject()
    drawn.set_data(
        (
            f"/Artifact BMC q 1 1 1 rg {left - 4:.1f} {foot - 4:.1f} {width + 8:.1f} 14 re f 0 0 0 rg "
            f"BT /Yakuba 9 Tf {left:.1f} {foot:.1f} Td ({text}) Tj ET Q EMC"
        ).encode("ascii")
    )
    stamp[NameObject("/Contents")] = drawn
    return stamp
