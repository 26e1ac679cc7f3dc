"""Layers: what a map draws and the OGC pages give out, wherever its rows are kept.

A ledger brings its layers by a source; what is uploaded is a source too. Who asks decides what there is: a layer that an actor may
not see is not there (404), and of its properties only those for that audience are.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from django.db.models import QuerySet

from yakuba.engines.places import rules
from yakuba.engines.places.records import Placed
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.fields import JsonValue, Spec
from yakuba.kernel.plugins import Registry


@dataclass(frozen=True)
class Property:
    """One thing that is known of a feature: ``key`` outside, ``path`` from the layer's model (``name``, ``properties__name``).

    ``in_tiles``: the map needs it to draw; everything else is asked for one feature by its id.
    """

    key: str
    path: str
    spec: Spec
    in_tiles: bool = True


class Layer(ABC):
    """Features of one sort in one municipality, as the actor who asked for it may see them."""

    key: str
    """Stable, in addresses: letters, digits and hyphens."""
    label: str
    model: type[Placed]
    attribution: str = ""
    terms: str = ""
    style: Mapping[str, JsonValue] = {}
    full_detail_zoom: int = 0
    """From this zoom of the tile scheme on, tiles hold everything; before it, those of rank ≥ ``full_detail_zoom - z``."""
    box: tuple[float, float, float, float] | None = None
    """(west, south, east, north) in degrees, where it is known without looking."""
    publishable: bool = False
    """Whether it may be released to everybody at all."""

    @abstractmethod
    def features(self, ctx: Context) -> QuerySet[Any]:  # Any: rows of ``model``
        """The rows that this actor may see, unordered; those without a place too."""

    @abstractmethod
    def properties(self, ctx: Context) -> Sequence[Property]:
        """What this actor may know of them, in order."""

    @abstractmethod
    def version(self, ctx: Context) -> int:
        """Grows in the transaction of every change to what the layer shows."""

    def scope(self, ctx: Context) -> str:
        """Names those who see the same rows and properties as this actor; one text for everybody who may see the layer at all."""
        return ctx.face.value


class Source(Protocol):
    """Where layers come from."""

    def layers(self, ctx: Context) -> Sequence[Layer]:
        """All layers that the actor may see, in the order of their labels."""

    def find(self, ctx: Context, key: str) -> Layer | None:
        """The layer with that key, if it is this source's and the actor may see it."""


SOURCES: Final[Registry[Source]] = Registry("source of layers")


def layers(ctx: Context) -> list[Layer]:
    """Every layer that the actor may see here."""
    return [_drawn(ctx, layer) for source in SOURCES.values() for layer in source.layers(ctx)]


def find(ctx: Context, key: str) -> Layer:
    """The layer with that key. Raises :class:`Missing` when there is none that the actor may see."""
    for source in SOURCES.values():
        if (layer := source.find(ctx, key)) is not None:
            return _drawn(ctx, layer)
    raise Missing


def _drawn(ctx: Context, layer: Layer) -> Layer:
    """What a layer is drawn by for staff may be nothing for everybody: not even the names of its classes, in no legend of any page."""
    layer.style = rules.kept_style(layer.style, [one.key for one in layer.properties(ctx)])
    return layer
