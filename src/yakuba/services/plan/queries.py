"""Reading plans: whole editions in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import cast
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.dates import FiscalYear, japan_date
from yakuba.kernel.outbox.queries import given_up
from yakuba.kernel.town.queries import office_names
from yakuba.services.plan import access, rows
from yakuba.services.plan.models import (
    Edition,
    Import,
    Indicator,
    Initiative,
    InitiativeOffice,
    Node,
    Placement,
    Value,
)
from yakuba.services.plan.reading.schema import DOCUMENT
from yakuba.services.plan.rows import Form

# What of an edition's document is kept whole in its columns.
PROSE_KEYS = ("sections", "terms", "predecessors", "related")


def editions(ctx: Context) -> QuerySet[Edition]:
    """The editions of this municipality that the actor may see, newest year first, with counts."""
    return (
        Edition.objects.for_actor(ctx)
        .select_related("plan")
        .annotate(
            initiative_count=Count("initiatives", distinct=True),
            doubt_count=Count("initiatives", filter=~Q(initiatives__doubts=[]), distinct=True),
        )
        .order_by("-year", "label", "id")
    )


def edition(ctx: Context, edition_id: UUID) -> Edition:
    """One edition; :class:`Missing` where there is none for this actor."""
    found = editions(ctx).filter(pk=edition_id).first()
    if found is None:
        raise Missing
    return found


def initiatives(ctx: Context, of: Edition) -> QuerySet[Initiative]:
    """The initiatives of an edition in the document's order."""
    return Initiative.objects.for_actor(ctx).filter(edition=of).order_by("position", "id")


def correctable(ctx: Context, of: Edition) -> frozenset[UUID]:
    """The initiatives of an edition that this actor may correct."""
    return frozenset(
        initiatives(ctx, of).filter(access.CORRECT.q(ctx)).order_by().values_list("pk", flat=True)
    )


def initiative(ctx: Context, initiative_id: UUID) -> Initiative:
    """One initiative with its edition and plan; :class:`Missing` where there is none for this actor."""
    found = (
        Initiative.objects.for_actor(ctx)
        .select_related("edition", "edition__plan")
        .filter(pk=initiative_id)
        .first()
    )
    if found is None:
        raise Missing
    return found


def neighbours(ctx: Context, row: Initiative) -> tuple[Initiative | None, Initiative | None]:
    """The initiatives before and after one in its edition."""
    others = Initiative.objects.for_actor(ctx).filter(edition=row.edition_id)
    return (
        others.filter(position__lt=row.position).order_by("-position").first(),
        others.filter(position__gt=row.position).order_by("position").first(),
    )


def linked_offices(ctx: Context, row: Initiative) -> dict[str, str]:
    """The printed offices of an initiative that mean a unit of the town: path → what that unit is called today."""
    found = dict(
        InitiativeOffice.objects.for_actor(ctx)
        .filter(initiative=row, office__isnull=False)
        .values_list("position", "office")
    )
    names = office_names(found.values(), japan_date(ctx.now))
    return {f"offices[{position}].name": names.get(office, "") for position, office in found.items()}


def imports(ctx: Context) -> QuerySet[Import]:
    """The imports of this municipality, newest first."""
    return Import.objects.for_actor(ctx).select_related("edition").order_by("-created_at", "-id")


def failed_readings(ctx: Context) -> frozenset[str]:
    """The imports (by id) whose reading was tried as often as allowed and never came to an end."""
    return frozenset(key.rpartition(":")[2] for key in given_up(ctx, "plan.read_file"))


def forms(initiatives: Iterable[Initiative]) -> list[tuple[Initiative, Form]]:
    """Initiatives with their whole form, in four queries however many there are. The caller has scoped the initiatives."""
    wanted = list(initiatives)
    ids = [row.pk for row in wanted]
    offices: dict[UUID, list[InitiativeOffice]] = defaultdict(list)
    for office in InitiativeOffice.unscoped.filter(initiative__in=ids).order_by("position"):
        offices[office.initiative_id].append(office)
    placements: dict[UUID, list[Placement]] = defaultdict(list)
    for placement in Placement.unscoped.filter(initiative__in=ids).order_by("position"):
        placements[placement.initiative_id].append(placement)
    indicators: dict[UUID, list[Indicator]] = defaultdict(list)
    for indicator in Indicator.unscoped.filter(initiative__in=ids).order_by("position"):
        indicators[indicator.initiative_id].append(indicator)
    values: dict[UUID, list[Value]] = defaultdict(list)
    for value in Value.unscoped.filter(indicator__initiative__in=ids).order_by("position"):
        values[value.indicator_id].append(value)
    return [
        (
            row,
            rows.initiative_form(
                row,
                offices[row.pk],
                placements[row.pk],
                [(indicator, values[indicator.pk]) for indicator in indicators[row.pk]],
            ),
        )
        for row in wanted
    ]


def initiative_form(row: Initiative) -> Form:
    """One initiative's whole form."""
    return forms([row])[0][1]


def document(of: Edition, code: str, name: str) -> Form:
    """A whole edition as a `yakuba-plan/1` document, in seven queries."""
    own = Initiative.unscoped.filter(edition=of).order_by("position", "id")
    return canonical(
        assemble(
            of,
            code,
            name,
            [rows.node_form(node) for node in _nodes(of)],
            [found for _row, found in forms(own)],
        )
    )


def canonical(document: Form) -> Form:
    """The document with its keys in the format's order: PostgreSQL gives objects back in an order of its own."""
    return cast("Form", DOCUMENT.write(DOCUMENT.read(document, "")))


def head(ctx: Context, of: Edition) -> Form:
    """An edition's document without its initiatives."""
    nodes = [rows.node_form(node) for node in _nodes(of)]
    return assemble(of, ctx.municipality.code, ctx.municipality.name, nodes, [])


def edition_like(ctx: Context, about: Form, year: FiscalYear) -> Edition | None:
    """The edition of the same plan, label and year as a document's ``plan`` block."""
    return (
        Edition.objects.for_actor(ctx)
        .select_related("plan")
        .filter(
            plan__title=about["title"],
            plan__first_year=about["first_year"],
            label=about["edition"] or "",
            year=year.year,
        )
        .first()
    )


def _nodes(of: Edition) -> QuerySet[Node]:
    return Node.unscoped.filter(edition=of).order_by("position")


def assemble(of: Edition, code: str, name: str, nodes: list[Form], initiatives: list[Form]) -> Form:
    """The document around its parts, keys in the format's order."""
    prose: Mapping[str, list[Form]] = of.prose
    return {
        "format": "yakuba-plan/1",
        "municipality": {"code": code, "name": name},
        "plan": {
            "title": of.plan.title,
            "edition": of.label or None,
            "first_year": of.plan.first_year.year,
            "last_year": of.plan.last_year.year,
            **{key: prose.get(key, []) for key in PROSE_KEYS},
        },
        "levels": of.levels,
        "nodes": nodes,
        "initiatives": initiatives,
        "bodies": of.bodies,
        "stated": of.stated,
        "warnings": of.warnings,
        "unplaced": of.unplaced,
    }
