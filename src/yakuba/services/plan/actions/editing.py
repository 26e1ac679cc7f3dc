"""Correcting cells of a draft. A corrected cell is kept when the document is read again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypedDict

from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Denied, Problem, Problems, Stale, action
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.fields import INTERNAL, PUBLIC, JsonValue
from yakuba.kernel.text import fold
from yakuba.kernel.town.queries import offices_on
from yakuba.services.plan import access, queries, rules
from yakuba.services.plan.actions.saving import save_one
from yakuba.services.plan.models import Edition, Initiative, InitiativeOffice


@dataclass(frozen=True)
class CorrectField:
    """One cell of an initiative: which (``title``, ``indicators[0].values[2].raw`` …) and what it should read."""

    path: Annotated[str, fields.text(label="項目", classification=INTERNAL, max_length=120)]
    value: Annotated[str, fields.prose(label="正しい内容", classification=PUBLIC)] = ""
    reason: Annotated[str, fields.text(label="理由", classification=INTERNAL, required=False)] = ""


@dataclass(frozen=True)
class ConfirmField:
    """A field whose reading was doubtful and is right as it stands."""

    path: Annotated[str, fields.text(label="項目", classification=INTERNAL, max_length=120)]


class RowChange(TypedDict):
    """One changed cell of a grid: which initiative at which version, which cell, and the new text."""

    initiative: str
    version: int
    path: str
    value: str


@dataclass(frozen=True)
class CorrectRows:
    """Changed cells of a grid."""

    changes: Annotated[list[RowChange], fields.document(label="変更", classification=INTERNAL, required=True)]


def _edition(initiative: Initiative) -> Edition:
    return initiative.edition


@action("plan.correct_field", label="項目を訂正する", may=access.CORRECT, data=CorrectField, parent=_edition)
def correct_field(ctx: Context, initiative: Initiative, data: CorrectField) -> Initiative:
    """Correct one cell of one initiative."""
    changed = _correct(ctx, initiative, [(data.path, data.value)])
    if changed:
        _reopen(initiative)
    if data.reason:
        ctx.because(data.reason)
    ctx.note(cells=changed)
    return initiative


@action(
    "plan.confirm_field",
    label="読み取りのとおりとする",
    may=access.CORRECT,
    data=ConfirmField,
    parent=_edition,
)
def confirm_field(ctx: Context, initiative: Initiative, data: ConfirmField) -> Initiative:
    """Say that a doubtful field was read rightly. Raises :class:`Problem` where nothing is doubtful."""
    form = queries.initiative_form(initiative)
    if all(doubt["field"] != data.path for doubt in form["doubts"]):
        raise Problem("path", _("確認が要る項目ではありません。"), field=data.path, found=data.path)
    rules.settle(form, data.path, ctx.actor.label, japan_date(ctx.now).isoformat())
    save_one(ctx, initiative, form)
    shown = rules.shown(form, data.path)
    ctx.note(
        cells=[
            {
                "initiative": str(initiative.pk),
                "number": form["number"],
                "path": data.path,
                "from": shown,
                "to": shown,
            }
        ]
    )
    return initiative


@action("plan.correct_rows", label="一覧で訂正する", may=access.CORRECT_MANY, data=CorrectRows)
def correct_rows(ctx: Context, edition: Edition, data: CorrectRows) -> Edition:
    """Correct many cells of an edition at once: all of them or none. Raises :class:`Problems` with one problem a row."""
    wanted: dict[str, list[RowChange]] = {}
    for change in data.changes:
        wanted.setdefault(change["initiative"], []).append(change)
    found = {
        str(row.pk): row
        for row in Initiative.unscoped.select_for_update()
        .filter(edition=edition, pk__in=list(wanted))
        .order_by("pk")
    }
    problems: list[Problem] = []
    cells: list[JsonValue] = []
    for key, changes in wanted.items():
        try:
            cells += _correct_row(ctx, found.get(key), changes)
        except Problem as problem:
            problem.field = key
            problems.append(problem)
    denied = [problem for problem in problems if isinstance(problem, Denied)]
    if denied:
        raise Denied("\n".join(problem.message for problem in denied))
    if problems:
        raise Problems(problems)
    if cells:
        edition.state = "draft"
        edition.save(update_fields=["state"])
    ctx.note(rows=len(wanted), cells=cells)
    return edition


def _correct_row(ctx: Context, row: Initiative | None, changes: list[RowChange]) -> list[JsonValue]:
    if row is None:
        raise Problem("missing", _("この版にない取組です。"))
    if not access.CORRECT.may(ctx, row).allowed:
        raise Denied(_("取組%(number)sを直す権限がありません。") % {"number": row.number})
    for change in changes:
        if row.version != change["version"]:
            raise Stale(row.version, change["version"])
    changed = _correct(ctx, row, [(change["path"], change["value"]) for change in changes])
    if changed:
        row.version += 1
        row.save(update_fields=["version"])
    return changed


def _correct(ctx: Context, initiative: Initiative, cells: list[tuple[str, str]]) -> list[JsonValue]:
    """Correct cells and return what changed, as the trail tells it."""
    form = queries.initiative_form(initiative)
    changed: list[JsonValue] = []
    for path, text in cells:
        after = rules.correct(form, path, text)
        old, new = rules.shown(form, path), rules.shown(after, path)
        if old == new:
            continue
        changed.append(
            {"initiative": str(initiative.pk), "number": form["number"], "path": path, "from": old, "to": new}
        )
        rules.settle(after, path, ctx.actor.label, japan_date(ctx.now).isoformat())
        after["doubts"] += rules.questions(form, after, path)
        if path == "progress":
            after["progress_meaning"] = _meaning_here(initiative, new) or after["progress_meaning"]
        form = after
    if changed:
        linked = InitiativeOffice.unscoped.filter(initiative=initiative, office__isnull=False)
        positions = list(linked.values_list("position", flat=True))
        save_one(ctx, initiative, form)
        _relink(ctx, initiative, positions)
    return changed


def _meaning_here(initiative: Initiative, word: str | None) -> str | None:
    """What this edition means by a progress word, where it says so: a city's own words have its own meaning."""
    if word is None:
        return None
    same = Initiative.unscoped.filter(edition=initiative.edition_id, progress=word)
    found = set(same.exclude(pk=initiative.pk).values_list("progress_meaning", flat=True))
    return found.pop() if len(found) == 1 else None


def _relink(ctx: Context, initiative: Initiative, positions: list[int]) -> None:
    """A printed office that was linked and got another name is linked to the unit of that name, where there is just one."""
    loose = InitiativeOffice.unscoped.filter(
        initiative=initiative, office__isnull=True, position__in=positions
    )
    for printed in loose:
        units = {
            unit.id
            for unit in offices_on(ctx.municipality.id, japan_date(ctx.now))
            if fold(unit.name) == fold(printed.name)
        }
        if len(units) == 1:
            printed.office_id = units.pop()
            printed.save(update_fields=["office"])


def _reopen(initiative: Initiative) -> None:
    """The working copy changed: whoever looked at the edition before, to publish it, is told."""
    edition = Edition.unscoped.select_for_update().get(pk=initiative.edition_id)
    edition.state = "draft"
    edition.version += 1
    edition.save(update_fields=["state", "version"])
