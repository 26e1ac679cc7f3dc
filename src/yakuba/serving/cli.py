"""``yakuba serve``."""

from __future__ import annotations

import argparse
import sys

from yakuba.kernel.access import prepare
from yakuba.serving import assets
from yakuba.serving.processes import Address, demand_free, serve


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = commands.add_parser("serve", help="ウェブサーバーとワーカーを動かす")
    listening(command)
    command.set_defaults(run=_serve)


def listening(command: argparse.ArgumentParser) -> None:
    """The options that say where to listen."""
    command.add_argument("--host", default="127.0.0.1", help="待ち受けるホスト（既定 127.0.0.1）")
    command.add_argument("--port", type=_port, default=8000, help="待ち受けるポート（既定 8000）")


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdigit() else 0
    if not 0 < port < 2**16:
        raise argparse.ArgumentTypeError("1から65535までの番号を指定してください。")
    return port


def _serve(args: argparse.Namespace) -> int:
    address = Address(args.host, args.port)
    demand_free(address)
    prepare.database()
    assets.collect()

    def announce() -> None:
        print(f"{address.origin}/ で動いています。止めるには Ctrl+C を押してください。", file=sys.stderr)

    return serve(address, announce=announce)
