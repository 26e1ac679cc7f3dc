"""The pages: what stands on them, what a form sends, what a sheet brings in."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from tests.engines.approval.sample import drafted, person_of, rule, titled
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.approval import actions
from yakuba.engines.approval.models import Absence, DecisionRule, Proposal, Step
from yakuba.kernel.actions import Problems
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.trail.models import TrailEntry

HOME = "/990019/desk/approvals/"


def client_of(town: Town, role: str, office: str = "own") -> Client:
    """Somebody's browser."""
    client = Client()
    sign_in(client, town.account(role, office))
    return client


@pytest.fixture
def made(mihon: Town) -> Proposal:
    """Drafted by the case worker; the chief approves, the head decides."""
    chief = titled(mihon, "係長", holder=mihon.account("staff", "own"))
    titled(mihon, "課長", holder=mihon.account("office_head", "own"))
    rule(mihon, "課長", ground="見本市事務決裁規程別表")
    return drafted(mihon, mihon.ctx("case_worker", "own"), route=[("approve", chief)])


def page(client: Client, address: str) -> str:
    """A page's text."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_box_shows_what_is_ones_turn_and_its_door_counts(mihon: Town, made: Proposal) -> None:
    chief = client_of(mihon, "staff")
    text = page(chief, HOME)
    assert "見本の件" in text
    assert "見本課 係長" in text
    assert '<span class="count">1' in text
    assert "承認・合議・決裁する" in page(chief, "/990019/desk/")
    head = client_of(mihon, "office_head")
    assert "自分の番の起案はありません" in page(head, HOME)
    assert "見本の件" in page(head, f"{HOME}?box=all&q=見本")
    assert "条件に合うものがありません" in page(head, f"{HOME}?box=all&q=ほかの言葉")
    assert "見本の件" in page(client_of(mihon, "case_worker"), f"{HOME}?box=drafted")
    assert chief.get(f"{HOME}?box=nowhere").status_code == 400
    assert TrailEntry.unscoped.filter(kind="read", action="approval.box").exists()


def test_a_box_leaves_as_a_sheet(mihon: Town, made: Proposal) -> None:
    answer = client_of(mihon, "staff").get(f"{HOME}box.xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]  # type: ignore[attr-defined]  # a stream
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:4] == ("件名", "事項", "起案した所属", "起案者")
    assert rows[1][0] == "見本の件"
    answer = client_of(mihon, "staff", "other").get(f"{HOME}box.csv")
    assert "見本の件" not in b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # a stream


def test_a_proposal_shows_what_is_decided_the_route_and_one_next_step(mihon: Town, made: Proposal) -> None:
    text = page(client_of(mihon, "staff"), f"{HOME}{made.pk}/")
    for words in ("見本の内容", "伺い文", "経路", "承認する", "差し戻す", "見本市事務決裁規程別表"):
        assert words in text
    assert text.count("button filled") == 1
    assert 'data-key="a"' in text
    assert 'data-key="r"' in text
    kinds = set(
        TrailEntry.unscoped.filter(kind="read", action="approval.proposal").values_list(
            "subject_kind", flat=True
        )
    )
    assert kinds == {"proposal", "office"}, "what the summary shows of persons is logged too"
    head = page(client_of(mihon, "office_head"), f"{HOME}{made.pk}/")
    assert "button filled" not in head
    assert client_of(mihon, "staff", "other").get(f"{HOME}{made.pk}/").status_code == 404


def test_approve_and_decide_by_the_buttons(mihon: Town, made: Proposal) -> None:
    chief, head = client_of(mihon, "staff"), client_of(mihon, "office_head")
    here = f"{HOME}{made.pk}/act/"
    answer = chief.post(here, {"do": "approve", "comment": "よい。", "version": "1"})
    assert (answer.status_code, answer["Location"]) == (303, f"{HOME}{made.pk}/")
    late = chief.post(here, {"do": "return", "comment": "直す。", "version": "1"})
    assert late.status_code in {403, 409}
    version = Proposal.unscoped.get(pk=made.pk).version
    assert head.post(here, {"do": "decide", "version": str(version)}).status_code == 303
    text = page(head, f"{HOME}{made.pk}/")
    assert "決裁済み" in text
    assert "よい。" in text


def test_a_drafter_reads_first_why_it_came_back(mihon: Town, made: Proposal) -> None:
    chief, drafter = client_of(mihon, "staff"), client_of(mihon, "case_worker")
    chief.post(f"{HOME}{made.pk}/act/", {"do": "return", "comment": "名簿を付ける。", "version": "1"})
    text = page(drafter, f"{HOME}{made.pk}/")
    assert text.index("が差し戻しました") < text.index("名簿を付ける。") < text.index("見本の内容")
    version = Proposal.unscoped.get(pk=made.pk).version
    drafter.post(f"{HOME}{made.pk}/act/", {"do": "submit", "version": str(version)})
    assert "が差し戻しました" not in page(drafter, f"{HOME}{made.pk}/")


def test_a_refused_answer_keeps_what_was_typed(mihon: Town, made: Proposal) -> None:
    chief = client_of(mihon, "staff")
    here = f"{HOME}{made.pk}/act/"
    empty = chief.post(here, {"do": "return", "comment": "", "version": "1"})
    assert empty.status_code == 422
    assert "「差し戻す理由」が空です" in empty.content.decode()
    assert 'href="#id_reason"' in empty.content.decode()
    long = chief.post(here, {"do": "approve", "comment": "長い" * 2001, "version": "1"})
    assert long.status_code == 422
    assert "長い長い" in long.content.decode()
    without = chief.post(here, {"do": "approve", "comment": "版なし"})
    assert without.status_code == 422
    assert "版なし" in without.content.decode()
    assert chief.post(here, {"do": "bake", "version": "1"}).status_code == 422
    assert Proposal.unscoped.get(pk=made.pk).version == 1


def test_the_drafter_lays_the_route_and_sends_it(mihon: Town) -> None:
    chief = titled(mihon, "係長", holder=mihon.account("staff", "own"))
    titled(mihon, "課長", holder=mihon.account("office_head", "own"))
    mayor = titled(mihon, "市長", "other")
    rule(mihon, "課長")
    made = drafted(mihon, mihon.ctx("case_worker", "own"), submit=False)
    drafter = client_of(mihon, "case_worker")
    here = f"{HOME}{made.pk}/draft/"
    text = page(drafter, here)
    assert "見本課 係長" in text
    assert "機関の長" in text
    form = {
        "title": "見本の件（改）",
        "body": "伺います。",
        "kind-0": "approve",
        "post-0": str(chief.pk),
        "kind-2": "circulate",
        "post-2": str(mayor.pk),
        "decider": str(mayor.pk),
        "version": "1",
    }
    wrong = drafter.post(here, {**form, "amount": "いっぱい", "do": "save"})
    assert wrong.status_code == 422
    again = wrong.content.decode()
    assert "見本の件（改）" in again
    assert "いっぱい" in again
    assert f'value="{chief.pk}" selected' in again
    twice = drafter.post(here, {**form, "kind-1": "approve", "post-1": str(chief.pk), "do": "save"})
    assert twice.status_code == 422
    assert drafter.post(here, {**form, "do": "submit"}).status_code == 303
    steps = Step.unscoped.filter(proposal=made).order_by("position")
    assert [(one.kind, one.post) for one in steps] == [
        ("approve", chief),
        ("decide", mayor),
        ("circulate", mayor),
    ]
    assert Proposal.unscoped.get(pk=made.pk).state == "circulating"
    assert drafter.get(here)["Location"] == f"{HOME}{made.pk}/"


LINE = {
    "authority": "mayor",
    "matter": "見本の補助金",
    "title": "1件50万円以下の補助金の交付に関すること。",
    "category": "money",
    "up_to_yen": "500,000",
    "decided_by": "課長",
    "stand_ins": "課長補佐",
    "valid_from": "令和8年4月1日",
    "valid_to": "",
    "ground": "見本市事務決裁規程別表第2",
}


def test_a_rule_by_hand(mihon: Town) -> None:
    keeper = client_of(mihon, "records_keeper")
    assert "決裁の定めはまだありません" in page(keeper, f"{HOME}rules/")
    assert "決裁する職" in page(keeper, f"{HOME}rules/new/")
    wrong = keeper.post(f"{HOME}rules/new/", {**LINE, "valid_from": "きのう", "decided_by": ""})
    assert wrong.status_code == 422
    assert "きのう" in wrong.content.decode()
    assert "別表第2" in wrong.content.decode()
    assert keeper.post(f"{HOME}rules/new/", LINE).status_code == 303
    made = DecisionRule.unscoped.get()
    assert (made.up_to_yen, made.valid_from) == (500_000, dt.date(2026, 4, 1))
    twice = keeper.post(f"{HOME}rules/new/", LINE)
    assert twice.status_code == 422
    here = f"{HOME}rules/{made.pk}/"
    assert "見本の補助金" in page(keeper, here)
    keeper.post(here, {**LINE, "decided_by": "部長", "version": "1"})
    made.refresh_from_db()
    assert (made.decided_by, made.version) == ("部長", 2)
    assert keeper.post(here, {**LINE, "version": "1"}).status_code == 409
    assert "500,000円" in page(client_of(mihon, "staff"), f"{HOME}rules/")
    assert client_of(mihon, "staff").get(here).status_code == 403
    assert keeper.post(here, {"do": "remove", "version": "2"}).status_code == 303
    assert not DecisionRule.unscoped.exists()


def test_the_table_goes_out_and_comes_back(mihon: Town) -> None:
    keeper = client_of(mihon, "records_keeper")
    keeper.post(f"{HOME}rules/new/", LINE)
    answer = keeper.get(f"{HOME}rules.xlsx")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]  # a stream
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    sheet.cell(2, heads.index("決裁する職") + 1, "部長")
    fresh = {
        "機関": "教育委員会",
        "規程の文言": "図書館の利用の許可",
        "区分": "一般",
        "決裁する職": "館長",
        "開始日": "令和8年4月1日",
    }
    for head, value in fresh.items():
        sheet.cell(3, heads.index(head) + 1, value)

    def looked_at() -> Any:
        target = io.BytesIO()
        book.save(target)
        file = SimpleUploadedFile("rules.xlsx", target.getvalue())
        return keeper.post(f"{HOME}rules/import/", {"file": file})

    ends = sheet.cell(3, heads.index("終了日") + 1, "令和7年4月1日")
    early = looked_at()
    assert early.status_code == 422
    assert [one.address for one in early.context["found"].problems] == [ends.coordinate]
    sheet.cell(ends.row, ends.column, "")
    preview = looked_at()
    text = preview.content.decode()
    assert preview.status_code == 200, text
    assert "2件の定めが変わります" in text
    assert "図書館の利用の許可" in text
    sent = {key: str(preview.context[key]) for key in ("changes", "places")}
    assert keeper.post(f"{HOME}rules/import/confirm/", sent).status_code == 303
    assert set(DecisionRule.unscoped.values_list("authority", "decided_by")) == {
        ("mayor", "部長"),
        ("education", "館長"),
    }
    again = keeper.post(f"{HOME}rules/import/confirm/", sent)
    assert again.status_code == 422
    assert "A2" in again.content.decode()
    nothing = keeper.post(f"{HOME}rules/import/", {})
    assert nothing.status_code == 422
    plain = client_of(mihon, "staff").get(f"{HOME}rules.csv")
    assert "ID" not in b"".join(plain.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # a stream


def test_a_rule_that_was_used_only_gets_its_end(mihon: Town, made: Proposal) -> None:
    used = DecisionRule.unscoped.get()
    here = Municipality.unscoped.get(pk=mihon.ref.id)
    ctx = mihon.ctx("records_keeper")

    def change(**rule_: str | None) -> None:
        changes: list[actions.RuleChange] = [
            {
                "id": str(used.pk),
                "version": DecisionRule.unscoped.get(pk=used.pk).version,
                "rule": dict(rule_),
            }
        ]
        actions.change_rules(ctx, here, actions.ChangeRules(changes))

    with pytest.raises(Problems, match="終了日だけ"):
        change(title="別の文言")
    with pytest.raises(Problems, match="終了日だけ"):
        actions.change_rules(
            ctx, here, actions.ChangeRules([{"id": str(used.pk), "version": 1, "remove": True}])
        )
    change(valid_to="2999-03-31")
    used.refresh_from_db()
    assert (used.valid_to, used.version) == (dt.date(2999, 3, 31), 2)
    with pytest.raises(Problems, match="終了日が開始日より前"):
        change(valid_to="2000-01-01")


def test_absences_on_their_page(mihon: Town) -> None:
    staff = client_of(mihon, "staff")
    me = person_of(mihon.account("staff", "own"))
    head = person_of(mihon.account("office_head", "own"))
    form = {"person": str(me.pk), "valid_from": "2999-04-01", "valid_to": "2999-04-03"}
    assert "届け出られた不在はありません" in page(staff, f"{HOME}absences/")
    wrong = staff.post(f"{HOME}absences/", {**form, "valid_to": "あさって"})
    assert wrong.status_code == 422
    assert "あさって" in wrong.content.decode()
    assert staff.post(f"{HOME}absences/", {**form, "person": "だれか"}).status_code == 422
    assert staff.post(f"{HOME}absences/", {**form, "person": str(head.pk)}).status_code == 403
    assert staff.post(f"{HOME}absences/", form).status_code == 303
    boss = client_of(mihon, "office_head")
    text = page(boss, f"{HOME}absences/")
    assert me.name in text
    noted = Absence.unscoped.get()
    assert boss.get(f"{HOME}absences.csv").status_code == 200
    assert client_of(mihon, "staff", "other").post(f"{HOME}absences/{noted.pk}/end/").status_code == 404
    assert boss.post(f"{HOME}absences/{noted.pk}/end/").status_code == 303
    assert me.name not in page(client_of(mihon, "auditor", "other"), f"{HOME}absences/")
