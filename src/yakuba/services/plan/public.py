"""Finding what stands published of the plan, for pages and API alike; what is gone says why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Count, QuerySet
from django.db.models.fields.json import KT
from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing.fronts import Card, Tally
from yakuba.engines.publishing.models import Publication, PublishedPart
from yakuba.kernel.actions import Context, Missing, Problem
from yakuba.kernel.dates.errors import InvalidFiscalYearError
from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.ui.formats import year_name
from yakuba.services.plan import shown
from yakuba.services.plan.published import EDITION, Lean
from yakuba.services.plan.shown import Edition, Row


class Gone(Problem):
    """Was public, and was taken back; the reason is public."""

    status = 410

    def __init__(self, title: str, reason: str) -> None:
        super().__init__("gone", _("「%(title)s」の公表は終わりました。") % {"title": title})
        self.title = title
        self.reason = reason


class Moved(Exception):
    """Stands published at the address of another year."""

    def __init__(self, year: FiscalYear) -> None:
        super().__init__(year.wareki)
        self.year = year


def editions(ctx: Context) -> QuerySet[Publication]:
    """The standing editions, newest year first, with the number of their initiatives' rows."""
    return publishing.standing(ctx, EDITION).annotate(rows=Count("parts"))


def standing(ctx: Context) -> list[Publication]:
    """The standing editions, oldest year first, without what they say but for the title of their plan (one query)."""
    found = publishing.standing(ctx, EDITION).annotate(plan_title=KT("head__plan__title"))
    return list(found.defer("head").order_by("year", "title", "id"))


def publication(ctx: Context, year: int) -> Publication:
    """The standing edition of a year. :class:`Gone` where it was taken back, :class:`Missing` where none ever was."""
    try:
        wanted = FiscalYear(year)
    except InvalidFiscalYearError:
        raise Missing from None
    found = publishing.standing_in(ctx, EDITION, wanted)
    if found is None:
        tombstone = publishing.taken_back(ctx, EDITION, wanted)
        if tombstone is not None:
            raise Gone(tombstone.title, tombstone.note)
        raise Missing
    return found


def record(ctx: Context, of: Publication) -> QuerySet[Publication]:
    """When an edition was published and corrected, newest first, without what it said: only the newest is shown."""
    return publishing.history(ctx, EDITION, of.subject).defer("head")


def edition(ctx: Context, of: Publication, *, without: Sequence[str] = ()) -> Edition:
    """A standing edition with all its rows (one query), ``without`` keys that the page does not show."""
    parts = publishing.parts(ctx, of)
    if not without:
        return shown.edition(of.head, parts.values_list("object", "position", "body"))
    parts = parts.annotate(lean=Lean("body", without))
    return shown.edition(of.head, parts.values_list("object", "position", "lean"))


def whole_rows(
    ctx: Context, publications: Iterable[Publication], identities: Iterable[UUID]
) -> dict[tuple[UUID, UUID], Row]:
    """Initiatives with their whole forms, by publication and id (one query); those that are not there are left out."""
    parts = publishing.parts_of(ctx, list(publications)).filter(object__in=list(identities))
    return {(part.publication_id, part.object): _row(part) for part in parts}


def _row(part: PublishedPart) -> Row:
    return Row(part.object, part.position, part.body)


def elsewhere(ctx: Context, identity: UUID) -> Moved | Gone | Missing:
    """Why an edition does not hold an initiative: it stands in another year, is gone, or never was."""
    last = publishing.last_word(ctx, identity)
    if last is None:
        return Missing()
    newest, part = last
    if newest.pk == part.publication_id:
        return Moved(part.publication.year)
    return Gone(part.title, newest.note)


def initiative(ctx: Context, identity: UUID) -> tuple[Publication, Row]:
    """An initiative wherever it stands published. :class:`Gone` or :class:`Missing` where it does not."""
    part = publishing.standing_parts(ctx, [identity]).first()
    if part is None:
        raise elsewhere(ctx, identity)
    return part.publication, _row(part)


# --- the front door --------------------------------------------------------------------------------------------------


def home(ctx: Context) -> str:
    """The address of the list of editions."""
    return reverse("plan-editions", args=[ctx.municipality.code])


def address(ctx: Context, of: Publication, part: UUID | None = None) -> str:
    """The public address of an edition, or of one of its initiatives."""
    if part is None:
        return reverse("plan-edition", args=[ctx.municipality.code, of.year.year])
    return reverse("plan-initiative", args=[ctx.municipality.code, of.year.year, part])


def cards(ctx: Context, publications: Sequence[Publication]) -> Iterable[Card]:
    """Editions with their counts by progress word (one query, however many)."""
    by_publication: dict[UUID, list[Row]] = {}
    found = publishing.parts_of(ctx, publications).values_list(
        "publication_id",
        "object",
        "position",
        "body__kind",
        "body__group",
        "body__progress",
        "body__progress_meaning",
    )
    for publication_id, identity, position, kind, group, progress, meaning in found:
        form = {"kind": kind, "group": group, "progress": progress, "progress_meaning": meaning}
        by_publication.setdefault(publication_id, []).append(Row(identity, position, form))
    for one in publications:
        rows = by_publication.get(one.pk, [])
        yield Card(
            title=one.title,
            href=address(ctx, one),
            body=summary(Edition(one.head, tuple(rows))),
            publication=one,
            tallies=tuple(Tally(word, number, meaning) for word, meaning, number in shown.tallies(rows)),
        )


def summary(of: Edition) -> str:
    """Span and size of a plan in one line: 令和6年度から令和8年度まで・取組25件."""
    first, last = of.span
    span = (
        _("%(first)sから%(last)sまで") % {"first": year_name(first), "last": year_name(last)}
        if first != last
        else year_name(first)
    )
    return _("%(span)s・取組%(count)d件") % {"span": span, "count": shown.count(of.rows)}
