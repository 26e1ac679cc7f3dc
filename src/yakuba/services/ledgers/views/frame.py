"""What the pages of ledgers share: the ledger of an address as its reader stands before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yakuba.engines.ledger import queries
from yakuba.engines.ledger.access import READ_BOOK
from yakuba.engines.ledger.declaration import MERGED, VOID, Chain, Ledger
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.records import Entry, Line
from yakuba.engines.ledger.registering import Installed, installed_of
from yakuba.engines.ledger.values import specs_of_book, title_of, typed_specs, value_of
from yakuba.kernel.access.desk import Pages, address
from yakuba.kernel.actions import Context, Denied, Missing, ports
from yakuba.kernel.dates import era_year
from yakuba.kernel.fields import PERSONAL, Spec
from yakuba.kernel.fields.kinds import Choice, Text
from yakuba.kernel.ui.components import Link, badge

show = Pages("ledgers").show


@dataclass(frozen=True)
class Opened:
    """A ledger of a municipality, and how far the actor may go: ``reads`` everything, ``writes`` it."""

    installed: Installed[Entry]
    book: Book
    reads: bool
    writes: bool

    @property
    def ledger(self) -> Ledger[Entry]:
        """Its declaration."""
        return self.installed.ledger

    @property
    def label(self) -> str:
        """What it is called."""
        return str(self.ledger.label)

    @cached_property
    def all_specs(self) -> dict[str, Spec]:
        """Every field, the city's own too."""
        return specs_of_book(self.ledger, self.book)

    @cached_property
    def typed(self) -> dict[str, Spec]:
        """The fields that somebody types: none that follows from others."""
        return typed_specs(self.ledger, self.book)

    @cached_property
    def specs(self) -> dict[str, Spec]:
        """The fields that the actor may read."""
        return {
            name: spec
            for name, spec in self.all_specs.items()
            if self.reads or spec.classification is not PERSONAL
        }

    @property
    def personal(self) -> bool:
        """Whether something about persons is shown to this actor."""
        return self.reads and any(spec.classification is PERSONAL for spec in self.all_specs.values())

    def log_read(self, ctx: Context, ids: Iterable[UUID]) -> None:
        """One entry of the trail for a page that shows something about persons; called before it is sent."""
        ports.trail().read(ctx, f"{self.ledger.key}.read", self.ledger.key, ids)

    def demand_reads(self) -> None:
        """Raises :class:`Denied` for whoever does not read everything of the book."""
        if not self.reads:
            raise Denied

    def demand_writes(self) -> None:
        """Raises :class:`Denied` for whoever does not keep the book."""
        if not self.writes:
            raise Denied

    def href(self, ctx: Context, name: str = "ledgers-list", *more: object) -> str:
        """The address of a page of this ledger."""
        return address(name, ctx, self.ledger.key, *more)

    def crumbs(self, ctx: Context, *more: Link) -> list[Link]:
        """The way from the desk's ledgers to a page of this one."""
        return [
            Link(_("台帳"), address("ledgers-home", ctx)),
            Link(self.label, self.href(ctx)),
            *more,
        ]

    def crumb_of(self, ctx: Context, entry: Entry) -> Link:
        """The way to an entry."""
        return Link(
            f"{entry.number} {title_of(self.ledger, entry)}", self.href(ctx, "ledgers-entry", entry.pk)
        )


def opened(ctx: Context, key: str) -> Opened:
    """The ledger of an address. Raises :class:`Missing` for one that is not there, or that the actor may not see."""
    installed = installed_of(key)
    if installed is None:
        raise Missing
    book = queries.book_of(ctx, installed.ledger)
    return Opened(
        installed,
        book,
        READ_BOOK.may(ctx, book).allowed,
        installed.access.add.may(ctx, book).allowed,
    )


def state_badge(chain: Chain, state: str) -> SafeString:
    """A state in words, with a sign for what is no more in force."""
    if state in {VOID, MERGED}:
        return badge(chain.label_of(state), mark="cross")
    if state in chain.ended:
        return badge(chain.label_of(state), mark="flag")
    return badge(chain.label_of(state), tone="accent")


def shown(row: Entry | Line, name: str, specs: Mapping[str, Spec]) -> str:
    """A value as a person reads it, with its unit; empty for none."""
    value, spec = value_of(row, name, specs), specs[name]
    return written(value, spec)


def in_short(row: Entry | Line, name: str, specs: Mapping[str, Spec]) -> str:
    """As :func:`shown`, with days as short as offices write them in tables: R8.4.1."""
    value = value_of(row, name, specs)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        year = era_year(value)
        return f"{year.era.letter}{year.year}.{value.month}.{value.day}"
    return written(value, specs[name])


def written(value: object, spec: Spec) -> str:
    """A value of a field in words, with its unit; empty for none."""
    if value is None or value == "" or spec.kind is None:
        return ""
    return f"{spec.kind.format(value)}{spec.unit}"


def typed(value: object, spec: Spec) -> str:
    """A value as it stands in a form: days as people write them, everything else as its kind types it."""
    if value is None or value == "" or spec.kind is None:
        return ""
    return spec.kind.format(value) if spec.kind.key in {"date", "moment"} else spec.kind.to_text(value)


#: Up to so many letters a text stays on one line in a table.
_SHORT = 40
#: A choice of longer words may break.
_LONG_WORD = 8


def is_short(spec: Spec) -> bool:
    """Whether what a field holds stays on one line: a day, a year, a choice, a number as people write it."""
    kind = spec.kind
    if kind is None:
        return False
    if isinstance(kind, Text):
        return kind.max_length <= _SHORT
    if isinstance(kind, Choice):
        return max((len(str(label)) for _code, label in kind.options), default=0) <= _LONG_WORD
    return kind.key in {"date", "moment", "fiscal_year", "yes_no", "choice", "integer", "number"}
