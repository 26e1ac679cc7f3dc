"""What an office and its head do with their part. Several items at once are all moved, or none: each that cannot has its problem."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext as _

from yakuba.engines.casework.store import label_of
from yakuba.engines.rounds import states, store
from yakuba.engines.rounds.access import ANSWER, CONFIRM
from yakuba.engines.rounds.models import Item, OfficePart, Round
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, NoData, Problem, Problems, action
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.fields import INTERNAL

_LONGEST = dt.timedelta(days=366)


@dataclass(frozen=True)
class Because:
    """Why."""

    reason: Annotated[
        str, fields.prose(label="理由", classification=INTERNAL, max_length=2000, required=True)
    ]


@dataclass(frozen=True)
class Chosen:
    """Which items, by id."""

    items: Annotated[
        list[str], fields.document(label="項目", classification=INTERNAL, default=list, required=True)
    ]


@dataclass(frozen=True)
class ChosenBecause:
    """Which items, by id, and why."""

    items: Annotated[
        list[str], fields.document(label="項目", classification=INTERNAL, default=list, required=True)
    ]
    reason: Annotated[
        str, fields.prose(label="理由", classification=INTERNAL, max_length=2000, required=True)
    ]


@dataclass(frozen=True)
class AskExtension:
    """Until when the office needs, and why."""

    until: Annotated[dt.date, fields.date(label="いつまで", classification=INTERNAL)]
    reason: Annotated[
        str, fields.prose(label="延長を求める理由", classification=INTERNAL, max_length=2000, required=True)
    ]


@dataclass(frozen=True)
class Note:
    """What the office tells the secretariat; empty takes it away."""

    note: Annotated[str, fields.prose(label="事務局への連絡", classification=INTERNAL, max_length=2000)] = ""


def whole_of(part: OfficePart) -> Round:
    """Whoever changes a part holds its round first, as whoever changes the round does."""
    return part.round


def move_all(
    ctx: Context, items: Sequence[Item], step: str, reason: str = "", *, by: states.By | None = None
) -> None:
    """Take the step with all of them, or raise :class:`Problems` with one for each that cannot; its field is the item's id."""
    refused = store.move_many(ctx, items, step, reason, by=by)
    if refused:
        raise Problems(refused.values())
    if reason:
        ctx.because(reason)
    ctx.note(items=[str(one.pk) for one in items], step=step)


@action("rounds.enter", label="入力を終える", may=ANSWER, data=Chosen, parent=whole_of)
def enter(ctx: Context, part: OfficePart, data: Chosen) -> OfficePart:
    """The office has entered these; its head is asked to confirm them."""
    move_all(ctx, store.of_part(part, data.items), "enter")
    return part


@action("rounds.take_back", label="入力に戻す", may=ANSWER, data=Chosen, parent=whole_of)
def take_back(ctx: Context, part: OfficePart, data: Chosen) -> OfficePart:
    """The office goes on with what it had entered, or had said not to apply."""
    move_all(ctx, store.of_part(part, data.items), "take_back")
    return part


@action("rounds.mark_not_applicable", label="該当なしにする", may=ANSWER, data=ChosenBecause, parent=whole_of)
def mark_not_applicable(ctx: Context, part: OfficePart, data: ChosenBecause) -> OfficePart:
    """These do not apply to the office."""
    move_all(ctx, store.of_part(part, data.items), "not_applicable", data.reason)
    return part


@action("rounds.not_applicable", label="課の全部を該当なしにする", may=ANSWER, data=Because, parent=whole_of)
def not_applicable(ctx: Context, part: OfficePart, data: Because) -> OfficePart:
    """Nothing of it applies to the office. Raises :class:`Problem` while something is entered."""
    items = list(Item.unscoped.filter(part=part).order_by("number_sort", "id"))
    entered = [one for one in items if one.state in {"entered", "confirmed"}]
    if entered:
        raise Problem(
            "entered",
            _(
                "入力したものが%(count)d件あります。先に「入力に戻す」で戻すか、残りだけを該当なしにしてください。"
            )
            % {"count": len(entered)},
        )
    move_all(ctx, [one for one in items if one.state == "open"], "not_applicable", data.reason)
    part.not_applicable_at, part.not_applicable_by = ctx.now, label_of(ctx)
    part.not_applicable_reason = data.reason.strip()
    part.save(update_fields=["not_applicable_at", "not_applicable_by", "not_applicable_reason"])
    return part


@action("rounds.applicable_after_all", label="該当なしを取り消す", may=ANSWER, data=NoData, parent=whole_of)
def applicable_after_all(ctx: Context, part: OfficePart, data: NoData) -> OfficePart:
    """The office answers after all. What the secretariat has accepted meanwhile stays."""
    if part.not_applicable_at is None:
        raise Problem("applicable", _("この課は、該当なしになっていません。"))
    items = list(Item.unscoped.filter(part=part, state="not_applicable"))
    move_all(ctx, items, "take_back")
    part.not_applicable_at, part.not_applicable_by, part.not_applicable_reason = None, "", ""
    part.save(update_fields=["not_applicable_at", "not_applicable_by", "not_applicable_reason"])
    return part


@action("rounds.confirm", label="所属長が確認する", may=CONFIRM, data=Chosen, parent=whole_of)
def confirm(ctx: Context, part: OfficePart, data: Chosen) -> OfficePart:
    """The head confirms what somebody else entered."""
    move_all(ctx, store.of_part(part, data.items), "confirm")
    return part


@action("rounds.send_back", label="所属長が差し戻す", may=CONFIRM, data=ChosenBecause, parent=whole_of)
def send_back(ctx: Context, part: OfficePart, data: ChosenBecause) -> OfficePart:
    """The head gives it back to whoever entered it."""
    move_all(ctx, store.of_part(part, data.items), "return", data.reason, by="head")
    return part


@action("rounds.ask_extension", label="期限の延長を求める", may=ANSWER, data=AskExtension, parent=whole_of)
def ask_extension(ctx: Context, part: OfficePart, data: AskExtension) -> OfficePart:
    """Ask the secretariat for a later day; a second asking replaces the first."""
    demand_asking(part)
    demand_later(ctx, part, data.until)
    ctx.because(data.reason)
    part.asked_until, part.asked_reason = data.until, data.reason.strip()
    part.asked_by, part.refused_reason = label_of(ctx), ""
    part.save(update_fields=["asked_until", "asked_reason", "asked_by", "refused_reason"])
    return part


@action("rounds.write_note", label="事務局への連絡を書く", may=ANSWER, data=Note, parent=whole_of)
def write_note(ctx: Context, part: OfficePart, data: Note) -> OfficePart:
    """What the secretariat should know about the office's answers."""
    part.note = data.note.strip()
    part.save(update_fields=["note"])
    return part


def demand_asking(part: OfficePart) -> None:
    """Raises :class:`Problem` while the offices are not asked."""
    if part.round.state != "open":
        raise Problem(
            "round_state",
            _("この照会は「%(state)s」です。期限は変えられません。")
            % {"state": _(dict(states.ROUND_STATES)[part.round.state])},
            found=part.round.state,
        )


def demand_later(ctx: Context, part: OfficePart, day: dt.date) -> None:
    """Raises :class:`Problem` on the field ``until`` for a day that gives no more time, or is years ahead."""
    first = max(part.due, japan_date(ctx.now))
    if not first < day <= first + _LONGEST:
        raise Problem(
            "day",
            _("「%(found)s」は使えません。%(first)sより後の、1年以内の日にしてください。")
            % {"found": format_date(day), "first": format_date(first)},
            field="until",
            found=day.isoformat(),
        )
