"""``yakuba bench places``: make a large city's map and ledger in a home of its own, ask for them, tell what it took."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection

from yakuba.kernel.access import prepare
from yakuba.kernel.plugins import statistics
from yakuba.services.ledgers.bench import beside, cases, ground
from yakuba.services.ledgers.bench.measuring import Case

Commands = Any  # Any: argparse names the type of add_subparsers() only privately


@dataclass(frozen=True, slots=True)
class Scale:
    """How much there is, and how often it is asked for."""

    features: int
    rows: int
    imported: int
    requests: int
    beside: int


SCALES: Final = {
    "full": Scale(1_000_000, 500_000, 100_000, cases.REQUESTS, beside.TILES),
    # For trying the command: nothing is large enough to be slow.
    "small": Scale(1_500, 200, 2_100, 4, 2),
}


def register(commands: Commands) -> None:
    """Add ``bench places`` beside the benches of other rooms."""
    parser = commands.choices.get("bench") or commands.add_parser("bench", help="速さを測る")
    if parser.get_default("benches") is None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="WHAT")
        parser.set_defaults(benches=verbs)
    bench = parser.get_default("benches").add_parser(
        "places", help="作りものの地図の層と台帳を作り、一覧・タイル・取り込みの速さを測る"
    )
    bench.add_argument("--json", action="store_true", help="結果を JSON で出す")
    bench.add_argument(
        "--database",
        default="",
        metavar="URL",
        help="空の PostgreSQL データベース（省略時：SQLite）。終わっても消しません",
    )
    bench.add_argument(
        "--folder",
        type=Path,
        metavar="FOLDER",
        help="作ったデータを残すフォルダー。すでに残してあれば、作らずに測り直す（取り込みは測らない）",
    )
    bench.add_argument("--scale", choices=sorted(SCALES), default="full", help="大きさ（省略時：full）")
    bench.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    bench.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    return _measure(args) if args.here else _elsewhere(args)


def _elsewhere(args: argparse.Namespace) -> int:
    """Run in a process whose home and database are the bench's own; the operator's are not touched."""
    folder = args.folder or Path(settings.HOME) / "bench"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = folder if args.folder else Path(tempfile.mkdtemp(dir=folder))
    given = {key: value for key, value in os.environ.items() if not key.startswith("YAKUBA_")}
    here = {"YAKUBA_HOME": str(own), "YAKUBA_DATABASE_URL": args.database, "YAKUBA_FACE": "all"}
    command = ["bench", "places", "--here", "--scale", args.scale, *(["--json"] if args.json else [])]
    command += ["--folder", str(own)] if args.folder else []
    try:
        # S603: this program again, with options that argparse has read.
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "yakuba.cli", *command], env={**given, **here}, check=False
        )
    finally:
        if not args.folder:
            shutil.rmtree(own, ignore_errors=True)
    return done.returncode


def _measure(args: argparse.Namespace) -> int:
    prepare.database()
    kept = args.folder and args.folder / ground.KEPT
    again = bool(kept) and kept.exists()
    if not again:
        ground.demand_empty()
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    found = []
    scale = SCALES[args.scale]
    if again:
        statistics.settle()  # what the import of the time before left behind
    made = ground.found(kept) if again else ground.lay(scale.features, scale.rows, _progress)
    if kept and not again:
        ground.keep(made, kept)
    for case in measured(made, scale, imported=not again):
        found.append(case)
        if not args.json:
            _tell(case)
    print(f"全体で{time.monotonic() - begun:.0f}秒でした。", file=sys.stderr)
    if args.json:
        print(json.dumps({"cases": [case.as_json() for case in found]}, ensure_ascii=False, indent=1))
    return 0 if all(case.holds for case in found) else 1


def measured(made: ground.Ground, scale: Scale, *, imported: bool) -> Iterator[Case]:
    """Every case, on what was laid. ``imported``: the one that adds to it as well."""
    yield from cases.run(made, scale.requests)
    if connection.vendor == "postgresql":
        if beside.there():
            yield beside.compared(made, scale.beside)
        else:
            print(
                "tipg が入っていないので、tile-vs-tipg は測りません（pip install 'yakuba[dev]'）。",
                file=sys.stderr,
            )
    if imported:
        yield from cases.imported(made, scale.imported)


def _progress(what: str, done: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{what} {done:,}／{of:,}", end="" if done < of else "\n", file=sys.stderr, flush=True)


def _tell(case: Case) -> None:
    limit = "" if case.bar is None else f"{case.bar:g}"
    mark = "" if case.bar is None else "ok" if case.holds else "NG"
    print(
        f"{case.name:<18}{case.database:<12}{case.n:>4}{case.p50_ms:>11}{case.p95_ms:>11} ms"
        f"{case.figure:>11} {limit:>6} {mark:<3}{case.more}",
        flush=True,
    )
