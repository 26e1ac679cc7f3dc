"""What happened to each field of an initiative: from the trail, the revision rows and the values' own revisions; newest first.

Shown to whoever may see the initiative itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.kernel.actions import Context, SubjectRef
from yakuba.kernel.trail import queries as trail
from yakuba.kernel.trail.labels import CellName
from yakuba.services.plan import cells, queries
from yakuba.services.plan.models import Initiative
from yakuba.services.plan.paths import under
from yakuba.services.plan.rows import Form

Moves = Sequence[Sequence[str | None]]
REVISED, CONFIRMED, READ, THEMES, EDITED = "revised", "confirmed", "read", "themes", "edited"
MADE = "made"
DECIDED = "decided"
KINDS: Mapping[str, str | Promise] = {
    REVISED: gettext_lazy("改訂"),
    CONFIRMED: gettext_lazy("確認"),
    READ: gettext_lazy("文書の読み直し"),
    THEMES: gettext_lazy("主題の決定"),
    EDITED: gettext_lazy("訂正"),
    MADE: gettext_lazy("追加"),
    DECIDED: gettext_lazy("会議の決定の反映"),
}
_ACTIONS = {
    "plan.create_initiative": MADE,
    "plan.correct_field": EDITED,
    "plan.confirm_field": CONFIRMED,
    "plan.correct_rows": EDITED,
    "plan.edit_part": EDITED,
    "plan.revise": REVISED,
    "plan.take_decisions": DECIDED,
    "plan.settle_outcome": EDITED,
    "plan.renumber": EDITED,
    "plan.set_themes": THEMES,
    "plan.import": READ,
    "plan.commit_import": READ,
}
_LOOKED_THROUGH = 200


@dataclass(frozen=True, slots=True)
class Told:
    """One change: when and by whom (nothing where only the document knows), of which field, from what to what, and why."""

    at: dt.datetime | None
    by: str
    path: str
    label: str
    before: str
    after: str
    reason: str
    kind: str
    moves: Moves = ()
    """Rows of a list that stood elsewhere before this change, as (place before, place after)."""

    entry: UUID | None = None
    """The entry of the trail that tells it."""

    @property
    def made(self) -> bool:
        """Whether the initiative itself was added."""
        return self.kind == MADE

    @property
    def confirmed(self) -> bool:
        """Whether the reading was only said to be right."""
        return self.kind == CONFIRMED

    @property
    def kind_label(self) -> str:
        """What sort of change it was, in a word."""
        return str(KINDS[self.kind])


def of(ctx: Context, row: Initiative, form: Form) -> list[Told]:
    """Everything that happened to one initiative, newest first (a fixed number of queries)."""
    kept = list(_from_trail(ctx, row, form))
    # The action and the row that it left tell one and the same revision.
    known = {(one.path, one.at) for one in kept if one.kind in (REVISED, DECIDED)}
    kept += [one for one in _revised(ctx, row, form) if (one.path, one.at) not in known]
    kept.sort(key=lambda one: one.at or dt.datetime.min.replace(tzinfo=dt.UTC), reverse=True)
    return kept


def _from_trail(ctx: Context, row: Initiative, form: Form) -> Iterator[Told]:
    """What the trail tells of this row, also where a grid or a second reading changed many."""
    subjects = [
        SubjectRef("initiative", row.pk),
        SubjectRef("plan_edition", row.edition_id),
        *(SubjectRef("plan_import", one) for one in queries.imports_of(ctx, row.edition_id)),
    ]
    for entry, payload in trail.about(ctx, subjects, _ACTIONS, limit=_LOOKED_THROUGH):
        notes = (payload or {}).get("notes", {})
        moves = notes.get("moves") or ()
        own = [change for change in notes.get("cells", []) if change["initiative"] == str(row.pk)]
        for change in own:
            yield Told(
                entry.at,
                entry.actor_label,
                change["path"],
                change.get("label") or _label(form, change["path"]),
                change["from"] or "",
                change["to"] or "",
                entry.reason,
                _ACTIONS[entry.action],
                moves if change is own[-1] else (),
                entry.pk,
            )
        if str(row.pk) in (notes.get("initiative"), *notes.get("made", ())) and _made(entry.action):
            label = _label(form, "title")
            yield Told(
                entry.at,
                entry.actor_label,
                "title",
                label,
                "",
                form["title"],
                entry.reason,
                MADE,
                entry=entry.pk,
            )


def _made(action: str) -> bool:
    """Whether an action adds initiatives by hand."""
    return action in ("plan.create_initiative", "plan.correct_rows")


def _revised(ctx: Context, row: Initiative, form: Form) -> Iterator[Told]:
    """Revisions that the rows themselves tell: of stages and progress, and those of values that a document printed."""
    for one in queries.revisions(ctx, row):
        label = _label(form, one.path)
        yield Told(one.made_at, one.made_by, one.path, label, one.before, one.after, one.reason, REVISED)
    for index, indicator in enumerate(form["indicators"]):
        for place, value in enumerate(indicator["values"]):
            path = f"indicators[{index}].values[{place}]"
            if not value["revision"] or path in form["corrected"]:
                continue  # what was revised here stands in the trail
            before = next(
                (
                    one["raw"]
                    for one in indicator["values"]
                    if _same(one, value) and one["revision"] == value["revision"] - 1
                ),
                "",
            )
            reason = value["reason"] or ""
            yield Told(None, "", path, _label(form, path), before, value["raw"], reason, REVISED)


def _same(one: Form, other: Form) -> bool:
    """Whether two values are revisions of one figure."""
    return (one["kind"], one["year"]) == (other["kind"], other["year"])


def of_field(told: Iterable[Told], form: Form, path: str) -> list[Told]:
    """The history of one field, part or figure; of a figure with all its revisions. Rows that moved are followed back."""
    places: set[str] = _figure_places(form, path) or {path}
    found = []
    for one in told:
        if any(_touches(one.path, place) for place in places):
            found.append(one)
        if one.moves:
            earlier = (_before(place, one.moves) for place in places)
            places = {place for place in earlier if place is not None}
    return found


def _figure_places(form: Form, path: str) -> set[str]:
    """The places of all revisions of the figure that a path lies in; none where it lies in no figure."""
    stem, bracket, rest = path.partition(".values[")
    if not bracket:
        return set()
    try:
        values = form["indicators"][int(stem.removeprefix("indicators[").removesuffix("]"))]["values"]
        value = values[int(rest.partition("]")[0])]
    except (LookupError, ValueError):
        return set()
    return {f"{stem}.values[{n}]" for n, one in enumerate(values) if _same(one, value)}


def _touches(told: str, place: str) -> bool:
    return told == place or under(told, place) or under(place, told)


def _before(path: str, moves: Moves) -> str | None:
    """Where a place stood before rows moved; None for a row that was new then."""
    for old, new in moves:
        if new is not None and old is not None and (path == new or under(path, new)):
            return old + path.removeprefix(new)
    gone = any(old is not None and (path == old or under(path, old)) for old, _new in moves)
    return None if gone else path


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
        return cells.full_name(form, path)
    except LookupError:
        return _("今はない項目（%(path)s）") % {"path": path}
