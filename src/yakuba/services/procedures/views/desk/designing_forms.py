"""The forms of a procedure's parts: groups of facts, steps, pages with their questions, questions. With a live preview beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.desk import address, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of, several
from yakuba.kernel.actions import Context, Missing, Problem, Problems
from yakuba.kernel.dates import japan_date
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.services.procedures.definition.fitting import NOT_IN_GROUPS
from yakuba.services.procedures.definition.model import KINDS, Definition, Question, Section, Step, said
from yakuba.services.procedures.designing import editing, entries, facts, pieces, preview, remedies
from yakuba.services.procedures.views.desk.designing_frame import (
    Draft,
    crumbs_of,
    draft_of,
    posted,
    save,
    show,
    tabs_of,
)

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Part(Generic[P]):
    """What one form is of: a part of a definition, its form, how the changed part goes back, its place in the document."""

    part: P
    form: entries.Form[P]
    put: Callable[[Definition, P], Definition]
    path: str


@dataclass(frozen=True, slots=True)
class Answer(Generic[P]):
    """What became of a posted form: ``done``, or the form as typed with its errors; ``shown`` is what the preview is of."""

    done: bool
    filled: entries.Filled[P]
    errors: Sequence[FieldError]
    status: int
    shown: Definition


def _posted(ctx: Context, request: HttpRequest, draft: Draft, of: Part[P], what: str) -> Answer[P]:
    """Read a form and save it, unless it only asked for a preview."""
    typed = posted(request)
    filled = entries.read(of.form, of.part, typed)
    shown = draft.definition if filled.errors else of.put(draft.definition, filled.part)
    if request.POST.get("do") == "preview":
        return Answer(done=False, filled=filled, errors=(), status=200, shown=shown)
    if filled.errors:
        errors = [FieldError(key, message) for key, message in filled.errors.items()]
        return Answer(done=False, filled=filled, errors=errors, status=422, shown=draft.definition)
    try:
        save(ctx, request, draft, shown, what)
    except Problem as problem:
        keys = sorted(filled.keys)
        errors = [
            FieldError(pieces.field_at(one.field, of.path, keys), _worded(one, of.path))
            for one in several(problem)
        ]
        told = {one.key: str(one.message) for one in errors if one.key}
        again = entries.read(of.form, of.part, typed, told=told)
        return Answer(done=False, filled=again, errors=errors, status=problem.status, shown=draft.definition)
    return Answer(done=True, filled=filled, errors=(), status=200, shown=shown)


def _worded(problem: Problem, path: str) -> str:
    """What another part of the document refuses is told with its place."""
    if not problem.field or problem.field.startswith(path):
        return problem.message
    return _("%(place)s：%(message)s") % {"place": problem.field, "message": problem.message}


# --- facts of the whole -----------------------------------------------------------------------------------------------


@require_safe
@desk_page
def facts_page(request: HttpRequest, ctx: Context, procedure_id: UUID) -> HttpResponseBase:
    """Everything that holds for the procedure as a whole, group by group."""
    draft = draft_of(ctx, procedure_id)
    groups = [
        (
            one.slug,
            _(one.title),
            _(one.about),
            facts.summary(one, draft.definition),
            _href(ctx, draft, one.slug),
        )
        for one in facts.GROUPS
    ]
    return show(
        request,
        ctx,
        "design_facts",
        _("全体の内容"),
        crumbs=crumbs_of(ctx, draft),
        draft=draft,
        tabs=tabs_of(ctx, draft, "procedures-design-facts"),
        groups=groups,
        missing=_missing(draft.definition),
    )


def _href(ctx: Context, draft: Draft, slug: str) -> str:
    return address("procedures-design-group", ctx, draft.id, slug)


def _missing(definition: Definition) -> list[tuple[str, int]]:
    """Languages with how many texts have no words in them."""
    named = dict(entries.LANGUAGES)
    found = facts.missing_languages(definition)
    return [(_(named.get(language, language)), count) for language, count in found.items() if count]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def facts_form(request: HttpRequest, ctx: Context, procedure_id: UUID, slug: str) -> HttpResponseBase:
    """One group of facts."""
    draft = draft_of(ctx, procedure_id, change=True)
    try:
        group = facts.group_of(slug)
    except LookupError as gone:
        raise Missing from gone
    definition = draft.definition
    of: Part[Definition] = Part(definition, group.form(definition), lambda _whole, fresh: fresh, "")
    filled, errors, status = entries.show(of.form, definition), list[FieldError](), 200
    if request.method == "POST" and request.POST.get("do") == "propose":
        typed = {**posted(request), "remedies": [_proposal(ctx, definition)]}
        filled = entries.read(of.form, definition, typed)
    elif request.method == "POST":
        answer = _posted(ctx, request, draft, of, _(group.title))
        if answer.done:
            return see("procedures-design-facts", ctx, draft.id, fragment=slug)
        filled, errors, status = answer.filled, list(answer.errors), answer.status
    return show(
        request,
        ctx,
        "design_group",
        _(group.title),
        crumbs=crumbs_of(
            ctx, draft, Link(_("全体の内容"), address("procedures-design-facts", ctx, draft.id))
        ),
        status=status,
        draft=draft,
        about=_(group.about),
        filled=filled,
        errors=errors,
        keys=facts.condition_help(definition) if slug in {"people", "rules", "fee"} else [],
        proposes=slug == "decision" and definition.kind in remedies.DISPOSING,
        proposal=_proposal(ctx, definition) if slug == "decision" else "",
        back=address("procedures-design-facts", ctx, draft.id),
    )


def _proposal(ctx: Context, definition: Definition) -> str:
    return remedies.proposal(definition.authority, ctx.municipality.name)


# --- steps, pages, questions --------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def step(request: HttpRequest, ctx: Context, procedure_id: UUID, key: str) -> HttpResponseBase:
    """What a step is called."""
    draft = draft_of(ctx, procedure_id, change=True)
    try:
        part = editing.step_of(draft.definition, key)
    except LookupError as gone:
        raise Missing from gone
    path = f"steps[{draft.definition.steps.index(part)}]"
    of: Part[Step] = Part(
        part,
        pieces.step_form(draft.definition),
        lambda whole, fresh: editing.edit_step(whole, key, fresh),
        path,
    )
    filled, errors, status = entries.show(of.form, part), list[FieldError](), 200
    if request.method == "POST":
        answer = _posted(ctx, request, draft, of, _("段階「%s」") % said(part.title))
        if answer.done:
            return see("procedures-design", ctx, draft.id, fragment=key)
        filled, errors, status = answer.filled, list(answer.errors), answer.status
    return show(
        request,
        ctx,
        "design_group",
        _("段階の名前"),
        crumbs=crumbs_of(ctx, draft),
        status=status,
        draft=draft,
        filled=filled,
        errors=errors,
        back=address("procedures-design", ctx, draft.id),
    )


#: Buttons beside a question.
_MOVES: dict[str, Callable[[Definition, str], Definition]] = {
    "up": lambda of, key: editing.move_question(of, key, -1),
    "down": lambda of, key: editing.move_question(of, key, 1),
    "copy": lambda of, key: editing.copy_question(of, key)[0],
    "remove": editing.remove_question,
}
_WORDS = {"up": "質問を上へ", "down": "質問を下へ", "copy": "質問を写した", "remove": "質問を消した"}


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def page(request: HttpRequest, ctx: Context, procedure_id: UUID, key: str) -> HttpResponseBase:
    """A page of the form: its questions in their order, one more, the page's own words; beside it what citizens see."""
    draft = draft_of(ctx, procedure_id, change=request.method == "POST")
    section = draft.definition.section(key)
    if section is None:
        raise Missing
    done = request.POST.get("do", "")
    if request.method != "POST":
        return _page(request, ctx, draft, section)
    try:
        if done in _MOVES:
            changed = _MOVES[done](draft.definition, request.POST.get("at", ""))
            save(ctx, request, draft, changed, _WORDS[done])
            gone = done == "remove"
            fragment = "questions" if gone else f"question-{request.POST.get('at', '')}"
            return see("procedures-design-page", ctx, draft.id, key, fragment=fragment)
        if done == "add":
            return _added(request, ctx, draft, section)
    except LookupError as gone_error:
        raise Missing(_("この質問は、もうありません。画面を開き直してください。")) from gone_error
    except Problem as problem:
        return _page(request, ctx, draft, section, problem=problem)
    answer = _posted(
        ctx, request, draft, _section_part(draft, section), _("ページ「%s」") % said(section.title)
    )
    if answer.done:
        return see("procedures-design-page", ctx, draft.id, key)
    return _page(request, ctx, draft, section, answer=answer)


def _section_part(draft: Draft, section: Section) -> Part[Section]:
    step_there = editing.step_with(draft.definition, section.key)
    at, place = draft.definition.steps.index(step_there), step_there.sections.index(section)
    return Part(
        section,
        pieces.section_form(draft.definition),
        lambda whole, fresh: editing.edit_section(whole, section.key, fresh),
        f"steps[{at}].sections[{place}]",
    )


def _added(request: HttpRequest, ctx: Context, draft: Draft, section: Section) -> HttpResponseBase:
    """One more question, on the page or in a group of it. What its kind still needs is asked on its own page."""
    label, kind, group = (request.POST.get(key, "").strip() for key in ("label", "kind", "group"))
    inside = f"{group}-" if group else ""
    problems = []
    if not label:
        problems.append(Problem("empty", _("質問を入力してください。"), field=f"{inside}label"))
    if kind not in dict(KINDS) or (group and kind in NOT_IN_GROUPS):
        problems.append(Problem("kind", _("答えの種類を選んでください。"), field=f"{inside}kind"))
    options = request.POST.get("options", "")
    if kind in {"choice", "many"} and not options.strip():
        problems.append(Problem("options", _("選択肢を1行に1つ入力してください。"), field=f"{inside}options"))
    if problems:
        raise Problems(problems)
    question = pieces.fresh(
        draft.definition, kind, label, options=options, required=bool(request.POST.get("required"))
    )
    changed = editing.add_question(draft.definition, section.key, question, group=group)
    save(ctx, request, draft, changed, _("質問「%s」を加えた") % label)
    if kind == "group":
        return see("procedures-design-question", ctx, draft.id, question.key)
    if group:
        return see("procedures-design-question", ctx, draft.id, group, fragment="questions")
    return see("procedures-design-page", ctx, draft.id, section.key, fragment="add")


def _listed(ctx: Context, draft: Draft, questions: Sequence[Question]) -> list[dict[str, object]]:
    named = dict(KINDS)
    return [
        {
            "key": one.key,
            "label": said(one.label),
            "kind": _(named[one.kind]),
            "required": one.required,
            "when": one.when,
            "options": [said(option.label) for option in one.options],
            "inside": len(one.questions) if one.kind == "group" else None,
            "first": place == 0,
            "last": place == len(questions) - 1,
            "href": address("procedures-design-question", ctx, draft.id, one.key),
        }
        for place, one in enumerate(questions)
    ]


def _page(
    request: HttpRequest,
    ctx: Context,
    draft: Draft,
    section: Section,
    *,
    problem: Problem | None = None,
    answer: Answer[Section] | None = None,
) -> HttpResponse:
    of = _section_part(draft, section)
    filled = answer.filled if answer else entries.show(of.form, section)
    shown = (answer.shown if answer else draft.definition).section(section.key) or section
    adding = {"label", "kind", "options"}
    errors = list(answer.errors) if answer else errors_of(problem, adding) if problem else []
    order = [one.key for one in draft.definition.sections()]
    place = order.index(section.key)
    return show(
        request,
        ctx,
        "design_page",
        said(section.title),
        crumbs=crumbs_of(ctx, draft),
        status=answer.status if answer else problem.status if problem else 200,
        draft=draft,
        section=section,
        errors=errors,
        said={one.key: one.message for one in errors if one.key in adding},
        wrong_page=bool(answer and answer.errors),
        filled=filled,
        keys=facts.condition_help(draft.definition),
        questions=_listed(ctx, draft, section.questions),
        kinds=facts.labelled(KINDS),
        typed={key: request.POST.get(key, "") for key in ("label", "kind", "options", "required")}
        if problem and request.POST.get("do") == "add"
        else {"required": "1"},
        group="",
        preview=preview.page(answer.shown if answer else draft.definition, shown, japan_date(ctx.now)),
        here=address("procedures-design-page", ctx, draft.id, section.key),
        back=address("procedures-design", ctx, draft.id),
        undo_href=address("procedures-design-undo", ctx, draft.id) if draft.procedure.before else "",
        before=_neighbour(ctx, draft, order, place - 1),
        after=_neighbour(ctx, draft, order, place + 1),
    )


def _neighbour(ctx: Context, draft: Draft, order: Sequence[str], place: int) -> Link | None:
    if not 0 <= place < len(order):
        return None
    there = editing.section_of(draft.definition, order[place])
    return Link(said(there.title), address("procedures-design-page", ctx, draft.id, there.key))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def question(request: HttpRequest, ctx: Context, procedure_id: UUID, key: str) -> HttpResponseBase:
    """A question with everything that its kind knows; a group with its questions."""
    draft = draft_of(ctx, procedure_id, change=True)
    try:
        place = editing.place_of(draft.definition, key)
    except LookupError as gone:
        raise Missing from gone
    of = _question_part(draft, place)
    done = request.POST.get("do", "")
    answer: Answer[Any] | None = None  # Any: a form of a question
    problem: Problem | None = None
    if request.method == "POST":
        try:
            if done == "add":
                return _added(request, ctx, draft, place.section)
            if done in _MOVES:
                save(
                    ctx,
                    request,
                    draft,
                    _MOVES[done](draft.definition, request.POST.get("at", "")),
                    _WORDS[done],
                )
                return see("procedures-design-question", ctx, draft.id, key, fragment="questions")
            if done == "take":
                to = request.POST.get("to", "")
                save(
                    ctx,
                    request,
                    draft,
                    editing.take_question(draft.definition, key, to),
                    _("質問を別のページへ移した"),
                )
                return see("procedures-design-page", ctx, draft.id, to, fragment=f"question-{key}")
            answer = _posted(ctx, request, draft, of, _("質問「%s」") % said(place.question.label))
        except LookupError as gone:
            raise Missing from gone
        except Problem as refused:
            problem = refused
        if answer is not None and answer.done:
            return _after_question(ctx, draft, place, answer.shown)
    return _question(request, ctx, draft, place, of, answer, problem)


def _question_part(draft: Draft, place: editing.Place) -> Part[Question]:
    section = _section_part(draft, place.section)
    path = f"{section.path}.questions[{place.index}]"
    if place.group is not None:
        outer = editing.place_of(draft.definition, place.group.key).index
        path = f"{section.path}.questions[{outer}].questions[{place.index}]"
    return Part(
        place.question,
        pieces.question_form(draft.definition, place.question, inside=place.group is not None),
        lambda whole, fresh: editing.edit_question(whole, place.question.key, pieces.fitted(fresh)),
        path,
    )


def _after_question(
    ctx: Context, draft: Draft, place: editing.Place, changed: Definition
) -> HttpResponseBase:
    """Back to the list that the question stands in; where its kind changed, to its own form, which now asks something else."""
    fresh = editing.place_of(changed, place.question.key).question
    if fresh.kind != place.question.kind:
        return see("procedures-design-question", ctx, draft.id, fresh.key)
    if place.group is not None:
        return see("procedures-design-question", ctx, draft.id, place.group.key, fragment="questions")
    return see("procedures-design-page", ctx, draft.id, place.section.key, fragment=f"question-{fresh.key}")


def _question(
    request: HttpRequest,
    ctx: Context,
    draft: Draft,
    place: editing.Place,
    of: Part[Question],
    answer: Answer[Any] | None,  # Any: a form of a question
    problem: Problem | None,
) -> HttpResponse:
    one, shown = place.question, answer.shown if answer else draft.definition
    adding = {f"{one.key}-{name}" for name in ("label", "kind", "options")}
    errors = list(answer.errors) if answer else errors_of(problem, adding) if problem else []
    others = [
        (page.key, said(page.title)) for page in draft.definition.sections() if page.key != place.section.key
    ]
    section = Link(
        said(place.section.title), address("procedures-design-page", ctx, draft.id, place.section.key)
    )
    outer = place.group or one
    return show(
        request,
        ctx,
        "design_question",
        said(one.label),
        crumbs=crumbs_of(ctx, draft, section),
        status=answer.status if answer else problem.status if problem else 200,
        draft=draft,
        question=one,
        filled=answer.filled if answer else entries.show(of.form, one),
        errors=errors,
        said={
            error.key.removeprefix(f"{one.key}-"): error.message for error in errors if error.key in adding
        },
        keys=[line for line in facts.condition_help(draft.definition) if line[0] != one.key],
        is_group=one.kind == "group",
        questions=_listed(ctx, draft, one.questions),
        kinds=[pair for pair in facts.labelled(KINDS) if pair[0] not in NOT_IN_GROUPS],
        typed={key: request.POST.get(key, "") for key in ("label", "kind", "options", "required")}
        if problem and request.POST.get("do") == "add"
        else {"required": "1"},
        group=one.key if one.kind == "group" else "",
        preview=_question_preview(ctx, shown, place.section, outer.key),
        here=address("procedures-design-question", ctx, draft.id, one.key),
        back=section.href
        if place.group is None
        else address("procedures-design-question", ctx, draft.id, place.group.key),
        others=others if place.group is None else [],
    )


def _question_preview(ctx: Context, shown: Definition, section: Section, key: str) -> preview.PagePreview:
    """The page with the one question that the form is of."""
    there = shown.section(section.key) or section
    whole = preview.page(shown, there, japan_date(ctx.now))
    only = tuple(one for one in whole.questions if one.view.key == key)
    return preview.PagePreview(whole.key, whole.title, "", "", only)
