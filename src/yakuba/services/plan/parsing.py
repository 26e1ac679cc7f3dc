"""From the bytes of a file to a document in canonical form. Runs in a child process: no tables, no settings of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.services.plan.reading import read_documents
from yakuba.services.plan.reading.containers import open_paper
from yakuba.services.plan.reading.document import loads, reading_of, to_document
from yakuba.services.plan.reading.schema import Document
from yakuba.services.plan.reading.shapes import Malformed
from yakuba.services.plan.reading.unreadable import Unreadable

Form = dict[str, Any]  # Any: one object of a JSON document
# The first bytes by which a file says that it is JSON, behind a byte order mark and white space.
_JSON_START = (b"{", b"[")


def read_bytes(data: bytes, file_name: str, code: str, name: str) -> list[Form]:
    """The documents inside a file: a plan with its earlier years and former plans, or one per edition for a `yakuba-plan/1` export.

    Raises :class:`Problem` in Japanese for a file that cannot be read, or that holds another municipality's plan.
    """
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in _JSON_START:
        return [_own(document, code, name) for document in _loaded(data)]
    try:
        readings = read_documents(data, file_name)
    except Unreadable as unreadable:
        raise Problem(unreadable.code, unreadable.message, field="file", found=file_name) from unreadable
    return [to_document(reading, code, name) for reading in readings]


def read_path(path: str, file_name: str, code: str, name: str) -> list[Form]:
    """The documents inside a file on disk; see :func:`read_bytes`."""
    return read_bytes(Path(path).read_bytes(), file_name, code, name)


def printed(path: str, file_name: str) -> list[list[Any]]:
    """What a file on disk prints, for showing it beside a reading: line, cells and part of each block; nothing for a file that is unreadable."""
    try:
        blocks = open_paper(Path(path).read_bytes(), file_name).blocks
    except Unreadable:
        return []
    return [[block.line, list(block.cells), block.part] for block in blocks]


def _loaded(data: bytes) -> tuple[Document, ...]:
    try:
        return loads(data)
    except Malformed as malformed:
        raise Problem("malformed", str(malformed), field="file", found=malformed.found) from malformed


def _own(document: Document, code: str, name: str) -> Form:
    if document.municipality.code != code:
        raise Problem(
            "other_municipality",
            _("この文書は %(found)s（%(name)s）の計画です。%(expected)s には取り込めません。")
            % {"found": document.municipality.code, "name": document.municipality.name, "expected": code},
            field="file",
            found=document.municipality.code,
            expected=code,
        )
    # Where nobody here knows the municipality yet, the document says what it is called.
    return to_document(reading_of(document), code, document.municipality.name if name == code else name)
