"""A home of its own, and the processes in it: never the operator's home, never the operator's database."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from django.conf import settings

START_SECONDS = 60.0


@contextmanager
def own_home(name: str) -> Iterator[Path]:
    """A new folder below the operator's home, gone at the end."""
    folder = Path(settings.HOME) / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = Path(tempfile.mkdtemp(dir=folder))
    try:
        yield own
    finally:
        shutil.rmtree(own, ignore_errors=True)


def environment(home: Path, database: str, **more: str) -> dict[str, str]:
    """What a process in that home knows: one proxy stands in front of it, and mails become files."""
    given = {key: value for key, value in os.environ.items() if not key.startswith("YAKUBA_")}
    kept = {key: os.environ[key] for key in ("YAKUBA_WEB_WORKERS", "YAKUBA_WEB_THREADS") if key in os.environ}
    return {
        **given,
        **kept,
        "YAKUBA_HOME": str(home),
        "YAKUBA_DATABASE_URL": database,
        "YAKUBA_FACE": "all",
        "YAKUBA_PROXIES": "1",
        "YAKUBA_MAIL_URL": f"file://{home / 'mails'}",
        "YAKUBA_MAIL_FROM": "noreply@mihon.example.jp",
        **more,
    }


def again(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run this program anew and return its exit code."""
    command = [sys.executable, "-m", "yakuba.cli", *arguments]
    return subprocess.run(command, env=dict(environment), check=False).returncode  # noqa: S603 – this program again


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listening(port: int) -> bool:
    """Whether somebody accepts connections there."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


class Process:
    """A child that ends with this process, together with its own children."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        # A group of its own: its children are ended with it.
        self._running = subprocess.Popen(  # noqa: S603 – our own commands
            list(command), env=dict(environment), stdin=subprocess.DEVNULL, start_new_session=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def await_port(self, port: int) -> None:
        """Until it listens. RuntimeError when it ends or takes too long."""
        end = time.monotonic() + START_SECONDS
        while not listening(port):
            if self._running.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the web server did not start")
            time.sleep(0.05)

    def alive(self) -> bool:
        """Whether it still runs."""
        return self._running.poll() is None

    def end(self) -> None:
        """Ask it to stop, then stop it."""
        if self._running.poll() is None:
            self._running.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._running.wait(20)
        with suppress(ProcessLookupError):
            os.killpg(self._running.pid, 9)
        self._running.wait()
