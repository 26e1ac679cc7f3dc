"""Under which codes other plans and surveys of the city know an initiative or an indicator: a figure is typed once and answers all of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.town.records import Record, Side
from yakuba.services.plan.models.plan import Edition

OUTSIDE_SYSTEMS = (
    ("project", "事務事業評価"),
    ("master_plan", "総合計画"),
    ("strategy", "総合戦略"),
    ("other", "そのほかの調査"),
)


class OutsideCode(Record):
    """A code of another system of the city for an initiative (``position`` 0) or for one of its indicators (its place, from 1).

    ``initiative`` is its id in the edition, ``indicator`` the indicator's name: one that moved is found again by it. Codes go on into the
    next edition with their initiative (:func:`~yakuba.services.plan.actions.outside.carry_codes`).
    """

    side = Side.DESK

    edition = fields.Link(Edition, label="版", classification=INTERNAL, related_name="outside_codes")
    initiative = fields.reference(label="取組", classification=INTERNAL)
    position = fields.integer(label="指標の番号", classification=INTERNAL, minimum=0, maximum=200, default=0)
    indicator = fields.prose(label="指標名", classification=INTERNAL, max_length=500)
    system = fields.choice(OUTSIDE_SYSTEMS, label="計画・調査", classification=INTERNAL)
    code = fields.text(label="コード", classification=INTERNAL, max_length=60)

    class Meta:
        ordering = ("system", "code")
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "edition", "initiative", "position", "indicator", "system", "code"),
                name="outside_code_once",
            ),
            models.CheckConstraint(
                condition=Q(system__in=[code for code, _ in OUTSIDE_SYSTEMS]), name="outside_code_system"
            ),
        )
        indexes = (models.Index(fields=("municipality", "edition", "system"), name="outside_code_edition"),)

    def __str__(self) -> str:
        return self.code
