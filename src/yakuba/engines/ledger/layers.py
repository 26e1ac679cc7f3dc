"""Ledgers as layers of maps: staff see the entries that they may see, everybody what was released."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.db.models import QuerySet

from yakuba.engines.ledger import queries
from yakuba.engines.ledger.access import VIEW_ENTRIES
from yakuba.engines.ledger.declaration import LAYERS, Ledger, layer_key, ledgers
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.released import ReleasedBook, ReleasedEntry
from yakuba.engines.places import queries as places
from yakuba.engines.places.layers import SOURCES, Layer, Property
from yakuba.engines.places.models import LayerState
from yakuba.engines.places.records import Placed
from yakuba.engines.places.rules import COLOURS
from yakuba.kernel.actions import Context, Face
from yakuba.kernel.fields import INTERNAL, PERSONAL, JsonValue, Spec
from yakuba.kernel.fields.kinds import Choice, Text


def style_of(ledger: Ledger[Any]) -> dict[str, JsonValue]:  # Any: as above
    """How a ledger is drawn unless somebody said otherwise: by the field that it names, each value in a colour of its own."""
    style: dict[str, JsonValue] = {"colour": COLOURS[0], "label": ledger.title[0]}
    if ledger.style_by:
        choices = ledger.kind_of(ledger.style_by).choices()
        style["by"] = ledger.style_by
        style["classes"] = [
            [code, COLOURS[place % len(COLOURS)], label] for place, (code, label) in enumerate(choices)
        ]
    return style


def _box(stored: list[float]) -> tuple[float, float, float, float] | None:
    if not stored:
        return None
    west, south, east, north = stored
    return west, south, east, north


class _OfLedger(Layer):
    """What both have in common."""

    def __init__(self, ledger: Ledger[Entry], own: Mapping[str, JsonValue] | None, changes: int) -> None:
        self.ledger = ledger
        self.key = layer_key(ledger.key)
        self.label = str(ledger.label)
        self.style = own or style_of(ledger)
        self.changes = changes

    def version(self, ctx: Context) -> int:
        return self.changes

    def _drawn(self) -> set[object]:
        return {self.style.get("by"), self.style.get("label")}


class KeptLayer(_OfLedger):
    """A ledger on the internal map: what is about persons never gets there, so that no map is a way round the log of reads."""

    def __init__(
        self, book: Book, ledger: Ledger[Entry], own: Mapping[str, JsonValue] | None, changes: int
    ) -> None:
        super().__init__(ledger, own, changes)
        self.model = cast("type[Placed]", ledger.model)  # the source offers no others
        self.book = book
        self.full_detail_zoom = book.full_detail_zoom
        self.box = _box(book.box)

    def features(self, ctx: Context) -> QuerySet[Any]:  # Any: rows of the ledger's model
        return queries.entries(ctx, self.ledger)

    def properties(self, ctx: Context) -> Sequence[Property]:
        number = Spec(str(self.ledger.number_label), INTERNAL, Text(40), filterable=True)
        states = Spec(
            str(self.ledger.chain.label), INTERNAL, Choice(self.ledger.chain.all_states), filterable=True
        )
        drawn = self._drawn()
        found = [
            Property("number", "number", number, in_tiles=True),
            Property("state", "state", states, in_tiles="state" in drawn),
        ]
        return found + [
            Property(name, name, spec, in_tiles=name in drawn)
            for name, spec in self.ledger.fields.items()
            if spec.classification is not PERSONAL and spec.kind is not None and spec.kind.key != "shape"
        ]

    def scope(self, ctx: Context) -> str:
        """Which entries of a book somebody sees depends on the book alone, and who sees the layer sees it."""
        return "desk"


class ReleasedLayer(_OfLedger):
    """A ledger on the public map."""

    model = ReleasedEntry
    publishable = True

    def __init__(
        self, row: ReleasedBook, ledger: Ledger[Entry], own: Mapping[str, JsonValue] | None, municipality: str
    ) -> None:
        super().__init__(ledger, own, row.changes)
        self.row = row
        self.attribution = f"{municipality} {row.office}".strip()
        self.terms = row.terms
        self.full_detail_zoom = row.full_detail_zoom
        self.box = _box(row.box)

    def features(self, ctx: Context) -> QuerySet[ReleasedEntry]:
        return ReleasedEntry.objects.for_actor(ctx).filter(ledger=self.ledger.key)

    def properties(self, ctx: Context) -> Sequence[Property]:
        drawn = self._drawn()
        return [
            Property(name, f"properties__{name}", self.ledger.fields[name], in_tiles=name in drawn)
            for name in self.ledger.public
            if self.ledger.kind_of(name).key != "shape"
        ]

    def scope(self, ctx: Context) -> str:
        """Everybody sees the same."""
        return "portal"


class LedgerLayers:
    """The source."""

    def layers(self, ctx: Context) -> Sequence[Layer]:
        return sorted(self._all(ctx), key=lambda layer: layer.label)

    def find(self, ctx: Context, key: str) -> Layer | None:
        if not key.startswith(LAYERS):
            return None
        return next((layer for layer in self._all(ctx) if layer.key == key), None)

    def _all(self, ctx: Context) -> list[Layer]:
        known = {ledger.key: ledger for ledger in ledgers() if ledger.placed or ledger.public_place}
        if ctx.face is Face.PORTAL:
            released = list(ReleasedBook.objects.for_actor(ctx).filter(ledger__in=known))
            states = self._states(ctx) if released else {}
            return [self._released(ctx, row, known[row.ledger], states) for row in released]
        placed = [key for key, ledger in known.items() if ledger.placed]
        books = list(Book.objects.for_actor(ctx).filter(VIEW_ENTRIES.q(ctx), ledger__in=placed))
        states = self._states(ctx) if books else {}
        return [self._kept(book, known[book.ledger], states) for book in books]

    @staticmethod
    def _states(ctx: Context) -> Mapping[str, LayerState]:
        return {row.key: row for row in places.states(ctx)}

    @staticmethod
    def _released(
        ctx: Context, row: ReleasedBook, ledger: Ledger[Entry], states: Mapping[str, LayerState]
    ) -> Layer:
        state = states.get(layer_key(ledger.key))
        return ReleasedLayer(row, ledger, state.style if state else None, ctx.municipality.name)

    @staticmethod
    def _kept(book: Book, ledger: Ledger[Entry], states: Mapping[str, LayerState]) -> Layer:
        state = states.get(layer_key(ledger.key))
        return KeptLayer(book, ledger, state.style if state else None, state.changes if state else 0)


SOURCES.register("ledgers", LedgerLayers())
