"""From a draft to what the public applies under: the whole as citizens see it, the check list, differences, versions, pauses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yakuba.engines.publishing.models import Publication
from yakuba.kernel.access.desk import address, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Action, Context, Missing, NoData, Problem
from yakuba.kernel.dates import japan_date
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.kernel.ui.lists import known
from yakuba.services.procedures import trial
from yakuba.services.procedures.actions.designing import (
    close_procedure,
    pause_procedure,
    publish_procedure,
    resume_procedure,
    try_procedure,
)
from yakuba.services.procedures.definition import checks
from yakuba.services.procedures.definition.model import Definition, said
from yakuba.services.procedures.designing import differences, entries, facts, preview, queries
from yakuba.services.procedures.published.queries import definition_of
from yakuba.services.procedures.views.desk.designing_frame import (
    Draft,
    crumbs_of,
    draft_of,
    show,
    state_badge,
    tabs_of,
    version_of,
)

_SHOWN: Final = 200
_PLACE: Final = re.compile(r"steps\[(\d+)\](?:\.sections\[(\d+)\])?(?:\.questions\[(\d+)\])?")
#: Which form a fact of the whole is changed in.
_GROUPS: Final = {
    "title": "basics", "kind": "basics", "summary": "basics", "words": "basics", "life_events": "basics", "languages": "basics",
    "who": "people", "may_apply": "people", "may_not_apply": "people", "agent": "people", "person_concerned": "people",
    "identity": "people", "not_online": "people", "grounds": "ground", "authority": "ground", "criteria_url": "ground",
    "term": "ground", "term_note": "ground", "form_number": "ground", "form_title": "ground", "remedies": "decision", "remedies_note": "decision",
    "routed": "decision", "matter": "decision", "checks": "decision", "accept_on_arrival": "decision", "opening": "opening",
    "fee": "fee", "result": "result", "result_title": "result", "print_after_days": "result", "retention": "result",
    "needs": "needs", "demands": "rules",
}  # fmt: skip


def place_href(ctx: Context, draft: Draft, place: str) -> str:
    """Where what a finding is about is changed; empty where no one form is."""
    found = _PLACE.match(place)
    if found is None:
        slug = _GROUPS.get(re.split(r"[.\[]", place)[0], "")
        return address("procedures-design-group", ctx, draft.id, slug) if slug else ""
    step, section, question = (int(one) if one else None for one in found.groups())
    try:
        there = draft.definition.steps[step or 0]
        if section is None:
            return address("procedures-design", ctx, draft.id) + f"#{there.key}"
        page = there.sections[section]
        if question is None:
            return address("procedures-design-page", ctx, draft.id, page.key)
        return address("procedures-design-question", ctx, draft.id, page.questions[question].key)
    except IndexError:
        return ""


def place_words(definition: Definition, place: str) -> str:
    """The same in words: the page and the question, or the group of facts."""
    found = _PLACE.match(place)
    if found is None:
        slug = _GROUPS.get(re.split(r"[.\[]", place)[0], "")
        return _(facts.group_of(slug).title) if slug else ""
    step, section, question = (int(one) if one else None for one in found.groups())
    try:
        there = definition.steps[step or 0]
        if section is None:
            return said(there.title)
        page = there.sections[section]
        return said(page.title if question is None else page.questions[question].label)
    except IndexError:
        return ""


# --- as citizens see it -----------------------------------------------------------------------------------------------


@require_safe
@desk_page
def as_public(request: HttpRequest, ctx: Context, procedure_id: UUID) -> HttpResponseBase:
    """Every page of the form as citizens see it, at the width of a phone, in each of its languages."""
    known(request.GET, "language")
    draft = draft_of(ctx, procedure_id)
    language = request.GET.get("language", "ja")
    return show(
        request,
        ctx,
        "design_preview",
        _("市民に見える形"),
        crumbs=crumbs_of(ctx, draft),
        draft=draft,
        tabs=tabs_of(ctx, draft, "procedures-design-preview"),
        parts=_whole(ctx, draft.definition, language, address("procedures-design-preview", ctx, draft.id)),
    )


def _whole(ctx: Context, definition: Definition, language: str, here: str) -> dict[str, object]:
    """A definition's pages and facts, for a template."""
    spoken = language if language in definition.languages else "ja"
    named = {"ja": _("日本語"), **{code: _(label) for code, label in entries.LANGUAGES}}
    return {
        "definition": definition,
        "title_said": said(definition.title, spoken),
        "summary_said": said(definition.summary, spoken),
        "pages": preview.pages(definition, japan_date(ctx.now), spoken),
        "language": spoken,
        "languages": [
            Link(
                named.get(one, one), here if one == "ja" else f"{here}?language={one}", current=one == spoken
            )
            for one in definition.languages
        ]
        if len(definition.languages) > 1
        else [],
    }


# --- the check list and publishing --------------------------------------------------------------------------------------


@require_safe
@desk_page
def publish_page(request: HttpRequest, ctx: Context, procedure_id: UUID) -> HttpResponseBase:
    """The check list, what changes for the public, the test link, and the button."""
    return _page(request, ctx, draft_of(ctx, procedure_id))


def _page(
    request: HttpRequest, ctx: Context, draft: Draft, problem: Problem | None = None, done: str = ""
) -> HttpResponse:
    procedure, definition = draft.procedure, draft.definition
    findings = checks.look(definition, today=japan_date(ctx.now))
    history = list(queries.versions(ctx, procedure).defer("head"))
    before = definition_of(history[0].pk) if history else None
    changed = differences.between(before, definition) if before is not None else []
    fields = {"publish": {"note"}, "pause": {"pause_note"}, "close": {"close_note"}}.get(done, set())
    errors = _named(errors_of(problem), done, fields) if problem else []
    tried = queries.trial(ctx, procedure)
    return show(
        request,
        ctx,
        "design_publish",
        _("確かめて公開"),
        crumbs=crumbs_of(ctx, draft),
        status=problem.status if problem else 200,
        draft=draft,
        procedure=procedure,
        tabs=tabs_of(ctx, draft, "procedures-design-publish"),
        state_badge=state_badge(procedure.state, differs=bool(changed)),
        errors=errors,
        error={one.key: one.message for one in errors},
        stops=[_finding(ctx, draft, one) for one in findings if one.level == "stop"],
        asks=[_finding(ctx, draft, one) for one in findings if one.level != "stop"],
        first=before is None,
        changes=changed[:_SHOWN],
        more=max(len(changed) - _SHOWN, 0),
        history=[(address("procedures-design-version", ctx, draft.id, one.number), one) for one in history],
        typed={key: request.POST.get(key, "") for key in ("note", "pause_note", "close_note")},
        test_href=request.build_absolute_uri(trial.address(ctx, tried)) if tried and trial.address(ctx, tried) else "",
        tried=tried,
        test_same=bool(tried and tried.head == procedure.draft),
        hrefs={
            name: address(f"procedures-design-do-{name}", ctx, draft.id)
            for name in ("publish", "pause", "resume", "close", "try")
        },
    )  # fmt: skip


def _named(errors: list[FieldError], done: str, fields: set[str]) -> list[FieldError]:
    """The note of each form has a name of its own on the page."""
    found = []
    for one in errors:
        key = f"{done}_note" if one.key == "note" and done != "publish" else one.key
        found.append(FieldError(key if key in fields else "", one.message))
    return found


def _finding(ctx: Context, draft: Draft, one: checks.Finding) -> tuple[str, str, str]:
    return (
        one.where or place_words(draft.definition, one.place),
        one.message,
        place_href(ctx, draft, one.place),
    )


def _doing(
    name: str, action: Action[Any, Any, Any], note: str = ""
) -> Callable[..., HttpResponseBase]:  # Any: actions with and without a note
    """The view of one button: do it, or show the page again with why not."""

    @require_POST
    @desk_page
    def view(request: HttpRequest, ctx: Context, procedure_id: UUID) -> HttpResponseBase:
        draft = draft_of(ctx, procedure_id)
        try:
            data = action.read_text({"note": request.POST.get(note, "")}) if note else NoData()
            action(ctx, draft.procedure, data, expected_version=version_of(request))
        except Problem as problem:
            return _page(request, ctx, draft, problem, name)
        return see("procedures-design-publish", ctx, draft.id)

    return view


publish = _doing("publish", publish_procedure, "note")
pause = _doing("pause", pause_procedure, "pause_note")
resume = _doing("resume", resume_procedure)
close = _doing("close", close_procedure, "close_note")
try_out = _doing("try", try_procedure)


# --- versions ---------------------------------------------------------------------------------------------------------


@require_safe
@desk_page
def version(request: HttpRequest, ctx: Context, procedure_id: UUID, number: int) -> HttpResponseBase:
    """A published version as it was, and what it changed."""
    known(request.GET, "language")
    draft = draft_of(ctx, procedure_id)
    found = queries.version(ctx, draft.procedure, number)
    definition = definition_of(found.pk)
    before = _earlier(ctx, draft, number)
    here = address("procedures-design-version", ctx, draft.id, number)
    return show(
        request,
        ctx,
        "design_version",
        _("第%(n)d版") % {"n": number},
        crumbs=crumbs_of(
            ctx, draft, Link(_("確かめて公開"), address("procedures-design-publish", ctx, draft.id))
        ),
        draft=draft,
        version=found,
        changes=differences.between(definition_of(before.pk), definition) if before else [],
        first=before is None,
        groups=[(_(one.title), facts.summary(one, definition)) for one in facts.GROUPS],
        file_href=address("procedures-design-version-file", ctx, draft.id, number),
        parts=_whole(ctx, definition, request.GET.get("language", "ja"), here),
    )


def _earlier(ctx: Context, draft: Draft, number: int) -> Publication | None:
    if number <= 1:
        return None
    try:
        return queries.version(ctx, draft.procedure, number - 1)
    except Missing:
        return None
