"""Who takes tables into a book and prints its forms: the keeping office."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from yakuba.engines.ledger.models import Batch, Book, LetterRun, Matching, Staged
from yakuba.kernel.actions import Everywhere, Own, Permission, viewed_by

_OF_BOOK: Final = {"ledger_keeper": Own("book__office_id")}


def _open(batch: Batch) -> str:
    return _("この取り込みは終わっています。") if batch.state in {"done", "stopped"} else ""


VIEW_BATCH = viewed_by(Permission("ledger.view_batch", Batch, roles=_OF_BOOK))
viewed_by(Permission("ledger.view_staged", Staged, roles={"ledger_keeper": Own("batch__book__office_id")}))
viewed_by(Permission("ledger.view_matching", Matching, roles=_OF_BOOK))
VIEW_LETTERS = viewed_by(
    Permission(
        "ledger.view_letterrun", LetterRun, roles={**_OF_BOOK, "ledger_reader": Own("book__office_id")}
    )
)
IMPORT = Permission("ledger.import", Book, roles={"ledger_keeper": Own("office_id")})
WORK_BATCH = Permission("ledger.work_batch", Batch, roles=_OF_BOOK, when=_open)
#: What a person confirmed is written by the worker.
FINISH_BATCH = Permission("ledger.finish_batch", Batch, roles={"cli": Everywhere()})
#: Sub-rows are written entry by entry: the first ones before the answer, as the one who confirmed them.
FINISH_LINES = Permission("ledger.finish_lines", Batch, roles={**_OF_BOOK, "cli": Everywhere()}, when=_open)
