"""The processes of one installation: web server and worker, started together, stopped together."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from django.conf import settings

from yakuba.kernel.actions import Problem

POLL_SECONDS = 0.2
_REASONS = {
    errno.EADDRINUSE: "ほかのプログラムが使っています",
    errno.EACCES: "この番号を使う権限がありません",
    errno.EADDRNOTAVAIL: "このコンピューターにないホストです",
}
STOP_SECONDS = 20.0
"""How long running requests and the running piece of work may take to finish."""


@dataclass(frozen=True)
class Address:
    """Where the web server listens."""

    host: str
    port: int

    @property
    def origin(self) -> str:
        """What a browser on this machine calls it."""
        name = "localhost" if self.host in {"127.0.0.1", "::1", "0.0.0.0", "::", ""} else self.host  # noqa: S104 – compared, not bound
        return f"http://[{name}]:{self.port}" if ":" in name else f"http://{name}:{self.port}"

    @property
    def reachable(self) -> tuple[str, int]:
        """What this machine connects to."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host), self.port  # noqa: S104 – compared


def demand_free(address: Address) -> None:
    """Raises :class:`Problem` when the address cannot be listened on.

    The web server shares its port among its processes, so that a second server would start beside the first without a word.
    """
    try:
        found = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        family, kind, protocol, _name, where = found[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
            probe.listen(1)
    except socket.gaierror:
        raise Problem(
            "host", f"ホスト {address.host} が見つかりません。", field="host", found=address.host
        ) from None
    except OSError as error:
        why = _REASONS.get(error.errno or 0, error.strerror or "")
        raise Problem(
            "port",
            f"{address.host}:{address.port} で待ち受けられません：{why}。--port で別の番号を指定してください。",
            field="port",
            found=str(address.port),
        ) from error


def web_command(address: Address) -> list[str]:
    """The web server."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", address.host, "--port", str(address.port)),
        *("--workers", str(settings.WEB_WORKERS), "--blocking-threads", str(settings.WEB_THREADS)),
        *("--respawn-failed-workers", "--no-ws", "--log-level", "warning"),
        "yakuba.wsgi:application",
    ]


def worker_command() -> list[str]:
    """The one worker."""
    return [sys.executable, "-m", "yakuba.cli", "worker"]


class Processes:
    """Children that live and die together with this process."""

    def __init__(self, commands: Mapping[str, Sequence[str]], environment: Mapping[str, str]) -> None:
        self.commands = commands
        self.environment = environment
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.stop = threading.Event()

    def run(self, ready: Callable[[], bool], announce: Callable[[], None]) -> int:
        """Start all, say so once they are ``ready``, and wait until told to stop (0) or one ends by itself (1)."""
        with self._listening():
            try:
                for name, command in self.commands.items():
                    self.running[name] = self._start(command)
                return self._watch(ready, announce)
            finally:
                self._end()

    def _start(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        tied = [sys.executable, "-m", "yakuba.serving.tied", str(os.getpid()), *command]
        # A group of its own: Ctrl+C reaches this process alone, which stops the others in order.
        return subprocess.Popen(tied, env=dict(self.environment), stdin=subprocess.DEVNULL, process_group=0)  # noqa: S603 – our own commands

    def _watch(self, ready: Callable[[], bool], announce: Callable[[], None]) -> int:
        announced = False
        while not self.stop.wait(POLL_SECONDS):
            for name, process in self.running.items():
                status = process.poll()
                if status is not None:
                    print(f"{name}が止まりました（終了コード {status}）。全体を止めます。", file=sys.stderr)
                    return 1
            if not announced and ready():
                announced = True
                announce()
        return 0

    def _end(self) -> None:
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        end = time.monotonic() + STOP_SECONDS
        for process in self.running.values():
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @contextmanager
    def _listening(self) -> Iterator[None]:
        def told(_signal: int, _frame: FrameType | None) -> None:
            self.stop.set()

        before = {number: signal.signal(number, told) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def answers(address: Address) -> bool:
    """Whether somebody accepts connections there."""
    try:
        with socket.create_connection(address.reachable, timeout=1):
            return True
    except OSError:
        return False


def serve(
    address: Address,
    *,
    announce: Callable[[], None],
    environment: Mapping[str, str] | None = None,
) -> int:
    """Serve until SIGTERM or SIGINT; exit code 0, or 1 when a process ended by itself.

    ``environment`` is added to that of this process. Raises :class:`Problem` for an address that is taken.
    """
    demand_free(address)
    commands = {"ウェブサーバー": web_command(address), "ワーカー": worker_command()}
    return Processes(commands, {**os.environ, **(environment or {})}).run(lambda: answers(address), announce)
