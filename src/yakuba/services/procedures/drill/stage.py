"""The web server and the worker of the drill: `python -m yakuba.services.procedures.drill.stage web PORT` or `… worker`.

Each is the product's own. This process loads the program once and starts it anew from memory when it was killed: a start from the
disk takes seconds, and a thousand of them most of an hour. The worker looks for work twenty times a second instead of once.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Final

from django.conf import settings
from django.core.wsgi import get_wsgi_application

_PR_SET_PDEATHSIG: Final = 1  # <sys/prctl.h>
#: File in the home that names the process group now at work, to be killed as a whole.
PID: Final = "{}.pid"
_WORKER_IDLE = 0.05
_WORKER_SEAL = 0.5


def main(arguments: list[str]) -> None:
    """Start one kind of process again and again until told to stop."""
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yakuba.settings")
    get_wsgi_application()
    from yakuba.kernel.plugins.settling import settle

    settle()
    what = arguments[0]
    run = (lambda: _web(int(arguments[1]))) if what == "web" else _worker
    _again(what, run)


def _again(what: str, run: Callable[[], None]) -> None:
    """Start it, and again whenever it ends, until this process is told to stop or loses its parent."""
    note = Path(settings.HOME) / PID.format(what)
    child = 0

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if child:
            os.killpg(child, signal.SIGKILL)
        os._exit(0)

    _tie()
    signal.signal(signal.SIGTERM, stop)
    while True:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            _own_group(0)
            _tie()
            _run(run)
        _own_group(child)
        fresh = note.with_suffix(".new")
        fresh.write_text(str(child), "ascii")
        fresh.replace(note)
        os.waitpid(child, 0)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # what it left behind


def _own_group(process: int) -> None:
    """Make a process the head of a group; parent and child both do so, since neither knows who comes first."""
    with contextlib.suppress(OSError):
        os.setpgid(process, process)


def _tie() -> None:
    """Have Linux stop this process when its parent dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _run(run: Callable[[], None]) -> None:
    code = 1
    try:
        run()
        code = 0
    except SystemExit:
        pass
    finally:
        sys.stderr.flush()
        os._exit(code)


def _web(port: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # The product's application by its setting: services stand below the module that makes it.
    target = settings.WSGI_APPLICATION or ""
    module, _dot, name = target.rpartition(".")
    Granian(
        f"{module}:{name}",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.WEB_THREADS,
        websockets=False,
        log_enabled=False,
        log_level=LogLevels.critical,
    ).serve()


def _worker() -> None:
    from yakuba.kernel.outbox import store, worker

    worker.IDLE_SECONDS = _WORKER_IDLE
    worker.SEAL_SECONDS = _WORKER_SEAL
    # This is the only worker, and the one before it is dead.
    store.reap(all_leases=True)
    worker.Worker().run()


if __name__ == "__main__":
    main(sys.argv[1:])
