"""Who may do what in a ledger. The keeping office writes and reads all; others read as far as the book says.

Every ledger has permissions of its own, so that its rows in the matrix say what holds for it (:func:`make`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from yakuba.engines.ledger.declaration import MERGED, VOID, Ledger
from yakuba.engines.ledger.models import (
    Amendment,
    Attachment,
    Book,
    Counter,
    Deadline,
    Distinct,
    Joint,
    Move,
    Note,
)
from yakuba.engines.ledger.records import Entry
from yakuba.kernel.actions import Everywhere, Own, Permission, viewed_by
from yakuba.kernel.town.models import Municipality

_OPEN: Final = Q(open_to_staff=True)
_KEEPER: Final = {"ledger_keeper": Own("office_id")}
_READERS: Final = {**_KEEPER, "ledger_reader": Own("office_id")}
_OF_BOOK: Final = {"ledger_keeper": Own("book__office_id"), "ledger_reader": Own("book__office_id")}

VIEW_BOOK = viewed_by(
    Permission(
        "ledger.view_book",
        Book,
        roles={**_READERS, "ledger_secretariat": Everywhere(), "staff": Everywhere(_OPEN)},
    )
)
#: Whether everything of a book is read, personal fields, journal and history too: what ``read_all`` says of each of its entries.
READ_BOOK = Permission("ledger.read_book", Book, roles=_READERS)
#: Whether the entries of a book are seen at all, as far as they are not personal: what ``view`` says of each of them.
VIEW_ENTRIES = Permission("ledger.view_entries", Book, roles={**_READERS, "staff": Everywhere(_OPEN)})
#: Files, links and deadlines of its entries: what stands beside them, whatever the ledger.
KEEP_BOOK = Permission("ledger.keep_book", Book, roles=_KEEPER)
OPEN_BOOK = Permission(
    "ledger.open_book",
    Municipality,
    roles={"ledger_secretariat": Everywhere(), "cli": Everywhere()},
    municipality="pk",
)
#: Which office keeps a book, who reads it, what the city adds: for those who look after all ledgers.
ARRANGE_BOOK = Permission("ledger.arrange_book", Book, roles={"ledger_secretariat": Everywhere()})

# What is kept about entries is read by those who read everything of the book. It belongs to no page of its own.
for _model in (Amendment, Attachment, Deadline, Distinct, Joint, Move, Note, Counter):
    viewed_by(Permission(f"ledger.view_{_model.__name__.lower()}", _model, roles=_OF_BOOK))


def _in_force(entry: Entry) -> str:
    if entry.state == VOID:
        return _("誤登録として取り消した行です。")
    if entry.state == MERGED:
        return _("ほかの行に統合した行です。統合先を開いてください。")
    return ""


@dataclass(frozen=True)
class Access:
    """The permissions of one ledger."""

    view: Permission[Any]  # Any: of the ledger's own model
    read_all: Permission[Any]  # Any: as above
    change: Permission[Any]  # Any: as above
    add: Permission[Book]


def make(ledger: Ledger[Entry]) -> Access:
    """The permissions of a ledger. ``view`` decides which entries are seen, ``read_all`` whether their personal fields are."""
    key, model = ledger.key, ledger.model
    view = viewed_by(
        Permission(f"{key}.view", model, roles={**_OF_BOOK, "staff": Everywhere(Q(book__open_to_staff=True))})
    )
    for lines in ledger.lines:
        of_parent = {role: Own(f"entry__{scope.path}") for role, scope in _OF_BOOK.items()}
        viewed_by(Permission(f"{key}.view_{lines.key}", lines.model, roles=of_parent))
    return Access(
        view=view,
        read_all=Permission(f"{key}.read_all", model, roles=_OF_BOOK),
        change=Permission(
            f"{key}.change", model, roles={"ledger_keeper": Own("book__office_id")}, when=_in_force
        ),
        add=Permission(
            f"{key}.add",
            Book,
            roles={"ledger_keeper": Own("office_id", Q(ledger=key))},
        ),
    )
