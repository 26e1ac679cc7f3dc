"""Minutes, papers, reports, and what the public may read."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.engines.approval.sample import assign, person_of
from tests.engines.bodies.sample import (
    chaired,
    decided,
    held,
    item_of,
    made_body,
    minuted,
    outside,
    planned,
    staffed,
    written,
)
from tests.kernel.files.samples import pdf
from tests.world import Town
from yakuba.engines.bodies import actions, documents, printing, public
from yakuba.engines.bodies.checking import check
from yakuba.engines.bodies.models import AgendaItem, Meeting, Minutes, Report
from yakuba.engines.publishing.queries import standing_of
from yakuba.kernel.actions import NoData, Problem, Problems
from yakuba.kernel.dates import clock, japan_date
from yakuba.kernel.files import store as files
from yakuba.kernel.trail import vouching


@pytest.fixture(scope="module")
def world(module_db: None) -> Town:
    return staffed()


@pytest.fixture(autouse=True)
def fresh(db: None, settings, tmp_path: Path) -> None:
    """Each test is a savepoint in the module's world; its files lie in a folder of their own."""
    settings.HOME = tmp_path


def text_of(data: bytes) -> str:
    """All that a PDF says, without spaces."""
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


def test_who_wrote_never_confirms_and_whoever_presided_does(world: Town) -> None:
    body = chaired(world)
    meeting = decided(world, body)
    writer = world.account("plan_secretariat", "own")
    ctx = world.ctx("plan_secretariat")
    minutes = actions.write_minutes(ctx, meeting, actions.Written("full", "あいさつ"))
    minutes = actions.propose_minutes(ctx, minutes, NoData())
    seat = Meeting.unscoped.get(pk=meeting.pk).seat
    assert seat is not None
    assert seat.post is not None
    assign(world, person_of(writer), seat.post)
    with pytest.raises(Problem, match="書いた人は"):
        actions.confirm_minutes(world.ctx("plan_secretariat"), minutes, NoData())
    done = actions.confirm_minutes(world.ctx("staff"), minutes, NoData())
    assert done.confirmed_by == person_of(world.account("staff", "own"))
    assert Meeting.unscoped.get(pk=meeting.pk).state == "minuted"
    with files.open(done.file) as stream:
        said = text_of(stream.read())
    for words in (
        "見本の議題",
        "原案のとおり決定",
        "あいさつ",
        "見本本部長",
        "過半数（委員2人、出席2人、必要2人）",
    ):
        assert words in said, words


def test_what_was_confirmed_is_vouched_for_and_corrected_beside_it(world: Town) -> None:
    meeting = minuted(world, chaired(world))
    first = Minutes.unscoped.get(meeting=meeting)
    assert not [found for found in vouching.check() if str(first.pk) in str(found)]
    ctx = world.ctx("plan_secretariat")
    actions.reopen_minutes(ctx, meeting, actions.Reason("日付の誤り"))
    again = Minutes.unscoped.get(meeting=meeting, number=2)
    assert (again.state, again.opening, first.state) == ("draft", "あいさつ", "confirmed")
    meeting = Meeting.unscoped.get(pk=meeting.pk)
    assert meeting.state == "held"
    again = actions.write_minutes(ctx, meeting, actions.Written("full", "直したあいさつ"))
    again = actions.propose_minutes(ctx, again, NoData())
    actions.confirm_minutes(world.ctx("staff"), again, NoData())
    kept = Minutes.unscoped.get(pk=first.pk)
    assert kept.shown["opening"] == ["あいさつ"]
    assert kept.file == first.file


def test_a_state_that_no_move_led_to_is_found(world: Town) -> None:
    meeting = held(world, chaired(world))
    assert not list(check())
    Meeting.unscoped.filter(pk=meeting.pk).update(state="minuted")
    (found,) = check()
    assert (found.code, found.subject) == ("meeting_state", str(meeting))


def test_minutes_wait_for_every_decision_and_go_back_with_words(world: Town) -> None:
    ctx = world.ctx("plan_secretariat")
    meeting = held(world, chaired(world))
    minutes = actions.write_minutes(ctx, meeting, actions.Written("summary"))
    with pytest.raises(Problem, match="見本の議題"):
        actions.propose_minutes(ctx, minutes, NoData())
    waiting = written(world, chaired(world))
    back = actions.return_minutes(world.ctx("staff"), waiting, actions.Reason("出席者を確かめて"))
    assert (back.state, back.returned) == ("draft", "出席者を確かめて")
    with pytest.raises(Problem, match="作成中"):
        actions.confirm_minutes(world.ctx("staff"), back, NoData())


def test_papers_are_one_pdf_with_numbers_through(world: Town) -> None:
    ctx = world.ctx("plan_secretariat")
    meeting = planned(world, chaired(world))
    item = item_of(meeting)
    data = actions.AttachPaper("図面", files.put(pdf(pages=2)), "zumen.pdf", 2)
    actions.attach_paper(ctx, item, data)
    shown, behind = documents.papers(ctx, meeting)
    assert [title for title, _pk in behind] == ["資料1　図面"]
    made = printing.papers(shown, [("資料1　図面", pdf(pages=2))])
    reader = PdfReader(io.BytesIO(made))
    own = len(reader.pages) - 2
    ends = ["".join(page.extract_text().split()) for page in reader.pages]
    assert all(text.endswith(f"{place}/{own + 2}") for place, text in enumerate(ends, start=1))
    assert f"資料1図面（{own + 1}ページから）" in "".join(ends)
    assert reader.root_object["/MarkInfo"]["/Marked"]


def test_a_report_tells_of_chosen_decisions_and_ends_the_course(world: Town) -> None:
    ctx = world.ctx("plan_secretariat")
    meeting = minuted(world, chaired(world))
    today = japan_date(clock.now())
    with pytest.raises(Problem, match="1つ以上"):
        actions.report(ctx, meeting, actions.Reported("みほん市長", today, []))
    made = actions.report(ctx, meeting, actions.Reported("みほん市長", today, [str(item_of(meeting).pk)]))
    assert Meeting.unscoped.get(pk=meeting.pk).state == "reported"
    with files.open(Report.unscoped.get(pk=made.pk).file) as stream:
        said = text_of(stream.read())
    assert "みほん市長様" in said
    assert "原案のとおり決定" in said
    # What was reported wrongly is corrected as well.
    again = actions.reopen_minutes(ctx, Meeting.unscoped.get(pk=meeting.pk), actions.Reason("誤記"))
    assert again.state == "held"


def test_the_public_reads_posts_and_no_names(world: Town) -> None:
    ctx = world.ctx("plan_secretariat")
    meeting = minuted(world, chaired(world))
    item = item_of(meeting)
    name = person_of(world.account("staff", "own")).name
    named = actions.Released([{"item": str(item.pk), "text": f"{name[:2]} {name[2:]}本部長が説明した。"}])
    with pytest.raises(Problems, match="職の名前で"):
        actions.release_minutes(ctx, meeting, named)
    numbered = actions.Released([{"item": str(item.pk), "text": "申請者（1234-5678-9018）の件を説明した。"}])
    with pytest.raises(Problems, match="12桁の数字"):
        actions.release_minutes(ctx, meeting, numbered)
    told = actions.Released([{"item": str(item.pk), "text": "本部長が説明した。"}])
    actions.release_minutes(ctx, meeting, told)
    standing = standing_of(world.ctx("public"), public.KIND, meeting.pk)
    assert standing is not None
    assert name not in str(standing.head)
    assert standing.head["count"] == "委員2人のうち出席2人"
    with pytest.raises(Problem, match="正誤の説明"):
        actions.release_minutes(ctx, Meeting.unscoped.get(pk=meeting.pk), told)
    actions.withdraw_minutes(ctx, Meeting.unscoped.get(pk=meeting.pk), actions.Withdrawn("誤りがあったため"))
    assert standing_of(world.ctx("public"), public.KIND, meeting.pk) is None


def test_who_wrote_minutes_notes_no_signature_below_them(world: Town) -> None:
    body = made_body(world)
    outside(world, body, "chair")
    minutes, signed = written(world, body), actions.Signed(japan_date(clock.now()))
    with pytest.raises(Problem, match="議事録を書いた人は"):
        actions.confirm_on_paper(world.ctx("plan_secretariat"), minutes, signed)
    actions.confirm_on_paper(world.ctx("plan_secretariat", "other"), minutes, signed)
    assert Minutes.unscoped.get(pk=minutes.pk).state == "confirmed"


def test_the_letter_names_members_day_and_agenda(world: Town) -> None:
    ctx = world.ctx("plan_secretariat")
    meeting = planned(world, chaired(world))
    said = text_of(printing.letter(documents.letter(ctx, meeting, None)))
    assert "見本庁舎3階" in said
    assert "見本の議題" in said
    assert person_of(world.account("staff", "own")).name in said
    assert AgendaItem.unscoped.filter(meeting=meeting).count() == 1
