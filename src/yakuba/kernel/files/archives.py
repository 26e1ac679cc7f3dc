"""What an archive may be before any parser opens it, told without messages: whoever asks says it in words of their own."""

from __future__ import annotations

import struct
import zipfile
from dataclasses import dataclass
from typing import BinaryIO, Final, Literal

MB: Final = 1024 * 1024
#: What zipfile raises for an archive whose directory it cannot read.
UNREADABLE_ZIP: Final = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds. ``ratio`` is unpacked to packed size of a whole archive; sizes are bytes."""

    size: int = 50 * MB
    unpacked: int = 500 * MB
    ratio: int = 100
    entries: int = 5_000
    directory: int = 4 * MB


LIMITS: Final = Limits()

Fault = Literal["broken", "entries", "overlap", "unpacked", "ratio", "directory", "encrypted", "nested"]

_END: Final = b"PK\x05\x06"
_END_SIZE: Final = 22
# What ZIP64 puts straight before the end record; zipfile then believes the counts it points to, not the record's.
_LOCATOR: Final = b"PK\x06\x07"
_LOCATOR_SIZE: Final = 20
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


class Refused(Exception):
    """An archive that keeps no limit: which one, and what was found (a number, or the end of an entry's name)."""

    def __init__(self, fault: Fault, found: int = 0, name: str = "") -> None:
        super().__init__(fault, found, name)
        self.fault: Fault = fault
        self.found = found
        self.name = name


def check_archive(stream: BinaryIO, size: int, limits: Limits) -> None:
    """Looks at an archive of ``size`` bytes by its directory alone. Raises :class:`Refused`."""
    _check_directory(stream, size, limits)
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
    except UNREADABLE_ZIP as exc:
        raise Refused("broken") from exc
    if len(entries) > limits.entries:
        raise Refused("entries", len(entries))
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    if (
        packed > size
    ):  # entries that overlap: the same packed bytes are counted, and would be unpacked, many times
        raise Refused("overlap")
    if unpacked > limits.unpacked:
        raise Refused("unpacked", unpacked)
    if unpacked > limits.ratio * size:
        raise Refused("ratio", unpacked // size)
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise Refused("encrypted")
        if entry.filename.lower().endswith(_NESTED) and not entry.filename.startswith(_EMBEDDED):
            raise Refused("nested", name=entry.filename[-80:])


def _check_directory(stream: BinaryIO, size: int, limits: Limits) -> None:
    """Look at the end record ourselves: zipfile would first build an object for each of a million entries."""
    tail = min(size, _LOCATOR_SIZE + _END_SIZE + 0xFFFF)
    stream.seek(size - tail)
    data = stream.read(tail)
    at = data.rfind(_END)
    if at < 0 or len(data) - at < _END_SIZE:
        raise Refused("broken")
    entries, directory = struct.unpack_from("<HI", data, at + 10)
    # ZIP64: more than any file within our limits needs.
    located = data.startswith(_LOCATOR, at - _LOCATOR_SIZE) if at >= _LOCATOR_SIZE else False
    if located or entries == 0xFFFF or directory == 0xFFFFFFFF:
        raise Refused("entries", entries)
    if entries > limits.entries:
        raise Refused("entries", entries)
    if directory > limits.directory:
        raise Refused("directory")
