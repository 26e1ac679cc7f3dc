"""Binding several PDFs into one: a day's submissions as one paper."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from typing import Final

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.files import limits, sandbox
from yakuba.kernel.files.archives import MB
from yakuba.kernel.files.sandbox import Bounds
from yakuba.kernel.files.wire import Wire

#: What the parts may have together, in bytes.
MAX_BYTES: Final = 200 * MB
_BOUNDS: Final = Bounds(seconds=120, memory=2048 * MB, result=400 * MB)


def merge_pdfs(parts: Sequence[bytes], titles: Sequence[str] = ()) -> bytes:
    """One PDF of the parts in their order, with a bookmark at each part's first page: its title, or its number from 1.

    The same parts and titles give the same bytes. Parts are ours, or were taken by :mod:`.uploads`; what a screen reader knows of
    their structure stays in the parts and does not go over. Raises :class:`Problem` for a part that cannot be bound, and for more
    than :data:`MAX_BYTES`; ValueError for no parts, or for titles that are not one a part.
    """
    # pypdf does its work in the child; here it would only make every start slower.
    from yakuba.kernel.files.parsers import binding

    return _bound(binding.bind, parts, titles)


def append_pdfs(front: bytes, parts: Sequence[bytes], titles: Sequence[str]) -> bytes:
    """One PDF of ``front``, which is ours, and the parts behind it, each with a bookmark at its first page.

    What a screen reader knows of the structure of ``front`` stays, that of the parts does not go over. The pages of the parts bear their
    number in the whole at their foot («7 / 12»). Raises as :func:`merge_pdfs` does.
    """
    from yakuba.kernel.files.parsers import binding

    return _bound(binding.bind_behind, [front, *parts], ["", *titles]) if parts else front


def demand_room(size: int) -> None:
    """Refuse what is too large together, in bytes: asked before anything is read into memory. Raises :class:`Problem`."""
    if size > MAX_BYTES:
        raise Problem(
            "file_too_large",
            _("束ねるPDFが大きすぎます（合わせて%(found)s）。%(most)sまでに分けてください。")
            % {"found": limits.in_mb(size), "most": limits.in_mb(MAX_BYTES)},
            found=str(size),
            expected=str(MAX_BYTES),
        )


def _bound(
    how: Callable[[int, list[int], list[str], int], Wire], parts: Sequence[bytes], titles: Sequence[str]
) -> bytes:
    if not parts or (titles and len(titles) != len(parts)):
        raise ValueError("one title a part is expected, and at least one part")
    demand_room(sum(len(part) for part in parts))
    named = list(titles) or [str(number) for number in range(1, len(parts) + 1)]
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
        for part in parts:
            source.write(part)
        source.seek(0)
        facts = sandbox.read(
            how,
            source.fileno(),
            [len(part) for part in parts],
            named,
            target.fileno(),
            bounds=_BOUNDS,
            files=(source, target),
        )
        fault = facts.get("fault") if isinstance(facts, dict) else None
        if isinstance(fault, int) and 0 <= fault < len(named):
            raise Problem(
                "file_unreadable",
                _("%(number)d番目の「%(title)s」は、PDFとして読めないため束ねられません。")
                % {"number": fault + 1, "title": named[fault]},
                found=named[fault],
            )
        target.seek(0)
        bound = target.read()
    if not bound.startswith(b"%PDF-"):
        raise sandbox.unreadable()
    return bound
