"""The writers of pictures under the map. A file is looked at before (:mod:`.receiving`); the worker cuts it (:mod:`.cutting`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, Final, cast

from django.utils.translation import gettext as _

from yakuba.engines.places.crs.operations import Operation, system
from yakuba.engines.places.crs.parameters import configured
from yakuba.engines.places.models import CLASSIFICATIONS
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, NoData, Problem, action
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import INTERNAL, PUBLIC, Classification, JsonValue
from yakuba.kernel.files import store as files
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.town.models import Office
from yakuba.kernel.town.queries import offices_on
from yakuba.services.maps.rasters import access
from yakuba.services.maps.rasters.fitting import LEAST_POINTS, Affine, Fitted, Point, fit
from yakuba.services.maps.rasters.laying import lay
from yakuba.services.maps.rasters.models import SORTS, RasterLayer

PLACED: Final = "maps.raster_placed"
RETENTION: Final = "maps_raster"


@dataclass(frozen=True)
class BeginRaster:
    """A picture that lies in the store with its small copy, what was found in it, and what is said of the layer; ``office`` is an id."""

    sha256: Annotated[str, fields.digest(label="SHA-256")]
    preview: Annotated[str, fields.digest(label="見本の画像のSHA-256")]
    name: Annotated[str, fields.text(label="ファイル名", classification=INTERNAL, max_length=255)]
    width: Annotated[int, fields.integer(label="幅", classification=INTERNAL, minimum=1)]
    height: Annotated[int, fields.integer(label="高さ", classification=INTERNAL, minimum=1)]
    known: Annotated[
        dict[str, Any], fields.document(label="ファイルにある位置", classification=INTERNAL)  # Any: JSON
    ]
    label: Annotated[str, fields.text(label="名称", classification=PUBLIC)]
    office: Annotated[str, fields.text(label="担当課", classification=PUBLIC)]
    sort: Annotated[str, fields.choice(SORTS, label="種類", classification=PUBLIC)]
    classification: Annotated[
        str, fields.choice(CLASSIFICATIONS, label="公開の区分", classification=INTERNAL)
    ]
    attribution: Annotated[
        str, fields.text(label="出典", classification=PUBLIC, max_length=300, required=False)
    ] = ""
    terms: Annotated[str, fields.prose(label="利用条件", classification=PUBLIC, max_length=2000)] = ""


@action("maps.begin_raster", label="地図に重ねる画像を受け取る", may=access.BEGIN_RASTER, data=BeginRaster)
def begin_raster(ctx: Context, _none: None, data: BeginRaster) -> RasterLayer:
    """Keep a picture; where it lies is said next. Raises :class:`Problem` for an office that there is not."""
    known = {str(one.id) for one in offices_on(ctx.municipality.id, japan_date(ctx.now))}
    if data.office not in known:
        raise Problem(
            "office",
            _("その課は、今はありません。一覧から選んでください。"),
            field="office",
            found=data.office[:40],
        )
    shown = PUBLIC if data.classification == "public" else INTERNAL
    raster = RasterLayer(
        municipality_id=ctx.municipality.id,
        label=data.label,
        office=Office.unscoped.get(municipality_id=ctx.municipality.id, pk=data.office),
        classification=data.classification,
        attribution=data.attribution,
        terms=data.terms,
        sort=data.sort,
        file=_kept(ctx, data.sha256, data.name, shown),
        preview=_kept(ctx, data.preview, "preview.png", shown, made_by_us=True),
        width=data.width,
        height=data.height,
        known=data.known,
        placing={},
        state="placing",
        made_at=ctx.now,
        made_by=ctx.actor.label[:200],
    )
    raster.save(force_insert=True)
    return raster


def _kept(
    ctx: Context, sha256: str, name: str, classification: Classification, *, made_by_us: bool = False
) -> StoredFile:
    return files.refer(
        ctx,
        sha256,
        name,
        classification=classification,
        retention_class=RETENTION,
        made_by_us=made_by_us,
    )


@dataclass(frozen=True)
class PlaceRaster:
    """Where a picture lies: in which system its own numbers or the ``points`` are, [column, row, east, north] each."""

    system: Annotated[int, fields.integer(label="座標系", classification=INTERNAL)]
    points: Annotated[list[list[float]], fields.document(label="位置の分かる点", classification=INTERNAL)] = (
        field(default_factory=list)
    )


def fitted(ctx: Context, raster: RasterLayer, data: PlaceRaster) -> Fitted:
    """The picture laid by its control points, with how far each is off. Raises :class:`Problem`."""
    points = [Point(*one) for one in data.points]
    return fit(
        points,
        system(data.system).epsg,
        ctx.municipality.code,
        (raster.width, raster.height),
        configured(),
    )


@action(
    "maps.place_raster", label="地図に重ねる画像の位置を決める", may=access.PLACE_RASTER, data=PlaceRaster
)
def place_raster(ctx: Context, raster: RasterLayer, data: PlaceRaster) -> RasterLayer:
    """Say where a picture lies; the worker cuts it from here on. Raises :class:`Problem` for what lays it nowhere sensible."""
    found = raster.known.get("affine")
    if data.points:
        by_points = fitted(ctx, raster, data)
        affine, epsg = by_points.affine, by_points.system
        said = [_words(by_points.operation), _fit_words(by_points)]
    elif found is None:
        raise Problem(
            "points",
            _("このファイルには位置の数字がありません。位置の分かる点を3点から入れてください。"),
            field="points",
        )
    else:
        affine, epsg, said = cast("Affine", tuple(found)), system(data.system).epsg, []
    laid = lay(affine, epsg, (raster.width, raster.height), configured())
    raster.placing = {
        "affine": list(affine),
        "system": epsg,
        "points": cast("JsonValue", data.points),
        "asked": data.system,
    }
    raster.note = " ".join([*(said or [_words(laid.operation)]), *laid.warnings])
    raster.state, raster.trouble = "cutting", ""
    raster.cut += 1
    raster.step, raster.steps = 0, laid.count()
    raster.ordered_at = ctx.now
    raster.save()
    ctx.publish(PLACED, {"raster": str(raster.pk), "cut": raster.cut})
    return raster


def _words(operation: Operation) -> str:
    return _("%(label)s。%(exactness)s。%(note)s") % {
        "label": operation.label,
        "exactness": operation.exactness,
        "note": operation.note,
    }


def _fit_words(found: Fitted) -> str:
    """How exact the control points are, which three of them do not tell."""
    if len(found.off) == LEAST_POINTS:
        return _("3点では、どんな数字でもずれは0になります。4点めを入れると、確かさが分かります。")
    return _("平均のずれは%(mean)smです。") % {"mean": f"{found.mean:.2f}"}


@dataclass(frozen=True)
class FinishRaster:
    """What became of an order: the PMTiles file that was put and what it holds, or why there is none."""

    cut: Annotated[int, fields.integer(label="作り直した回数", classification=INTERNAL)]
    sha256: Annotated[
        str, fields.text(label="タイル", classification=INTERNAL, max_length=64, required=False)
    ] = ""
    box: Annotated[list[float], fields.document(label="範囲", classification=PUBLIC)] = field(
        default_factory=list
    )
    max_zoom: Annotated[int, fields.integer(label="いちばん細かい縮尺", classification=PUBLIC)] = 0
    trouble: Annotated[
        str, fields.prose(label="できなかった理由", classification=INTERNAL, required=False)
    ] = ""


@action("maps.finish_raster", label="画像を地図にし終える", may=access.FINISH_RASTER, data=FinishRaster)
def finish_raster(ctx: Context, raster: RasterLayer, data: FinishRaster) -> RasterLayer:
    """The worker is done. An order that was given anew meanwhile changes nothing."""
    if raster.state != "cutting" or raster.cut != data.cut:
        return raster
    before = raster.tiles
    if data.sha256:
        shown = PUBLIC if raster.classification == "public" else INTERNAL
        raster.tiles = _kept(ctx, data.sha256, "tiles.pmtiles", shown, made_by_us=True)
        raster.box, raster.max_zoom = list(data.box), data.max_zoom
        raster.step = raster.steps
    raster.state = "ready" if data.sha256 else "failed"
    raster.trouble = data.trouble
    raster.save()
    if data.sha256 and before is not None:
        files.forget(ctx, before)
    return raster


def progressed(ctx: Context, raster: RasterLayer, step: int) -> None:
    """So many tiles are cut: what the page shows, and nothing that anybody decided."""
    RasterLayer.unscoped.filter(
        municipality=ctx.municipality.id, pk=raster.pk, state="cutting", cut=raster.cut
    ).update(step=step)


@action("maps.release_raster", label="地図に重ねる画像を公開する", may=access.RELEASE_RASTER, data=NoData)
def release_raster(ctx: Context, raster: RasterLayer, _data: NoData) -> RasterLayer:
    """Show it to everybody. Raises :class:`Problem` for one that is not for everybody, or that does not say its source and terms."""
    if raster.classification != "public":
        raise Problem("internal_layer", _("この画像は「庁内のみ」です。公開できる画像だけを公開できます。"))
    for key, label, found in (
        ("attribution", _("出典"), raster.attribution),
        ("terms", _("利用条件"), raster.terms),
    ):
        if not found.strip():
            raise Problem("empty", _("「%s」が空です。公開する前に入力してください。") % label, field=key)
    raster.released = True
    raster.save(update_fields=["released"])
    return raster


@dataclass(frozen=True)
class WithdrawRaster:
    """Why a picture is no longer shown."""

    reason: Annotated[str, fields.text(label="公開をやめる理由", classification=INTERNAL)]


@action(
    "maps.withdraw_raster", label="地図に重ねる画像の公開をやめる", may=access.WITHDRAW_RASTER, data=WithdrawRaster
)  # fmt: skip
def withdraw_raster(ctx: Context, raster: RasterLayer, data: WithdrawRaster) -> RasterLayer:
    """Take it back from the public; staff still see it."""
    ctx.because(data.reason)
    raster.released = False
    raster.save(update_fields=["released"])
    return raster


@action("maps.remove_raster", label="地図に重ねる画像を消す", may=access.REMOVE_RASTER, data=NoData)
def remove_raster(ctx: Context, raster: RasterLayer, _data: NoData) -> RasterLayer:
    """Take it off the map for good: its files go, and that there was one stays."""
    gone = [raster.file, raster.preview, raster.tiles]
    raster.file = raster.preview = raster.tiles = None
    raster.state, raster.placing, raster.known, raster.box = "removed", {}, {}, []
    raster.save()
    for one in gone:
        if one is not None:
            files.forget(ctx, one)
    return raster
