"""What people changed in an initiative, from the trail: newest first. Shown to whoever may see the initiative itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Context, SubjectRef
from yakuba.kernel.trail import queries as trail
from yakuba.kernel.trail.labels import CellName
from yakuba.services.plan import cells, queries
from yakuba.services.plan.models import Initiative
from yakuba.services.plan.rows import Form

_ACTIONS = ("plan.correct_field", "plan.confirm_field", "plan.correct_rows")
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Told:
    """One correction: when, by whom, of which field, from what to what, and why."""

    at: dt.datetime
    by: str
    label: str
    before: str
    after: str
    reason: str

    @property
    def confirmed(self) -> bool:
        """Whether the reading was only said to be right."""
        return self.before == self.after


def of(ctx: Context, row: Initiative, form: Form) -> list[Told]:
    """The corrections of one initiative, field by field; of the grid's only those of this row."""
    subjects = (SubjectRef("initiative", row.pk), SubjectRef("plan_edition", row.edition_id))
    found: list[Told] = []
    for entry, payload in trail.about(ctx, subjects, _ACTIONS, limit=200):
        changed = (payload or {}).get("notes", {}).get("cells", [])
        for change in changed:
            if change["initiative"] != str(row.pk):
                continue
            found.append(
                Told(
                    entry.at,
                    entry.actor_label,
                    _label(form, change["path"]),
                    change["from"] or "",
                    change["to"] or "",
                    entry.reason,
                )
            )
    return found[:_SHOWN]


def cell_names(ctx: Context, keys: Iterable[tuple[UUID, str]]) -> dict[tuple[UUID, str], CellName]:
    """What cells of initiatives are called now, of those that the reader may see; for the trail's pages."""
    wanted = list(keys)
    rows = Initiative.objects.for_actor(ctx).filter(pk__in={one for one, _path in wanted})
    forms = {row.pk: form for row, form in queries.forms(rows)}
    return {
        (one, path): CellName(
            f"{forms[one]['number']} {forms[one]['title']}".strip(), _label(forms[one], path)
        )
        for one, path in wanted
        if one in forms
    }


def _label(form: Form, path: str) -> str:
    try:
        cell = cells.cell(form, path)
    except LookupError:
        return _("今はない項目（%(path)s）") % {"path": path}
    return f"{cell.section} {cell.label}" if path.startswith("indicators") else cell.label
