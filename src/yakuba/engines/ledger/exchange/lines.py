"""Tables of sub-rows (the vaccinations of dogs): which of their columns say whose row it is, and which what stands in it.

A program with several tables joins them by a key. Whatever the entry keeps of it will do: its number, its tag, or the old program's key
in a field of the city's own (``more.old_key``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from django.utils.translation import gettext as _

from yakuba.engines.ledger.declaration import Ledger, Lines
from yakuba.engines.ledger.exchange.matching import NUMBER, plain
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.values import specs_of_book, specs_of_line
from yakuba.kernel.actions import Missing, Problem
from yakuba.kernel.fields import PERSONAL
from yakuba.kernel.fields.kinds import Text
from yakuba.kernel.sheets.table import Column, field_spec
from yakuba.kernel.text import fold

#: Before the name of the entry's field that a column holds.
OF: Final = "entry."
_SHORT: Final = 100


def sort_of(ledger: Ledger[Entry], key: str) -> Lines[Any]:  # Any: of any model
    """The sub-rows of a key. Raises :class:`Missing`."""
    found = ledger.lines_of(key)
    if found is None:
        raise Missing
    return found


def keys_of(ledger: Ledger[Entry], book: Book | None) -> dict[str, str]:
    """By what an entry may be found: its number and its short texts and whole numbers; name → words. Nobody is found by a person's field."""
    found = {NUMBER: str(ledger.number_label)}
    for name, spec in specs_of_book(ledger, book).items():
        short = isinstance(spec.kind, Text) and spec.kind.key == "text" and spec.kind.max_length <= _SHORT
        if (short or (spec.kind and spec.kind.key == "integer")) and spec.classification is not PERSONAL:
            found[name] = spec.label
    return found


def columns_of(
    ledger: Ledger[Entry],
    book: Book | None,
    lines: Lines[Any],  # Any: of any model
) -> tuple[Column, ...]:
    """What a column of such a table may be: keys of the entry, then the fields of the row."""
    specs = specs_of_book(ledger, book)
    keys = [
        Column(
            OF + name,
            replace(
                field_spec(ledger.model, NUMBER) if name == NUMBER else specs[name],
                label=_("親の行：%s") % words,
                required=False,
            ),
        )
        for name, words in keys_of(ledger, book).items()
    ]
    own = [
        Column(name, spec)
        for name, spec in specs_of_line(lines.model).items()
        if not name.startswith("entry")
    ]
    return (*keys, *own)


def known(ledger: Ledger[Entry], book: Book | None, lines: Lines[Any]) -> dict[str, str]:  # Any: as above
    """Folded words → key: the row's own fields first, then the entry's keys."""
    found: dict[str, str] = {}
    columns = columns_of(ledger, book, lines)
    for column in columns:
        if not column.key.startswith(OF):
            found |= {fold(word): column.key for word in (column.key, column.spec.label, column.label)}
    for name, aliases in lines.aliases.items():
        for word in aliases:
            found.setdefault(fold(word), name)
    for name, words in keys_of(ledger, book).items():
        for word in (words, name.removeprefix("more."), *ledger.aliases.get(name, ())):
            found.setdefault(fold(word), OF + name)
    for column in columns:
        if not column.key.startswith(OF) and (word := plain(column.spec.label)):
            found.setdefault(fold(word), column.key)
    return found


def demand(allowed: Mapping[str, str], columns: Sequence[str], by: str) -> None:
    """That a matching can be worked with: one column says whose row it is, another what stands in it. Raises :class:`Problem`."""
    taken = [key for key in columns if key]
    for key in taken:
        if key not in allowed:
            raise Problem(
                "column",
                _("「%s」という項目はありません。画面を開き直してください。") % key[:40],
                field="columns",
            )
        if taken.count(key) > 1:
            raise Problem(
                "twice",
                _("「%s」に、2つの列が当てられています。どちらか一方にしてください。") % allowed[key],
                field="columns",
                found=allowed[key],
            )
    if by not in taken or not by.startswith(OF):
        raise Problem("by", _("どの行の明細かが分かる列（親の行）を、1つ選んでください。"), field="by")
    if all(key.startswith(OF) for key in taken):
        raise Problem("columns", _("明細の項目にあたる列を、1つ以上選んでください。"), field="columns")


def found_by(columns: Sequence[str]) -> str:
    """The usual one of the columns that say whose row it is; empty for none."""
    keys = [key for key in columns if key.startswith(OF)]
    return OF + NUMBER if OF + NUMBER in keys else next(iter(keys), "")
