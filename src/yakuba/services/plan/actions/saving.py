"""Writing a plan's rows. Used by the actions of this room, inside their transactions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db import models

from yakuba.kernel.actions import Context, SubjectRef
from yakuba.kernel.search import store as search
from yakuba.kernel.text.numbers import display_number_sort_key
from yakuba.kernel.town.records import Record
from yakuba.services.plan import rows
from yakuba.services.plan.models import (
    Edition,
    Indicator,
    Initiative,
    InitiativeOffice,
    Node,
    Note,
    Observation,
    OutsideCode,
    Placement,
    Revision,
    Value,
)
from yakuba.services.plan.rows import Form
from yakuba.services.plan.shown import NodeNames, joined, places_text

M = TypeVar("M", bound=Record)

BATCH = 200


def save_nodes(ctx: Context, edition: Edition, nodes: Sequence[Form]) -> dict[tuple[str, ...], Node]:
    """Replace the tree of an edition; path → node."""
    # A tree that shrank: what stood under a node that goes is placed anew with its initiative, or goes with it.
    Placement.unscoped.filter(node__edition=edition, node__position__gte=len(nodes)).update(node=None)
    made = _sync(
        Node,
        list(Node.unscoped.filter(edition=edition).order_by("position")),
        [
            {
                "municipality_id": ctx.municipality.id,
                "edition": edition,
                "position": position,
                **rows.columns(Node, node, rows.NODE_KEYS),
                "has_text": node["text"] is not None,
            }
            for position, node in enumerate(nodes)
        ],
    )
    return {tuple(node.path): node for node in made}


@dataclass(frozen=True)
class Paired:
    """One initiative to write: its form, and the row and form that it continues (None for a new one)."""

    form: Form
    row: Initiative | None = None
    before: Form | None = None


def save_initiatives(
    ctx: Context, edition: Edition, pairs: Sequence[Paired], nodes: dict[tuple[str, ...], Node]
) -> list[Initiative]:
    """Write initiatives in the order given; the caller holds the edition's lock.

    A row whose form did not change is not written and keeps its version: nobody's open form becomes stale for nothing.
    """
    changed: list[Initiative] = []
    moved: list[Initiative] = []
    fresh: list[Initiative] = []
    written: list[Initiative] = []
    for position, pair in enumerate(pairs):
        initiative = pair.row or Initiative(municipality_id=ctx.municipality.id, edition=edition)
        written.append(initiative)
        if pair.row is None:
            fresh.append(initiative)
        elif pair.form != pair.before:
            initiative.version += 1
            changed.append(initiative)
        else:
            if initiative.position != position:
                initiative.position = position
                moved.append(initiative)
            continue
        _fill(initiative, position, pair.form)
    Initiative.unscoped.bulk_create(fresh, batch_size=BATCH)
    if changed:
        columns = [
            f.name for f in Initiative._meta.concrete_fields if not f.primary_key and f.name != "municipality"
        ]
        Initiative.unscoped.bulk_update(changed, columns, batch_size=BATCH)
    if moved:
        Initiative.unscoped.bulk_update(moved, ["position"], batch_size=BATCH)
    save_children(ctx, written, [pair.form for pair in pairs], nodes)
    # Unchanged rows too: a node above them may have got another title. What the index says already is not written.
    names = titles(nodes)
    told = [found_as(initiative, pair.form, names) for initiative, pair in zip(written, pairs, strict=True)]
    search.index_many(ctx, told, visibility="internal")
    return written


def save_one(ctx: Context, initiative: Initiative, form: Form) -> None:
    """Write one initiative and what belongs to it; the caller's action bumps the version."""
    _fill(initiative, initiative.position, form)
    initiative.save()
    nodes = {tuple(node.path): node for node in Node.unscoped.filter(edition_id=initiative.edition_id)}
    save_children(ctx, [initiative], [form], nodes)
    search.index_many(ctx, [found_as(initiative, form, titles(nodes))], visibility="internal")


def remove_initiatives(ctx: Context, initiatives: Sequence[Initiative]) -> None:
    """Take rows out of the working copy; published copies and the trail keep what they were."""
    ids = [initiative.pk for initiative in initiatives]
    for told in (Note, Revision):
        told.unscoped.filter(initiative__in=ids).delete()
    # What was seen of it stays with the edition, and says of what it was.
    for seen in Observation.unscoped.filter(initiative__in=ids).select_related("initiative"):
        seen.situation = f"{seen.initiative}：{seen.situation}"[:2000]
        seen.initiative, seen.path, seen.value = None, "", ""
        seen.save(update_fields=["situation", "initiative", "path", "value"])
    Value.unscoped.filter(indicator__initiative__in=ids).delete()
    for model in (Indicator, Placement, InitiativeOffice):
        model.unscoped.filter(initiative__in=ids).delete()
    OutsideCode.unscoped.filter(initiative__in=ids).delete()
    Initiative.unscoped.filter(pk__in=ids).delete()
    search.remove_many(ctx, [SubjectRef("initiative", one) for one in ids], visibility="internal")


def _fill(initiative: Initiative, position: int, form: Form) -> None:
    values = rows.columns(
        Initiative, {**form, **form.get("more", {})}, (*rows.INITIATIVE_KEYS, *rows.more_keys())
    )
    for key, value in values.items():
        setattr(initiative, key, value)
    initiative.position = position
    initiative.number_sort = display_number_sort_key(initiative.number)[:200]
    source = form.get("source") or {}
    initiative.source_file = source.get("file", "")
    initiative.source_line = source.get("line")
    initiative.source_part = source.get("part", "")


def save_children(
    ctx: Context, initiatives: Sequence[Initiative], forms: Sequence[Form], nodes: dict[tuple[str, ...], Node]
) -> None:
    """Write offices, placements, indicators and values of initiatives; rows at the same place keep their id."""
    own = {"municipality_id": ctx.municipality.id}
    here = [initiative.pk for initiative in initiatives]
    before = list(InitiativeOffice.unscoped.filter(initiative__in=here))
    # Which unit a printed name means was decided by a person: it stays with the name.
    edition_ids = {initiative.edition_id for initiative in initiatives}
    linked = InitiativeOffice.unscoped.filter(initiative__edition__in=edition_ids, office__isnull=False)
    # In a new row, too: the name was decided for the whole edition (link_office).
    meant = dict(linked.order_by("id").values_list("name", "office_id"))
    _sync_many(
        InitiativeOffice,
        before,
        "initiative_id",
        [
            {
                **own,
                "initiative": initiative,
                "position": position,
                **rows.columns(InitiativeOffice, office, rows.OFFICE_KEYS),
                "office_id": meant.get(office["name"]),
            }
            for initiative, form in zip(initiatives, forms, strict=True)
            for position, office in enumerate(form["offices"])
        ],
    )
    _sync_many(
        Placement,
        list(Placement.unscoped.filter(initiative__in=here)),
        "initiative_id",
        [
            {
                **own,
                "initiative": initiative,
                "position": position,
                **rows.columns(Placement, placement, rows.PLACEMENT_KEYS),
                "node": nodes.get(tuple(placement["path"])),
            }
            for initiative, form in zip(initiatives, forms, strict=True)
            for position, placement in enumerate(form["placements"])
        ],
    )
    existing = list(Indicator.unscoped.filter(initiative__in=here))
    wanted = [
        {
            **own,
            "initiative": initiative,
            "position": position,
            **rows.columns(Indicator, indicator, rows.INDICATOR_KEYS),
        }
        for initiative, form in zip(initiatives, forms, strict=True)
        for position, indicator in enumerate(form["indicators"])
    ]
    printed = [indicator["values"] for form in forms for indicator in form["indicators"]]
    values = list(Value.unscoped.filter(indicator__initiative__in=here))
    # Indicators that go take their values along; their rows go first.
    keep = {(row["initiative"].pk, row["position"]) for row in wanted}
    gone = {row.pk for row in existing if (row.initiative_id, row.position) not in keep}
    Value.unscoped.filter(indicator__in=gone).delete()
    indicators = _sync_many(Indicator, existing, "initiative_id", wanted)
    _sync_many(
        Value,
        [value for value in values if value.indicator_id not in gone],
        "indicator_id",
        [
            {
                **own,
                "indicator": indicator,
                "position": position,
                **rows.columns(Value, value, rows.VALUE_KEYS),
            }
            for indicator, of in zip(indicators, printed, strict=True)
            for position, value in enumerate(of)
        ],
    )


def _sync(
    model: type[M], existing: Sequence[M], wanted: Sequence[dict[str, Any]]
) -> list[M]:  # Any: column values
    return _sync_many(model, existing, None, wanted)


def _sync_many(
    model: type[M],
    existing: Sequence[M],
    parent: str | None,
    wanted: Sequence[dict[str, Any]],  # Any: column values
) -> list[M]:
    """Make the rows of a model be exactly the wanted ones: the row at the same place of the same parent keeps its id."""

    def place(row: M) -> tuple[object, int]:
        return (getattr(row, parent) if parent else None, row.position)  # type: ignore[attr-defined]  # all have one

    at = {place(row): row for row in existing}
    made: list[M] = []
    fresh: list[M] = []
    changed: list[M] = []
    for values in wanted:
        candidate = model(**values)
        row = at.pop(place(candidate), None)
        if row is None:
            fresh.append(candidate)
            made.append(candidate)
            continue
        if _assign(row, values):
            changed.append(row)
        made.append(row)
    if at:
        model.unscoped.filter(pk__in=[row.pk for row in at.values()]).delete()
    model.unscoped.bulk_create(fresh, batch_size=BATCH)
    if changed:
        names = [
            f.name for f in model._meta.concrete_fields if not f.primary_key and f.name != "municipality"
        ]
        model.unscoped.bulk_update(changed, names, batch_size=BATCH)
    return made


def _assign(row: models.Model, values: dict[str, Any]) -> bool:  # Any: column values
    """Put values into a row; whether any of them is another. What it hangs on is compared by its id, without asking for it."""
    different = False
    for key, value in values.items():
        column = row._meta.get_field(key).attname  # type: ignore[union-attr]  # columns of its own, never a reverse relation
        if getattr(row, column) != (value.pk if isinstance(value, models.Model) else value):
            setattr(row, key, value)
            different = True
    return different


def titles(nodes: dict[tuple[str, ...], Node]) -> dict[tuple[str, ...], str]:
    """The titles of saved nodes by their paths."""
    return {path: node.title for path, node in nodes.items()}


def found_as(initiative: Initiative, form: Form, names: NodeNames) -> search.Entry:
    """How an initiative stands in the search index; ``names`` are the titles of its edition's nodes."""
    return entry(initiative.pk, initiative.number_sort, form, names)


def entry(identity: UUID, number_sort: str, form: Form, names: NodeNames) -> search.Entry:
    """How an initiative of this form stands in the search index."""
    fields = _searched(form, names)
    return search.Entry(SubjectRef("initiative", identity), form["title"], fields, number_sort)


def _searched(form: Form, names: NodeNames) -> dict[str, str]:
    """What of an initiative is searched beside its title: field → text."""
    fields = {f"texts.{key}": joined(text) for key, text in form["texts"].items()}
    fields["indicators"] = "\n".join(indicator["name"] for indicator in form["indicators"])
    fields["offices"] = "\n".join(office["name"] for office in form["offices"])
    fields["placements"] = places_text(form, names)
    return {key: text for key, text in fields.items() if text}
