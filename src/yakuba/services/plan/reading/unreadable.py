"""The one way in which the reading of a document fails."""

from __future__ import annotations


class Unreadable(ValueError):
    """A file that is no plan document of a known shape.

    `code` is stable, for programs: `empty`, `too-large`, `not-text`, `nul-bytes`, `truncated`, `encoding`,
    `too-many-lines`, `line-too-long`, `too-many-columns`, `too-many-cells`, `too-many-rows`, `unclosed-quotes`,
    `encrypted`, `old-format`, `broken`, `bomb`, `entries`, `nested`, `entities`, `not-pdf`, `scanned`, `no-letters`,
    `too-many-letters`, `too-many-pages`, `no-table`, `no-rows`, `no-years`, `mostly-unplaced`. `message` is a Japanese sentence
    or two: which problem, what was found, what is expected.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message
