"""From the bytes of a file to a document in canonical form. Runs in a child process: no tables, no settings of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem, Problems
from yakuba.services.plan.reading.document import loads, reading_of, to_document
from yakuba.services.plan.reading.schema import Document
from yakuba.services.plan.reading.shapes import Malformed
from yakuba.services.plan.reading.unreadable import Unreadable

MB: Final = 1024 * 1024
#: What one file may read to, as JSON: it is kept with the import and looked at as a whole; the largest plan known makes 1 MB.
MAX_DOCUMENTS: Final = 8 * MB
#: Rows of one document. No write transaction over 2 s: 2,000 rows took 4.3 s to import and 3.1 s to publish on two cores; the
#: largest plan known has 105.
MAX_INITIATIVES: Final = 500
MAX_SHOWN: Final = 20

Form = dict[str, Any]  # Any: one object of a JSON document
# The first bytes by which a file says that it is JSON, behind a byte order mark and white space.
_JSON_START = (b"{", b"[")


def read_bytes(data: bytes, file_name: str, code: str, name: str) -> list[Form]:
    """The documents inside a file: a plan with its earlier years and former plans, or one per edition for a `yakuba-plan/1` export.

    Raises :class:`Problem` in Japanese for a file that cannot be read, or that holds another municipality's plan.
    """
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in _JSON_START:
        return _bounded([_own(document, code, name) for document in _loaded(data)])
    from yakuba.services.plan.reading import read_documents  # only the child process pays for its patterns

    try:
        readings = read_documents(data, file_name)
    except Unreadable as unreadable:
        raise Problem(unreadable.code, unreadable.message, field="file", found=file_name) from unreadable
    return _bounded([to_document(reading, code, name) for reading in readings])


def _bounded(documents: list[Form]) -> list[Form]:
    """The documents, once a draft can take them. Raises :class:`Problems`, each naming its row."""
    problems: list[Problem] = []
    for document in documents:
        forms: list[Form] = document["initiatives"]
        if len(forms) > MAX_INITIATIVES:
            message = _("取組が%(found)s件あります。%(expected)s件までの文書に分けてください。")
            shown = {"found": f"{len(forms):,}", "expected": f"{MAX_INITIATIVES:,}"}
            problems.append(_problem("too_many", message % shown, len(forms), MAX_INITIATIVES))
        problems += [
            _problem(
                "too_long",
                _("%(where)sが長すぎます（%(found)s文字）。%(expected)s文字までにしてください。")
                % {"where": where, "found": f"{len(text):,}", "expected": f"{most:,}"},
                len(text),
                most,
            )
            for where, text, most in _texts(document)
            if len(text) > most
        ]
    if problems:
        raise problems[0] if len(problems) == 1 else Problems(problems[:MAX_SHOWN])
    size = sum(len(json.dumps(document, ensure_ascii=False).encode()) for document in documents)
    if size > MAX_DOCUMENTS:
        message = _(
            "読み取った内容が多すぎます（%(found)sMB）。%(expected)sMBまでです。年度や部門ごとのファイルに分けてください。"
        )
        shown = {"found": f"{-(-size // MB):,}", "expected": f"{MAX_DOCUMENTS // MB:,}"}
        problems.append(_problem("too_large", message % shown, size, MAX_DOCUMENTS))
        raise problems[0]
    return documents


def _problem(code: str, message: str, found: int, most: int) -> Problem:
    return Problem(code, message, field="file", found=str(found), expected=str(most))


def _texts(document: Form) -> Iterator[tuple[str, str, int]]:
    """The texts that a draft keeps in columns: where each stands, and how long it may be (the models' own bounds)."""
    yield _("計画の名前"), document["plan"]["title"], 300
    yield _("版の名前"), document["plan"]["edition"] or "", 60
    for node in document["nodes"]:
        yield _("体系の名称「%s」") % node["title"][:20], node["title"], 300
    for form in document["initiatives"]:
        row = _row(form)
        yield _("%sの番号") % row, form["number"], 40
        yield _("%sの取組名") % row, form["title"], 300
        yield _("%sの進捗状況") % row, form["progress"] or "", 60
        for office in form["offices"]:
            yield _("%sの担当") % row, office["name"], 200
        for indicator in form["indicators"]:
            yield _("%sの指標の番号") % row, indicator["number"] or "", 20
            yield _("%sの指標名") % row, indicator["name"], 500
            yield _("%sの指標の単位") % row, indicator["unit"] or "", 40
            for value in indicator["values"]:
                yield _("%sの指標の値") % row, value["raw"], 2000
                yield _("%sの指標の値の語") % row, value["state"] or "", 60


def _row(form: Form) -> str:
    """A row for a person: its number, and the line it was read on."""
    name = _("取組%s") % form["number"][:20]
    return (
        _("%(line)s行目（%(name)s）") % {"line": form["source"]["line"], "name": name}
        if form["source"]
        else name
    )


def read_path(path: str, file_name: str, code: str, name: str) -> list[Form]:
    """The documents inside a file on disk; see :func:`read_bytes`."""
    return read_bytes(Path(path).read_bytes(), file_name, code, name)


def printed(
    path: str, file_name: str
) -> list[list[Any]]:  # Any: a line, its cells and its part, as JSON carries them
    """What a file on disk prints, for showing it beside a reading: line, cells and part of each block; nothing for a file that is unreadable."""
    from yakuba.services.plan.reading.containers import open_paper  # as above

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
