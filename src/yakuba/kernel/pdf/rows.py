"""Heads of rows, which the typesetter cannot mark yet: cells that say what their row is about become TH with the scope Row."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any, cast

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from .printing import PrintError

Node = Any  # Any: an object of a PDF, whatever stands behind its reference


def with_row_heads(data: bytes, heads: Sequence[Sequence[int]]) -> bytes:
    """A PDF of :func:`~.printing.render` whose tables, in their order, have heads of rows in these columns (counted from 0).

    The rows of a table's head and foot are left alone. The same input gives the same bytes. Raises :class:`~.printing.PrintError` where
    the document has another number of tables, or a row too few cells.
    """
    if not any(heads):
        return data
    writer = PdfWriter(clone_from=io.BytesIO(data))
    tables = [node for node in _nodes(_kids(writer.root_object["/StructTreeRoot"])) if node["/S"] == "/Table"]
    if len(tables) != len(heads):
        raise PrintError(f"{len(tables)} tables, heads for {len(heads)}")
    for table, columns in zip(tables, heads, strict=True):
        for row in _rows(table):
            cells = _kids(row)
            for column in columns:
                if column >= len(cells):
                    raise PrintError(f"no cell {column} in a row of {len(cells)}")
                _mark(cells[column])
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _kids(node: Node) -> list[Node]:
    """What stands below an element, references followed."""
    kids = node.get("/K", ArrayObject())
    kids = kids.get_object()
    return [kid.get_object() for kid in (kids if isinstance(kids, ArrayObject) else [kids])]


def _nodes(kids: Sequence[Node]) -> Iterator[Node]:
    """Every element in the order of reading."""
    for kid in kids:
        if isinstance(kid, DictionaryObject) and "/S" in kid:
            yield kid
            yield from _nodes(_kids(kid))


def _rows(table: Node) -> Iterator[Node]:
    """The rows of a table's body."""
    for part in _kids(table):
        if part["/S"] == "/TR":
            yield part
        elif part["/S"] == "/TBody":
            yield from (row for row in _kids(part) if row["/S"] == "/TR")


def _mark(cell: Node) -> None:
    """TD to TH; what else its attributes say stays."""
    cell[NameObject("/S")] = NameObject("/TH")
    scope = DictionaryObject(
        {NameObject("/O"): NameObject("/Table"), NameObject("/Scope"): NameObject("/Row")}
    )
    given = cell.get("/A")
    if given is None:
        cell[NameObject("/A")] = scope
        return
    kept = cast("Node", given.get_object())
    cell[NameObject("/A")] = ArrayObject([*(kept if isinstance(kept, ArrayObject) else [given]), scope])
