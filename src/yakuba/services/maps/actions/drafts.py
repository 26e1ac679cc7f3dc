"""A file on its way to a layer: begun and confirmed by a person; loaded at once where it is small, by the worker where it is large."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field, replace
from typing import Annotated, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from yakuba.engines.places import actions as places
from yakuba.engines.places import store
from yakuba.engines.places.crs.systems import SYSTEMS
from yakuba.engines.places.models import CLASSIFICATIONS, LayerEdition, UploadedLayer
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Missing, NoData, Problem, action
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.kernel.files import store as files
from yakuba.kernel.ids import read_id
from yakuba.services.maps.access import BEGIN_DRAFT, WORK_DRAFT
from yakuba.services.maps.incoming import Ready, Said
from yakuba.services.maps.models import LayerDraft

CONFIRMED: Final = "maps.draft_confirmed"
RETENTION: Final = "maps_draft"
#: How long a file waits for somebody: a weekend.
KEPT: Final = dt.timedelta(days=4)
#: Up to so many features are loaded before the answer.
AT_ONCE: Final = 2000


@dataclass(frozen=True)
class BeginDraft:
    """A file that lies in the store; ``replaces``: the id of an uploaded layer, empty for a new one."""

    sha256: Annotated[str, fields.digest(label="SHA-256")]
    name: Annotated[str, fields.text(label="ファイル名", classification=INTERNAL, max_length=255)]
    replaces: Annotated[
        str, fields.text(label="入れ替える層", classification=INTERNAL, max_length=36, required=False)
    ] = ""


@dataclass(frozen=True)
class ConfirmDraft:
    """How a file is read, and what is said of the layer (as :class:`places.UploadLayer`; a replaced layer keeps what was said of it).

    ``system``, ``axis``, ``encoding``, ``inner``: a person's answers, 0 and empty where the file says it; ``mend``: crossings are mended.
    ``inside``: names of columns that staff alone read, whatever the layer is.
    """

    system: Annotated[int, fields.integer(label="座標系", classification=INTERNAL, required=False)] = 0
    axis: Annotated[
        str, fields.text(label="座標の順", classification=INTERNAL, max_length=5, required=False)
    ] = ""
    encoding: Annotated[
        str, fields.text(label="文字コード", classification=INTERNAL, max_length=10, required=False)
    ] = ""
    inner: Annotated[
        str, fields.text(label="中のファイル", classification=INTERNAL, max_length=200, required=False)
    ] = ""
    mend: Annotated[bool, fields.yes_no(label="図形の誤りを直す", classification=INTERNAL)] = False
    label: Annotated[str, fields.text(label="名称", classification=PUBLIC, required=False)] = ""
    office: Annotated[str, fields.text(label="担当課", classification=PUBLIC, required=False)] = ""
    classification: Annotated[
        str, fields.choice(CLASSIFICATIONS, label="公開の区分", classification=INTERNAL)
    ] = "internal"
    attribution: Annotated[
        str, fields.text(label="出典", classification=PUBLIC, max_length=300, required=False)
    ] = ""
    terms: Annotated[str, fields.prose(label="利用条件", classification=PUBLIC, max_length=2000)] = ""
    inside: Annotated[
        list[str], fields.document(label="庁内だけの項目", classification=INTERNAL, default=list)
    ] = field(default_factory=list)
    many: Annotated[int, fields.integer(label="件数", classification=INTERNAL, required=False)] = 0


@action("maps.begin_draft", label="地図のファイルを受け取る", may=BEGIN_DRAFT, data=BeginDraft)
def begin_draft(ctx: Context, _none: None, data: BeginDraft) -> LayerDraft:
    """Keep a file. Raises :class:`Missing` where the layer that it shall replace is gone."""
    replaces = None
    if data.replaces:
        replaces = UploadedLayer.unscoped.filter(
            municipality=ctx.municipality.id, pk=read_id(data.replaces)
        ).first()
        if replaces is None:
            raise Missing
    return LayerDraft.unscoped.create(
        municipality_id=ctx.municipality.id,
        file=files.refer(ctx, data.sha256, data.name, classification=INTERNAL, retention_class=RETENTION),
        name=files.tidy_name(data.name),
        replaces=replaces,
        state="asking",
        said={},
        begun_at=ctx.now,
        by_whom=ctx.actor.label[:200],
    )


@action("maps.confirm_draft", label="地図のファイルを取り込む", may=WORK_DRAFT, data=ConfirmDraft)
def confirm_draft(ctx: Context, draft: LayerDraft, data: ConfirmDraft) -> LayerDraft:
    """Say how a file is read and what the layer is. A large one is loaded by the worker from here on. Raises :class:`Problem`."""
    if draft.state != "asking":
        raise Problem("state", _("この取り込みは、もう先に進んでいます。画面を開き直してください。"))
    if data.system and data.system not in SYSTEMS:
        raise Problem("system", _("座標系を選んでください。"), field="system")
    if draft.replaces_id is None:
        for key, label, found in (("label", _("名称"), data.label), ("office", _("担当課"), data.office)):
            if not found.strip():
                raise Problem("required", _("「%s」が空です。入力してください。") % label, field=key)
    draft.said = asdict(data)
    if draft.replaces is not None:
        draft.said["classification"] = draft.replaces.classification
    draft.state, draft.step, draft.steps, draft.trouble = "loading", 0, max(data.many, 0), ""
    draft.save()
    if data.many > AT_ONCE:
        ctx.publish(CONFIRMED, {"draft": str(draft.pk)})
    return draft


@action("maps.stop_draft", label="地図のファイルの取り込みをやめる", may=WORK_DRAFT, data=NoData)
def stop_draft(ctx: Context, draft: LayerDraft, _data: NoData) -> LayerDraft:
    """Give it up; the file goes."""
    _over(ctx, draft, "stopped")
    return draft


@dataclass(frozen=True)
class FinishDraft:
    """Which layer it became."""

    layer: Annotated[str, fields.text(label="層", classification=INTERNAL, max_length=36)]


@action("maps.finish_draft", label="地図のファイルの取り込みを終える", may=WORK_DRAFT, data=FinishDraft)
def finish_draft(ctx: Context, draft: LayerDraft, data: FinishDraft) -> LayerDraft:
    """What was loaded is on the map; the file goes. Raises :class:`Missing` for a layer that is not there."""
    draft.replaces = UploadedLayer.unscoped.filter(
        municipality=ctx.municipality.id, pk=read_id(data.layer)
    ).first()
    if draft.replaces is None or draft.state != "loading":
        raise Missing
    _over(ctx, draft, "done")
    return draft


def _over(ctx: Context, draft: LayerDraft, state: str) -> None:
    file, draft.file, draft.state = draft.file, None, state
    draft.save()
    if file is not None:
        files.forget(ctx, file)


def load(ctx: Context, draft: LayerDraft) -> LayerDraft:
    """Load what a person confirmed, chunk by chunk, and put it on the map in one step. May be begun anew after a crash anywhere.

    What cannot be loaded leads back to the questions, with words that say why.
    """
    said = Said.of(draft.said)
    try:
        assert draft.file is not None  # only what is over has none  # noqa: S101
        with files.open(draft.file) as stream:
            ready = Ready.of(stream, said)
        edition = store.load(
            ctx,
            ready.given,
            ready.definition,
            source=draft.name,
            note=ready.note[:2000],
            progress=lambda count: _step(draft, count, ready.count),
        )
        _put(ctx, draft, edition, said)
    except Problem as problem:
        own = LayerDraft.unscoped.filter(municipality=draft.municipality_id, pk=draft.pk, state="loading")
        own.update(state="asking", trouble=problem.message)
    draft.refresh_from_db()
    return draft


def _put(ctx: Context, draft: LayerDraft, edition: LayerEdition, said: Said) -> None:
    """The layer and the end of its draft commit together; nothing where somebody gave it up, or another process was first."""
    plain = replace(ctx, idempotency_key=None)
    with transaction.atomic():
        found = (
            LayerDraft.unscoped.select_for_update()
            .filter(municipality=draft.municipality_id, pk=draft.pk, state="loading")
            .first()
        )
        if found is None:
            return
        layer = found.replaces
        if layer is not None:
            places.replace_layer(plain, layer, places.ReplaceLayer(str(edition.pk)))
        else:
            words = (said.label, said.office, said.classification, said.attribution, said.terms)
            layer = places.upload_layer(plain, None, places.UploadLayer(str(edition.pk), *words))
        finish_draft(plain, found, FinishDraft(str(layer.pk)))


def _step(draft: LayerDraft, step: int, steps: int) -> None:
    LayerDraft.unscoped.filter(municipality=draft.municipality_id, pk=draft.pk).update(step=step, steps=steps)


def sweep(ctx: Context, now: dt.datetime) -> None:
    """Give up what nobody finished."""
    own = LayerDraft.unscoped.filter(
        municipality=ctx.municipality.id, begun_at__lt=now - KEPT, state__in=("asking", "loading")
    )
    for draft in own:
        stop_draft(ctx, draft, NoData())


def waiting(ctx: Context, draft_id: UUID) -> LayerDraft | None:
    """A draft that waits for the worker."""
    own = LayerDraft.unscoped.filter(municipality=ctx.municipality.id, pk=draft_id, state="loading")
    return own.select_related("file").first()
