"""Writing a plan's rows. Used by the actions of this room, inside their transactions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

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
    Placement,
    Value,
)
from yakuba.services.plan.rows import Form

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
    told: list[tuple[Initiative, Form]] = []
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
        told.append((initiative, pair.form))
    Initiative.unscoped.bulk_create(fresh, batch_size=BATCH)
    names = [
        f.name for f in Initiative._meta.concrete_fields if not f.primary_key and f.name != "municipality"
    ]
    if changed:
        Initiative.unscoped.bulk_update(changed, names, batch_size=BATCH)
    if moved:
        Initiative.unscoped.bulk_update(moved, ["position"], batch_size=BATCH)
    save_children(ctx, written, [pair.form for pair in pairs], nodes)
    for initiative, form in told:
        index(ctx, initiative, form)
    return written


def save_one(ctx: Context, initiative: Initiative, form: Form) -> None:
    """Write one initiative and what belongs to it; the caller's action bumps the version."""
    _fill(initiative, initiative.position, form)
    initiative.save()
    nodes = {tuple(node.path): node for node in Node.unscoped.filter(edition_id=initiative.edition_id)}
    save_children(ctx, [initiative], [form], nodes)
    index(ctx, initiative, form)


def remove_initiatives(ctx: Context, initiatives: Sequence[Initiative]) -> None:
    """Take rows out of the working copy; published copies and the trail keep what they were."""
    ids = [initiative.pk for initiative in initiatives]
    Value.unscoped.filter(indicator__initiative__in=ids).delete()
    for model in (Indicator, Placement, InitiativeOffice):
        model.unscoped.filter(initiative__in=ids).delete()
    Initiative.unscoped.filter(pk__in=ids).delete()
    for initiative in initiatives:
        search.remove(ctx, SubjectRef("initiative", initiative.pk), visibility="internal")


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
    different = False
    for key, value in values.items():
        if getattr(row, key) != value:
            setattr(row, key, value)
            different = True
    return different


def index(ctx: Context, initiative: Initiative, form: Form, *, public: bool = False) -> None:
    """Put an initiative into the search index: the desk's rows follow the draft, the public ones what was published."""
    fields = {f"texts.{key}": _joined(text) for key, text in form["texts"].items()}
    fields["indicators"] = "\n".join(indicator["name"] for indicator in form["indicators"])
    fields["offices"] = "\n".join(office["name"] for office in form["offices"])
    fields["placements"] = "\n".join(" ".join(placement["path"]) for placement in form["placements"])
    search.index(
        ctx,
        SubjectRef("initiative", initiative.pk),
        title=form["title"],
        fields={key: text for key, text in fields.items() if text},
        visibility="public" if public else "internal",
        sort=initiative.number_sort,
    )


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "\n".join(text)
