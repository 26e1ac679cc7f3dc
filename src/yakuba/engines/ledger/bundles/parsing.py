"""The files of an archive, read where it can do no harm: no Django apps, no database, no module that knows either."""

from __future__ import annotations

import os
from typing import Final

from yakuba.engines.places.formats.archive import members
from yakuba.kernel.files.wire import Wire, bare

_NAME: Final = 400


@bare
def unpacked(path: str, target: int, most: int) -> list[Wire]:
    """Write the files of an archive one after another to an open file; of each its path, where it begins there and how long it is.

    The first ``most`` are written, the length of those beyond is -1. Raises :class:`~yakuba.kernel.files.wire.Fault`.
    """
    found: list[Wire] = []
    with members(path) as archive, os.fdopen(os.dup(target), "wb") as out:
        at = 0
        for place in archive.paths():
            name = str(place)[-_NAME:]
            if len(found) >= most:
                found.append([name, at, -1])
                continue
            data = archive.read(place)
            out.write(data)
            found.append([name, at, len(data)])
            at += len(data)
    return found
