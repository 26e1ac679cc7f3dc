"""What a round's report is made from."""

from __future__ import annotations

from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from yakuba.engines.publishing import store
from yakuba.engines.rounds.models import Item, Round
from yakuba.kernel.actions import Context
from yakuba.services.plan import queries as plan
from yakuba.services.plan.models.year import Review
from yakuba.services.plan.rows import Form
from yakuba.services.plan.year import queries, report


def copy_of(ctx: Context, round_: Round, note: str = "") -> store.Copy:
    """The report as it would be frozen now; without parts where nothing is decided."""
    edition = queries.edition_of(round_)
    found = [
        one
        for one in queries.wholes(
            queries.reviews(ctx).filter(item__round=round_, decided_at__isnull=False), beside=False
        )
        if one.form is not None and one.review.item.state == "decided"
    ]
    final = _finals(ctx, round_)
    lines = [
        report.Line(one.review, one.form, final.get(one.review.initiative, {}))
        for one in found
        if one.form is not None
    ]
    # Without the rows, which the report has in its own shape.
    document = plan.assemble(edition, ctx.municipality.code, ctx.municipality.name, [], [])
    document["plan"] = {**document["plan"], "sections": [], "terms": [], "related": []}
    with translation.override("ja"):
        title = _("%(plan)s %(year)s進捗報告") % {"plan": edition.plan.title, "year": round_.year.wareki}
    return store.Copy(
        kind=report.REPORT,
        subject=round_.pk,
        year=round_.year,
        title=title,
        head=report.head(
            document,
            year=round_.year.year,
            round_title=round_.title,
            lines=lines,
            total=Item.objects.for_actor(ctx).filter(round=round_).count(),
        ),
        parts=tuple(
            # The row of a report is no place where the initiative itself stands published.
            store.Part("plan_review", one.review.pk, one.form["title"], report.body(one))
            for one in lines
        ),
        note=note,
    )


def _finals(ctx: Context, round_: Round) -> dict[UUID, dict[str, Form]]:
    """The final values of the year that a later round collected and the secretariat accepted, by the initiative reviewed first."""
    rows = list(
        Review.objects.for_actor(ctx)
        .select_related("item", "item__round", "edition", "edition__plan")
        .filter(year=round_.year.year, phase="final", item__state__in=("accepted", "decided"))
        .order_by("edition", "item")
    )
    found: dict[UUID, dict[str, Form]] = {}
    for edition in dict.fromkeys(one.edition_id for one in rows):
        for one in queries.wholes([one for one in rows if one.edition_id == edition]):
            if one.form is None:
                continue
            names = [indicator["name"] for indicator in one.form["indicators"]]
            found[one.before.row or one.review.initiative] = {
                names[place]: value
                for place, value in one.answer.actuals.items()
                if value["status"] == "final"
            }
    return found
