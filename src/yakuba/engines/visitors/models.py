"""Visits of the portal, and the counts that throttle."""

from __future__ import annotations

import dataclasses
from typing import TypeVar

from django.db import models

from yakuba.engines.visitors.rules import LEVELS
from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PERSONAL, SpecColumn
from yakuba.kernel.town.records import Record, Side

C = TypeVar("C", bound=SpecColumn)


def untold(column: C) -> C:
    """A column whose values stay out of the trail: what is erased here when a visit or an account ends must not live on there."""
    column.spec = dataclasses.replace(column.spec, kind=None)
    return column


class Visit(Record):
    """One browser at the portal of one municipality, from its first form to its end.

    The browser holds a token, this row its digest; the token changes whenever more becomes known of who it is. ``citizen`` is the id
    of whoever signed in (a row of the room that keeps citizens), ``facts`` what the method vouched for (name, kana, birth,
    address, corporate number), never a 個人番号. An ended visit holds neither mail address nor facts.
    """

    side = Side.PORTAL

    token_hash = fields.digest(label="合言葉の要約値")
    level = fields.choice(LEVELS, label="確認の程度", classification=INTERNAL, filterable=False)
    method = fields.text(label="確認の方法", classification=INTERNAL, max_length=40, required=False)
    citizen = fields.reference(label="市民の利用者", classification=INTERNAL, required=False)
    mail = untold(
        fields.text(label="メールアドレス", classification=PERSONAL, max_length=254, required=False)
    )
    facts = fields.document(label="確認された事項", classification=PERSONAL)
    began_at = fields.moment(label="始まり", classification=INTERNAL)
    seen_at = fields.moment(label="最後の利用", classification=INTERNAL)
    ends_at = fields.moment(label="終わり", classification=INTERNAL)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "token_hash"), name="visit_token_once"),
        )
        indexes = (
            models.Index(
                fields=("municipality", "citizen"),
                condition=models.Q(citizen__isnull=False),
                name="visit_citizen",
            ),
            models.Index(fields=("municipality", "seen_at"), name="visit_seen"),
            models.Index(fields=("municipality", "ends_at"), name="visit_ends"),
        )

    def __str__(self) -> str:
        return f"来訪 {str(self.pk)[-4:]}"


class ThrottleCount(Record):
    """How often something was tried in one stretch of time, by one address, visit or target.

    ``key`` is a keyed digest: the table says nothing of who it was.
    """

    side = Side.PORTAL

    purpose = fields.text(label="目的", classification=INTERNAL, max_length=40)
    key = fields.digest(label="数える相手の要約値")
    began_at = fields.moment(label="数え始め", classification=INTERNAL)
    ends_at = fields.moment(label="数え終わり", classification=INTERNAL)
    count = fields.integer(label="回数", classification=INTERNAL)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "purpose", "key", "began_at"), name="throttle_count_once"
            ),
        )

    def __str__(self) -> str:
        return self.purpose
