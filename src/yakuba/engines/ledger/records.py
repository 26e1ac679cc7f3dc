"""The base classes of a ledger's rows. A pack's model is one class on :class:`Entry`, its sub-rows classes on :class:`Line`."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models

from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.text import display_number_sort_key
from yakuba.kernel.town.records import Record


class Entry(Record):
    """One row of a ledger: what is kept of a dog, a house, a lamp.

    ``number`` is the office's own (kept as written on paper), ``number_order`` sorts it as people would (2 before 10). ``state`` is
    where it stands in the ledger's chain. ``more`` holds the city's extra fields. Ordinary columns say what holds today; what held
    on another day is told by the amendments.
    """

    ledger_key: ClassVar[str] = ""

    book = fields.Link("ledger.Book", label="台帳", classification=INTERNAL, db_index=False)
    number = fields.text(label="番号", classification=INTERNAL, max_length=40)
    number_order = fields.text(label="番号の並び", classification=INTERNAL, max_length=120)
    state = fields.text(label="状態", classification=INTERNAL, max_length=40, filterable=True)
    more = fields.document(label="追加項目", classification=INTERNAL)
    merged_into = fields.reference(label="統合先", required=False)

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.UniqueConstraint(fields=("municipality", "number"), name="%(app_label)s_%(class)s_number"),
        )
        indexes: ClassVar[tuple[models.Index, ...]] = (
            models.Index(
                fields=("municipality", "state", "number_order", "id"), name="%(app_label)s_%(class)s_list"
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_new(self) -> bool:
        """Whether it is not stored yet: it has no sub-rows, and nobody need ask for them."""
        return self._state.adding


class Line(Record):
    """A row that belongs to an entry. The model adds its own columns, and names the entry's model in ``entry``.

    ``class Vaccination(Line): entry = fields.Link(Dog, label="犬", classification=INTERNAL, related_name="vaccinations")``
    """

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


#: As long as the column ``number_order``.
_ORDER: Final = 120


def order_of(number: str) -> str:
    """What sorts a number as people would, as the column keeps it."""
    return display_number_sort_key(number)[:_ORDER]


def parent(entry: Entry) -> dict[str, object]:
    """The column by which sub-rows name their entry; each model of them declares it with the entry's own model."""
    return {"entry": entry}
