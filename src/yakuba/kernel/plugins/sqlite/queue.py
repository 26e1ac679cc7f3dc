"""Writers of one SQLite file, one after the other.

SQLite has one writer at a time, and whoever comes second asks again and again, with growing pauses, while others overtake: with a
few threads most of the time goes by in pauses in which nobody writes. Here each waits for its turn and is woken when it comes: the
threads of a process at a lock, and of each process one at the lock of a file, which the operating system hands on in the order of
asking and takes back from a process that dies.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from pathlib import Path


class Queue:
    """The queue of one database file. It waits beside the database, in a file that stays empty."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}-queue")
        self._turn = threading.Lock()
        self._file: int | None = None

    def enter(self, seconds: float) -> bool:
        """Wait for one's turn; False when the threads of this process alone kept it for so long."""
        if not self._turn.acquire(timeout=seconds):
            return False
        try:
            if self._file is None:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            self._own(self._file)
        except BaseException:
            self._turn.release()
            raise
        return True

    @staticmethod
    def _own(file: int) -> None:
        """Take this process's turn: at once where nobody writes. Whoever gives way looks again now and then before it stands in line."""
        end = time.monotonic() + _manners.gives_way
        while time.monotonic() < end:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(_PAUSE_SECONDS)
            else:
                return
        fcntl.flock(file, fcntl.LOCK_EX)

    def leave(self) -> None:
        """The next one's turn."""
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._turn.release()

    def forget(self) -> None:
        """In a process that was forked: what its parent held is not its own, and must not outlive the parent."""
        if self._file is not None:
            os.close(self._file)
        self._file, self._turn = None, threading.Lock()


class _Manners:
    """How this process stands in the queue."""

    gives_way = 0.0


_manners = _Manners()


def give_way() -> None:
    """From now on let others pass, for up to a second at a time: for the worker, whom nobody waits for at a screen."""
    _manners.gives_way = _GIVES_WAY_SECONDS


_GIVES_WAY_SECONDS = 1.0
_PAUSE_SECONDS = 0.002
_queues: dict[Path, Queue] = {}
_opening = threading.Lock()


def of(database: Path) -> Queue:
    """The queue of a database file, one for the whole process."""
    there = _queues.get(database)
    if there is not None:
        return there
    with _opening:
        return _queues.setdefault(database, Queue(database))


def _forget_after_fork() -> None:
    global _opening  # noqa: PLW0603 – a lock that nobody here would release
    _opening = threading.Lock()
    for one in _queues.values():
        one.forget()


os.register_at_fork(after_in_child=_forget_after_fork)
