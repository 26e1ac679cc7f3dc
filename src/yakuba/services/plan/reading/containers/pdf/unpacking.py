"""A stream's filters, one after the other, each within the bytes that its document may still unpack to."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any, Final

from pdfminer.ascii85 import ascii85decode, asciihexdecode
from pdfminer.lzw import lzwdecode
from pdfminer.pdftypes import resolve1
from pdfminer.runlength import rldecode
from pdfminer.utils import apply_png_predictor, apply_tiff_predictor

from yakuba.services.plan.reading.unreadable import Unreadable

#: Bytes that one stream, and all streams that are looked at, may unpack to. Pictures are never unpacked.
MAX_STREAM: Final = 64 * 1024 * 1024
MAX_UNPACKED: Final = 300 * 1024 * 1024
#: Bytes of one row of a predictor's table, and of all tables: each byte is a step here.
MAX_ROW: Final = 1024 * 1024
MAX_PREDICTED: Final = 12 * 1024 * 1024
#: How many filters a stream may have behind each other; two are usual.
MAX_FILTERS: Final = 8
AGAIN: Final = "元のソフトから書き出し直したPDFを指定してください。"

#: How many times its size a stream of these filters unpacks to at most (LZW: in any file that is none to fear).
_SWELLS: Final = {"LZWDecode": 100, "LZW": 100, "RunLengthDecode": 64, "RL": 64}
#: Filters of pictures; what is read here is never one.
_PICTURES: Final = frozenset({"CCITTFaxDecode", "CCF"})
_AS_IT_IS: Final = frozenset({"DCTDecode", "DCT", "JPXDecode", "JBIG2Decode"})
_CHUNK: Final = 64 * 1024
_PIECE: Final = 1024 * 1024


class Budget:
    """What one document may still unpack to, in bytes."""

    def __init__(self) -> None:
        self.left = MAX_UNPACKED
        self.predicted = MAX_PREDICTED

    def spend(self, count: int) -> None:
        """Raises `Unreadable` when nothing is left."""
        self.left -= count
        if self.left < 0:
            raise bomb()

    def predict(self, count: int) -> None:
        """The same for tables of a predictor."""
        self.predicted -= count
        if self.predicted < 0:
            raise Unreadable(
                "bomb",
                "PDFの中身の詰め方が異常で、展開に時間がかかりすぎるため、読むのをやめました。" + AGAIN,
            )


def bomb() -> Unreadable:
    """What is said of a file that unpacks to too much."""
    return Unreadable(
        "bomb", f"PDFの中身が、展開すると大きすぎます({MAX_UNPACKED // 1024 // 1024}MBを超えます)。" + AGAIN
    )


def unpacked(
    data: bytes, filters: Sequence[tuple[Any, Any]], budget: Budget
) -> bytes:  # Any: pdfminer has no types
    """The bytes behind a stream's filters (ISO 32000-1, 7.4). Raises `Unreadable` beyond the budget, ValueError for a filter that nobody knows."""
    if len(filters) > MAX_FILTERS:
        raise bomb()
    for kind, given in filters:
        name = str(getattr(kind, "name", kind))
        params = given if isinstance(given, dict) else {}
        if name in _PICTURES or len(data) * _SWELLS.get(name, 0) > MAX_STREAM or _row(params) > MAX_ROW:
            raise bomb()
        data = _through(name, data)
        budget.spend(len(data))
        if len(data) > MAX_STREAM:
            raise bomb()
        data = _predicted(data, params, budget)
    return data


def _through(name: str, data: bytes) -> bytes:
    if name in {"FlateDecode", "Fl"}:
        return inflated(data)
    if name in {"LZWDecode", "LZW"}:
        return lzwdecode(data)
    if name in {"ASCII85Decode", "A85"}:
        return ascii85decode(data)
    if name in {"ASCIIHexDecode", "AHx"}:
        return asciihexdecode(data)
    if name in {"RunLengthDecode", "RL"}:
        return rldecode(data)
    if name in _AS_IT_IS:
        return data
    raise ValueError(f"unknown filter {name}")


def _predicted(data: bytes, params: dict[str, Any], budget: Budget) -> bytes:  # Any: pdfminer has no types
    kind = resolve1(params.get("Predictor", 1))
    if kind == 1:
        return data
    budget.predict(len(data))
    colors, columns, bits = (
        int(resolve1(params.get(key, otherwise)))
        for key, otherwise in (("Colors", 1), ("Columns", 1), ("BitsPerComponent", 8))
    )
    if kind == 2:
        return apply_tiff_predictor(colors, columns, bits, data)
    if kind >= 10:
        return apply_png_predictor(kind, colors, columns, bits, data)
    raise ValueError("unknown predictor")


def _row(params: dict[str, Any]) -> int:  # Any: pdfminer has no types
    """The bytes of a predictor's row, as the file claims."""
    sizes = [resolve1(params.get(name, 1)) for name in ("Columns", "Colors")]
    return sizes[0] * sizes[1] if all(isinstance(size, int) for size in sizes) else 0


def inflated(data: bytes) -> bytes:
    """What Flate data unpacks to; of damaged data, what stands before the damage. Raises `Unreadable` beyond a stream's bound."""
    unpacker, kept = zlib.decompressobj(), bytearray()
    for at in range(0, len(data), _CHUNK):
        chunk, before, length = data[at : at + _CHUNK], unpacker.copy(), len(kept)
        try:
            _feed(unpacker, chunk, kept)
        except zlib.error:
            # Somewhere in here it is damaged: once more, byte by byte.
            del kept[length:]
            try:
                for place in range(len(chunk)):
                    _feed(before, chunk[place : place + 1], kept)
            except zlib.error:
                break
        if unpacker.eof:
            break
    return bytes(kept)


def _feed(unpacker: Any, chunk: bytes, kept: bytearray) -> None:  # Any: zlib's class has no name
    while True:
        piece = unpacker.decompress(chunk, _PIECE)
        kept += piece
        if len(kept) > MAX_STREAM:
            raise bomb()
        chunk = unpacker.unconsumed_tail
        if unpacker.eof or (not chunk and len(piece) < _PIECE):
            return
