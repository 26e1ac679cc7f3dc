"""The writers of layers. What is on them was loaded before (:mod:`.store`); an action puts it on the map in one step."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from django.utils.translation import gettext as _

from yakuba.engines.places import access, layers, rules, store
from yakuba.engines.places.crs.systems import JAPAN
from yakuba.engines.places.layers import Layer
from yakuba.engines.places.models import (
    CLASSIFICATIONS,
    LayerEdition,
    LayerState,
    UploadedFeature,
    UploadedLayer,
)
from yakuba.engines.places.shapes import Shape
from yakuba.engines.places.uploads import Upload, key_of
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Missing, NoData, Problem, Problems, action
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import INTERNAL, PUBLIC, Invalid, JsonValue
from yakuba.kernel.fields.definition import Definition
from yakuba.kernel.ids import read_id, uuid7
from yakuba.kernel.text.my_number import hide
from yakuba.kernel.town.models import Office
from yakuba.kernel.town.queries import offices_on


@dataclass(frozen=True)
class UploadLayer:
    """A loaded edition as a new layer of an office; ``edition`` and ``office`` are ids."""

    edition: Annotated[str, fields.text(label="読み込んだ内容", classification=INTERNAL)]
    label: Annotated[str, fields.text(label="名称", classification=PUBLIC)]
    office: Annotated[str, fields.text(label="担当課", classification=PUBLIC)]
    classification: Annotated[
        str, fields.choice(CLASSIFICATIONS, label="公開の区分", classification=INTERNAL)
    ]
    attribution: Annotated[
        str, fields.text(label="出典", classification=PUBLIC, max_length=300, required=False)
    ] = ""
    terms: Annotated[str, fields.prose(label="利用条件", classification=PUBLIC, max_length=2000)] = ""


@action("places.upload_layer", label="地図の層を加える", may=access.UPLOAD, data=UploadLayer)
def upload_layer(ctx: Context, _none: None, data: UploadLayer) -> UploadedLayer:
    """Put a new layer on the internal map. Raises :class:`Problem` for an edition that is not ready or is used already."""
    edition = _ready(ctx, data.edition)
    pk = uuid7()
    state = LayerState(municipality_id=ctx.municipality.id, key=key_of(pk), changes=1)
    state.save(force_insert=True)
    layer = UploadedLayer(
        pk=pk,
        municipality_id=ctx.municipality.id,
        label=data.label,
        office=_office(ctx, data.office),
        classification=data.classification,
        attribution=data.attribution,
        terms=data.terms,
        edition=edition,
        state=state,
    )
    layer.save(force_insert=True)
    ctx.note(features=edition.count, source=edition.source)
    return layer


@dataclass(frozen=True)
class ChangeLayer:
    """What is said of a layer; ``office`` is an id. ``shown`` are the properties that everybody may read, where ``say_shown``.

    A layer that becomes internal has none; one that becomes public has those that somebody names, for a file that was taken in for the
    office alone may say more than everybody is to know.
    """

    label: Annotated[str, fields.text(label="名称", classification=PUBLIC)]
    office: Annotated[str, fields.text(label="担当課", classification=PUBLIC)]
    classification: Annotated[
        str, fields.choice(CLASSIFICATIONS, label="公開の区分", classification=INTERNAL)
    ]
    attribution: Annotated[
        str, fields.text(label="出典", classification=PUBLIC, max_length=300, required=False)
    ] = ""
    terms: Annotated[str, fields.prose(label="利用条件", classification=PUBLIC, max_length=2000)] = ""
    say_shown: Annotated[bool, fields.yes_no(label="公開する項目を決める", classification=INTERNAL)] = False
    shown: Annotated[
        list[str], fields.document(label="公開する項目", classification=INTERNAL, default=list)
    ] = dataclasses.field(default_factory=list)


@action("places.change_layer", label="地図の層の説明を直す", may=access.UPLOAD, data=ChangeLayer)
def change_layer(ctx: Context, layer: UploadedLayer, data: ChangeLayer) -> UploadedLayer:
    """Say something else of a layer. Raises :class:`Problem` for what a released layer may not be or lack."""
    layer.label, layer.classification = data.label, data.classification
    layer.attribution, layer.terms = data.attribution, data.terms
    if str(layer.office_id) != data.office:  # an office that is gone by now may stay
        layer.office = _office(ctx, data.office)
    if data.say_shown or data.classification != "public":
        _show(ctx, layer, data.shown if data.classification == "public" else [])
    if layer.state.released:
        _fit_for_everybody(Upload(layer))
    layer.save(update_fields=["label", "office", "classification", "attribution", "terms"])
    store.touched(ctx, layer.state.key)
    return layer


def _show(ctx: Context, layer: UploadedLayer, keys: Sequence[str]) -> None:
    """Say which properties of what is on a layer everybody may read. Raises :class:`Problem` for one that is not there."""
    edition = LayerEdition.unscoped.select_for_update().get(
        municipality=ctx.municipality.id, pk=layer.edition_id
    )
    there = [dict(one) for one in edition.definition.get("fields", [])]
    if strange := next((key for key in keys if key not in {one["key"] for one in there}), None):
        raise Problem("shown", _("「%s」という項目はありません。") % str(strange)[:40], field="shown")
    for one in there:
        one["classification"] = (PUBLIC if one["key"] in keys else INTERNAL).value
    edition.definition = {**edition.definition, "fields": there}
    edition.save(update_fields=["definition"])
    layer.edition = edition
    ctx.note(shown=list(keys))


@dataclass(frozen=True)
class ChangeFeature:
    """Which feature of a layer, where it is (GeoJSON) and what is said of it: property → JSON, null for nothing. What is not named stays."""

    feature: Annotated[str, fields.text(label="地物", classification=INTERNAL, max_length=36)]
    place: Annotated[dict[str, Any], fields.document(label="位置", classification=PUBLIC)]  # Any: GeoJSON
    values: Annotated[dict[str, JsonValue], fields.document(label="属性", classification=PUBLIC)]
    reason: Annotated[
        str, fields.text(label="理由", classification=INTERNAL, max_length=400, required=False)
    ] = ""


@action("places.change_feature", label="地図の層の1件を直す", may=access.UPLOAD, data=ChangeFeature)
def change_feature(ctx: Context, layer: UploadedLayer, data: ChangeFeature) -> UploadedLayer:
    """Put one feature of an uploaded layer right; the next file replaces it with the rest. Raises :class:`Problems`, each at its field."""
    row = (
        UploadedFeature.unscoped.select_for_update()
        .filter(municipality=ctx.municipality.id, edition=layer.edition_id, pk=read_id(data.feature))
        .first()
    )
    if row is None:
        raise Missing
    before: dict[str, JsonValue] = {"place": row.place.geojson() if row.place else None, **row.properties}
    place, properties = _corrected(layer, row, data)
    row.place, row.properties = place, properties
    row.save(update_fields=["place", "properties"])
    edition = LayerEdition.unscoped.select_for_update().get(
        municipality=ctx.municipality.id, pk=layer.edition_id
    )
    west, south, east, north = edition.box
    edition.box = list(rules.joined([(west, south, east, north), place.bounds]) or edition.box)
    edition.save(update_fields=["box"])
    store.touched(ctx, layer.state.key)
    ctx.note(feature=str(row.pk), before=before, after={"place": place.geojson(), **properties})
    if data.reason.strip():
        ctx.because(data.reason.strip())
    return layer


def _corrected(
    layer: UploadedLayer, row: UploadedFeature, data: ChangeFeature
) -> tuple[Shape, dict[str, JsonValue]]:
    """The feature as it would be. Raises :class:`Problems`."""
    problems: list[Problem] = []
    found = dict(row.properties)
    known = Definition.read(layer.edition.definition).fields
    for name, value in data.values.items():
        spec = known.get(name)
        if spec is None or spec.kind is None:
            problems.append(
                Problem("unknown", _("「%s」という項目はありません。") % str(name)[:40], field=str(name)[:40])
            )
            continue
        try:
            if value in (None, ""):
                found.pop(name, None)
                continue
            found[name] = _without_my_number(spec.kind.to_json(spec.kind.from_json(value)), spec.label)
        except Invalid as invalid:
            problems.append(Problem.of(name, spec.label, invalid))
    place: Shape | None = None
    try:
        place = _in_japan(Shape.from_geojson(data.place))
    except Invalid as invalid:
        problems.append(Problem.of("place", _("位置"), invalid))
    if hide(data.reason) != data.reason:
        problems.append(
            Problem(
                "my_number", _("「理由」に個人番号（マイナンバー）を書かないでください。"), field="reason"
            )
        )
    if problems or place is None:
        raise Problems(problems)
    return place, found


def _without_my_number(value: JsonValue, label: str) -> JsonValue:
    """A value as it is. Raises :class:`Invalid` for a text with a 個人番号 (番号法 20条); a field for another number may have twelve digits."""
    if isinstance(value, str) and "番号" not in label and hide(value) != value:
        raise Invalid("my_number", _("個人番号（マイナンバー）と思われる12桁の数字"), _("その数字を消した文"))
    return value


def _in_japan(place: Shape) -> Shape:
    west, south, east, north = place.bounds
    if not (JAPAN[0] <= west and east <= JAPAN[2] and JAPAN[1] <= south and north <= JAPAN[3]):
        raise Invalid(
            "place", f"{south:g}, {west:g}", _("日本の中の位置（緯度, 経度の順を確かめてください）")
        )
    return place


@dataclass(frozen=True)
class ReplaceLayer:
    """A loaded edition in place of the one that a layer has."""

    edition: Annotated[str, fields.text(label="読み込んだ内容", classification=INTERNAL)]


@action("places.replace_layer", label="地図の層を入れ替える", may=access.UPLOAD, data=ReplaceLayer)
def replace_layer(ctx: Context, layer: UploadedLayer, data: ReplaceLayer) -> UploadedLayer:
    """Exchange what is on a layer at once; what was there before is swept. Properties that are gone are no longer drawn by."""
    edition = _ready(ctx, data.edition)
    before = layer.edition
    layer.edition = edition
    layer.save(update_fields=["edition"])
    state = LayerState.unscoped.select_for_update().get(pk=layer.state_id, municipality=ctx.municipality.id)
    state.style = rules.kept_style(state.style, [str(one["key"]) for one in edition.definition["fields"]])
    state.changes += 1
    state.save(update_fields=["style", "changes"])
    ctx.note(features=edition.count, before=before.count, source=edition.source)
    return layer


@dataclass(frozen=True)
class SetStyle:
    """How a layer is drawn, as :func:`rules.checked_style` says."""

    style: Annotated[dict[str, Any], fields.document(label="描き方", classification=PUBLIC)]  # Any: JSON


@action("places.set_style", label="地図の層の描き方を変える", may=access.STYLE, data=SetStyle)
def set_style(ctx: Context, state: LayerState, data: SetStyle) -> LayerState:
    """Draw a layer in another way; its tiles are made anew, because they hold what it is drawn by."""
    keys = [one.key for one in layers.find(ctx, state.key).properties(ctx)]
    state.style = rules.checked_style(data.style, keys)
    state.changes += 1
    state.save(update_fields=["style", "changes"])
    ctx.note(style=state.style)
    return state


@action("places.release_layer", label="地図の層を公開する", may=access.RELEASE, data=NoData)
def release_layer(ctx: Context, state: LayerState, _data: NoData) -> LayerState:
    """Show a layer to everybody. Raises :class:`Problem` for one that is not for everybody, or that does not say its source and terms."""
    _fit_for_everybody(layers.find(ctx, state.key))
    state.released, state.released_at = True, ctx.now
    state.changes += 1
    state.save(update_fields=["released", "released_at", "changes"])
    return state


@dataclass(frozen=True)
class WithdrawLayer:
    """Why a layer is no longer shown."""

    reason: Annotated[str, fields.text(label="公開をやめる理由", classification=INTERNAL)]


@action("places.withdraw_layer", label="地図の層の公開をやめる", may=access.WITHDRAW, data=WithdrawLayer)
def withdraw_layer(ctx: Context, state: LayerState, data: WithdrawLayer) -> LayerState:
    """Take a layer back from the public; staff still see it."""
    ctx.because(data.reason)
    state.released, state.released_at = False, None
    state.changes += 1
    state.save(update_fields=["released", "released_at", "changes"])
    return state


def _fit_for_everybody(layer: Layer) -> None:
    """Raises :class:`Problem` for a layer that is not for everybody, or that does not say its source and terms."""
    if not layer.publishable:
        raise Problem("internal_layer", _("この層は「庁内のみ」です。公開できる層だけを公開できます。"))
    for key, label, found in (
        ("attribution", _("出典"), layer.attribution),
        ("terms", _("利用条件"), layer.terms),
    ):
        if not found.strip():
            raise Problem(
                "empty",
                _("「%s」が空です。公開する前に入力してください。") % label,
                field=key,
            )


def _ready(ctx: Context, edition_id: str) -> LayerEdition:
    """A complete edition that is on no layer yet, locked. Raises :class:`Problem` on the field ``edition``."""
    found = (
        LayerEdition.unscoped.select_for_update()
        .filter(municipality=ctx.municipality.id, pk=read_id(edition_id), state="ready")
        .first()
    )
    if (
        found is None
        or UploadedLayer.unscoped.filter(municipality=found.municipality_id, edition=found).exists()
    ):
        raise Problem(
            "edition",
            _("読み込んだ内容が見つからないか、もう使われています。ファイルをもう一度読み込んでください。"),
            field="edition",
            found=edition_id[:40],
        )
    return found


def _office(ctx: Context, office_id: str) -> Office:
    """An office that exists today, by its id. Raises :class:`Problem` on the field ``office``."""
    known = {str(one.id) for one in offices_on(ctx.municipality.id, japan_date(ctx.now))}
    if office_id not in known:
        raise Problem(
            "office",
            _("その課は、今はありません。一覧から選んでください。"),
            field="office",
            found=office_id[:40],
        )
    return Office.unscoped.get(municipality_id=ctx.municipality.id, pk=office_id)
