"""Asking pages and counting: server time in this process, the first request of every object included."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from django.test import Client

BAR = 100.0
"""Milliseconds that 95 of 100 requests stay below."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a bench, as every bench of the product reports it.

    ``figure`` is what is compared with ``bar``; ``queries`` the most that one request asked.
    """

    name: str
    database: str
    n: int
    p50_ms: float
    p95_ms: float
    queries: int
    figure: float
    bar: float
    holds: bool

    def as_json(self) -> dict[str, object]:
        """The case as one object of the report."""
        return asdict(self)


class Counter:
    """How many statements the database was asked."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(
        self,
        execute: Callable[[str, Any, bool, dict[str, Any]], Any],  # Any: Django's own wrapper
        sql: str,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        """Count and go on."""
        self.count += 1
        return execute(sql, params, many, context)


@contextmanager
def counted() -> Iterator[Counter]:
    """Counts the statements inside."""
    counter = Counter()
    with connection.execute_wrapper(counter):
        yield counter


@dataclass(frozen=True, slots=True)
class Request:
    """An address to ask, and the sort of page it is: all of one sort have to ask the same number of queries."""

    address: str
    sort: str = ""


def measure(
    name: str, requests: Sequence[Request], *, branch: Callable[[str], str] = lambda _html: ""
) -> Case:
    """Ask every address once, in the order given. ValueError for one that does not answer with a page.

    ``branch`` reads from a page which way its questions went, where a sort of page knows several: a search that finds more than it
    shows asks once more. Within one sort and branch the number of queries must not vary.
    """
    client = Client(SERVER_NAME="localhost")
    times: list[float] = []
    queries: dict[tuple[str, str], set[int]] = defaultdict(set)
    for request in requests:
        with counted() as counter:
            begun = time.perf_counter()
            answer = client.get(request.address)
            times.append((time.perf_counter() - begun) * 1000)
        html = answer.content.decode()
        if answer.status_code != 200:
            raise ValueError(f"{request.address}: {answer.status_code}")
        queries[request.sort, branch(html)].add(counter.count)
    p95 = percentile(times, 95)
    return Case(
        name=name,
        database=connection.vendor,
        n=len(times),
        p50_ms=percentile(times, 50),
        p95_ms=p95,
        queries=max(max(counts) for counts in queries.values()),
        figure=p95,
        bar=BAR,
        holds=p95 < BAR and all(len(counts) == 1 for counts in queries.values()),
    )


def percentile(values: Sequence[float], share: int) -> float:
    """The value that ``share`` of 100 do not exceed (nearest rank), to a hundredth."""
    ordered = sorted(values)
    rank = -(-share * len(ordered) // 100)
    return round(ordered[max(rank, 1) - 1], 2)
