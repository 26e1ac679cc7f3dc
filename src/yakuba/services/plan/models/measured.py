"""Where an indicator's figures come from, what was measured when a round closed, and what of it the public may know."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yakuba.engines.metrics.declaring import AGGREGATIONS
from yakuba.engines.metrics.models import STATUSES
from yakuba.engines.metrics.periods import KINDS
from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.town.records import Record, Side
from yakuba.services.plan.models.plan import Edition
from yakuba.services.plan.models.year import Review


class Binding(Record):
    """Where an indicator's figures come from, from ``bound_at`` on. Each decision is a row; the newest ``revision`` of a ``line`` counts.

    ``source`` is a key of :data:`~yakuba.engines.metrics.sources.SOURCES` and ``said`` what that source keeps; ``manual``: the office
    counts it, ``definition`` says how and ``file`` shows it; empty: the binding ended. ``title``, ``unit``, ``aggregation`` and
    ``definition`` are what they were when it was bound. The indicator is known by its place and name, as a figure of a review is.
    ``origin`` is the binding of the earlier edition that this one carries on. ``grounds`` are the words in which it was proposed.
    """

    side = Side.DESK

    edition = fields.Link(Edition, label="版", classification=INTERNAL, related_name="bindings")
    initiative = fields.reference(label="取組", classification=INTERNAL)
    position = fields.integer(label="指標の順", classification=INTERNAL, minimum=0)
    name = fields.prose(label="指標名", classification=INTERNAL, max_length=500)
    line = fields.reference(label="結び付け", classification=INTERNAL)
    revision = fields.integer(label="改訂", classification=INTERNAL, minimum=0, default=0)
    source = fields.text(label="出所の種類", classification=INTERNAL, max_length=20, required=False)
    said = fields.document(label="出所の指定", classification=INTERNAL)
    title = fields.prose(label="出所", classification=INTERNAL, max_length=500)
    unit = fields.text(label="単位", classification=INTERNAL, max_length=40, required=False)
    aggregation = fields.choice(AGGREGATIONS, label="集計", classification=INTERNAL, required=False)
    definition = fields.prose(label="数え方", classification=INTERNAL, max_length=4000)
    grounds = fields.document(label="提案の理由", classification=INTERNAL, default=list)
    file = fields.Link(StoredFile, label="根拠の資料", classification=INTERNAL, null=True)
    reason = fields.prose(label="理由", classification=INTERNAL, max_length=1000)
    origin = fields.reference(label="引き継いだ結び付け", classification=INTERNAL, required=False)
    bound_at = fields.moment(label="決めた日時", classification=INTERNAL)
    bound_by = fields.text(label="決めた人", classification=INTERNAL)

    class Meta:
        ordering = ("edition", "initiative", "position", "revision")
        constraints = (
            models.UniqueConstraint(fields=("municipality", "line", "revision"), name="binding_revision"),
        )
        indexes = (models.Index(fields=("municipality", "edition", "initiative"), name="binding_edition"),)

    def __str__(self) -> str:
        return self.name[:200]


class DeclinedSource(Record):
    """A proposed source that somebody said does not fit an indicator: it is not proposed again. ``mark`` names indicator and source."""

    side = Side.DESK

    edition = fields.Link(Edition, label="版", classification=INTERNAL, related_name="declined_sources")
    initiative = fields.reference(label="取組", classification=INTERNAL)
    name = fields.prose(label="指標名", classification=INTERNAL, max_length=500)
    source = fields.text(label="出所の種類", classification=INTERNAL, max_length=20)
    said = fields.document(label="出所の指定", classification=INTERNAL)
    mark = fields.text(label="印", classification=INTERNAL, max_length=16)
    reason = fields.prose(label="理由", classification=INTERNAL, max_length=1000)
    declined_at = fields.moment(label="決めた日時", classification=INTERNAL)
    declined_by = fields.text(label="決めた人", classification=INTERNAL)

    class Meta:
        ordering = ("edition", "initiative", "declined_at")
        constraints = (
            models.UniqueConstraint(fields=("municipality", "initiative", "mark"), name="declined_source"),
        )

    def __str__(self) -> str:
        return self.name[:200]


class MeasuredThen(Record):
    """What a bound source said of an indicator when its round closed, beside what the office had answered; never changed.

    ``answered`` is the answer as typed. Where the two differ the office's reason stands among the answers to the review's questions.
    """

    side = Side.DESK

    review = fields.Link(Review, label="実績の報告", classification=INTERNAL, related_name="measured_then")
    position = fields.integer(label="指標の順", classification=INTERNAL, minimum=0)
    name = fields.prose(label="指標名", classification=INTERNAL, max_length=500)
    binding = fields.Link(Binding, label="結び付け", classification=INTERNAL)
    kind = fields.choice(KINDS, label="期間の種類", classification=INTERNAL)
    first = fields.date(label="期間の初日", classification=INTERNAL)
    last = fields.date(label="期間の末日", classification=INTERNAL)
    number = fields.decimal(label="値", classification=INTERNAL, required=False)
    state = fields.text(label="語", classification=INTERNAL, max_length=60, required=False)
    numerator = fields.decimal(label="分子", classification=INTERNAL, required=False)
    denominator = fields.decimal(label="分母", classification=INTERNAL, required=False)
    definition_version = fields.integer(label="定義の版", classification=INTERNAL, minimum=0)
    figure_revision = fields.integer(label="訂正の回数", classification=INTERNAL, minimum=0, default=0)
    status = fields.choice(STATUSES, label="確度", classification=INTERNAL)
    grounds = fields.document(label="もとになった数", classification=INTERNAL, default=list)
    answered = fields.prose(label="報告した値", classification=INTERNAL, max_length=2000)
    measured_at = fields.moment(label="計測した日時", classification=INTERNAL, required=False)
    frozen_at = fields.moment(label="締めた日時", classification=INTERNAL)

    class Meta:
        ordering = ("review", "position")
        constraints = (
            models.UniqueConstraint(fields=("municipality", "review", "position"), name="measured_then_once"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="measured_then_days"),
        )

    def __str__(self) -> str:
        return f"{self.name[:100]} {self.last}"


class PublicBinding(Record):
    """By what a figure of the published edition is measured, as the public reads it. The desk writes it, the portal only reads.

    ``source`` and ``key`` name the :class:`~yakuba.engines.metrics.models.PublicFigure` rows of a metric or series; without a ``key``
    it is made of several: ``operands`` lists source, key and label of each that the public may see, and ``formula`` says how.
    """

    side = Side.PORTAL

    edition = fields.reference(label="版", classification=PUBLIC)
    initiative = fields.reference(label="取組", classification=PUBLIC)
    position = fields.integer(label="指標の順", classification=PUBLIC, minimum=0)
    name = fields.prose(label="指標名", classification=PUBLIC, max_length=500)
    source = fields.text(label="出所の種類", classification=PUBLIC, max_length=20)
    key = fields.text(label="記号", classification=PUBLIC, max_length=80, required=False)
    title = fields.prose(label="出所", classification=PUBLIC, max_length=500)
    unit = fields.text(label="単位", classification=PUBLIC, max_length=40, required=False)
    aggregation = fields.choice(AGGREGATIONS, label="集計", classification=PUBLIC, required=False)
    definition = fields.prose(label="数え方", classification=PUBLIC, max_length=4000)
    operands = fields.document(label="もとになる数", classification=PUBLIC, default=list)
    formula = fields.prose(label="計算式", classification=PUBLIC, max_length=2000)
    bound_on = fields.date(label="結び付けた日", classification=PUBLIC)
    released_at = fields.moment(label="公開した日時", classification=PUBLIC)

    class Meta:
        ordering = ("edition", "initiative", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "edition", "initiative", "position"), name="public_binding_once"
            ),
        )

    def __str__(self) -> str:
        return self.title[:200]
