"""What the portal knows of ledgers: a copy of what is public, released by the desk (DESIGN §4 rule 12).

The portal reads these rows and none of the ledgers'. An entry keeps its id here, so that an address of it never changes.
"""

from __future__ import annotations

from django.db import models

from yakuba.engines.places.records import Placed
from yakuba.kernel import fields
from yakuba.kernel.actions import Everywhere, Permission, viewed_by
from yakuba.kernel.fields import PUBLIC
from yakuba.kernel.town.records import Record, Side


class ReleasedBook(Record):
    """A ledger that everybody may see: who keeps it, under which terms, how much there is of it and where."""

    side = Side.PORTAL

    ledger = fields.text(label="台帳", classification=PUBLIC, max_length=60)
    office = fields.text(label="所管", classification=PUBLIC, required=False)
    terms = fields.prose(label="利用条件", classification=PUBLIC, max_length=2000, searchable=False)
    changed_at = fields.moment(label="更新日時", classification=PUBLIC)
    changes = fields.integer(label="変更の回数", classification=PUBLIC, maximum=2**62, default=1)
    count = fields.integer(label="件数", classification=PUBLIC, default=0)
    box = fields.document(label="範囲", classification=PUBLIC, default=list)
    full_detail_zoom = fields.integer(label="全件を描く縮尺", classification=PUBLIC, default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "ledger"), name="ledger_released_once"),
        )

    def __str__(self) -> str:
        return self.ledger


class ReleasedEntry(Placed):
    """One entry as everybody may see it: its public fields as JSON, and where it is, as far as that is public. Its id is the entry's."""

    side = Side.PORTAL

    ledger = fields.text(label="台帳", classification=PUBLIC, max_length=60)
    number = fields.text(label="番号", classification=PUBLIC, max_length=40, required=False)
    order = fields.text(label="並び", classification=PUBLIC, max_length=120)
    title = fields.text(label="名称", classification=PUBLIC)
    properties = fields.document(label="項目", classification=PUBLIC)

    class Meta(Placed.Meta):
        abstract = False
        indexes = (
            models.Index(fields=("municipality", "ledger", "order", "id"), name="ledger_released_order"),
            models.Index(fields=("municipality", "ledger", "cell"), name="ledger_released_cell"),
            models.Index(fields=("municipality", "ledger", "rank", "cell"), name="ledger_released_rank"),
            models.Index(fields=("municipality", "ledger", "id"), name="ledger_released_id"),
        )

    def __str__(self) -> str:
        return self.title


_EVERYBODY = {role: Everywhere() for role in ("public", "visitor", "staff", "auditor")}
VIEW_RELEASED_BOOK = viewed_by(Permission("ledger.view_released_book", ReleasedBook, roles=_EVERYBODY))
VIEW_RELEASED = viewed_by(Permission("ledger.view_released", ReleasedEntry, roles=_EVERYBODY))
