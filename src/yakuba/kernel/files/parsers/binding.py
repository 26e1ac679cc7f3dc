"""Several PDFs bound into one."""

from __future__ import annotations

import os
from typing import Final

from pypdf import PdfWriter
from pypdf.generic import NameObject, TextStringObject

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
