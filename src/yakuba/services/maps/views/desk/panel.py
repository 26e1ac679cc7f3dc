"""One feature beside the map: what is known of it, where it is kept, and where it is put right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from yakuba.engines.ledger import queries as ledgers
from yakuba.engines.ledger.layers import KeptLayer
from yakuba.engines.ledger.links import address_of
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.registering import Installed, installed_of
from yakuba.engines.places import layers as places
from yakuba.engines.places.access import UPLOAD
from yakuba.engines.places.layers import Layer
from yakuba.engines.places.queries import uploaded_features
from yakuba.engines.places.shapes import Shape
from yakuba.engines.places.uploads import Upload
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.fields import Spec
from yakuba.kernel.fields.definition import Definition
from yakuba.kernel.ids import uuid7
from yakuba.kernel.ui.components import Fact, FieldError, spec_field
from yakuba.services.maps import reading
from yakuba.services.maps.views.desk.asked import Asked
from yakuba.services.maps.views.desk.frame import every_layer


@dataclass(frozen=True, slots=True)
class Panel:
    """What stands beside the map.

    ``entry``: address of the ledger's page; ``move``: where its place is sent, empty for whoever may not; ``typed``: what stands in the form;
    ``fields`` are those of a feature that came in a file.
    """

    layer: Layer
    id: UUID
    title: str
    facts: Sequence[Fact]
    at: tuple[float, float] | None
    sort: str
    entry: str
    move: str
    typed: str
    version: int
    errors: Sequence[FieldError] = ()
    reason: str = ""
    fields: Sequence[SafeString] = ()

    @property
    def place_error(self) -> object:
        """What is wrong with the place that was typed."""
        return next((one.message for one in self.errors if one.key == "place"), "")


def entry_of(ctx: Context, layer: Layer, feature: UUID) -> tuple[Installed[Entry], Entry] | None:
    """The entry behind a feature of a ledger's layer, None for other layers. Raises :class:`Missing`."""
    if not isinstance(layer, KeptLayer):
        return None
    installed = installed_of(layer.ledger.key)
    if installed is None:
        raise Missing
    return installed, ledgers.entry_of(ctx, layer.ledger, feature)


def panel_of(
    ctx: Context,
    layer: Layer,
    feature: UUID,
    asked: Asked,
    *,
    typed: str | None = None,
    reason: str = "",
    errors: Sequence[FieldError] = (),
    said: Mapping[str, str] | None = None,
) -> Panel:
    """What is shown of a feature, with what was ``typed`` where it was refused. Raises :class:`Missing`."""
    one = reading.feature(ctx, layer, feature)
    kept = entry_of(ctx, layer, feature)
    move, entry, version = "", "", 0
    if kept is not None:
        installed, found = kept
        entry, version = address_of(ctx, found), found.version
        if "place" not in installed.ledger.derived and installed.access.change.may(ctx, found).allowed:
            move = reverse("maps-desk-move", args=[ctx.municipality.code, layer.key, feature])
            move += asked.choosing(layer.key, feature).query()
    fields: list[SafeString] = []
    if isinstance(layer, Upload) and UPLOAD.may(ctx, layer.row).allowed:
        move = reverse("maps-desk-correct", args=[ctx.municipality.code, layer.key, feature])
        move += asked.choosing(layer.key, feature).query()
        version = layer.row.version
        fields = _fields(layer, feature, said, errors)
    return Panel(
        layer,
        feature,
        one.title,
        one.facts,
        reading.point_of(one.place) if one.place else None,
        _sort(one.place),
        entry,
        move,
        (str(one.place) if one.place else "") if typed is None else typed,
        version,
        errors,
        reason,
        fields,
    )


def _fields(
    layer: Upload, feature: UUID, said: Mapping[str, str] | None, errors: Sequence[FieldError]
) -> list[SafeString]:
    """A field for each property of a feature, with what stands there or was typed."""
    row = uploaded_features(layer.row).filter(pk=feature).first()
    wrong = {error.key: error.message for error in errors}
    drawn = []
    for name, spec in definition_of(layer).items():
        if spec.kind is None or row is None:
            continue
        value = row.properties.get(name)
        now = "" if value is None else spec.kind.to_text(spec.kind.from_json(value))
        typed = now if said is None else said.get(name, now)
        drawn.append(
            spec_field(f"f-{name}", replace(spec, required=False), value=typed, error=wrong.get(name, ""))
        )
    return drawn


def definition_of(layer: Upload) -> dict[str, Spec]:
    """The properties of an uploaded layer."""
    return dict(Definition.read(layer.row.edition.definition).fields)


def _sort(place: Shape | None) -> str:
    return place.kind if place else ""


@require_safe
@desk_page
def panel(request: HttpRequest, ctx: Context, key: str, feature: UUID) -> HttpResponseBase:
    """The panel alone, for the map's script."""
    every_layer(ctx)
    asked = Asked.of(request.GET)
    found = panel_of(ctx, places.find(ctx, key), feature, asked)
    return render(request, "maps/desk/_panel.html", {"panel": found, "new_key": str(uuid7())})
