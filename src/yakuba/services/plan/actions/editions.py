"""Plans and editions without a document: begun from nothing, taken on from an earlier edition, renamed, thrown away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final, TypedDict
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.publishing import queries as published
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Missing, Problem, Stale, action
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.services.plan import access, queries, rows
from yakuba.services.plan.actions.outside import carry_codes
from yakuba.services.plan.actions.saving import Paired, remove_initiatives, save_initiatives, save_nodes
from yakuba.services.plan.measured.actions import store as bindings
from yakuba.services.plan.models import (
    Edition,
    Import,
    Initiative,
    InitiativeOffice,
    Node,
    Note,
    Observation,
    Placement,
    Plan,
    Review,
)
from yakuba.services.plan.next import building, numbering, outcomes
from yakuba.services.plan.published import EDITION


class WayRow(TypedDict):
    """What becomes of one initiative: a key of :data:`..next.building.WAYS`, why, and the id of the one that it goes into."""

    initiative: str
    way: str
    reason: str
    into: str


NUMBERINGS: Final = (
    (numbering.KEEP, "番号を変えない"),
    (numbering.IN_ORDER, "並びの順に振り直す"),
    (numbering.BY_PLACE, "区分の番号に続けて振り直す"),
)
MOST_LEVELS: Final = 8
_LONGEST_LEVEL: Final = 60
_LONGEST_TITLE: Final = 300


@dataclass(frozen=True)
class CreateEdition:
    """A plan begun from nothing, with its first edition. Without ``year`` that is the plan's first year.

    ``levels`` are the names of its levels from the top, in the city's own words; ``predecessors`` the titles of plans that it
    takes the place of (後継計画).
    """

    title: Annotated[str, fields.text(label="計画名", classification=PUBLIC, max_length=300)]
    first_year: Annotated[FiscalYear, fields.fiscal_year(label="開始年度", classification=PUBLIC)]
    last_year: Annotated[FiscalYear, fields.fiscal_year(label="終了年度", classification=PUBLIC)]
    label: Annotated[str, fields.text(label="版", classification=PUBLIC, max_length=60, required=False)] = ""
    year: Annotated[
        FiscalYear | None, fields.fiscal_year(label="版の年度", classification=PUBLIC, required=False)
    ] = None
    levels: Annotated[list[str], fields.document(label="階層の名前", classification=PUBLIC)] = field(
        default_factory=list
    )
    predecessors: Annotated[list[str], fields.document(label="前の計画", classification=PUBLIC)] = field(
        default_factory=list
    )


@dataclass(frozen=True)
class NextEdition:
    """The edition after ``source`` (``seen``: its version when somebody looked), with the initiatives that go on (their ids).

    ``ways`` tells of those that go on as the other kind, or do not go on, what becomes of them and why; an initiative that is
    neither here nor in ``carry`` is left out without a word.
    """

    source: Annotated[str, fields.text(label="もとの版", classification=INTERNAL, max_length=40)]
    seen: Annotated[int, fields.integer(label="見たときの版", classification=INTERNAL)]
    year: Annotated[FiscalYear, fields.fiscal_year(label="年度", classification=PUBLIC)]
    label: Annotated[str, fields.text(label="版", classification=PUBLIC, max_length=60, required=False)] = ""
    carry: Annotated[list[str], fields.document(label="引き継ぐ取組", classification=PUBLIC)] = field(
        default_factory=list
    )
    ways: Annotated[list[WayRow], fields.document(label="取組の扱い", classification=PUBLIC)] = field(
        default_factory=list
    )
    numbering: Annotated[
        str, fields.choice(NUMBERINGS, label="番号の付け方", classification=PUBLIC, required=False)
    ] = numbering.KEEP


@dataclass(frozen=True)
class RenameEdition:
    """What an edition and its plan are called, and their years. Title and span are those of all editions of the plan."""

    title: Annotated[str, fields.text(label="計画名", classification=PUBLIC, max_length=300)]
    first_year: Annotated[FiscalYear, fields.fiscal_year(label="開始年度", classification=PUBLIC)]
    last_year: Annotated[FiscalYear, fields.fiscal_year(label="終了年度", classification=PUBLIC)]
    year: Annotated[FiscalYear, fields.fiscal_year(label="版の年度", classification=PUBLIC)]
    label: Annotated[str, fields.text(label="版", classification=PUBLIC, max_length=60, required=False)] = ""


@dataclass(frozen=True)
class DeleteEdition:
    """Which draft of a plan is thrown away, as it was when somebody looked at it, and why."""

    edition: Annotated[str, fields.text(label="版", classification=INTERNAL, max_length=40)]
    seen: Annotated[int, fields.integer(label="見たときの版", classification=INTERNAL)]
    reason: Annotated[str, fields.text(label="消す理由", classification=INTERNAL, max_length=500)]


@action("plan.create_edition", label="計画をはじめから作る", may=access.MAKE_EDITION, data=CreateEdition)
def create_edition(ctx: Context, _none: None, data: CreateEdition) -> Edition:
    """Begin a plan and its first edition. Raises :class:`Problem` for a plan of that name and first year that has one."""
    check_span(data.first_year, data.last_year)
    levels = names_of(data.levels, "levels", _LONGEST_LEVEL, MOST_LEVELS)
    before = names_of(data.predecessors, "predecessors", _LONGEST_TITLE, 50)
    plan = begun_plan(ctx, data.title.strip(), data.first_year, data.last_year)
    return Edition.unscoped.create(
        municipality_id=ctx.municipality.id,
        plan=plan,
        label=data.label.strip(),
        year=data.year or data.first_year,
        state="draft",
        levels=levels,
        prose={"predecessors": before} if before else {},
        stated={"progress": {}, "counts": {}},
    )


def begun_plan(ctx: Context, title: str, first_year: FiscalYear, last_year: FiscalYear) -> Plan:
    """A plan without editions. Raises :class:`Problem` for one of that name and first year that has one."""
    plan, made = Plan.unscoped.get_or_create(
        municipality_id=ctx.municipality.id,
        title=title,
        first_year=first_year,
        defaults={"last_year": last_year},
    )
    if not made:
        if Edition.unscoped.filter(plan=plan).exists():
            raise Problem(
                "plan_exists",
                _("この計画はもうあります。続きの版は、その版のページの「次の年度版を作る」から作れます。"),
                field="title",
                found=title,
            )
        plan.last_year = last_year  # all its drafts were thrown away: it begins anew
        plan.save(update_fields=["last_year"])
    return plan


@action("plan.next_edition", label="次の年度版を作る", may=access.MAKE_EDITION, data=NextEdition)
def next_edition(ctx: Context, _none: None, data: NextEdition) -> Edition:
    """Take tree, texts, bodies and the initiatives that go on into a new draft of the same plan.

    Raises :class:`Problem` for a year that is not after the earlier edition's, and where the plan has this edition already;
    :class:`Stale` where the earlier one changed meanwhile.
    """
    source = edition_of(ctx, data.source)
    if source.version != data.seen:
        raise Stale(source.version, data.seen)
    if data.year <= source.year:
        raise Problem(
            "year",
            _("次の版の年度は、もとの版の%(year)sより後にしてください。") % {"year": source.year.wareki},
            field="year",
            found=data.year.wareki,
            expected=_("%(year)s以後") % {"year": (source.year + 1).wareki},
        )
    _check_free(source.plan, data.label.strip(), data.year)
    before = queries.forms(Initiative.unscoped.filter(edition=source).order_by("position", "id"))
    tree = [rows.node_form(node) for node in Node.unscoped.filter(edition=source).order_by("position")]
    begun = building.begin(
        [(row.pk, form) for row, form in before],
        ways_of(before, data.carry, data.ways),
        data.year.year,
        data.numbering or numbering.KEEP,
        building.codes_of(tree),
    )
    made = Edition.unscoped.create(
        municipality_id=ctx.municipality.id,
        plan=source.plan,
        label=data.label.strip(),
        year=data.year,
        state="draft",
        levels=source.levels,
        prose=_prose_after(source, begun.told),
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
        numbering=data.numbering or numbering.KEEP,
    )
    return made


def ways_of(
    before: Sequence[tuple[Initiative, rows.Form]], carry: Sequence[str], ways: Sequence[WayRow]
) -> dict[UUID, building.Way]:
    """What becomes of each initiative. Raises :class:`Problem` for one that the source does not have, and for an unknown way."""
    if not _well_shaped(ways):
        message = _("取組の扱いは、initiative・way・reason・intoの組の一覧にしてください。")
        raise Problem("shape", message, field="ways")
    known = {str(row.pk): row.pk for row, _form in before}
    found = {known[key]: building.Way(building.CONTINUED) for key in carry if key in known}
    told = {str(one.get("initiative", "")): one for one in ways}
    unknown = (set(carry) | set(told)) - set(known)
    if unknown:
        raise Problem("missing", _("もとの版にない取組です。"), field="carry", found=min(unknown))
    titles = {str(row.pk): row.title for row, _form in before}
    for key, one in told.items():
        way, into = one.get("way", ""), one.get("into", "")
        if way not in building.WAYS:
            raise Problem(
                "way",
                _("取組の扱いは、%(ways)sのどれかにしてください。")
                % {"ways": "・".join(str(word) for word in building.WAYS.values())},
                field=f"way-{key}",
                found=way,
            )
        if into and into not in known:
            raise Problem("missing", _("もとの版にない取組です。"), field=f"into-{key}", found=into)
        found[known[key]] = building.Way(way, one.get("reason", "").strip(), known.get(into))
    going = {key for key, one in found.items() if one.way in outcomes.GOING}
    for origin, decided in found.items():
        if decided.into is not None and decided.into not in going:
            message = _(
                "「%(title)s」の統合先が、次の版に続きません。統合先を続けるか、別の取組を選んでください。"
            )
            raise Problem(
                "into",
                message % {"title": titles[str(origin)]},
                field=f"into-{origin}",
                found=titles[str(decided.into)],
            )
    return found


def _well_shaped(given: object) -> bool:
    """Whether a list of ways is one: it may come from a program."""
    return isinstance(given, list) and all(
        isinstance(one, dict) and all(isinstance(text, str) for text in one.values()) for one in given
    )


def _prose_after(source: Edition, told: Sequence[rows.Form]) -> dict[str, object]:
    """The plan's own words go on; what the source says of the edition before itself does not."""
    kept = {key: value for key, value in source.prose.items() if key != outcomes.KEY}
    return {**kept, outcomes.KEY: list(told)} if told else kept


def carry_decisions(before: Sequence[Initiative], fresh: Sequence[Initiative]) -> None:
    """What people decided about a row beside the format goes on with it: which unit a printed office means, declined themes, codes."""
    for was, row in zip(before, fresh, strict=True):
        row.themes_declined = was.themes_declined
    Initiative.unscoped.bulk_update(fresh, ["themes_declined"], batch_size=200)
    carry_codes(before, fresh)
    meant = {
        (initiative, position): office
        for initiative, position, office in InitiativeOffice.unscoped.filter(
            initiative__in=[row.pk for row in before], office__isnull=False
        ).values_list("initiative", "position", "office")
    }
    origin = {row.pk: was.pk for was, row in zip(before, fresh, strict=True)}
    linked = []
    for printed in InitiativeOffice.unscoped.filter(initiative__in=list(origin)):
        office = meant.get((origin[printed.initiative_id], printed.position))
        if office is not None:
            printed.office_id = office
            linked.append(printed)
    InitiativeOffice.unscoped.bulk_update(linked, ["office"], batch_size=200)


@action("plan.rename_edition", label="版の名前や年度を変える", may=access.SHAPE, data=RenameEdition)
def rename_edition(ctx: Context, edition: Edition, data: RenameEdition) -> Edition:
    """Change what plan and edition are called, and their years. The year of an edition that was public is its address: it stays."""
    check_span(data.first_year, data.last_year)
    plan = Plan.unscoped.select_for_update().get(pk=edition.plan_id)
    label, title = data.label.strip(), data.title.strip()
    if data.year != edition.year and edition.pk in published.ever_published(ctx, EDITION):
        raise Problem(
            "published",
            _("公表したことのある版の年度は変えられません。市民が読むアドレスが変わるためです。"),
            field="year",
            found=data.year.wareki,
            expected=edition.year.wareki,
        )
    if (label, data.year) != (edition.label, edition.year):
        _check_free(plan, label, data.year, but=edition)
    if data.year != edition.year:
        Initiative.unscoped.filter(edition=edition, year=edition.year.year).update(year=data.year)
    edition.label, edition.year, edition.state = label, data.year, "draft"
    edition.save(update_fields=["label", "year", "state"])
    before = (plan.title, plan.first_year, plan.last_year)
    if (title, data.first_year, data.last_year) != before:
        _rename_plan(plan, edition, title, data.first_year, data.last_year)
        ctx.note(plan=[str(one) for one in before])
    return edition


def _rename_plan(
    plan: Plan, edition: Edition, title: str, first_year: FiscalYear, last_year: FiscalYear
) -> None:
    """The plan's own name and span; its other editions are to be published anew."""
    same = Plan.unscoped.filter(municipality=plan.municipality_id, title=title, first_year=first_year.year)
    if same.exclude(pk=plan.pk).exists():
        raise Problem(
            "plan_exists",
            _("同じ名前と開始年度の計画が、ほかにあります。"),
            field="title",
            found=title,
        )
    plan.title, plan.first_year, plan.last_year = title, first_year, last_year
    plan.version += 1
    plan.save(update_fields=["title", "first_year", "last_year", "version"])
    others = Edition.unscoped.select_for_update().filter(plan=plan).exclude(pk=edition.pk).order_by("pk")
    for other in others:
        other.state = "draft"
        other.version += 1
        other.save(update_fields=["state", "version"])


@action("plan.delete_edition", label="下書きを消す", may=access.DELETE_EDITION, data=DeleteEdition)
def delete_edition(ctx: Context, plan: Plan, data: DeleteEdition) -> Plan:
    """Throw away a draft that was never public. The trail keeps it whole. Raises :class:`Problem` for any other edition."""
    edition = edition_of(ctx, data.edition)
    if edition.plan_id != plan.pk:
        raise Missing
    if edition.version != data.seen:
        raise Stale(edition.version, data.seen)
    if edition.pk in published.ever_published(ctx, EDITION):
        raise Problem(
            "published",
            _("公表したことのある版は消せません。読まれないようにするには、公表を取り下げてください。"),
            field="edition",
        )
    if Review.unscoped.filter(edition=edition).exists():
        raise Problem(
            "reviewed",
            _("各課に照会した版は消せません。回答が、この版の取組についてのものだからです。"),
            field="edition",
        )
    document = queries.document(edition, ctx.municipality.code, ctx.municipality.name)
    memos = list(Note.unscoped.filter(edition=edition).values_list("text", flat=True))
    Note.unscoped.filter(edition=edition).delete()
    seen = list(Observation.unscoped.filter(edition=edition).values_list("situation", flat=True))
    Observation.unscoped.filter(edition=edition).delete()
    bindings.drop(edition)
    remove_initiatives(ctx, list(Initiative.unscoped.filter(edition=edition)))
    Placement.unscoped.filter(node__edition=edition).update(node=None)
    Node.unscoped.filter(edition=edition).delete()
    Import.unscoped.filter(edition=edition).update(edition=None)
    Edition.unscoped.filter(pk=edition.pk).delete()
    ctx.because(data.reason)
    ctx.note(edition=str(edition), removed=document, memos=memos, observations=seen)
    return plan


def names_of(given: object, key: str, longest: int, most: int) -> list[str]:
    """A list of names without blanks and empty ones. Raises :class:`Problem` for a name twice, too long, or too many."""
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise Problem("shape", _("名前の一覧（配列）にしてください。"), field=key)
    found = [name for name in (one.strip() for one in given) if name]
    for name in found:
        if len(name) > longest:
            raise Problem(
                "too_long",
                _("「%(name)s…」が長すぎます。%(longest)d文字以内にしてください。")
                % {"name": name[:20], "longest": longest},
                field=key,
                found=str(len(name)),
                expected=str(longest),
            )
    if len(set(found)) < len(found):
        twice = next(name for name in found if found.count(name) > 1)
        raise Problem(
            "twice",
            _("「%(what)s」が2つあります。片方を消してください。") % {"what": twice},
            field=key,
            found=twice,
        )
    if len(found) > most:
        raise Problem(
            "too_many",
            _("%(most)dまでにしてください（今は%(found)d）。") % {"most": most, "found": len(found)},
            field=key,
            found=str(len(found)),
            expected=str(most),
        )
    return found


def check_span(first: FiscalYear, last: FiscalYear) -> None:
    """That a plan does not end before it begins."""
    if last.year < first.year:
        raise Problem(
            "years",
            _("終了年度が開始年度より前です。"),
            field="last_year",
            found=last.wareki,
            expected=_("%(year)s以後") % {"year": first.wareki},
        )


def _check_free(plan: Plan, label: str, year: FiscalYear, *, but: Edition | None = None) -> None:
    """That the plan has no edition of this label and year yet."""
    same = Edition.unscoped.filter(plan=plan, label=label, year=year.year)
    if but is not None:
        same = same.exclude(pk=but.pk)
    if same.exists():
        raise Problem(
            "exists",
            _("この計画には、同じ名前と年度の版がもうあります。"),
            field="label",
            found=f"{label} {year.wareki}".strip(),
        )


def edition_of(ctx: Context, key: str) -> Edition:
    """An edition of this municipality by its id, locked."""
    try:
        identity = UUID(key)
    except ValueError as exc:
        raise Missing from exc
    found = (
        Edition.unscoped.select_for_update(of=("self",))
        .select_related("plan")
        .filter(pk=identity, municipality=ctx.municipality.id)
        .first()
    )
    if found is None:
        raise Missing
    return found
