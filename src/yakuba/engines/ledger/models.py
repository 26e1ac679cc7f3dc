"""What all ledgers share: books, amendments, moves, the journal, attachments, joints and due dates."""

from __future__ import annotations

from django.db import models

from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.town.models import Office
from yakuba.kernel.town.records import Record, Side

ATTACHMENT_KINDS = (("photo", "写真"), ("drawing", "図面"), ("paper", "文書"), ("other", "その他"))


class Book(Record):
    """One ledger of one municipality: which office keeps it, and what the city added to it.

    A ledger changes hands by a change of ``office``, without any succession between offices. ``open_to_staff``: every member of staff
    reads its internal fields. ``extra`` is a definition (``kernel.fields.definition``) of the city's own fields.
    """

    side = Side.DESK

    ledger = fields.text(label="台帳", classification=INTERNAL, max_length=60)
    office = fields.Link(Office, label="所管", classification=INTERNAL)
    open_to_staff = fields.yes_no(label="全職員が読める", classification=INTERNAL)
    released = fields.yes_no(label="公開する", classification=INTERNAL)
    opened_on = fields.date(label="開始日", classification=INTERNAL)
    extra = fields.document(label="追加項目の定義", classification=INTERNAL)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("municipality", "ledger"), name="ledger_book_once"),)

    def __str__(self) -> str:
        return self.ledger


class Counter(Record):
    """Where a book's numbers stand: the last counter of a year (``scope`` R8), or of all years (empty)."""

    side = Side.DESK

    book = fields.Link(Book, label="台帳", classification=INTERNAL, db_index=False)
    scope = fields.text(label="年度", classification=INTERNAL, max_length=10, required=False)
    last = fields.integer(label="最後の番号", classification=INTERNAL, default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "book", "scope"), name="ledger_counter_once"),
        )

    def __str__(self) -> str:
        return f"{self.scope} {self.last}"


class OfEntry(Record):
    """A row about an entry of any ledger: which book, which id. The entry's model is the book's."""

    book = fields.Link(Book, label="台帳", classification=INTERNAL, db_index=False)
    entry = fields.reference(label="台帳の行", classification=INTERNAL)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.book_id} {self.entry}"


class Amendment(OfEntry):
    """What was written into an entry: field → value, from which day it holds, and when it became known.

    An entry as of a day is the sum of its amendments that hold by then, in the order (day, moment): later knowledge of an earlier day
    does not undo what changed in between.
    """

    side = Side.DESK

    holds_from = fields.date(label="適用日", classification=INTERNAL)
    written_at = fields.moment(label="記録日時", classification=INTERNAL)
    values = fields.document(label="内容", classification=PERSONAL)
    reason = fields.text(label="理由", classification=INTERNAL, max_length=400, required=False)
    by = fields.text(label="記録者", classification=INTERNAL, max_length=200, required=False)

    class Meta:
        indexes = (
            models.Index(
                fields=("municipality", "book", "entry", "holds_from", "written_at"),
                name="ledger_amendment_of",
            ),
        )


class Move(OfEntry):
    """One move of an entry along a chain (``chain`` is its column). ``day`` is when it happened, ``document`` under which number."""

    side = Side.DESK

    chain = fields.text(label="区分", classification=INTERNAL, max_length=40)
    seq = fields.integer(label="順", classification=INTERNAL, minimum=0)
    come_from = fields.text(label="前", classification=INTERNAL, max_length=40, required=False)
    go_to = fields.text(label="後", classification=INTERNAL, max_length=40)
    day = fields.date(label="日付", classification=INTERNAL)
    moved_at = fields.moment(label="記録日時", classification=INTERNAL)
    document = fields.text(label="文書番号", classification=INTERNAL, max_length=80, required=False)
    reason = fields.text(label="理由", classification=INTERNAL, max_length=400, required=False)
    by = fields.text(label="記録者", classification=INTERNAL, max_length=200, required=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "book", "entry", "chain", "seq"), name="ledger_move_once"
            ),
        )


class Note(OfEntry):
    """A line of the journal (経過記録): what somebody saw, heard or did that day."""

    side = Side.DESK

    day = fields.date(label="日付", classification=INTERNAL)
    kind = fields.text(label="区分", classification=INTERNAL, max_length=40)
    text = fields.prose(label="内容", classification=PERSONAL, required=True, searchable=False)
    by = fields.text(label="記録者", classification=INTERNAL, max_length=200, required=False)
    written_at = fields.moment(label="記録日時", classification=INTERNAL)

    class Meta:
        indexes = (models.Index(fields=("municipality", "book", "entry", "-day"), name="ledger_note_of"),)


class Attachment(OfEntry):
    """A photo, drawing or paper of an entry. What the camera wrote into a photo became fields before the picture was made anew."""

    side = Side.DESK

    file = fields.Link(StoredFile, label="ファイル", classification=PERSONAL)
    kind = fields.choice(ATTACHMENT_KINDS, label="種類", classification=INTERNAL)
    caption = fields.text(label="説明", classification=PERSONAL, required=False)
    taken_on = fields.date(label="撮影日", classification=INTERNAL, required=False)
    longitude = fields.decimal(label="撮影地点の経度", classification=INTERNAL, required=False)
    latitude = fields.decimal(label="撮影地点の緯度", classification=INTERNAL, required=False)
    direction = fields.decimal(label="撮影方位", classification=INTERNAL, required=False, unit="°")
    paper_number = fields.text(label="紙の番号", classification=INTERNAL, max_length=80, required=False)
    added_at = fields.moment(label="追加日時", classification=INTERNAL)
    by = fields.text(label="追加者", classification=INTERNAL, max_length=200, required=False)

    class Meta:
        indexes = (models.Index(fields=("municipality", "book", "entry", "added_at"), name="ledger_file_of"),)


class Joint(OfEntry):
    """That an entry has to do with something else in the house: an entry of another ledger, a case. ``relation`` says what in words."""

    side = Side.DESK

    other_kind = fields.text(label="相手の種類", classification=INTERNAL, max_length=60)
    other_id = fields.reference(label="相手", classification=INTERNAL)
    relation = fields.text(label="関係", classification=INTERNAL, max_length=80)
    made_at = fields.moment(label="記録日時", classification=INTERNAL)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "book", "entry", "other_kind", "other_id"), name="ledger_joint_once"
            ),
        )
        indexes = (
            models.Index(fields=("municipality", "other_kind", "other_id"), name="ledger_joint_other"),
        )


class Deadline(OfEntry):
    """That something of an entry falls due (``rule`` is the key of a declared :class:`.declaration.Due`), and what became of it."""

    side = Side.DESK

    rule = fields.text(label="期限", classification=INTERNAL, max_length=60)
    due_on = fields.date(label="期限日", classification=INTERNAL)
    reminded_on = fields.date(label="知らせた日", classification=INTERNAL, required=False)
    settled_on = fields.date(label="済んだ日", classification=INTERNAL, required=False)
    outcome = fields.text(label="結果", classification=INTERNAL, max_length=200, required=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "book", "entry", "rule", "due_on"), name="ledger_deadline_once"
            ),
        )
        indexes = (
            models.Index(fields=("municipality", "book", "settled_on", "due_on"), name="ledger_deadline_on"),
        )


class Distinct(OfEntry):
    """That two entries that look alike are not the same: nobody is asked twice. The smaller id is ``entry``."""

    side = Side.DESK

    other = fields.reference(label="もう一方", classification=INTERNAL)
    decided_at = fields.moment(label="判断日時", classification=INTERNAL)
    by = fields.text(label="判断者", classification=INTERNAL, max_length=200, required=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "book", "entry", "other"), name="ledger_distinct_once"
            ),
        )
