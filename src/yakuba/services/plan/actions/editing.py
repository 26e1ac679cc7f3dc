"""Correcting cells of a draft. A corrected cell is kept when the document is read again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, action
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.fields import INTERNAL, PUBLIC, JsonValue
from yakuba.kernel.text import fold
from yakuba.kernel.town.queries import offices_on
from yakuba.services.plan import access, queries, rules
from yakuba.services.plan.actions.saving import save_one
from yakuba.services.plan.applying import Applied, Known, RowChange, applied
from yakuba.services.plan.models import Edition, Initiative, InitiativeOffice
from yakuba.services.plan.rows import Form


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


def edition_of(initiative: Initiative) -> Edition:
    """What is locked before an initiative of it."""
    return initiative.edition


@action(
    "plan.correct_field", label="項目を訂正する", may=access.CORRECT, data=CorrectField, parent=edition_of
)
def correct_field(ctx: Context, initiative: Initiative, data: CorrectField) -> Initiative:
    """Correct one cell of one initiative."""
    changed = _correct(ctx, initiative, [(data.path, data.value)])
    if changed:
        reopen(initiative)
    if data.reason:
        ctx.because(data.reason)
    ctx.note(cells=changed)
    return initiative


@action(
    "plan.confirm_field",
    label="読み取りのとおりとする",
    may=access.CORRECT,
    data=ConfirmField,
    parent=edition_of,
)
def confirm_field(ctx: Context, initiative: Initiative, data: ConfirmField) -> Initiative:
    """Say that a doubtful field was read rightly. Raises :class:`Problem` where nothing is doubtful."""
    form = queries.initiative_form(initiative)
    if all(doubt["field"] != data.path for doubt in form["doubts"]):
        raise Problem("path", _("確認が要る項目ではありません。"), field=data.path, found=data.path)
    rules.settle(form, data.path, ctx.actor.label, japan_date(ctx.now).isoformat(), confirmed=True)
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


def _correct(ctx: Context, initiative: Initiative, cells: list[tuple[str, str]]) -> list[JsonValue]:
    """Correct cells and return what changed, as the trail tells it."""
    form = queries.initiative_form(initiative)
    wanted: list[RowChange] = [
        {"initiative": str(initiative.pk), "version": initiative.version, "path": path, "value": text}
        for path, text in cells
    ]
    found = apply(ctx, initiative, form, wanted)
    if found.told:
        write(ctx, initiative, form, found.form)
    return found.told


def apply(ctx: Context, initiative: Initiative, form: Form, changes: Sequence[RowChange]) -> Applied:
    """Apply changes to the form of one initiative. Nothing is written. Raises :class:`Problems`."""
    today = japan_date(ctx.now)
    known = Known(
        lambda: queries.about(initiative.edition, today), lambda word: meaning_here(initiative, word)
    )
    return applied(str(initiative.pk), form, changes, known, ctx.actor.label, today.isoformat())


def write(ctx: Context, initiative: Initiative, before: Form, after: Form) -> None:
    """Save an edited form; a printed office that is new here is linked to the unit of its name, where there is just one."""
    save_one(ctx, initiative, after)
    relink(ctx, {initiative.pk: fresh_offices(before, after)})


def fresh_offices(before: Form, after: Form) -> set[str]:
    """The printed offices that a form did not have before."""
    known = {office["name"] for office in before["offices"]}
    return {office["name"] for office in after["offices"]} - known


def meaning_here(initiative: Initiative, word: str | None) -> str | None:
    """What this edition means by a progress word, where it says so: a city's own words have its own meaning."""
    if word is None:
        return None
    same = Initiative.unscoped.filter(edition=initiative.edition_id, progress=word)
    found = set(same.exclude(pk=initiative.pk).values_list("progress_meaning", flat=True))
    return found.pop() if len(found) == 1 else None


def relink(ctx: Context, fresh: Mapping[UUID, Collection[str]]) -> None:
    """Link printed names that are new in an initiative (by its id) to the unit of that name, where there is just one."""
    names = {name for of in fresh.values() for name in of}
    if not names:
        return
    units: dict[str, set[UUID]] = {}
    for unit in offices_on(ctx.municipality.id, japan_date(ctx.now)):
        units.setdefault(fold(unit.name), set()).add(unit.id)
    loose = InitiativeOffice.unscoped.filter(initiative__in=list(fresh), office__isnull=True, name__in=names)
    linked = []
    for printed in loose:
        meant = units.get(fold(printed.name), set())
        if printed.name in fresh[printed.initiative_id] and len(meant) == 1:
            (printed.office_id,) = meant
            linked.append(printed)
    InitiativeOffice.unscoped.bulk_update(linked, ["office"], batch_size=200)


def reopen(initiative: Initiative) -> None:
    """The working copy changed: whoever looked at the edition before, to publish it, is told."""
    edition = Edition.unscoped.select_for_update().get(pk=initiative.edition_id)
    edition.state = "draft"
    edition.version += 1
    edition.save(update_fields=["state", "version"])
