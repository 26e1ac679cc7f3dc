"""Views of the internal map that somebody keeps, alone or for the office."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Final

from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Denied, Missing, Problem, action
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.ids import read_id
from yakuba.kernel.town.models import Office
from yakuba.services.maps.access import SAVE_VIEW
from yakuba.services.maps.models import MapView

_EXTENT: Final = re.compile(r"\d{1,2}(\.\d{1,4})?/-?\d{1,2}(\.\d{1,8})?/-?\d{1,3}(\.\d{1,8})?")


@dataclass(frozen=True)
class SaveView:
    """A name, what the map's address asks for, what is in sight (「縮尺/緯度/経度」, may be empty), and whether the office sees it."""

    name: Annotated[str, fields.text(label="名前", classification=INTERNAL, max_length=80)]
    query: Annotated[
        str, fields.text(label="出すもの", classification=INTERNAL, max_length=2000, required=False)
    ] = ""
    extent: Annotated[
        str, fields.text(label="範囲", classification=INTERNAL, max_length=60, required=False)
    ] = ""
    shared: Annotated[bool, fields.yes_no(label="課の全員に見せる", classification=INTERNAL)] = False


@action("maps.save_view", label="地図の表示を保存する", may=SAVE_VIEW, data=SaveView)
def save_view(ctx: Context, office: Office, data: SaveView) -> MapView:
    """Keep a view at an office of the actor's. Raises :class:`Problem` for an extent that is none."""
    if data.extent and not _EXTENT.fullmatch(data.extent):
        raise Problem(
            "extent",
            _("地図の範囲を読み取れません。地図を開き直してください。"),
            field="extent",
            found=data.extent,
        )
    return MapView.unscoped.create(
        municipality_id=ctx.municipality.id,
        office=office,
        name=data.name.strip(),
        owner=ctx.actor.id[:200],
        owner_label=ctx.actor.label[:200],
        shared=data.shared,
        query=data.query,
        extent=data.extent,
        saved_at=ctx.now,
    )


@dataclass(frozen=True)
class DropView:
    """Which view goes."""

    view: Annotated[str, fields.text(label="表示", classification=INTERNAL, max_length=36)]


@action("maps.drop_view", label="保存した地図の表示を消す", may=SAVE_VIEW, data=DropView)
def drop_view(ctx: Context, office: Office, data: DropView) -> Office:
    """Take a view of the office away. Raises :class:`Missing`, and :class:`Denied` for whoever did not make it."""
    own = MapView.unscoped.filter(municipality=ctx.municipality.id, office=office, pk=read_id(data.view))
    view = own.first()
    if view is None:
        raise Missing
    if view.owner != ctx.actor.id:
        raise Denied(_("ほかの人が保存した表示です。保存した人に頼んでください。"))
    ctx.note(name=view.name, shared=view.shared)
    own.delete()
    return office
