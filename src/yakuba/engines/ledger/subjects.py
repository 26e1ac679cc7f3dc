"""Books and what is kept about entries as subjects of the trail. Notes, files and values are named by their ids alone."""

from yakuba.engines.ledger.declaration import find_ledger
from yakuba.engines.ledger.models import Amendment, Attachment, Book, Deadline, Distinct, Joint, Move, Note
from yakuba.engines.ledger.released import ReleasedBook, ReleasedEntry
from yakuba.kernel.actions import register_subject


def _title(book: Book) -> str:
    ledger = find_ledger(book.ledger)
    return str(ledger.label) if ledger else book.ledger


register_subject("ledger_book", "台帳", Book, title=_title)
register_subject("ledger_amendment", "台帳の記録", Amendment)
register_subject("ledger_move", "台帳の異動", Move)
register_subject("ledger_note", "経過記録", Note)
register_subject("ledger_attachment", "台帳の添付", Attachment)
register_subject("ledger_joint", "台帳の関係", Joint)
register_subject("ledger_deadline", "台帳の期限", Deadline)
register_subject("ledger_distinct", "重複の判断", Distinct)
register_subject("ledger_released_book", "公開した台帳", ReleasedBook)
register_subject("ledger_released", "公開した台帳の行", ReleasedEntry)
