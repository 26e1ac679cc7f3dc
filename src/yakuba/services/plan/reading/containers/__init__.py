"""Containers: bytes of a file to the one block model (:mod:`yakuba.services.plan.reading.blocks`)."""

from __future__ import annotations

from pathlib import PureWindowsPath
from typing import Final

from yakuba.services.plan.reading.blocks import Paper

from . import docx, pdf, text, xlsx, zipped

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")


def open_paper(data: bytes, name: str) -> Paper:
    """What is printed in a file, by the kind that its first bytes show. Raises `Unreadable`.

    `name` is the file's name as it came; only its last part is kept. Time and memory are bounded by the containers' limits.
    """
    # Browsers and operators may hand over a whole path; only the name is the document's.
    file = PureWindowsPath(name).name or "document"
    if data.startswith(zipped.OLE):
        raise zipped.refuse_ole(data)
    if data.startswith(_ZIP):
        return _office(zipped.Package(data), file)
    if pdf.looks_like(data):
        return pdf.read(data, file)
    return text.read(data, file)


def _office(package: zipped.Package, file: str) -> Paper:
    """Which office program a package belongs to, its main part says."""
    main = package.main
    if main.lower().startswith("xl/"):
        return xlsx.read_package(package, main, file)
    if main.lower().startswith("word/"):
        return docx.read_package(package, main, file)
    raise package.refusal()
