"""The signing key: given by the operator, or made once and kept in the home."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_key(given: str, home: Path) -> str:
    """The key. The file is readable by its owner alone, and written whole or not at all."""
    if given:
        return given
    path = home / "secret-key"
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        pass
    home.mkdir(parents=True, exist_ok=True)
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
