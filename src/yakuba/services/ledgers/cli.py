"""``yakuba ledgers``: the lines of the permission matrix that a ledger's actions need; ``yakuba bench places``."""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator

from django.utils.translation import gettext as _

from yakuba.engines.ledger.registering import installed, installed_of
from yakuba.kernel.access.roles import ROLES
from yakuba.kernel.actions import Action
from yakuba.services.ledgers.bench import command as bench

#: Roles that hang on no office, and those that hang on no municipality: one line, or two.
_NOWHERE = frozenset({"public", "cli", "platform_admin"})
_EVERYBODY = (*sorted(_NOWHERE), "municipality_admin", "auditor", "staff")


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the room's commands."""
    ledgers = commands.add_parser("ledgers", help="台帳")
    kinds = ledgers.add_subparsers(dest="what", required=True, metavar="WHAT")
    matrix = kinds.add_parser(
        "matrix", help="台帳の操作の権限表（access_matrix.csv）の行を出す。答えは手で書く"
    )
    matrix.add_argument("key", metavar="KEY", help="台帳の名前（例：public_wifi）")
    matrix.set_defaults(run=_matrix)
    bench.register(commands)


def _matrix(args: argparse.Namespace) -> int:
    found = installed_of(args.key)
    if found is None:
        names = "・".join(one.ledger.key for one in installed())
        print(
            _("「%(key)s」という台帳はありません。あるもの：%(names)s") % {"key": args.key, "names": names},
            file=sys.stderr,
        )
        return 2
    print("action,role,office,municipality,expect")
    for one in vars(found.actions).values():
        for line in _lines(one):
            print(line)
    return 0


def _lines(one: Action[object, object, object]) -> Iterator[str]:
    """What has to be decided of one action: every role that it names, and those that are asked of every action."""
    named = [role for role in ROLES if role in one.permission.roles and role not in _EVERYBODY]
    for role, office, municipality in itertools.product(
        (*_EVERYBODY, *named), ("own", "other"), ("same", "other")
    ):
        if role in _NOWHERE and (office, municipality) != ("own", "same"):
            continue
        if role == "municipality_admin" and office == "other":
            continue
        yield f"{one.key},{role},{office},{municipality},"
