"""What all ledgers share: books, amendments, moves, the journal, attachments, joints and due dates."""

from __future__ import annotations

from django.db import models

from yakuba.engines.ledger.released import ReleasedBook, ReleasedEntry  # noqa: F401 – tables of this room
from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PERSONAL, PUBLIC
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
    terms = fields.prose(label="公開の利用条件", classification=PUBLIC, max_length=2000, searchable=False)
    opened_on = fields.date(label="開始日", classification=INTERNAL)
    # Since when rows stand in it whose persons were not compared with the register of 支援措置 yet.
    unlooked_since = fields.moment(label="照合待ち", classification=INTERNAL, required=False)
    # How much there is and where, for the internal map; the worker keeps it.
    box = fields.document(label="範囲", classification=INTERNAL, default=list)
    full_detail_zoom = fields.integer(label="全件を描く縮尺", classification=INTERNAL, default=0)
    extra = fields.document(label="追加項目の定義", classification=INTERNAL)
    # The columns of its list in their order, where the office wants others than the ledger has.
    listed = fields.document(label="一覧の列", classification=INTERNAL, default=list)
    # What words of other programs mean in tables that come in: column → word → code. A person said so once.
    words = fields.document(label="読み替える言葉", classification=INTERNAL)

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


BATCH_STATES = (
    ("matching", "列の確認待ち"),
    ("reading", "読み取り中"),
    ("checked", "内容の確認待ち"),
    ("writing", "書き込み中"),
    ("indexing", "検索の準備中"),
    ("done", "完了"),
    ("stopped", "中止"),
)
STAGED_SORTS = (
    ("new", "新しい行"),
    ("change", "変わる行"),
    ("conflict", "食い違い"),
    ("same", "同じ"),
    ("total", "集計の行"),
    ("wrong", "直すところがある行"),
)


class Matching(Record):
    """Which columns of a book an office's own table means by its heads; a person said so once, for these heads in this order.

    ``columns`` holds a key for each head, empty for one that is not taken; ``by`` the keys by which rows are found again.
    """

    side = Side.DESK

    book = fields.Link(Book, label="台帳", classification=INTERNAL, db_index=False)
    heads = fields.digest(label="見出しの要約")
    columns = fields.document(label="列", classification=INTERNAL, default=list)
    by = fields.document(label="突き合わせる項目", classification=INTERNAL, default=list)
    confirmed_at = fields.moment(label="確認日時", classification=INTERNAL)
    confirmed_by = fields.text(label="確認者", classification=INTERNAL, max_length=200, required=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "book", "heads"), name="ledger_matching_once"),
        )

    def __str__(self) -> str:
        return self.heads[:12]


class Batch(Record):
    """One table on its way into a book: the file as it came, what its columns mean, and how far it is.

    ``place`` says how its coordinates were read (the operation's name and accuracy), for ever. ``counts`` are rows by sort. While it
    is read or written, ``step`` and ``steps`` say how far (rows). ``lines`` is the sort of sub-rows that the table holds, empty for entries.
    ``words`` are words that were said to mean something, ``unknown`` those of which nobody said so yet. ``begins`` says in which state new rows
    begin that say none (column of the chain → state), ``ground`` the document for it.
    """

    side = Side.DESK

    book = fields.Link(Book, label="台帳", classification=INTERNAL, db_index=False)
    file = fields.Link(StoredFile, label="元のファイル", classification=PERSONAL, null=True)
    name = fields.text(label="ファイル名", classification=INTERNAL, max_length=255)
    state = fields.choice(BATCH_STATES, label="状態", classification=INTERNAL)
    lines = fields.text(label="明細", classification=INTERNAL, max_length=60, required=False)
    words = fields.document(label="読み替える言葉", classification=INTERNAL)
    unknown = fields.document(label="読み替えの決まらない言葉", classification=PERSONAL)
    begins = fields.document(label="新しい行の状態", classification=INTERNAL)
    ground = fields.text(label="文書番号", classification=INTERNAL, max_length=80, required=False)
    heads = fields.document(label="見出し", classification=INTERNAL, default=list)
    columns = fields.document(label="列", classification=INTERNAL, default=list)
    by = fields.document(label="突き合わせる項目", classification=INTERNAL, default=list)
    keep_blank = fields.yes_no(label="空の欄は変えない", classification=INTERNAL)
    holds_from = fields.date(label="適用日", classification=INTERNAL, required=False)
    reason = fields.text(label="理由", classification=INTERNAL, max_length=400, required=False)
    system = fields.integer(label="座標系", classification=INTERNAL, required=False)
    place = fields.prose(label="座標の変換", classification=INTERNAL, searchable=False)
    counts = fields.document(label="件数", classification=INTERNAL)
    step = fields.integer(label="済んだ行", classification=INTERNAL, default=0)
    steps = fields.integer(label="全体の行", classification=INTERNAL, default=0)
    trouble = fields.prose(label="止まった理由", classification=INTERNAL, searchable=False)
    begun_at = fields.moment(label="開始日時", classification=INTERNAL)
    touched_at = fields.moment(label="最後の動き", classification=INTERNAL)
    by_whom = fields.text(label="担当者", classification=INTERNAL, max_length=200, required=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[key for key, _label in BATCH_STATES]), name="ledger_batch_state"
            ),
        )
        indexes = (models.Index(fields=("municipality", "book", "-begun_at"), name="ledger_batch_of"),)

    def __str__(self) -> str:
        return self.name


class Staged(Record):
    """One row of a batch, read and judged, written nowhere yet.

    ``entry`` is the row's id in the ledger (its own, made ahead, where it is new), ``values`` what is said of it as JSON by field,
    ``cells`` the whole row as the ledger's table will hold it, by column, ``places`` where its cells stand in the sheet. ``notes``: what of a cell
    is lost, by its place. ``twin`` names what it may be a double of. ``digest`` stands in the trail for what was written.
    """

    side = Side.DESK

    batch = fields.Link(Batch, label="取り込み", classification=INTERNAL, db_index=False)
    row = fields.integer(label="行", classification=INTERNAL)
    sort = fields.choice(STAGED_SORTS, label="区分", classification=INTERNAL)
    entry = fields.reference(label="台帳の行", required=False)
    known = fields.integer(label="読んだ版", classification=INTERNAL, default=0)
    number = fields.text(label="番号", classification=INTERNAL, max_length=40, required=False)
    number_order = fields.text(label="番号の並び", classification=INTERNAL, max_length=120, required=False)
    values = fields.document(label="内容", classification=PERSONAL)
    cells = fields.document(label="書き込む行", classification=PERSONAL)
    places = fields.document(label="欄の位置", classification=INTERNAL)
    problems = fields.document(label="直すところ", classification=PERSONAL, default=list)
    notes = fields.document(label="読み取りで落ちる内容", classification=PERSONAL, default=list)
    twin = fields.text(label="重複の候補", classification=INTERNAL, max_length=300, required=False)
    digest = fields.digest(label="要約", required=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "batch", "row"), name="ledger_staged_once"),
        )
        indexes = (
            models.Index(fields=("municipality", "batch", "sort", "row"), name="ledger_staged_sort"),
            models.Index(fields=("municipality", "batch", "number"), name="ledger_staged_number"),
        )

    def __str__(self) -> str:
        return f"{self.batch_id} {self.row}"


class LetterRun(Record):
    """That a form was printed of entries: which, of whom, when, by whom. ``held``: so many were left out under 支援措置."""

    side = Side.DESK

    book = fields.Link(Book, label="台帳", classification=INTERNAL, db_index=False)
    form = fields.text(label="帳票", classification=INTERNAL, max_length=60)
    day = fields.date(label="日付", classification=INTERNAL)
    entries = fields.document(label="台帳の行", classification=INTERNAL, default=list)
    held = fields.integer(label="支援措置で除いた数", classification=INTERNAL, default=0)
    file = fields.Link(StoredFile, label="印刷したもの", classification=PERSONAL)
    made_at = fields.moment(label="作成日時", classification=INTERNAL)
    by = fields.text(label="作成者", classification=INTERNAL, max_length=200, required=False)

    class Meta:
        indexes = (models.Index(fields=("municipality", "book", "-made_at"), name="ledger_letters_of"),)

    def __str__(self) -> str:
        return f"{self.form} {self.day}"


BUNDLE_STATES = (
    ("reading", "読み取り中"),
    ("open", "付け先の確認待ち"),
    ("done", "完了"),
    ("stopped", "中止"),
)
ITEM_STATES = (
    ("raw", "読み取り待ち"),
    ("waiting", "付け先の確認待ち"),
    ("refused", "受け取れないファイル"),
    ("attached", "付けた"),
    ("left", "付けない"),
)


class Bundle(Record):
    """Many photos or papers that came at once, as files or in an archive, each on its way to the entry that its name tells.

    ``by`` is what the numbers in the names are: the entry's number, or a field that tells one entry from the others. ``sort`` is the kind
    that is proposed for each. While files are looked through ``step`` of ``steps`` says how far.
    """

    side = Side.DESK

    book = fields.Link(Book, label="台帳", classification=INTERNAL, db_index=False)
    name = fields.text(label="ファイル名", classification=INTERNAL, max_length=255)
    state = fields.choice(BUNDLE_STATES, label="状態", classification=INTERNAL)
    by = fields.text(label="名前の番号", classification=INTERNAL, max_length=60)
    sort = fields.choice(ATTACHMENT_KINDS, label="種類", classification=INTERNAL, required=False)
    step = fields.integer(label="済んだ数", classification=INTERNAL, default=0)
    steps = fields.integer(label="全体の数", classification=INTERNAL, default=0)
    begun_at = fields.moment(label="開始日時", classification=INTERNAL)
    touched_at = fields.moment(label="最後の動き", classification=INTERNAL)
    by_whom = fields.text(label="担当者", classification=INTERNAL, max_length=200, required=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[key for key, _label in BUNDLE_STATES]),
                name="ledger_bundle_state",
            ),
        )
        indexes = (models.Index(fields=("municipality", "book", "-begun_at"), name="ledger_bundle_of"),)

    def __str__(self) -> str:
        return self.name


class BundleItem(Record):
    """One file of a bundle: its name as it came (with its folder), what it may belong to, what the camera wrote, and what became of it.

    ``candidates`` are ids of entries, the likeliest first; one alone is sure. ``trouble`` says why it could not be received.
    """

    side = Side.DESK

    bundle = fields.Link(Bundle, label="まとめて付けるもの", classification=INTERNAL, db_index=False)
    turn = fields.integer(label="順", classification=INTERNAL)
    path = fields.text(label="ファイル名", classification=PERSONAL, max_length=500)
    state = fields.choice(ITEM_STATES, label="状態", classification=INTERNAL)
    file = fields.Link(StoredFile, label="ファイル", classification=PERSONAL, null=True)
    candidates = fields.document(label="付け先の候補", classification=INTERNAL, default=list)
    sort = fields.choice(ATTACHMENT_KINDS, label="種類", classification=INTERNAL, required=False)
    taken_on = fields.date(label="撮影日", classification=INTERNAL, required=False)
    longitude = fields.decimal(label="撮影地点の経度", classification=INTERNAL, required=False)
    latitude = fields.decimal(label="撮影地点の緯度", classification=INTERNAL, required=False)
    direction = fields.decimal(label="撮影方位", classification=INTERNAL, required=False, unit="°")
    entry = fields.reference(label="台帳の行", required=False)
    trouble = fields.text(label="受け取れない理由", classification=INTERNAL, max_length=400, required=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "bundle", "turn"), name="ledger_bundle_item_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[key for key, _label in ITEM_STATES]),
                name="ledger_bundle_item_state",
            ),
        )
        indexes = (
            models.Index(fields=("municipality", "bundle", "state", "turn"), name="ledger_bundle_item_of"),
        )

    def __str__(self) -> str:
        return self.path
