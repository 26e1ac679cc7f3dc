"""What a body decided about reviews, and how it enters the edition's working copy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Final
from uuid import UUID

from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from yakuba.engines.bodies import store as bodies
from yakuba.engines.bodies.access import KEEP_ITEM
from yakuba.engines.bodies.models import AgendaItem, Meeting
from yakuba.engines.rounds import store as rounds
from yakuba.engines.rounds.models import Round
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, Problems, action
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.fields import INTERNAL, JsonValue
from yakuba.services.plan import queries as plan
from yakuba.services.plan.actions.saving import Paired, save_initiatives
from yakuba.services.plan.applying import told_of
from yakuba.services.plan.models import Edition, Initiative, Node, Revision
from yakuba.services.plan.models.year import NEXT_ACTIONS, Review
from yakuba.services.plan.year import access, flow, queries
from yakuba.services.plan.year.flow import Decided

_GOES_ON: Final = frozenset({"continue", "change", "postpone", "to_operate"})
"""After these an initiative has another year, and a target for it."""


@dataclass(frozen=True)
class TakeDecisions:
    """The reviews (their ids) whose words and figures enter the edition, and what the plan says as the reason."""

    reviews: Annotated[list[str], fields.document(label="実績の報告", classification=INTERNAL, required=True)]
    reason: Annotated[str, fields.text(label="理由", classification=INTERNAL, max_length=500)]


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Where the body decides otherwise than proposed: another word, another action, and why."""

    progress: str = ""
    action: str = ""
    reason: str = ""


def decide_reviews(
    ctx: Context,
    round_: Round,
    exceptions: Mapping[UUID, Otherwise],
    *,
    by: str,
    at: dt.datetime | None = None,
) -> list[Review]:
    """Write the body's word on every accepted review of a round, and take it into the plan; inside the body's action.

    ``exceptions`` by the review's id; ``at``: when the body sat, for that day and not the record's is the decision's (now without).
    Raises :class:`Problem` for a word that this edition does not know.
    """
    Round.unscoped.select_for_update().get(pk=round_.pk)  # the whole before its parts, as everybody does
    found = list(
        Review.unscoped.select_for_update(of=("self",))
        .select_related("item", "item__round", "edition", "edition__plan")
        .filter(municipality=ctx.municipality.id, item__round=round_, item__state="accepted")
        .order_by("pk")
    )
    if not found:
        raise Problem("nothing", _("受理した報告がありません。決定できるのは、事務局が受理したものです。"))
    meanings = dict(queries.progress_choices(ctx, found[0].edition))
    for one in found:
        other = exceptions.get(one.pk, Otherwise())
        word = other.progress or one.progress
        if other.progress and other.progress not in meanings:
            raise Problem("word", _("進捗状況の言葉にありません。"), field="progress", found=other.progress)
        one.decided_progress = word
        one.decided_meaning = (
            (meanings.get(word) or (one.meaning if word == one.progress else "")) if word else ""
        )
        one.decided_action = other.action or one.next_action
        one.decided_reason = other.reason or one.next_reason
        one.decided_by, one.decided_at = by[:200], at or ctx.now
        one.version += 1
    Review.unscoped.bulk_update(
        found,
        [
            *("decided_progress", "decided_meaning", "decided_action", "decided_reason"),
            *("decided_by", "decided_at", "version"),
        ],
        batch_size=200,
    )
    refused = rounds.move_many(ctx, [one.item for one in found], "decide")
    if refused:
        raise Problems(refused.values())
    reason = _("%(round)s（%(by)s）") % {"round": round_.title, "by": by}
    take(ctx, found[0].edition, found, reason)
    return found


def take(ctx: Context, edition: Edition, reviews: Sequence[Review], reason: str) -> None:
    """Take reviews into their edition by an action of its own, whose trail the edition's history tells."""
    own = replace(ctx, idempotency_key=None)
    take_decisions(own, edition, TakeDecisions([str(one.pk) for one in reviews], reason[:500]))


@action("plan.take_decisions", label="決定を計画に反映する", may=access.TAKE, data=TakeDecisions)
def take_decisions(ctx: Context, edition: Edition, data: TakeDecisions) -> Edition:
    """Write decided words, results and figures into the working copy, each value with its status and reason.

    Of a round of final figures what was accepted enters; of any other what was decided. Raises :class:`Problem` for anything else.
    """
    found = list(
        Review.unscoped.select_related("item", "item__round", "edition", "edition__plan")
        .filter(municipality=ctx.municipality.id, edition=edition, pk__in=data.reviews)
        .order_by("pk")
    )
    for one in found:
        if one.item.state not in ("decided", *(("accepted",) if one.phase == "final" else ())):
            raise Problem(
                "state", _("「%(item)s」は、まだ決定していません。") % {"item": one}, found=one.item.state
            )
    there = plan.forms(
        Initiative.unscoped.select_for_update().filter(edition=edition).order_by("position", "id")
    )
    by, on = ctx.actor.label, japan_date(ctx.now).isoformat()
    changed: dict[UUID, tuple[dict[str, object], list[flow.Entered]]] = {}
    gone: list[JsonValue] = []
    rows = {row.pk: form for row, form in there}
    for whole in queries.wholes(found, beside=False):
        review = whole.review
        form = rows.get(review.initiative)
        if form is None:
            gone.append(str(review))
            continue
        decided = (
            Decided(whole.answer.actuals)
            if review.phase == "final"
            else Decided(
                whole.answer.actuals,
                review.decided_progress,
                review.decided_meaning,
                review.result,
                whole.answer.next_targets if review.decided_action in _GOES_ON else {},
            )
        )
        after, told = flow.entered(form, decided, year=review.year.year, reason=data.reason, by=by, on=on)
        if told:
            changed[review.initiative] = after, told
    if changed:
        _revisions(ctx, [row for row, _form in there], changed, data.reason)
        pairs = [Paired(changed[row.pk][0] if row.pk in changed else form, row, form) for row, form in there]
        nodes = {tuple(node.path): node for node in Node.unscoped.filter(edition=edition)}
        save_initiatives(ctx, edition, pairs, nodes)
        edition.state = "draft"
        edition.save(update_fields=["state"])
    ctx.because(data.reason)
    with translation.override("ja"):
        ctx.note(
            cells=[
                told_of(str(pk), after, one.path, one.before or None, one.after, rows[pk])
                for pk, (after, told) in changed.items()
                for one in told
            ]
        )
    if gone:
        ctx.note(gone=gone)
    return edition


def _revisions(
    ctx: Context,
    rows: Sequence[Initiative],
    changed: Mapping[UUID, tuple[dict[str, object], list[flow.Entered]]],
    reason: str,
) -> None:
    """A row for each progress word that is another now; values carry their revisions themselves."""
    last = dict(
        Revision.unscoped.filter(initiative__in=list(changed), path="progress")
        .order_by()
        .values_list("initiative")
        .annotate(last=Max("number"))
    )
    Revision.unscoped.bulk_create(
        [
            Revision(
                municipality_id=ctx.municipality.id,
                initiative=row,
                path="progress",
                number=last.get(row.pk, 0) + 1,
                before=one.before,
                after=one.after,
                reason=reason,
                made_at=ctx.now,
                made_by=ctx.actor.label[:200],
            )
            for row in rows
            if row.pk in changed
            for one in changed[row.pk][1]
            if one.path == "progress" and one.before
        ],
        batch_size=200,
    )


def meeting_of(item: AgendaItem) -> Meeting:
    """What is locked before an item of its agenda."""
    return item.meeting


@dataclass(frozen=True)
class SetExceptions:
    """By the review's id: ``progress``, ``action`` and ``reason`` where the body decides otherwise than proposed."""

    exceptions: Annotated[
        dict[str, dict[str, str]], fields.document(label="決定の内訳", classification=INTERNAL)
    ]


@action(
    "plan.set_exceptions",
    label="提案と違う決定を入れる",
    may=KEEP_ITEM,
    data=SetExceptions,
    parent=meeting_of,
)
def set_exceptions(ctx: Context, item: AgendaItem, data: SetExceptions) -> AgendaItem:
    """Keep with an agenda item what its body decides otherwise, until the decision is recorded. Raises :class:`Problems`."""
    rows = {
        str(one.pk): one
        for one in Review.unscoped.select_related("item", "edition", "edition__plan").filter(
            municipality=ctx.municipality.id, item__round=item.subject, item__state="accepted"
        )
    }
    known = dict(queries.progress_choices(ctx, next(iter(rows.values())).edition)) if rows else {}
    problems: list[Problem] = []
    kept: dict[str, JsonValue] = {}
    for key, one in data.exceptions.items():
        review = rows.get(key)
        if review is None:
            problems.append(Problem("missing", _("決定を待つ報告にありません。"), field=key, found=key))
            continue
        if one.get("progress") and one["progress"] not in known:
            problems.append(
                Problem("word", _("進捗状況は、一覧の言葉から選んでください。"), field=f"{key}.progress")
            )
        if one.get("action") and one["action"] not in dict(NEXT_ACTIONS):
            problems.append(
                Problem("action", _("来年度の方針を一覧から選んでください。"), field=f"{key}.action")
            )
        if not (one.get("reason") or "").strip():
            message = _("「%(item)s」を改める理由を書いてください。") % {"item": review}
            problems.append(Problem("required", message, field=f"{key}.reason"))
        kept[key] = {
            "name": str(review),
            **{name: (one.get(name) or "").strip() for name in ("progress", "action", "reason")},
        }
    if problems:
        raise Problems(problems)
    bodies.set_details(ctx, item, {"exceptions": kept})
    return item
