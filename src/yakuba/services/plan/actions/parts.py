"""Whole parts of an initiative by hand: its offices, places, texts, indicators, values … and rows that come, go and move."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, Problems, Stale, action
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.fields import INTERNAL, PUBLIC, JsonValue
from yakuba.services.plan import access, checks, labels, parts, queries, rules
from yakuba.services.plan.actions.editing import (
    apply,
    edition_of,
    fresh_offices,
    meaning_here,
    relink,
    reopen,
    write,
)
from yakuba.services.plan.actions.saving import remove_initiatives, save_one
from yakuba.services.plan.applying import Applied, RowChange, identity_of, told_of
from yakuba.services.plan.models import (
    INITIATIVE_KINDS,
    VALUE_STATUSES,
    Edition,
    Initiative,
    Note,
    Revision,
)
from yakuba.services.plan.parts import blank
from yakuba.services.plan.rows import Form
from yakuba.services.plan.setters import FIGURES, figures_of


@dataclass(frozen=True)
class EditPart:
    """A part of an initiative (``offices``, ``texts``, ``indicators[0].values`` …) and what it is from now on."""

    part: Annotated[str, fields.text(label="部分", classification=INTERNAL, max_length=60)]
    value: Annotated[
        Any, fields.document(label="内容", classification=PUBLIC, required=True)
    ]  # Any: JSON of the part
    reason: Annotated[
        str, fields.text(label="理由", classification=INTERNAL, max_length=500, required=False)
    ] = ""


@dataclass(frozen=True)
class Revise:
    """A target, an actual, a stage or a progress word that is not what it was, and why. What it was stays to be read."""

    path: Annotated[str, fields.text(label="項目", classification=INTERNAL, max_length=120)]
    value: Annotated[
        str, fields.prose(label="新しい内容", classification=PUBLIC, required=True, max_length=2000)
    ]
    reason: Annotated[str, fields.text(label="改訂の理由", classification=PUBLIC, max_length=500)]
    status: Annotated[
        str, fields.choice(VALUE_STATUSES, label="確度", classification=PUBLIC, required=False)
    ] = ""
    as_of: Annotated[dt.date | None, fields.date(label="時点", classification=PUBLIC, required=False)] = None


@dataclass(frozen=True)
class CreateInitiative:
    """A new initiative behind the one named by ``after`` (its id; empty: at the end; ``first``: at the top)."""

    title: Annotated[str, fields.text(label="取組名", classification=PUBLIC, max_length=300)]
    year: Annotated[FiscalYear, fields.fiscal_year(label="年度", classification=PUBLIC)]
    number: Annotated[
        str, fields.text(label="番号", classification=PUBLIC, max_length=40, required=False)
    ] = ""
    kind: Annotated[
        str, fields.choice(INITIATIVE_KINDS, label="区別", classification=PUBLIC, required=False)
    ] = ""
    after: Annotated[
        str, fields.text(label="入れる場所", classification=INTERNAL, max_length=40, required=False)
    ] = ""
    parts: Annotated[dict[str, Any], fields.document(label="ほかの部分", classification=PUBLIC)] = (
        field(  # Any: JSON
            default_factory=dict
        )
    )


@dataclass(frozen=True)
class RemoveInitiative:
    """Which initiative goes, as it was when somebody looked at it, and why."""

    initiative: Annotated[str, fields.text(label="取組", classification=INTERNAL, max_length=40)]
    seen: Annotated[int, fields.integer(label="見たときの版", classification=INTERNAL)]
    reason: Annotated[str, fields.text(label="外す理由", classification=INTERNAL, max_length=500)]


@dataclass(frozen=True)
class MoveInitiative:
    """Which initiative moves: ``up`` or ``down`` by one, ``first``, ``last``, or behind the one with this id."""

    initiative: Annotated[str, fields.text(label="取組", classification=INTERNAL, max_length=40)]
    where: Annotated[str, fields.text(label="動かす先", classification=INTERNAL, max_length=40)]


@action("plan.edit_part", label="取組の部分を直す", may=access.CORRECT, data=EditPart, parent=edition_of)
def edit_part(ctx: Context, initiative: Initiative, data: EditPart) -> Initiative:
    """Replace one part of an initiative. Raises :class:`Problems` with the path of each field that cannot be kept."""
    form = queries.initiative_form(initiative)
    found = edited(ctx, initiative, form, [(data.part, data.value)])
    if found.told:
        write(ctx, initiative, form, found.form)
        reopen(initiative)
    if data.reason:
        ctx.because(data.reason)
    ctx.note(cells=found.told)
    if found.moves:
        ctx.note(moves=[[old, new] for old, new in found.moves.items()])
    return initiative


def edited(
    ctx: Context, initiative: Initiative, form: Form, wanted: Sequence[tuple[str, Any]]
) -> Applied:  # Any: JSON of the parts
    """The form with parts replaced and checked. Nothing is written yet."""
    changes: list[RowChange] = [
        {"initiative": str(initiative.pk), "version": initiative.version, "part": part, "value": value}
        for part, value in wanted
    ]
    return apply(ctx, initiative, form, changes)


def _told(initiative: Initiative, before: Form, after: Form, one: parts.Told) -> JsonValue:
    """One change as the trail keeps it."""
    return told_of(str(initiative.pk), after, one.path, one.before, one.after, before)


@action("plan.revise", label="改訂する", may=access.CORRECT, data=Revise, parent=edition_of)
def revise(ctx: Context, initiative: Initiative, data: Revise) -> Initiative:
    """Write a new state of a target, an actual, a stage or the progress word; what it was stays, with the reason.

    A value gets a value behind it with the next revision number; a stage and the progress word change in place and leave a
    :class:`Revision`. Raises :class:`Problem` for anything else, and where nothing would be new.
    """
    form = queries.initiative_form(initiative)
    text = data.value.strip()
    if not rules.revisable(form, data.path):
        raise Problem("path", _("改訂できる項目ではありません。"), field="path", found=data.path)
    before = rules.shown(form, data.path)
    if data.path.startswith("indicators"):
        after, path = _revised_value(form, data, text)
    else:
        path = data.path
        after = rules.correct(form, path, text)
        if rules.shown(after, path) == before:
            raise Problem(
                "same", _("今の内容と同じです。改めた内容を書いてください。"), field="value", found=text
            )
        if path == "progress":
            after["progress_meaning"] = meaning_here(initiative, text) or after["progress_meaning"]
        last = Revision.unscoped.filter(initiative=initiative, path=path).aggregate(last=Max("number"))[
            "last"
        ]
        Revision.unscoped.create(
            municipality_id=ctx.municipality.id,
            initiative=initiative,
            path=path,
            number=(last or 0) + 1,
            before=before or "",
            after=text,
            reason=data.reason,
            made_at=ctx.now,
            made_by=ctx.actor.label[:200],
        )
    rules.settle(after, path, ctx.actor.label, japan_date(ctx.now).isoformat())
    if path.startswith("indicators"):
        after["doubts"] += rules.questions_of(after, f"{path}.raw", rules.get(form, data.path)["raw"])
    found = checks.check(after, _part(path), queries.about(initiative.edition, japan_date(ctx.now)))
    problems = [one for one in found if one.field.startswith(path) or one.code == "states"]
    if problems:
        raise Problems(Problem(one.code, one.message, field="value", found=one.found) for one in problems)
    save_one(ctx, initiative, after)
    reopen(initiative)
    ctx.because(data.reason)
    with translation.override("ja"):
        told = parts.Told(path, before, rules.shown(after, path))
        if path.startswith("indicators"):
            told = parts.Told(path, _printed(rules.get(form, data.path)), _printed(rules.get(after, path)))
        ctx.note(cells=[_told(initiative, form, after, told)])
    return initiative


def _printed(value: Form) -> str:
    """A value as printed, with its status where it has one."""
    status = labels.of(labels.STATUSES, value["status"])
    return f"{value['raw']}（{status}）" if status else str(value["raw"])


def _part(path: str) -> str:
    return (
        path.rpartition("[")[0]
        if path.startswith("indicators")
        else path.partition(".")[0].replace("progress", "head")
    )


def _revised_value(form: Form, data: Revise, text: str) -> tuple[Form, str]:
    """The form with one more revision of a value at the end of its indicator, and where that stands."""
    found = rules.get(form, data.path)
    newest = rules.newest_of(form, data.path)
    if found["revision"] != newest["revision"]:
        raise Problem("path", _("もっと新しい改訂があります。画面を開き直してください。"), field="path")
    status = data.status or found["status"]
    as_of = data.as_of.isoformat() if data.as_of else found["as_of"]
    if (text, status, as_of) == (found["raw"], found["status"], found["as_of"]):
        raise Problem(
            "same", _("今の内容と同じです。改めた内容を書いてください。"), field="value", found=text
        )
    stem = data.path.rpartition("[")[0]
    name = rules.get(form, stem.removesuffix(".values"))["name"]
    figures = {key: found[key] for key in FIGURES} if text == found["raw"] else figures_of(text, name)
    fresh = {
        **found,
        "raw": text,
        **figures,
        "as_of": as_of,
        "status": status,
        "revision": found["revision"] + 1,
        "reason": data.reason,
    }
    values = [*rules.get(form, stem), fresh]
    after = copy.deepcopy(form)
    rules.put(after, stem, values)
    return after, f"{stem}[{len(values) - 1}]"


@action("plan.create_initiative", label="取組を加える", may=access.ARRANGE, data=CreateInitiative)
def create_initiative(ctx: Context, edition: Edition, data: CreateInitiative) -> Initiative:
    """Add an initiative by hand. What the document is silent about stays open; the product asks for it later."""
    form = blank(data.title, data.year.year)
    form["number"], form["kind"] = data.number, data.kind or None
    made = add(ctx, edition, form, data.after, list(data.parts.items()))
    ctx.note(initiative=str(made.pk), number=made.number, title=made.title)
    return made


def add(
    ctx: Context, edition: Edition, form: Form, after: str, wanted: Sequence[tuple[str, Any]] = ()
) -> Initiative:  # Any: JSON of the parts
    """Write a new initiative into an edition whose lock the caller holds."""
    rows = list(Initiative.unscoped.filter(edition=edition).order_by("position", "id"))
    wanted_as = identity_of(form)
    for row in rows:
        if wanted_as[1] and identity_of({"kind": row.kind, "number": row.number}) == wanted_as:
            raise Problem(
                "number_taken",
                _("この番号は「%(title)s」に使われています。ほかの番号にしてください。")
                % {"title": row.title},
                field="number",
                found=form["number"],
            )
    place = _place(rows, after)
    made = Initiative(municipality_id=ctx.municipality.id, edition=edition)
    whole = edited(ctx, made, form, [("head", {"title": form["title"]}), *wanted]).form
    rules.made_by_hand(whole, ctx.actor.label, japan_date(ctx.now).isoformat())
    _arrange(rows[place:], place + 1)
    made.position = place
    save_one(ctx, made, whole)
    relink(ctx, {made.pk: fresh_offices(form, whole)})
    edition.state = "draft"
    edition.save(update_fields=["state"])
    return made


def _place(rows: Sequence[Initiative], after: str) -> int:
    """The position behind a row; at the end without one."""
    if not after or after == "last":
        return len(rows)
    if after == "first":
        return 0
    found = next((n for n, row in enumerate(rows) if str(row.pk) == after), None)
    if found is None:
        raise Problem("missing", _("この版にない取組です。"), field="after", found=after)
    return found + 1


def _arrange(rows: Sequence[Initiative], start: int) -> None:
    """Give rows the positions from ``start`` on; their versions stay, so nobody's open form becomes stale."""
    moved = []
    for position, row in enumerate(rows, start):
        if row.position != position:
            row.position = position
            moved.append(row)
    Initiative.unscoped.bulk_update(moved, ["position"], batch_size=200)


def _row_of(edition: Edition, key: str) -> tuple[list[Initiative], Initiative]:
    rows = list(Initiative.unscoped.select_for_update().filter(edition=edition).order_by("position", "id"))
    found = next((row for row in rows if str(row.pk) == key), None)
    if found is None:
        raise Problem("missing", _("この版にない取組です。"), field="initiative", found=key)
    return rows, found


@action("plan.remove_initiative", label="取組を外す", may=access.ARRANGE, data=RemoveInitiative)
def remove_initiative(ctx: Context, edition: Edition, data: RemoveInitiative) -> Edition:
    """Take an initiative out of the working copy. The trail keeps it whole, notes and revisions too; the public copy stays."""
    rows, found = _row_of(edition, data.initiative)
    if found.version != data.seen:
        raise Stale(found.version, data.seen)
    form = queries.initiative_form(found)
    notes = list(Note.unscoped.filter(initiative=found).values_list("text", flat=True))
    revisions = Revision.unscoped.filter(initiative=found).values_list("path", "before", "after", "reason")
    told: list[JsonValue] = [list(one) for one in revisions]
    remove_initiatives(ctx, [found])
    rest = [row for row in rows if row.pk != found.pk]
    _arrange(rest, 0)
    edition.state = "draft"
    edition.save(update_fields=["state"])
    ctx.because(data.reason)
    ctx.note(removed=[form], memos=notes, revisions=told)
    return edition


@action("plan.move_initiative", label="取組の順を変える", may=access.ARRANGE, data=MoveInitiative)
def move_initiative(ctx: Context, edition: Edition, data: MoveInitiative) -> Edition:
    """Give an initiative another place in the order of the document."""
    rows, found = _row_of(edition, data.initiative)
    at = rows.index(found)
    rest = [row for row in rows if row.pk != found.pk]
    steps = {"up": max(at - 1, 0), "down": min(at + 1, len(rest))}
    place = steps[data.where] if data.where in steps else _place(rest, data.where)
    if place != at:
        rest.insert(place, found)
        _arrange(rest, 0)
        edition.state = "draft"
        edition.save(update_fields=["state"])
    ctx.note(initiative=data.initiative, number=found.number, position=[at + 1, place + 1])
    return edition
