"""What a file may be before any parser opens it (MECHANISMS §8)."""

from __future__ import annotations

import io
from typing import BinaryIO

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.files.archives import LIMITS, MB, Limits, Refused, check_archive
from yakuba.kernel.files.content import HEAD, is_zip


def check(stream: BinaryIO, limits: Limits = LIMITS) -> int:
    """The size in bytes of a seekable stream that keeps the limits; the stream is left at its beginning.

    Raises :class:`Problem`. An archive is judged by its directory alone: what its entries really unpack to is bounded by the
    sandbox that the parser runs in.
    """
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if size == 0:
        raise Problem(
            "file_empty", _("ファイルが空です（0バイト）。中身のあるファイルを選んでください。"), found="0"
        )
    if size > limits.size:
        raise Problem(
            "file_too_large",
            _("ファイルが大きすぎます（%(found)s）。%(most)sまでにしてください。")
            % {"found": in_mb(size), "most": in_mb(limits.size)},
            found=str(size),
            expected=str(limits.size),
        )
    head = stream.read(HEAD)
    stream.seek(0)
    if is_zip(head):
        try:
            check_archive(stream, size, limits)
        except Refused as refused:
            raise _problem(refused, limits) from refused
        stream.seek(0)
    return size


def in_mb(size: int) -> str:
    """A size for a person, rounded up so that what is refused never reads as what is allowed."""
    return f"{-(-size * 10 // MB) / 10:g}MB"


def _problem(refused: Refused, limits: Limits) -> Problem:
    if refused.fault == "encrypted":
        return Problem(
            "file_encrypted",
            _("パスワードが付いたファイルは読めません。パスワードを外してから選んでください。"),
        )
    if refused.fault == "nested":
        return Problem(
            "file_nested",
            _("圧縮ファイルの中に圧縮ファイル「%s」があります。取り出してから選んでください。")
            % refused.name,
            found=refused.name,
        )
    if refused.fault == "entries":
        return Problem(
            "file_entries",
            _("圧縮ファイルの中の項目が多すぎます。%d個までにしてください。") % limits.entries,
            found=str(refused.found),
            expected=str(limits.entries),
        )
    if refused.fault == "broken":
        return Problem(
            "file_broken",
            _("ファイルが壊れているか、途中で切れています。元のファイルを選び直してください。"),
        )
    found = {
        "overlap": _("項目が重なっています"),
        "unpacked": _("展開すると%sになります") % in_mb(refused.found),
        "ratio": _("展開すると%d倍になります") % refused.found,
        "directory": _("目次が大きすぎます"),
    }[refused.fault]
    return Problem(
        "file_bomb",
        _("圧縮の仕方が普通ではないため、開きません（%s）。保存し直したファイルを選んでください。") % found,
        found=found,
    )
