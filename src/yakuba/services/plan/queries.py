"""Reading plans: whole editions in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import cast
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from yakuba.kernel.actions import Context, Missing, SubjectRef
from yakuba.kernel.dates import FiscalYear, japan_date
from yakuba.kernel.outbox.queries import given_up
from yakuba.kernel.town.queries import office_names
from yakuba.kernel.trail.queries import about as about_many
from yakuba.services.plan import access, rows
from yakuba.services.plan.checks import About
from yakuba.services.plan.models import (
    CalendarEntry,
    Edition,
    Import,
    Indicator,
    Initiative,
    InitiativeOffice,
    Node,
    Note,
    Placement,
    Revision,
    Value,
)
from yakuba.services.plan.reading.schema import DOCUMENT
from yakuba.services.plan.rows import Form

# What of an edition's document is kept whole in its columns.
PROSE_KEYS = ("sections", "terms", "predecessors", "related")
# What of it a document has only where it says something.
SPARSE_PROSE_KEYS = ("outcomes",)


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


def indicator_ids(ctx: Context, of: Edition) -> dict[tuple[UUID, int], UUID]:
    """The indicators of an edition by their initiative and their place in it."""
    found = Indicator.objects.for_actor(ctx).filter(initiative__edition=of)
    return {(row, place): pk for pk, row, place in found.values_list("pk", "initiative", "position")}


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


def tree(ctx: Context, of: Edition) -> QuerySet[Node]:
    """The nodes of an edition in the document's order."""
    return Node.objects.for_actor(ctx).filter(edition=of).order_by("position")


def predecessors(ctx: Context, row: Initiative) -> list[tuple[int, Initiative | None]]:
    """What an initiative's lineage names as its origin, in the lineage's order: place in the lineage and the row there.

    A row of that year with that kind and number in another edition; of the same plan where several are. None where the desk has no such
    row. One query, none where the lineage names nothing.
    """
    named = [(n, event["from"]) for n, event in enumerate(row.lineage) if event["from"]]
    wanted = [(n, one) for n, one in named if one["year"] and one["number"]]
    if not wanted:
        return [(n, None) for n, _one in named]
    found: dict[tuple[int, str, str], list[Initiative]] = defaultdict(list)
    rows_ = (
        Initiative.objects.for_actor(ctx)
        .select_related("edition")
        .filter(
            year__in={one["year"] for _n, one in wanted},
            number__in={one["number"] for _n, one in wanted},
        )
        .exclude(edition=row.edition_id)
        .order_by("edition", "position")
    )
    for one in rows_:
        found[one.year.year, one.kind, one.number].append(one)
    plan = row.edition.plan_id
    told: list[tuple[int, Initiative | None]] = []
    for n, one in named:
        there = found.get((one["year"], one["kind"] or "", one["number"]), [])
        own = [other for other in there if other.edition.plan_id == plan]
        told.append((n, next(iter(own or there), None)))
    return told


def calendar(ctx: Context, year: FiscalYear | None = None) -> list[CalendarEntry]:
    """The days of the calendar in order; of one fiscal year those that begin or end in it."""
    found = CalendarEntry.objects.for_actor(ctx)
    if year is not None:
        found = found.filter(
            Q(first_day__range=(year.start, year.end)) | Q(first_day__lt=year.start, last_day__gte=year.start)
        )
    return _by_day(found)


def _by_day(entries: Iterable[CalendarEntry]) -> list[CalendarEntry]:
    """In an order that is the same on every database."""
    return sorted(entries, key=lambda one: (one.first_day, one.last_day or one.first_day, one.title))


def calendar_entry(ctx: Context, entry_id: UUID) -> CalendarEntry:
    """One day of the calendar; :class:`Missing` where there is none for this actor."""
    found = CalendarEntry.objects.for_actor(ctx).filter(pk=entry_id).first()
    if found is None:
        raise Missing
    return found


def calendar_between(ctx: Context, first: dt.date, last: dt.date) -> list[CalendarEntry]:
    """What begins, or is still going on, from one day to another."""
    own = CalendarEntry.objects.for_actor(ctx).filter(first_day__lte=last)
    return _by_day(own.filter(Q(first_day__gte=first) | Q(last_day__gte=first)))


def places(ctx: Context, of: Edition) -> list[tuple[tuple[str, ...], bool]]:
    """Every place of an edition's initiatives in its tree: its path, and whether it is the primary one."""
    found = Placement.objects.for_actor(ctx).filter(initiative__edition=of).values_list("path", "primary")
    return [(tuple(path), primary) for path, primary in found]


def notes(ctx: Context, of: Edition, row: Initiative | None = None) -> list[Note]:
    """The notes on an edition, or on one of its initiatives; newest first, struck ones too."""
    found = Note.objects.for_actor(ctx).filter(edition=of, initiative=row)
    return list(found.select_related("initiative").order_by("-written_at", "-id"))


def revisions(ctx: Context, row: Initiative) -> list[Revision]:
    """The revisions of an initiative's stages and of its progress word, oldest first."""
    return list(Revision.objects.for_actor(ctx).filter(initiative=row).order_by("made_at", "number"))


def imports_of(ctx: Context, edition_id: UUID) -> list[UUID]:
    """The imports that were taken into an edition. Their ids only: who may see the edition may know of its readings."""
    here = Import.unscoped.filter(municipality=ctx.municipality.id, edition=edition_id)
    return list(here.values_list("pk", flat=True))


def all_notes(ctx: Context, of: Edition) -> list[Note]:
    """Every note on an edition and on its initiatives, newest first."""
    found = Note.objects.for_actor(ctx).filter(edition=of)
    return list(found.select_related("initiative").order_by("-written_at", "-id"))


def note(ctx: Context, note_id: UUID) -> Note | None:
    """One note with its edition, None where this actor sees none."""
    found = Note.objects.for_actor(ctx).select_related("edition", "edition__plan")
    return found.filter(pk=note_id).first()


def strikable(ctx: Context, notes: Iterable[Note]) -> frozenset[UUID]:
    """Those of the notes that this actor may strike out: their author (as the trail knows him) or the secretariat."""
    open_ones = [note.pk for note in notes if note.struck_at is None]
    if access.ARRANGE.holds_anywhere(ctx):
        return frozenset(open_ones)
    written = about_many(
        ctx, [SubjectRef("plan_note", pk) for pk in open_ones], ("plan.write_note",), limit=500
    )
    return frozenset(
        entry.subject_id
        for entry, _payload in written
        if entry.actor_id == ctx.actor.id and entry.subject_id is not None
    )


def progress_words(ctx: Context, of: Edition) -> list[str]:
    """The progress words that an edition uses, the most frequent first."""
    found = initiatives(ctx, of).exclude(progress="").order_by().values_list("progress")
    return [word for word, _n in found.annotate(n=Count("pk")).order_by("-n", "progress")]


def about(of: Edition, today: dt.date) -> About:
    """What the parts of its initiatives are checked against (one query, and the plan's where it is not at hand).

    ``today`` is the day in Japan.
    """
    places = Node.unscoped.filter(edition=of).values_list("path", flat=True)
    paths = frozenset(tuple(path) for path in places)
    return About(paths, of.plan.first_year.year, of.plan.last_year.year, today)


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
            **{key: prose[key] for key in SPARSE_PROSE_KEYS if prose.get(key)},
        },
        "levels": of.levels,
        "nodes": nodes,
        "initiatives": initiatives,
        "bodies": of.bodies,
        "stated": of.stated,
        "warnings": of.warnings,
        "unplaced": of.unplaced,
    }
