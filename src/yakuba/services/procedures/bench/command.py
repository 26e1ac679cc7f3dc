"""``yakuba bench procedures``: fill in forms in a home of its own, send them, tell what it took."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings

from yakuba.kernel.access import prepare
from yakuba.kernel.plugins import statistics
from yakuba.services.procedures.bench import baseline, ground, measuring, processes

Commands = Any  # Any: argparse names the type of add_subparsers() only privately


def register(commands: Commands) -> None:
    """Add ``bench procedures`` beside the benches of other rooms."""
    parser = commands.choices.get("bench") or commands.add_parser("bench", help="速さを測る")
    if parser.get_default("benches") is None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="WHAT")
        parser.set_defaults(benches=verbs)
    bench = parser.get_default("benches").add_parser(
        "procedures", help="作りものの申請を提出し、1行だけを書くページと速さを比べる"
    )
    bench.add_argument("--json", action="store_true", help="結果を JSON で出す")
    bench.add_argument(
        "--database",
        default="",
        metavar="URL",
        help="空の PostgreSQL データベース（省略時：SQLite）。終わっても消しません",
    )
    # For trying the command itself: a report needs all.
    bench.add_argument("--share", type=float, default=1.0, help=argparse.SUPPRESS)
    bench.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    bench.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    return _measure(args) if args.here else _elsewhere(args)


def _elsewhere(args: argparse.Namespace) -> int:
    """Run in a process whose home and database are the bench's own; the operator's are not touched."""
    asked = ["--json"] if args.json else []
    with processes.own_home("bench") as home:
        command = ["bench", "procedures", "--here", "--share", str(args.share), *asked]
        return processes.again(command, processes.environment(home, args.database))


def _measure(args: argparse.Namespace) -> int:
    prepare.database()
    ground.demand_empty()
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    procedure = ground.lay()
    forms = list(ground.filled(procedure, measuring.needed(args.share), _progress))
    baseline.make_table()
    statistics.settle()
    port = processes.free_port()
    with ExitStack() as running:
        server = running.enter_context(processes.Process(_server(port), os.environ))
        server.await_port(port)
        where = measuring.Where("127.0.0.1", port)

        def work() -> None:
            running.enter_context(processes.Process(_worker(), os.environ))

        found = []
        for case in measuring.run(where, iter(forms), args.share, work):
            found.append(case)
            if not args.json:
                _tell(case)
    print(f"全体で{time.monotonic() - begun:.0f}秒でした。", file=sys.stderr)
    if args.json:
        print(json.dumps({"cases": [case.as_json() for case in found]}, ensure_ascii=False, indent=1))
    return 0 if all(case.holds for case in found) else 1


def _server(port: int) -> list[str]:
    """The product's web server, with the product's settings."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", str(settings.WEB_WORKERS), "--blocking-threads", str(settings.WEB_THREADS)),
        *("--no-ws", "--log-level", "warning", "yakuba.services.procedures.bench.server:application"),
    ]


def _worker() -> list[str]:
    return [sys.executable, "-m", "yakuba.cli", "worker"]


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done:,}／{of:,}件の記入", end="" if done < of else "\n", file=sys.stderr, flush=True)


def _tell(case: measuring.Case) -> None:
    rows = f"{case.baseline_per_s:>8} {case.ratio:>6}" if case.ratio is not None else f"{'':>8} {'':>6}"
    print(
        f"{case.name:<22}{case.database:<12}{case.n:>5}{case.per_s:>8}/s {rows}"
        f"{case.p50_ms:>9}{case.p95_ms:>9} ms  {'' if case.bar is None else 'ok' if case.holds else 'NG'}",
        flush=True,
    )
