"""A workbook as offices keep it between two editions.

A sheet per office, changes struck through beside the new words (見え消し), a comment where somebody asked something, rows that ended
hidden instead of deleted.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from .elements import Form
from .shapes import marks, node_titles, offices, span

_STRUCK: Final = InlineFont(strike=True)


def kept(documents: Sequence[Form]) -> bytes:
    """The workbook of what the newest edition advances (推進), with what it changed against the one before it."""
    former, current = sorted(documents, key=lambda one: int(one["initiatives"][0]["year"]))[-2:]
    old, new = (
        [form for form in one["initiatives"] if form.get("kind") != "operate"] for one in (former, current)
    )
    before = {form["title"]: form for form in old}
    leads = dict.fromkeys(form["offices"][0]["name"] for form in new)
    book = Workbook()
    cover = book.active
    if not isinstance(cover, Worksheet):
        raise TypeError("a new workbook has one sheet")
    cover.title = "表紙"
    for line in (current["plan"]["title"], current["plan"]["edition"], f"計画期間　{span(current['plan'])}"):
        cover.append([line])
    for lead in leads:
        sheet = book.create_sheet(lead)
        sheet.append([f"{lead}の取組"])
        sheet.append(
            ["No.", "新規・重点等", *current["levels"], "取組名", "担当課", "取組概要", "今後の予定"]
        )
        for form in new:
            if form["offices"][0]["name"] == lead:
                _row(sheet, current, form, before.get(form["title"]))
        for form in old:
            ended = all(one["title"] != form["title"] for one in current["initiatives"])
            if ended and form["offices"][0]["name"] == lead:
                _row(sheet, former, form, None)
                sheet.row_dimensions[sheet.max_row].hidden = True
        sheet.merge_cells("A1:C1")
        if sheet.max_row > 2:
            sheet.cell(3, 5).comment = Comment("名前はこのままでよいか、企画の担当に確かめること。", "見本")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _row(sheet: Worksheet, document: Form, form: Form, before: Form | None) -> None:
    texts, old = form.get("texts", {}), (before or {}).get("texts", {})
    sheet.append([form["number"], marks(form), *node_titles(document, form), form["title"]])
    changed = (
        (offices(form), offices(before) if before else ""),
        (texts.get("approach", ""), old.get("approach", "")),
        (texts.get("schedule", ""), old.get("schedule", "")),
    )
    first = 4 + len(document["levels"])
    for place, (now, was) in enumerate(changed):
        value = now if not was or was == now else CellRichText(TextBlock(_STRUCK, was), now)
        sheet.cell(sheet.max_row, first + place).value = value
