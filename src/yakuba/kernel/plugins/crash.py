"""Named points at which a test kills the process, to prove that nothing acknowledged is lost.

``YAKUBA_CRASH_AT=outbox.before-done`` kills at the first passing of that point, ``…:3`` at the third. A process that lives longer
than one test is told by a file instead: ``YAKUBA_CRASH_FILE`` names it, it holds the name of a point, and it is gone when the
process dies there. Without the variables a point does nothing. SIGKILL leaves no chance to tidy up: what remains is what a power
cut would leave.
"""

import os
import signal
from pathlib import Path

_passed: dict[str, int] = {}


def point(name: str) -> None:
    """Die here when the environment asks for it. Names are ``room.where``."""
    if wanted := os.environ.get("YAKUBA_CRASH_AT"):
        at, _, count = wanted.partition(":")
        if at == name:
            _passed[name] = _passed.get(name, 0) + 1
            if _passed[name] == int(count or 1):
                _die()
    if file := os.environ.get("YAKUBA_CRASH_FILE"):
        _die_when_told(Path(file), name)


def _die_when_told(file: Path, name: str) -> None:
    try:
        if file.read_text("utf-8") != name:
            return
        # Whoever takes the file away dies, and nobody else: one order, one death.
        file.unlink()
    except FileNotFoundError:
        return
    _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
