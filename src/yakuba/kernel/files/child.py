"""The child process of the sandbox: ``python -m yakuba.kernel.files.child``, started by :mod:`.sandbox` alone."""

from __future__ import annotations

import errno
import json
import os
import resource
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any, Final

#: How the process ends when the answer is larger than it may be (`EX_CANTCREAT` of sysexits.h).
TOO_LARGE: Final = 73


def main() -> int:
    """Read one call from stdin, bind ourselves, make the call, write its answer to stdout."""
    call = json.load(sys.stdin.buffer)
    # What the parser prints must not mix with the answer.
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # Messages need Django's settings; this set has no database.
    os.environ["DJANGO_SETTINGS_MODULE"] = "yakuba.kernel.files.words"
    if not call["bare"]:
        import django_stubs_ext

        django_stubs_ext.monkeypatch()
    function: Any = import_module(call["module"])  # Any: whatever module the caller's function lives in
    for name in call["name"].split("."):
        function = getattr(function, name)
    from yakuba.kernel.files import wire

    args = wire.unpack(call["args"])
    _bind(call["seconds"], call["memory"], call["result"])
    out: dict[str, Any]  # Any: JSON
    try:
        out = {"result": wire.pack(function(*args))}  # type: ignore[misc]  # a list was packed
    except MemoryError:
        os.abort()
    except Exception as error:  # noqa: BLE001 – whatever a parser raises; its words may be the document's, and stay here
        if isinstance(error, OSError) and error.errno == errno.EFBIG:  # a file it was given to write to
            return TOO_LARGE
        problems = _problems(error)
        if not problems:
            print(_place(error), file=sys.stderr)
            return 1
        out = {"problems": [_plain(one) for one in problems]}
    try:
        answer.write(json.dumps(out).encode())
        answer.close()
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
        # The buffer is not written once more on the way out.
        os._exit(TOO_LARGE)
    except MemoryError:
        os.abort()
    return 0


def _place(error: BaseException) -> str:
    """What went wrong and where: class, file and line, without the message."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {where}"


def _problems(error: Exception) -> list[Any]:  # Any: Fault or Problem, of modules that are imported late
    """What the parser says to a person, if that is what it raised."""
    from yakuba.kernel.files.wire import Fault

    if isinstance(error, Fault):
        return [error]
    # Whoever raises one has imported it.
    known = sys.modules.get("yakuba.kernel.actions.problem")
    if known is None or not isinstance(error, known.Problem):
        return []
    return list(error.problems) if isinstance(error, known.Problems) else [error]


def _plain(problem: Any) -> dict[str, str]:  # Any: as in _problems
    return {
        "code": problem.code,
        "message": problem.message,
        "field": problem.field,
        "found": problem.found,
        "expected": problem.expected,
    }


def _bind(seconds: int, memory: int, result: int) -> None:
    """From here on nothing more than this. Soft and hard limit are one: the process cannot loosen them."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Processor time counts from the start of the process, and importing has taken some.
    used = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2])) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, used + seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (result, result))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    if sys.platform == "linux":  # elsewhere address space is not limited, or not in this way
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


if __name__ == "__main__":
    sys.exit(main())
