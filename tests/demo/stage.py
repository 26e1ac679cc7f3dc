"""A demo's home for a test that starts it: commands for :mod:`tests.children`."""

from __future__ import annotations

from yakuba.demo import cli, ledgers, neighbours, procedures, sample


def load() -> None:
    """The sample town with its plan alone: what else is loaded, and that it is whole, is tried in test_loading.py."""
    for room in (ledgers, neighbours, procedures):
        room.load = lambda *_given: None
    sample._work_off = lambda: None
    cli._prepare()


COMMANDS = {"load": load}
