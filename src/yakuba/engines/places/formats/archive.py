"""Members of a ZIP archive, by the names that Japanese programs give them. Read in the sandbox, after its limits were checked."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Final

from django.utils.translation import gettext as _

from yakuba.kernel.files.wire import Fault

_UTF8: Final = 0x800
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    LookupError,
    struct.error,
)


@contextmanager
def members(path: str) -> Iterator[Members]:
    """The archive's files by path. Raises :class:`Fault`."""
    try:
        archive = zipfile.ZipFile(path)
    except _UNREADABLE as exc:
        raise _broken() from exc
    with archive:
        yield Members(archive)


def _broken() -> Fault:
    return Fault(
        "archive_broken", _("圧縮ファイルを開けません。壊れていないか確かめて、圧縮し直してください。")
    )


class Members:
    """Files of an archive; the folders and helper files of macOS are left out."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._entries: dict[PurePosixPath, zipfile.ZipInfo] = {}
        for entry in archive.infolist():
            path = PurePosixPath(_name(entry).replace("\\", "/"))
            if not entry.filename or entry.filename.endswith("/") or path.parts[:1] == ("__MACOSX",):
                continue
            if path in self._entries:
                raise Fault(
                    "archive_doubled",
                    _("圧縮ファイルに「%s」が2つあります。名前を変えて、圧縮し直してください。") % path,
                )
            self._entries[path] = entry

    def paths(self) -> list[PurePosixPath]:
        """All of them but the helper files of macOS, in the order of their names."""
        return sorted(path for path in self._entries if not path.name.startswith("._"))

    def ending(self, suffix: str) -> list[PurePosixPath]:
        """Those whose names end so, whatever their case."""
        return [
            path for path in self._entries if path.suffix.lower() == suffix and not path.name.startswith("._")
        ]

    def beside(self, path: PurePosixPath, suffix: str) -> bytes | None:
        """The file of the same name with another ending; None where there is none."""
        for other in self.ending(suffix):
            if str(other.with_suffix("")).casefold() == str(path.with_suffix("")).casefold():
                return self.read(other)
        return None

    def read(self, path: PurePosixPath) -> bytes:
        """A file's bytes. Raises :class:`Fault`."""
        try:
            return self._archive.read(self._entries[path])
        except _UNREADABLE as exc:
            raise _broken() from exc


def _name(entry: zipfile.ZipInfo) -> str:
    """Windows writes CP932 and does not say so; zipfile reads that as the characters of the first PC."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("cp932")
    except UnicodeError:
        return entry.filename
