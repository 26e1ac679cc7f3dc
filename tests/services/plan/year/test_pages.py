"""The pages of the plan's year: what is typed is kept, the head and the secretariat go on with many, sheets come back, the public reads."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.services.plan.year.conftest import Year, initiative_of
from tests.services.plan.year.test_year import CARD, ONLINE, ROADS, all_accepted, all_said, decide
from tests.signin import sign_in
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.dates import clock, japan_date
from yakuba.services.plan.actions import PublishEdition, publish_edition
from yakuba.services.plan.models import Edition
from yakuba.services.plan.models.year import Evidence, Observation
from yakuba.services.plan.year.actions import PublishReport, publish_report

DESK = "/990019/desk/plan"


def at(year: Year, role: str, office: str = "own") -> Client:
    client = Client()
    sign_in(client, year.town.account(role, office))
    return client


def html(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path, follow=True)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def form(year: Year, title: str, **said: str) -> dict[str, str]:
    return {"version": str(year.review(title).version), "result": "窓口を改めた。", "progress": "順調", "next_action": "continue", **said}  # fmt: skip


def test_an_answer_is_typed_asked_about_and_handed_in(year: Year) -> None:
    clerk, here = at(year, "plan_editor"), f"{DESK}/reviews/{year.review(ONLINE).pk}/"
    assert "57手続（確定）（R6）" in html(clerk, f"{DESK}/reviews/items/{year.review(ONLINE).item_id}/")
    wrong = clerk.post(here, form(year, ONLINE, **{"a0-raw": "810手続", "a0-as_of": "3月のはじめ"}))
    assert wrong.status_code == 422
    assert 'id="id_a0-as_of-error"' in wrong.content.decode()
    assert 'value="810手続"' in wrong.content.decode()
    said = {"a0-raw": "810手続", "a0-status": "provisional", "a0-as_of": "R8.3.1", "a0-evidence": "台帳"}
    lacking = clerk.post(here, form(year, ONLINE, do="enter", **said))
    assert lacking.status_code == 422
    text = lacking.content.decode()
    assert "ここまでの入力は保存しました" in text
    assert "10倍以上違います" in text
    (whole,) = [one for one in _wholes(year) if one.review.item.label == ONLINE]
    assert clerk.post(f"{here}answer/", {"do": "answer"}).status_code == 422
    reasons = {f"reason-{asked.mark}": "国の改正のため" for asked in whole.unanswered}
    assert clerk.post(f"{here}answer/", {**reasons, "do": "answer"}).status_code == 303
    file = SimpleUploadedFile("根拠.csv", "手続,数\n".encode())
    assert clerk.post(f"{here}evidence/", {"file": file, "about": "台帳の写し"}).status_code == 303
    kept = Evidence.unscoped.get()
    assert b"".join(clerk.get(f"{here}evidence/{kept.pk}/").streaming_content) == "手続,数\n".encode()  # type: ignore[attr-defined]  # a file answer streams
    assert clerk.post(here, form(year, ONLINE, do="enter", **said)).status_code == 303
    assert year.review(ONLINE).item.state == "entered"
    assert "国の改正のため" in html(at(year, "staff"), here)


def _wholes(year: Year) -> list[Any]:
    from yakuba.services.plan.year import queries

    return queries.wholes(queries.reviews(year.ctx("staff")).filter(item__round=year.round))


def test_head_and_secretariat_go_on_with_many_at_once(year: Year) -> None:
    all_said(year)
    year.enter(ONLINE, CARD)
    year.enter(ROADS, office="other")
    here = f"{DESK}/reviews/rounds/{year.round.pk}/"
    head = at(year, "office_head")
    assert "選んだものを確認する" in html(head, here)
    both = year.items([ONLINE, CARD])
    assert head.post(f"{here}act/", {"do": "return", "item": both[1:]}).status_code == 422  # no reason
    assert head.post(f"{here}act/", {"do": "confirm", "item": both}).status_code == 303
    secretariat = at(year, "plan_secretariat")
    page = html(secretariat, here)
    assert "81手続（見込）" in page
    assert "選んだものを受理する" in page
    assert secretariat.post(f"{here}act/", {"do": "return", "item": both[1:], "reason": "結果を具体的に"}).status_code == 303  # fmt: skip
    assert secretariat.post(f"{here}act/", {"do": "accept", "item": both[:1]}).status_code == 303
    assert (year.review(ONLINE).item.state, year.review(CARD).item.state) == ("accepted", "open")
    assert "結果を具体的に" in html(at(year, "plan_editor"), f"{DESK}/reviews/{year.review(CARD).pk}/")


def test_a_sheet_goes_out_and_comes_back(year: Year) -> None:
    clerk, here = at(year, "plan_editor"), f"{DESK}/reviews/rounds/{year.round.pk}/"
    out = clerk.get(f"{here}answers.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(out.streaming_content)))  # type: ignore[attr-defined]  # a file answer streams
    assert book.sheetnames[:2] == ["見本課", "例示課"]
    sheet = book["見本課"]
    heads = {str(cell.value): cell.column for cell in sheet[1]}
    row = next(r for r in range(2, sheet.max_row + 1) if sheet.cell(r, heads["取組名"]).value == ONLINE)
    for head, text in (("取組の結果", "表で書いた。"), ("①実績値", "82手続"), ("①確度", "見込"), ("進捗状況", "順調"), ("来年度の方針", "継続")):  # fmt: skip
        sheet.cell(row, heads[head], text)

    def sent() -> SimpleUploadedFile:
        stream = io.BytesIO()
        book.save(stream)
        return SimpleUploadedFile("answers.xlsx", stream.getvalue())

    sheet.cell(row, heads["自己評価"], "まあまあ")
    refused = clerk.post(f"{here}sheet/", {"file": sent()})
    assert refused.status_code == 422
    assert "「まあまあ」は使えません" in refused.content.decode()
    sheet.cell(row, heads["自己評価"], "目標どおり")
    shown = clerk.post(f"{here}sheet/", {"file": sent()})
    assert shown.status_code == 200, shown.content.decode()[:3000]
    text = shown.content.decode()
    changes = text.partition('name="changes" value="')[2].partition('"')[0]
    assert clerk.post(f"{here}sheet/confirm/", {"changes": changes}).status_code == 303
    found = year.review(ONLINE)
    assert (found.result, found.self_rating, found.next_action) == ("表で書いた。", "reached", "continue")
    assert found.actuals.get().raw == "82手続"
    other = book["例示課"]
    row = next(r for r in range(2, other.max_row + 1) if other.cell(r, heads["取組名"]).value == ROADS)
    other.cell(row, heads["取組の結果"], "よその課")
    assert "あなたの課の取組ではありません" in clerk.post(f"{here}sheet/", {"file": sent()}).content.decode()


def test_the_public_reads_the_decided_words_alone_and_what_stood_on_a_day(year: Year) -> None:
    public = Client()
    assert public.get("/990019/plan/2025/report/").status_code == 404
    all_accepted(year)
    decide(year)
    secretariat = year.ctx("plan_secretariat")
    desk = at(year, "plan_secretariat")
    here = f"{DESK}/reviews/rounds/{year.round.pk}/report/"
    assert "電子申請の拡大を進めました。" in html(desk, here)
    assert desk.post(f"{here}publish/", {"note": ""}).status_code == 303
    page = html(public, "/990019/plan/2025/report/")
    assert "順調" in page
    assert "100%</b>（3／3）" in page
    assert "例示" not in page.partition("<main")[2].partition("</main")[0].replace(
        "例示課", ""
    )  # no person's name
    assert "/990019/plan/2025/report/" in html(public, "/990019/")
    sheet = public.get("/990019/plan/2025/report.csv")
    assert "81手続" in b"".join(sheet.streaming_content).decode()  # type: ignore[attr-defined]  # a file answer streams
    publish_edition(secretariat, Edition.unscoped.get(pk=year.edition.pk), PublishEdition())
    later = clock.now() + dt.timedelta(days=40)
    with clock.frozen(later):
        publish_report(year.ctx("plan_secretariat"), year.round, PublishReport("字句を直しました。"))
        today = japan_date(later)
        assert "字句を直しました。" in html(public, "/990019/plan/record/")
        before = (today - dt.timedelta(days=20)).isoformat()
        then = html(public, f"/990019/plan/record/?day={before}")
        old = Publication.unscoped.get(kind="plan_report", number=1)
        link = f"/990019/plan/record/plan_report/{old.subject}/1/"
        assert link in then
        assert "公表していた内容です" in html(public, link)
        assert public.get(f"/990019/plan/record/?day={(today + dt.timedelta(days=1)).isoformat()}").status_code == 400  # fmt: skip
        desk = at(year, "plan_secretariat")
        assert desk.post(f"{here}withdraw/", {"withdraw_note": "集計の誤り"}).status_code == 303
        assert "集計の誤り" in html(public, "/990019/plan/2025/report/", 410)
    edition = Publication.unscoped.get(kind="plan_edition", subject=year.edition.pk)
    past = f"/990019/plan/record/plan_edition/{edition.subject}/1/"
    assert ONLINE in html(public, past)
    assert "81手続" in html(public, f"{past}{initiative_of(year, ONLINE).pk}/")


def test_an_observation_goes_from_what_was_seen_to_what_was_done(year: Year) -> None:
    clerk, row = at(year, "plan_editor"), initiative_of(year, ONLINE)
    index = f"{DESK}/editions/{year.edition.pk}/observations/"
    assert "指標 110手続" not in html(clerk, f"{index}new/")
    assert "110手続" in html(clerk, f"{index}new/?of={row.pk}")
    said = {
        "initiative": str(row.pk),
        "observed_on": "R8.3.2",
        "situation": "国の改正",
        "proposal": "目標を改める",
    }
    wrong = clerk.post(f"{index}new/", {**said, "path": "indicators[0].values[3]", "value": ""})
    assert wrong.status_code == 422
    assert "国の改正" in wrong.content.decode()
    good = {**said, "path": "indicators[0].values[3]", "value": "120手続"}
    assert clerk.post(f"{index}new/", good).status_code == 303
    made = Observation.unscoped.get()
    here = f"{DESK}/observations/{made.pk}/"
    assert "決定を記録する" not in html(clerk, here)
    secretariat = at(year, "plan_secretariat")
    decided = {"decision": "改める", "decided_by": "推進会議", "decided_on": "R8.3.2", "adopted": "1"}
    assert secretariat.post(f"{here}decide/", decided).status_code == 303
    assert (
        clerk.post(f"{here}act/", {"action_taken": "様式を改めた", "acted_on": "R8.3.2"}).status_code == 303
    )
    assert "様式を改めた" in html(clerk, here)
