"""How often layers were looked at, files on their way to a layer, and views of the internal map that somebody keeps."""

from __future__ import annotations

from django.db import models

from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.town.records import Record, Side
from yakuba.services.maps.rasters.models import RasterLayer  # noqa: F401 – a table of this room


class LayerViews(Record):
    """How often the public map was opened with a layer on it, on one day in Japan.

    Nobody is counted twice or once: openings are, not people.
    """

    side = Side.PORTAL

    layer = fields.text(label="層のキー", classification=PUBLIC, max_length=80)
    day = fields.date(label="日", classification=PUBLIC)
    views = fields.integer(label="閲覧数", classification=INTERNAL, minimum=0, default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "layer", "day"), name="maps_views_once"),
        )

    def __str__(self) -> str:
        return f"{self.layer} {self.day} {self.views}"


DRAFT_STATES = (
    ("asking", "確かめている"),
    ("loading", "読み込み中"),
    ("done", "取り込み済み"),
    ("stopped", "やめた"),
)


class LayerDraft(Record):
    """A file that shall become a layer, or what is on one (``replaces``): kept until a person has said what it means.

    ``said`` is what was said of it (:class:`.actions.drafts.ConfirmDraft`), ``step`` how many features are written, of ``steps``.
    """

    side = Side.DESK

    file = fields.Link(StoredFile, label="元のファイル", classification=INTERNAL, null=True)
    name = fields.text(label="ファイル名", classification=INTERNAL, max_length=255)
    replaces = fields.Link("places.UploadedLayer", label="入れ替える層", classification=INTERNAL, null=True)
    state = fields.choice(DRAFT_STATES, label="状態", classification=INTERNAL)
    said = fields.document(label="読み方", classification=INTERNAL)
    step = fields.integer(label="済んだ件数", classification=INTERNAL, default=0)
    steps = fields.integer(label="全体の件数", classification=INTERNAL, default=0)
    trouble = fields.prose(label="止まった理由", classification=INTERNAL, searchable=False)
    begun_at = fields.moment(label="開始日時", classification=INTERNAL)
    by_whom = fields.text(label="担当者", classification=INTERNAL, max_length=200, required=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[key for key, _label in DRAFT_STATES]), name="maps_draft_state"
            ),
        )
        indexes = (models.Index(fields=("municipality", "-begun_at"), name="maps_draft_begun"),)

    def __str__(self) -> str:
        return self.name


class MapView(Record):
    """A view of the internal map under a name: what its address asks for, and what was in sight (``extent``: 「縮尺/緯度/経度」)."""

    side = Side.DESK

    name = fields.text(label="名前", classification=INTERNAL, max_length=80)
    office = fields.Link("town.Office", label="課", classification=INTERNAL)
    owner = fields.text(label="作った人", classification=INTERNAL, max_length=200)
    owner_label = fields.text(label="作った人の名前", classification=INTERNAL, max_length=200)
    shared = fields.yes_no(label="課の全員に見せる", classification=INTERNAL)
    query = fields.text(label="出すもの", classification=INTERNAL, max_length=2000, required=False)
    extent = fields.text(label="範囲", classification=INTERNAL, max_length=60, required=False)
    saved_at = fields.moment(label="保存日時", classification=INTERNAL)

    class Meta:
        indexes = (models.Index(fields=("municipality", "office", "name"), name="maps_view_of_office"),)

    def __str__(self) -> str:
        return self.name
