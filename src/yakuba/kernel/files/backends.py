"""Where bytes lie: one contract, kept by a folder here and by an object store where a city has one."""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from yakuba.kernel.dates import clock

CHUNK: Final = 1024 * 1024
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class Backend(Protocol):
    """Bytes under their SHA-256 (64 hexadecimal digits, small letters). Nothing is ever overwritten with other bytes."""

    def put(self, stream: BinaryIO) -> str:
        """Keep the stream's bytes durably and return their digest. Putting them again makes them young again."""
        ...

    def open(self, digest: str) -> BinaryIO:
        """A seekable stream of the bytes. FileNotFoundError when there are none; ValueError for what is no digest."""
        ...

    def touch(self, digest: str) -> bool:
        """Make kept bytes young again, so that no sweep takes them; False when there are none."""
        ...

    def kept(self) -> Iterator[str]:
        """All digests, in no order."""
        ...

    def remove(self, digest: str, *, before: dt.datetime, unless: Callable[[], bool]) -> bool:
        """Remove bytes last put or touched before a moment, ``unless`` (asked at the last possible moment) says no."""
        ...


@dataclass(frozen=True)
class FolderBackend:
    """A folder: ``ab/cdef…``, files readable by their owner alone.

    A write goes to a temporary file beside, is synced, renamed, and the folder synced: after :meth:`put` a power cut loses
    nothing, before it nothing is visible. A lock file keeps a sweep from taking bytes that are being put again.
    """

    root: Path

    def put(self, stream: BinaryIO) -> str:
        self.root.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        descriptor, name = tempfile.mkstemp(dir=self.root, prefix="incoming-")
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as target:
                while block := stream.read(CHUNK):
                    digest.update(block)
                    target.write(block)
                target.flush()
                os.fsync(target.fileno())
            found = digest.hexdigest()
            with self._lock(fcntl.LOCK_SH):
                if not self._refresh(found):
                    path = self._path(found)
                    path.parent.mkdir(exist_ok=True)
                    temporary.replace(path)
                    self._refresh(found)
                    _sync_folder(path.parent)
                    _sync_folder(self.root)
        finally:
            temporary.unlink(missing_ok=True)
        return found

    def open(self, digest: str) -> BinaryIO:
        return self._path(digest).open("rb")

    def touch(self, digest: str) -> bool:
        with self._lock(fcntl.LOCK_SH):
            return self._refresh(digest)

    def kept(self) -> Iterator[str]:
        for path in self.root.glob("??/*"):
            digest = path.parent.name + path.name
            if _DIGEST.fullmatch(digest):
                yield digest

    def remove(self, digest: str, *, before: dt.datetime, unless: Callable[[], bool]) -> bool:
        path = self._path(digest)
        with self._lock(fcntl.LOCK_EX):
            try:
                changed = path.stat().st_mtime
            except FileNotFoundError:
                return False
            if changed >= before.timestamp() or unless():
                return False
            path.unlink()
            return True

    def remove_remains(self, before: dt.datetime) -> int:
        """Remove what writers left that were killed before a moment; how many."""
        count = 0
        for path in self.root.glob("incoming-*"):
            try:
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()
                    count += 1
            except FileNotFoundError:  # its writer finished just now
                continue
        return count

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"no SHA-256: {digest[:80]!r}")
        return self.root / digest[:2] / digest[2:]

    def _refresh(self, digest: str) -> bool:
        moment = clock.now().timestamp()
        try:
            os.utime(self._path(digest), (moment, moment))
        except FileNotFoundError:
            return False
        return True

    @contextmanager
    def _lock(self, how: int) -> Iterator[None]:
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("ab") as file:
            fcntl.flock(file, how)
            yield


def _sync_folder(path: Path) -> None:
    """A rename is durable once its folder is."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
