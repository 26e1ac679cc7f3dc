"""Containers: bytes of a file to the one block model (:mod:`yakuba.services.plan.reading.blocks`)."""

from __future__ import annotations

from pathlib import PureWindowsPath

from yakuba.services.plan.reading.blocks import Paper

from . import text


def open_paper(data: bytes, name: str) -> Paper:
    """What is printed in a file, by the kind that its first bytes show. Raises `Unreadable`.

    `name` is the file's name as it came; only its last part is kept. Time and memory are bounded by the containers' limits.
    """
    # Browsers and operators may hand over a whole path; only the name is the document's.
    file = PureWindowsPath(name).name or "document"
    return text.read(data, file)
