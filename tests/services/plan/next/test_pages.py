"""新旧対照 and the next edition as browsers use them: what is decided on the desk is what the public reads."""

from __future__ import annotations

import copy
import datetime as dt
import re

import pytest
from django.test import Client

from tests.services.plan.edition_pair import Found, publish_all, publish_on, row
from tests.services.plan.forms import document, initiative
from tests.services.plan.test_portal_overview import plain, rows_of
from tests.signin import sign_in
from tests.world import Town
from yakuba.kernel.actions import Problem
from yakuba.services.plan import queries
from yakuba.services.plan.actions import ImportDocument, PublishEdition, import_document, publish_edition
from yakuba.services.plan.models import Edition, Initiative
from yakuba.services.plan.next.actions import Renumber, renumber
from yakuba.services.plan.reading.document import dumps

pytestmark = pytest.mark.django_db

DESK = "/990019/desk/plan/editions/"
OFFICE = {"name": "総務課", "role": "lead", "doubtful": False}


@pytest.fixture
def secretariat(mihon: Town) -> Client:
    made = Client()
    sign_in(made, mihon.account("plan_secretariat"))
    return made


@pytest.fixture
def former(mihon: Town) -> Edition:
    rows = [
        initiative("1", "電子申請", kind="advance", offices=[OFFICE]),
        initiative("2", "文書管理の導入", kind="advance", flags=["moved"], offices=[OFFICE]),
        initiative("3", "人事評価の導入", kind="advance", progress="計画変更", offices=[OFFICE]),
        initiative("4", "SNSの運用", kind="advance", flags=["merged"], offices=[OFFICE]),
        initiative("1", "例規システム", kind="operate", offices=[OFFICE]),
    ]
    made = import_document(mihon.ctx("cli"), None, ImportDocument(document(rows, edition="令和6年度版")))
    return Edition.unscoped.get(pk=made.pk)


def key(edition: Edition, title: str) -> str:
    return str(Initiative.unscoped.get(edition=edition, title=title).pk)


def made_from(client: Client, former: Edition) -> Edition:
    """The next edition, made with the form as it comes but for one that is merged and one that is postponed."""
    here = f"{DESK}{former.pk}/next/"
    html = client.get(here).content.decode()
    assert "終わる・移る取組（2件）" in plain(html)
    chosen = dict(re.findall(r'name="(way-[^"]+)".*?value="([^"]+)" selected', html, re.DOTALL))
    assert sorted(chosen.values()) == ["continued", "continued", "continued", "merged", "moved"]
    sent = {
        **chosen, "version": str(former.version), "year": "R7", "label": "令和7年度版", "numbering": "in_order",
        f"into-{key(former, 'SNSの運用')}": key(former, "電子申請"),
        f"way-{key(former, '人事評価の導入')}": "postponed",
        f"reason-{key(former, '人事評価の導入')}": "制度を見直すため",
    }  # fmt: skip
    answer = client.post(here, sent)
    made = Edition.unscoped.get(label="令和7年度版")
    assert (answer.status_code, answer.url) == (303, f"{DESK}{made.pk}/contrast/")
    return made


def test_the_next_edition_says_what_became_of_each(
    client: Client, secretariat: Client, mihon: Town, former: Edition
) -> None:
    made = made_from(secretariat, former)
    found = [(one.kind, one.number, one.title) for one in queries.initiatives(mihon.ctx("cli"), made)]
    assert found == [
        ("advance", "1", "電子申請"), ("operate", "1", "例規システム"), ("operate", "2", "文書管理の導入"),
    ]  # fmt: skip
    desk = plain(secretariat.get(f"{DESK}{made.pk}/contrast/").content.decode())
    assert "推進 2 文書管理の導入 総務課 ― 運用取組へ移行 運用 2" in desk
    assert "「電子申請」に統合" in desk
    life = plain(
        secretariat.get(
            f"/990019/desk/plan/initiatives/{key(made, '文書管理の導入')}/history/"
        ).content.decode()
    )
    assert "みほん市情報化推進計画 令和7年度版 この版 運用 2 文書管理の導入 区分を移しました" in life
    assert "みほん市情報化推進計画 令和6年度版 推進 2 文書管理の導入" in life
    merged = plain(
        secretariat.get(f"/990019/desk/plan/initiatives/{key(former, 'SNSの運用')}/history/").content.decode()
    )
    assert "推進 1 電子申請 統合しました 「SNSの運用」がここに統合されました" in merged
    for edition in (former, made):
        publish_edition(mihon.ctx("cli"), Edition.unscoped.get(pk=edition.pk), PublishEdition())
    public = plain(client.get("/990019/plan/2025/contrast/").content.decode())
    assert "前の版の取組 5件 （この版に続いている3件・続いていない2件）" in public
    assert "推進 3 人事評価の導入 総務課 計画変更 延期 制度を見直すため" in public
    lines = rows_of(client, "/990019/plan/2025/contrast.csv")
    assert [(line["前の版の取組名"], line["扱い"], line["この版の番号"]) for line in lines] == [
        ("電子申請", "そのまま", "1"), ("SNSの運用", "統合", "1"), ("例規システム", "そのまま", "1"),
        ("文書管理の導入", "区別の移行", "2"), ("人事評価の導入", "延期", ""),
    ]  # fmt: skip


def test_what_is_wrong_in_the_form_is_said_beside_it(secretariat: Client, former: Edition) -> None:
    here = f"{DESK}{former.pk}/next/"
    gone = key(former, "人事評価の導入")
    sent = {
        "version": str(former.version), "year": "R7", "label": "", "numbering": "keep",
        f"way-{key(former, 'SNSの運用')}": "merged", f"into-{key(former, 'SNSの運用')}": gone,
        f"reason-{key(former, 'SNSの運用')}": "まとめて行う", f"way-{gone}": "abolished",
    }  # fmt: skip
    answer = secretariat.post(here, sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "「SNSの運用」の統合先が、次の版に続きません。" in plain(html)
    assert 'value="まとめて行う"' in html
    assert f'<option value="{gone}" selected>' in html
    assert Edition.unscoped.count() == 1


def test_an_outcome_is_said_and_said_otherwise(secretariat: Client, mihon: Town, former: Edition) -> None:
    made = made_from(secretariat, former)
    was, here = key(former, "SNSの運用"), f"{DESK}{made.pk}/contrast/{key(former, 'SNSの運用')}/"
    html = secretariat.get(here).content.decode()
    assert 'value="merged" checked' in html
    sent = {"version": str(made.version), "event": "ended", "into": "", "reason": "使う人がいないため"}
    assert secretariat.post(here, sent).status_code == 303
    again = queries.document(Edition.unscoped.get(pk=made.pk), "990019", "みほん市")
    assert all(event["event"] != "merged" for one in again["initiatives"] for event in one["lineage"])
    assert [(one["title"], one["event"], one["reason"]) for one in again["plan"]["outcomes"]] == [
        ("人事評価の導入", "postponed", "制度を見直すため"),
        ("SNSの運用", "ended", "使う人がいないため"),
    ]
    for wrong, field in (
        ({"event": "continued"}, "into"),
        ({"event": "abolished", "into": key(made, "電子申請")}, "into"),
        ({"event": "merged", "into": was}, "into"),
    ):
        answer = secretariat.post(here, {**sent, "into": "", "version": str(made.version + 1), **wrong})
        assert answer.status_code == 422
        assert f'id="id_{field}-error"' in answer.content.decode()
    taken_in = import_document(mihon.ctx("cli"), None, ImportDocument(again))
    assert taken_in.pk == made.pk
    assert dumps(queries.document(taken_in, "990019", "みほん市")) == dumps(again), (
        "nothing is lost on the way"
    )
    silent = copy.deepcopy(again)
    del silent["plan"]["outcomes"]
    for one in silent["initiatives"]:
        one["lineage"], one["flags"], one["corrected"] = [], [], {}
    read_again = import_document(mihon.ctx("cli"), None, ImportDocument(silent))
    kept = queries.document(read_again, "990019", "みほん市")
    assert kept["plan"]["outcomes"] == again["plan"]["outcomes"], "a second reading leaves what people said"
    marked = {one["title"]: one["lineage"] for one in again["initiatives"] if "lineage" in one["corrected"]}
    assert list(marked) == ["電子申請"]
    found = {one["title"]: one["lineage"] for one in kept["initiatives"]}
    assert found["電子申請"] == marked["電子申請"]


def test_numbers_are_shown_before_they_are_given(secretariat: Client, mihon: Town, former: Edition) -> None:
    Initiative.unscoped.filter(edition=former, number="3").update(number="7")
    here = f"{DESK}{former.pk}/numbers/"
    assert "推進 7 3 人事評価の導入" in plain(secretariat.get(here).content.decode())
    assert secretariat.get(f"{here}?rule=keep").status_code == 400
    assert secretariat.post(here, {"rule": "in_order", "version": str(former.version)}).status_code == 303
    row_after = Initiative.unscoped.get(edition=former, title="人事評価の導入")
    assert (row_after.number, list(row_after.corrected)) == ("3", ["number"])
    told = plain(secretariat.get(f"/990019/desk/plan/initiatives/{row_after.pk}/history/").content.decode())
    assert "7" in told
    former.refresh_from_db()
    made_from(secretariat, former)
    with pytest.raises(Problem) as named:
        renumber(mihon.ctx("plan_secretariat"), former, Renumber("by_place"))
    assert named.value.code == "named_later"


def test_the_public_reads_between_any_two_editions(client: Client, mihon: Town) -> None:
    found: Found = publish_all(mihon)
    html = plain(client.get("/990019/plan/2026/contrast/?from=2024").content.decode())
    assert "みほん市情報化推進計画 令和6年度版 の取組が、" in html
    assert "新たに掲載" in html
    narrowed = client.get("/990019/plan/2026/contrast/?filter.outcome=merged").content.decode()
    assert "「公式LINE」に統合" not in plain(narrowed), "the short table stands on the whole page alone"
    assert f"/990019/plan/2025/{row(found[2025], 'SNS運用').pk}/" in narrowed
    assert client.get("/990019/plan/2026/contrast/?from=2020").status_code == 400
    first = plain(client.get("/990019/plan/2024/contrast/").content.decode())
    assert "くらべる版がありません" in first
    page = client.get("/990019/plan/2026/contrast/")
    assert (
        client.get("/990019/plan/2026/contrast/", headers={"If-None-Match": page["ETag"]}).status_code == 304
    )
    given = document([initiative("9", "SNS運用", year=2025)], edition="令和7年度版")
    publish_on(mihon, given, dt.date(2026, 5, 1), "直しました")
    assert (
        client.get("/990019/plan/2026/contrast/", headers={"If-None-Match": page["ETag"]}).status_code == 200
    )
