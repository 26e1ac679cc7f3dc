"""A run of letters: kept with what was printed, of whom and when; entries note the day by the ledger's own action."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Annotated, Final
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from yakuba.engines.ledger.actions.entries import MOST, ChangeMany
from yakuba.engines.ledger.exchange.access import IMPORT
from yakuba.engines.ledger.forms import queries
from yakuba.engines.ledger.models import Book, LetterRun
from yakuba.engines.ledger.queries import demand_looked
from yakuba.engines.ledger.registering import installed_of
from yakuba.engines.protection.queries import held
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Missing, Problem, SubjectRef, action
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import INTERNAL, PERSONAL, JsonValue
from yakuba.kernel.files import store as files

RETENTION: Final = "ledger_letters"
#: The most letters of one run: a person folds them.
LETTERS: Final = 1000


@dataclass(frozen=True)
class PrintLetters:
    """Which letter of which entries (ids), the day that it bears, how many were kept back, and the PDF, which lies in the store."""

    form: Annotated[str, fields.text(label="帳票", classification=INTERNAL, max_length=60)]
    day: Annotated[dt.date, fields.date(label="日付", classification=INTERNAL)]
    entries: Annotated[list[str], fields.document(label="台帳の行", classification=INTERNAL, default=list)]
    held: Annotated[int, fields.integer(label="除いた数", classification=INTERNAL, minimum=0)]
    sha256: Annotated[str, fields.digest(label="SHA-256")]


@action("ledger.print_letters", label="台帳から文書を印刷する", may=IMPORT, data=PrintLetters)
def print_letters(ctx: Context, book: Book, data: PrintLetters) -> LetterRun:
    """Keep a run, and note its day in the entries where the letter says so.

    Raises :class:`Problem` for entries that are not there, for 支援措置 that stands on one since it was printed, and what ``many`` refuses.
    """
    installed = installed_of(book.ledger)
    if installed is None:
        raise Missing
    demand_looked(book)
    form = queries.form_of(installed, data.form)
    rows = queries.those(installed, book, [UUID(one) for one in data.entries])
    if not rows or len(rows) != len(data.entries) or len(rows) > min(LETTERS, MOST):
        raise Problem("entries", _("印刷する行が変わりました。もう一度、印刷してください。"), field="entries")
    if held(ctx, [SubjectRef(book.ledger, row.pk) for row in rows]):
        raise Problem(
            "held", _("印刷の間に、支援措置の確認が必要な行ができました。もう一度、印刷してください。")
        )
    run = LetterRun.unscoped.create(
        municipality_id=ctx.municipality.id,
        book=book,
        form=form.key,
        day=data.day,
        entries=[str(row.pk) for row in rows],
        held=data.held,
        file=files.refer(
            ctx, data.sha256, f"{form.label}.pdf", classification=PERSONAL, retention_class=RETENTION, made_by_us=True
        ),
        made_at=ctx.now,
        by=ctx.actor.label[:200],
    )  # fmt: skip
    if form.sets:
        today = japan_date(ctx.now)
        changes: list[dict[str, JsonValue]] = [
            {"id": str(row.pk), "version": row.version, "values": {form.sets: data.day.isoformat()}}
            for row in rows
        ]
        with translation.override("ja"):
            reason = _("%sの印刷") % form.label
        installed.actions.many(
            replace(ctx, idempotency_key=None),
            book,
            ChangeMany(changes, min(data.day, today), reason),
        )
    ctx.note(run=str(run.pk), form=form.key, letters=len(rows), held=data.held)
    return run
