"""What pdfminer's parsers may take in: it makes parsers of its own for pages, object streams and character maps.

They are bounded where they are defined, as none of them can be handed in. What is bounded: lists inside lists, things that wait for
an operator, and tokens that are copied again for each of their pieces.
"""

from __future__ import annotations

from typing import Any, Final

from pdfminer.psparser import PSBaseParser, PSStackParser

#: Lists and dictionaries inside each other; a city's file has a handful.
MAX_DEPTH: Final = 256
#: Things in one list, and things that wait for what is to be done with them.
MAX_WAITING: Final = 500_000
#: Bytes that putting tokens together may copy in one parser.
MAX_COPIED: Final = 1024 * 1024 * 1024


class TooMuch(Exception):
    """A page, or a file, that holds more than it may."""


_start_type = PSStackParser.start_type
_push = PSStackParser.push
_parse_string = PSBaseParser._parse_string  # noqa: SLF001 – there is no other place
_fillbuf = PSBaseParser.fillbuf


def _bounded_start(self: PSStackParser[Any], pos: int, type: str) -> None:  # noqa: A002 – its name there  # Any: pdfminer has no types
    if len(self.context) >= MAX_DEPTH:
        raise TooMuch
    _start_type(self, pos, type)


def _bounded_push(self: PSStackParser[Any], *objs: Any) -> None:  # Any: pdfminer has no types
    if len(self.curstack) >= MAX_WAITING:
        raise TooMuch
    _push(self, *objs)


def _copied(parser: PSBaseParser) -> None:
    count = getattr(parser, "copied", 0) + len(getattr(parser, "_curtoken", b""))
    if count > MAX_COPIED:
        raise TooMuch
    parser.copied = count  # type: ignore[attr-defined]  # a count of ours on its object


def _bounded_string(self: PSBaseParser, s: bytes, i: int) -> int:
    _copied(self)
    return _parse_string(self, s, i)


def _bounded_fill(self: PSBaseParser) -> bool:
    if self.charpos >= len(self.buf):
        _copied(self)
    return _fillbuf(self)


def install() -> None:
    """Bind pdfminer's parsers; to do so again changes nothing."""
    PSStackParser.start_type = _bounded_start  # type: ignore[method-assign]  # pdfminer makes its parsers itself
    PSStackParser.push = _bounded_push  # type: ignore[method-assign]  # pdfminer makes its parsers itself
    PSBaseParser._parse_string = _bounded_string  # type: ignore[method-assign]  # pdfminer makes its parsers itself  # noqa: SLF001
    PSBaseParser.fillbuf = _bounded_fill  # type: ignore[method-assign]  # pdfminer makes its parsers itself
