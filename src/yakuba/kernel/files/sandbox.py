"""Running a parser where it can do no harm: in a child process with little time, little memory and no secrets.

``read(function, *args)`` calls a module-level function there. Arguments and result are what :mod:`.wire` can carry (JSON, dates,
decimals): a child that was taken over by a hostile file can answer with wrong data, but run nothing here. Bytes go in and out by
open files without a name, of which nothing remains when a process is killed.
"""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem, Problems
from yakuba.kernel.files import child, wire
from yakuba.kernel.files.wire import Wire

_log = logging.getLogger(__name__)
_SOURCE: Final = str(Path(__file__).resolve().parents[3])
_STARTING: Final = 20  # seconds for the interpreter itself on a busy machine
MB: Final = 1024 * 1024
#: What :mod:`.child` says of an exception: its class and the places in the source, no message.
_PLACE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,80} at [A-Za-z0-9_.<>: ]{0,300}")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one run may use: processor seconds, memory, and size of its result."""

    seconds: int = 30
    memory: int = 1024 * MB
    result: int = 200 * MB


BOUNDS: Final = Bounds()


def read(
    function: Callable[..., Wire], *args: Wire, bounds: Bounds = BOUNDS, files: Iterable[BinaryIO] = ()
) -> Wire:
    """The function's result. Raises :class:`Problem`: the function's own, or what it ran into.

    The child has no database, no environment of ours and Japanese messages; it reads files that its arguments name: by their path,
    or by the number (``fileno()``) of one of ``files``, which it shares with us, place in the file included. What it writes there
    is bounded by ``bounds.result`` too.
    """
    call = {
        "module": function.__module__,
        "name": function.__qualname__,
        "bare": function in wire.BARE,
        "args": wire.pack(list(args)),
        "seconds": bounds.seconds,
        "memory": bounds.memory,
        "result": bounds.result,
    }
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        try:
            done = subprocess.run(
                [sys.executable, "-P", "-m", "yakuba.kernel.files.child"],
                input=json.dumps(call).encode(),
                stdout=output,
                stderr=errors,
                env=_environment(),
                timeout=bounds.seconds + _STARTING,
                check=False,
                pass_fds=[file.fileno() for file in files],
            )
            status = done.returncode
        except subprocess.TimeoutExpired:
            status = -signal.SIGXCPU
        output.seek(0)
        errors.seek(0)
        answer = output.read(bounds.result)
        said = _said(errors.read(4000).decode("utf-8", "replace"))
    if status != 0:
        _log.warning("parser %s ended with %s: %s", function.__qualname__, status, said)
        raise _ended(status)
    try:
        kept = json.loads(answer)
        if "problems" in kept:
            raise _problem(kept["problems"])
        return wire.unpack(kept["result"])
    except (ValueError, KeyError, TypeError, RecursionError) as exc:
        _log.warning("parser %s gave no answer: %s", function.__qualname__, said)
        raise unreadable() from exc


def _environment() -> dict[str, str]:
    """Nothing of ours: no keys, no database address. The path makes an uninstalled checkout work."""
    path = os.pathsep.join(dict.fromkeys([_SOURCE, *filter(None, sys.path)]))
    return {"PYTHONPATH": path, "PYTHONUTF8": "1", "LANG": "C.UTF-8", "PATH": os.defpath}


def _said(text: str) -> str:
    """The child's own line of its errors: what else a parser wrote may be the document's words, which no log keeps."""
    return next((line for line in text.splitlines() if _PLACE.fullmatch(line)), "")


def _ended(status: int) -> Problem:
    if status in {-signal.SIGXCPU, -signal.SIGKILL}:
        return Problem(
            "file_slow", _("ファイルを読むのに時間がかかりすぎるため、中止しました。小さく分けてください。")
        )
    if status in {child.TOO_LARGE, -signal.SIGXFSZ}:
        return Problem(
            "file_long",
            _("ファイルから読み取った内容が多すぎるため、中止しました。小さく分けてください。"),
        )
    if status in {-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS}:
        return Problem(
            "file_heavy",
            _("ファイルを読むのに必要な記憶域が大きすぎるため、中止しました。小さく分けてください。"),
        )
    return unreadable()


def unreadable() -> Problem:
    """What is said of a file that no parser can follow, or whose parser gave a senseless answer."""
    return Problem(
        "file_unreadable",
        _("ファイルを読み取れません。壊れていないか、別の種類のファイルでないか確かめてください。"),
    )


def _problem(kept: list[dict[str, str]]) -> Problem:
    found = [
        Problem(one["code"], one["message"], field=one["field"], found=one["found"], expected=one["expected"])
        for one in kept
    ]
    return found[0] if len(found) == 1 else Problems(found)
