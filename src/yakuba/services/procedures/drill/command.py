"""``yakuba drill crash``: rounds of deaths in a home of its own."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings

from yakuba.kernel.access import prepare
from yakuba.kernel.outbox.worker import seal_if_no_worker
from yakuba.services.procedures.bench import ground, processes
from yakuba.services.procedures.drill import rounds

Commands = Any  # Any: argparse names the type of add_subparsers() only privately


def register(commands: Commands) -> None:
    """Add ``drill crash``; other rooms may add drills of theirs beside it."""
    parser = commands.choices.get("drill") or commands.add_parser(
        "drill", help="壊してみて、失われないことを確かめる"
    )
    if parser.get_default("drills") is None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="WHAT")
        parser.set_defaults(drills=verbs)
    crash = parser.get_default("drills").add_parser(
        "crash", help="申請の途中でサーバーとワーカーを止め、失われたり二重になったりしないことを確かめる"
    )
    crash.add_argument("--rounds", type=int, default=100, metavar="N", help="回数（既定 100）")
    crash.add_argument("--seed", type=int, default=1, help="「いつでも」の瞬間を変える")
    crash.add_argument(
        "--database",
        default="",
        metavar="URL",
        help="空の PostgreSQL データベース（省略時：SQLite）。終わっても消しません",
    )
    crash.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    crash.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    return _drill(args) if args.here else _elsewhere(args)


def _elsewhere(args: argparse.Namespace) -> int:
    """Run in a process whose home and database are the drill's own; the operator's are not touched."""
    with processes.own_home("drill") as home:
        command = ["drill", "crash", "--here", "--rounds", str(args.rounds), "--seed", str(args.seed)]
        return processes.again(command, processes.environment(home, args.database))


def _drill(args: argparse.Namespace) -> int:
    prepare.database()
    ground.demand_empty()
    home = Path(settings.HOME)
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    drill = rounds.Drill(home, processes.free_port(), ground.lay(places=1_000_000), args.seed)
    with _stage(home, "web", str(drill.port)) as web, _stage(home, "worker"):
        web.await_port(drill.port)
        for number in range(args.rounds):
            drill.round(number)
            _progress(number + 1, args.rounds, drill)
        drill.drain(_left)
    seal_if_no_worker()
    states = drill.close()
    _tell(drill, states, time.monotonic() - begun)
    return 1 if drill.faults else 0


def _stage(home: Path, what: str, *more: str) -> processes.Process:
    """A process that comes back whenever it is killed."""
    environment = {**os.environ, "YAKUBA_CRASH_FILE": str(rounds.order(home, what))}
    command = [sys.executable, "-m", "yakuba.services.procedures.drill.stage", what, *more]
    return processes.Process(command, environment)


def _progress(done: int, of: int, drill: rounds.Drill) -> None:
    if sys.stderr.isatty() or done % 100 == 0 or done == of:
        end = "\n" if not sys.stderr.isatty() or done == of else ""
        print(f"\r{done:,}／{of:,}回、問題{len(drill.faults)}件", end=end, file=sys.stderr, flush=True)


def _left(rows: int) -> None:
    if sys.stderr.isatty():
        print(f"\rワーカーに残っている仕事：{rows}件　", end="", file=sys.stderr, flush=True)


def _tell(drill: rounds.Drill, states: Counter[str], seconds: float) -> None:
    print(f"{'止めた所':<44}{'回':>5}{'応答':>6}{'届済':>6}{'未着':>6}")
    for point in rounds.POINTS:
        tally = drill.tallies.get(point)
        if tally is not None:
            print(f"{point:<48}{tally.rounds:>6}{tally.acknowledged:>8}{tally.kept:>8}{tally.gone:>8}")
    print(
        "応答：止まる前に受付票に進めた。届済・未着：止まった直後に、提出が記録されていた・いなかった"
        "（未着は、押し直して届いた）。"
    )
    print(f"受付のメール：{'、'.join(f'{state} {count}' for state, count in sorted(states.items()))}")
    print(f"受け付けた申請：{len(drill.applied):,}件、{seconds:.0f}秒")
    if drill.faults:
        for fault, times in Counter(drill.faults).most_common():
            print(f"NG {fault}" + (f"（{times}回）" if times > 1 else ""))
    else:
        print("失われた申請も、二重になった申請もありません。")
