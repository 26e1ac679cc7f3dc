"""On SQLite there is one worker. It holds a lock on a file, which the operating system takes back when the process dies."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection


def single() -> bool:
    """Whether this database allows one worker only."""
    return connection.vendor == "sqlite"


@contextmanager
def held(wait: float = 0.0) -> Iterator[bool]:
    """Try to be the one worker for up to ``wait`` seconds; False when another process is.

    On PostgreSQL, where many may work at once, it is always True.
    """
    if not single():
        yield True
        return
    path = Path(settings.HOME) / "worker.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        mine = _lock(file.fileno(), wait)
        try:
            yield mine
        finally:
            if mine:
                fcntl.flock(file, fcntl.LOCK_UN)


def _lock(descriptor: int, wait: float) -> bool:
    end = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(0.05)
        else:
            return True
