"""What a cell carries beside its words (struck-through old words, comments, hidden rows) brought to the fields that were read from it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from . import model
from .blocks import Block, Paper
from .model import Doubt, FieldSource, Initiative, Reading

#: The doubt on a field whose cell holds old words too: the candidates are the new ones and the old ones.
STRUCK: Final = "struck"
COMMENT: Final = "comment"
_STEP: Final = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")
#: A note stays a sentence.
_QUOTED: Final = 200
#: So many marks without an initiative are listed; of the others the number is said.
_LISTED: Final = 100


def annotated(paper: Paper, readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """The readings, with what the paper's cells carry: doubts on changed fields, warnings for comments and hidden rows.

    Struck words and comments that belong to no initiative are warnings of the paper's own plan, the first reading. Sources that name
    no cell are left alone.
    """
    marks = _Marks(paper)
    if not marks.any:
        return tuple(readings)
    changed = [
        replace(reading, initiatives=tuple(marks.on(one) for one in reading.initiatives))
        for reading in readings
    ]
    left = marks.left()
    if left and changed:
        changed[0] = replace(changed[0], warnings=(*changed[0].warnings, *left))
    return tuple(changed)


@dataclass(slots=True)
class _Marks:
    """The blocks of a paper by their place, and which of their marks found an initiative."""

    paper: Paper
    blocks: dict[tuple[str, int], Block] = field(default_factory=dict)
    taken: set[tuple[str, int, str, int]] = field(default_factory=set)
    """Part, line, kind of mark and place of the marks that were told with an initiative."""

    def __post_init__(self) -> None:
        for block in self.paper.blocks:
            key = (block.part, block.line)
            # A text box stands on the line of the row that it begins at.
            if key not in self.blocks or (block.table and not self.blocks[key].table):
                self.blocks[key] = block

    @property
    def any(self) -> bool:
        """Whether there is anything to bring anywhere."""
        return any(block.struck or block.notes or block.hidden for block in self.paper.blocks)

    def on(self, one: Initiative) -> Initiative:
        """The initiative with what its cells carry."""
        places = {
            path: (block, source.cell - 1)
            for path, source in one.sources.items()
            if source.cell is not None and (block := self._at(source)) is not None
        }
        doubts = [
            doubt
            for path, (block, at) in places.items()
            for doubt in self._changed(one, path, block, at, places)
        ]
        warnings = list(dict.fromkeys(self._told(one, places)))
        if not doubts and not warnings:
            return one
        return replace(one, doubts=(*one.doubts, *doubts), warnings=(*one.warnings, *warnings))

    def _at(self, source: FieldSource) -> Block | None:
        return self.blocks.get((source.part, source.line)) if source.file == self.paper.file else None

    def _changed(
        self, one: Initiative, path: str, block: Block, at: int, places: Mapping[str, tuple[Block, int]]
    ) -> Iterator[Doubt]:
        old = dict(block.struck).get(at)
        if not old:
            return
        self.taken.add((block.part, block.line, STRUCK, at))
        new = _printed(one, path)
        # Old words of a cell that holds several fields (①…②…) are no candidate for one of them.
        alone = Counter((id(other), place) for other, place in places.values())[id(block), at] == 1
        candidates = tuple(dict.fromkeys((new, old))) if alone else (new,)
        yield Doubt(
            path,
            STRUCK,
            candidates,
            f"取り消し線の文字(変更前): 「{_short(old)}」。取り消されていない文字を読みました。",
        )

    def _told(self, one: Initiative, places: Mapping[str, tuple[Block, int]]) -> Iterator[str]:
        """Warnings of one initiative: comments on its cells and row, old words of cells that are blank now, hidden rows."""
        blocks = {id(block): block for block, _ in places.values()}
        own = None if one.source is None else self.blocks.get((one.source.part, one.source.line))
        if own is not None and one.source is not None and one.source.file == self.paper.file:
            blocks[id(own)] = own
        read = {(id(block), at) for block, at in places.values()}
        for block in blocks.values():
            for at, text in block.notes:
                if block is own or (id(block), at) in read:
                    self.taken.add((block.part, block.line, COMMENT, at))
                    yield f"コメントがあります({_where(block)}): {_short(text)}"
            for at, old in block.struck:
                if block is own and (id(block), at) not in read:
                    self.taken.add((block.part, block.line, STRUCK, at))
                    yield f"取り消し線だけの欄があります({_where(block)}): 「{_short(old)}」"
            if block.hidden:
                yield f"表示されていない行から読みました({_where(block)})。"

    def left(self) -> list[model.Warning]:
        """Warnings for the marks that belong to no initiative."""
        found: list[model.Warning] = []
        for block in self.paper.blocks:
            for kind, marks in ((STRUCK, block.struck), (COMMENT, block.notes)):
                for at, text in marks:
                    if (block.part, block.line, kind, at) not in self.taken:
                        found.append(model.Warning(block.line, kind, _left(block, kind, text), block.part))
        more = len(found) - _LISTED
        if more > 0:
            text = f"取組に結び付かない取り消し線やコメントが、ほかに{more:,}件あります。"
            found = [*found[:_LISTED], model.Warning(None, "more-marks", text)]
        return found


def _left(block: Block, kind: str, text: str) -> str:
    if kind == COMMENT:
        return f"コメントがあります({_where(block)}): {_short(text)}"
    return f"取り消し線の文字があります({_where(block)}): 「{_short(text)}」"


def _where(block: Block) -> str:
    return f"「{block.part}」の{block.line}行目" if block.part else f"{block.line}行目"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _QUOTED else words[:_QUOTED] + "…"


def _printed(one: Initiative, path: str) -> str:
    """What a field of an initiative holds, as text; empty where the path leads nowhere."""
    value: object = one
    for name, index in _STEP.findall(path):
        if index:
            value = value[int(index)] if isinstance(value, tuple) and int(index) < len(value) else None
        elif isinstance(value, Mapping):
            value = value.get(name)
        else:
            value = getattr(value, name, None)
    if isinstance(value, model.Placement):
        value = value.path
    if isinstance(value, tuple):
        return "\n".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""
