"""Clients that send at the same time, and how long each answer took."""

from __future__ import annotations

import http.client
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Send = Callable[[], None]
"""Send one thing and wait for its answer; raises ValueError for an answer that is none."""
Opening = Callable[[], Callable[[int], None]]
"""Open a client: it is given the number of the thing that it sends."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run took: seconds as a whole, and milliseconds of each answer in no order."""

    seconds: float
    times_ms: Sequence[float]

    @property
    def per_second(self) -> float:
        """Answers in a second."""
        return len(self.times_ms) / self.seconds


def together(runs: Sequence[Run]) -> Run:
    """Several runs as one."""
    return Run(sum(run.seconds for run in runs), [one for run in runs for one in run.times_ms])


def closed(clients: int, count: int, open_client: Opening) -> Run:
    """So many clients, each sending its next thing when the last is answered, until ``count`` are.

    Raises ValueError for the first answer that is none.
    """
    waiting = deque(range(count))
    times: list[float] = []
    gate = threading.Barrier(clients + 1)

    def work() -> None:
        send = open_client()
        gate.wait()
        while True:
            try:
                number = waiting.popleft()
            except IndexError:
                return
            begun = time.perf_counter()
            send(number)
            times.append((time.perf_counter() - begun) * 1000)

    crew = _Crew(clients, work, gate)
    gate.wait()
    begun = time.perf_counter()
    crew.join()
    return Run(time.perf_counter() - begun, times)


def constant(rate: float, count: int, clients: int, open_client: Opening) -> Run:
    """So many a second, whether the ones before are answered or not, as long as one of ``clients`` is free.

    A time begins when its turn had come: what waits for a free client is waiting too.
    """
    times: list[float] = []
    turn = threading.Lock()
    numbers = iter(range(count))
    gate = threading.Barrier(clients + 1)
    start = [0.0]

    def work() -> None:
        send = open_client()
        gate.wait()
        while True:
            with turn:
                number = next(numbers, None)
            if number is None:
                return
            due = start[0] + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            send(number)
            times.append((time.perf_counter() - due) * 1000)

    # Clients need a moment to connect; the first turn comes when they have.
    crew = _Crew(clients, work, gate)
    start[0] = time.perf_counter() + 0.5
    gate.wait()
    crew.join()
    return Run(time.perf_counter() - start[0], times)


class _Crew:
    """Threads; the first error of any is raised by :meth:`join`."""

    def __init__(self, count: int, work: Send, gate: threading.Barrier) -> None:
        self._errors: list[BaseException] = []
        self._gate = gate

        def guarded() -> None:
            try:
                work()
            except threading.BrokenBarrierError:
                return  # another one failed before the start
            except (OSError, ValueError, http.client.HTTPException) as error:
                self._errors.append(error)
                gate.abort()

        self._threads = [threading.Thread(target=guarded, daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Wait for all."""
        for thread in self._threads:
            thread.join()
        if self._errors:
            raise ValueError(str(self._errors[0])) from self._errors[0]


def percentile(values: Sequence[float], share: int) -> float:
    """The value that ``share`` of 100 do not exceed (nearest rank), to a hundredth."""
    ordered = sorted(values)
    rank = -(-share * len(ordered) // 100)
    return round(ordered[max(rank, 1) - 1], 2)
