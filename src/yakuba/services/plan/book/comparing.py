"""An edition beside the one before it, as tables (新旧対照, 移行した取組). Pure; what became of each is :mod:`..next.contrast`'s to say."""

from __future__ import annotations

from typing import Final

from yakuba.services.plan.book.blocks import Block, Column, Prose, Table
from yakuba.services.plan.next.contrast import Contrast, contrast
from yakuba.services.plan.shown import Edition, Row

_KINDS: Final = {"advance": "推進", "operate": "運用"}


def comparison(before: Edition, this: Edition, names: tuple[str, str]) -> list[Block]:
    """Every initiative of both editions in one table: as it was, as it is, what happened. In this edition's order, then what ended."""
    found = contrast(before, this)
    split = any(row.form["kind"] for row in (*before.rows, *this.rows))
    columns: list[Column] = []
    for group in names:
        columns += [Column("区別", group)] if split else []
        columns += [Column("番号", group), Column("取組名", group), Column("担当部署", group)]
    columns += [Column("異動"), Column("理由")]
    rows = [
        (*_cells(line.before, split=split), *_cells(line.after, split=split), line.word, line.reason)
        for line in found.lines
    ]
    if not any(row[-1] for row in rows):
        columns, rows = columns[:-1], [row[:-1] for row in rows]
    return [Table("新旧対照表", tuple(columns), tuple(rows)), Prose(tuple(_counted(found)), remark=True)]


def _counted(found: Contrast) -> list[str]:
    before, after = found.sizes
    words = {str(line.word): found.counts[line.outcome] for line in found.lines}
    told = "、".join(f"{word} {n:,}件" for word, n in words.items())
    said = [f"前の版 {before:,}件、この版 {after:,}件。{told}。"]
    if any(line.guessed for line in found.lines):
        said.append("経緯が書かれていない取組は、取組名と番号から対応させています。")
    if found.short:
        stated, counted = found.short
        said.append(
            f"前の版は{stated:,}件とされていますが、読み取れた取組は{counted:,}件です。新たに掲載とした取組には、前の版にもあったものが含まれることがあります。"
        )
    return said


def _cells(row: Row | None, *, split: bool) -> tuple[str, ...]:
    if row is None:
        return ("", "", "", "")[: 3 + split]
    kind = (_KINDS.get(row.form["kind"] or "", ""),) if split else ()
    return (*kind, row.form["number"], row.title, "、".join(row.leads))


def moves(before: Edition, this: Edition, name: str) -> list[Block]:
    """The initiatives that changed their kind, went into another, or ended, with where they stand now."""
    rows: list[tuple[str, ...]] = [
        (line.before.title, "、".join(line.before.leads), line.standing, line.reason)
        for line in contrast(before, this).told
        if line.before is not None
    ]
    if not rows:
        return []
    columns = [
        Column("取組名", width=30, head=True),
        Column("担当部署", width=16),
        Column(f"{name}計画での位置づけ", width=34),
        Column("理由", width=20),
    ]
    if not any(row[-1] for row in rows):
        columns, rows = columns[:-1], [row[:-1] for row in rows]
    return [Table("移行・終了した取組", tuple(columns), tuple(rows))]
