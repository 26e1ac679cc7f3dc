"""What a file may be before any parser opens it (MECHANISMS §8)."""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import dataclass
from typing import BinaryIO, Final

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.files.content import HEAD, is_zip

MB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds. ``ratio`` is unpacked to packed size of a whole archive; sizes are bytes."""

    size: int = 50 * MB
    unpacked: int = 500 * MB
    ratio: int = 100
    entries: int = 5_000
    directory: int = 4 * MB


LIMITS: Final = Limits()

_END: Final = b"PK\x05\x06"
_END_SIZE: Final = 22
_NESTED: Final = (
    ".zip",
    ".xlsx",
    ".xlsm",
    ".docx",
    ".pptx",
    ".jar",
    ".gz",
    ".bz2",
    ".xz",
    ".7z",
    ".rar",
    ".tar",
    ".lzh",
)
# Where Word and PowerPoint keep the table behind a chart; no parser of ours opens it.
_EMBEDDED: Final = ("word/embeddings/", "xl/embeddings/", "ppt/embeddings/")


def check(stream: BinaryIO, limits: Limits = LIMITS) -> int:
    """The size in bytes of a seekable stream that keeps the limits; the stream is left at its beginning.

    Raises :class:`Problem`. An archive is judged by its directory alone: what its entries really unpack to is bounded by the
    sandbox that the parser runs in.
    """
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if size == 0:
        raise Problem(
            "file_empty", _("ファイルが空です（0バイト）。中身のあるファイルを選んでください。"), found="0"
        )
    if size > limits.size:
        raise Problem(
            "file_too_large",
            _("ファイルが大きすぎます（%(found)s）。%(most)sまでにしてください。")
            % {"found": in_mb(size), "most": in_mb(limits.size)},
            found=str(size),
            expected=str(limits.size),
        )
    head = stream.read(HEAD)
    stream.seek(0)
    if is_zip(head):
        _check_archive(stream, size, limits)
        stream.seek(0)
    return size


def in_mb(size: int) -> str:
    """A size for a person, rounded up so that what is refused never reads as what is allowed."""
    return f"{-(-size * 10 // MB) / 10:g}MB"


def _check_archive(stream: BinaryIO, size: int, limits: Limits) -> None:
    _check_directory(stream, size, limits)
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as exc:
        raise _broken() from exc
    if len(entries) > limits.entries:
        raise _too_many(len(entries), limits)
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    if (
        packed > size
    ):  # entries that overlap: the same packed bytes are counted, and would be unpacked, many times
        raise _bomb(_("項目が重なっています"))
    if unpacked > limits.unpacked:
        raise _bomb(_("展開すると%sになります") % in_mb(unpacked))
    if unpacked > limits.ratio * size:
        raise _bomb(_("展開すると%d倍になります") % (unpacked // size))
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise Problem(
                "file_encrypted",
                _("パスワードが付いたファイルは読めません。パスワードを外してから選んでください。"),
            )
        if entry.filename.lower().endswith(_NESTED) and not entry.filename.startswith(_EMBEDDED):
            raise Problem(
                "file_nested",
                _("圧縮ファイルの中に圧縮ファイル「%s」があります。取り出してから選んでください。")
                % entry.filename[-80:],
                found=entry.filename[-80:],
            )


def _check_directory(stream: BinaryIO, size: int, limits: Limits) -> None:
    """Look at the end record ourselves: zipfile would first build an object for each of a million entries."""
    tail = min(size, _END_SIZE + 0xFFFF)
    stream.seek(size - tail)
    data = stream.read(tail)
    at = data.rfind(_END)
    if at < 0 or len(data) - at < _END_SIZE:
        raise _broken()
    entries, directory = struct.unpack_from("<HI", data, at + 10)
    if entries == 0xFFFF or directory == 0xFFFFFFFF:  # ZIP64: more than any file within our limits needs
        raise _too_many(entries, limits)
    if entries > limits.entries:
        raise _too_many(entries, limits)
    if directory > limits.directory:
        raise _bomb(_("目次が大きすぎます"))


def _broken() -> Problem:
    return Problem(
        "file_broken", _("ファイルが壊れているか、途中で切れています。元のファイルを選び直してください。")
    )


def _too_many(found: int, limits: Limits) -> Problem:
    return Problem(
        "file_entries",
        _("圧縮ファイルの中の項目が多すぎます。%d個までにしてください。") % limits.entries,
        found=str(found),
        expected=str(limits.entries),
    )


def _bomb(found: str) -> Problem:
    return Problem(
        "file_bomb",
        _("圧縮の仕方が普通ではないため、開きません（%s）。保存し直したファイルを選んでください。") % found,
        found=found,
    )
