"""Static files are collected under hashed names into the home, when they changed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect() -> bool:
    """Collect the static files unless those collected last are the same; whether there was something to do.

    Nothing is removed: a server that still runs goes on handing out what it knows by the former names.
    """
    root = Path(settings.STATIC_ROOT)
    stamp = root.with_name("static-stamp")
    wanted = fingerprint()
    if (root / "staticfiles.json").exists() and stamp.exists() and stamp.read_text("ascii") == wanted:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    # Only a whole collection is stamped, and the stamp itself is whole or not there.
    fresh = stamp.with_name(f"static-stamp.{os.getpid()}")
    fresh.write_text(wanted, "ascii")
    fresh.replace(stamp)
    return True


def fingerprint() -> str:
    """Equal for equal sources: names, sizes and times of change of all static files."""
    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            facts = Path(storage.path(name)).stat()
            prefix = getattr(storage, "prefix", None) or ""
            seen.update(f"{prefix}\0{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return seen.hexdigest()
