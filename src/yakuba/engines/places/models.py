"""Layers that were uploaded, and what is known of every layer whatever it is made of."""

from __future__ import annotations

from django.db import models

from yakuba.engines.places.records import Placed
from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.kernel.town.records import Record, Side

CLASSIFICATIONS = (("public", "公開できる"), ("internal", "庁内のみ"))
LOADS = (("loading", "読み込み中"), ("ready", "読み込み済み"))


class LayerState(Record):
    """What a layer of any source has in common here: how often it changed, whether it is released, how it is drawn.

    ``changes`` grows with every change to what the layer shows, in the transaction that makes it.
    """

    side = Side.PORTAL

    key = fields.text(label="層のキー", classification=PUBLIC, max_length=80)
    changes = fields.integer(label="変更の回数", classification=PUBLIC, maximum=2**62, default=0)
    released = fields.yes_no(label="公開している", classification=PUBLIC)
    released_at = fields.moment(label="公開した日時", classification=PUBLIC, required=False)
    style = fields.document(label="描き方", classification=PUBLIC)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "key"), name="layer_state_key"),
            models.CheckConstraint(
                condition=models.Q(released=False, released_at__isnull=True)
                | models.Q(released=True, released_at__isnull=False),
                name="layer_state_released",
            ),
        )

    def __str__(self) -> str:
        return self.key


class LayerEdition(Record):
    """One load of features, complete or on its way; it is on a map when a layer points to it, and swept when none does.

    ``definition`` says what is known of each feature (:mod:`yakuba.kernel.fields.definition`); ``box`` is [west, south, east, north] in degrees.
    """

    side = Side.BOTH

    state = fields.choice(LOADS, label="状態", classification=INTERNAL)
    made_at = fields.moment(label="読み込んだ日時", classification=INTERNAL)
    made_by = fields.text(label="読み込んだ人", classification=INTERNAL)
    source = fields.text(label="元のファイル", classification=INTERNAL, required=False)
    note = fields.prose(label="座標の変換", classification=INTERNAL, max_length=2000, searchable=False)
    definition = fields.document(label="項目", classification=PUBLIC)
    count = fields.integer(label="件数", classification=PUBLIC, default=0)
    box = fields.document(label="範囲", classification=PUBLIC, default=list)
    full_detail_zoom = fields.integer(label="全件を描く縮尺", classification=PUBLIC, default=0)

    class Meta:
        indexes = (models.Index(fields=("municipality", "made_at"), name="layer_edition_made"),)

    def __str__(self) -> str:
        return self.source or str(self.pk)


class UploadedLayer(Record):
    """A layer that somebody brought as a file. Replacing it changes the edition; its address and its state stay."""

    side = Side.BOTH

    label = fields.text(label="名称", classification=PUBLIC)
    office = fields.Link("town.Office", label="担当課", classification=PUBLIC)
    classification = fields.choice(CLASSIFICATIONS, label="公開の区分", classification=INTERNAL)
    attribution = fields.text(label="出典", classification=PUBLIC, max_length=300, required=False)
    terms = fields.prose(label="利用条件", classification=PUBLIC, max_length=2000, searchable=False)
    edition = fields.Link(LayerEdition, label="内容", related_name="layers")
    state = fields.Link(LayerState, label="層の状態", related_name="uploads")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "edition"), name="uploaded_layer_edition"),
            models.UniqueConstraint(fields=("municipality", "state"), name="uploaded_layer_state"),
        )

    def __str__(self) -> str:
        return self.label


class UploadedFeature(Placed):
    """One feature of an edition. Its id grows in the order of the file."""

    side = Side.BOTH

    edition = fields.Link(LayerEdition, label="内容", classification=PUBLIC, db_index=False)
    properties = fields.document(label="属性", classification=PUBLIC)

    class Meta(Placed.Meta):
        abstract = False
        indexes = (
            models.Index(fields=("municipality", "edition", "cell"), name="uploaded_feature_cell"),
            models.Index(fields=("municipality", "edition", "rank", "cell"), name="uploaded_feature_rank"),
            models.Index(fields=("municipality", "edition", "id"), name="uploaded_feature_order"),
        )

    def __str__(self) -> str:
        return str(self.pk)
