"""Bytes of a text document to text: which encoding it is in, or why it cannot be told."""

from __future__ import annotations

import codecs
import re
from typing import Final

from yakuba.services.plan.reading.unreadable import Unreadable

#: 50 MiB. Callers should look at the size of the file before they read it into memory.
MAX_BYTES: Final = 50 * 1024 * 1024

#: What files of other kinds begin with, and what a person calls them.
_OTHER_KINDS: Final = (
    (b"PK\x03\x04", "ZIP形式(Word、Excelなどを含む)のファイル"),
    (b"PK\x05\x06", "空のZIPファイル"),
    (b"%PDF", "PDFファイル"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "古い形式のWord・Excelファイル"),
    (b"\x89PNG", "画像(PNG)"),
    (b"\xff\xd8\xff", "画像(JPEG)"),
    (b"GIF8", "画像(GIF)"),
    (b"\x1f\x8b", "gzip形式の圧縮ファイル"),
    (b"7z\xbc\xaf\x27\x1c", "7z形式の圧縮ファイル"),
    (b"Rar!", "RAR形式の圧縮ファイル"),
    (b"{\\rtf", "リッチテキスト(RTF)"),
    (b"\x7fELF", "実行ファイル"),
    (b"MZ\x90", "実行ファイル"),
    (b"SQLite format 3", "SQLiteのデータベース"),
)
_BOMS: Final = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UTF32_BOMS: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_EXPECTED: Final = "UTF-8、UTF-16またはShift_JIS(CP932)のテキスト(TXT、TSV、CSV)を指定してください。"

_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
_HALF_KATAKANA = re.compile(r"[\uff61-\uff9f]")
_HIRAGANA = re.compile(r"[\u3041-\u3096]")
#: More than one control character in this many makes a file binary; a stray one is a slip of the text tool.
_CONTROLS_ONE_IN: Final = 1000
#: So many letters tell which language a text is in.
_SAMPLE: Final = 200_000


def decode(data: bytes) -> str:
    """The text of `data`, without a byte order mark. Raises `Unreadable`."""
    if not data:
        raise Unreadable("empty", "ファイルが空です(0バイト)。" + _EXPECTED)
    if len(data) > MAX_BYTES:
        raise Unreadable(
            "too-large",
            f"ファイルが大きすぎます({len(data):,}バイト)。{MAX_BYTES:,}バイト(50MB)までのファイルを指定してください。",
        )
    for magic, kind in _OTHER_KINDS:
        if data.startswith(magic):
            raise Unreadable("not-text", f"テキストではありません。{kind}です。" + _EXPECTED)
    text = _decoded(data)
    if not text or text.isspace():
        raise Unreadable("empty", "ファイルに文字がありません(空白だけです)。" + _EXPECTED)
    nul = text.find("\0")
    if nul >= 0:
        raise Unreadable("nul-bytes", f"{_line_of(text, nul)}行目にNUL文字(0x00)があります。" + _EXPECTED)
    controls = sum(1 for _ in _CONTROL.finditer(text))
    if controls * _CONTROLS_ONE_IN > len(text):
        raise Unreadable("not-text", f"制御文字が{controls:,}個あり、テキストではありません。" + _EXPECTED)
    return text


def _decoded(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF8):
        return _strict(data[3:], "utf-8", "UTF-8")
    if data.startswith(_UTF32_BOMS):
        raise Unreadable("encoding", "文字コードがUTF-32です。" + _EXPECTED)
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _strict(data[2:], name, "UTF-16")
    nul = data.find(b"\0")
    if nul >= 0:
        line = data.count(b"\n", 0, nul) + 1
        raise Unreadable("nul-bytes", f"{line}行目にNUL文字(0x00)があります。" + _EXPECTED)
    if data.isascii():
        # Seven bits with escape sequences is how mail and old hosts wrote Japanese.
        if b"\x1b$" in data:
            return _strict(data, "iso2022_jp_ext", "ISO-2022-JP")
        return data.decode("ascii")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3 and error.reason == "unexpected end of data":
            raise _cut_short("UTF-8") from None
        place = error.start
    return _japanese_eight_bit(data, place)


def _strict(data: bytes, codec: str, label: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        if error.end >= len(data) and error.reason in {"unexpected end of data", "truncated data"}:
            raise _cut_short(label) from None
        raise Unreadable(
            "encoding", f"{label}として読めないバイトが{error.start:,}バイト目にあります。" + _EXPECTED
        ) from None


def _cut_short(label: str) -> Unreadable:
    return Unreadable(
        "truncated",
        f"ファイルが文字の途中で終わっています({label})。途中で切れていない、元のファイルを指定してください。",
    )


def _japanese_eight_bit(data: bytes, place: int) -> str:
    """Shift_JIS where the bytes leave no doubt of it; EUC-JP is named and refused.

    EUC-JP kana are, read as Shift_JIS, runs of half-width katakana without any hiragana. Offices' EUC-JP files hold characters
    that the codec does not know (①, ㈱), so reading them would lose or guess some: saving them anew is sure.
    """
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 2 and _plausible(data[: error.start].decode("cp932", "ignore")):
            raise _cut_short("Shift_JIS") from None
        text = ""
    if _plausible(text):
        return text
    if _plausible(data.decode("euc_jp", "ignore")):
        raise Unreadable(
            "encoding",
            "文字コードがEUC-JPです。UTF-8またはShift_JIS(CP932)で保存し直してください。" + _EXPECTED,
        )
    raise Unreadable(
        "encoding",
        f"文字コードが分かりません({place + 1:,}バイト目から、日本語の文字コードとして読めません)。"
        + _EXPECTED,
    )


def _plausible(text: str) -> bool:
    """Whether a text looks like Japanese prose: hiragana, and few half-width katakana beside it."""
    sample = text[:_SAMPLE]
    return len(_HIRAGANA.findall(sample)) > 2 * len(_HALF_KATAKANA.findall(sample))


def _line_of(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
