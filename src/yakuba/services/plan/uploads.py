"""The private folder of received documents that nobody has read yet (MECHANISMS §8: an import is read from its temporary file).

Only an accepted document enters the store; what is refused or given up leaves nothing here.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from yakuba.kernel.files import limits

# Longer than the worker may be away over a weekend.
KEPT = dt.timedelta(days=4)
_NAME = re.compile(r"[0-9a-f]{32}")


def folder() -> Path:
    """The folder, made on first use and open to nobody else."""
    path = Path(settings.HOME) / "uploads"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def receive(uploaded: UploadedFile, sender: str) -> str:
    """Put an upload down durably and return the name it has here. Raises :class:`Problem` beyond the limits.

    The name follows from sender and content, so that the same form sent twice names the same file.
    """
    uploaded.seek(0)
    limits.check(uploaded)  # type: ignore[arg-type]  # an uploaded file reads and seeks like any binary stream
    named = hashlib.sha256(sender.encode() + b"\0")
    home = folder()
    temporary = home / f"{os.getpid()}-{id(uploaded)}.part"
    try:
        with temporary.open("xb") as stream:
            temporary.chmod(0o600)
            for chunk in uploaded.chunks():
                named.update(chunk)
                stream.write(chunk)
            stream.flush()
            os.fsync(stream.fileno())
        name = named.hexdigest()[:32]
        temporary.replace(home / name)
    finally:
        temporary.unlink(missing_ok=True)
    return name


def path_of(name: str) -> Path:
    """Where a received file lies. ValueError for what was never a name of ours."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"not an upload: {name!r}")
    return folder() / name


def remove(name: str) -> None:
    """Delete a received file; nothing when it is gone already."""
    if name:
        path_of(name).unlink(missing_ok=True)


def sweep(now: dt.datetime) -> int:
    """Delete what was received days ago and never taken; how many files."""
    before = (now - KEPT).timestamp()
    old = [path for path in folder().iterdir() if path.is_file() and path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
