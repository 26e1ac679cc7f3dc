"""Many initiatives of an edition at once: what a sheet brings back, what a page answers for many rows. All of it or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Denied, Problem, Problems, Stale, action
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.fields import INTERNAL
from yakuba.services.plan import access, queries, rules
from yakuba.services.plan.actions.editing import fresh_offices, relink
from yakuba.services.plan.actions.saving import Paired, save_initiatives
from yakuba.services.plan.applying import Applied, Known, RowChange, applied, is_new, taken
from yakuba.services.plan.checks import About
from yakuba.services.plan.models import Edition, Initiative, Node
from yakuba.services.plan.parts import blank
from yakuba.services.plan.rows import Form


@dataclass(frozen=True)
class CorrectRows:
    """Changes of a grid: cells and parts of initiatives, and initiatives that are new."""

    changes: Annotated[list[RowChange], fields.document(label="変更", classification=INTERNAL, required=True)]


@action("plan.correct_rows", label="一覧で訂正する", may=access.CORRECT_MANY, data=CorrectRows)
def correct_rows(ctx: Context, edition: Edition, data: CorrectRows) -> Edition:
    """Correct many initiatives of an edition, and add new ones at its end. Raises :class:`Problems` with one problem a row.

    Whoever works on an initiative holds its edition first, so the edition's lock keeps all of them still. However many rows
    change, the queries are the same in number.
    """
    wanted: dict[str, list[RowChange]] = {}
    for change in data.changes:
        wanted.setdefault(change["initiative"], []).append(change)
    there = queries.forms(Initiative.unscoped.filter(edition=edition).order_by("position", "id"))
    rows = {str(row.pk): (row, form) for row, form in there}
    _ask(ctx, edition, wanted, rows)
    today = japan_date(ctx.now)
    known = known_of(edition, there, today)
    by, on = ctx.actor.label, today.isoformat()
    after: dict[str, Applied] = {}
    problems: list[Problem] = []
    for key, changes in wanted.items():
        try:
            form = _form(edition, key, changes, rows)
            after[key] = applied(key, form, changes, known, by, on)
        except Problem as problem:
            problem.field = key
            problems.append(problem)
    fresh = {key: found.form for key, found in after.items() if is_new(key)}
    problems += taken([form for _row, form in there], fresh)
    if problems:
        raise Problems(problems)
    for form in fresh.values():
        rules.made_by_hand(form, by, on)
    told = [cell for found in after.values() for cell in found.told]
    if told:
        made = _write(ctx, edition, rows, after, fresh)
        for cell in told:  # what was made is told by its id
            if isinstance(cell, dict) and (key := str(cell["initiative"])) in made:
                cell["initiative"] = made[key]
        if made:
            ctx.note(made=list(made.values()))
    ctx.note(rows=len(wanted), cells=told)
    return edition


def _ask(
    ctx: Context,
    edition: Edition,
    wanted: dict[str, list[RowChange]],
    rows: dict[str, tuple[Initiative, Form]],
) -> None:
    """Raises :class:`Denied`, naming the rows that this actor may not change; one question for all of them."""
    mine = {
        str(pk)
        for pk in Initiative.unscoped.filter(access.CORRECT.q(ctx), edition=edition).values_list(
            "pk", flat=True
        )
    }
    denied = [rows[key][0].number for key in wanted if key in rows and key not in mine]
    if denied:
        raise Denied(_("取組%(number)sを直す権限がありません。") % {"number": "、".join(denied)})
    if any(is_new(key) for key in wanted) and not access.ARRANGE.may(ctx, edition).allowed:
        raise Denied(_("新しい取組を加えられるのは、計画の事務局です。"))


def known_of(edition: Edition, there: Sequence[tuple[Initiative, Form]], today: dt.date) -> Known:
    """What changes of the edition's rows are checked against, from what is at hand: one query at most."""
    meanings: dict[str, set[str | None]] = {}
    for _row, form in there:
        if form["progress"]:
            meanings.setdefault(form["progress"], set()).add(form["progress_meaning"])
    found: list[About] = []

    def about() -> About:
        if not found:
            found.append(queries.about(edition, today))
        return found[0]

    def meaning(word: str | None) -> str | None:
        said = meanings.get(word or "", set())
        return next(iter(said)) if len(said) == 1 else None

    return Known(about, meaning)


def _form(
    edition: Edition, key: str, changes: Sequence[RowChange], rows: dict[str, tuple[Initiative, Form]]
) -> Form:
    """The form to change: of a row as it is, or a blank one. Raises :class:`Problem`."""
    if is_new(key):
        return new_form(edition, changes)
    if key not in rows:
        raise Problem("missing", _("この版にない取組です。"))
    row, form = rows[key]
    for change in changes:
        if row.version != change["version"]:
            raise Stale(row.version, change["version"])
    return form


def new_form(edition: Edition, changes: Sequence[RowChange]) -> Form:
    """A new row before its changes. Raises :class:`Problem` where they do not name it."""
    if not any(change.get("path") == "title" for change in changes):
        raise Problem("required", _("新しい取組には取組名が要ります。"), field="title")
    return blank("", edition.year.year)


def _write(
    ctx: Context,
    edition: Edition,
    rows: dict[str, tuple[Initiative, Form]],
    after: dict[str, Applied],
    fresh: dict[str, Form],
) -> dict[str, str]:
    """Write what changed and what is new; the ids of the new rows by their keys."""
    changed = {key: found.form for key, found in after.items() if found.told}
    for key, form in changed.items():
        if key in rows:
            row = rows[key][0]
            row.themes_declined = [one for one in row.themes_declined if one not in form.get("themes", [])]
    pairs = [Paired(changed.get(key, form), row, form) for key, (row, form) in rows.items()]
    pairs += [Paired(form) for form in fresh.values()]
    nodes = {tuple(node.path): node for node in Node.unscoped.filter(edition=edition)}
    written = save_initiatives(ctx, edition, pairs, nodes)
    offices: dict[UUID, set[str]] = {}
    for row, pair in zip(written, pairs, strict=True):
        names = fresh_offices(pair.before or {"offices": []}, pair.form)
        if names:
            offices[row.pk] = names
    relink(ctx, offices)
    edition.state = "draft"
    edition.save(update_fields=["state"])
    return {key: str(row.pk) for key, row in zip(fresh, written[len(rows) :], strict=True)}
