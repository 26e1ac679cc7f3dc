"""The inventory: rows change one by one or by a sheet, and the public's copy is frozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, NotRequired, TypedDict
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.publishing import store as publishing
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, Problems, action
from yakuba.kernel.actions.action import snapshot
from yakuba.kernel.dates import FiscalYear, japan_date
from yakuba.kernel.fields import INTERNAL, PUBLIC, DataProblem, JsonValue, as_json, read_json, specs_of
from yakuba.kernel.sheets.wanted import placed, wanted
from yakuba.kernel.text import display_number_sort_key
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.town.queries import office_names, offices_on
from yakuba.services.procedures.access import desk as access
from yakuba.services.procedures.definition.model import FEES, GROUNDS, Definition
from yakuba.services.procedures.inventory import rules
from yakuba.services.procedures.inventory.queries import KIND
from yakuba.services.procedures.inventory.row import KEYS, RowData, public_body, row_data
from yakuba.services.procedures.models import InventoryCount, InventoryRow, InventorySpan, Procedure

_MOST: Final = 5000
_SORT: Final = 60


class RowChange(TypedDict):
    """One row: which (``id``, empty for a new one) at which version, what of it is said (key → JSON), or that it goes."""

    id: str
    version: int
    row: NotRequired[dict[str, JsonValue]]
    remove: NotRequired[bool]


@dataclass(frozen=True)
class ChangeInventory:
    """Rows that come, change and go, all of them or none."""

    changes: Annotated[list[RowChange], fields.document(label="変更", classification=INTERNAL)]
    reason: Annotated[str, fields.text(label="理由", classification=INTERNAL, required=False)] = ""


@action("procedures.change_row", label="手続台帳の行を直す", may=access.CHANGE_ROW, data=RowData)
def change_row(ctx: Context, row: InventoryRow, data: RowData) -> InventoryRow:
    """Change one row. Raises :class:`Problems`."""
    past = _Past.of(row)
    _fill(ctx, row, data, _Offices.of(ctx))
    _demand_free(ctx, [row], [data.number], [""])
    row.save()
    _keep_past([(past, row)])
    return row


@action(
    "procedures.change_inventory", label="手続台帳を変える", may=access.KEEP_INVENTORY, data=ChangeInventory
)
def change_inventory(ctx: Context, municipality: Municipality, data: ChangeInventory) -> Municipality:
    """Add, change and remove rows. Raises :class:`Problems`, each with the place of its change and the field: ``2.title``."""
    changes = wanted(data.changes, "row", most=_MOST, keys=KEYS)
    found = {
        str(row.pk): row
        for row in InventoryRow.unscoped.select_for_update()
        .filter(municipality=municipality.pk, pk__in=[one.id for one in changes if one.id])
        .order_by("pk")
    }
    known = _Offices.of(ctx)
    problems: list[Problem] = []
    going: list[InventoryRow] = []
    coming: list[_Coming] = []
    for place, change in enumerate(changes):
        row = found.get(change.id)
        try:
            change.demand(None if row is None else row.version)
            if change.remove:
                if row is not None:
                    going.append(row)
                continue
            fresh = row or InventoryRow(municipality_id=municipality.pk)
            before = snapshot(row) if row is not None else {}
            past = _Past.of(fresh)
            _fill(ctx, fresh, _read(known, row, change.said), known)
            coming.append(_Coming(place, fresh, before, past))
        except Problem as problem:
            problems += placed(problem, place)
    if not problems:
        try:
            _demand_free(
                ctx,
                [*(one.row for one in coming), *going],
                [one.row.number for one in coming],
                [f"{one.place}." for one in coming],
            )
        except Problems as several:
            problems += several.problems
    if problems:
        raise Problems(problems)
    _write(ctx, coming, going)
    if data.reason:
        ctx.because(data.reason)
    return municipality


@dataclass(frozen=True, slots=True)
class _Past:
    """What a row said before it changed, as far as figures of past days rest on it."""

    online: str
    since: dt.date | None
    until: dt.date | None
    counted_year: FiscalYear | None

    @classmethod
    def of(cls, row: InventoryRow) -> _Past:
        return cls(row.online, row.since, row.until, row.counted_year)


def _keep_past(changed: Sequence[tuple[_Past, InventoryRow]]) -> None:
    """Once rows are written: days online that have ended stay known, and so does each year's count of filings.

    A year's count goes only where somebody takes it back: by naming the year without a number, or by taking the year away.
    """
    spans: list[InventorySpan] = []
    counts: list[InventoryCount] = []
    for past, row in changed:
        here = {"municipality_id": row.municipality_id, "row": row}
        if ended := rules.went_offline_before(past.online, past.since, past.until, row):
            spans.append(InventorySpan(**here, since=ended[0], until=ended[1]))
        if row.counted_year is not None and row.yearly_count is not None:
            counts.append(
                InventoryCount(
                    **here, year=row.counted_year, filings=row.yearly_count, online=row.yearly_online
                )
            )
        elif (emptied := row.counted_year or past.counted_year) is not None:
            InventoryCount.unscoped.filter(**here, year__in=[emptied]).delete()
    once = ("municipality", "row")
    InventorySpan.unscoped.bulk_create(
        spans, update_conflicts=True, unique_fields=(*once, "since"), update_fields=("until",)
    )
    InventoryCount.unscoped.bulk_create(
        counts, update_conflicts=True, unique_fields=(*once, "year"), update_fields=("filings", "online")
    )


@dataclass(frozen=True, slots=True)
class _Coming:
    """A row to write: the place of its change, and what it said before; nothing where it is a new one."""

    place: int
    row: InventoryRow
    before: dict[str, JsonValue]
    past: _Past

    @property
    def new(self) -> bool:
        """Whether there was no such row."""
        return not self.before


def _told(row: InventoryRow, before: Mapping[str, JsonValue], after: Mapping[str, JsonValue]) -> JsonValue:
    """What the trail keeps of one row: the values that changed, as they were and as they are."""
    changed = [key for key in after or before if before.get(key) != after.get(key)]
    return {
        "id": str(row.pk),
        "title": row.title,
        "before": {key: before[key] for key in changed if key in before},
        "after": {key: after[key] for key in changed if key in after},
    }


def _write(ctx: Context, coming: Sequence[_Coming], going: Sequence[InventoryRow]) -> None:
    told: list[JsonValue] = []
    for row in going:
        told.append(_told(row, snapshot(row), {}))
        row.earlier_spans.all().delete()
        row.counts.all().delete()
        row.delete()
    # Numbers are unique: rows that exchange theirs first let go of them.
    InventoryRow.unscoped.filter(pk__in=[one.row.pk for one in coming if not one.new]).update(number="")
    for one in coming:
        if not one.new:
            one.row.version += 1
        one.row.save()
        told.append(_told(one.row, one.before, snapshot(one.row)))
    _keep_past([(one.past, one.row) for one in coming])
    ctx.note(rows=told)


@dataclass(frozen=True)
class _Offices:
    """Today's offices, both ways."""

    names: Mapping[UUID, str]
    ids: Mapping[str, UUID]

    @classmethod
    def of(cls, ctx: Context) -> _Offices:
        listed = offices_on(ctx.municipality.id, japan_date(ctx.now))
        return cls({one.id: one.name for one in listed}, {one.name: one.id for one in listed})


def _read(known: _Offices, row: InventoryRow | None, given: Mapping[str, JsonValue]) -> RowData:
    """What a row is from now on: as it stands, with what is given. Raises :class:`Problems`."""
    base: dict[str, JsonValue] = {}
    if row is not None:
        base = as_json(row_data(row, known.names))
    try:
        return read_json(RowData, {**base, **given})
    except DataProblem as problem:
        raise Problems.of_data(
            {key: spec.label for key, spec in specs_of(RowData).items()}, problem
        ) from problem


def _fill(ctx: Context, row: InventoryRow, data: RowData, known: _Offices) -> None:
    for key in KEYS:
        if key != "office":
            setattr(row, key, getattr(data, key))
    found = rules.problems(row)
    if row.online == "yakuba" and row.procedure_id is None:
        # The count of what is online comes from here: it counts no procedure that nobody can apply for.
        found.append(
            Problem(
                "nothing_here",
                _("この手続は、まだここで公開されていません。公開すると、この行は自分で変わります。"),
                field="online",
                found=data.online,
            )
        )
    if found:
        raise Problems(found)
    row.sort_key = display_number_sort_key(row.number)[:_SORT]
    name = data.office.strip()
    now_called = known.names.get(row.office_id) if row.office_id else None
    if name in known.ids:
        row.office_id = known.ids[name]
    elif not (row.office_id and name == (now_called or row.office_as_written)):
        row.office_id = None
    row.office_as_written = name


def _demand_free(
    ctx: Context, rows: Sequence[InventoryRow], numbers: Sequence[str], places: Sequence[str]
) -> None:
    """Raises :class:`Problems` for a number that another row bears, or that is given twice."""
    taken = set(
        InventoryRow.unscoped.filter(municipality_id=ctx.municipality.id)
        .exclude(pk__in=[row.pk for row in rows])
        .exclude(number="")
        .values_list("number", flat=True)
    )
    problems: list[Problem] = []
    for number, place in zip(numbers, places, strict=True):
        if number and number in taken:
            problems.append(
                Problem(
                    "number",
                    _("番号「%(number)s」はほかの行にもあります。別の番号にしてください。")
                    % {"number": number},
                    field=f"{place}number",
                    found=number,
                )
            )
        taken.add(number)
    if problems:
        raise Problems(problems)


# --- the public's copy -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublishInventory:
    """What the public is told."""

    note: Annotated[str, fields.prose(label="変更の説明", classification=PUBLIC, required=False)] = ""


@action(
    "procedures.publish_inventory",
    label="手続台帳を公開する",
    may=access.KEEP_INVENTORY,
    data=PublishInventory,
)
def publish_inventory(ctx: Context, municipality: Municipality, data: PublishInventory) -> Municipality:
    """Freeze the public fields of every row. Raises :class:`Problem` for an empty inventory."""
    found = list(
        InventoryRow.unscoped.filter(municipality=municipality.pk).order_by("sort_key", "title", "id")
    )
    if not found:
        raise Problem("empty", _("台帳に行がありません。先に行を加えてください。"))
    names = office_names({row.office_id for row in found if row.office_id}, japan_date(ctx.now))
    parts = tuple(
        publishing.Part("inventory_row", row.pk, row.title, public_body(row, names)) for row in found
    )
    publishing.freeze(
        ctx,
        publishing.Copy(
            kind=KIND,
            subject=municipality.pk,
            year=FiscalYear.of(ctx.now),
            title=_("手続の一覧"),
            head={"rows": len(parts)},
            parts=parts,
            note=data.note,
        ),
    )
    return municipality


# --- what publishing a procedure does to its row -----------------------------------------------------------------------


def put_online(ctx: Context, procedure: Procedure, definition: Definition, day: dt.date) -> None:
    """The row of a procedure says that it is taken here; a procedure without a row gets one.

    A row of the same name and office that is linked to nothing is the procedure's. What was online elsewhere stays online since then.
    """
    here = InventoryRow.unscoped.select_for_update().filter(municipality_id=ctx.municipality.id)
    same = here.filter(procedure__isnull=True, title=procedure.title, office_id=procedure.office_id)
    found = here.filter(procedure=procedure).first() or same.first()
    row = found or _row_of(ctx, procedure, definition, day)
    before, past = snapshot(found) if found is not None else {}, _Past.of(row)
    if found is not None:
        row.version += 1
        if found.online not in rules.CHANNELS:
            row.since, row.until = day, None
    row.procedure, row.online, row.online_url, row.why_not, row.planned_year = (
        procedure,
        "yakuba",
        "",
        "",
        None,
    )
    row.save()
    _keep_past([(past, row)])
    ctx.note(inventory_row=_told(row, before, snapshot(row)))


def take_offline(ctx: Context, procedure: Procedure, why: str, day: dt.date) -> None:
    """The row of a procedure that is closed is online no more, with what the public was told as the reason."""
    row = (
        InventoryRow.unscoped.select_for_update()
        .filter(municipality_id=ctx.municipality.id, procedure=procedure, online="yakuba")
        .first()
    )
    if row is None:
        return
    before = snapshot(row)
    row.online, row.until, row.why_not = "no", day, why
    row.version += 1
    row.save()
    ctx.note(inventory_row=_told(row, before, snapshot(row)))


def _row_of(ctx: Context, procedure: Procedure, definition: Definition, day: dt.date) -> InventoryRow:
    named = dict(GROUNDS)
    first = next((one for one in definition.grounds if one.name), None)
    fee = definition.fee
    return InventoryRow(
        municipality_id=ctx.municipality.id,
        title=procedure.title,
        kind=procedure.kind,
        office_id=procedure.office_id,
        office_as_written=office_names([procedure.office_id], day).get(procedure.office_id, ""),
        ground=f"{first.name}{first.article}" if first else named["none"],
        form=definition.form_number[:200],
        fee=f"{fee.amount:,}円" if fee.rule == "fixed" else dict(FEES)[fee.rule],
        identity=definition.identity,
        since=day,
        by_paper=True,
    )
