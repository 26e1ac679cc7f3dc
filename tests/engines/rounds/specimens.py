"""How each action of rounds is tried in the permission matrix: on the own office's part, and on its round."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.test import Client

from tests.engines.rounds.sample import (
    DAY,
    KIND,
    because,
    chosen,
    confirmed,
    entered,
    items_of,
    opened,
    part_of,
    planned,
    today,
)
from tests.matrix import Specimen
from tests.world import Town
from yakuba.engines.rounds import actions, store
from yakuba.engines.rounds.models import OfficePart, Round
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import FiscalYear

WHY = "理由の文です。"


def nothing(_town: Town, _subject: object) -> NoData:
    return NoData()


def why(_town: Town, _subject: object) -> actions.Because:
    return actions.Because(WHY)


def own_part(town: Town) -> OfficePart:
    return part_of(opened(town), town.offices["own"])


def of_round(part: OfficePart) -> Round:
    return Round.unscoped.get(pk=part.round_id)


def collected(town: Town) -> Round:
    """Every office has answered; the round is collected."""
    round_ = opened(town)
    actions.collect(town.ctx("plan_secretariat"), round_, NoData())
    return Round.unscoped.get(pk=round_.pk)


def decided(town: Town) -> Round:
    """Two items of the own office are decided."""
    part = confirmed(town)
    round_ = of_round(part)
    actions.accept(town.ctx("plan_secretariat", "other"), round_, chosen(items_of(part)))
    decide(town, part)
    return of_round(part)


def decide(town: Town, part: OfficePart) -> None:
    """What a body's decision does with items, in the action of another room."""
    store.move_many(town.ctx("plan_secretariat", "other").begin(), items_of(part), "decide")


def inapplicable(town: Town) -> OfficePart:
    part = own_part(town)
    actions.not_applicable(town.ctx("plan_editor"), part, actions.Because(WHY))
    return OfficePart.unscoped.get(pk=part.pk)


def asking(town: Town) -> OfficePart:
    part = own_part(town)
    actions.ask_extension(town.ctx("plan_editor"), part, actions.AskExtension(today() + 20 * DAY, WHY))
    return OfficePart.unscoped.get(pk=part.pk)


def late(town: Town) -> OfficePart:
    """The own office's part a day before its day."""
    return part_of(opened(town, due=today() + DAY), town.offices["own"])


def of_own(round_: Round) -> OfficePart:
    """The part of the round's secretariat, which is the own office."""
    return OfficePart.unscoped.get(round=round_, office=round_.office_id)


# --- pages ------------------------------------------------------------------------------------------------------------
Send = Callable[[Client, Town, OfficePart], HttpResponse]


def on_part(do: str, *, with_items: bool = False, **fields: str) -> Send:
    def send(client: Client, town: Town, part: OfficePart) -> HttpResponse:
        data: dict[str, object] = {"do": do, **fields}
        if with_items:
            data["item"] = [str(one.pk) for one in items_of(part)]
        return client.post(f"/{town.ref.code}/desk/rounds/{part.round_id}/offices/{part.pk}/act/", data)

    return send


def on_round(do: str, **fields: str) -> Callable[[Client, Town, Round], HttpResponse]:
    def send(client: Client, town: Town, round_: Round) -> HttpResponse:
        data = {"do": do, "version": str(round_.version), **fields}
        return client.post(f"/{town.ref.code}/desk/rounds/{round_.pk}/act/", data)

    return send


def on_items(do: str, **fields: str) -> Callable[[Client, Town, Round], HttpResponse]:
    def send(client: Client, town: Town, round_: Round) -> HttpResponse:
        data = {"do": do, "item": [str(one.pk) for one in items_of(of_own(round_))], **fields}
        return client.post(f"/{town.ref.code}/desk/rounds/{round_.pk}/items/act/", data)

    return send


def edits(do: str, **fields: str) -> Callable[[Client, Town, Round], HttpResponse]:
    def send(client: Client, town: Town, round_: Round) -> HttpResponse:
        data = {"do": do, "version": str(round_.version), **fields}
        return client.post(f"/{town.ref.code}/desk/rounds/{round_.pk}/edit/", data)

    return send


def plan_data(town: Town, _subject: None) -> actions.PlanRound:
    return actions.PlanRound(
        kind=KIND,
        year=FiscalYear.of(today()),
        phase="none",
        title="見本の照会",
        letter="回答してください。",
        office=str(town.offices["own"].pk),
        office_due=today() + 10 * DAY,
    )


def plans(client: Client, town: Town, _subject: None) -> HttpResponse:
    data = {
        "kind": KIND,
        "year": "令和8年度",
        "phase": "none",
        "title": "見本の照会",
        "letter": "回答してください。",
        "office": str(town.offices["own"].pk),
        "office_due": "2999-04-10",
        "remind_every": "7",
    }
    return client.post(f"/{town.ref.code}/desk/rounds/new/", data)


def hands_over(client: Client, town: Town, round_: Round) -> HttpResponse:
    return on_items("hand_over", office=str(town.offices["other"].pk))(client, town, round_)


LATER = (today() + 30 * DAY).isoformat()

SPECIMENS = {
    "rounds.plan": Specimen(lambda _town: None, plan_data, plans),
    "rounds.describe": Specimen(
        planned,
        lambda _town, _subject: actions.Describe(title="改めた件名", letter="改めた文"),
        edits("words", title="改めた件名", letter="改めた文", remind_every="7"),
    ),
    "rounds.set_days": Specimen(
        planned,
        lambda _town, _subject: actions.Days(office_due=today() + 30 * DAY),
        edits("days", office_due=LATER),
    ),
    "rounds.open": Specimen(planned, nothing, on_round("open")),
    "rounds.call_off": Specimen(planned, why, on_round("call_off", reason=WHY)),
    "rounds.collect": Specimen(opened, nothing, on_round("collect")),
    "rounds.set_back": Specimen(collected, why, on_round("set_back", reason=WHY)),
    "rounds.close": Specimen(
        collected,
        lambda _town, _subject: actions.Close(unfinished=True, reason=WHY),
        on_round("close", unfinished="1", reason=WHY),
    ),
    "rounds.enter": Specimen(
        own_part, lambda _town, part: chosen(items_of(part)), on_part("enter", with_items=True)
    ),
    "rounds.take_back": Specimen(
        entered, lambda _town, part: chosen(items_of(part)), on_part("take_back", with_items=True)
    ),
    "rounds.mark_not_applicable": Specimen(
        own_part,
        lambda _town, part: because(items_of(part)),
        on_part("mark_not_applicable", with_items=True, reason=WHY),
    ),
    "rounds.not_applicable": Specimen(own_part, why, on_part("not_applicable", reason=WHY)),
    "rounds.applicable_after_all": Specimen(inapplicable, nothing, on_part("applicable_after_all")),
    "rounds.confirm": Specimen(
        entered, lambda _town, part: chosen(items_of(part)), on_part("confirm", with_items=True)
    ),
    "rounds.send_back": Specimen(
        entered,
        lambda _town, part: because(items_of(part)),
        on_part("send_back", with_items=True, reason=WHY),
    ),
    "rounds.ask_extension": Specimen(
        own_part,
        lambda _town, _part: actions.AskExtension(today() + 20 * DAY, WHY),
        on_part("ask_extension", until=LATER, reason=WHY),
    ),
    "rounds.write_note": Specimen(
        own_part, lambda _town, _part: actions.Note("遅れます。"), on_part("write_note", note="遅れます。")
    ),
    "rounds.accept": Specimen(
        lambda town: of_round(confirmed(town)),
        lambda _town, round_: chosen(items_of(of_own(round_))),
        on_items("accept"),
    ),
    "rounds.return": Specimen(
        lambda town: of_round(confirmed(town)),
        lambda _town, round_: because(items_of(of_own(round_))),
        on_items("return", reason=WHY),
    ),
    "rounds.reopen": Specimen(
        decided,
        lambda _town, round_: because(items_of(of_own(round_))),
        on_items("reopen", reason=WHY),
    ),
    "rounds.hand_over": Specimen(
        opened,
        lambda town, round_: actions.HandOver(
            [str(one.pk) for one in items_of(of_own(round_))], str(town.offices["other"].pk)
        ),
        hands_over,
    ),
    "rounds.grant_extension": Specimen(
        asking,
        lambda _town, _part: actions.GrantExtension(today() + 20 * DAY),
        on_part("grant_extension", until=LATER),
    ),
    "rounds.refuse_extension": Specimen(asking, why, on_part("refuse_extension", reason=WHY)),
    "rounds.remind_now": Specimen(own_part, nothing, on_part("remind_now")),
    "rounds.remind": Specimen(late, nothing),
}
