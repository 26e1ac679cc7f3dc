"""The yearly review as something that a round asks for: twice a year, expected figures in March, final ones after 31 May."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.rounds.askings import ASKINGS, Asking, Wanted
from yakuba.engines.rounds.models import Item, ItemMove, Round
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear
from yakuba.services.plan import carrying
from yakuba.services.plan import queries as plan
from yakuba.services.plan.models import Initiative, InitiativeOffice
from yakuba.services.plan.models.year import Review
from yakuba.services.plan.rows import Form
from yakuba.services.plan.year import figures, queries
from yakuba.services.plan.year.actions import open_reviews, take


class PlanReviews(Asking):
    """Every initiative of an edition, asked of its leading office."""

    label = gettext_lazy("計画の年次評価")
    subject_kind = queries.EDITION
    phases = ("provisional", "final")

    def items(self, ctx: Context, round_: Round) -> Iterable[Wanted]:
        """The initiatives of the judged year; in a round of final figures those with a figure that is not final yet."""
        edition = queries.edition_of(round_)
        own = wanted(
            plan.forms(plan.initiatives(ctx, edition)),
            round_.year.year,
            round_.phase,
        )
        offices = leading(ctx, [row.pk for row, _form in own])
        for row, form in own:
            yield Wanted("initiative", row.pk, offices.get(row.pk), numbered(form), row.title)

    def href(self, ctx: Context, item: Item) -> str:
        """The page of the review."""
        return reverse("plan-year-item", args=[ctx.municipality.code, item.pk])

    def missing(self, ctx: Context, items: Sequence[Item]) -> Mapping[UUID, Sequence[str]]:
        """What is not filled in, and the questions that nobody answered; of one round's items."""
        found = queries.wholes(queries.reviews(ctx).filter(item__in=[one.pk for one in items]), ctx=ctx)
        told: dict[UUID, Sequence[str]] = {}
        for one in found:
            lacks = one.missing + [_("問い：%(text)s") % {"text": asked.text} for asked in one.unanswered]
            if one.form is None:
                lacks = [_("この版から外された取組です。該当なしにしてください。")]
            if lacks:
                told[one.review.item_id] = lacks
        return told

    def writers(self, ctx: Context, items: Sequence[Item]) -> Mapping[UUID, Collection[UUID]]:
        """Whoever wrote the answer, by the form or by a sheet, or said why a question stays as it is."""
        found = Review.objects.for_actor(ctx).filter(item__in=[one.pk for one in items])
        return {
            item: [UUID(one) for one in writers] for item, writers in found.values_list("item", "writers")
        }

    def overview_href(self, ctx: Context, round_: Round, office_id: UUID | None = None) -> str:
        """The page of all answers, where the head and the secretariat check them."""
        found = reverse("plan-year-check", args=[ctx.municipality.code, round_.pk])
        return f"{found}?office={office_id}" if office_id else found

    def subjects(self, ctx: Context) -> Sequence[tuple[UUID, str]]:
        """The editions, the newest first."""
        return [(one.pk, str(one)) for one in plan.editions(ctx)]

    def template(self, ctx: Context, year: FiscalYear, phase: str) -> tuple[str, str]:
        """Title and letter to begin with."""
        if phase == "final":
            return (
                _("%(year)s実績の確定値の照会") % {"year": year.wareki},
                _(
                    "情報化推進計画の取組について、3月に見込で報告いただいた%(year)sの実績値の確定値を入力してください。"
                    "見込と変わらないものも「確定」として入力してください。"
                )
                % {"year": year.wareki},
            )
        return (
            _("%(year)s情報化推進計画の進捗の照会") % {"year": year.wareki},
            _(
                "情報化推進計画の進行管理のため、%(year)sの取組の結果、指標の実績（見込）、進捗状況と、来年度の方針を"
                "入力してください。昨年度の記載と根拠は入力の画面に並べて表示されます。"
            )
            % {"year": year.wareki},
        )

    def on_opened(self, ctx: Context, round_: Round, items: Sequence[Item]) -> None:
        """A sheet for each initiative."""
        open_reviews(ctx, round_, items)

    def on_moved(self, ctx: Context, item: Item, move: ItemMove) -> None:
        """Nothing of the plan changes while an answer goes its way."""

    def on_moved_many(self, ctx: Context, moved: Sequence[tuple[Item, ItemMove]]) -> None:
        """Nothing either."""

    def on_closed(self, ctx: Context, round_: Round) -> None:
        """Final figures that the secretariat accepted enter the plan when the round is over; words are a body's to decide."""
        if round_.phase != "final":
            return
        accepted = list(
            Review.objects.for_actor(ctx).filter(item__round=round_, item__state="accepted").order_by("pk")
        )
        if accepted:
            take(ctx, queries.edition_of(round_), accepted, round_.title)


def wanted(rows: Sequence[tuple[Initiative, Form]], year: int, phase: str) -> list[tuple[Initiative, Form]]:
    """The initiatives that a round asks for.

    Of an edition that prints last year's results beside this year's plan only the rows of the judged year; where it has none of that
    year (a plan without yearly editions, or the next year's edition), those of its newest year.
    """
    if not rows:
        return []
    if phase == "final":
        return [(row, form) for row, form in rows if _open_figure(form, year)]
    newest = max(form["year"] for _row, form in rows)
    chosen = year if any(form["year"] == year for _row, form in rows) else newest
    return [
        (row, form)
        for row, form in rows
        if form["year"] == chosen and (form["progress"] or carrying.ended(form) is None)
    ]


def _open_figure(form: Form, year: int) -> bool:
    """Whether an indicator's value of the year is expected, or missing though it was measured or aimed at."""
    for indicator in form["indicators"]:
        value = figures.newest(indicator, "actual", year)
        if value is not None and value["status"] in ("provisional", "preliminary"):
            return True
        if not figures.says(value) and figures.newest(indicator, "target", year) is not None:
            return True
    return False


def numbered(form: Form) -> str:
    """The number with the word that tells 推進 and 運用 apart: 推2-1."""
    kind = {"advance": _("推"), "operate": _("運")}.get(form["kind"] or "", "")
    return f"{kind}{form['number']}"


def leading(ctx: Context, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The unit of each initiative's leading office; of one without, that of its first related one (one query)."""
    found: dict[UUID, dict[str, UUID]] = defaultdict(dict)
    offices = InitiativeOffice.objects.for_actor(ctx).filter(initiative__in=ids, office__isnull=False)
    for initiative, role, office in offices.order_by("position").values_list("initiative", "role", "office"):
        if office is not None:
            found[initiative].setdefault(role, office)
    return {
        initiative: own.get("lead") or own["related"]
        for initiative, own in found.items()
        if "lead" in own or "related" in own
    }


ASKINGS.register(queries.KIND, PlanReviews())
