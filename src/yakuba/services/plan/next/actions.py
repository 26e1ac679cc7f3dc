"""What becomes of an initiative of the edition before, said by a person; numbers renewed."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Missing, Problem, action
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.fields import INTERNAL, PUBLIC, JsonValue
from yakuba.services.plan import access, cells, queries, rows, rules
from yakuba.services.plan.actions.saving import Paired, save_initiatives
from yakuba.services.plan.models import Edition, Initiative, Node
from yakuba.services.plan.next import building, numbering, outcomes
from yakuba.services.plan.next.outcomes import Outcome
from yakuba.services.plan.rows import Form
from yakuba.services.plan.succession import trace

NOTHING: Final = "nothing"
EVENTS: Final = (
    ("continued", "続いている"),
    ("moved", "区別を移して続いている"),
    ("merged", "統合した"),
    ("completed", "完了"),
    ("ended", "終了"),
    ("abolished", "廃止"),
    ("postponed", "延期"),
    (NOTHING, "扱いを書かない"),
)
NUMBERINGS: Final = (
    (numbering.IN_ORDER, "並びの順に振り直す"),
    (numbering.BY_PLACE, "区分の番号に続けて振り直す"),
)
_NEEDS_TARGET: Final = frozenset({"continued", "moved"})


@dataclass(frozen=True)
class SettleOutcome:
    """What became of ``before`` (the id of an initiative of an earlier edition), and into which one of this edition it went.

    Who goes on needs ``into``, who was merged may name it; who ended must not.
    """

    before: Annotated[str, fields.text(label="前の版の取組", classification=INTERNAL, max_length=40)]
    event: Annotated[str, fields.choice(EVENTS, label="扱い", classification=PUBLIC)]
    into: Annotated[
        str, fields.text(label="この版の取組", classification=INTERNAL, max_length=40, required=False)
    ] = ""
    reason: Annotated[
        str, fields.text(label="理由", classification=PUBLIC, max_length=500, required=False)
    ] = ""


@dataclass(frozen=True)
class Renumber:
    """By which rule the numbers are given anew."""

    rule: Annotated[str, fields.choice(NUMBERINGS, label="番号の付け方", classification=PUBLIC)]


@action("plan.settle_outcome", label="前の版の取組の扱いを決める", may=access.SHAPE, data=SettleOutcome)
def settle_outcome(ctx: Context, edition: Edition, data: SettleOutcome) -> Edition:
    """Say what became of an initiative of an earlier edition: its successor's lineage tells it, else the edition's outcomes.

    What was said before of the same initiative goes. A row of this edition that looked like its successor and is not is new.
    """
    was = _before(ctx, edition, data.before)
    form = queries.initiative_form(was)
    own = queries.forms(Initiative.unscoped.filter(edition=edition).order_by("position", "id"))
    target = _target(own, data)
    origin, year = outcomes.ancestor(form), edition.year.year
    on = japan_date(ctx.now).isoformat()
    changed: list[Paired] = []
    for row, found in own:
        after = _without(found, origin)
        if target is not None and row.pk == target.pk:
            after["lineage"] = [
                *(event for event in after["lineage"] if not _says_new(event)),
                {"event": data.event, "year": year, "from": origin},
            ]
            if data.event == "moved" and "moved" not in after["flags"]:
                after["flags"] = [*after["flags"], "moved"]
        elif target is None and _looks_like(form, found, after):
            after["lineage"] = [*after["lineage"], {"event": "new", "year": found["year"], "from": None}]
        for field in ("lineage", "flags"):
            if after[field] != found[field]:
                rules.settle(after, field, ctx.actor.label, on)
        changed.append(Paired(after, row, found))
    _write(ctx, edition, changed)
    _tell(edition, form, data)
    edition.state = "draft"
    edition.save(update_fields=["prose", "state"])
    if data.reason:
        ctx.because(data.reason)
    ctx.note(
        before=f"{form['number']} {form['title']}".strip(),
        event=data.event,
        into=f"{target.number} {target.title}".strip() if target else "",
        cells=_told(changed),
    )
    return edition


def _before(ctx: Context, edition: Edition, key: str) -> Initiative:
    """An initiative of an earlier edition of this municipality."""
    try:
        identity = UUID(key)
    except ValueError as exc:
        raise Missing from exc
    found = (
        Initiative.unscoped.select_related("edition")
        .filter(pk=identity, municipality=ctx.municipality.id)
        .first()
    )
    if found is None:
        raise Missing
    if found.edition.year >= edition.year:
        raise Problem(
            "not_earlier",
            _("前の年度の版の取組を選んでください。"),
            field="before",
            found=found.edition.year.wareki,
            expected=_("%(year)sより前") % {"year": edition.year.wareki},
        )
    return found


def _target(own: list[tuple[Initiative, Form]], data: SettleOutcome) -> Initiative | None:
    """The row of this edition that is named. Raises :class:`Problem` where one is missing, unknown, or makes no sense."""
    if not data.into:
        if data.event in _NEEDS_TARGET:
            raise Problem("required", _("この版のどの取組に続いているかを選んでください。"), field="into")
        return None
    found = next((row for row, _form in own if str(row.pk) == data.into), None)
    if found is None:
        raise Problem("missing", _("この版にない取組です。"), field="into", found=data.into)
    if data.event not in (*_NEEDS_TARGET, "merged"):
        raise Problem(
            "no_target",
            _("終わった取組に、続きの取組は選べません。統合したときは、扱いを「統合した」にしてください。"),
            field="into",
            found=found.title,
        )
    return found


def _without(form: Form, origin: Form) -> Form:
    """A copy of the form that does not come from ``origin``."""
    found = copy.deepcopy(form)
    key = outcomes.key(origin)
    kept = [event for event in found["lineage"] if not event["from"] or outcomes.key(event["from"]) != key]
    if len(kept) != len(found["lineage"]):
        if not any(event["event"] == "moved" and event["year"] == form["year"] for event in kept):
            found["flags"] = [flag for flag in found["flags"] if flag != "moved"]
        found["lineage"] = kept
    return found


def _says_new(event: Form) -> bool:
    return bool(event["event"] == "new" and event["from"] is None)


def _looks_like(before: Form, found: Form, after: Form) -> bool:
    """Whether a row would be taken for the successor although a person says that there is none."""
    return not any(_says_new(event) for event in after["lineage"]) and bool(
        [link for link in trace([before], [after]).links if not link.merged]
    )


def _write(ctx: Context, edition: Edition, pairs: list[Paired]) -> None:
    """Write the rows that changed; the others keep their versions."""
    if all(pair.form == pair.before for pair in pairs):
        return
    nodes = {tuple(node.path): node for node in Node.unscoped.filter(edition=edition)}
    save_initiatives(ctx, edition, pairs, nodes)


def _tell(edition: Edition, form: Form, data: SettleOutcome) -> None:
    """Keep in the edition what no row of it says: an end, a reason."""
    key = outcomes.key(outcomes.ancestor(form))
    told: list[Form] = [
        one for one in edition.prose.get(outcomes.KEY, ()) if outcomes.key(one["from"]) != key
    ]
    reason = data.reason.strip()
    if data.event in outcomes.OVER or (data.event == "moved" and reason):
        told.append(Outcome(outcomes.ancestor(form), form["title"], data.event, reason).form())
    rest = {name: found for name, found in edition.prose.items() if name != outcomes.KEY}
    edition.prose = {**rest, outcomes.KEY: told} if told else rest


@action("plan.renumber", label="番号を振り直す", may=access.SHAPE, data=Renumber)
def renumber(ctx: Context, edition: Edition, data: Renumber) -> Edition:
    """Give every initiative of an edition its number anew. Raises :class:`Problem` where a later edition's lineage names its numbers."""
    _check_unnamed(ctx, edition)
    own = queries.forms(Initiative.unscoped.filter(edition=edition).order_by("position", "id"))
    pairs = []
    on = japan_date(ctx.now).isoformat()
    for (row, form), one in zip(
        own, new_numbers(edition, [form for _row, form in own], data.rule), strict=True
    ):
        after = {**form, "number": one.number, "group": one.group}
        if after != form:
            after = copy.deepcopy(after)
            rules.settle(after, "number", ctx.actor.label, on)
        pairs.append(Paired(after, row, form))
    if told := _told(pairs):
        _write(ctx, edition, pairs)
        edition.state = "draft"
        edition.save(update_fields=["state"])
    ctx.note(rule=data.rule, cells=told)
    return edition


def _told(pairs: list[Paired]) -> list[JsonValue]:
    """Cell by cell what changed, for the trail and for each initiative's own history."""
    return [
        {
            "initiative": str(pair.row.pk),
            "number": pair.form["number"],
            "path": change.path,
            "label": change.label,
            "from": change.before,
            "to": change.after,
        }
        for pair in pairs
        if pair.row is not None and pair.before is not None and pair.before != pair.form
        for change in cells.changes(pair.before, pair.form)
    ]


def _check_unnamed(ctx: Context, edition: Edition) -> None:
    """That no later edition says of its initiatives that they come from numbers of this one: the thread would be cut."""
    own = {
        outcomes.key(outcomes.ancestor({"year": year.year, "kind": kind or None, "number": number}))
        for year, kind, number in Initiative.unscoped.filter(edition=edition).values_list(
            "year", "kind", "number"
        )
    }
    later = Initiative.unscoped.filter(municipality=ctx.municipality.id, edition__year__gt=edition.year.year)
    for lineage, label, year in later.values_list("lineage", "edition__label", "edition__year"):
        if any(event["from"] and outcomes.key(event["from"]) in own for event in lineage):
            raise Problem(
                "named_later",
                _("この版の番号は「%(edition)s」の取組の経緯に書かれているので、振り直せません。")
                % {"edition": label or year.wareki},
                field="rule",
            )


def new_numbers(edition: Edition, forms: list[Form], rule: str) -> list[numbering.Renewed]:
    """What the numbers of an edition would be by a rule."""
    tree = [rows.node_form(node) for node in Node.unscoped.filter(edition=edition).order_by("position")]
    return numbering.renewed(forms, rule, building.codes_of(tree))
