"""One initiative beside its source: what was read on the left, where it was read on the right."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from yakuba.kernel.access.desk import address, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem, Stale
from yakuba.kernel.dates import FiscalYear, format_date
from yakuba.kernel.dates.wareki import parse_date
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.services.plan import access, cells, history, labels, public_figures, queries, rules, sources
from yakuba.services.plan.actions import ConfirmField, CorrectField, confirm_field, correct_field
from yakuba.services.plan.cells import Cell
from yakuba.services.plan.forms import form_of
from yakuba.services.plan.models import Initiative
from yakuba.services.plan.parts import slug_of
from yakuba.services.plan.rows import Form
from yakuba.services.plan.themes import THEMES, label
from yakuba.services.plan.views.desk.arranging import places_of
from yakuba.services.plan.views.desk.frame import crumbs_of, show, trail_of
from yakuba.services.plan.views.desk.memos import memos_of

DOUBTS: dict[str, str | Promise] = {
    "shifted-row": gettext_lazy("列のずれ"),
    "blank-cell": gettext_lazy("空の欄"),
    "odd-content": gettext_lazy("見出しに合わない内容"),
    "footnote": gettext_lazy("確認"),
    "unit-differs": gettext_lazy("単位の違い"),
    "label-differs": gettext_lazy("数えるものの違い"),
    "parts-missing": gettext_lazy("分かれていない欄"),
    "year-differs": gettext_lazy("年度の違い"),
    "several-numbers": gettext_lazy("複数の数"),
    "state-in-phrase": gettext_lazy("文の中の語"),
    "unread-value": gettext_lazy("読めない値"),
    "number-in-brackets": gettext_lazy("かっこの中の数"),
    "number-lost": gettext_lazy("数だった欄"),
    "places-differ": gettext_lazy("書かれ方の違い"),
    "other-year": gettext_lazy("ほかの年度との違い"),
    "likely-origin": gettext_lazy("前の年度の取組の推定"),
    "displaced-list": gettext_lazy("ずれた一覧"),
    "odd-letter": gettext_lazy("まぎれた文字"),
    "roles-assumed": gettext_lazy("主管課の区別"),
    "displaced-cell": gettext_lazy("離れた欄"),
    "nothing-ticked": gettext_lazy("印のない選択肢"),
    "joined-digits": gettext_lazy("番号の中の空白"),
    "fused-cell": gettext_lazy("つながった欄"),
    "struck": gettext_lazy("見え消し"),
    "neighbour-text": gettext_lazy("隣の取組の文"),
    "misread-name": gettext_lazy("自治体の名前の読み違い"),
}
# A kind that no words were made for yet: the note says the rest.
SOME_DOUBT = gettext_lazy("確認")
_LONGEST_CHOICE = 400
_TOLD = 8


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is doubtful about a field, and what else it may say."""

    kind: str
    note: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody typed into the form of a field and could not save; ``others`` is what stands there now."""

    value: str
    reason: str
    errors: tuple[FieldError, ...] = ()
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the page: its cell, what is doubtful, who corrected it, its form where it is open."""

    key: str
    cell: Cell
    doubts: tuple[Doubt, ...]
    corrected: str
    confirmed: bool
    line: int | None
    editable: bool
    edit_href: str
    selected: bool
    open: bool = False
    draft: Draft | None = None
    office: str = ""
    """The unit that a printed office is linked to."""
    revise_href: str = ""
    """Where it is revised with a reason, for what is revised by a new row."""
    revised: str = ""
    """Why, by whom and when a value was revised."""
    history_href: str = ""
    """Where its history stands, for what has one."""

    @property
    def value(self) -> str:
        """What stands in the form: what was typed, or else the text as it is."""
        return self.draft.value if self.draft else self.cell.text

    @property
    def was(self) -> str:
        """A mark of the text that the form was drawn with."""
        return mark_of(self.cell.text)

    @property
    def error(self) -> str:
        """The first error of the form."""
        return str(self.draft.errors[0].message) if self.draft and self.draft.errors else ""


def mark_of(text: str) -> str:
    """A short mark of a text: by it a form tells whether somebody else changed this very field."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Section:
    """Some fields under one heading, and the forms in which they are edited as a whole."""

    key: str
    title: str
    fields: Sequence[Field]
    edits: Sequence[Link]


@require_safe
@desk_page
def initiative(request: HttpRequest, ctx: Context, initiative_id: UUID) -> HttpResponseBase:
    """An initiative; ``?edit=<path>`` opens the form of a field, ``?field=<path>`` shows where it was read."""
    row = queries.initiative(ctx, initiative_id)
    return _page(request, ctx, row, opened=request.GET.get("edit", ""), chosen=request.GET.get("field", ""))


def _page(
    request: HttpRequest,
    ctx: Context,
    row: Initiative,
    *,
    opened: str = "",
    chosen: str = "",
    draft: Draft | None = None,
    status: int = 200,
) -> HttpResponse:
    form = queries.initiative_form(row)
    verdict = access.CORRECT.may(ctx, row)
    listed = _with_doubts(form)
    if not rules.correctable(opened):
        opened = ""
    if opened and opened not in {cell.path for cell in listed}:
        listed = [*listed, *_extra(form, opened)]
    chosen = opened or chosen or (form["doubts"][0]["field"] if form["doubts"] else "title")
    told = history.of(ctx, row, form)
    linked = queries.linked_offices(ctx, row) if opened.startswith("offices") else {}
    fields = [
        _field(
            ctx, row, form, cell, opened, chosen, draft, editable=verdict.allowed, linked=linked, told=told
        )
        for cell in listed
    ]
    doubtful = [field for field in fields if field.doubts]
    place = sources.place_of(form, chosen)
    before, after = queries.neighbours(ctx, row)
    edition = row.edition
    return show(
        request,
        ctx,
        "initiative",
        f"{row.number} {row.title}".strip(),
        crumbs=crumbs_of(ctx, edition),
        status=status,
        row=row,
        form=form,
        may_correct=verdict.allowed,
        why_not=verdict.reason,
        doubtful=doubtful,
        sections=_sections(ctx, row, form, fields, doubtful, editable=verdict.allowed),
        chosen=next((field for field in fields if field.key == key_of(chosen)), None),
        place=place,
        excerpt=sources.excerpt(edition, place) if place else None,
        here=address("plan-desk-initiative", ctx, row.pk),
        correct_href=address("plan-desk-correct", ctx, row.pk),
        confirm_href=address("plan-desk-confirm", ctx, row.pk),
        missing_texts=_missing_texts(ctx, row, form) if verdict.allowed else [],
        before=_link(ctx, before),
        after=_link(ctx, after),
        back=address("plan-desk-edition", ctx, edition.pk),
        told=told[:_TOLD],
        trail_href=trail_of(ctx, row),
        history_href=address("plan-desk-history", ctx, row.pk),
        answer_href=address("plan-desk-answer", ctx, row.pk),
        observe_href=address("plan-year-observe", ctx, edition.pk) + f"?of={row.pk}",
        preview_href=address("plan-desk-preview-initiative", ctx, edition.pk, row.pk),
        came_from=_came_from(ctx, row),
        memos=memos_of(ctx, edition, row),
        themes=[label(THEMES[one]) for one in row.themes if one in THEMES],
        themes_href=address("plan-desk-themes", ctx, edition.pk) + f"?of={row.pk}",
        themes_open=not row.themes and "themes" not in row.corrected,
        codes_href=address("plan-outside-codes-of", ctx, row.pk),
        figure_links=[
            Link(public_figures.name_of(one), address("plan-desk-figure", ctx, row.pk, place))
            for place, one in enumerate(form["indicators"], start=1)
        ],
        may_arrange=access.ARRANGE.holds_anywhere(ctx),
        where=places_of(ctx, row) if access.ARRANGE.holds_anywhere(ctx) else [],
        move_href=address("plan-desk-initiative-move", ctx, edition.pk),
        remove_href=address("plan-desk-initiative-remove", ctx, row.pk),
        new_href=address("plan-desk-initiative-new", ctx, edition.pk) + f"?after={row.pk}",
    )


def _came_from(ctx: Context, row: Initiative) -> list[Link]:
    """What the lineage names as the row's origin, 令和8年度版 推進1から; a link to it where the desk has it."""
    found = []
    for place, other in queries.predecessors(ctx, row):
        origin = row.lineage[place]["from"]
        kind = labels.of(labels.KINDS, origin["kind"] or "")
        year = FiscalYear(origin["year"]).wareki if origin["year"] else ""
        edition = other.edition.label if other else ""
        words = f"{edition or year} {kind}{origin['number'] or ''}".strip()
        href = address("plan-desk-initiative", ctx, other.pk) if other else ""
        found.append(Link(_("%(origin)sから") % {"origin": words}, href))
    return found


def _with_doubts(form: Form) -> list[Cell]:
    """The page's cells and, behind each value, the figures read from it that are doubtful."""
    found = cells.cells(form)
    known = {cell.path for cell in found}
    for doubt in form["doubts"]:
        path = doubt["field"]
        if path in known:
            continue
        known.add(path)
        extra = _extra(form, path)
        near = [i for i, cell in enumerate(found) if cell.path.rpartition(".")[0] == path.rpartition(".")[0]]
        at = near[-1] + 1 if near and "." in path else len(found)
        found[at:at] = extra
    return found


def _extra(form: Form, path: str) -> list[Cell]:
    try:
        return [cells.cell(form, path)]
    except LookupError:
        return []


def _field(
    ctx: Context,
    row: Initiative,
    form: Form,
    cell: Cell,
    opened: str,
    chosen: str,
    draft: Draft | None,
    *,
    editable: bool,
    linked: Mapping[str, str],
    told: Sequence[history.Told],
) -> Field:
    place = sources.place_of(form, cell.path)
    by = form["corrected"].get(cell.path)
    here = address("plan-desk-initiative", ctx, row.pk)
    is_open = editable and cell.correctable and cell.path == opened
    return Field(
        key=key_of(cell.path),
        cell=cell,
        doubts=tuple(
            Doubt(
                str(DOUBTS.get(doubt["code"], SOME_DOUBT)),
                doubt["note"],
                tuple(one for one in doubt["candidates"] if _fits(form, cell.path, one)),
            )
            for doubt in form["doubts"]
            if doubt["field"] == cell.path
        ),
        corrected=_corrected(by) if by and not by.get("made") else "",
        confirmed=bool(by and by.get("confirmed")),
        line=place.line if place else None,
        editable=editable and cell.correctable,
        edit_href=f"{here}?edit={cell.path}#{key_of(cell.path)}",
        selected=cell.path == chosen,
        open=is_open,
        draft=draft if is_open else None,
        office=linked.get(cell.path, ""),
        revised=_revised(form, cell.path),
        revise_href=_revise_href(ctx, row, form, cell.path) if editable else "",
        history_href=_history_href(ctx, row, form, cell.path, told),
    )


def _history_href(ctx: Context, row: Initiative, form: Form, path: str, told: Sequence[history.Told]) -> str:
    stem = path.removesuffix(".raw")
    return (
        address("plan-desk-history", ctx, row.pk) + f"?field={stem}"
        if history.of_field(told, form, stem)
        else ""
    )


def _revise_href(ctx: Context, row: Initiative, form: Form, path: str) -> str:
    stem = path.removesuffix(".raw")
    return address("plan-desk-revise", ctx, row.pk) + f"?path={stem}" if rules.revisable(form, stem) else ""


def _fits(form: Form, path: str, candidate: str) -> bool:
    """Whether a candidate can be taken by one click: what could not be saved is not offered."""
    if len(candidate) > _LONGEST_CHOICE:
        return False
    try:
        rules.correct(form, path, candidate)
    except Problem:
        return False
    return True


def key_of(path: str) -> str:
    """A field's id in the page."""
    return "field-" + "".join(c if c.isalnum() else "-" for c in path).strip("-")


def _corrected(by: Form) -> str:
    return _("%(who)s・%(day)s") % {"who": by["by"], "day": format_date(parse_date(by["on"]))}


def _revised(form: Form, path: str) -> str:
    """What a revised value says instead of its place in the document; what nobody noted is left out."""
    found = sources.revised(form, path)
    if found is None:
        return ""
    stem, value = found
    by = form["corrected"].get(stem)
    told = [value["reason"] or "", _corrected(by) if by else ""]
    return _("改訂：%(told)s") % {"told": "・".join(one for one in told if one) or _("理由の記録なし")}


def _sections(
    ctx: Context,
    row: Initiative,
    form: Form,
    fields: Iterable[Field],
    doubtful: list[Field],
    *,
    editable: bool,
) -> list[Section]:
    """The fields by section; the doubtful ones stand above, and only there. A section that may be filled stands empty."""
    found: dict[str, list[Field]] = {}
    for field in fields:
        if field not in doubtful:
            found.setdefault(field.cell.section, []).append(field)

    def edits(*wanted: str) -> list[Link]:
        if not editable:
            return []
        return [
            Link(str(form_of(part).title), address("plan-desk-part", ctx, row.pk, slug_of(part)))
            for part in wanted
        ]

    basics, texts, rest = _("基本"), _("本文"), _("工程と項目")
    sections = [
        Section("part-basics", basics, found.pop(basics, []), edits("head", "offices", "placements")),
        Section("part-texts", texts, found.pop(texts, []), edits("texts")),
        Section("part-rest", rest, found.pop(rest, []), edits("items", "stages", "tags", "lineage")),
    ]
    titles = [cells.name(form, f"indicators[{n}]")[1] for n in range(len(form["indicators"]))]
    values = [edits(f"indicators[{n}].values") for n in range(len(titles))]
    if len(titles) == 1:
        only = found.pop(titles[0], [])
        sections.append(Section("part-indicators", titles[0], only, [*edits("indicators"), *values[0]]))
    else:
        sections.append(Section("part-indicators", _("指標"), [], edits("indicators")))
        sections += [
            Section(f"indicator-{n}", title, found.pop(title, []), values[n])
            for n, title in enumerate(titles)
        ]
    return [one for one in sections if one.fields or one.edits]


def _missing_texts(ctx: Context, row: Initiative, form: Form) -> list[Link]:
    """Texts that the document does not print here, and that may be added."""
    here = address("plan-desk-initiative", ctx, row.pk)
    return [
        Link(label, f"{here}?edit=texts.{key}#{key_of(f'texts.{key}')}")
        for key, label in labels.TEXTS.items()
        if key not in form["texts"] and key != "target_state"
    ]


def _link(ctx: Context, row: Initiative | None) -> Link | None:
    if row is None:
        return None
    return Link(f"{row.number} {row.title}".strip(), address("plan-desk-initiative", ctx, row.pk))


@require_POST
@desk_page
def correct(request: HttpRequest, ctx: Context, initiative_id: UUID) -> HttpResponseBase:
    """Correct one field. Who comes second sees both texts and decides; nothing that was typed is lost."""
    row = queries.initiative(ctx, initiative_id)
    path = request.POST.get("path", "")
    typed = {key: request.POST.get(key, "") for key in ("path", "value", "reason")}
    draft = Draft(typed["value"], typed["reason"])
    try:
        data = correct_field.read_text(typed)
        _save(request, ctx, row, data)
    except Stale:
        stale = Draft(draft.value, draft.reason, stale=True)
        return _page(request, ctx, queries.initiative(ctx, row.pk), opened=path, draft=stale, status=409)
    except Problem as problem:
        refused = Draft(draft.value, draft.reason, tuple(_on_value(errors_of(problem))))
        return _page(
            request, ctx, queries.initiative(ctx, row.pk), opened=path, draft=refused, status=problem.status
        )
    return see("plan-desk-initiative", ctx, row.pk, fragment=key_of(path))


def _save(request: HttpRequest, ctx: Context, row: Initiative, data: CorrectField) -> None:
    version = version_of(request)
    if access.CORRECT.may(ctx, row).allowed and rules.same(
        queries.initiative_form(row), data.path, data.value
    ):
        return  # nothing to write, and nothing for the trail to tell
    try:
        correct_field(ctx, row, data, expected_version=version)
    except Stale:
        # Somebody changed another field of the same row meanwhile: nobody's work is overwritten by saving this one.
        fresh = queries.initiative(ctx, row.pk)
        try:
            text = cells.cell(queries.initiative_form(fresh), data.path).text
        except LookupError:
            text = ""
        if request.POST.get("was", "") != mark_of(text):
            raise
        correct_field(ctx, fresh, data, expected_version=fresh.version)


def _on_value(errors: list[FieldError]) -> list[FieldError]:
    """Whatever is wrong is said beside the one field that is typed into."""
    return [FieldError(error.key if error.key == "reason" else "value", error.message) for error in errors]


@require_POST
@desk_page
def confirm(request: HttpRequest, ctx: Context, initiative_id: UUID) -> HttpResponseBase:
    """Say that a doubtful field was read rightly."""
    row = queries.initiative(ctx, initiative_id)
    path = request.POST.get("path", "")
    try:
        confirm_field(ctx, row, ConfirmField(path[:120]))
    except Problem as problem:
        draft = Draft("", "", tuple(_on_value(errors_of(problem))))
        return _page(
            request, ctx, queries.initiative(ctx, row.pk), chosen=path, draft=draft, status=problem.status
        )
    return see("plan-desk-initiative", ctx, row.pk)
