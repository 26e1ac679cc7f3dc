"""Notices: what they say, their issue, and their way to the applicant."""

from __future__ import annotations

import datetime as dt
import io
import re

import pdfplumber
import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.casework import papers
from tests.engines.casework.specimens import checking, decided
from tests.engines.casework.test_protection import body_of, client_of, held_case, register
from tests.engines.casework.trying import HEARD, REMEDIES
from tests.world import Town
from yakuba.engines.casework import actions, store
from yakuba.engines.casework.models import Case, Disposition, Notice, NumberBook
from yakuba.engines.casework.notices import printing, queries, rules
from yakuba.engines.casework.schedules import have_printed
from yakuba.engines.casework.subscriptions import go_on
from yakuba.engines.protection.models import Hold
from yakuba.engines.protection.store import Held
from yakuba.kernel.actions import NoData, Problem
from yakuba.kernel.dates import is_business_day
from yakuba.kernel.outbox.schedules import Due
from yakuba.kernel.trail.models import TrailEntry, TrailPayload

FULL = (
    "この決定に不服があるときは、決定があったことを知った日の翌日から数えて3か月以内に、みほん市長に審査請求をすることができます。\n"
    "また、6か月以内に、みほん市を被告として（みほん市を代表する者はみほん市長です）決定の取消しの訴えを起こすことができます。"
)
database = pytest.mark.django_db


def text_of(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return "\n".join(page.extract_text() for page in opened.pages).replace(" ", "")


def paper(notice: Notice) -> bytes:
    return queries.paper_of(queries.known(papers_ctx(notice), notice.pk) or notice)


def papers_ctx(notice: Notice):
    from yakuba.kernel.access.pages import system_context

    return system_context("test", notice.municipality.ref)


# --- rules ----------------------------------------------------------------------------------------------------------


def test_a_refusal_says_that_it_is_one_whatever_a_grant_is_called() -> None:
    assert rules.title_of("鑑札交付通知書", "犬の登録", "application", "granted") == "鑑札交付通知書"
    assert rules.title_of("鑑札交付通知書", "犬の登録", "application", "refused") == "犬の登録　不承認通知書"
    assert rules.title_of("", "埋蔵文化財の照会", "inquiry", "answered") == "埋蔵文化財の照会　回答書"


@pytest.mark.parametrize("kind", ["application", "request", "subsidy", "inquiry", "booking", "notification"])
def test_the_body_tells_decision_reasons_and_conditions(kind: str) -> None:
    told = rules.Decided("refused", "不承認", "登録しない。", "市外のため。", "なし")
    body = rules.body_of(kind, "犬の登録", dt.date(2026, 11, 2), "狂犬病予防法第4条", told)
    assert body.startswith("令和8年11月2日付けで")
    for part in ("犬の登録", "登録しない。", "2　理由", "市外のため。", "3　条件"):
        assert part in body
    assert ("狂犬病予防法第4条の規定により" in body) == (kind in {"application", "request", "subsidy"})
    assert body.splitlines()[-1] == "以上"


def test_empty_parts_are_left_out_and_the_rest_is_counted() -> None:
    body = rules.body_of(
        "application", "犬の登録", dt.date(2026, 11, 2), "", rules.Decided(conditions="年1回の注射")
    )
    assert "1　条件" in body
    assert "理由" not in body


def test_remedies_that_name_everything_lack_nothing() -> None:
    assert rules.lacks_of_remedies(FULL) == ()


@pytest.mark.parametrize(
    ("text", "lack"),
    [
        ("", "審査請求"),
        (FULL.replace("3か月", "30日"), "3か月"),
        (FULL.replace("6か月", "3か月"), "6か月"),
        (FULL.replace("被告", "相手"), "被告"),
        (FULL.replace("みほん市長に審査請求", "審査請求"), "どこに"),
    ],
)
def test_what_remedies_lack_is_named(text: str, lack: str) -> None:
    assert any(lack in one for one in rules.lacks_of_remedies(text))


@pytest.mark.parametrize("term", ["３か月", "三箇月", "3カ月", "3ヶ月", "三月"])
def test_a_term_may_be_written_in_many_ways(term: str) -> None:
    assert not any("3か月" in one for one in rules.lacks_of_remedies(FULL.replace("3か月", term)))


@given(st.dates(dt.date(2020, 1, 1), dt.date(2035, 1, 1)), st.integers(0, 30))
def test_a_notice_waits_that_many_business_days(day: dt.date, days: int) -> None:
    after = rules.print_after(day, days)
    between = [day + dt.timedelta(n) for n in range(1, (after - day).days)]
    assert sum(is_business_day(one) for one in between) == days
    assert is_business_day(after)


@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_is_written_prints(body: str, remedies: str) -> None:
    made = printing.letter(
        printing.Letter("通知書", "見本　様", body, remedies, "みほん市長", "担当　見本課")
    )
    assert made.startswith(b"%PDF-")


# --- issuing --------------------------------------------------------------------------------------------------------


@database
def test_an_issued_notice_has_number_day_and_rare_characters(mihon: Town) -> None:
    notice = papers.issued(mihon)
    assert notice.document_number.endswith("見本課第1号")
    assert notice.state == "released"
    assert notice.case.state == "notified"
    text = text_of(paper(notice))
    for part in (
        notice.document_number,
        "髙﨑",
        "𠮷男",
        "みほん市長",
        "（公印省略）",
        "登録する。",
        "見本課",
    ):
        assert part.replace(" ", "") in text
    assert notice.file is not None
    assert notice.digest == notice.file.sha256
    assert notice.file.file_class == "personal"
    assert notice.file.retention_class == "5"


@database
def test_an_issued_notice_is_set_in_mincho_and_tagged(mihon: Town) -> None:
    made = paper(papers.issued(mihon))
    with pdfplumber.open(io.BytesIO(made)) as opened:
        fonts = {char["fontname"].partition("+")[2] for page in opened.pages for char in page.chars}
        assert opened.doc.catalog["MarkInfo"]["Marked"] is True
    assert any("Mincho" in name for name in fonts)
    assert not any("Gothic" in name for name in fonts)
    assert b"pdfuaid:part>1<" in made.replace(b" ", b"")


@database
def test_a_seal_is_used_by_the_issue_alone_and_noted(mihon: Town) -> None:
    seal = papers.seal(mihon)
    notice = papers.draft(mihon)
    before = printing.letter(
        queries.letter_of(queries.notice(mihon.ctx("case_worker"), notice.pk), b"", "見本")
    )
    assert b"/Subtype/Image" not in before.replace(b" ", b"")
    data = papers.issue_data(mihon, sealing="image", seal=str(seal.pk))
    notice = actions.issue_notice(mihon.ctx("case_worker"), notice, data)
    assert notice.seal == seal
    assert b"/Image" in paper(notice)
    assert "公印省略" not in text_of(paper(notice))
    entry = TrailEntry.unscoped.get(action="casework.issue_notice", kind="done")
    assert str(seal.pk) in str(TrailPayload.unscoped.get(entry=entry).text)


@database
@pytest.mark.parametrize(
    "wrong",
    [
        {"authority": "education"},
        {"valid_to": dt.date(2021, 3, 31)},
        {"valid_from": dt.date(2999, 1, 1)},
    ],
)
def test_a_seal_of_another_body_or_time_is_refused(mihon: Town, wrong: dict[str, object]) -> None:
    seal = papers.seal(mihon, **wrong)
    with pytest.raises(Problem) as problem:
        papers.issued(mihon, sealing="image", seal=str(seal.pk))
    assert problem.value.field == "seal"


@database
def test_a_typed_number_is_taken_once(mihon: Town) -> None:
    papers.issued(mihon, document_number="環第5号")
    with pytest.raises(Problem) as problem:
        papers.issued(mihon, document_number="環第5号")
    assert problem.value.field == "document_number"


@database
def test_the_authority_may_keep_one_book_for_all(mihon: Town) -> None:
    book = papers.book(mihon)
    NumberBook.unscoped.filter(pk=book.pk).update(office=None, pattern="みほん市指令第{n}号")
    assert papers.issued(mihon).document_number == "みほん市指令第7号"


@database
def test_a_trial_takes_no_number(mihon: Town) -> None:
    case = decided(mihon)
    Case.unscoped.filter(pk=case.pk).update(test=True)
    assert papers.issued(mihon, case).document_number.startswith("試行-")
    assert not NumberBook.unscoped.filter(book="document").exists()


@database
@pytest.mark.parametrize("days", [-1, 1])
def test_the_day_of_issue_lies_between_decision_and_today(mihon: Town, days: int) -> None:
    with pytest.raises(Problem) as problem:
        papers.issued(mihon, issued_on=papers.today(mihon) + dt.timedelta(days))
    assert problem.value.field == "issued_on"


@database
def test_nothing_is_written_before_the_decision(mihon: Town) -> None:
    with pytest.raises(Problem):
        papers.draft(mihon, checking(mihon))


@database
def test_a_refusal_needs_reasons_and_remedies(mihon: Town) -> None:
    worker = mihon.ctx("case_worker")
    without = papers.draft(mihon, papers.refused(mihon), remedies=FULL)
    with pytest.raises(Problem) as problem:
        actions.issue_notice(worker, without, papers.issue_data(mihon))
    assert problem.value.field == "body"

    body = f"{papers.BODY}\n2　理由\n　　市外のため。"
    silent = papers.draft(mihon, papers.refused(mihon), body=body)
    with pytest.raises(Problem) as problem:
        actions.issue_notice(worker, silent, papers.issue_data(mihon))
    assert problem.value.field == "remedies"

    thin = papers.draft(mihon, papers.refused(mihon), body=body, remedies="市長に審査請求ができます。")
    with pytest.raises(Problem) as problem:
        actions.issue_notice(worker, thin, papers.issue_data(mihon))
    assert problem.value.field == "asked"
    assert actions.issue_notice(worker, thin, papers.issue_data(mihon, asked=True)).state == "released"

    why = "名簿への登載は処分ではないため。"
    HEARD.no_remedies[silent.case_id] = why
    assert why not in text_of(paper(actions.issue_notice(worker, silent, papers.issue_data(mihon))))

    whole = papers.draft(mihon, papers.refused(mihon), body=body, remedies=FULL)
    issued = actions.issue_notice(worker, whole, papers.issue_data(mihon))
    assert "教示" in text_of(paper(issued))


@database
def test_an_issued_notice_never_changes(mihon: Town) -> None:
    notice = papers.issued(mihon)
    for change in ({"document_number": "別第1号"}, {"title": "別"}, {"remedies": "別"}, {"digest": "0" * 64}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Notice.unscoped.filter(pk=notice.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Notice.unscoped.filter(pk=notice.pk).delete()
    with pytest.raises(Problem):
        actions.issue_notice(mihon.ctx("case_worker"), notice, papers.issue_data(mihon))


@database
def test_a_draft_changes_and_goes(mihon: Town) -> None:
    notice = papers.draft(mihon)
    again = papers.draft(mihon, notice.case, title="直した通知書")
    assert again.pk == notice.pk
    actions.discard_notice(mihon.ctx("case_worker"), again.case, NoData())
    assert not Notice.unscoped.exists()


# --- the way to the applicant ---------------------------------------------------------------------------------------


@database
def test_who_takes_it_on_paper_stands_in_the_list_to_be_printed(mihon: Town) -> None:
    notice = papers.to_print(mihon)
    assert (notice.state, notice.case.state) == ("to_print", "notified")
    ctx = mihon.ctx("case_worker")
    assert queries.to_print(ctx) == 1
    handed = actions.hand_notice(ctx, notice, actions.Handed("posted", papers.today(mihon)))
    assert (handed.state, queries.to_print(ctx)) == ("posted", 0)
    assert handed.posted_at is not None


@database
def test_who_fetches_it_finds_it_at_the_counter(mihon: Town) -> None:
    notice = papers.issued(mihon, result="counter")
    assert (notice.state, notice.case.state) == ("to_hand", "notified")
    ctx = mihon.ctx("case_worker")
    assert queries.to_print(ctx) == 0, "it is not to be posted"
    client = client_of(mihon, "case_worker")
    here = f"/{mihon.ref.code}/desk/notices/"
    assert notice.addressee in body_of(client.get(f"{here}?view=counter"))
    page = body_of(client.get(f"{here}{notice.pk}/"))
    assert "窓口での受取り" in page
    assert re.search(r'value="handed"[^>]* checked', page), "handing over is what is proposed"
    handed = actions.hand_notice(ctx, notice, actions.Handed("handed", papers.today(mihon)))
    assert handed.state == "handed"


@database
def test_what_nobody_fetches_can_be_posted_after_all(mihon: Town) -> None:
    notice = papers.issued(mihon, result="counter")
    assert actions.print_notice(mihon.ctx("case_worker"), notice, NoData()).state == "to_print"


@database
def test_what_nobody_opened_is_printed_after_its_days(mihon: Town) -> None:
    early, due = papers.issued(mihon), papers.unopened(mihon)
    for _again in range(2):
        have_printed(Due("casework.print_unopened", "2026-11-21", mihon.ctx("cli")))
    early.refresh_from_db()
    due.refresh_from_db()
    assert (early.state, due.state) == ("released", "to_print")


@database
def test_what_was_opened_is_not_printed(mihon: Town) -> None:
    notice = papers.unopened(mihon)
    first = mihon.ctx("cli").now
    actions.notice_opened(mihon.ctx("cli"), notice, actions.OpenedAt(first))
    actions.notice_opened(mihon.ctx("cli"), notice, actions.OpenedAt(first + dt.timedelta(hours=1)))
    have_printed(Due("casework.print_unopened", "2026-11-21", mihon.ctx("cli")))
    notice.refresh_from_db()
    assert (notice.state, notice.opened_at) == ("opened", first)


def held_and_decided(town: Town) -> Case:
    register(town)
    case = held_case(town)
    ctx = town.ctx("cli").begin()
    for step in ("start", "formally_right"):
        store.move(ctx, case, step)
    Disposition.unscoped.create(
        municipality_id=town.ref.id,
        case=case,
        outcome="granted",
        content="登録する。",
        drafted_by="例示",
        drafted_at=ctx.now,
    )
    draft = store.draft_of(case)
    assert draft is not None
    store.move(ctx, case, "settle")
    store.stand(ctx, draft)
    return case


def free(town: Town) -> None:
    """The keeper of 支援措置 releases what stands."""
    Hold.unscoped.update(
        state="released", released_at=town.ctx("cli").now, released_by="例示", release_note="本人に確かめた"
    )


def stop_again() -> None:
    Hold.unscoped.update(state="standing", released_at=None, released_by="", release_note="")


@database
def test_a_hold_stops_every_way_until_it_is_released(mihon: Town) -> None:
    notice = papers.issued(mihon, held_and_decided(mihon))
    worker = mihon.ctx("case_worker")
    assert (notice.state, notice.case.state) == ("issued", "decided")
    for act in (actions.release_notice, actions.print_notice):
        with pytest.raises(Held):
            act(worker, notice, NoData())
    with pytest.raises(Held):
        actions.hand_notice(worker, notice, actions.Handed("handed", papers.today(mihon)))
    page = body_of(client_of(mihon).get(f"/990019/desk/notices/{notice.pk}/"))
    assert "支援措置で止めています" in page

    free(mihon)
    assert actions.release_notice(worker, notice, NoData()).state == "released"
    notice.case.refresh_from_db()
    assert notice.case.state == "notified"


@database
@pytest.mark.parametrize(("resume", "state"), [(True, "released"), (False, "issued")])
def test_the_keeper_says_whether_what_was_stopped_goes_on(mihon: Town, resume: bool, state: str) -> None:
    notice = papers.issued(mihon, held_and_decided(mihon))
    free(mihon)
    go_on(mihon.ctx("cli"), {"kind": "case", "id": str(notice.case_id), "resume": resume})
    notice.refresh_from_db()
    assert notice.state == state


@database
def test_a_hold_that_came_later_stops_the_printing(mihon: Town) -> None:
    case = held_and_decided(mihon)
    free(mihon)
    notice = papers.issued(mihon, case)
    Notice.unscoped.filter(pk=notice.pk).update(print_after=papers.today(mihon))
    stop_again()
    have_printed(Due("casework.print_unopened", "2026-11-21", mihon.ctx("cli")))
    notice.refresh_from_db()
    assert notice.state == "released"


# --- pages ----------------------------------------------------------------------------------------------------------


@database
def test_the_form_begins_with_what_was_decided(mihon: Town) -> None:
    case = papers.refused(mihon)
    page = body_of(client_of(mihon).get(f"/990019/desk/cases/{case.pk}/notice/"))
    for part in ("犬の登録　不承認通知書", "見本 花子　様", "所在地が市外のため。", REMEDIES, "みほん市長"):
        assert part in page


@database
def test_through_the_pages_from_the_decision_to_the_download(mihon: Town) -> None:
    case = decided(mihon)
    client = client_of(mihon)
    sent = papers._written(client, mihon, case)
    assert sent.status_code == 303
    here = sent["Location"]
    assert client.get(f"{here}preview/").content.startswith(b"%PDF-")
    answer = client.post(
        here,
        {"do": "issue", "issued_on": papers.today(mihon).isoformat(), "sealing": "omitted", "version": "1"},
    )
    assert answer.status_code == 303, body_of(answer)
    assert "ダウンロード待ち" in body_of(client.get(here))
    shown = client.get(f"{here}file/")
    assert b"".join(shown.streaming_content).startswith(b"%PDF-")
    assert "inline" in shown["Content-Disposition"]
    assert client.get(f"{here}preview/").status_code == 404
    assert TrailEntry.unscoped.filter(kind="read", action="casework.notice").count() >= 3


@database
def test_what_is_wrong_stands_at_its_field_and_typed_values_stay(mihon: Town) -> None:
    notice = papers.draft(mihon)
    answer = client_of(mihon).post(
        f"/990019/desk/notices/{notice.pk}/",
        {"do": "issue", "issued_on": "2999-01-01", "sealing": "omitted", "document_number": "環第5号"},
    )
    page = body_of(answer)
    assert answer.status_code == 422
    assert "2999-01-01" in page
    assert "環第5号" in page
    assert 'id="id_issued_on-error"' in page


@database
def test_many_are_printed_as_one_and_marked_as_posted(mihon: Town) -> None:
    rows = [papers.to_print(mihon), papers.to_print(mihon)]
    client = client_of(mihon)
    here = "/990019/desk/notices/"
    ids = [str(row.pk) for row in rows]
    made = client.post(here, {"do": "pdf", "notice": ids})
    with pdfplumber.open(io.BytesIO(made.content)) as opened:
        assert len(opened.pages) == 2
    assert client.post(here, {"do": "addresses", "notice": ids}).content.startswith(b"%PDF-")
    today = papers.today(mihon).isoformat()
    assert client.post(here, {"do": "mark", "notice": ids, "how": "posted", "on": today}).status_code == 303
    assert set(Notice.unscoped.values_list("state", flat=True)) == {"posted"}
    assert client.post(here, {"do": "pdf"}).status_code == 422


@database
def test_a_held_one_stops_the_common_pdf_with_words(mihon: Town) -> None:
    case = held_and_decided(mihon)
    free(mihon)
    notice = papers.issued(mihon, case, result="post")
    stop_again()
    client = client_of(mihon)
    page = body_of(client.get("/990019/desk/notices/"))
    assert "支援措置" in page
    assert f'value="{notice.pk}"' not in page
    answer = client.post("/990019/desk/notices/", {"do": "pdf", "notice": [str(notice.pk)]})
    assert answer.status_code == 403
    assert "支援措置" in body_of(answer)


@database
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_list_is_saved_without_the_names_of_those_held(mihon: Town, ending: str) -> None:
    papers.to_print(mihon)
    answer = client_of(mihon).get(f"/990019/desk/notices/list.{ending}")
    assert answer.status_code == 200
    saved = b"".join(answer.streaming_content)
    assert ending == "xlsx" or papers.ADDRESSEE in saved.decode("utf-8-sig")


@database
def test_another_office_sees_no_notice(mihon: Town) -> None:
    notice = papers.issued(mihon)
    client = client_of(mihon, office="other")
    for path in ("", "file/", "address/"):
        assert client.get(f"/990019/desk/notices/{notice.pk}/{path}").status_code == 404


@database
def test_the_list_takes_the_same_queries_for_many(mihon: Town, django_assert_max_num_queries) -> None:
    for _one in range(4):
        papers.to_print(mihon)
    client = client_of(mihon)
    client.get("/990019/desk/notices/")
    with django_assert_max_num_queries(45):
        client.get("/990019/desk/notices/")


@database
def test_a_stale_form_issues_nothing(mihon: Town) -> None:
    notice = papers.draft(mihon)
    papers.draft(mihon, notice.case, body=f"{papers.BODY}\n直した")
    with pytest.raises(Problem) as problem:
        actions.issue_notice(
            mihon.ctx("case_worker"), notice, papers.issue_data(mihon), expected_version=notice.version - 1
        )
    assert problem.value.code == "stale"
