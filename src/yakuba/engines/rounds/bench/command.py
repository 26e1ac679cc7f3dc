"""``yakuba bench year``: make a round in a home of its own, ask for its pages, tell what it took and how many queries."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.test import Client

from yakuba.engines.rounds.bench import ground
from yakuba.engines.rounds.models import Round
from yakuba.kernel.access import prepare
from yakuba.kernel.access.models import StaffAccount
from yakuba.kernel.access.sessions import SECOND_FACTOR

Commands = Any  # Any: argparse names the type of add_subparsers() only privately
BAR: Final = 200.0
"""Milliseconds that 95 of 100 requests for a board stay below."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How much there is, and how often it is asked for."""

    offices: int
    items: int
    requests: int


SCALES: Final = {
    "full": Scale(60, 1_000, 200),
    # For trying the command: nothing is large enough to be slow.
    "small": Scale(4, 40, 3),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One page. ``figure`` is compared with ``bar``; ``queries`` of the large round, ``queries_small`` of one of a tenth."""

    name: str
    database: str
    n: int
    p50_ms: float
    p95_ms: float
    queries: int
    queries_small: int
    figure: float
    bar: float | None
    holds: bool

    def as_json(self) -> dict[str, object]:
        """The case as one object of the report."""
        return asdict(self)


def register(commands: Commands) -> None:
    """Add ``bench year`` beside the benches of other rooms."""
    parser = commands.choices.get("bench") or commands.add_parser("bench", help="速さを測る")
    if parser.get_default("benches") is None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="WHAT")
        parser.set_defaults(benches=verbs)
    bench = parser.get_default("benches").add_parser(
        "year", help="1,000項目・60課の照会を作り、各課の状況の画面の速さを測る"
    )
    bench.add_argument("--json", action="store_true", help="結果を JSON で出す")
    bench.add_argument(
        "--database",
        default="",
        metavar="URL",
        help="空の PostgreSQL データベース（省略時：SQLite）。終わっても消しません",
    )
    bench.add_argument("--scale", choices=sorted(SCALES), default="full", help="大きさ（省略時：full）")
    bench.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    bench.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    return _measure(args) if args.here else _elsewhere(args)


def _elsewhere(args: argparse.Namespace) -> int:
    """Run in a process whose home and database are the bench's own; the operator's are not touched."""
    folder = Path(settings.HOME) / "bench"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = Path(tempfile.mkdtemp(dir=folder))
    given = {key: value for key, value in os.environ.items() if not key.startswith("YAKUBA_")}
    here = {"YAKUBA_HOME": str(own), "YAKUBA_DATABASE_URL": args.database, "YAKUBA_FACE": "all"}
    command = ["bench", "year", "--here", "--scale", args.scale, *(["--json"] if args.json else [])]
    try:
        # S603: this program again, with options that argparse has read.
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "yakuba.cli", *command], env={**given, **here}, check=False
        )
    finally:
        shutil.rmtree(own, ignore_errors=True)
    return done.returncode


def _measure(args: argparse.Namespace) -> int:
    prepare.database()
    ground.demand_empty()
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    found = []
    for case in measured(SCALES[args.scale], _progress):
        found.append(case)
        if not args.json:
            _tell(case)
    if args.json:
        print(json.dumps({"cases": [case.as_json() for case in found]}, ensure_ascii=False, indent=1))
    return 0 if all(case.holds for case in found) else 1


def measured(scale: Scale, progress: Callable[[str], None] = lambda _what: None) -> Iterator[Case]:
    """Every case, in the database of this process, which is empty."""
    with ground.laid(scale.offices, scale.items, progress) as made:
        browser = _Browser(made.account)
        for _warm in range(2):  # what a process finds out at its first requests
            browser.get(_address(made.small))
        for name, ask, bar in (
            ("board", _board, BAR),
            ("board-late", _late, BAR),
            ("items", _items, None),
        ):
            yield _case(name, browser, made, ask, bar, scale.requests)


# --- what is asked ----------------------------------------------------------------------------------------------------
def _address(round_: Round) -> str:
    return f"/{ground.CODE}/desk/rounds/{round_.pk}/"


def _board(round_: Round) -> Sequence[str]:
    """The board as it opens, and sorted by every column that it sorts by."""
    here = _address(round_)
    return (here, f"{here}?sort=-late", f"{here}?sort=-open", f"{here}?sort=due", f"{here}?sort=-reminded")


def _late(round_: Round) -> Sequence[str]:
    """Who is late."""
    return (f"{_address(round_)}?filter.standing=late&sort=-late",)


def _items(round_: Round) -> Sequence[str]:
    """What waits for the secretariat."""
    return (f"{_address(round_)}items/?filter.state=confirmed&filter.state=not_applicable",)


def _case(
    name: str,
    browser: _Browser,
    made: ground.Ground,
    ask: Callable[[Round], Sequence[str]],
    bar: float | None,
    requests: int,
) -> Case:
    addresses, times, queries = ask(made.large), [], set()
    for number in range(requests):
        ms, count = browser.get(addresses[number % len(addresses)])
        times.append(ms)
        queries.add(count)
    fewest = {browser.get(address)[1] for address in ask(made.small)}
    p95 = _percentile(times, 95)
    return Case(
        name,
        connection.vendor,
        requests,
        _percentile(times, 50),
        p95,
        max(queries),
        max(fewest),
        p95,
        bar,
        max(queries) == max(fewest) and (bar is None or p95 < bar),
    )


class _Browser:
    """A member of staff who is signed in; asks in this process, through everything between the address and the answer."""

    def __init__(self, account: StaffAccount) -> None:
        self._client = Client(SERVER_NAME="localhost")
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(account.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        session[SECOND_FACTOR] = True
        session.save()
        self._client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    def get(self, address: str) -> tuple[float, int]:
        """Milliseconds and queries. ValueError for anything but a page."""
        asked = _Counter()
        begun = time.perf_counter()
        with connection.execute_wrapper(asked):
            answer = self._client.get(address)
            body = answer.content
        ms = (time.perf_counter() - begun) * 1000
        if answer.status_code != HTTPStatus.OK:
            raise ValueError(f"{address}: {answer.status_code} {body[:200]!r}")
        return ms, asked.count


class _Counter:
    """How many statements the database was asked."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(
        self,
        execute: Callable[[str, Any, bool, dict[str, Any]], Any],  # Any: Django's own wrapper
        sql: str,
        params: Any,  # Any: as above
        many: bool,
        context: dict[str, Any],  # Any: as above
    ) -> Any:  # Any: as above
        """Count and go on."""
        self.count += 1
        return execute(sql, params, many, context)


def _percentile(values: Sequence[float], share: int) -> float:
    """The value that ``share`` of 100 do not exceed (nearest rank), to a hundredth."""
    ordered = sorted(values)
    return round(ordered[max(-(-share * len(ordered) // 100), 1) - 1], 2)


def _progress(what: str) -> None:
    print(f"{what} …", file=sys.stderr, flush=True)


def _tell(case: Case) -> None:
    limit = "" if case.bar is None else f"{case.bar:g}"
    mark = "ok" if case.holds else "NG"
    print(
        f"{case.name:<12}{case.database:<12}{case.n:>5}{case.p50_ms:>10}{case.p95_ms:>10} ms {limit:>5} {mark:<3}"
        f" queries {case.queries} / {case.queries_small}",
        flush=True,
    )
