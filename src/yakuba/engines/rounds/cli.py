"""``yakuba bench year``."""

from __future__ import annotations

import argparse

from yakuba.engines.rounds.bench import command as bench


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the room's command."""
    bench.register(commands)
