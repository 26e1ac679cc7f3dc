"""The next plan: a new tree that takes initiatives over from the former plan, and the words of the verification of that one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Final

from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, Stale, action
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.services.plan import access, queries, rows
from yakuba.services.plan.actions.editions import (
    MOST_LEVELS,
    NUMBERINGS,
    WayRow,
    begun_plan,
    carry_decisions,
    check_span,
    edition_of,
    names_of,
    ways_of,
)
from yakuba.services.plan.actions.saving import Paired, save_initiatives, save_nodes
from yakuba.services.plan.measured.actions import store as bindings
from yakuba.services.plan.models import Edition, Initiative, Node
from yakuba.services.plan.next import building, numbering, outcomes, outline

_LONGEST_LEVEL: Final = 60
_KEPT: Final = ("terms", "related")
"""What of a plan's own words the next plan begins with: its sections are written anew."""


@dataclass(frozen=True)
class NextPlan:
    """The plan after that of ``source`` (``seen``: its version when somebody looked).

    ``outline`` is its tree, one node a line; ``carry`` and ``ways`` as in ``plan.next_edition``.
    """

    source: Annotated[str, fields.text(label="もとの版", classification=INTERNAL, max_length=40)]
    seen: Annotated[int, fields.integer(label="見たときの版", classification=INTERNAL)]
    title: Annotated[str, fields.text(label="計画名", classification=PUBLIC, max_length=300)]
    first_year: Annotated[FiscalYear, fields.fiscal_year(label="開始年度", classification=PUBLIC)]
    last_year: Annotated[FiscalYear, fields.fiscal_year(label="終了年度", classification=PUBLIC)]
    label: Annotated[str, fields.text(label="版", classification=PUBLIC, max_length=60, required=False)] = ""
    levels: Annotated[list[str], fields.document(label="階層の名前", classification=PUBLIC)] = field(
        default_factory=list
    )
    outline: Annotated[str, fields.prose(label="区分の並び", classification=PUBLIC, max_length=50_000)] = ""
    carry: Annotated[list[str], fields.document(label="引き継ぐ取組", classification=PUBLIC)] = field(
        default_factory=list
    )
    ways: Annotated[list[WayRow], fields.document(label="取組の扱い", classification=PUBLIC)] = field(
        default_factory=list
    )
    numbering: Annotated[
        str, fields.choice(NUMBERINGS, label="番号の付け方", classification=PUBLIC, required=False)
    ] = numbering.KEEP


@action("plan.next_plan", label="次期計画を作る", may=access.MAKE_EDITION, data=NextPlan)
def next_plan(ctx: Context, _none: None, data: NextPlan) -> Edition:
    """Begin a plan with a tree of its own and the initiatives that it takes over; each stands under the node of the same title.

    Raises :class:`Problem` for years that are not after the former edition's, for a plan that is there already and for lines that
    are no tree; :class:`Stale` where the former edition changed meanwhile.
    """
    source = edition_of(ctx, data.source)
    if source.version != data.seen:
        raise Stale(source.version, data.seen)
    check_span(data.first_year, data.last_year)
    if data.first_year <= source.year:
        raise Problem(
            "year",
            _("次期計画の開始年度は、もとの版の%(year)sより後にしてください。")
            % {"year": source.year.wareki},
            field="first_year",
            found=data.first_year.wareki,
            expected=_("%(year)s以後") % {"year": (source.year + 1).wareki},
        )
    levels = names_of(data.levels, "levels", _LONGEST_LEVEL, MOST_LEVELS)
    tree = outline.read(data.outline, levels)
    former = [rows.node_form(node) for node in Node.unscoped.filter(edition=source).order_by("position")]
    before = queries.forms(Initiative.unscoped.filter(edition=source).order_by("position", "id"))
    begun = building.begin(
        [(row.pk, form) for row, form in before],
        ways_of(before, data.carry, data.ways),
        data.first_year.year,
        data.numbering or numbering.KEEP,
        building.codes_of(tree),
        lambda form: outline.placed(form, former, tree),
    )
    prose = {key: source.prose[key] for key in _KEPT if source.prose.get(key)}
    made = Edition.unscoped.create(
        municipality_id=ctx.municipality.id,
        plan=begun_plan(ctx, data.title.strip(), data.first_year, data.last_year),
        label=data.label.strip(),
        year=data.first_year,
        state="draft",
        levels=levels,
        prose={
            **prose,
            "predecessors": [source.plan.title],
            **({outcomes.KEY: list(begun.told)} if begun.told else {}),
        },
        bodies=source.bodies,
        stated={"progress": {}, "counts": {}},
    )
    nodes = save_nodes(ctx, made, tree)
    fresh = save_initiatives(ctx, made, [Paired(form) for _key, form in begun.rows], nodes)
    by_id = {row.pk: row for row, _form in before}
    going = [by_id[key] for key, _form in begun.rows]
    carry_decisions(going, fresh)
    bindings.carry(ctx, source, made, going, fresh)
    ctx.note(
        source=str(source.pk),
        carried=len(begun.rows),
        left=[f"{form['number']} {form['title']}".strip() for form in begun.left],
        outcomes=list(begun.told),
    )
    return made


@dataclass(frozen=True)
class WriteVerification:
    """Under which heading the verification of the former plan stands in this plan's text, and what it says."""

    title: Annotated[str, fields.text(label="見出し", classification=PUBLIC, max_length=300)]
    text: Annotated[str, fields.prose(label="本文", classification=PUBLIC, required=True, max_length=50_000)]


@action(
    "plan.write_verification", label="前の計画の検証を本文に入れる", may=access.SHAPE, data=WriteVerification
)
def write_verification(ctx: Context, edition: Edition, data: WriteVerification) -> Edition:
    """Put the verification into the plan's own words: in the place of a section of that heading, else behind the last."""
    sections: list[rows.Form] = [dict(one) for one in edition.prose.get("sections", ())]
    title, text = data.title.strip(), data.text.strip()
    there = next((one for one in sections if (one["title"] or "").strip() == title), None)
    before = there["text"] if there is not None else None
    if there is None:
        sections.append({"number": None, "title": title, "text": text})
    else:
        there["text"] = text
    edition.prose = {**edition.prose, "sections": sections}
    edition.state = "draft"
    edition.save(update_fields=["prose", "state"])
    ctx.note(part="sections", title=title, before=before, after=text)
    return edition
