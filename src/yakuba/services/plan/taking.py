"""Reading a document that came from outside: what the command line, the API and the worker share."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from yakuba.kernel.files import sandbox
from yakuba.services.plan.elsewhere import warned
from yakuba.services.plan.parsing import read_path
from yakuba.services.plan.rows import Form


def read_in_child(path: Path, file_name: str, code: str, name: str) -> list[Form]:
    """The documents inside a file, read in a child process with bounded time and memory.

    Nobody knows what is in a file that comes from outside. Raises :class:`Problem` in Japanese for a file that cannot be read,
    or that says by its code that it holds another municipality's plan; one that says so by its title is warned of.
    """
    documents = cast("list[Form]", sandbox.read(read_path, str(path.resolve()), file_name, code, name))
    return [warned(document) for document in documents]
