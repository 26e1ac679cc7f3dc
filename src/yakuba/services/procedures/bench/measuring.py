"""The cases of the bench: applications and single rows, sent by the same clients to the same server, in turns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from django.db import connection

from yakuba.engines.visitors.pages import cookie_name
from yakuba.services.procedures.bench import baseline, load, sample
from yakuba.services.procedures.bench.browser import Answer, Browser
from yakuba.services.procedures.bench.ground import Filled

RATIO: Final = 0.5
"""An application arrives at least half as fast as a single row is written."""
MOST_MS: Final = 300.0
"""At 20 a second, 95 of 100 are answered in less."""
RATE: Final = 20.0
#: Clients → applications of the case.
CLIENTS: Final = {1: 240, 10: 600, 100: 900}
RATE_SECONDS: Final = 30
#: Applications and rows take turns in so many parts: what else the machine does meets both.
PARTS: Final = 3
_SECRET: Final = "b" * 32  # a browser's cookie against forged forms; any 32 letters will do
_ROW: Final = {"number": "ABCD-EFGH-JKMN", "name": "手本 くみこ", "kana": "テホン クミコ", "note": "見" * 200}


@dataclass(frozen=True, slots=True)
class Case:
    """One case. A submission is the last POST until its answer, which comes after the commit and leads to the acknowledgement.

    ``acknowledged`` counts the acknowledgement's page as well, which the browser asks for next; ``row`` is the page that writes one
    row. Both are told and have no bar. ``figure`` is what is compared with ``bar``.
    """

    name: str
    database: str
    clients: int
    n: int
    worker: bool
    per_s: float
    baseline_per_s: float | None
    ratio: float | None
    p50_ms: float
    p95_ms: float
    figure: float
    bar: float | None
    holds: bool

    def as_json(self) -> dict[str, object]:
        """The case as one object of the report."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Where:
    """The server, and the port that it listens on."""

    host: str
    port: int

    def browser(self, number: int) -> Browser:
        """A browser of somebody who lives elsewhere than the others."""
        return Browser(self.host, self.port, f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}")


def needed(share: float) -> int:
    """How many forms have to be filled in for all cases."""
    return sum(2 * _parts(count, share) * PARTS for count in CLIENTS.values()) + _rated(share)


def _parts(count: int, share: float) -> int:
    return max(1, round(count * share / PARTS))


def _rated(share: float) -> int:
    return max(1, round(RATE * RATE_SECONDS * share))


def run(where: Where, forms: Iterator[Filled], share: float, worker: Callable[[], None]) -> Iterator[Case]:
    """Measure case after case; ``share`` of the usual numbers. ``worker`` is started before the last one."""
    for clients, count in CLIENTS.items():
        size = _parts(count, share)
        rows: list[load.Run] = []
        sent: list[load.Run] = []
        shown: list[load.Run] = []
        for _part in range(PARTS):
            rows.append(load.closed(clients, size, lambda: _writing(where)))
            sent.append(_sending(where, clients, size, forms, page=False))
            shown.append(_sending(where, clients, size, forms, page=True))
        bare = load.together(rows)
        yield _compared(f"submit@{clients}", clients, load.together(sent), bare)
        yield _compared(f"acknowledged@{clients}", clients, load.together(shown), bare, bar=None)
        yield _compared(f"row@{clients}", clients, bare, bare, bar=None)
    worker()
    yield _at_a_rate(where, forms, share)


def _sending(where: Where, clients: int, count: int, forms: Iterator[Filled], *, page: bool) -> load.Run:
    mine = [next(forms) for _ in range(count)]
    return load.closed(clients, count, lambda: _applying(where, mine, page=page))


def _at_a_rate(where: Where, forms: Iterator[Filled], share: float) -> Case:
    count = _rated(share)
    mine = [next(forms) for _ in range(count)]
    found = load.constant(RATE, count, 40, lambda: _applying(where, mine, page=True))
    p95 = load.percentile(found.times_ms, 95)
    return Case(
        name=f"submit at {RATE:.0f} a second",
        database=connection.vendor,
        clients=40,
        n=count,
        worker=True,
        per_s=round(found.per_second, 1),
        baseline_per_s=None,
        ratio=None,
        p50_ms=load.percentile(found.times_ms, 50),
        p95_ms=p95,
        figure=p95,
        bar=MOST_MS,
        holds=p95 < MOST_MS,
    )


def _compared(name: str, clients: int, found: load.Run, rows: load.Run, *, bar: float | None = RATIO) -> Case:
    ratio = round(found.per_second / rows.per_second, 3)
    return Case(
        name=name,
        database=connection.vendor,
        clients=clients,
        n=len(found.times_ms),
        worker=False,
        per_s=round(found.per_second, 1),
        baseline_per_s=round(rows.per_second, 1),
        ratio=ratio,
        p50_ms=load.percentile(found.times_ms, 50),
        p95_ms=load.percentile(found.times_ms, 95),
        figure=ratio,
        bar=bar,
        holds=bar is None or ratio >= bar,
    )


def _applying(where: Where, forms: Sequence[Filled], *, page: bool) -> Callable[[int], None]:
    """A client that sends forms: each as the browser that filled it in, all over one connection."""
    browser = where.browser(0)

    def send(number: int) -> None:
        form = forms[number]
        browser.place = f"10.{number >> 8 & 255}.{number & 255}.1"
        browser.cookies = {cookie_name(sample.CODE): form.token, "yakuba_csrf": _SECRET}
        path = f"/{sample.CODE}/procedures/applying/{form.filling}/check/"
        answer = _demand(browser.post(path, {"csrfmiddlewaretoken": _SECRET}), 303)
        if "/receipt/" not in answer.location:
            raise ValueError(f"{path} led to {answer.location}")
        if page:
            _demand(browser.get(answer.location), 200)

    return send


def _writing(where: Where) -> Callable[[int], None]:
    browser = where.browser(0)

    def send(_number: int) -> None:
        browser.cookies = {"yakuba_csrf": _SECRET}
        _demand(browser.post(baseline.PATH, {**_ROW, "csrfmiddlewaretoken": _SECRET}), 303)

    return send


def _demand(answer: Answer, status: int) -> Answer:
    if answer.status != status:
        raise ValueError(f"{answer.status}: {answer.text[:300]}")
    return answer
