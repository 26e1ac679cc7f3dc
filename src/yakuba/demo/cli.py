"""``yakuba demo run`` and ``yakuba demo load``; ``yakuba demo code`` stands in ``access``."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

from django.urls import reverse

from yakuba.demo import home, mails, paperwork, sample
from yakuba.demo.accounts import ACCOUNTS
from yakuba.kernel.access import prepare
from yakuba.kernel.access.cli import demo_commands
from yakuba.kernel.access.demo import directory_environment, register_client
from yakuba.kernel.actions import Problem
from yakuba.services.identity.demo import environment as provider_environment
from yakuba.serving import assets
from yakuba.serving.cli import listening
from yakuba.serving.processes import Address, demand_free, serve

Commands = Any  # Any: argparse names the type of add_subparsers() only privately


def register(commands: Commands) -> None:
    """Add the commands."""
    demo = demo_commands(commands)
    run = demo.add_parser("run", help="見本のみほん市を用意して動かす")
    _home(run)
    listening(run)
    run.set_defaults(run=_run)
    load = demo.add_parser("load", help="見本のみほん市を用意する（動かさない）")
    _home(load)
    load.set_defaults(run=_load)
    mails.register(demo, _mail())


def _home(command: argparse.ArgumentParser) -> None:
    # Read before the settings are (yakuba.cli); named here so that it may stand behind the command as well.
    command.add_argument(
        "--home", metavar="DIR", default=argparse.SUPPRESS, help="デモの環境を置くフォルダー"
    )


def _run(args: argparse.Namespace) -> int:
    address = Address(args.host, args.port)
    demand_free(address)
    _prepare()
    assets.collect()
    register_client([address.origin])
    print(welcome(address), flush=True)

    def announce() -> None:
        print(f"{address.origin}/ で動いています。止めるには Ctrl+C を押してください。", file=sys.stderr)

    environment = {
        **directory_environment(address.origin),
        **provider_environment(address.origin),
        **_mail_environment(),
    }
    return serve(address, announce=announce, environment=environment)


def _mail() -> Path:
    """Where the demo's mails lie, as files: nothing leaves the machine."""
    return (home.folder() / "mail").resolve()  # an address of a file is absolute


def _mail_environment() -> dict[str, str]:
    """What the processes need to write mails into that folder, unless a channel is set up already."""
    if os.environ.get("YAKUBA_MAIL_URL"):
        return {}
    return {"YAKUBA_MAIL_URL": _mail().as_uri(), "YAKUBA_MAIL_FROM": "yakuba@example.jp"}


def _load(_args: argparse.Namespace) -> int:
    _prepare()
    print(accounts())
    return 0


def _prepare() -> None:
    if "YAKUBA_HOME" not in os.environ:
        raise Problem(
            "home",
            "デモの環境を置くフォルダーを --home で指定してください（例：--home ./.demo）。",
            field="home",
        )
    home.mark()
    prepare.database()
    begun = time.monotonic()
    if sample.load():
        print(f"見本の{sample.NAME}を用意しました（{time.monotonic() - begun:.0f}秒）。", file=sys.stderr)
    paperwork.hand_over(_papers())


def _papers() -> Path:
    """Where the towns' plans lie as documents, to try the reading with."""
    return home.folder() / "documents"


def welcome(address: Address) -> str:
    """Where to look, and who may sign in."""
    places = (
        ("はじめのページ", "/"),
        (f"{sample.NAME}のページ", f"/{sample.CODE}/"),
        ("5つの自治体の計画", reverse("nation-home")),
        ("市民のサインイン", reverse("identity-sign-in", args=[sample.CODE])),
        ("職員のサインイン", reverse("access-sign-in")),
        ("部品の見本", "/style"),
    )
    lines = [f"  {_padded(label, 18)}{address.origin}{path}" for label, path in places]
    papers = f"取り込みを試せる計画書（5つの形、5つの形式）： {_papers()}"
    command = sys.argv[0] if Path(sys.argv[0]).name == "yakuba" else "yakuba"
    letters = f"送ったことになっているメール（確認コードなど）： {command} --home {home.folder()} demo mail"
    return "\n".join(["", "ページ", *lines, "", papers, letters, "", accounts()])


def accounts() -> str:
    """The accounts with their passwords, as a table for a terminal."""
    known = home.passwords(account.username for account in ACCOUNTS)
    rows = [("利用者ID", "パスワード", "氏名", "職", "できること")]
    rows += [(one.username, known[one.username], one.name, one.post, one.role) for one in ACCOUNTS]
    widths = [max(_width(row[column]) for row in rows) + 2 for column in range(len(rows[0]))]
    lines = ["  " + "".join(map(_padded, row, widths)).rstrip() for row in rows]
    command = sys.argv[0] if Path(sys.argv[0]).name == "yakuba" else "yakuba"
    told = f"{command} --home {home.folder()} demo code 利用者ID"
    return "\n".join(["利用者（すべて架空です）", *lines, "", f"サインインの確認コード： {told}", ""])


def _width(text: str) -> int:
    """Columns in a terminal: Japanese letters take two."""
    return sum(1 if letter.isascii() else 2 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
