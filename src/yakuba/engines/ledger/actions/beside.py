"""What the actions on things beside an entry share: the entry of a book that they are about."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.ledger.declaration import MERGED, VOID, Ledger, find_ledger
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.records import Entry
from yakuba.kernel.actions import Context, Missing, Problem


def entry_in(ctx: Context, book: Book, given: str) -> tuple[Ledger[Entry], Entry]:
    """The entry of an id, with its ledger. Raises :class:`Missing`, and :class:`Problem` for one that is no more in the book."""
    ledger = find_ledger(book.ledger)
    try:
        found = (
            ledger.model.unscoped.filter(municipality=ctx.municipality.id, book=book, pk=UUID(given)).first()
            if ledger
            else None
        )
    except ValueError:
        found = None
    if ledger is None or found is None:
        raise Missing(_("この行は見つかりません。画面を開き直してください。"))
    if found.state in {VOID, MERGED}:
        raise Problem("state", _("この行は取り消されています。"), field="entry", found=found.state)
    ctx.note(entry=str(found.pk), number=found.number)
    return ledger, found


def part_id(given: str) -> UUID:
    """The id of something beside an entry. Raises :class:`Missing` for what is none."""
    try:
        return UUID(given)
    except ValueError:
        raise Missing from None
