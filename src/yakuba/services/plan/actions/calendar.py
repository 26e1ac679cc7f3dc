"""The plan's calendar: days are added, changed and struck out, one by hand or many from a sheet, all of them or none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, Problems, action
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.dates.fiscal import FIRST_YEAR, LAST_YEAR
from yakuba.kernel.fields import INTERNAL, Invalid, JsonValue, spec_of
from yakuba.kernel.sheets.wanted import EntryChange, Wanted, judged, wanted
from yakuba.kernel.town.models import Municipality
from yakuba.services.plan import access
from yakuba.services.plan.models import CalendarEntry

KEYS: Final = ("first_day", "last_day", "title", "office", "note")
_MOST: Final = 1000


@dataclass(frozen=True)
class ChangeCalendar:
    """Days that come, change and go."""

    changes: Annotated[list[EntryChange], fields.document(label="変更", classification=INTERNAL)]


@action("plan.change_calendar", label="年間の予定を変える", may=access.CHANGE_CALENDAR, data=ChangeCalendar)
def change_calendar(ctx: Context, municipality: Municipality, data: ChangeCalendar) -> Municipality:
    """Change the calendar. Raises :class:`Problems`, each with the place of its change and the field: ``2.title``."""
    changes = wanted(data.changes, "entry", most=_MOST)
    found = {
        str(row.pk): row
        for row in CalendarEntry.unscoped.select_for_update()
        .filter(municipality=municipality.pk, pk__in=[change.id for change in changes if change.id])
        .order_by("pk")
    }

    def fresh(row: CalendarEntry | None, change: Wanted) -> CalendarEntry | None:
        return None if change.remove else _entry(municipality, row, change.said)

    do = judged(changes, found, fresh=fresh, told=_told)
    problems = do.problems + _twice(municipality, do.going, do.coming)
    if problems:
        raise Problems(problems)
    # Changed days go and come again with their id: two that change places are never on one day together.
    CalendarEntry.unscoped.filter(pk__in=[row.pk for row in do.going]).delete()
    CalendarEntry.unscoped.bulk_create([row for _place, row in do.coming], batch_size=200)
    ctx.note(days=do.told)
    return municipality


def _entry(
    municipality: Municipality, row: CalendarEntry | None, given: Mapping[str, JsonValue]
) -> CalendarEntry:
    """The day as it is from now on, unsaved; keys that are not given stay. Raises :class:`Problems`."""
    made = CalendarEntry(municipality_id=municipality.pk)
    if row is not None:
        made.pk, made.version = row.pk, row.version + 1
    problems: list[Problem] = []
    for key in KEYS:
        spec = spec_of(CalendarEntry._meta.get_field(key))
        if spec is None or spec.kind is None:
            raise LookupError(key)
        if key not in given and row is not None:
            setattr(made, key, getattr(row, key))
            continue
        value = given.get(key)
        text = value.strip() if isinstance(value, str) else value
        if text is None or text == "":
            if spec.required:
                problems.append(Problem.of(key, spec.label, Invalid("required", "", "")))
            setattr(made, key, None if key == "last_day" else "")
            continue
        try:
            setattr(made, key, spec.kind.from_json(text))
        except Invalid as invalid:
            problems.append(Problem.of(key, spec.label, invalid))
    if not problems:
        days = [(key, day) for key in ("first_day", "last_day") if (day := getattr(made, key)) is not None]
        problems += [found for key, day in days if (found := _outside(key, day)) is not None]
    if not problems and made.last_day is not None and made.last_day < made.first_day:
        problems.append(
            Problem("days", _("最終日が初日より前です。"), field="last_day", found=str(made.last_day))
        )
    if problems:
        raise Problems(problems)
    if made.last_day == made.first_day:
        made.last_day = None
    return made


def _outside(key: str, day: dt.date) -> Problem | None:
    """A day that falls in no fiscal year has no page that it could stand on."""
    try:
        FiscalYear.of(day)
    except ValueError:
        message = _("%(first)d年度から%(last)d年度までの日を入れてください。") % {
            "first": FIRST_YEAR,
            "last": LAST_YEAR,
        }
        return Problem(
            "year", message, field=key, found=day.isoformat(), expected=f"{FIRST_YEAR}–{LAST_YEAR}"
        )
    return None


def _twice(
    municipality: Municipality, going: list[CalendarEntry], coming: list[tuple[int, CalendarEntry]]
) -> list[Problem]:
    """Days that would stand twice."""
    there = CalendarEntry.unscoped.filter(
        municipality=municipality.pk, first_day__in=[row.first_day for _place, row in coming]
    ).exclude(pk__in=[row.pk for row in going])
    known = set(there.values_list("first_day", "title"))
    problems = []
    for place, row in coming:
        key = (row.first_day, row.title)
        if key in known:
            message = _("同じ日に「%(title)s」がもうあります。") % {"title": row.title}
            problems.append(Problem("twice", message, field=f"{place}.title", found=row.title))
        known.add(key)
    return problems


def _told(row: CalendarEntry | None) -> dict[str, JsonValue] | None:
    """A day as the trail keeps it."""
    if row is None:
        return None
    days = {key: day.isoformat() if (day := getattr(row, key)) else None for key in KEYS[:2]}
    return {**days, **{key: getattr(row, key) for key in KEYS[2:]}}
