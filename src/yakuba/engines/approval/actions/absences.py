"""Who is away: noted ahead or on the day, by oneself, by the head of one's office, or by the keepers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext as _

from yakuba.engines.approval import access
from yakuba.engines.approval.models import Absence
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, NoData, Problem, action
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.town.models import Person

_LONGEST = dt.timedelta(days=366)


@dataclass(frozen=True)
class NoteAbsence:
    """From which day to which (both included); why is not asked."""

    valid_from: Annotated[dt.date, fields.date(label="不在の初日", classification=INTERNAL)]
    valid_to: Annotated[dt.date, fields.date(label="不在の最終日", classification=INTERNAL)]


@action("approval.note_absence", label="不在を届け出る", may=access.NOTE_ABSENCE, data=NoteAbsence)
def note_absence(ctx: Context, person: Person, data: NoteAbsence) -> Absence:
    """Note that somebody is away. Raises :class:`Problem` for days that lie behind, or more than a year."""
    today = japan_date(ctx.now)
    if data.valid_to < data.valid_from:
        raise Problem(
            "days", _("最終日が初日より前です。"), field="valid_to", found=format_date(data.valid_to)
        )
    if data.valid_to < today:
        # What was decided while somebody was there is not made a decision in his absence later.
        raise Problem(
            "past",
            _("過ぎた日の不在は届け出られません。"),
            field="valid_to",
            found=format_date(data.valid_to),
        )
    if data.valid_to - data.valid_from > _LONGEST:
        raise Problem("long", _("1年を超える不在は、発令で扱ってください。"), field="valid_to")
    return Absence.unscoped.create(
        municipality_id=ctx.municipality.id,
        person=person,
        valid_from=data.valid_from,
        valid_to=data.valid_to,
        noted_at=ctx.now,
    )


@action("approval.end_absence", label="不在を取り消す", may=access.END_ABSENCE, data=NoData)
def end_absence(ctx: Context, absence: Absence, _data: NoData) -> Absence:
    """Somebody is back, or did not go: from now on he is there."""
    if absence.ended_at is None:
        absence.ended_at = ctx.now
        absence.save(update_fields=["ended_at"])
    return absence
