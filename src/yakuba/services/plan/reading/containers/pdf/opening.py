"""A PDF's bytes to its pages, with every budget that a hostile file would break.

Nothing in a file is executed: scripts, launch actions, embedded files and addresses are never looked at. What the checks here do not
bound (absurd font tables) is bounded by the sandbox that the parser runs in.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef, PDFStream, resolve1

from yakuba.services.plan.reading.containers.decoding import MAX_BYTES
from yakuba.services.plan.reading.unreadable import Unreadable

from . import bounds
from .unpacking import AGAIN, Budget, unpacked

MAX_PAGES: Final = 500
#: How many codes a font's character map may name; a whole Unicode plane has 65,536.
MAX_CODES: Final = 1_000_000

HEAD: Final = 1024  # the mark %PDF may stand so far inside
_TAIL: Final = 4096  # and the mark %%EOF so far before the end
_RANGES: Final = re.compile(rb"begin(?:bf|cid)range(.*?)(?:end(?:bf|cid)range|\Z)", re.DOTALL)
_RANGE: Final = re.compile(
    rb"<\s*([0-9A-Fa-f]{1,16})\s*>\s*<\s*([0-9A-Fa-f]{1,16})\s*>\s*(?:<[^>]*>|\[[^\]]*\]|[0-9]+)"
)
_HOPS: Final = 30  # references that lead to references; more lead in a circle
# A broken file makes the parser complain of every object; what a person needs is said once, by us.
logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
bounds.install()


class _Stream(PDFStream):
    """A stream that refuses to unpack to more than its document may."""

    budget: Budget

    def decode(self) -> None:
        raw = self.rawdata or b""
        if self.decipher and self.objid is not None and self.genno is not None:
            raw = self.decipher(self.objid, self.genno, raw, self.attrs)
        data = unpacked(raw, self.get_filters(), self.budget)
        self.data, self.rawdata = data, None
        if b"begincmap" in data or b"beginbfrange" in data or b"begincidrange" in data:
            _check_codes(data)


class _Parser(PDFParser):
    """Makes streams that keep the budget."""

    # A file without line ends is one line, put together piece by piece.
    BUFSIZ = 64 * 1024

    def __init__(self, stream: io.BytesIO, budget: Budget) -> None:
        super().__init__(stream)
        self.budget = budget

    def do_keyword(self, pos: int, token: Any) -> None:  # Any: pdfminer has no types
        super().do_keyword(pos, token)
        if token is self.KEYWORD_STREAM and self.curstack:
            made = self.curstack[-1][1]
            if type(made) is PDFStream:
                kept = _Stream(made.attrs, made.rawdata or b"", made.decipher)
                kept.budget = self.budget
                self.curstack[-1] = (self.curstack[-1][0], kept)


class _Document(PDFDocument):
    """Follows references to references, and not for ever."""

    def getobj(self, objid: int) -> object:
        found = super().getobj(objid)
        for _ in range(_HOPS):
            if not isinstance(found, PDFObjRef):
                return found
            found = super().getobj(found.objid)
        raise broken()


def open_document(data: bytes) -> PDFDocument:
    """The document of a PDF's bytes. Raises `Unreadable`."""
    if len(data) > MAX_BYTES:
        raise Unreadable(
            "too-large",
            f"ファイルが大きすぎます({len(data):,}バイト)。{MAX_BYTES:,}バイト(50MB)までのPDFを指定してください。",
        )
    if b"%PDF-" not in data[:HEAD]:
        raise Unreadable("not-pdf", "PDFファイルではありません。" + AGAIN)
    if b"%%EOF" not in data.rstrip(b"\0\r\n\t ")[-_TAIL:]:
        raise Unreadable(
            "truncated",
            "PDFファイルが途中で切れています(終わりの印がありません)。元のファイルを指定してください。",
        )
    try:
        return _Document(_Parser(io.BytesIO(data), Budget()))
    except (PDFPasswordIncorrect, PDFEncryptionError):
        raise Unreadable(
            "encrypted",
            "パスワードで保護されたPDFは読めません。パスワードを外して保存し直したPDFを指定してください。",
        ) from None
    except (Unreadable, MemoryError):
        raise
    except Exception:  # noqa: BLE001 – the parser raises whatever a broken file leads it to
        raise broken() from None


def pages_of(document: PDFDocument) -> Iterator[PDFPage]:
    """The pages in order. Raises `Unreadable` for too many of them, and for a broken list of pages."""
    count = 0
    pages = PDFPage.create_pages(document)
    while True:
        try:
            page = next(pages)
        except StopIteration:
            break
        except (Unreadable, MemoryError):
            raise
        except Exception:  # noqa: BLE001 – as above; a page tree that is too deep ends as RecursionError
            raise broken() from None
        count += 1
        if count > MAX_PAGES:
            raise Unreadable(
                "too-many-pages",
                f"ページが多すぎます({MAX_PAGES}ページを超えています)。計画のページだけのPDFに分けてください。",
            )
        yield page
    if not count:
        raise broken()


def acts(document: PDFDocument) -> bool:
    """Whether the document asks for something to be done when it is opened, or carries scripts; nothing of it is ever done."""
    try:
        names = resolve1(document.catalog.get("Names")) or {}
        action = resolve1(document.catalog.get("OpenAction"))
        return (
            "JavaScript" in names or "AA" in document.catalog or (isinstance(action, dict) and "S" in action)
        )
    except Exception:  # noqa: BLE001 – as above; this is a remark and nothing more
        return False


def broken() -> Unreadable:
    """What is said of a file that claims to be a PDF and cannot be followed."""
    return Unreadable("broken", "PDFファイルが壊れていて、ページをたどれません。" + AGAIN)


def check_widths(font: Mapping[str, object]) -> None:
    """Refuses a font that gives widths to billions of letters: the parser would make a row for each. Raises `Unreadable`."""
    codes = 0
    for name in ("W", "W2"):
        found = resolve1(font.get(name))
        run: list[float] = []
        for item in found if isinstance(found, list) else ():
            one = resolve1(item)
            if isinstance(one, int | float):
                run.append(one)
                if len(run) == (3 if name == "W" else 5):
                    codes += max(int(run[1]) - int(run[0]), 0)
                    run = []
            else:
                run = []
    if codes > MAX_CODES:
        raise Unreadable("bomb", "PDFの文字幅の表が異常に大きいため、読むのをやめました。" + AGAIN)


def _check_codes(data: bytes) -> None:
    """Refuses a character map that names billions of codes: the parser would make a row for each."""
    codes = 0
    for section in _RANGES.findall(data):
        codes += sum(max(int(last, 16) - int(first, 16), 0) + 1 for first, last in _RANGE.findall(section))
    if codes > MAX_CODES:
        raise Unreadable("bomb", "PDFの文字の対応表が異常に大きいため、読むのをやめました。" + AGAIN)
