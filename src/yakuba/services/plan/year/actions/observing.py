"""Observations (OODA): what was seen, how it is judged, what is decided and done; a decision may revise a target or a stage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.approval.queries.holding import person_of
from yakuba.engines.bodies.models import AgendaItem
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Denied, Problem, action
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.fields import INTERNAL
from yakuba.services.plan import access as plan_access
from yakuba.services.plan import queries as plan
from yakuba.services.plan import rules
from yakuba.services.plan.actions.parts import Revise, revise
from yakuba.services.plan.models import Edition, Initiative
from yakuba.services.plan.models.year import Observation
from yakuba.services.plan.rows import Form
from yakuba.services.plan.year import access


@dataclass(frozen=True)
class Observe:
    """What was seen on a day, how it is judged, and what should be decided; of an initiative (its id), or of the whole plan."""

    observed_on: Annotated[dt.date, fields.date(label="観察した日", classification=INTERNAL)]
    situation: Annotated[
        str, fields.prose(label="観察したこと", classification=INTERNAL, max_length=2000, required=True)
    ]
    orientation: Annotated[str, fields.prose(label="情勢判断", classification=INTERNAL, max_length=2000)] = ""
    proposal: Annotated[str, fields.prose(label="決めたいこと", classification=INTERNAL, max_length=2000)] = (
        ""
    )
    path: Annotated[
        str, fields.text(label="改める項目", classification=INTERNAL, max_length=120, required=False)
    ] = ""
    value: Annotated[str, fields.prose(label="改めた後の内容", classification=INTERNAL, max_length=2000)] = ""
    initiative: Annotated[
        str, fields.text(label="取組", classification=INTERNAL, max_length=40, required=False)
    ] = ""


@dataclass(frozen=True)
class ChangeObservation:
    """The same, written anew while nothing is decided."""

    observed_on: Annotated[dt.date, fields.date(label="観察した日", classification=INTERNAL)]
    situation: Annotated[
        str, fields.prose(label="観察したこと", classification=INTERNAL, max_length=2000, required=True)
    ]
    orientation: Annotated[str, fields.prose(label="情勢判断", classification=INTERNAL, max_length=2000)] = ""
    proposal: Annotated[str, fields.prose(label="決めたいこと", classification=INTERNAL, max_length=2000)] = (
        ""
    )
    path: Annotated[
        str, fields.text(label="改める項目", classification=INTERNAL, max_length=120, required=False)
    ] = ""
    value: Annotated[str, fields.prose(label="改めた後の内容", classification=INTERNAL, max_length=2000)] = ""


@dataclass(frozen=True)
class DecideObservation:
    """What was decided, by which body or post, on which day; ``adopted`` no: it stays as it is (見送り).

    ``agenda``: the agenda item (its id) by which a body decided it here; empty for a decision that is only noted.
    """

    decision: Annotated[
        str, fields.prose(label="決定の内容", classification=INTERNAL, max_length=2000, required=True)
    ]
    decided_by: Annotated[str, fields.text(label="決めた会議・職", classification=INTERNAL)]
    decided_on: Annotated[dt.date, fields.date(label="決めた日", classification=INTERNAL)]
    adopted: Annotated[bool, fields.yes_no(label="そのように決めた", classification=INTERNAL)] = True
    agenda: Annotated[
        str, fields.text(label="議題", classification=INTERNAL, max_length=36, required=False)
    ] = ""


@dataclass(frozen=True)
class ActOnObservation:
    """What was done about it, on which day."""

    action_taken: Annotated[
        str, fields.prose(label="行動したこと", classification=INTERNAL, max_length=2000, required=True)
    ]
    acted_on: Annotated[dt.date, fields.date(label="行動した日", classification=INTERNAL)]


def edition_of(observation: Observation) -> Edition:
    """What is locked before an observation: its edition, which the decision may change."""
    return observation.edition


@action("plan.observe", label="観察を書く", may=access.OBSERVE, data=Observe)
def observe(ctx: Context, edition: Edition, data: Observe) -> Edition:
    """Write an observation. Raises :class:`Problem` for a day to come, and for a field that cannot be revised."""
    row = _initiative(ctx, edition, data.initiative)
    path, value = _revision(ctx, row, data.path, data.value)
    _past(ctx, data.observed_on, "observed_on")
    made = Observation.unscoped.create(
        municipality_id=ctx.municipality.id,
        edition=edition,
        initiative=row,
        observed_on=data.observed_on,
        situation=data.situation.strip(),
        orientation=data.orientation.strip(),
        proposal=data.proposal.strip(),
        path=path,
        value=value,
        state="open",
        written_at=ctx.now,
        written_by=ctx.actor.label[:200],
        writers=_with_me(ctx, []),
    )
    ctx.note(observation=str(made.pk), initiative=str(row) if row is not None else "")
    return edition


def _initiative(ctx: Context, edition: Edition, key: str) -> Initiative | None:
    """The initiative that is observed. Raises :class:`Denied` for one that is not this actor's, and for the whole plan."""
    if not key:
        if not plan_access.ARRANGE.may(ctx, edition).allowed:
            raise Denied(_("計画全体の観察を書けるのは、計画の事務局です。"))
        return None
    try:
        found = Initiative.unscoped.filter(edition=edition, pk=UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        raise Problem("missing", _("この版にない取組です。"), field="initiative", found=key)
    if not plan_access.CORRECT.may(ctx, found).allowed:
        raise Denied(_("観察を書けるのは、この取組を担当する課と、計画の事務局です。"))
    return found


def _past(ctx: Context, day: dt.date, field: str) -> None:
    if day > japan_date(ctx.now):
        raise Problem("future", _("先の日は書けません。"), field=field, found=day.isoformat())


def revisable(form: Form) -> list[str]:
    """What a decision about an initiative may revise: its targets, of each the newest, and its stages."""
    found = [
        f"indicators[{place}].values[{nth}]"
        for place, indicator in enumerate(form["indicators"])
        for nth, value in enumerate(indicator["values"])
        if value["kind"] == "target"
    ]
    found += [f"stages.{year}" for year in sorted(form["stages"])]
    return [path for path in found if rules.revisable(form, path)]


def _revision(ctx: Context, row: Initiative | None, path: str, value: str) -> tuple[str, str]:
    path, value = path.strip(), value.strip()
    if not path:
        return "", ""
    if row is None or path not in revisable(plan.initiative_form(row)):
        raise Problem("path", _("改められるのは、取組の目標値と年度別の工程です。"), field="path", found=path)
    if not value:
        raise Problem("required", _("改めた後の内容を書いてください。"), field="value")
    return path, value


@action(
    "plan.change_observation",
    label="観察を直す",
    may=access.CHANGE_OBSERVATION,
    data=ChangeObservation,
    parent=edition_of,
)
def change_observation(ctx: Context, observation: Observation, data: ChangeObservation) -> Observation:
    """Write an observation anew, while nothing is decided about it."""
    _demand(observation, "open")
    _past(ctx, data.observed_on, "observed_on")
    observation.path, observation.value = _revision(ctx, observation.initiative, data.path, data.value)
    observation.observed_on = data.observed_on
    observation.situation, observation.orientation = data.situation.strip(), data.orientation.strip()
    observation.proposal = data.proposal.strip()
    observation.writers = _with_me(ctx, observation.writers)
    observation.save()
    return observation


def _with_me(ctx: Context, writers: Sequence[str]) -> list[str]:
    """The persons who wrote it, and whoever does now."""
    person = person_of(ctx)
    return sorted({*writers, str(person.pk)}) if person is not None else list(writers)


def _demand_another(ctx: Context, observation: Observation, agenda: str) -> None:
    """Who wrote it does not note by himself what was decided of it; what a body decided here stands on its agenda. Raises :class:`Problem`."""
    person = person_of(ctx)
    if person is None or str(person.pk) not in observation.writers:
        return
    decided = AgendaItem.unscoped.filter(
        municipality=ctx.municipality.id, matter="plan_observation", subject=observation.pk
    ).exclude(choice="")
    if str(agenda) not in {str(key) for key in decided.values_list("pk", flat=True)}:
        raise Problem(
            "own_work",
            _(
                "この観察は、あなたが書いたものです。決定は、書いていない職員が記録するか、会議の議題にしてください。"
            ),
        )


@action(
    "plan.decide_observation",
    label="観察への決定を記録する",
    may=access.DECIDE_OBSERVATION,
    data=DecideObservation,
    parent=edition_of,
)
def decide_observation(ctx: Context, observation: Observation, data: DecideObservation) -> Observation:
    """Record what was decided; where it revises a target or a stage, the plan says so from now on, with reason and deciding body.

    Whoever wrote it does so only where a body decided it on its agenda. Raises :class:`Problem`.
    """
    _demand(observation, "open")
    _demand_another(ctx, observation, data.agenda)
    _past(ctx, data.decided_on, "decided_on")
    if data.adopted and observation.path and observation.initiative is not None:
        reason = _("%(decision)s（%(by)s）") % {"decision": data.decision.strip(), "by": data.decided_by}
        own = replace(ctx, idempotency_key=None)
        revise(own, observation.initiative, Revise(observation.path, observation.value, reason[:500]))
    observation.state = "decided" if data.adopted else "declined"
    observation.decision, observation.decided_by = data.decision.strip(), data.decided_by.strip()
    observation.decided_on = data.decided_on
    observation.save()
    ctx.because(data.decision)
    return observation


@action(
    "plan.act_on_observation",
    label="行動したことを書く",
    may=access.CHANGE_OBSERVATION,
    data=ActOnObservation,
    parent=edition_of,
)
def act_on_observation(ctx: Context, observation: Observation, data: ActOnObservation) -> Observation:
    """Write what was done after the decision."""
    _demand(observation, "decided")
    _past(ctx, data.acted_on, "acted_on")
    observation.state = "done"
    observation.action_taken, observation.acted_on = data.action_taken.strip(), data.acted_on
    observation.save()
    return observation


def _demand(observation: Observation, state: str) -> None:
    if observation.state != state:
        raise Problem(
            "state",
            _("この観察は、もう先に進んでいます。画面を開き直してください。"),
            found=observation.state,
        )
