"""How each action of maps is tried in the permission matrix, through its page too."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.engines.places.specimens import layer
from tests.matrix import Specimen
from tests.services.maps.files import geojson, lamps
from tests.services.maps.rasters.specimens import SPECIMENS as RASTERS
from tests.world import Town
from yakuba.kernel.actions import NoData
from yakuba.kernel.files import store
from yakuba.services.maps.actions.drafts import (
    BeginDraft,
    ConfirmDraft,
    FinishDraft,
    begin_draft,
    confirm_draft,
)
from yakuba.services.maps.actions.kept import DropView, SaveView, save_view
from yakuba.services.maps.models import LayerDraft


def beginning(_town: Town, _subject: Any = None) -> BeginDraft:
    return BeginDraft(store.put(geojson(lamps())), "街路灯.geojson")


def begun(town: Town) -> LayerDraft:
    """A file that waits for a person."""
    return begin_draft(town.ctx("map_keeper"), None, beginning(town))


def said(town: Town, **more: Any) -> ConfirmDraft:
    """What is said of it."""
    return ConfirmDraft(
        **{"label": "街路灯", "office": str(town.offices["own"].pk), "classification": "public", **more}
    )


def confirmed(town: Town) -> LayerDraft:
    return confirm_draft(town.ctx("map_keeper"), begun(town), said(town))


def dropping(town: Town, _office: Any) -> DropView:
    """Of a view that the staff of ``own`` keep for their office."""
    return DropView(
        str(save_view(town.ctx("staff"), town.offices["own"], SaveView("街路灯の見回り", shared=True)).pk)
    )


def address(town: Town, more: str) -> str:
    return f"/{town.ref.code}/desk/maps/{more}"


def confirm_page(client: Client, town: Town, draft: LayerDraft) -> HttpResponse:
    posted = {name: value for name, value in asdict(said(town)).items() if name not in {"inside", "mend"}}
    posted |= {"version": draft.version}
    return client.post(address(town, f"layers/new/{draft.pk}/"), posted)  # type: ignore[return-value]  # Django's own class


def stop_page(client: Client, town: Town, draft: LayerDraft) -> HttpResponse:
    posted = {"do": "stop", "version": draft.version}
    return client.post(address(town, f"layers/new/{draft.pk}/"), posted)  # type: ignore[return-value]  # as above


SPECIMENS = RASTERS | {
    "maps.begin_draft": Specimen(subject=lambda _town: None, data=beginning),
    "maps.confirm_draft": Specimen(subject=begun, data=lambda town, _draft: said(town), page=confirm_page),
    "maps.stop_draft": Specimen(subject=begun, data=lambda _town, _draft: NoData(), page=stop_page),
    "maps.finish_draft": Specimen(
        subject=confirmed, data=lambda town, _draft: FinishDraft(str(layer(town).pk))
    ),
    "maps.save_view": Specimen(
        subject=lambda town: town.offices["own"], data=lambda _town, _office: SaveView("朝の見回り")
    ),
    "maps.drop_view": Specimen(subject=lambda town: town.offices["own"], data=dropping),
}
