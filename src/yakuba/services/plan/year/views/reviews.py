"""One review: what the office answers, beside last year's text, figures and evidence; its questions, its files, its way so far."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.engines.rounds import actions as rounds
from yakuba.engines.rounds.models import ItemMove
from yakuba.engines.rounds.states import item_step
from yakuba.kernel.access.desk import address, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Missing, Problem, Stale
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.files import store as files
from yakuba.kernel.files.receiving import received
from yakuba.kernel.files.serving import serve
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.services.plan import labels
from yakuba.services.plan import queries as plan
from yakuba.services.plan.measured.beside import Beside, gap_of
from yakuba.services.plan.models import NEXT_ACTIONS, SELF_RATINGS, Evidence, Initiative, Review
from yakuba.services.plan.rows import Form
from yakuba.services.plan.year import access, checks, figures, flow, queries
from yakuba.services.plan.year.actions import (
    RemoveEvidence,
    add_evidence,
    answer_question,
    remove_evidence,
    save_review,
)
from yakuba.services.plan.year.asking import numbered
from yakuba.services.plan.year.views.frame import (
    ACTIONS,
    TONES,
    crumbs_of,
    figure_lines,
    joined,
    show,
    state_label,
)
from yakuba.services.plan.year.words import before_words, name_of, target_words

_TEXTS: Final = (
    *("result", "progress", "progress_reason", "self_rating"),
    *("next_action", "next_reason", "merge_into"),
)
_FIGURE: Final = ("raw", "status", "as_of", "numerator", "denominator", "evidence", "next_target")
_PLACE: Final = re.compile(r"actuals\[(\d+)\]\.(\w+)")
Errors = Sequence[FieldError]


@dataclass(frozen=True, slots=True)
class FigureForm:
    """The fields of one indicator. ``key`` begins the names of its fields; ``shares``: numerator and denominator are asked too."""

    key: str
    name: str
    target: str
    before: str
    definition: str
    last_evidence: str
    shares: bool
    values: Mapping[str, str]
    errors: Mapping[str, str]
    measured: Beside | None = None
    gap: str = ""
    taken: bool = False
    """Whether what stands in the form is what was measured."""


@require_safe
@desk_page
def of_item(request: HttpRequest, ctx: Context, item_id: UUID) -> HttpResponseBase:
    """The page of an item of a round, which knows its own id alone."""
    return see("plan-year-review", ctx, queries.review_of_item(ctx, item_id).pk)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def review(request: HttpRequest, ctx: Context, review_id: UUID) -> HttpResponseBase:
    """The form. 「入力を終える」 saves, and hands in what lacks nothing."""
    found = queries.review(ctx, review_id)
    if request.method != "POST":
        return _page(request, ctx, found.pk)
    (whole,) = queries.wholes([found], ctx=ctx)
    typed = _typed(request, whole.form)
    taken = request.POST.get("take", "")
    if taken.isascii() and taken.isdecimal() and int(taken) in whole.measured:
        if why := whole.measured[int(taken)].kept_back:
            refused = [FieldError(f"a{taken}-raw", why)]
            return _page(request, ctx, found.pk, typed=typed, errors=refused, status=422)
        typed |= taken_over(int(taken), whole.measured[int(taken)], found.phase)
    try:
        save_review(ctx, found, save_review.read_json(_data(typed, whole.form)), expected_version=version_of(request))  # fmt: skip
    except Stale:
        return _page(request, ctx, found.pk, typed=typed, stale=True, status=409)
    except Problem as problem:
        return _page(request, ctx, found.pk, typed=typed, errors=_keys(errors_of(problem)), status=problem.status)  # fmt: skip
    if taken:
        return see("plan-year-review", ctx, found.pk, fragment=f"a{taken}")
    if request.POST.get("do") != "enter":
        return see("plan-year-review", ctx, found.pk)
    return _enter(request, ctx, found)


def taken_over(place: int, measured: Beside, phase: str) -> dict[str, str]:
    """The fields of an indicator as the measured value fills them; next year's target stays as it was typed.

    Numerator and denominator stand in the print of a share already, and the plan reads them from there.
    """
    return {
        f"a{place}-raw": measured.printed,
        f"a{place}-status": "final" if phase == "final" else "provisional",
        f"a{place}-as_of": measured.figure.period.last.isoformat(),
        f"a{place}-numerator": "",
        f"a{place}-denominator": "",
        f"a{place}-evidence": _("計測値（%(note)s）") % {"note": measured.note},
    }


def _enter(request: HttpRequest, ctx: Context, found: Review) -> HttpResponseBase:
    """Hand it in; what it lacks stands on the page."""
    part = found.item.part
    try:
        rounds.enter(_plain(ctx), part, rounds.Chosen([str(found.item_id)]))
    except Problem as problem:
        errors = [FieldError("", one.message) for one in errors_of(problem)]
        return _page(request, ctx, found.pk, errors=errors, lacking=True, status=problem.status)
    return see("rounds-part", ctx, part.round_id, part.pk)


def _label(one: ItemMove) -> str:
    step = item_step(one.from_state, one.step)
    return _(step.label) if step is not None else ""


def _plain(ctx: Context) -> Context:
    """The same person a moment later: the form's key was used for saving."""
    return replace(ctx, idempotency_key=None)


def _typed(request: HttpRequest, form: Form | None) -> dict[str, str]:
    keys = [*_TEXTS, *(f"a{place}-{key}" for place in range(_count(form)) for key in _FIGURE)]
    return {key: request.POST.get(key, "") for key in keys}


def _count(form: Form | None) -> int:
    return len(form["indicators"]) if form is not None else 0


def _data(typed: Mapping[str, str], form: Form | None) -> dict[str, JsonValue]:
    """What was typed, as the action reads it."""
    actuals: list[JsonValue] = [
        {"place": place, **{key: typed[f"a{place}-{key}"] for key in _FIGURE}}
        for place in range(_count(form))
    ]
    return {**{key: typed[key] for key in _TEXTS if typed[key]}, "actuals": actuals}


def _keys(errors: Errors) -> list[FieldError]:
    """Errors with the names of the form's own fields."""
    found = []
    for one in errors:
        place = _PLACE.fullmatch(one.key)
        found.append(FieldError(f"a{place[1]}-{place[2]}" if place else one.key, one.message))
    return found


def _page(
    request: HttpRequest,
    ctx: Context,
    review_id: UUID,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Errors = (),
    stale: bool = False,
    lacking: bool = False,
    reasons: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    found = queries.review(ctx, review_id)
    (whole,) = queries.wholes([found], ctx=ctx)
    item, round_ = found.item, found.item.round
    may = access.REVIEW.may(ctx, found)
    is_open = item.state == "open" and (round_.state == "open" or item.sent_back) and whole.form is not None
    shape = checks.shape_of(whole.form, found.phase) if whole.form is not None else "plain"
    values = typed if typed is not None else _values(whole)
    said = {one.key: str(one.message) for one in errors}
    choices = queries.progress_choices(ctx, found.edition)
    moves = list(ItemMove.objects.for_actor(ctx).filter(item=item).order_by("seq"))
    return show(
        request,
        ctx,
        "review",
        str(found),
        crumbs=[
            *crumbs_of(ctx, round_),
            Link(_("課の回答"), address("rounds-part", ctx, round_.pk, item.part_id)),
        ],
        status=status,
        review=found,
        whole=whole,
        shape=shape,
        state=state_label(item),
        tone=TONES[item.state],
        editable=may.allowed and is_open,
        may=may.allowed,
        why_not=may.reason,
        returned=next((one for one in reversed(moves) if one.reason), None) if item.sent_back else None,
        typed=values,
        said=said,
        errors=errors,
        stale=stale,
        lacking=lacking,
        figures=_figures(whole, values, said),
        statuses=tuple(labels.STATUSES.items()),
        words=[(word, word) for word, _meaning in choices],
        ratings=[(code, _(label)) for code, label in SELF_RATINGS],
        actions=[(code, _(label)) for code, label in NEXT_ACTIONS],
        targets=_others(ctx, whole) if is_open else [],
        lines=figure_lines(whole),
        next_label=_(ACTIONS[found.next_action]) if found.next_action else "",
        decided_label=_(ACTIONS[found.decided_action]) if found.decided_action else "",
        merge_label=_merge_label(ctx, whole),
        questions=[
            (one, f"reason-{one.mark}", (reasons or {}).get(f"reason-{one.mark}", ""), said.get(f"reason-{one.mark}", ""))
            for one in whole.unanswered
        ],
        kept=whole.keeping,
        before=_before(whole),
        plan_texts=_plan_texts(whole),
        moves=[(one, _label(one)) for one in moves],
        answer_href=address("plan-year-answer", ctx, found.pk),
        evidence_href=address("plan-year-evidence", ctx, found.pk),
        files=[
            (one, address("plan-year-file", ctx, found.pk, one.pk)) for one in whole.evidence
        ],
        before_files=_before_files(ctx, whole),
        row_href=address("plan-desk-initiative", ctx, found.initiative) if whole.form else "",
        part_href=address("rounds-part", ctx, round_.pk, item.part_id),
        here=address("plan-year-review", ctx, found.pk),
    )  # fmt: skip


def _values(whole: queries.Whole) -> dict[str, str]:
    """What stands in the form: what was saved, or what the plan has for the year already."""
    found = whole.review
    values = {key: str(getattr(found, key)) for key in _TEXTS}
    if whole.form is None:
        return values
    said = {queries.place_of(whole.form, one): one for one in whole.actuals}
    for place, indicator in enumerate(whole.form["indicators"]):
        one = said.get(place)
        known = figures.newest(indicator, "actual", found.year.year)
        own: dict[str, object] = {key: getattr(one, key) if one else "" for key in _FIGURE}
        if one is not None:
            own |= {key: figures.plain(getattr(one, key)) or "" for key in ("numerator", "denominator")}
        else:
            own["status"] = found.phase
            if known is not None and found.phase == "final":
                own |= {"raw": known["raw"]}
        for key in _FIGURE:
            values[f"a{place}-{key}"] = _text(own[key])
    return values


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _figures(whole: queries.Whole, values: Mapping[str, str], said: Mapping[str, str]) -> list[FigureForm]:
    if whole.form is None:
        return []
    found = []
    last = _last_evidence(whole)
    for place, indicator in enumerate(whole.form["indicators"]):
        before = figures.actual_before(indicator, whole.review.year.year)
        measured = whole.measured.get(place)
        gap = gap_of(whole.answer.actuals.get(place), measured.figure) if measured is not None else None
        found.append(
            FigureForm(
                f"a{place}",
                name_of(indicator),
                target_words(indicator, whole.review.year.year),
                before_words(indicator, whole.review.year.year),
                indicator.get("definition") or whole.rests.manual.get(place, ""),
                last.get(indicator["name"], ""),
                indicator["aggregation"] == "ratio" or bool(before and before["denominator"]),
                {key: values.get(f"a{place}-{key}", "") for key in _FIGURE},
                {key: said.get(f"a{place}-{key}", "") for key in _FIGURE},
                measured,
                gap.words(measured.measure.unit) if gap is not None and measured is not None else "",
                gap is not None and gap.kind == "same",
            )
        )
    return found


def _last_evidence(whole: queries.Whole) -> dict[str, str]:
    """What last year's figures rested on, by the indicator's name."""
    before = whole.before.review
    if before is None:
        return {}
    rows = before.actuals.exclude(evidence="").values_list("name", "evidence")
    return dict(rows)


def _others(ctx: Context, whole: queries.Whole) -> list[tuple[str, str]]:
    """The initiatives that this one may be merged into."""
    rows = plan.initiatives(ctx, whole.review.edition).exclude(pk=whole.review.initiative)
    return [(str(row.pk), _told_apart(row)) for row in rows]


def _told_apart(row: Initiative) -> str:
    """An initiative's name with the word of its kind: an advance 1 and an operate 1 stand in one list."""
    return f"{numbered({'kind': row.kind, 'number': row.number})} {row.title}".strip()


def _merge_label(ctx: Context, whole: queries.Whole) -> str:
    key = whole.review.merge_into
    if not key:
        return ""
    row = plan.initiatives(ctx, whole.review.edition).filter(pk=key).first()
    return _told_apart(row) if row is not None else ""


@dataclass(frozen=True, slots=True)
class BeforeView:
    """Last year's answer as the page shows it."""

    title: str
    result: str
    progress: str
    facts: Sequence[tuple[str, str]]
    figures: Sequence[tuple[str, str]]
    by: str


def _before(whole: queries.Whole) -> BeforeView | None:
    before = whole.before
    review, form = before.review, before.form
    if review is None and form is None:
        return None
    facts: list[tuple[str, str]] = []
    lines: list[tuple[str, str]] = []
    if review is not None:
        if review.progress_reason:
            facts.append((_("遅れ・変更の理由"), review.progress_reason))
        if review.next_action:
            facts.append(
                (_("翌年度の方針"), " ".join((_(ACTIONS[review.next_action]), review.next_reason)).strip())
            )
        lines += [
            (one.name, f"{one.raw}（{labels.of(labels.STATUSES, one.status)}）" if one.status else one.raw)
            for one in review.actuals.order_by("position")
        ]
    elif form is not None:
        for indicator in form["indicators"]:
            value = figures.actual_before(indicator, whole.review.year.year)
            if value is not None:
                lines.append((name_of(indicator), flow.printed(value)))
    word = review.decided_progress or review.progress if review is not None else ""
    if review is not None:
        title = review.year.wareki
    else:
        title = (before.edition.label or before.edition.year.wareki) if before.edition else ""
    return BeforeView(
        title,
        before.result,
        word or ((form["progress"] or "") if form is not None else ""),
        facts,
        lines,
        review.written_by if review is not None else "",
    )


def _before_files(ctx: Context, whole: queries.Whole) -> list[tuple[Evidence, str]]:
    before = whole.before.review
    if before is None:
        return []
    rows = before.evidence.select_related("file").order_by("position")
    return [(one, address("plan-year-file", ctx, before.pk, one.pk)) for one in rows]


def _plan_texts(whole: queries.Whole) -> list[tuple[str, str]]:
    """What the plan says of the initiative: what it is held against."""
    if whole.form is None:
        return []
    texts = whole.form["texts"]
    found = [
        (labels.of(labels.TEXTS, key), joined(texts[key]))
        for key in ("approach", "target_state", "schedule")
        if texts.get(key)
    ]
    stage = whole.form["stages"].get(str(whole.review.year.year))
    if stage:
        found.append((_("%(year)sの工程") % {"year": whole.review.year.wareki}, stage))
    items = [" ".join(part for part in (one["number"], one["text"]) if part) for one in whole.form["items"]]
    return [*found, (_("主な取組"), "\n".join(items))] if items else found


@require_POST
@desk_page
def answer(request: HttpRequest, ctx: Context, review_id: UUID) -> HttpResponseBase:
    """「このままでよい」, with why, of each question whose reason was written; ``do=enter`` hands the answer in then."""
    found = queries.review(ctx, review_id)
    (whole,) = queries.wholes([found], ctx=ctx)
    typed = {f"reason-{one.mark}": request.POST.get(f"reason-{one.mark}", "") for one in whole.unanswered}
    errors: list[FieldError] = []
    status = 422
    for one in whole.unanswered:
        key = f"reason-{one.mark}"
        if not typed[key].strip():
            continue
        own = replace(
            ctx, idempotency_key=f"{ctx.idempotency_key}:{one.mark}" if ctx.idempotency_key else None
        )
        try:
            given = {"code": one.code, "about": one.about, "mark": one.mark, "reason": typed[key]}
            answer_question(own, found, answer_question.read_text(given))
        except Problem as problem:
            errors += [
                FieldError(key if error.key == "reason" else "", error.message)
                for error in errors_of(problem)
            ]
            status = problem.status
    if not any(text.strip() for text in typed.values()) and request.POST.get("do") != "enter":
        first = next(iter(typed), "")
        errors.append(FieldError(first, _("このままでよい理由を、1つ以上書いてください。")))
    if errors:
        return _page(request, ctx, found.pk, errors=errors, reasons=typed, status=status)
    if request.POST.get("do") == "enter":
        return _enter(request, ctx, found)
    return see("plan-year-review", ctx, found.pk, fragment="questions")


@require_POST
@desk_page
def evidence(request: HttpRequest, ctx: Context, review_id: UUID) -> HttpResponseBase:
    """A file that shows where a figure comes from; or one that goes (``remove``)."""
    found = queries.review(ctx, review_id)
    try:
        if key := request.POST.get("remove"):
            remove_evidence(ctx, found, RemoveEvidence(key))
        else:
            upload = received(request, "file")
            sha256 = files.put(upload)  # type: ignore[arg-type]  # an uploaded file reads and seeks like any stream
            about = request.POST.get("about", "")
            data = add_evidence.read_json({"sha256": sha256, "name": str(upload.name), "about": about})
            add_evidence(ctx, found, data)
    except Problem as problem:
        return _page(request, ctx, found.pk, errors=errors_of(problem), status=problem.status)
    return see("plan-year-review", ctx, found.pk, fragment="evidence")


@require_safe
@desk_page
def file(request: HttpRequest, ctx: Context, review_id: UUID, evidence_id: UUID) -> HttpResponseBase:
    """One of the files."""
    found = (
        Evidence.objects.for_actor(ctx)
        .select_related("file", "review")
        .filter(review=review_id, pk=evidence_id)
        .first()
    )
    if found is None:
        raise Missing
    return serve(request, ctx, found.file, owner=found.review, permission=access.VIEW_REVIEW)
