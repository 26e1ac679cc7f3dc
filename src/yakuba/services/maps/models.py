"""How often layers were looked at. Nobody is counted twice or once: openings are, not people."""

from __future__ import annotations

from django.db import models

from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.kernel.town.records import Record, Side


class LayerViews(Record):
    """How often the public map was opened with a layer on it, on one day in Japan."""

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
