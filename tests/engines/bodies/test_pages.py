"""The pages: what stands on them for whom, and what a refused form keeps."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from tests.engines.approval.sample import person_of
from tests.engines.bodies.sample import (
    called,
    chaired,
    decided,
    held,
    item_of,
    minuted,
    outside,
    planned,
    seated,
    staffed,
    written,
)
from tests.engines.bodies.specimens import paper
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.bodies import actions
from yakuba.engines.bodies.models import Meeting, Seat
from yakuba.kernel.trail.models import TrailEntry

HOME = "/990019/desk/bodies/"


@pytest.fixture(scope="module")
def world(module_db: None) -> Town:
    return staffed()


@pytest.fixture(autouse=True)
def fresh(db: None, settings, tmp_path: Path) -> None:
    """Each test is a savepoint in the module's world; its files lie in a folder of their own."""
    settings.HOME = tmp_path


def client_of(town: Town, role: str, office: str = "own") -> Client:
    """Somebody's browser."""
    client = Client()
    sign_in(client, town.account(role, office))
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    """A page's text."""
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def at(meeting: Meeting, more: str = "") -> str:
    return f"{HOME}meetings/{meeting.pk}/{more}"


def test_a_member_finds_the_meeting_among_his_work_and_answers(world: Town) -> None:
    meeting = called(world, chaired(world), way="circular")
    chair, other = client_of(world, "staff", "own"), client_of(world, "staff", "other")
    assert "持ち回りに回答する" in page(chair, "/990019/desk/")
    assert "持ち回りに回答する" in page(chair, HOME)
    assert "持ち回りに回答する" not in page(other, HOME)
    page(other, at(meeting, "answer/"), 404)
    assert "見本の議題" in page(chair, at(meeting, "answer/"))
    item = item_of(meeting)
    form = {f"answer-{item.pk}": "objection", f"words-{item.pk}": ""}
    refused = chair.post(at(meeting, "answer/"), form)
    assert refused.status_code == 422
    assert "異議があるときは、意見を書いてください" in refused.content.decode()
    assert 'value="objection" checked' in refused.content.decode()
    done = chair.post(at(meeting, "answer/"), {**form, f"words-{item.pk}": "時期が早い"})
    assert done.status_code == 303
    assert "時期が早い" in page(chair, at(meeting))
    assert "時期が早い" not in page(other, at(meeting)), "what members say is for members and the secretariat"


def test_staff_read_the_agenda_and_the_decision_but_no_papers(world: Town) -> None:
    meeting = planned(world, chaired(world))
    secretariat = world.ctx("plan_secretariat")
    made = actions.attach_paper(secretariat, item_of(meeting), paper(world, None))
    other, chair = client_of(world, "staff", "other"), client_of(world, "staff", "own")
    assert "見本の議題" in page(other, at(meeting))
    text = page(other, at(meeting, f"items/{item_of(meeting).pk}/"))
    assert "説明の文" not in text
    assert "見本の資料" not in text
    page(other, at(meeting, "papers.pdf"), 403)
    page(other, f"{HOME}papers/{made.pk}/", 404)
    assert "説明の文" in page(chair, at(meeting, f"items/{item_of(meeting).pk}/"))
    whole = chair.get(at(meeting, "papers.pdf"))
    assert len(PdfReader(io.BytesIO(whole.content)).pages) >= 3
    alone = chair.get(f"{HOME}papers/{made.pk}/")
    assert b"".join(alone.streaming_content).startswith(b"%PDF-")
    alone.close()


def test_the_form_of_attendance_keeps_what_was_typed(world: Town) -> None:
    body = chaired(world)
    meeting = called(world, body)
    client = client_of(world, "plan_secretariat")
    chair, member = (Seat.unscoped.get(body=body, role=role) for role in ("chair", "member"))
    form = {"version": meeting.version, f"presence-{chair.pk}": "absent", f"presence-{member.pk}": "proxy"}
    refused = client.post(at(meeting, "hold/"), form)
    text = refused.content.decode()
    assert refused.status_code == 422
    assert f'href="#id_proxy-{member.pk}"' in text
    assert 'value="absent" selected' in text
    form[f"proxy-{member.pk}"] = "課長補佐"
    refused = client.post(at(meeting, "hold/"), form)
    assert "議長になる人がいません" in refused.content.decode()
    form[f"presence-{chair.pk}"] = "present"
    assert client.post(at(meeting, "hold/"), form).status_code == 303
    assert Meeting.unscoped.get(pk=meeting.pk).state == "held"


def test_one_thing_comes_next(world: Town) -> None:
    """From the agenda to the report, each page of the secretariat says what to do, and the presider's says what is his."""
    client, chair = client_of(world, "plan_secretariat"), client_of(world, "staff")
    for made, says in (
        (planned(world, chaired(world)), "招集する"),
        (called(world, chaired(world)), "出欠を記録する"),
        (held(world, chaired(world)), "決定を記録する"),
        (decided(world, chaired(world)), "議事録を書く"),
        (minuted(world, chaired(world)), "結果を報告する"),
    ):
        text = page(client, at(made))
        assert text.count('class="button filled"') == 1, says
        assert says in text.split('class="button filled"')[1][:400], says
        assert 'class="button filled"' not in page(chair, at(made))
    waiting = written(world, chaired(world))
    assert "議事録を確認する" in page(chair, at(waiting.meeting))
    assert "議事録を確定する" in page(chair, at(waiting.meeting, "minutes/"))
    assert 'class="button filled"' not in page(client, at(waiting.meeting))


def test_whoever_presided_is_told_that_others_write(world: Town) -> None:
    body = chaired(world)
    Seat.unscoped.filter(body=body, role="chair").update(
        post=None, person=person_of(world.account("plan_secretariat", "own"))
    )
    meeting = decided(world, body)
    client = client_of(world, "plan_secretariat", "own")
    assert "書くのはほかの職員です" in page(client, at(meeting, "minutes/"))
    refused = client.post(at(meeting, "minutes/"), {"version": meeting.version, "form": "full"})
    assert refused.status_code == 422
    other = client_of(world, "plan_secretariat", "other")
    form = {"version": meeting.version, "form": "full", "do": "propose"}
    assert other.post(at(meeting, "minutes/"), form).status_code == 303
    assert "議事録を確定する" in page(client, at(meeting, "minutes/"))


def test_lists_and_their_files(world: Town) -> None:
    meeting = decided(world, chaired(world))
    client = client_of(world, "staff", "other")
    for address in ("", "meetings/", "decisions/", f"{meeting.body_id}/"):
        assert meeting.body.name in page(client, f"{HOME}{address}")
    for name in ("bodies", "meetings", "decisions", f"{meeting.body_id}/seats"):
        sheet = client.get(f"{HOME}{name}.csv")
        assert sheet.status_code == 200
        assert b"".join(sheet.streaming_content).count(b"\n") > 1, name
    assert "原案のとおり決定" in page(client, f"{HOME}decisions/?q=原案")
    assert "条件に合うものがありません" in page(client, f"{HOME}decisions/?q=ほかの言葉")


def test_the_public_reads_what_was_released_until_it_is_taken_back(world: Town) -> None:
    meeting = minuted(world, chaired(world))
    anybody, client = Client(), client_of(world, "plan_secretariat")
    address = f"/990019/meetings/{meeting.pk}/"
    page(anybody, address, 404)
    item = item_of(meeting)
    form = {"version": meeting.version, "items": str(item.pk), f"text-{item.pk}": "公表する文"}
    assert client.post(at(meeting, "release/"), form).status_code == 303
    assert meeting.body.name in page(anybody, "/990019/meetings/")
    answer = anybody.get(address)
    text = answer.content.decode()
    assert "公表する文" in text
    assert "見本本部長" in text
    assert person_of(world.account("staff", "own")).name not in text
    assert anybody.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert "会議の概要を読む" in page(anybody, "/990019/")
    meeting = Meeting.unscoped.get(pk=meeting.pk)
    client.post(at(meeting, "act/"), {"do": "withdraw", "reason": "誤りがあった", "version": meeting.version})
    assert "誤りがあった" in page(anybody, address, 410)


def test_reading_minutes_is_in_the_trail(world: Town) -> None:
    minutes = written(world, chaired(world))
    before = TrailEntry.unscoped.filter(kind="read", action="bodies.minutes").count()
    page(client_of(world, "staff"), at(minutes.meeting, "minutes/"))
    assert TrailEntry.unscoped.filter(kind="read", action="bodies.minutes").count() == before + 1


def test_a_page_asks_as_often_for_many_as_for_few(world: Town) -> None:
    """Members by post, in person and from outside; items with papers; guests."""
    secretariat = world.ctx("plan_secretariat")
    client = client_of(world, "plan_secretariat")
    asked = []
    for many in (1, 6):
        body = chaired(world)
        for number in range(many):
            seated(world, body, "member", f"見本席{number}", world.account("office_head", "own"))
            outside(world, body, "adviser", f"様式ゲスト{number}")
        actions.add_seat(
            secretariat,
            body,
            actions.SeatFacts(
                "observer", dt.date(2020, 4, 1), person=str(person_of(world.account("auditor", "own")).pk)
            ),
        )
        meeting = planned(world, body)
        for number in range(many):
            item = actions.add_item(secretariat, meeting, actions.AddItem(f"議題{number}", "decide"))
            actions.attach_paper(secretariat, item, paper(world, None))
            actions.invite(secretariat, meeting, actions.Invite(name=f"呼ぶ人{number}"))
        page(client, at(meeting))  # what a process asks once
        counts = []
        for address in (at(meeting), f"{HOME}{body.pk}/", HOME, at(meeting, f"items/{item_of(meeting).pk}/")):
            with CaptureQueriesContext(connection) as found:
                page(client, address)
            counts.append(len(found))
        asked.append(counts)
    assert asked[0] == asked[1]
    assert max(asked[0]) < 45
