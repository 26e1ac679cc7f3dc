"""Office files for tests: whole ones through the libraries that offices' programs resemble, odd ones out of raw parts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from itertools import groupby

import docx
from openpyxl import Workbook
from openpyxl.styles import Border, Side

from yakuba.services.plan.reading.blocks import Block, Paper
from yakuba.services.plan.reading.containers.text import read as read_text

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCUMENT = f'<w:document xmlns:w="{_WORD}" xmlns:r="{_REL}"><w:body>%s</w:body></w:document>'


def pack(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def relations(**targets: str) -> str:
    """A relations part: id → kind:target, where `!` before the target says that it lies elsewhere."""
    listed = ""
    for key, said in targets.items():
        kind, _, target = said.partition(":")
        mode = ' TargetMode="External"' if target.startswith("!") else ""
        listed += f'<Relationship Id="{key}" Type="{_REL}/{kind}" Target="{target.lstrip("!")}"{mode}/>'
    return f'<Relationships xmlns="{_PACKAGE}">{listed}</Relationships>'


def raw_workbook(rows: str = "", *, after: str = "", **more: str | bytes) -> bytes:
    """A workbook of one sheet «表» whose `sheetData` holds `rows`; `more` are parts by name, `strings` and `styles` for short."""
    own = {"strings": "sharedStrings", "styles": "styles"}
    sheet = f'<worksheet xmlns="{_MAIN}" xmlns:r="{_REL}"><sheetData>{rows}</sheetData>{after}</worksheet>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(r1="officeDocument:xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>'
        '<sheet name="表" sheetId="1" r:id="s1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            s1="worksheet:worksheets/sheet1.xml",
            **{short: f"{kind}:{kind}.xml" for short, kind in own.items() if short in more},
        ),
        "xl/worksheets/sheet1.xml": sheet,
    }
    for name, content in more.items():
        if name == "strings":
            parts["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}">{content!s}</sst>'
        elif name == "styles":
            parts["xl/styles.xml"] = f'<styleSheet xmlns="{_MAIN}">{content!s}</styleSheet>'
        else:
            parts[name] = content
    return pack(parts)


def raw_document(body: str, **more: str | bytes) -> bytes:
    """A Word document whose body is `body`; `numbering`, `footnotes`, `styles` are parts for short, others go by name."""
    kinds = [kind for kind in ("numbering", "footnotes", "styles", "comments") if kind in more]
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(r1="officeDocument:word/document.xml"),
        "word/document.xml": DOCUMENT % body,
        "word/_rels/document.xml.rels": relations(**{kind: f"{kind}:{kind}.xml" for kind in kinds}),
    }
    for name, content in more.items():
        if name in kinds:
            parts[f"word/{name}.xml"] = f'<w:{name} xmlns:w="{_WORD}">{content!s}</w:{name}>'
        else:
            parts[name] = content
    return pack(parts)


def paragraph(*runs: str, properties: str = "") -> str:
    """A paragraph of Word's; a run that begins with `<` is taken as it is."""
    made = "".join(run if run.startswith("<") else f"<w:r><w:t>{run}</w:t></w:r>" for run in runs)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{made}</w:p>"


def tables(data: bytes) -> tuple[list[str], list[list[list[str]]]]:
    """The lines before the first table of a text document, and its tables; the second line of a head in its place."""
    before: list[str] = []
    found: dict[int, list[Block]] = {}
    for block in read_text(data, "plan.txt").blocks:
        if block.table:
            found.setdefault(block.table, []).append(block)
        elif block.text and not found:
            before.append(block.text)
    return before, [_straight([list(row.cells) for row in rows]) for rows in found.values()]


def _straight(rows: list[list[str]]) -> list[list[str]]:
    """Rows of equal width; below a head that spans blank cells stand its years, wherever a text tool moved them."""
    head, years = rows[0], [cell for cell in rows[1] if cell]
    wide = next(
        place
        for place in range(1, len(head))
        if head[place] and head[place + 1 : place + len(years)] == [""] * (len(years) - 1)
    )
    rows[1] = [""] * wide + years
    width = max(len(row) for row in rows)
    return [row + [""] * (width - len(row)) for row in rows]


def merges(rows: Sequence[Sequence[str]], levels: Sequence[int]) -> list[tuple[int, int, int, int]]:
    """Areas an office merges (top, left, bottom, right from 0): wide and tall heads, equal level cells one below the other."""
    head, second = rows[0], rows[1]
    found: list[tuple[int, int, int, int]] = []
    place = 0
    while place < len(head):
        end = place + 1
        while end < len(head) and not head[end] and second[end]:
            end += 1
        if end - place > 1:
            found.append((0, place, 0, end - 1))
        elif not second[place]:
            found.append((0, place, 1, place))
        place = end
    for column in levels:
        top = 2
        while top < len(rows):
            bottom = top
            while bottom + 1 < len(rows) and rows[bottom + 1][column] == rows[top][column] != "":
                bottom += 1
            if bottom > top:
                found.append((top, column, bottom, column))
            top = bottom + 1
    return found


def as_workbook(
    before: Sequence[str], sheets: Mapping[str, Sequence[Sequence[str]]], levels: Sequence[int]
) -> bytes:
    """A workbook with a cover and a sheet per table, merged as offices merge."""
    book = Workbook()
    book.remove(book.worksheets[0])
    cover = book.create_sheet("表紙")
    for line in before:
        cover.append([line])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows, 1):
            for column, text in enumerate(row, 1):
                if text:
                    cell = sheet.cell(number, column)
                    cell.value, cell.data_type = text, "s"
        for top, left, bottom, right in merges(rows, levels):
            sheet.merge_cells(
                start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
            )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_word(
    before: Sequence[str], sheets: Mapping[str, Sequence[Sequence[str]]], levels: Sequence[int]
) -> bytes:
    """A Word document with a heading and a table for each sheet."""
    document = docx.Document()
    for line in before:
        document.add_paragraph(line)
    for name, rows in sheets.items():
        document.add_heading(name, 1)
        table = document.add_table(len(rows), len(rows[0]))
        cells = [list(row.cells) for row in table.rows]
        for y, row in enumerate(rows):
            for x, text in enumerate(row):
                cells[y][x].text = text
        for top, left, bottom, right in merges(rows, levels):
            text = rows[top][left]
            merged = cells[top][left].merge(cells[bottom][right])
            merged.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def by_level(rows: Sequence[Sequence[Sequence[str]]], level: int) -> dict[str, list[list[str]]]:
    """The rows of all tables, a table for each title of a level column, each under the head of the first."""
    head = [list(row) for row in rows[0][:2]]
    found: dict[str, list[list[str]]] = {}
    for table in rows:
        for row in table[2:]:
            name = "".join(row[level].split())
            width = len(head[0]) - len(row)
            found.setdefault(name[:31], [list(one) for one in head]).append([*row, *[""] * width])
    return found


def workbook_of(paper: Paper) -> bytes:
    """A paper on one sheet: a row per block, tables ruled and a blank row between two of them."""
    book = Workbook()
    sheet = book.worksheets[0]
    line = Border(bottom=Side(style="thin"))
    number = before = 0
    for block in paper.blocks:
        number += 2 if block.table and before and block.table != before else 1
        before = block.table
        for column, text in enumerate(block.cells, 1):
            cell = sheet.cell(number, column)
            if block.table:
                cell.border = line
            if text:
                cell.value, cell.data_type = text, "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def word_of(paper: Paper) -> bytes:
    """A paper as paragraphs and tables."""
    document = docx.Document()
    for _, group in groupby(paper.blocks, key=lambda block: block.table):
        rows = list(group)
        if not rows[0].table:
            for block in rows:
                document.add_paragraph(block.text)
            continue
        table = document.add_table(len(rows), max(len(block.cells) for block in rows))
        for line, block in zip(table.rows, rows, strict=True):
            for cell, text in zip(line._tr.tc_lst, block.cells, strict=False):
                cell.p_lst[0].add_r().text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
