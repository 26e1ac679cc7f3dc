"""What is nobody else's business: the home itself, and the signing key, given by the operator or made once and kept there."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

_FOLDERS = ("cache",)
_FILES = ("yakuba.sqlite3", "yakuba.sqlite3-wal", "yakuba.sqlite3-shm")


def close(home: Path) -> Path:
    """The home, made or repaired: its folder is its owner's alone, and so are database and cache.

    Other people's folders and shared ones (``/tmp``) stay as they are. OSError when it cannot be made.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in (home, *(home / name for name in _FOLDERS + _FILES)):
        try:
            found = path.stat()
        except FileNotFoundError:
            continue
        if found.st_uid == os.geteuid() and found.st_mode & 0o077 and not found.st_mode & stat.S_ISVTX:
            path.chmod(stat.S_IMODE(found.st_mode) & 0o700)
    return home


def secret_key(given: str, home: Path) -> str:
    """The key; the home is there. The file is readable by its owner alone, and written whole or not at all."""
    if given:
        return given
    path = home / "secret-key"
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        pass
    key = secrets.token_urlsafe(50)
    # Two first starts at once: link() fails for the second, which then reads the first one's key.
    temporary = home / f"secret-key.{os.getpid()}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, path)
    except FileExistsError:
        return path.read_text("ascii").strip()
    finally:
        temporary.unlink()
    return key
