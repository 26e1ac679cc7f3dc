"""``yakuba procedures``, ``yakuba bench procedures`` and ``yakuba drill crash``."""

from __future__ import annotations

import argparse

from yakuba.services.procedures.bench import command as bench
from yakuba.services.procedures.designing import cli as designing
from yakuba.services.procedures.drill import command as drill


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the room's commands."""
    designing.register(commands)
    bench.register(commands)
    drill.register(commands)
