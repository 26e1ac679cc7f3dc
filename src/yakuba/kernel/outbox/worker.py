"""The worker: takes rows, runs them, seals the trail, puts due schedules."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from django.db import DatabaseError, connection

from yakuba.kernel.outbox import lease, running, schedules, store
from yakuba.kernel.outbox.handlers import Zone
from yakuba.kernel.plugins import crash
from yakuba.kernel.plugins.sqlite import queue
from yakuba.kernel.trail.store import seal

_log = logging.getLogger(__name__)

BATCH = 10
IDLE_SECONDS = 1.0
SEAL_SECONDS = 3.0
THOROUGH_SECONDS = 3600.0
REAP_SECONDS = 5.0
SCHEDULE_SECONDS = 20.0
START_WAIT_SECONDS = 5.0


class AlreadyWorking(RuntimeError):
    """Another process is this SQLite database's worker."""


def zones_of(face: str) -> tuple[Zone, ...]:
    """The zones whose rows a process with ``YAKUBA_FACE`` works off."""
    return {"portal": ("portal",), "desk": ("desk",)}.get(face, ("portal", "desk"))  # type: ignore[return-value]  # literals


class Worker:
    """One worker. ``stop`` may be set from a signal handler: the running row is finished, the rest is given back."""

    def __init__(self, zones: Sequence[Zone] = ("portal", "desk")) -> None:
        self.zones = tuple(zones)
        self.stop = threading.Event()
        self._last: dict[str, float] = {}

    def run(self, *, once: bool = False) -> int:
        """Work until stopped or, with ``once``, until nothing is due; return the number of rows run.

        Raises :class:`AlreadyWorking`.
        """
        with lease.held(START_WAIT_SECONDS) as mine:
            if not mine:
                raise AlreadyWorking
            if lease.single():
                queue.give_way()
                store.reap(all_leases=True)  # whoever held them is dead: the lock is ours
            return self._work_off() if once else self._loop()

    def _work_off(self) -> int:
        store.reap()
        schedules.put_due(self.zones)
        count = 0
        while not self.stop.is_set() and (done := self.take()):
            count += done
        seal(thorough=True)
        return count

    def _loop(self) -> int:
        count = 0
        while not self.stop.is_set():
            try:
                done = self._round()
            except DatabaseError:
                # The database restarts, is full or is locked for long: what is leased comes back when its lease runs out.
                _log.exception("the worker's database failed; trying again")
                connection.close()
                self.stop.wait(5)
                continue
            count += done
            if not done:
                connection.close_if_unusable_or_obsolete()
                self.stop.wait(IDLE_SECONDS)
        seal()
        return count

    def _round(self) -> int:
        self._now_and_then("reap", REAP_SECONDS, store.reap)
        self._now_and_then("schedules", SCHEDULE_SECONDS, lambda: schedules.put_due(self.zones))
        done = self.take()
        self._now_and_then("thorough", THOROUGH_SECONDS, lambda: seal(thorough=True))
        self._now_and_then("seal", SEAL_SECONDS, seal)
        return done

    def _now_and_then(self, name: str, seconds: float, work: Callable[[], int]) -> None:
        now = time.monotonic()
        if now - self._last.get(name, float("-inf")) >= seconds:
            self._last[name] = now
            work()

    def take(self) -> int:
        """Claim what comes next, a batch of effects or one row of another kind, and run it; return the number of rows run."""
        messages = store.claim(BATCH, self.zones)
        if messages:
            crash.point("outbox.after-claim")
        for index, message in enumerate(messages):
            if self.stop.is_set():
                store.release(messages[index:])
                return index
            running.run(message)
        return len(messages)


def seal_if_no_worker() -> int:
    """Seal at the end of a command that wrote, unless a worker is there to do it; return the number of entries sealed.

    An installation without a worker gets its daily heads here. On PostgreSQL no worker holds a lease, and two sealers at once are harmless.
    """
    with lease.held() as mine:
        if not mine:
            return 0
        sealed = seal()
        try:
            schedules.write_heads_of_today()
        except OSError as error:
            # What the command did is done and sealed; the next one tries again.
            _log.warning("the heads of the trail could not be written: %s", error)
        return sealed
