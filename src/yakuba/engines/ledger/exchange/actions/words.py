"""What words of other programs mean: said once, remembered for every table that comes into the book."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext as _

from yakuba.engines.ledger.actions.entries import MOST
from yakuba.engines.ledger.exchange import access, habits, lines, queries
from yakuba.engines.ledger.exchange.actions.importing import MATCHED
from yakuba.engines.ledger.exchange.actions.lines import AT_ONCE
from yakuba.engines.ledger.exchange.actions.lines import MATCHED as LINES_MATCHED
from yakuba.engines.ledger.exchange.matching import columns_of
from yakuba.engines.ledger.models import Batch, Book
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, action
from yakuba.kernel.fields import PERSONAL
from yakuba.kernel.sheets.table import Column


@dataclass(frozen=True)
class RewordImport:
    """Column → folded word → code of what it means, ``-`` for nothing at all."""

    words: Annotated[
        dict[str, dict[str, str]], fields.document(label="読み替える言葉", classification=PERSONAL)
    ]


def columns_in(batch: Batch) -> dict[str, Column]:
    """The columns of a batch whose words can be said to mean something, under the names by which they are remembered."""
    ledger = queries.ledger_of(batch)
    if batch.lines:
        own = lines.columns_of(ledger, batch.book, lines.sort_of(ledger, batch.lines))
        found = {f"{batch.lines}.{column.key}": column for column in own}
    else:
        found = {column.key: column for column in columns_of(ledger, batch.book, personal=True)}
    return {key: column for key, column in found.items() if column.kind is not None and column.kind.choices()}


@action("ledger.reword_import", label="表の言葉を読み替える", may=access.WORK_BATCH, data=RewordImport)
def reword_import(ctx: Context, batch: Batch, data: RewordImport) -> Batch:
    """Say what strange words mean; the table is judged again with them. Raises :class:`Problem`."""
    if batch.state != "checked":
        raise Problem(
            "state", _("この取り込みは、もう先に進んでいます。画面を開き直してください。"), found=batch.state
        )
    columns = columns_in(batch)
    words: dict[str, dict[str, str]] = {key: dict(said) for key, said in batch.words.items()}
    for key, said in data.words.items():
        kind = columns[key].kind if key in columns else None
        codes = {code for code, _label in kind.choices()} if kind is not None else set()
        for word, code in said.items():
            if not any(code == one for one in (*codes, habits.NOTHING)) or word not in _asked(batch, key):
                raise Problem(
                    "word",
                    _("「%s」の読み替え先を選び直してください。") % word[:40],
                    field="words",
                    found=word[:40],
                )
            words.setdefault(key, {})[word] = code
    if words == batch.words:
        raise Problem("nothing", _("読み替える言葉を1つ以上選んでください。"), field="words")
    batch.words = words
    batch.state, batch.step, batch.counts = "reading", 0, {}
    batch.touched_at, batch.by_whom = ctx.now, ctx.actor.label[:200]
    batch.save()
    book = Book.unscoped.select_for_update().get(municipality=ctx.municipality.id, pk=batch.book_id)
    book.words = {**book.words, **{key: {**book.words.get(key, {}), **said} for key, said in words.items()}}
    book.save(update_fields=["words"])
    if batch.lines and batch.steps > AT_ONCE:
        ctx.publish(LINES_MATCHED, {"batch": str(batch.pk)})
    elif not batch.lines and batch.steps > MOST:
        ctx.publish(MATCHED, {"batch": str(batch.pk)})
    return batch


def _asked(batch: Batch, key: str) -> Collection[str]:
    """The words of a column that somebody was asked about."""
    return set(batch.unknown.get(key, {}))
