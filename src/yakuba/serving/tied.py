"""Starts a program that ends with its parent: `python -m yakuba.serving.tied PARENT PROGRAM ARGUMENT…`.

A killed `yakuba serve` cannot tell its children anything. Left behind, they would keep the port and the worker's lock, and the
next start would fail. Linux tells them in its stead; other systems have no such call, and there the program simply runs.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # <sys/prctl.h>; it survives execve()


def main(arguments: list[str]) -> None:
    """Become the program. ``arguments``: the parent's process id, the program, its arguments."""
    parent, program = int(arguments[0]), arguments[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            sys.exit(1)  # it died before it could be noticed
    os.execv(program[0], program)  # noqa: S606 – the program is named by our own code


if __name__ == "__main__":
    main(sys.argv[1:])
