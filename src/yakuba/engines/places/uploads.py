"""Uploaded layers as a source of layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet

from yakuba.engines.places import queries
from yakuba.engines.places.layers import Layer, Property
from yakuba.engines.places.models import UploadedFeature, UploadedLayer
from yakuba.kernel.actions import Context
from yakuba.kernel.fields import Classification, JsonValue
from yakuba.kernel.fields.definition import Definition

_PREFIX = "up-"


def key_of(pk: UUID) -> str:
    """The key of an uploaded layer."""
    return f"{_PREFIX}{pk.hex}"


class Upload(Layer):
    """An uploaded layer, as read for an actor."""

    model = UploadedFeature

    def __init__(self, row: UploadedLayer) -> None:
        self.row = row
        self.key = row.state.key
        self.label = row.label
        self.attribution = row.attribution
        self.terms = row.terms
        self.style: Mapping[str, JsonValue] = row.state.style
        self.full_detail_zoom = row.edition.full_detail_zoom
        self.publishable = row.classification == "public"
        west, south, east, north = row.edition.box
        self.box = (west, south, east, north)

    def features(self, ctx: Context) -> QuerySet[UploadedFeature]:
        return queries.uploaded_features(self.row)

    def properties(self, ctx: Context) -> Sequence[Property]:
        inside = "staff" in ctx.actor.roles_in(ctx.municipality.id)
        drawn = {self.style.get("by"), self.style.get("label")}
        return [
            Property(key, f"properties__{key}", spec, in_tiles=key in drawn)
            for key, spec in Definition.read(self.row.edition.definition).fields.items()
            if inside or spec.classification is Classification.PUBLIC
        ]

    def version(self, ctx: Context) -> int:
        return self.row.state.changes


class Uploads:
    """The source."""

    def layers(self, ctx: Context) -> Sequence[Layer]:
        return [Upload(row) for row in queries.uploaded_layers(ctx)]

    def find(self, ctx: Context, key: str) -> Layer | None:
        if not key.startswith(_PREFIX):
            return None
        row = queries.uploaded_layer(ctx, key)
        return None if row is None else Upload(row)
