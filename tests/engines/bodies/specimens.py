"""How each action of bodies is tried in the permission matrix. Members reach what is theirs by seats: here the own staff's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.engines.bodies.sample import (
    HOUR,
    KIND,
    SUBJECT,
    attended,
    called,
    chaired,
    decided,
    held,
    item_of,
    made_body,
    minuted,
    outside,
    planned,
    seated,
    written,
)
from tests.kernel.files.samples import pdf
from tests.matrix import Specimen
from tests.world import Town
from yakuba.engines.bodies import actions
from yakuba.engines.bodies.actions.meetings import ItemAnswered
from yakuba.engines.bodies.models import AgendaItem, Body, Guest, Meeting, Minutes, Paper, Seat
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import clock, format_date, japan_date
from yakuba.kernel.files import store as files


def nothing(_town: Town, _subject: object) -> NoData:
    return NoData()


def reason(_town: Town, _subject: object) -> actions.Reason:
    return actions.Reason("見本の理由")


def facts(town: Town, _subject: object) -> actions.BodyFacts:
    return actions.BodyFacts("見本会議", "council", str(town.offices["own"].pk), dt.date(2021, 4, 1))


def seat_facts(town: Town, _subject: object) -> actions.SeatFacts:
    return actions.SeatFacts("adviser", dt.date(2021, 4, 1), outsider="雛形ゲスト", affiliation="見本大学")


def gathering(_town: Town, _subject: object) -> actions.Gathering:
    return actions.Gathering("in_person", clock.now() + HOUR, place="見本庁舎")


def planned_one(town: Town) -> Meeting:
    return planned(town, chaired(town))


def called_one(town: Town) -> Meeting:
    return called(town, chaired(town))


def held_one(town: Town) -> Meeting:
    return held(town, chaired(town))


def circulating(town: Town) -> Meeting:
    return called(town, chaired(town), way="circular")


def item_one(town: Town) -> AgendaItem:
    return item_of(planned_one(town))


def chair_of(meeting: Meeting) -> Seat:
    return Seat.unscoped.get(body=meeting.body_id, role="chair")


def answers(meeting: Meeting) -> list[ItemAnswered]:
    return [{"item": str(item_of(meeting).pk), "answer": "consent"}]


def waiting_minutes(town: Town) -> Minutes:
    return written(town, chaired(town))


def draft_minutes(town: Town) -> Minutes:
    ctx = town.ctx("plan_secretariat")
    return actions.write_minutes(ctx, decided(town, chaired(town)), actions.Written("full"))


def outside_minutes(town: Town) -> Minutes:
    """Somebody from outside presided; whoever wrote them has left the secretariat since."""
    body = made_body(town)
    outside(town, body, "chair")
    seated(town, body, "member", "見本委員", town.account("auditor", "other"))
    made = written(town, body)
    made.writers = [str(town.account("staff", "other").person_id)]
    made.save(update_fields=["writers"])
    return made


def minuted_one(town: Town) -> Meeting:
    return minuted(town, chaired(town))


def released_one(town: Town) -> Meeting:
    meeting = minuted_one(town)
    actions.release_minutes(town.ctx("plan_secretariat"), meeting, released(town, meeting))
    return Meeting.unscoped.get(pk=meeting.pk)


def released(_town: Town, meeting: Meeting) -> actions.Released:
    return actions.Released([{"item": str(item_of(meeting).pk), "text": "公表する文"}])


def reported(_town: Town, meeting: Meeting) -> actions.Reported:
    return actions.Reported("市長", japan_date(clock.now()), [str(item_of(meeting).pk)])


def seat_to_remove(town: Town) -> Body:
    body = made_body(town)
    seated(town, body, "member", "見本委員")
    return body


def papered(town: Town) -> AgendaItem:
    item = item_one(town)
    actions.attach_paper(town.ctx("plan_secretariat"), item, paper(town, item))
    return AgendaItem.unscoped.get(pk=item.pk)


def paper(_town: Town, _subject: object) -> actions.AttachPaper:
    return actions.AttachPaper("見本の資料", files.put(pdf()), "shiryo.pdf", 1)


def guested(town: Town) -> Meeting:
    meeting = planned_one(town)
    actions.invite(town.ctx("plan_secretariat"), meeting, guest(town, meeting))
    return Meeting.unscoped.get(pk=meeting.pk)


def guest(_town: Town, _subject: object) -> actions.Invite:
    return actions.Invite(name="見本ゲスト", affiliation="株式会社ひながた", concerning="説明のため")


def posts(path: Callable[[Town, object], str], *, fields: Callable[[Town, object], dict[str, object]]):
    """The form of a page below the desk's ``bodies/``."""

    def send(client: Client, town: Town, subject: object) -> HttpResponse:
        given = {"version": str(getattr(subject, "version", "")), **fields(town, subject)}
        return client.post(f"/{town.ref.code}/desk/bodies/{path(town, subject)}", given)

    return send


def at(page: str) -> Callable[[Town, object], str]:
    """A page of a meeting."""
    return lambda _town, one: f"meetings/{one.pk}/{page}"


def act(do: str):
    """A button of a meeting's page."""
    return posts(at("act/"), fields=lambda _town, _one: {"do": do, "reason": "見本の理由"})


def act_minutes(do: str):
    """A button of the page of minutes."""
    return posts(
        lambda _town, one: f"meetings/{one.meeting_id}/minutes/act/",
        fields=lambda _town, _one: {
            "do": do,
            "reason": "見本の理由",
            "signed_on": format_date(japan_date(clock.now())),
        },
    )


def of_item(page: str = "") -> Callable[[Town, object], str]:
    """A page of an item."""
    return lambda _town, item: f"meetings/{item.meeting_id}/items/{item.pk}/{page}"


def typed_facts(town: Town, _subject: object) -> dict[str, object]:
    return {
        "name": "見本会議",
        "kind": "council",
        "office": str(town.offices["own"].pk),
        "valid_from": "2021-04-01",
        "quorum": "majority",
        "proxies_count": "false",
    }


def typed_seat(_town: Town, _subject: object) -> dict[str, object]:
    return {"role": "adviser", "order": "1", "valid_from": "2021-04-01", "outsider": "雛形ゲスト"}


def typed_gathering(_town: Town, _subject: object) -> dict[str, object]:
    return {"way": "in_person", "starts_at": "2999-04-01 10:00", "place": "見本庁舎"}


def typed_answers(_town: Town, one: Meeting) -> dict[str, object]:
    return {f"answer-{item_of(one).pk}": "consent", "answered_on": format_date(japan_date(clock.now()))}


def typed_attendance(_town: Town, one: Meeting) -> dict[str, object]:
    return {f"presence-{seat.pk}": "present" for seat in Seat.unscoped.filter(body=one.body_id)}


def part(find: Callable[[object], object]) -> Callable[[Town, object], actions.Which]:
    """The id of a part of the subject."""
    return lambda _town, subject: actions.Which(str(find(subject)))


SPECIMENS = {
    "bodies.establish": Specimen(
        lambda _town: None, facts, posts(lambda _town, _none: "new/", fields=typed_facts)
    ),
    "bodies.change": Specimen(made_body, facts, posts(lambda _t, one: f"{one.pk}/edit/", fields=typed_facts)),
    "bodies.add_seat": Specimen(
        made_body, seat_facts, posts(lambda _t, one: f"{one.pk}/seats/new/", fields=typed_seat)
    ),
    "bodies.change_seat": Specimen(
        lambda town: seated(town, made_body(town), "member", "見本委員"),
        seat_facts,
        posts(lambda _t, one: f"{one.body_id}/seats/{one.pk}/", fields=typed_seat),
    ),
    "bodies.remove_seat": Specimen(seat_to_remove, part(lambda body: Seat.unscoped.get(body=body).pk)),
    "bodies.plan": Specimen(
        chaired, gathering, posts(lambda _t, one: f"{one.pk}/plan/", fields=typed_gathering)
    ),
    "bodies.replan": Specimen(planned_one, gathering, posts(at("plan/"), fields=typed_gathering)),
    "bodies.call": Specimen(planned_one, nothing, act("call")),
    "bodies.call_back": Specimen(called_one, reason, act("call_back")),
    "bodies.cancel": Specimen(called_one, reason, act("cancel")),
    "bodies.hold": Specimen(
        called_one,
        lambda _town, one: attended(list(Seat.unscoped.filter(body=one.body_id))),
        posts(at("hold/"), fields=typed_attendance),
    ),
    "bodies.unhold": Specimen(held_one, reason, act("unhold")),
    # Whoever has no seat finds no page on which to answer.
    "bodies.answer": Specimen(
        circulating, lambda _town, one: actions.Answers(str(chair_of(one).pk), answers(one))
    ),
    "bodies.enter_answers": Specimen(
        circulating,
        lambda _town, one: actions.EnteredAnswers(
            str(chair_of(one).pk), japan_date(clock.now()), answers(one)
        ),
        posts(lambda _town, one: f"meetings/{one.pk}/answers/{chair_of(one).pk}/", fields=typed_answers),
    ),
    "bodies.add_item": Specimen(
        planned_one,
        lambda _town, _one: actions.AddItem("議題", "report"),
        posts(at("agenda/"), fields=lambda _t, _one: {"title": "議題", "what": "report"}),
    ),
    "bodies.add_matter": Specimen(
        planned_one,
        lambda _town, _one: matter(),
        posts(
            at("agenda/"), fields=lambda _t, _one: {"do": "matter", "matter": KIND, "subject": str(SUBJECT)}
        ),
    ),
    "bodies.change_item": Specimen(
        item_one,
        lambda _town, _one: actions.ChangeItem("直した議題", "decide", 1),
        posts(of_item(), fields=lambda _t, _one: {"title": "直した議題", "what": "decide", "position": "1"}),
    ),
    "bodies.take_off": Specimen(planned_one, part(lambda one: item_of(one).pk)),
    "bodies.attach_paper": Specimen(
        item_one,
        paper,
        posts(
            of_item("attach/"),
            fields=lambda _t, _one: {"file": SimpleUploadedFile("shiryo.pdf", pdf(), "application/pdf")},
        ),
    ),
    "bodies.detach_paper": Specimen(
        papered,
        part(lambda item: Paper.unscoped.get(item=item).pk),
        posts(of_item("detach/"), fields=lambda _t, item: {"part": str(Paper.unscoped.get(item=item).pk)}),
    ),
    "bodies.invite": Specimen(
        planned_one, guest, posts(at("guests/"), fields=lambda _t, _one: {"name": "見本ゲスト"})
    ),
    "bodies.uninvite": Specimen(guested, part(lambda one: Guest.unscoped.get(meeting=one).pk)),
    "bodies.record_decisions": Specimen(
        lambda town: item_of(held_one(town)),
        lambda _town, _one: actions.Decision("adopted"),
        posts(of_item("decide/"), fields=lambda _t, _one: {"choice": "adopted"}),
    ),
    "bodies.write_minutes": Specimen(held_one, lambda _town, _one: actions.Written("summary", "開会")),
    "bodies.propose_minutes": Specimen(draft_minutes, nothing, act_minutes("propose")),
    "bodies.return_minutes": Specimen(waiting_minutes, reason, act_minutes("return")),
    "bodies.confirm_minutes": Specimen(waiting_minutes, nothing, act_minutes("confirm")),
    "bodies.confirm_on_paper": Specimen(
        outside_minutes,
        lambda _town, _one: actions.Signed(japan_date(clock.now())),
        act_minutes("sign"),
    ),
    "bodies.reopen_minutes": Specimen(minuted_one, reason, act("reopen")),
    "bodies.report": Specimen(
        minuted_one,
        reported,
        posts(
            at("report/"),
            fields=lambda _t, one: {
                "addressee": "市長",
                "reported_on": format_date(japan_date(clock.now())),
                "items": str(item_of(one).pk),
            },
        ),
    ),
    "bodies.release_minutes": Specimen(
        minuted_one, released, posts(at("release/"), fields=lambda _t, one: {"items": str(item_of(one).pk)})
    ),
    "bodies.withdraw_minutes": Specimen(
        released_one, lambda _town, _one: actions.Withdrawn("見本の取下げ"), act("withdraw")
    ),
}


def matter() -> actions.AddMatter:
    """What the sample's matter proposes."""
    return actions.AddMatter(KIND, str(SUBJECT))
