"""Processes that tests kill or race: forked from one that has read the program once, each with a home and a database of its own.

Reading the program takes longer than most of what these processes do. The one that they are forked from opens no database.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests import nights

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["tests.warm"])


class Child:
    """A process that runs a command of a stage: a module with a table ``COMMANDS``. What it says goes into files of ``folder``."""

    def __init__(
        self,
        stage: str,
        arguments: tuple[str, ...],
        environment: Mapping[str, str],
        folder: Path,
        umask: int = 0o022,
    ) -> None:
        number = len(list(folder.glob("said-*")))
        self.arguments = arguments
        self._out, self._err = folder / f"said-{number}.out", folder / f"said-{number}.err"
        for path in (self._out, self._err):
            path.touch()
        self._process = _FORKING.Process(
            target=_run,
            args=(stage, arguments, dict(environment), str(self._out), str(self._err), umask),
        )
        self._process.start()

    @property
    def returncode(self) -> int | None:
        """As of :mod:`subprocess`: the exit code, minus the signal's number, or none while it runs."""
        return self._process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def kill(self) -> None:
        """End it now, if it still runs."""
        self._process.kill()
        self._process.join()

    def wait(self, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Its end, and what it said. TimeoutError when it does not end."""
        self._process.join(timeout)
        if self.returncode is None:
            self.kill()
            raise TimeoutError(f"{self.arguments} did not end: {self._err.read_text()}")
        return subprocess.CompletedProcess(
            self.arguments, self.returncode, self._out.read_text(), self._err.read_text()
        )


def run_yakuba(
    *arguments: str, home: Path, folder: Path, umask: int = 0o022, **more: str
) -> subprocess.CompletedProcess[str]:
    """`yakuba …` to its end, in that home and on SQLite; what it says goes into files of ``folder``, which is not the home."""
    environment = {**os.environ, "YAKUBA_HOME": str(home), "YAKUBA_DATABASE_URL": "", **more}
    return Child(__name__, ("yakuba", *arguments), environment, folder, umask).wait(540)


def _yakuba(*arguments: str) -> None:
    sys.exit(importlib.import_module("yakuba.cli").main(arguments))


COMMANDS = {"yakuba": _yakuba}


def _run(
    stage: str, arguments: tuple[str, ...], environment: dict[str, str], out: str, err: str, umask: int
) -> None:
    """In the child: another home and another place to speak to, then the command."""
    os.umask(umask)
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_APPEND), number)
    sys.stdout, sys.stderr = (open(number, "w", closefd=False) for number in (1, 2))  # noqa: SIM115 – they stay open
    os.environ.clear()
    os.environ.update(environment)
    _settle()
    command, *rest = arguments
    acted = importlib.import_module(stage)
    if not getattr(acted, "NIGHTS", False):
        from yakuba.kernel.outbox.schedules import SCHEDULES

        for key in nights.LONG:
            SCHEDULES.pop(key, None)
    acted.COMMANDS[command](*rest)


def _settle() -> None:
    """The settings as they are in this environment, and nothing that was opened under the former ones."""
    from django.conf import settings
    from django.core.cache import caches
    from django.db import connections

    import yakuba.settings

    anew = importlib.reload(yakuba.settings)
    for name in dir(anew):
        if name.isupper():
            setattr(settings, name, getattr(anew, name))
    for handler in (connections, caches):
        for alias in [name for name in handler if hasattr(handler._connections, name)]:
            assert getattr(handler[alias], "connection", None) is None, "opened before the fork"
            del handler[alias]
        vars(handler).pop("settings", None)
        handler._settings = None
