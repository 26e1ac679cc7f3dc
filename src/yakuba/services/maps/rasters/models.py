"""Pictures that lie under the map."""

from __future__ import annotations

from typing import Final

from django.db import models

from yakuba.engines.places.models import CLASSIFICATIONS
from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.town.records import Record, Side

SORTS: Final = (("photo", "写真"), ("drawing", "図面"))
STATES: Final = (
    ("placing", "位置を決める"),
    ("cutting", "地図にしている"),
    ("ready", "使える"),
    ("failed", "できなかった"),
    ("removed", "消した"),
)


class RasterLayer(Record):
    """An aerial photograph or a scanned drawing, and the tiles that were cut from it.

    ``known``: what the file says of its place, ``{"affine": [six numbers] or null, "system": EPSG code or null}``; ``placing``: what a
    person decided, ``{"affine", "system", "points", "asked"}`` (``asked``: the system that was chosen). ``note`` says by which operation it came to JGD2011 and how exact that is.
    What was removed keeps its row without files. ``tiles`` is a PMTiles file, ``box`` [west, south, east, north] in degrees. ``cut`` counts the orders to cut it.
    """

    side = Side.BOTH

    label = fields.text(label="名称", classification=PUBLIC)
    office = fields.Link("town.Office", label="担当課", classification=PUBLIC)
    classification = fields.choice(CLASSIFICATIONS, label="公開の区分", classification=INTERNAL)
    attribution = fields.text(label="出典", classification=PUBLIC, max_length=300, required=False)
    terms = fields.prose(label="利用条件", classification=PUBLIC, max_length=2000, searchable=False)
    sort = fields.choice(SORTS, label="種類", classification=PUBLIC)
    file = fields.Link(StoredFile, label="元の画像", classification=INTERNAL, null=True)
    preview = fields.Link(StoredFile, label="見本の画像", classification=INTERNAL, null=True)
    width = fields.integer(label="幅", classification=INTERNAL, minimum=1, unit="画素")
    height = fields.integer(label="高さ", classification=INTERNAL, minimum=1, unit="画素")
    known = fields.document(label="ファイルにある位置", classification=INTERNAL)
    placing = fields.document(label="決めた位置", classification=INTERNAL)
    note = fields.prose(label="座標の変換", classification=INTERNAL, max_length=2000, searchable=False)
    state = fields.choice(STATES, label="状態", classification=INTERNAL)
    cut = fields.integer(label="作り直した回数", classification=INTERNAL, default=0)
    step = fields.integer(label="済んだ枚数", classification=INTERNAL, default=0)
    steps = fields.integer(label="全体の枚数", classification=INTERNAL, default=0)
    trouble = fields.prose(label="できなかった理由", classification=INTERNAL, searchable=False)
    tiles = fields.Link(StoredFile, label="タイル", classification=INTERNAL, null=True)
    box = fields.document(label="範囲", classification=PUBLIC, default=list)
    max_zoom = fields.integer(label="いちばん細かい縮尺", classification=PUBLIC, default=0)
    released = fields.yes_no(label="公開している", classification=PUBLIC)
    ordered_at = fields.moment(label="地図にし始めた日時", classification=INTERNAL, required=False)
    made_at = fields.moment(label="受け取った日時", classification=INTERNAL)
    made_by = fields.text(label="受け取った人", classification=INTERNAL, max_length=200)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(released=False) | models.Q(classification="public", tiles__isnull=False),
                name="maps_raster_released",
            ),
        )
        indexes = (models.Index(fields=("municipality", "label", "id"), name="maps_raster_list"),)

    def __str__(self) -> str:
        return self.label
