"""What a document says of initiatives that go on under another title or as the other kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .blocks import Block
from .listing import KIND_CODES
from .mentions import Move
from .vocabulary import THING

_MOVED: Final = re.compile(
    rf"(?:移行|変更|改称|統合|名称変更)後の?{THING}?名?称?\s*[:：]\s*[「『]?(?P<new>[^」』。\n]{{2,80}})"
)
_SAID_MOVED: Final = re.compile(
    r"「(?P<old>[^」]{2,80})」(?:は|を|について)[^「。]{0,20}「(?P<new>[^」]{2,80})」"
    r"(?:に|へ|として)[^。]{0,6}(?:名称|変更|移行|改称|改め|統合)"
)
#: A longer cell is a text of its own.
_LONGEST: Final = 4_000
_INTO: Final = re.compile(rf"(?P<kind>推進|運用){THING}(?:に|へ)")
_ENUMERATED: Final = re.compile(r"^(?:[①-⑳]|[(（][0-9０-９]{1,2}[)）]|[0-9０-９]{1,2}[.．、])\s*")


def moves_in(block: Block, at: int) -> Iterator[Move]:
    """The statements of one block: a row with the old title and «移行後の取組名：…», or a sentence with both."""
    kind = _INTO.search(block.text)
    code = KIND_CODES[kind["kind"]] if kind else None
    for place, cell in enumerate(block.cells):
        if len(cell) > _LONGEST:
            continue
        for found in _MOVED.finditer(cell):
            old = _ENUMERATED.sub("", block.cells[0]).strip("「」『』 ") if place else ""
            if old:
                yield Move(old, " ".join(found["new"].split()), code, at)
        for found in _SAID_MOVED.finditer(cell):
            yield Move(found["old"], found["new"], code, at)
