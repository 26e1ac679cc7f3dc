"""The writers of rounds: services plan rounds and move items inside their own actions, which have asked for permission.

store.move(ctx, item, "enter")
refused = store.move_many(ctx, items, "decide")
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Max, QuerySet
from django.utils.translation import gettext as _

from yakuba.engines.approval.queries.holding import person_of
from yakuba.engines.casework.store import label_of
from yakuba.engines.rounds import rules, states
from yakuba.engines.rounds.askings import ASKINGS, Wanted
from yakuba.engines.rounds.models import Item, ItemMove, Milestone, OfficePart, Round, RoundMove
from yakuba.engines.rounds.queries import reach
from yakuba.kernel.actions import Context, Denied, Problem, Problems, SubjectRef
from yakuba.kernel.dates import FiscalYear, japan_date
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.ids import read_id, uuid7
from yakuba.kernel.text import display_number_sort_key
from yakuba.kernel.town.models import Office, Person

#: A round was opened, collected or closed, with its id and kind.
OPENED: Final = "rounds.opened"
COLLECTED: Final = "rounds.collected"
CLOSED: Final = "rounds.closed"
_PAGE: Final = 500  # values in one statement
_LABEL: Final = 300
_SHOWN: Final = 2


@dataclass(frozen=True, slots=True)
class Opening:
    """A round to be made. ``days`` are its milestones by key; ``office_id`` is the secretariat's office."""

    kind: str
    year: FiscalYear
    title: str
    office_id: UUID
    days: Mapping[str, dt.date]
    phase: str = "none"
    subject: SubjectRef | None = None
    letter: str = ""
    reminding: rules.Reminding = field(default_factory=rules.Reminding)


# --- a round ----------------------------------------------------------------------------------------------------------
def plan_round(ctx: Context, opening: Opening) -> Round:
    """Write a round that nobody is asked in yet. Raises :class:`Problem`: unknown kind or phase, no such office, days, a second one."""
    if opening.kind not in ASKINGS:
        raise Problem(
            "kind", _("照会の種類を一覧から選んでください。"), field="kind", found=opening.kind[:40]
        )
    asking = ASKINGS.get(opening.kind)
    if opening.phase not in asking.phases:
        raise Problem(
            "phase",
            _("この種類の照会に「%(phase)s」はありません。")
            % {"phase": _(dict(rules.PHASES).get(opening.phase, opening.phase))},
            field="phase",
            found=opening.phase[:40],
        )
    if (opening.subject.kind if opening.subject else "") != asking.subject_kind:
        raise Problem("subject", _("この照会の対象を選んでください。"), field="subject")
    office = Office.unscoped.filter(municipality=ctx.municipality.id, pk=opening.office_id).first()
    if office is None:
        raise Problem("office", _("事務局の所属が見つかりません。"), field="office")
    if not opening.title.strip():
        raise Problem("required", _("「件名」が空です。入力してください。"), field="title")
    made = Round(
        municipality_id=ctx.municipality.id,
        kind=opening.kind,
        subject_kind=asking.subject_kind,
        subject=opening.subject.id if opening.subject else None,
        year=opening.year,
        phase=opening.phase,
        title=opening.title.strip(),
        letter=opening.letter.strip(),
        office=office,
        state="planned",
        remind_before=rules.write_days(opening.reminding.before),
        remind_after=rules.write_days(opening.reminding.after),
        remind_every=opening.reminding.every,
        planned_at=ctx.now,
    )
    demand_days(opening.days)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise Problem(
            "twice",
            _(
                "同じ種類・年度・対象の照会が、もうあります。取りやめてから作り直すか、その照会を使ってください。"
            ),
            field="kind",
        ) from None
    write_days(made, opening.days)
    return made


def demand_days(days: Mapping[str, dt.date]) -> None:
    """What the days of a round have to be. Raises :class:`Problem` on the field of the day."""
    names = dict(rules.MILESTONES)
    if rules.NEEDED not in days:
        raise Problem(
            "required",
            _("「%(label)s」が空です。入力してください。") % {"label": _(names[rules.NEEDED])},
            field=rules.NEEDED,
        )
    wrong = rules.disorder(days)
    if wrong:
        raise Problem(
            "order",
            _("「%(later)s」が「%(earlier)s」より前の日になっています。日を直してください。")
            % {"later": _(names[wrong[1]]), "earlier": _(names[wrong[0]])},
            field=wrong[1],
            found=days[wrong[1]].isoformat(),
        )


def write_days(round_: Round, days: Mapping[str, dt.date]) -> None:
    """Put these milestones in the place of those that stand."""
    Milestone.unscoped.filter(round=round_).delete()
    Milestone.unscoped.bulk_create(
        Milestone(municipality_id=round_.municipality_id, round=round_, key=key, day=day)
        for key, day in days.items()
    )


def days_of(round_: Round) -> dict[str, dt.date]:
    """The milestones of a round by key."""
    return dict(Milestone.unscoped.filter(round=round_).values_list("key", "day"))


def move_round(ctx: Context, round_: Round, key: str, reason: str = "") -> RoundMove:
    """Take one step of the round's table; the caller holds the row. Raises :class:`Problem`."""
    step = states.round_step(round_.state, key)
    if step is None:
        raise Problem(
            "state",
            _("「%(state)s」の照会には、この操作はできません。画面を開き直してください。")
            % {"state": _(dict(states.ROUND_STATES)[round_.state])},
            found=round_.state,
        )
    demand_reason(step, reason)
    last = RoundMove.unscoped.filter(round=round_).aggregate(last=Max("seq"))["last"] or 0
    made = RoundMove(
        municipality_id=round_.municipality_id,
        round=round_,
        seq=last + 1,
        step=key,
        from_state=step.come_from,
        to_state=step.go_to,
        at=ctx.now,
        by_label=label_of(ctx),
        reason=reason.strip(),
    )
    made.save(force_insert=True)
    round_.state = step.go_to
    if step.go_to == "open" and round_.opened_at is None:
        round_.opened_at = ctx.now
    round_.collected_at = ctx.now if step.go_to == "collected" else round_.collected_at
    round_.ended_at = ctx.now if step.go_to in states.ROUND_FINAL else None
    round_.save(update_fields=["state", "opened_at", "collected_at", "ended_at"])
    return made


def begin(ctx: Context, round_: Round) -> list[Item]:
    """Ask the offices: a part for each, an item for everything that is wanted. Raises :class:`Problem` where nothing is.

    What names no office is the secretariat's own; the trail says how many those were. An office that ended has its items with the one
    office that carries its work on; where several do, the part stays its own, and any of them answers.
    """
    asking = ASKINGS.get(round_.kind)
    wanted = list(asking.items(ctx, round_))
    if not wanted:
        raise Problem("nothing", _("この照会で尋ねるものが、1件もありません。対象を確かめてください。"))
    move_round(ctx, round_, "open")
    today, due = japan_date(ctx.now), days_of(round_)[rules.NEEDED]
    offices = [_office_of(ctx, round_, one) for one in wanted]
    parts = {
        office: OfficePart(
            municipality_id=round_.municipality_id, round=round_, office_id=office, due=due, due_since=today
        )
        for office in dict.fromkeys(offices)
    }
    OfficePart.unscoped.bulk_create(parts.values())
    items = [
        Item(
            id=uuid7(),
            municipality_id=round_.municipality_id,
            round=round_,
            part=parts[office],
            subject_kind=one.kind,
            subject=one.id,
            number=one.number,
            number_sort=display_number_sort_key(one.number)[:200],
            label=one.label[:_LABEL],
            state="open",
        )
        for office, one in zip(offices, wanted, strict=True)
    ]
    Item.unscoped.bulk_create(items, batch_size=_PAGE)
    ctx.note(
        items=len(items),
        offices=len(parts),
        without_office=sum(1 for one in wanted if one.office_id is None),
    )
    asking.on_opened(ctx, round_, items)
    ctx.publish(OPENED, told(round_), key=f"opened:{round_.pk}")
    return items


def open_round(ctx: Context, opening: Opening) -> Round:
    """Make a round and ask the offices at once. Raises :class:`Problem` as :func:`plan_round` and :func:`begin` do."""
    made = plan_round(ctx, opening)
    begin(ctx, made)
    return made


def _office_of(ctx: Context, round_: Round, one: Wanted) -> UUID:
    if one.office_id is None:
        return round_.office_id
    after = reach.answering(ctx, one.office_id)
    return next(iter(after)) if len(after) == 1 else one.office_id


def told(round_: Round) -> dict[str, JsonValue]:
    """What an event says of a round."""
    return {"round": str(round_.pk), "kind": round_.kind}


# --- its items --------------------------------------------------------------------------------------------------------
def move(ctx: Context, item: Item, step: str, reason: str = "") -> ItemMove:
    """Take one step of the item's table; ``item`` comes back as it then is. Raises :class:`Problem`."""
    moved, refused = _move(ctx, [item], step, reason, None)
    if refused:
        raise refused[item.pk]
    return moved[0][1]


def move_many(
    ctx: Context,
    items: Sequence[Item],
    step: str,
    reason: str = "",
    *,
    by: states.By | None = None,
) -> dict[UUID, Problem]:
    """Take one step with each of them that can; return what keeps the others, by item. In a constant number of queries.

    ``items`` come back as they then are. ``by``: only moves that are this one's act (a head does not return what the secretariat has).
    An action that wants all or nothing raises :class:`~yakuba.kernel.actions.Problems` of what it gets.
    """
    return _move(ctx, items, step, reason, by)[1]


def refusals(
    ctx: Context, items: Sequence[Item], step: str, reason: str = "", *, by: states.By | None = None
) -> dict[UUID, Problem]:
    """What would keep each of them from that step now; nothing is changed. The items have their round at hand."""
    person = person_of(ctx)
    lacking: Mapping[UUID, Sequence[str]] = {}
    if step == "enter":
        lacking = _lacking(ctx, [one for one in items if one.state == "open"])
    writers: dict[UUID, Collection[UUID]] = {}
    if step in rules.LOOKED_AT_BY_ANOTHER:
        for several in _by_round(items):
            writers |= ASKINGS.get(several[0].round.kind).writers(ctx, several)
    found: dict[UUID, Problem] = {}
    for item in items:
        try:
            _demand(item, step, reason, person, by, lacking.get(item.pk, ()), writers.get(item.pk, ()))
        except Problem as problem:
            problem.field = str(item.pk)
            found[item.pk] = problem
    return found


def _move(
    ctx: Context, items: Sequence[Item], step: str, reason: str, by: states.By | None
) -> tuple[list[tuple[Item, ItemMove]], dict[UUID, Problem]]:
    if not any(one.key == step for one in states.ITEM_STEPS):
        raise LookupError(f"no such step: {step}")
    person = person_of(ctx)
    if step in rules.BY_A_PERSON and person is None:
        raise Denied(_("この操作は、職員に結び付いた利用者IDで行ってください。"))
    _hold(ctx, items)
    refused = refusals(ctx, items, step, reason, by=by)
    going = [one for one in items if one.pk not in refused]
    moves = _write_moves(ctx, going, step, reason, person)
    by_round: dict[UUID, list[tuple[Item, ItemMove]]] = defaultdict(list)
    for item, made in zip(going, moves, strict=True):
        by_round[item.round_id].append((item, made))
    for moved in by_round.values():
        ASKINGS.get(moved[0][0].round.kind).on_moved_many(ctx, moved)
    return list(zip(going, moves, strict=True)), refused


def _hold(ctx: Context, items: Sequence[Item]) -> None:
    """The rounds and the items as they stand, locked until the transaction ends, the whole before its parts."""
    here = Round.unscoped.select_for_update().filter(
        municipality=ctx.municipality.id, pk__in={one.round_id for one in items}
    )
    rounds = {one.pk: one for one in here.order_by("pk")}
    rows: dict[UUID, Item] = {}
    ids = sorted(one.pk for one in items)
    for start in range(0, len(ids), _PAGE):
        page = Item.unscoped.select_for_update().filter(
            municipality=ctx.municipality.id, pk__in=ids[start : start + _PAGE]
        )
        rows |= {one.pk: one for one in page.order_by("pk")}
    for item in items:
        row = rows[item.pk]
        item.round = rounds[row.round_id]
        item.state, item.sent_back, item.version = row.state, row.sent_back, row.version
        item.entered_by_id, item.confirmed_by_id = row.entered_by_id, row.confirmed_by_id


def _by_round(items: Sequence[Item]) -> Iterable[list[Item]]:
    found: dict[UUID, list[Item]] = defaultdict(list)
    for item in items:
        found[item.round_id].append(item)
    return found.values()


def _lacking(ctx: Context, items: Sequence[Item]) -> Mapping[UUID, Sequence[str]]:
    found: dict[UUID, Sequence[str]] = {}
    for several in _by_round(items):
        found |= ASKINGS.get(several[0].round.kind).missing(ctx, several)
    return found


def _demand(
    item: Item,
    key: str,
    reason: str,
    person: Person | None,
    by: states.By | None,
    lacking: Sequence[str],
    writers: Collection[UUID],
) -> None:
    """Raises :class:`Problem` where this item cannot take this step."""
    step = states.item_step(item.state, key)
    if step is None or (by is not None and step.by != by):
        raise Problem(
            "state",
            _("「%(item)s」は、いま「%(state)s」です。この操作はできません。")
            % {"item": item, "state": _(dict(states.ITEM_STATES)[item.state])},
            found=item.state,
        )
    demand_reason(step, reason)
    _demand_round(item, key)
    me = person.pk if person else None
    own = rules.own_work(key, me, item.entered_by_id, item.confirmed_by_id, writers)
    if own:
        words = {
            "entered": _("「%(item)s」は、あなたが入力したものです。入力した人は、確認も受理もできません。"),
            "written": _("「%(item)s」は、あなたが書いたものです。書いた人は、確認も受理もできません。"),
            "confirmed": _("「%(item)s」は、あなたが確認したものです。確認した人は、受理できません。"),
        }
        raise Problem("own_work", words[own] % {"item": item})
    if lacking:
        raise Problem(
            "missing",
            _("「%(item)s」に、足りないものがあります：%(lacking)s")
            % {"item": item, "lacking": _few(lacking)},
        )


def _few(sentences: Sequence[str]) -> str:
    """The first sentences, and how many more there are: all of them stand beside the item."""
    shown = "、".join(one.rstrip("。") for one in sentences[:_SHOWN])
    more = len(sentences) - _SHOWN
    return _("%(shown)s、ほか%(count)d件") % {"shown": shown, "count": more} if more > 0 else shown


def _demand_round(item: Item, key: str) -> None:
    state = item.round.state
    if state == "open" or (state == "collected" and (key not in states.ANSWERS or item.sent_back)):
        return
    if state == "collected":
        raise Problem(
            "collected",
            _("「%(item)s」の照会は、回収を締め切っています。事務局に連絡してください。") % {"item": item},
        )
    raise Problem(
        "round_state",
        _("この照会は「%(state)s」です。回答は変えられません。")
        % {"state": _(dict(states.ROUND_STATES)[state])},
        found=state,
    )


def demand_reason(step: states.Step, reason: str) -> None:
    """Raises :class:`Problem` on the field ``reason`` where a step has to say why and does not."""
    if step.reason and not reason.strip():
        raise Problem("required", _("「理由」が空です。入力してください。"), field="reason")


def _write_moves(
    ctx: Context, items: Sequence[Item], key: str, reason: str, person: Person | None
) -> list[ItemMove]:
    """The moves, and the state of each item; all of a step end in one state."""
    if not items:
        return []
    go_to = next(one.go_to for one in states.ITEM_STEPS if one.key == key)
    seqs = _last_seqs([one.pk for one in items])
    moves = [
        ItemMove(
            municipality_id=one.municipality_id,
            item=one,
            seq=seqs.get(one.pk, 0) + 1,
            step=key,
            from_state=one.state,
            to_state=go_to,
            at=ctx.now,
            by=person,
            by_label=label_of(ctx),
            reason=reason.strip(),
        )
        for one in items
    ]
    ItemMove.unscoped.bulk_create(moves, batch_size=_PAGE)
    changed: dict[str, object] = {"state": go_to, "sent_back": key in states.SENT_BACK}
    if go_to == "open":
        changed |= {"entered_by_id": None, "confirmed_by_id": None}
    elif key in {"enter", "not_applicable"}:
        changed["entered_by_id"] = person.pk if person else None
    elif key == "confirm":
        changed["confirmed_by_id"] = person.pk if person else None
    ids = [one.pk for one in items]
    for start in range(0, len(ids), _PAGE):
        Item.unscoped.filter(pk__in=ids[start : start + _PAGE]).update(**changed, version=F("version") + 1)
    if go_to == "open":  # a part of which something is asked again is not 該当なし as a whole
        _applies({one.part_id for one in items})
    for one in items:
        for name, value in changed.items():
            setattr(one, name, value)
        one.version += 1
    return moves


def _applies(parts: Collection[UUID]) -> None:
    """These parts are not 該当なし as a whole any more."""
    OfficePart.unscoped.filter(pk__in=parts, not_applicable_at__isnull=False).update(
        not_applicable_at=None, not_applicable_by="", not_applicable_reason=""
    )


def hand_over(ctx: Context, round_: Round, items: Sequence[Item], office: Office) -> None:
    """Ask another office for these items; the caller holds the round. Raises :class:`Problems` for what is not open any more."""
    if round_.state != "open":
        raise Problem("round_state", _("照会中の項目だけ、答える課を変えられます。"), found=round_.state)
    going = [one for one in items if one.part.office_id != office.pk]
    entered = [one for one in going if one.state != "open"]
    if entered:
        raise Problems(
            Problem(
                "state",
                _("「%(item)s」は入力されています。差し戻してから、答える課を変えてください。")
                % {"item": one},
                field=str(one.pk),
                found=one.state,
            )
            for one in entered
        )
    part, _made = OfficePart.unscoped.get_or_create(
        municipality_id=round_.municipality_id,
        round=round_,
        office=office,
        defaults={"due": days_of(round_)[rules.NEEDED], "due_since": japan_date(ctx.now)},
    )
    Item.unscoped.filter(pk__in=[one.pk for one in going]).update(part=part, version=F("version") + 1)
    _applies([part.pk])
    ctx.note(items=[str(one.pk) for one in going], office=str(office.pk))


def _last_seqs(ids: Sequence[UUID]) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for start in range(0, len(ids), _PAGE):
        rows = ItemMove.unscoped.filter(item__in=ids[start : start + _PAGE]).order_by()
        found |= dict(rows.values_list("item").annotate(last=Max("seq")))
    return found


def of_round(round_: Round, ids: Iterable[UUID | str]) -> list[Item]:
    """The named items of a round, in the order of their numbers. Raises :class:`Problem` where one is not the round's."""
    return _named(Item.unscoped.filter(round=round_), ids, round_)


def of_part(part: OfficePart, ids: Iterable[UUID | str]) -> list[Item]:
    """The named items of an office's part. Raises :class:`Problem` where one is not."""
    return _named(Item.unscoped.filter(part=part), ids, part.round)


def _named(rows: QuerySet[Item], ids: Iterable[UUID | str], round_: Round) -> list[Item]:
    wanted = {one if isinstance(one, UUID) else read_id(one) for one in ids}
    found = list(rows.filter(pk__in=wanted).select_related("part").order_by("number_sort", "id"))
    if not wanted or len(found) != len(wanted):
        raise Problem(
            "items",
            _("項目が選ばれていないか、この照会にないものが含まれています。選び直してください。"),
            field="items",
        )
    for one in found:
        one.round = round_
    return found
