"""``yakuba bench reading``: how long plan documents take to read, and how much memory, each in the sandbox as an import is."""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, cast

import yakuba
from yakuba.kernel.actions import Problem
from yakuba.kernel.files import sandbox
from yakuba.kernel.files.wire import Wire
from yakuba.services.plan.parsing import read_path
from yakuba.services.plan.reading.containers import open_paper
from yakuba.services.plan.reading.unreadable import Unreadable

SECONDS: Final = 10.0
"""All documents together are read in less."""
MEMORY: Final = 500.0
"""No process that reads them grows beyond so many megabytes."""

_PACKAGE: Final = Path(yakuba.__file__).resolve().parent
#: The documents of real cities lie beside a checkout; where they are missing, the invented ones of the demo are read.
_REAL: Final = _PACKAGE.parents[2] / "shared" / "plans"
_INVENTED: Final = _PACKAGE / "demo" / "data"


@dataclass(frozen=True, slots=True)
class Read:
    """One document: seconds and megabytes to read it, and to do nothing but start, open it and make blocks of it (bare)."""

    name: str
    bytes: int
    seconds: float
    peak_mb: float
    bare_seconds: float
    bare_mb: float
    editions: int
    initiatives: int
    problem: str = ""


def register(benches: Any) -> None:  # Any: argparse names the type only privately
    """Add ``bench reading``."""
    parser = benches.add_parser("reading", help="計画の文書を読み取る時間と記憶域を測る")
    parser.add_argument(
        "files", nargs="*", metavar="FILE", type=Path, help="文書（省略時：実在の計画の文書、なければ見本）"
    )
    parser.add_argument("--json", action="store_true", help="結果を JSON で出す")
    parser.set_defaults(run=_run)


def documents() -> list[Path]:
    """What is read when no file is named."""
    for folder in (_REAL, _INVENTED):
        if found := sorted(folder.glob("*.txt")):
            return found
    return []


def measure(path: Path) -> Read:
    """Read one document twice, each time in a process of its own: whole, and bare. OSError where it cannot be opened."""
    size = path.stat().st_size
    bare, bare_seconds = _timed(_bare, path)
    whole, seconds = _timed(_whole, path)
    return Read(
        name=path.name,
        bytes=size,
        seconds=seconds,
        peak_mb=whole.get("peak", 0.0),
        bare_seconds=bare_seconds,
        bare_mb=bare.get("peak", 0.0),
        editions=whole.get("editions", 0),
        initiatives=whole.get("initiatives", 0),
        problem=whole.get("problem", ""),
    )


def _timed(function: Any, path: Path) -> tuple[dict[str, Any], float]:  # Any: JSON from a child
    begun = time.perf_counter()
    try:
        found = cast("dict[str, Any]", sandbox.read(function, str(path.resolve()), path.name))
    except Problem as problem:
        found = {"problem": problem.message}
    return found, round(time.perf_counter() - begun, 3)


def _whole(path: str, name: str) -> Wire:
    """Runs in the child: what an import does."""
    forms = read_path(path, name, "000000", "")
    return {
        "editions": len(forms),
        "initiatives": sum(len(form["initiatives"]) for form in forms),
        "peak": peak(),
    }


def _bare(path: str, name: str) -> Wire:
    """Runs in the child: opens the file and makes blocks of it, reads nothing."""
    try:
        open_paper(Path(path).read_bytes(), name)
    except Unreadable as unreadable:
        return {"problem": unreadable.message, "peak": peak()}
    return {"peak": peak()}


def peak() -> float:
    """The most memory that this process has held, in megabytes.

    Linux counts into `ru_maxrss` what the parent held before this program was started in its place; the high-water mark of the
    process itself does not.
    """
    try:
        status = Path("/proc/self/status").read_text("ascii")
        kilobytes = int(status.partition("VmHWM:")[2].split()[0])
    except (OSError, ValueError, IndexError):
        kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (
            1024 if sys.platform == "darwin" else 1
        )
    return round(kilobytes / 1024, 1)


def _run(args: argparse.Namespace) -> int:
    paths = args.files or documents()
    if not paths:
        raise Problem("files", "読み取る文書がありません。ファイルを指定してください。", field="files")
    try:
        found = [measure(path) for path in paths]
    except OSError as error:
        raise Problem(
            "files", f"ファイルを開けません（{error.filename}）。", field="files", found=str(error.filename)
        ) from error
    holds = _holds(found)
    if args.json:
        total = {**_total(found), "bar_seconds": SECONDS, "bar_mb": MEMORY, "holds": holds}
        cases = [asdict(one) for one in found]
        print(json.dumps({"cases": cases, "total": total}, ensure_ascii=False, indent=1))
    else:
        _tell(found, holds=holds)
    return 0 if holds else 1


def _total(found: Sequence[Read]) -> dict[str, float]:
    """Seconds of all documents, one after the other; the memory of the largest."""
    return {
        "seconds": round(sum(one.seconds for one in found), 3),
        "peak_mb": max(one.peak_mb for one in found),
        "bare_seconds": round(sum(one.bare_seconds for one in found), 3),
        "bare_mb": max(one.bare_mb for one in found),
    }


def _holds(found: Sequence[Read]) -> bool:
    total = _total(found)
    return total["seconds"] < SECONDS and total["peak_mb"] < MEMORY and not any(one.problem for one in found)


def _tell(found: Sequence[Read], *, holds: bool) -> None:
    print(f"{'document':<24}{'kB':>8}{'s':>8}{'MB':>8}{'bare s':>8}{'bare MB':>9}{'plans':>7}{'rows':>6}")
    for one in found:
        print(
            f"{one.name:<24}{one.bytes / 1024:>8.0f}{one.seconds:>8.2f}{one.peak_mb:>8.1f}"
            f"{one.bare_seconds:>8.2f}{one.bare_mb:>9.1f}{one.editions:>7}{one.initiatives:>6}  {one.problem}".rstrip()
        )
    total = _total(found)
    print(
        f"{'total':<24}{'':>8}{total['seconds']:>8.2f}{total['peak_mb']:>8.1f}{total['bare_seconds']:>8.2f}"
        f"{total['bare_mb']:>9.1f}   < {SECONDS:.0f} s, < {MEMORY:.0f} MB  {'ok' if holds else 'NG'}"
    )
