"""The command line. Each room adds its commands in its own ``cli.py``; this file only gathers them.

Exit codes: 0 done, 1 refused (nothing changed), 2 wrong usage. Messages go to stderr in Japanese, data to stdout.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yakuba.settings")

Command = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    # What this process writes is its owner's alone: personal data, sessions, keys.
    os.umask(0o077)
    # Settings are read once: a --home before them must already stand in the environment.
    arguments = list(sys.argv[1:] if argv is None else argv)
    _take_home(arguments)
    try:
        import django

        django.setup()
    except (OSError, ValueError) as exc:
        print(f"yakuba: 設定を読めません: {exc}", file=sys.stderr)
        return 2
    from yakuba.kernel.access import prepare
    from yakuba.kernel.actions import Problem, Problems
    from yakuba.settings.rooms import parts

    parser = argparse.ArgumentParser(prog="yakuba", description="役場 — 自治体のデジタル役場")
    parser.add_argument("--home", metavar="DIR", help="状態を置くフォルダー（YAKUBA_HOME）")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in parts("cli"):
        module.register(commands)
    openapi = commands.add_parser("openapi", help="APIの説明（OpenAPI）を出す")
    openapi.set_defaults(run=_openapi)
    check = commands.add_parser("check", help="設定を調べ、気をつけることを出す")
    check.set_defaults(run=_check)
    args = parser.parse_args(arguments)
    command: Command = args.run
    prepare.begin()
    try:
        code = command(args)
        _seal()
    except Problem as problem:
        _seal()  # a denied attempt is an entry too
        for one in problem.problems if isinstance(problem, Problems) else (problem,):
            print(one.message, file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader of our output went away (`| head`): not an error of ours, and no traceback for it.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 – lives until exit
        return 0
    except KeyboardInterrupt:
        print("中断しました。", file=sys.stderr)
        return 130
    return code


def _seal() -> None:
    """A command that wrote seals its own trail entries, where no worker is there to do it (MECHANISMS §4)."""
    from yakuba.kernel.access import prepare
    from yakuba.kernel.outbox.worker import seal_if_no_worker

    if prepare.done():
        seal_if_no_worker()


def _openapi(_args: argparse.Namespace) -> int:
    from yakuba import api

    sys.stdout.write(api.dumps(api.document()))
    return 0


def _check(_args: argparse.Namespace) -> int:
    from django.core import checks
    from django.db import connections

    # The embedded database is made by whoever first needs it, not by a look at the settings.
    servers = [one.alias for one in connections.all() if one.vendor != "sqlite"]
    found = checks.run_checks(databases=servers)
    for one in found:
        print(f"{one.msg}（{one.id}）")
    return 1 if any(one.is_serious() for one in found) else 0


def _take_home(arguments: list[str]) -> None:
    for index, word in enumerate(arguments):
        if word == "--":
            return
        if word == "--home" and index + 1 < len(arguments):
            os.environ["YAKUBA_HOME"] = arguments[index + 1]
            return
        if word.startswith("--home="):
            os.environ["YAKUBA_HOME"] = word.removeprefix("--home=")
            return


if __name__ == "__main__":
    sys.exit(main())
