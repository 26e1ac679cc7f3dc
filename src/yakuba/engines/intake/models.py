"""Which procedure belongs to which book, and the cases that wait to be taken over."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from yakuba.engines.casework.models import Case
from yakuba.engines.ledger.models import Book
from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.town.records import Record, Side

#: waiting → carried_out | set_aside; nothing leads back: what was taken over by mistake is corrected in the ledger.
STATES = (
    ("waiting", gettext_noop("反映待ち")),
    ("carried_out", gettext_noop("反映済み")),
    ("set_aside", gettext_noop("反映しない")),
)


class Binding(Record):
    """That completed cases of a topic (a procedure) change a book, and how: ``rule`` is a document of :mod:`.rules`."""

    side = Side.DESK

    book = fields.Link(Book, label="台帳", classification=INTERNAL, db_index=False)
    topic_kind = fields.text(label="手続の種類", classification=INTERNAL, max_length=60)
    topic_id = fields.reference(label="手続")
    topic_title = fields.text(label="手続名", classification=INTERNAL)
    rule = fields.document(label="決まり", classification=INTERNAL)
    active = fields.yes_no(label="つないでいる", classification=INTERNAL, default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "topic_kind", "topic_id"), name="intake_binding_once"
            ),
        )

    def __str__(self) -> str:
        return self.topic_title


class Intake(Record):
    """A completed case that waits to be taken over into its book, and what became of it."""

    side = Side.DESK

    binding = fields.Link(Binding, label="手続と台帳", classification=INTERNAL, db_index=False)
    case = fields.Link(Case, label="案件", classification=INTERNAL, db_index=False)
    state = fields.choice(STATES, label="状態", classification=INTERNAL)
    entry = fields.reference(label="台帳の行", required=False)
    arrived_at = fields.moment(label="完了日時", classification=INTERNAL)
    settled_at = fields.moment(label="処理日時", classification=INTERNAL, required=False)
    settled_by = fields.text(label="処理した人", classification=INTERNAL, required=False)
    reason = fields.text(label="理由", classification=INTERNAL, max_length=400, required=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "case"), name="intake_case_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at__isnull=True)
                | (Q(state__in=("carried_out", "set_aside"), settled_at__isnull=False)),
                name="intake_settled",
            ),
        )
        indexes = (
            models.Index(fields=("municipality", "state", "arrived_at"), name="intake_waiting"),
            models.Index(fields=("municipality", "entry"), name="intake_entry"),
        )

    def __str__(self) -> str:
        return str(self.pk)
