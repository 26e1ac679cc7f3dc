"""The register of plans in force across municipalities, written at publication (docs/decisions/0006)."""

from __future__ import annotations

from django.db import models

from yakuba.kernel import fields
from yakuba.kernel.fields import PUBLIC
from yakuba.kernel.town.records import Record, Side
from yakuba.services.plan.models.plan import (
    AGGREGATIONS,
    BOUNDS,
    DIRECTIONS,
    INITIATIVE_KINDS,
    PROGRESS_MEANINGS,
    VALUE_STATUSES,
)


class NationPlan(Record):
    """The edition in force of a municipality: its newest standing publication."""

    side = Side.PORTAL

    publication = fields.reference(label="公表", classification=PUBLIC)
    subject = fields.reference(label="版", classification=PUBLIC)
    stamp = fields.digest(label="版の印")
    year = fields.fiscal_year(label="年度", classification=PUBLIC)
    title = fields.text(label="計画名", classification=PUBLIC, max_length=300)
    first_year = fields.fiscal_year(label="開始年度", classification=PUBLIC)
    last_year = fields.fiscal_year(label="終了年度", classification=PUBLIC)
    published_at = fields.moment(label="公表日時", classification=PUBLIC)
    initiatives = fields.integer(label="取組の数", classification=PUBLIC, minimum=0)
    tallies = fields.document(label="進捗の数", classification=PUBLIC, default=list)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("municipality",), name="nation_plan_once"),)

    def __str__(self) -> str:
        return self.title


class NationInitiative(Record):
    """An initiative of a plan in force. ``counted`` marks one row of each group (2 of 2-1 and 2-2).

    ``since``: the first year of the unbroken run of years for which it is judged late; empty where it is not.
    """

    side = Side.PORTAL

    plan = fields.Link(NationPlan, label="計画", classification=PUBLIC, related_name="rows")
    part = fields.reference(label="公表された取組", classification=PUBLIC)
    object = fields.reference(label="取組", classification=PUBLIC)
    position = fields.integer(label="順", classification=PUBLIC)
    number = fields.text(label="番号", classification=PUBLIC, max_length=60, required=False)
    title = fields.text(label="取組名", classification=PUBLIC, max_length=300)
    kind = fields.choice(INITIATIVE_KINDS, label="区別", classification=PUBLIC, required=False)
    leads = fields.text(label="担当", classification=PUBLIC, max_length=300, required=False)
    place = fields.text(label="区分", classification=PUBLIC, max_length=600, required=False)
    progress = fields.text(label="進捗状況", classification=PUBLIC, max_length=60, required=False)
    progress_meaning = fields.choice(
        PROGRESS_MEANINGS, label="進捗の意味", classification=PUBLIC, required=False
    )
    since = fields.fiscal_year(label="遅れている年度から", classification=PUBLIC, required=False)
    counted = fields.yes_no(label="数える", classification=PUBLIC)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "object"), name="nation_initiative_once"),
        )
        indexes = (models.Index(fields=("municipality", "position"), name="nation_initiative_position"),)

    def __str__(self) -> str:
        return self.title


class NationTheme(Record):
    """That an initiative of a plan in force is about a theme of the shared vocabulary (services/plan/themes).

    ``counted`` marks one row of each group within the theme, ``first`` one row of each municipality: who plans a theme, and with how
    many initiatives, is counted without comparing rows.
    """

    side = Side.PORTAL

    initiative = fields.Link(NationInitiative, label="取組", classification=PUBLIC, related_name="themes")
    theme = fields.text(label="主題", classification=PUBLIC, max_length=60)
    progress_meaning = fields.choice(
        PROGRESS_MEANINGS, label="進捗の意味", classification=PUBLIC, required=False
    )
    counted = fields.yes_no(label="数える", classification=PUBLIC)
    first = fields.yes_no(label="自治体で最初", classification=PUBLIC)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "theme", "initiative"), name="nation_theme_once"),
        )
        indexes = (
            models.Index(fields=("theme", "municipality", "counted", "first"), name="nation_theme_across"),
        )

    def __str__(self) -> str:
        return self.theme


class NationIndicator(Record):
    """An indicator of a plan in force with its newest actual and its next target.

    ``key`` is the folded name without its number: by it the same figure is found in other plans.
    """

    side = Side.PORTAL

    initiative = fields.Link(NationInitiative, label="取組", classification=PUBLIC, related_name="indicators")
    position = fields.integer(label="順", classification=PUBLIC)
    name = fields.prose(label="指標名", classification=PUBLIC, max_length=500)
    key = fields.text(label="指標名の索引", classification=PUBLIC, max_length=120, required=False)
    unit = fields.text(label="単位", classification=PUBLIC, max_length=40, required=False)
    direction = fields.choice(DIRECTIONS, label="望ましい向き", classification=PUBLIC, required=False)
    aggregation = fields.choice(AGGREGATIONS, label="集計", classification=PUBLIC, required=False)
    bound = fields.choice(BOUNDS, label="目標の範囲", classification=PUBLIC, required=False)
    definition = fields.prose(label="数え方", classification=PUBLIC, max_length=2000)
    actual = fields.document(label="最新の値", classification=PUBLIC)
    actual_year = fields.fiscal_year(label="最新の値の年度", classification=PUBLIC, required=False)
    actual_status = fields.choice(
        VALUE_STATUSES, label="最新の値の確度", classification=PUBLIC, required=False
    )
    target = fields.document(label="目標", classification=PUBLIC)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "initiative", "position"), name="nation_indicator_position"
            ),
        )
        indexes = (models.Index(fields=("key", "municipality"), name="nation_indicator_across"),)

    def __str__(self) -> str:
        return self.name
