"""What the plan service holds, as subjects of actions, trail and search."""

from django.urls import reverse

from yakuba.kernel.actions import Context, register_subject
from yakuba.services.plan.models import (
    Answered,
    Binding,
    Book,
    BookTemplate,
    CalendarEntry,
    DeclinedSource,
    Edition,
    Evidence,
    Import,
    Indicator,
    Initiative,
    InitiativeOffice,
    MeasuredThen,
    NationIndicator,
    NationInitiative,
    NationPlan,
    NationTheme,
    Node,
    Note,
    Observation,
    OutsideCode,
    Placement,
    Plan,
    PublicBinding,
    PublishedBook,
    Review,
    ReviewActual,
    Revision,
    StagedDecision,
    Value,
)


def _edition_url(ctx: Context, edition: Edition) -> str:
    return reverse("plan-desk-edition", args=[ctx.municipality.code, edition.pk])


def _initiative_url(ctx: Context, initiative: Initiative) -> str:
    return reverse("plan-desk-initiative", args=[ctx.municipality.code, initiative.pk])


def _import_url(ctx: Context, job: Import) -> str:
    return reverse("plan-desk-import", args=[ctx.municipality.code, job.pk])


def _review_url(ctx: Context, review: Review) -> str:
    return reverse("plan-year-review", args=[ctx.municipality.code, review.pk])


def _observation_url(ctx: Context, observation: Observation) -> str:
    return reverse("plan-year-observation", args=[ctx.municipality.code, observation.pk])


register_subject("plan", "計画", Plan)
register_subject("plan_edition", "計画の版", Edition, url=_edition_url)
register_subject("plan_node", "計画の区分", Node)
register_subject("initiative", "取組", Initiative, url=_initiative_url)
register_subject("initiative_office", "取組の担当", InitiativeOffice)
register_subject("placement", "取組の位置", Placement)
register_subject("indicator", "指標", Indicator)
register_subject("indicator_value", "指標の値", Value)
register_subject("plan_import", "計画の取り込み", Import, url=_import_url)
register_subject("plan_staged", "読み取りの決定", StagedDecision)
register_subject("plan_revision", "改訂", Revision)
register_subject("plan_note", "メモ", Note)
register_subject("plan_calendar", "年間の予定", CalendarEntry)
register_subject("nation_plan", "公表中の計画", NationPlan)
register_subject("nation_initiative", "公表中の取組", NationInitiative)
register_subject("nation_theme", "公表中の取組の主題", NationTheme)
register_subject("nation_indicator", "公表中の指標", NationIndicator)
register_subject("plan_review", "実績の報告", Review, url=_review_url)
register_subject("plan_review_actual", "報告の実績値", ReviewActual)
register_subject("plan_review_evidence", "報告の根拠", Evidence)
register_subject("plan_review_answer", "問いへの答え", Answered)
register_subject("plan_observation", "観察", Observation, url=_observation_url)
register_subject("plan_outside_code", "ほかの計画・調査のコード", OutsideCode)
register_subject("plan_book", "計画の冊子", Book)
register_subject("plan_book_template", "冊子のひな形", BookTemplate)
register_subject("plan_published_book", "公開した冊子", PublishedBook)
register_subject("plan_binding", "指標の結び付け", Binding)
register_subject("plan_declined_source", "当てはまらない出所", DeclinedSource)
register_subject("plan_measured_then", "締めたときの計測値", MeasuredThen)
register_subject("plan_public_binding", "公表中の指標の出所", PublicBinding)
