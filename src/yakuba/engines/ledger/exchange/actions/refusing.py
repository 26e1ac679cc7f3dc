"""A table with a 個人番号 in it is refused as a whole, and nothing of it stays: neither its rows nor the file (番号法 20条)."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from yakuba.engines.ledger.models import Batch
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import clock
from yakuba.kernel.fields.kinds import Cell
from yakuba.kernel.files import store as files
from yakuba.kernel.text.my_number import hide

#: The label of a column of such numbers, as offices write it.
_DIGITS: Final = 12
_HEADS: Final = ("個人番号", "マイナンバー", "ﾏｲﾅﾝﾊﾞｰ", "MyNumber")


def words() -> str:
    """What is said of such a table."""
    return _(
        "個人番号（マイナンバー）と思われる数字があるため、この表は受け取れません。受け取ったファイルは消しました。"
        "その列や数字を消した表を選んでください。ほかの番号のときは、列の見出しを「免許証番号」のように何の番号か分かる名前にしてください。"
    )


def demand_none(labels: tuple[str, ...], cells: list[list[Cell]]) -> None:
    """Of the heads and the first rows of a table, before it is kept at all. Raises :class:`Problem`."""
    for label in labels:
        bare = "".join(label.split())
        if any(head in bare for head in _HEADS) and "カード" not in bare:
            raise Problem("my_number", words(), field="file")
    if any(is_one(label, cell) for row in cells for label, cell in zip(labels, row, strict=False)):
        raise Problem("my_number", words(), field="file")


def is_one(label: str, cell: Cell) -> bool:
    """Whether a cell holds a 個人番号. A column that says which other number it holds may have numbers of twelve digits."""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell or "")
    return len(text) >= _DIGITS and "番号" not in label and hide(text) != text


def refuse(ctx: Context, batch: Batch) -> Batch:
    """Stop an import, and take its file away at once; that there was one stays. The caller has cleared what was staged."""
    stored = batch.file
    with transaction.atomic():
        found = Batch.unscoped.select_for_update().get(municipality=batch.municipality_id, pk=batch.pk)
        found.state, found.file, found.trouble = "stopped", None, words()
        found.counts, found.unknown, found.touched_at = {}, {}, clock.now()
        found.version += 1
        found.save()
        if stored is not None:
            files.forget(ctx.begin(), stored)
    if stored is not None:
        files.erase(stored.sha256)
    batch.refresh_from_db()
    return batch
