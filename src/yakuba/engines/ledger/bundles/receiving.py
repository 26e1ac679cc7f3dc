"""What somebody sends as photos and papers of many entries: files, or archives of them. Nothing is looked into before the limits are."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, BinaryIO, Final, cast

from django.utils.translation import gettext as _

from yakuba.engines.ledger.bundles.parsing import unpacked
from yakuba.kernel.actions import Problem
from yakuba.kernel.files import limits, sandbox
from yakuba.kernel.files import store as files
from yakuba.kernel.files.content import ZIP, content_type
from yakuba.kernel.files.sandbox import MB, Bounds
from yakuba.kernel.text.my_number import hide

#: The most files of one bundle: more than an office scans in a day, and their rows are one short transaction.
MOST: Final = 300
_BOUNDS: Final = Bounds(seconds=60, memory=1024 * MB, result=500 * MB)


@dataclass(frozen=True, slots=True)
class Sent:
    """One file: its path as it was named, its digest in the store, or why it could not be received."""

    path: str
    sha256: str = ""
    trouble: str = ""


def received(streams: Sequence[tuple[str, IO[bytes]]]) -> list[Sent]:
    """Put each file into the store, those of an archive one by one. A file that is refused is told, and keeps the others from nothing.

    Raises :class:`Problem` for an archive that keeps no limits, and for more than :data:`MOST` files.
    """
    found: list[Sent] = []
    for name, stream in streams:
        given = cast("BinaryIO", stream)
        if _is_archive(given):
            found += _of_archive(name, given, MOST + 1 - len(found))
        else:
            found.append(_put(name, given))
    if len(found) > MOST:
        raise Problem(
            "too_many",
            _("1回に受け取れるファイルは%(most)d個までです（%(found)d個ありました）。分けて選んでください。")
            % {"most": MOST, "found": len(found)},
            field="files",
            found=str(len(found)),
            expected=str(MOST),
        )
    if not found:
        raise Problem("empty", _("圧縮ファイルの中にファイルがありません。"), field="files", found="0")
    return found


def _is_archive(stream: BinaryIO) -> bool:
    if stream.seek(0, io.SEEK_END) == 0:
        return False
    limits.check(stream)
    return content_type(stream) == ZIP


def _put(path: str, stream: BinaryIO) -> Sent:
    shown = _shown(path)
    try:
        stream.seek(0)
        return Sent(shown, files.put(stream))
    except Problem as problem:
        return Sent(shown, trouble=problem.message[:400])


def _shown(path: str) -> str:
    """A path as a person may see it: nothing that turns or breaks its line, and no 個人番号."""
    return hide("".join(sign for sign in path if sign.isprintable()))[-400:]


def _of_archive(name: str, stream: BinaryIO, most: int) -> Iterator[Sent]:
    """The files of an archive; the parser runs in the sandbox on a private copy, and writes them to a file without a name."""
    with tempfile.NamedTemporaryFile(prefix="yakuba-bundle-") as copy, tempfile.TemporaryFile() as out:
        stream.seek(0)
        shutil.copyfileobj(stream, copy)
        copy.flush()
        told = sandbox.read(unpacked, copy.name, out.fileno(), most, bounds=_BOUNDS, files=(out,))
        if not isinstance(told, list):
            raise sandbox.unreadable()
        size = out.seek(0, io.SEEK_END)
        for one in told:
            path, at, length = _place(one)
            if length < 0:
                yield Sent(_shown(path))
                continue
            if at + length > size:
                raise sandbox.unreadable()
            out.seek(at)
            yield _put(path, io.BytesIO(out.read(length)))


def _place(told: object) -> tuple[str, int, int]:
    """What the child says of one file; only what can be true, for it has read a stranger's archive."""
    match told:
        case [str() as path, int() as at, int() as length] if at >= 0 and length >= -1:
            return path, at, length
    raise sandbox.unreadable()
