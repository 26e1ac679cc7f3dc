"""Named points at which a test kills the process, to prove that nothing acknowledged is lost.

``YAKUBA_CRASH_AT=outbox.before-done`` kills at the first passing of that point, ``…:3`` at the third. Without the variable a
point does nothing. SIGKILL leaves no chance to tidy up: what remains is what a power cut would leave.
"""

import os
import signal

_passed: dict[str, int] = {}


def point(name: str) -> None:
    """Die here when the environment asks for it. Names are ``room.where``."""
    wanted = os.environ.get("YAKUBA_CRASH_AT")
    if not wanted:
        return
    at, _, count = wanted.partition(":")
    if at != name:
        return
    _passed[name] = _passed.get(name, 0) + 1
    if _passed[name] == int(count or 1):
        os.kill(os.getpid(), signal.SIGKILL)
