"""``yakuba search``: for the operator of the machine."""

from __future__ import annotations

import argparse
import sys

from yakuba.kernel.search import engine, store


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the room's commands."""
    search = commands.add_parser("search", help="検索の索引")
    actions = search.add_subparsers(dest="action", required=True, metavar="ACTION")
    rebuild = actions.add_parser("rebuild", help="索引を作り直す（更新の後、または verify が勧めるとき）")
    rebuild.set_defaults(run=_rebuild)
    verify = actions.add_parser("verify", help="索引がそろっているかを確かめる")
    verify.set_defaults(run=_verify)


def _rebuild(_args: argparse.Namespace) -> int:
    print(f"{store.rebuild():,}件の索引を作り直しました。", file=sys.stderr)
    return 0


def _verify(_args: argparse.Namespace) -> int:
    found = engine.verify()
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0
