"""Figures: measured, frozen, measured elsewhere, and as the public reads them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yakuba.engines.metrics.declaring import AGGREGATIONS
from yakuba.engines.metrics.periods import KINDS
from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.town.models import Office
from yakuba.kernel.town.records import Record, Side

# As the plan's values have them (GLOSSARY 見込値 / 速報値 / 確定値).
STATUSES = (("provisional", "見込"), ("preliminary", "速報"), ("final", "確定"))
ORIGINS = (("measured", "計測"), ("earlier", "以前のシステム"), ("corrected", "訂正"))
SERIES_STATES = (("active", "使用中"), ("ended", "終了"))
RHYTHMS = (("month", "毎月"), ("year", "毎年度"))


class Snapshot(Record):
    """What a metric said of a period when it was last asked. It may be asked again; what rests on it is frozen apart from it.

    ``definition_version`` is the metric's version by which it was counted. Without a number there was nothing to say.
    """

    side = Side.DESK

    metric = fields.text(label="指標の種類", classification=INTERNAL, max_length=80)
    definition_version = fields.integer(label="定義の版", classification=INTERNAL, minimum=1)
    kind = fields.choice(KINDS, label="期間の種類", classification=INTERNAL)
    first = fields.date(label="期間の初日", classification=INTERNAL)
    last = fields.date(label="期間の末日", classification=INTERNAL)
    number = fields.decimal(label="値", classification=INTERNAL, required=False)
    numerator = fields.decimal(label="分子", classification=INTERNAL, required=False)
    denominator = fields.decimal(label="分母", classification=INTERNAL, required=False)
    parts = fields.document(label="内訳", classification=INTERNAL)
    measured_at = fields.moment(label="計測した日時", classification=INTERNAL)

    class Meta:
        ordering = ("metric", "last")
        indexes = (
            # Days are many: who asks for months and years does not go through them.
            models.Index(fields=("municipality", "kind", "last"), name="snapshot_period"),
            models.Index(fields=("municipality", "last"), condition=Q(kind="as_of"), name="snapshot_as_of"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "metric", "definition_version", "kind", "last"), name="snapshot_once"
            ),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="snapshot_days"),
        )

    def __str__(self) -> str:
        return f"{self.metric} {self.last}"


class FrozenFigure(Record):
    """A figure that something rests on: of a closed review, loaded from an older system (version 0), or a late correction with its reason.

    Never changed (:func:`~yakuba.kernel.trail.guards.guard`): what was wrong is followed by the next ``revision``, and the newest counts.
    ``ground`` names what it was frozen for.
    """

    side = Side.DESK

    metric = fields.text(label="指標の種類", classification=INTERNAL, max_length=80)
    definition_version = fields.integer(label="定義の版", classification=INTERNAL, minimum=0)
    kind = fields.choice(KINDS, label="期間の種類", classification=INTERNAL)
    first = fields.date(label="期間の初日", classification=INTERNAL)
    last = fields.date(label="期間の末日", classification=INTERNAL)
    revision = fields.integer(label="訂正の回数", classification=INTERNAL, minimum=0, default=0)
    origin = fields.choice(ORIGINS, label="由来", classification=INTERNAL)
    number = fields.decimal(label="値", classification=INTERNAL, required=False)
    numerator = fields.decimal(label="分子", classification=INTERNAL, required=False)
    denominator = fields.decimal(label="分母", classification=INTERNAL, required=False)
    parts = fields.document(label="内訳", classification=INTERNAL)
    reason = fields.prose(label="理由", classification=INTERNAL, max_length=1000)
    ground = fields.text(label="何のために", classification=INTERNAL, max_length=200, required=False)
    file = fields.Link(StoredFile, label="元のファイル", classification=INTERNAL, null=True)
    line = fields.integer(label="行", classification=INTERNAL, required=False)
    measured_at = fields.moment(label="計測した日時", classification=INTERNAL)
    frozen_at = fields.moment(label="確定した日時", classification=INTERNAL)
    frozen_by = fields.text(label="確定した人", classification=INTERNAL)

    class Meta:
        ordering = ("metric", "last", "revision")
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "metric", "definition_version", "kind", "last", "revision"),
                name="frozen_figure_once",
            ),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="frozen_figure_days"),
            models.CheckConstraint(
                condition=Q(origin="measured") | ~Q(reason=""), name="frozen_figure_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.metric} {self.last}"


class PublicFigure(Record):
    """A figure as the public reads it: small counts of persons are left out, days are not shown. The desk writes it, the portal only reads.

    One per metric or series (``source``: ``metric`` or ``series``, ``key``), version and period; written anew when the figure changes.
    """

    side = Side.PORTAL

    source = fields.text(label="出所", classification=PUBLIC, max_length=20)
    key = fields.text(label="種類", classification=PUBLIC, max_length=80)
    definition_version = fields.integer(label="定義の版", classification=PUBLIC, minimum=0)
    kind = fields.choice(KINDS, label="期間の種類", classification=PUBLIC)
    first = fields.date(label="期間の初日", classification=PUBLIC)
    last = fields.date(label="期間の末日", classification=PUBLIC)
    number = fields.decimal(label="値", classification=PUBLIC, required=False)
    numerator = fields.decimal(label="分子", classification=PUBLIC, required=False)
    denominator = fields.decimal(label="分母", classification=PUBLIC, required=False)
    parts = fields.document(label="内訳", classification=PUBLIC)
    hidden = fields.yes_no(label="人数が少ないため出さない", classification=PUBLIC)
    status = fields.choice(STATUSES, label="確度", classification=PUBLIC)
    revision = fields.integer(label="訂正の回数", classification=PUBLIC, default=0)
    note = fields.prose(label="訂正の理由", classification=PUBLIC, max_length=1000)
    released_at = fields.moment(label="公開した日時", classification=PUBLIC)

    class Meta:
        ordering = ("source", "key", "last")
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "source", "key", "definition_version", "kind", "last"),
                name="public_figure_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.last}"


class PublicSeries(Record):
    """What a public series counts and who counts it, in words: the public does not read the desk's tables. Written with its figures."""

    side = Side.PORTAL

    key = fields.text(label="記号", classification=PUBLIC, max_length=60)
    title = fields.text(label="名前", classification=PUBLIC, max_length=200)
    unit = fields.text(label="単位", classification=PUBLIC, max_length=40, required=False)
    aggregation = fields.choice(AGGREGATIONS, label="集計", classification=PUBLIC)
    definition = fields.prose(label="数え方", classification=PUBLIC, max_length=2000)
    definition_version = fields.integer(label="定義の版", classification=PUBLIC, minimum=1, default=1)
    supplier = fields.text(label="出所", classification=PUBLIC, max_length=200, required=False)
    office = fields.text(label="担当課", classification=PUBLIC, max_length=200, required=False)
    least = fields.integer(label="公開する最小の人数", classification=PUBLIC, minimum=0, default=0)
    released_at = fields.moment(label="公開した日時", classification=PUBLIC)

    class Meta:
        ordering = ("key",)
        constraints = (models.UniqueConstraint(fields=("municipality", "key"), name="public_series_key"),)

    def __str__(self) -> str:
        return self.title


class MetricSetting(Record):
    """What a municipality decided on a metric: whether the public sees it, which office answers for it, from when it counts."""

    side = Side.DESK

    metric = fields.text(label="指標の種類", classification=INTERNAL, max_length=80)
    public = fields.yes_no(label="公開する", classification=INTERNAL, default=True)
    office = fields.Link(Office, label="担当課", classification=INTERNAL, null=True)
    since = fields.date(label="計測を始める日", classification=INTERNAL, required=False)
    note = fields.prose(label="説明", classification=INTERNAL, max_length=1000)

    class Meta:
        ordering = ("metric",)
        constraints = (
            models.UniqueConstraint(fields=("municipality", "metric"), name="metric_setting_once"),
        )

    def __str__(self) -> str:
        return self.metric


class Series(Record):
    """A figure that is measured elsewhere (コンビニ交付, eLTAX, LINE …): who brings it, what it means, how its file looks, by when.

    ``layout`` says which columns hold what (:mod:`.series.layout`). ``due_days``: days after a period's end. ``least`` as of a metric.
    """

    side = Side.DESK

    key = fields.text(label="記号", classification=INTERNAL, max_length=60)
    title = fields.text(label="名前", classification=PUBLIC, max_length=200, searchable=True)
    unit = fields.text(label="単位", classification=PUBLIC, max_length=40, required=False)
    aggregation = fields.choice(AGGREGATIONS, label="集計", classification=PUBLIC)
    definition = fields.prose(label="数え方", classification=PUBLIC, max_length=2000)
    definition_version = fields.integer(label="定義の版", classification=PUBLIC, minimum=1, default=1)
    supplier = fields.text(label="出所", classification=PUBLIC, max_length=200, required=False)
    office = fields.Link(Office, label="担当課", classification=PUBLIC)
    every = fields.choice(RHYTHMS, label="周期", classification=PUBLIC)
    due_days = fields.integer(
        label="期限（期間の終わりから）", classification=INTERNAL, minimum=0, maximum=366, unit="日"
    )
    first = fields.date(label="最初の期間の初日", classification=INTERNAL)
    layout = fields.document(label="ファイルの形", classification=INTERNAL)
    least = fields.integer(label="公開する最小の人数", classification=INTERNAL, minimum=0, default=0)
    public = fields.yes_no(label="公開する", classification=INTERNAL)
    state = fields.choice(SERIES_STATES, label="状態", classification=INTERNAL)
    ended_on = fields.date(label="終わった日", classification=INTERNAL, required=False)

    class Meta:
        ordering = ("key",)
        constraints = (models.UniqueConstraint(fields=("municipality", "key"), name="series_key"),)

    def __str__(self) -> str:
        return self.title


class SeriesValue(Record):
    """A value of a series for a period, as its file had it; never changed: 確定 and corrections are the next ``revision``."""

    side = Side.DESK

    series = fields.Link(Series, label="外部の数値", classification=INTERNAL, related_name="values")
    definition_version = fields.integer(label="定義の版", classification=INTERNAL, minimum=0, default=1)
    kind = fields.choice(KINDS, label="期間の種類", classification=INTERNAL)
    first = fields.date(label="期間の初日", classification=INTERNAL)
    last = fields.date(label="期間の末日", classification=INTERNAL)
    revision = fields.integer(label="訂正の回数", classification=INTERNAL, minimum=0, default=0)
    raw = fields.text(label="記載のとおり", classification=INTERNAL, max_length=300, required=False)
    number = fields.decimal(label="値", classification=INTERNAL, required=False)
    state = fields.text(label="語", classification=INTERNAL, max_length=60, required=False)
    numerator = fields.decimal(label="分子", classification=INTERNAL, required=False)
    denominator = fields.decimal(label="分母", classification=INTERNAL, required=False)
    parts = fields.document(label="内訳", classification=INTERNAL)
    status = fields.choice(STATUSES, label="確度", classification=INTERNAL)
    reason = fields.prose(label="理由", classification=INTERNAL, max_length=1000)
    file = fields.Link(StoredFile, label="元のファイル", classification=INTERNAL, null=True)
    file_name = fields.text(label="ファイル名", classification=INTERNAL, max_length=255, required=False)
    file_digest = fields.digest(label="ファイルの要約値", required=False)
    line = fields.integer(label="行", classification=INTERNAL, required=False)
    at = fields.moment(label="受け取った日時", classification=INTERNAL)
    by_label = fields.text(label="受け取った人", classification=INTERNAL)

    class Meta:
        ordering = ("last", "revision")
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "series", "definition_version", "kind", "last", "revision"),
                name="series_value_once",
            ),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="series_value_days"),
        )

    def __str__(self) -> str:
        return self.raw or str(self.number)
