"""A new round in two pages (what for; then its words and days), and the same form for one that stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields as fields_of
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.engines.rounds import actions, rules, wording
from yakuba.engines.rounds.access import PLAN
from yakuba.engines.rounds.askings import ASKINGS, Asking
from yakuba.engines.rounds.models import Round
from yakuba.engines.rounds.queries import rounds
from yakuba.engines.rounds.views.frame import of_round, show, top
from yakuba.kernel.access.desk import address, need, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Denied, Problem, Problems
from yakuba.kernel.dates import FiscalYear, InvalidFiscalYearError, japan_date
from yakuba.kernel.dates.business import is_business_day
from yakuba.kernel.fields import specs_of
from yakuba.kernel.ids import read_id
from yakuba.kernel.town.queries import offices_on
from yakuba.kernel.ui.components import Fact
from yakuba.kernel.ui.formats import wareki
from yakuba.kernel.ui.lists import known

_DAYS: Final = tuple(key for key, _label in rules.MILESTONES)
_WORDS: Final = ("title", "letter", "remind_before", "remind_after", "remind_every")
_ABOUT: Final = ("kind", "subject", "year", "phase")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """What is asked, about what and for which year; then the words and the days, from last year's round."""
    need(PLAN, ctx)
    if request.method != "POST":
        known(request.GET, *_ABOUT)
        about = {key: request.GET.get(key, "").strip() for key in _ABOUT}
        if not any(about.values()):
            return _first(request, ctx, _begin(ctx))
        try:
            asking, year = _read_about(about, ctx)
        except Problem as problem:
            return _first(request, ctx, about, problem)
        return _second(request, ctx, about, _prefilled(ctx, asking, about, year))
    about = {key: request.POST.get(key, "").strip() for key in _ABOUT}
    typed = {key: request.POST.get(key, "") for key in (*_WORDS, *_DAYS, "office")}
    try:
        _read_about(about, ctx)
        made = actions.plan(ctx, None, actions.plan.read_text({**about, **typed}))
    except Problem as problem:
        return _second(request, ctx, about, typed, problem)
    return see("rounds-round", ctx, made.pk)


def _begin(ctx: Context) -> dict[str, str]:
    """The likeliest: the only kind there is, its likeliest subject, the fiscal year of today."""
    kinds = list(ASKINGS)
    kind = kinds[0] if kinds else ""
    subjects = ASKINGS.get(kind).subjects(ctx) if kind else ()
    return {
        "kind": kind,
        "subject": str(subjects[0][0]) if subjects else "",
        "year": FiscalYear.of(ctx.now).wareki,
        "phase": ASKINGS.get(kind).phases[0] if kind else "none",
    }


def _read_about(about: Mapping[str, str], ctx: Context) -> tuple[Asking, FiscalYear]:
    """Raises :class:`Problems` for what the first page has to say."""
    problems = []
    asking = ASKINGS.get(about["kind"]) if about["kind"] in ASKINGS else None
    if asking is None:
        problems.append(Problem("kind", _("何を照会するかを選んでください。"), field="kind"))
    elif about["phase"] not in asking.phases:
        words = "・".join(_(dict(rules.PHASES)[one]) for one in asking.phases)
        problems.append(
            Problem(
                "phase",
                _("この照会では「%(words)s」から選んでください。") % {"words": words},
                field="phase",
                found=about["phase"][:40],
                expected=words,
            )
        )
    if asking is not None and asking.subject_kind:
        choices = {one for one, _label in asking.subjects(ctx)}
        if read_id(about["subject"]) not in choices:
            problems.append(Problem("subject", _("この照会の対象を選んでください。"), field="subject"))
    year = FiscalYear.of(ctx.now)
    try:
        year = FiscalYear.parse(about["year"])
    except InvalidFiscalYearError as error:
        problems.append(Problem("year", str(error), field="year", found=about["year"][:40]))
    if problems or asking is None:
        raise Problems(problems)
    return asking, year


def _prefilled(ctx: Context, asking: Asking, about: Mapping[str, str], year: FiscalYear) -> dict[str, str]:
    """The form to begin with: last year's letter and days a year later, else the template's."""
    former = rounds.former(ctx, about["kind"], about["phase"], year)
    title, letter = wording.template_of(ctx, asking, year, about["phase"])
    days: dict[str, dt.date] = {}
    reminding = rules.Reminding()
    if former is not None:
        days, reminding = rounds.days(ctx, former), former.reminding
        for _year in range(year.year - former.year.year):
            days = rules.next_year(days)
        asked = former.letter.replace(former.title, title)
        letter = wording.years_on(asked, former.year, year) or letter
    return {
        "title": title,
        "letter": letter,
        "office": str(_own_office(ctx) or ""),
        **_typed_days(days),
        "remind_before": rules.write_days(reminding.before),
        "remind_after": rules.write_days(reminding.after),
        "remind_every": str(reminding.every),
    }


def _typed_days(days: Mapping[str, dt.date]) -> dict[str, str]:
    return {key: wareki(days[key]) if key in days else "" for key in _DAYS}


def _own_office(ctx: Context) -> UUID | None:
    """The office by which the actor is of the secretariat."""
    for grant in ctx.actor.grants:
        if grant.role == "plan_secretariat" and grant.office_ids:
            return min(grant.office_ids)
    return None


def _first(
    request: HttpRequest, ctx: Context, about: Mapping[str, str], problem: Problem | None = None
) -> HttpResponse:
    asking = ASKINGS.get(about["kind"]) if about["kind"] in ASKINGS else None
    subjects = {one: label for each in ASKINGS.values() for one, label in each.subjects(ctx)}
    phases = asking.phases if asking and len(ASKINGS) == 1 else [key for key, _label in rules.PHASES]
    return show(
        request,
        ctx,
        "new",
        _("照会を作る"),
        crumbs=[top(ctx)],
        problem=problem,
        about=about,
        kinds=[(key, one.label) for key, one in ASKINGS.items()],
        subjects=[(str(key), label) for key, label in subjects.items()],
        needs_subject=all(one.subject_kind for one in ASKINGS.values()),
        phases=[(key, _(dict(rules.PHASES)[key])) for key in phases],
        back=address("rounds-index", ctx),
    )


def _second(
    request: HttpRequest,
    ctx: Context,
    about: Mapping[str, str],
    typed: Mapping[str, str],
    problem: Problem | None = None,
) -> HttpResponse:
    asking = ASKINGS.get(about["kind"]) if about["kind"] in ASKINGS else None
    subjects = {str(one): label for one, label in asking.subjects(ctx)} if asking else {}
    facts = [
        Fact(_("照会の種類"), asking.label if asking else about["kind"]),
        *([Fact(_("対象"), subjects[about["subject"]])] if about["subject"] in subjects else []),
        Fact(_("年度"), about["year"]),
        *(
            [Fact(_("見込・確定"), _(dict(rules.PHASES).get(about["phase"], "")))]
            if about["phase"] != "none"
            else []
        ),
    ]
    return show(
        request,
        ctx,
        "form",
        _("照会を作る"),
        crumbs=[top(ctx)],
        problem=problem,
        about=about,
        facts=facts,
        office=typed.get("office", ""),
        offices=[
            (str(one.id), f"{one.department} {one.name}".strip())
            for one in offices_on(ctx.municipality.id, japan_date(ctx.now))
        ],
        words=_inputs(actions.PlanRound, _WORDS, typed, problem),
        days=_inputs(actions.PlanRound, _DAYS, typed, problem),
        round=None,
        back=address("rounds-index", ctx),
    )


def _inputs(
    data: type[object], keys: tuple[str, ...], typed: Mapping[str, str], problem: Problem | None
) -> list[tuple[str, object, str, str]]:
    """The fields of a form: key, declaration, what stands in it, what is wrong with it."""
    said = {
        one.field: one.message
        for one in (problem.problems if isinstance(problem, Problems) else [problem] if problem else [])
    }
    specs = specs_of(data)
    there = {one.name for one in fields_of(data)}  # type: ignore[arg-type]  # the data of an action is a dataclass
    return [(key, specs[key], typed.get(key, ""), said.get(key, "")) for key in keys if key in there]


# --- a round that stands ----------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def edit(request: HttpRequest, ctx: Context, round_id: UUID) -> HttpResponseBase:
    """Its words and its days: two forms, for they are two things."""
    round_ = rounds.round_of(ctx, round_id)
    if not PLAN.may(ctx, round_).allowed:
        raise Denied
    if request.method != "POST":
        return _edit_page(request, ctx, round_, _standing(ctx, round_))
    do = request.POST.get("do", "")
    keys = _DAYS if do == "days" else _WORDS
    typed = {**_standing(ctx, round_), **{key: request.POST.get(key, "") for key in keys}}
    try:
        version = version_of(request)
        if do == "days":
            actions.set_days(
                ctx,
                round_,
                actions.set_days.read_text({key: typed[key] for key in keys}),
                expected_version=version,
            )
        else:
            actions.describe(
                ctx,
                round_,
                actions.describe.read_text({key: typed[key] for key in keys}),
                expected_version=version,
            )
    except Problem as problem:
        return _edit_page(request, ctx, rounds.round_of(ctx, round_id), typed, problem)
    return see("rounds-round", ctx, round_.pk)


def _standing(ctx: Context, round_: Round) -> dict[str, str]:
    return {
        "title": round_.title,
        "letter": round_.letter,
        "remind_before": round_.remind_before,
        "remind_after": round_.remind_after,
        "remind_every": str(round_.remind_every),
        **_typed_days(rounds.days(ctx, round_)),
    }


def _edit_page(
    request: HttpRequest,
    ctx: Context,
    round_: Round,
    typed: Mapping[str, str],
    problem: Problem | None = None,
) -> HttpResponse:
    closed = [day for day in rounds.days(ctx, round_).values() if not is_business_day(day)]
    return show(
        request,
        ctx,
        "form",
        _("照会の文と日程を直す"),
        crumbs=[top(ctx), of_round(ctx, round_)],
        problem=problem,
        round=round_,
        closed=[wareki(day) for day in closed],
        words=_inputs(actions.Describe, _WORDS, typed, problem),
        days=_inputs(actions.Days, _DAYS, typed, problem),
        back=address("rounds-round", ctx, round_.pk),
    )
