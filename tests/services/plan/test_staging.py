"""Reviewing a reading: decisions over a reading, taking them back, the walk without a script, what goes into the draft."""

from __future__ import annotations

import copy
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from tests.services.plan.forms import document, initiative
from tests.services.plan.readings import reading, ready
from tests.services.plan.test_desk import signed_in
from tests.world import Town
from yakuba.kernel.actions import NoData, Problem, Stale
from yakuba.kernel.trail.models import TrailEntry
from yakuba.services.plan import actions, queries, rules
from yakuba.services.plan.actions.staging import decisions_of, staged_of
from yakuba.services.plan.models import Edition, Import, Initiative, StagedDecision
from yakuba.services.plan.staging import alike, choices, claims, questions, replay

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(mihon: Town) -> Client:
    return signed_in(mihon, "plan_secretariat")


def page(job: Import, rest: str = "") -> str:
    return f"/990019/desk/plan/imports/{job.pk}/check/{rest}"


def forms_of(html: str) -> list[dict[str, str]]:
    """Every form of a page with its hidden fields, as a browser without a script would send it."""
    found = []
    for body in re.findall(r"<form[^>]*>.*?</form>", html, re.DOTALL):
        action = re.search(r'action="([^"]+)"', body)
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', body))
        found.append({"action": action[1] if action else "", **{k: unescape(v) for k, v in fields.items()}})
    return found


def keep_form(html: str) -> dict[str, str]:
    return next(form for form in forms_of(html) if form.get("take") == "keep")


def send(client: Client, form: dict[str, str], **more: str) -> Any:
    data = {key: value for key, value in form.items() if key not in ("action", "csrfmiddlewaretoken")}
    return client.post(form["action"], {**data, **more})


def asked(job: Import) -> list[Any]:
    documents = job.reading["documents"]
    return questions(documents, staged_of(job), {})


def decide(town: Town, job: Import, **answer: Any) -> Import:
    given: Any = {"document": 0, **answer}
    return actions.settle_reading(town.ctx("plan_secretariat"), job, actions.SettleReading([given]))


# -- decisions over a reading, without pages


def test_the_commonest_kind_comes_first_and_the_order_stays(mihon: Town) -> None:
    job = ready(mihon)
    before = asked(job)
    assert [one.codes[0] for one in before] == ["shifted-row"] * 6 + ["year-differs"] * 2
    assert [one.row for one in before] == [0, 1, 2, 4, 5, 6, 3, 7]
    for one in before[:6]:
        decide(mihon, job, row=one.row, path=one.path, verdict="keep")
    after = asked(job)
    assert [one.key for one in after] == [one.key for one in before]
    assert [one.state for one in after] == ["settled"] * 6 + ["open"] * 2


def test_the_reading_itself_never_changes_and_undo_restores_it(mihon: Town) -> None:
    job = ready(mihon)
    read = copy.deepcopy(job.reading)
    before = staged_of(job).documents
    decide(mihon, job, row=0, path="title", verdict="correct", value="直した題名")
    decide(mihon, job, row=3, path="indicators[0].values[0].year", verdict="correct", value="2024")
    job = Import.unscoped.get(pk=job.pk)
    assert job.reading == read
    row = staged_of(job).form((0, 0))
    assert row["title"] == "直した題名"
    assert list(row["corrected"]) == ["title"]
    assert staged_of(job).form((0, 3))["indicators"][0]["values"][0]["year"] == 2024
    for batch in {one.batch for one in decisions_of(job)}:
        actions.undo_settled(mihon.ctx("cli"), job, actions.UndoSettled(batch))
    assert staged_of(job).documents == before
    assert StagedDecision.unscoped.filter(job=job).exclude(undone_at=None).count() == 2, "it stays on record"
    with pytest.raises(Problem, match="もう取り消されています"):
        actions.undo_settled(mihon.ctx("cli"), job, actions.UndoSettled(batch))


def test_what_others_build_on_is_not_taken_back(mihon: Town) -> None:
    job = ready(mihon)
    decide(mihon, job, row=0, path="offices", verdict="correct", value="見本課、例示課")
    decide(mihon, job, row=0, path="offices[1].name", verdict="correct", value="説明課")
    first, second = decisions_of(job)
    with pytest.raises(Problem, match="あとの決定"):
        actions.undo_settled(mihon.ctx("cli"), job, actions.UndoSettled(first.batch))
    actions.undo_settled(mihon.ctx("cli"), job, actions.UndoSettled(second.batch))
    actions.undo_settled(mihon.ctx("cli"), job, actions.UndoSettled(first.batch))
    assert decisions_of(job) == []


def test_a_slip_of_the_fingers_is_asked_about(mihon: Town) -> None:
    job = ready(mihon)
    decide(mihon, job, row=0, path="indicators[0].values[0].raw", verdict="correct", value="多数")
    fresh = [one for one in asked(job) if one.path == "indicators[0].values[0].raw"]
    assert [(one.codes, one.state) for one in fresh] == [(("unread-value",), "open")]


def test_what_is_no_decision_is_refused_and_nothing_is_kept(mihon: Town) -> None:
    job = ready(mihon)
    good = {"document": 0, "row": 1, "path": "texts.schedule_past", "verdict": "keep"}
    wrong: list[dict[str, Any]] = [
        {"row": 0, "path": "title", "verdict": "keep"},
        {"row": 99, "path": "title", "verdict": "correct", "value": "甲"},
        {"row": 0, "path": "nothing", "verdict": "correct", "value": "甲"},
        {"row": 0, "path": "title", "verdict": "correct", "value": ""},
        {"row": 0, "path": "title", "verdict": "aside"},
        {"piece": 7, "verdict": "aside"},
        {"piece": 0, "verdict": "keep"},
        {"row": -1, "path": "title", "verdict": "keep"},
        {"row": True, "path": "title", "verdict": "keep"},
        {"row": 0, "path": "title", "verdict": "guess"},
        {"document": 5, "row": 0, "path": "title", "verdict": "correct", "value": "甲"},
        {"document": "0", "row": 0, "path": "title", "verdict": "correct", "value": "甲"},
    ]
    for answer in wrong:
        both: Any = [good, {"document": 0, **answer}]
        with pytest.raises(Problem):
            actions.settle_reading(mihon.ctx("cli"), job, actions.SettleReading(both))
        assert not StagedDecision.unscoped.exists(), ("all of it or nothing", answer)


def test_claims_stand_beside_counts() -> None:
    found = {one.label: (one.stated, one.counted, one.difference) for one in claims(reading(9))}
    assert found == {"順調": (9, 6, -3), "取組の総数": (9, 9, 0)}
    grouped = document(
        [initiative("2-1", "甲", group="2"), initiative("2-2", "乙", group="2"), initiative("3", "丙")]
    )
    grouped["stated"] = {"progress": {}, "counts": {"total": 3, "何か": 4}}
    total, unknown = claims(grouped)
    assert (total.counted, total.difference) == (2, -1)
    assert unknown.counted is None


def test_decisions_without_a_place_do_not_break_the_page(mihon: Town) -> None:
    job = ready(mihon)
    decide(mihon, job, row=0, path="offices", verdict="correct", value="見本課、例示課")
    decide(mihon, job, row=0, path="offices[1].name", verdict="correct", value="説明課")
    left = decisions_of(job)[1:]
    staged = replay(job.reading["documents"], left)
    assert [one.path for one in staged.broken] == ["offices[1].name"]
    assert staged.form((0, 0)) == job.reading["documents"][0]["initiatives"][0]


def test_a_place_in_the_tree_is_chosen_among_the_documents_nodes(mihon: Town, client: Client) -> None:
    doubt = {
        "field": "placements[0]",
        "code": "places-differ",
        "candidates": ["ア (ア) 手続", "ア (イ) 発信", "ウ どこか"],
        "note": "位置づけが違います。",
    }
    row = initiative("1", "甲", placements=[{"path": ["ア", "(ア)"], "primary": True}], doubts=[doubt])
    other = initiative("2", "乙", placements=[{"path": ["ア", "(イ)"], "primary": True}])
    given = document([row, other])
    for node in given["nodes"]:
        node["title"] = {"ア": "便利なまち", "(ア)": "手続", "(イ)": "発信"}[node["path"][-1]]
    job = ready(mihon, 2, given)
    (question,) = asked(job)
    (choice,) = choices(staged_of(job), question)
    assert (choice.text, choice.value) == ("ア (イ) 発信", "ア＞(イ)")
    html = client.get(page(job)).content.decode()
    assert '<option value="ア＞(イ)">ア (イ) 発信</option>' in html
    found = next(form for form in forms_of(html) if form.get("value") == choice.value)
    assert send(client, found).status_code == 303
    assert staged_of(job).form((0, 0))["placements"] == [{"path": ["ア", "(イ)"], "primary": True}]
    with pytest.raises(Problem, match="この版の区分にありません"):
        decide(mihon, job, row=0, path="placements[0]", verdict="correct", value="ウ")


def test_who_leads_is_chosen_and_nobody_is_lost(mihon: Town) -> None:
    offices = [
        {"name": name, "role": role, "doubtful": False}
        for name, role in (("見本課", "lead"), ("例示課", "related"), ("説明課", "related"))
    ]
    doubt = {
        "field": "offices",
        "code": "roles-assumed",
        "candidates": ["見本課", "例示課", "説明課"],
        "note": "主管の区別がありません。",
    }
    job = ready(mihon, 1, document([initiative("1", "甲", offices=offices, doubts=[doubt])]))
    (question,) = asked(job)
    assert [one.text for one in choices(staged_of(job), question)] == ["例示課", "説明課"]
    decide(mihon, job, row=0, path="offices", verdict="correct", value="説明課")
    found = [(one["name"], one["role"]) for one in staged_of(job).form((0, 0))["offices"]]
    assert found == [("説明課", "lead"), ("見本課", "related"), ("例示課", "related")]


def test_a_predecessor_that_is_none_is_taken_out_for_good(mihon: Town, client: Client) -> None:
    def given() -> Any:
        event = {"event": "continued", "year": 2024, "from": {"year": 2023, "kind": None, "number": "8"}}
        doubt = {
            "field": "lineage[0]",
            "code": "likely-origin",
            "candidates": ["乙"],
            "note": "並びから続きとしました。",
        }
        return document([initiative("1", "甲", lineage=[event], doubts=[doubt])])

    job = ready(mihon, 1, given())
    html = client.get(page(job)).content.decode()
    assert "この経緯を外す" in html
    found = next(form for form in forms_of(html) if form.get("take") == "value" and form.get("value") == "")
    assert send(client, found).status_code == 303
    form = staged_of(job).form((0, 0))
    assert (form["lineage"], form["doubts"], list(form["corrected"])) == ([], [], ["lineage"])
    actions.commit_import(mihon.ctx("cli"), job, actions.CommitImport(unchecked=True))
    again = ready(mihon, 1, given())
    actions.commit_import(mihon.ctx("cli"), again, actions.CommitImport(unchecked=True))
    row = queries.initiative_form(Initiative.unscoped.get())
    assert (row["lineage"], row["doubts"]) == ([], [])


def test_the_rows_as_a_sheet(mihon: Town, client: Client) -> None:
    job = ready(mihon, 4)
    answer: Any = client.get(page(job, "rows.csv"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "見本の取組その3" in text
    assert "確認が要る" in text


def test_a_list_of_points_is_put_right_line_by_line(mihon: Town) -> None:
    job = ready(mihon, 1, document([initiative("1", "甲", texts={"target_state": ["一つ目", "二つ目"]})]))
    decide(mihon, job, row=0, path="texts.target_state", verdict="correct", value="一つ目\n\n 三つ目 ")
    assert staged_of(job).form((0, 0))["texts"]["target_state"] == ["一つ目", "三つ目"]
    decide(mihon, job, row=0, path="texts.target_state", verdict="correct", value=" ")
    assert staged_of(job).form((0, 0))["texts"] == {}


# -- into the draft


def test_decisions_become_corrections_of_the_draft_and_outlive_the_next_reading(mihon: Town) -> None:
    job = ready(mihon)
    decide(mihon, job, row=0, path="title", verdict="correct", value="直した題名")
    decide(mihon, job, row=1, path="texts.schedule_past", verdict="keep")
    decide(mihon, job, piece=0, verdict="aside")
    decide(mihon, job, piece=1, row=2, path="texts.purpose", verdict="copy", value="みほん市の宣言")
    actions.commit_import(mihon.ctx("cli"), job, actions.CommitImport(unchecked=True))
    edition = Edition.unscoped.get()
    rows = {row.number: queries.initiative_form(row) for row in Initiative.unscoped.all()}
    assert rows["1"]["title"] == "直した題名"
    by = mihon.ctx("plan_secretariat").actor.label
    assert {mark["by"] for form in rows.values() for mark in form["corrected"].values()} == {by}
    assert list(rows["2"]["corrected"]) == ["texts.schedule_past"]
    assert rows["2"]["doubts"] == []
    assert rows["3"]["texts"]["purpose"] == "みほん市の宣言"
    assert len(rows["4"]["doubts"]) == 1, "what nobody decided is asked in the draft"
    assert edition.unplaced == []

    again = ready(mihon)
    first = questions(
        again.reading["documents"],
        staged_of(again),
        {(0, 1): rules.answered(rows["2"], again.reading["documents"][0]["initiatives"][1])},
    )
    assert [one.state for one in first if one.row == 1] == ["kept"], "nobody is asked twice"
    actions.commit_import(mihon.ctx("cli"), again, actions.CommitImport(unchecked=True))
    titles = dict(Initiative.unscoped.values_list("number", "title"))
    assert titles["1"] == "直した題名"


def test_a_decision_about_the_new_reading_is_newer_than_the_drafts_correction(mihon: Town) -> None:
    first = ready(mihon)
    decide(mihon, first, row=0, path="title", verdict="correct", value="はじめの訂正")
    decide(mihon, first, row=0, path="indicators[0].values[0].raw", verdict="correct", value="12件")
    actions.commit_import(mihon.ctx("cli"), first, actions.CommitImport(unchecked=True))
    again = ready(mihon)
    decide(mihon, again, row=0, path="title", verdict="correct", value="あとの訂正")
    actions.commit_import(mihon.ctx("cli"), again, actions.CommitImport(unchecked=True))
    form = queries.initiative_form(Initiative.unscoped.get(number="1"))
    assert form["title"] == "あとの訂正"
    assert form["indicators"][0]["values"][0]["raw"] == "12件", "the other correction stays"


def test_a_figure_that_was_decided_anew_wins_over_the_corrected_print(mihon: Town) -> None:
    first = ready(mihon)
    decide(mihon, first, row=0, path="indicators[0].values[0].raw", verdict="correct", value="12件")
    actions.commit_import(mihon.ctx("cli"), first, actions.CommitImport(unchecked=True))
    again = ready(mihon)
    decide(mihon, again, row=0, path="indicators[0].values[0].number", verdict="correct", value="15")
    actions.commit_import(mihon.ctx("cli"), again, actions.CommitImport(unchecked=True))
    found = queries.initiative_form(Initiative.unscoped.get(number="1"))["indicators"][0]["values"][0]
    assert (found["raw"], found["number"]) == ("10件", "15")


def test_a_discarded_reading_keeps_no_decisions(mihon: Town) -> None:
    job = ready(mihon)
    decide(mihon, job, row=0, path="title", verdict="correct", value="直した題名")
    actions.discard_import(mihon.ctx("cli"), job, NoData())
    assert not StagedDecision.unscoped.exists()
    with pytest.raises(Problem, match="終わっています"):
        decide(mihon, job, row=0, path="title", verdict="correct", value="もう一度")


def test_the_trail_tells_who_decided_what(mihon: Town) -> None:
    job = ready(mihon)
    decide(mihon, job, row=0, path="title", verdict="correct", value="直した題名")
    entry = TrailEntry.unscoped.get(action="plan.settle_reading")
    assert entry.subject_id == job.pk
    assert entry.actor_label == mihon.ctx("plan_secretariat").actor.label
    decide(mihon, job, piece=0, verdict="aside")
    actions.undo_settled(mihon.ctx("cli"), job, actions.UndoSettled(decisions_of(job)[0].batch))
    auditor = signed_in(mihon, "auditor")
    pages = [
        auditor.get(f"/990019/desk/trail/{one.pk}/").content.decode()
        for one in TrailEntry.unscoped.filter(subject_id=job.pk, action__contains="settle").order_by("at")
    ]
    assert len(pages) == 3
    told, aside, back = pages
    assert all(word in told for word in ("取組名", "見本の取組その1", "直した題名"))
    assert "※端数は四捨五入した。" in aside
    assert "直した題名" in back


# -- the walk without a script


def test_a_walk_without_a_script(mihon: Town, client: Client) -> None:
    job = ready(mihon, 4)
    html = client.get(page(job)).content.decode()
    assert "4件のうち0件を確かめました" in html
    assert 'id="question"' in html
    for step in range(4):
        answer = send(client, keep_form(html))
        assert answer.status_code == 303
        assert answer.url.endswith("#question"), "the focus goes on to the next question"
        html = client.get(answer.url).content.decode()
        assert f"4件のうち{step + 1}件を確かめました" in html
    assert "すべて確かめました" in html
    assert "置き場所のない記載が2件残っています" in html
    taken = next(form for form in forms_of(html) if form.get("batch"))
    back = send(client, taken)
    assert "4件のうち3件を確かめました" in client.get(back.url).content.decode()


def test_a_candidate_and_a_typed_text(mihon: Town, client: Client) -> None:
    job = ready(mihon)
    at = "0.3.indicators[0].values[0].year"
    html = client.get(page(job, f"?at={at}")).content.decode()
    assert "「2024」にする" in html
    found = next(
        form for form in forms_of(html) if form.get("take") == "value" and form.get("value") == "2024"
    )
    assert send(client, found).status_code == 303
    assert staged_of(job).form((0, 3))["indicators"][0]["values"][0]["year"] == 2024
    html = client.get(page(job, "?at=0.7.indicators[0].values[0].year")).content.decode()
    typed = next(form for form in forms_of(html) if form.get("take") == "value" and "value" not in form)
    refused = send(client, typed, value="いつか")
    assert refused.status_code == 422
    assert "年度として読めません" in refused.content.decode()
    assert 'value="いつか"' in refused.content.decode(), "what was typed stays"
    assert send(client, typed, value="令和5年度").status_code == 303


def test_the_source_stands_beside(mihon: Town, client: Client) -> None:
    job = ready(mihon)
    html = client.get(page(job, "?at=0.3.indicators[0].values[0].year")).content.decode()
    assert re.search(r'<mark class="cell">40件</mark>', html)
    assert "見本の取組その5" in html, "its neighbours too"


def test_every_line_that_the_reason_names_stands_beside(mihon: Town, client: Client) -> None:
    given = reading(8)
    given["initiatives"][0]["doubts"] = [
        {
            "field": "title",
            "code": "places-differ",
            "candidates": ["見本の取組その1", "見本の取組その6"],
            "note": "書かれ方が違います(4行目は「見本の取組その1」、9行目は「見本の取組その6」)。",
        }
    ]
    job = ready(mihon, 8, given)
    html = client.get(page(job, "?at=0.0.title")).content.decode()
    assert re.search(r'id="also-9".*?<mark class="cell">見本の取組その6</mark>', html, re.DOTALL)
    assert html.count('id="also-') == 1, "that line alone, without its neighbours"


def test_two_people_at_once(mihon: Town, client: Client) -> None:
    job = ready(mihon)
    other = signed_in(mihon, "plan_secretariat", "other")
    mine = keep_form(client.get(page(job, "?at=0.0.texts.schedule_past")).content.decode())
    theirs = next(
        form
        for form in forms_of(other.get(page(job, "?at=0.0.texts.schedule_past")).content.decode())
        if form.get("value") == "-"
    )
    elsewhere = keep_form(other.get(page(job, "?at=0.1.texts.schedule_past")).content.decode())
    assert send(other, elsewhere).status_code == 303
    assert send(client, mine).status_code == 303, "another field of the same reading stands in nobody's way"
    late = send(other, theirs)
    assert late.status_code == 409
    assert "ほかの人が先に、この項目を決めました" in late.content.decode()
    assert [one.verdict for one in decisions_of(job)] == ["keep", "keep"]


def test_the_same_form_twice_is_one_decision(mihon: Town, client: Client) -> None:
    job = ready(mihon)
    form = keep_form(client.get(page(job)).content.decode())
    first, second = send(client, form), send(client, form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.url == second.url
    assert len(decisions_of(job)) == 1


def test_many_at_once_with_a_list_of_what_becomes_of_each(mihon: Town, client: Client) -> None:
    job = ready(mihon)
    html = client.get(page(job)).content.decode()
    links = [unescape(one) for one in re.findall(r'href="([^"]*check/many/[^"]*)"', html)]
    assert len(links) == 2, "as they were read, or the other candidate"
    preview = client.get(links[0]).content.decode()
    chosen = re.findall(r'name="chosen" value="([^"]+)"', preview)
    assert len(chosen) == 6
    answer = client.post(links[0], {"chosen": chosen[:5]})
    assert answer.status_code == 303
    assert "8件のうち5件を確かめました" in client.get(answer.url).content.decode()
    assert len({one.batch for one in decisions_of(job)}) == 1
    assert client.post(links[0], {"chosen": chosen[:5]}).status_code == 303, "sent twice, done once"
    assert client.post(links[0], {"chosen": chosen}).status_code == 422
    assert client.post(links[0], {}).status_code == 422
    actions.undo_settled(mihon.ctx("cli"), job, actions.UndoSettled(decisions_of(job)[0].batch))
    assert "8件のうち0件を確かめました" in client.get(page(job)).content.decode()
    assert client.post(links[1], {"chosen": chosen}).status_code == 303
    assert staged_of(job).form((0, 0))["texts"]["schedule_past"] == "-"


def test_like_questions_share_reason_and_kind_of_field(mihon: Town) -> None:
    found = asked(ready(mihon))
    assert [one.row for one in alike(found[0], found)] == [0, 1, 2, 4, 5, 6]
    assert [one.row for one in alike(found[-1], found)] == [3, 7]


def test_any_field_of_a_row_before_the_draft(mihon: Town, client: Client) -> None:
    job = ready(mihon)
    listed = client.get(page(job, "rows/?q=その5")).content.decode()
    assert "見本の取組その5" in listed
    assert "見本の取組その6" not in listed
    here = page(job, "rows/0/4/")
    html = client.get(f"{here}?edit=title").content.decode()
    form = next(form for form in forms_of(html) if form.get("at") == "0.4.title")
    assert send(client, form, value="").status_code == 422
    answer = send(client, form, value="直した題名")
    assert answer.status_code == 303
    assert "訂正" in client.get(answer.url).content.decode()
    added = client.get(f"{here}?edit=texts.purpose").content.decode()
    form = next(form for form in forms_of(added) if form.get("at") == "0.4.texts.purpose")
    assert send(client, form, value="新しい目的").status_code == 303
    assert staged_of(job).form((0, 4))["texts"]["purpose"] == "新しい目的"
    assert client.get(page(job, "rows/0/99/")).status_code == 404
    assert client.get(page(job, "rows/9/0/")).status_code == 404


def test_pieces_without_a_place(mihon: Town, client: Client) -> None:
    job = ready(mihon)
    here = page(job, "pieces/")
    html = client.get(here).content.decode()
    assert "2件のうち2件が残っています" in html
    assert client.post(here, {"do": "aside"}).status_code == 422
    assert client.post(here, {"do": "aside", "chosen": "0.1"}).status_code == 303
    opened = client.get(f"{here}?piece=0.0").content.decode()
    assert "※端数は四捨五入した。" in opened
    copied = {"do": "copy", "piece": "0.0", "path": "texts.effect", "value": "端数は四捨五入した。"}
    refused = client.post(here, copied)
    assert refused.status_code == 422
    assert "写す先の取組を選んでください" in refused.content.decode()
    assert client.post(here, {**copied, "row": "2"}).status_code == 303
    assert client.post(here, {**copied, "row": "2"}).status_code == 422, "it has its place"
    assert staged_of(job).form((0, 2))["texts"]["effect"] == "端数は四捨五入した。"
    assert staged_of(job).taken(0)["unplaced"] == []


def test_cells_of_one_line_are_decided_together(mihon: Town, client: Client) -> None:
    given = reading(4)
    given["unplaced"] = [{"line": 4, "text": text, "part": ""} for text in ("甲", "乙", "丙")]
    given["unplaced"].append({"line": None, "text": "丁", "part": ""})
    job = ready(mihon, 4, given)
    here = page(job, "pieces/")
    html = client.get(here).content.decode()
    assert re.findall(r'type="checkbox" name="chosen" value="([^"]+)"', html) == ["0.0-1-2", "0.3"]
    sent = {"do": "copy", "piece": "0.0-1-2", "row": "0", "path": "texts.issue", "value": "甲乙丙"}
    assert client.post(here, sent).status_code == 303
    assert [one["text"] for one in staged_of(job).taken(0)["unplaced"]] == ["丁"]
    assert len({one.batch for one in decisions_of(job)}) == 1
    taken = next(form for form in forms_of(client.get(here).content.decode()) if form.get("batch"))
    assert send(client, taken).status_code == 303
    assert staged_of(job).documents == job.reading["documents"], "the text and the pieces are back"


def test_the_review_counts_what_is_left_and_what_the_document_claims(mihon: Town, client: Client) -> None:
    job = ready(mihon)
    decide(mihon, job, row=0, path="texts.schedule_past", verdict="keep")
    html = client.get(f"/990019/desk/plan/imports/{job.pk}/").content.decode()
    assert "8件のうち1件を確かめました" in html
    assert "読み取りが2少ない" in html, "the document claims eight, six were read"


def test_several_documents_are_walked_one_after_the_other(mihon: Town, client: Client) -> None:
    later = reading(4)
    later["plan"]["edition"] = "令和7年度版"
    job = ready(mihon, 8, reading(8), later)
    html = client.get(page(job)).content.decode()
    assert "12件のうち0件を確かめました" in html
    assert "令和7年度版" in html
    keys = [one.key for one in asked(job)]
    assert [key.split(".")[0] for key in keys] == ["0"] * 8 + ["1"] * 4
    decide(mihon, job, document=1, row=0, path="title", verdict="correct", value="後の年度の題名")
    actions.commit_import(mihon.ctx("cli"), job, actions.CommitImport(unchecked=True))
    found = Initiative.unscoped.filter(number="1").values_list("edition__label", "title")
    assert dict(found) == {"令和6年度版": "見本の取組その1", "令和7年度版": "後の年度の題名"}


def test_a_finished_import_has_no_review(mihon: Town, client: Client) -> None:
    job = ready(mihon)
    actions.commit_import(mihon.ctx("cli"), job, actions.CommitImport(unchecked=True))
    for rest in ("", "rows/", "rows/0/0/", "pieces/", "many/?at=0.0.title"):
        answer: Any = client.get(page(job, rest))
        assert answer.status_code == 303, rest
        assert answer.url == f"/990019/desk/plan/imports/{job.pk}/"
    assert client.post(page(job, "answer/"), {"at": "0.0.title", "take": "keep"}).status_code == 303


def test_only_the_secretariat_reviews(mihon: Town) -> None:
    job = ready(mihon)
    other = signed_in(mihon, "plan_editor")
    for rest in ("", "rows/", "rows/0/0/", "pieces/"):
        assert other.get(page(job, rest)).status_code == 404, rest


def test_version_of_the_import_is_asked_for(mihon: Town) -> None:
    job = ready(mihon)
    good: Any = {"document": 0, "row": 0, "path": "texts.schedule_past", "verdict": "keep"}
    with pytest.raises(Stale):
        actions.settle_reading(mihon.ctx("cli"), job, actions.SettleReading([good]), expected_version=1)


# -- rows that are no initiatives, and pieces that are


def test_a_row_is_left_out_and_taken_back(mihon: Town, client: Client) -> None:
    job = ready(mihon)
    html = client.get(page(job, "rows/0/4/")).content.decode()
    form = next(form for form in forms_of(html) if form.get("take") == "omit")
    answer = send(client, form)
    assert answer.status_code == 303
    shown = client.get(answer.url).content.decode()
    assert "この取組は取り込みません" in shown
    assert "?edit=" not in shown, "nothing is put right in a row that does not go in"
    staged = staged_of(job)
    assert [one["number"] for one in staged.taken(0)["initiatives"]] == ["1", "2", "3", "4", "6", "7", "8"]
    assert [one.state for one in asked(job) if one.row == 4] == ["out"]
    with pytest.raises(Problem, match="取り込まないことになっています"):
        decide(mihon, job, row=4, path="title", verdict="correct", value="直した題名")
    with pytest.raises(Problem, match="取り込まないことになっています"):
        decide(mihon, job, row=4, verdict="omit")
    assert "見本の取組その5" in client.get(page(job, "rows/?filter.state=out")).content.decode()
    back = next(form for form in forms_of(shown) if form.get("batch"))
    assert send(client, back).status_code == 303
    assert staged_of(job).documents == job.reading["documents"]
    assert staged_of(job).left_out == {}


def test_a_row_is_left_out_while_its_doubt_is_looked_at(mihon: Town, client: Client) -> None:
    job = ready(mihon)
    html = client.get(page(job)).content.decode()
    form = next(form for form in forms_of(html) if form.get("take") == "omit")
    answer = send(client, form)
    html = client.get(answer.url).content.decode()
    assert "8件のうち1件を確かめました" in html
    assert "見本の取組その1：取組として取り込まない" in html
    assert "この取組は取り込みません" in client.get(page(job, f"?at={form['at']}")).content.decode()
    back = next(form for form in forms_of(html) if form.get("batch"))
    assert "8件のうち0件を確かめました" in client.get(send(client, back).url).content.decode()


def test_decisions_of_rows_behind_one_left_out_stay_with_their_rows(mihon: Town) -> None:
    first = ready(mihon)
    actions.commit_import(mihon.ctx("cli"), first, actions.CommitImport(unchecked=True))
    again = ready(mihon)
    decide(mihon, again, row=2, path="title", verdict="correct", value="直した題名")
    actions.commit_import(mihon.ctx("cli"), again, actions.CommitImport(unchecked=True))
    job = ready(mihon)
    decide(mihon, job, row=0, verdict="omit")
    decide(mihon, job, row=2, path="title", verdict="correct", value="もう一度直した題名")
    actions.commit_import(mihon.ctx("cli"), job, actions.CommitImport(unchecked=True))
    titles = dict(Initiative.unscoped.values_list("number", "title"))
    assert "1" not in titles
    assert titles["3"] == "もう一度直した題名", "a decision is newer than the draft's correction"
    assert titles["4"] == "見本の取組その4"


def test_what_was_left_out_stays_out_of_the_same_document(mihon: Town) -> None:
    job = ready(mihon)
    decide(mihon, job, row=4, verdict="omit")
    decide(mihon, job, row=5, path="texts.schedule_past", verdict="keep")
    actions.commit_import(mihon.ctx("cli"), job, actions.CommitImport(unchecked=True))
    again = ready(mihon)
    (only,) = decisions_of(again)
    assert (only.verdict, only.row, only.by) == ("omit", 4, mihon.ctx("plan_secretariat").actor.label)
    noted = TrailEntry.unscoped.get(action="plan.record_reading", subject_id=again.pk)
    told = signed_in(mihon, "auditor").get(f"/990019/desk/trail/{noted.pk}/").content.decode()
    assert "見本の取組その5" in told
    assert "取組として取り込まない" in told
    actions.undo_settled(mihon.ctx("cli"), again, actions.UndoSettled(only.batch))
    assert len(staged_of(again).taken(0)["initiatives"]) == 8
    assert decisions_of(ready(mihon, 9)) == [], "another document"


def make(client: Client, job: Import, piece: str = "0.0", **more: str) -> Any:
    sent = {"do": "make", "piece": piece, "title": "もれた取組", "number": "9", **more}
    return client.post(page(job, "pieces/"), sent)


def test_a_piece_becomes_an_initiative(mihon: Town, client: Client) -> None:
    given = reading(4)
    given["unplaced"] = [{"line": 5, "text": text, "part": ""} for text in ("9", "もれた取組", "見直す。")]
    job = ready(mihon, 4, given)
    html = client.get(page(job, "pieces/?piece=0.0-1-2&do=make")).content.decode()
    assert 'name="title" id="id_title" value="もれた取組"' in html
    assert 'name="number" id="id_number" value="9"' in html
    assert "見直す。</textarea>" in html
    assert make(client, job, "0.0-1-2", title=" ").status_code == 422
    taken = make(client, job, "0.0-1-2", number="１")
    assert taken.status_code == 422
    assert "番号１は「見本の取組その1」に使われています" in taken.content.decode()
    assert 'value="もれた取組"' in taken.content.decode(), "what was typed stays"
    assert decisions_of(job) == []
    more = {"kind": "operate", "year": "令和6年度", "offices": "見本課、例示課", "texts.approach": "見直す。"}
    assert make(client, job, "0.0-1-2", **more).status_code == 303
    staged = staged_of(job)
    form = staged.form((0, 4))
    assert (form["title"], form["number"], form["kind"], form["year"]) == ("もれた取組", "9", "operate", 2024)
    assert [one["name"] for one in form["offices"]] == ["見本課", "例示課"]
    assert form["texts"] == {"approach": "見直す。"}
    assert rules.corrections(form) == [], "it was made, not put right"
    document_now = staged.taken(0)
    assert [one["number"] for one in document_now["initiatives"]] == ["1", "2", "9", "3", "4"], "by line"
    assert document_now["unplaced"] == []
    assert "記載から作った" in client.get(page(job, "rows/")).content.decode()
    shown = client.get(page(job, "rows/0/4/")).content.decode()
    assert "置き場所のない記載から作った取組です" in shown
    actions.commit_import(mihon.ctx("cli"), job, actions.CommitImport(unchecked=True))
    again = ready(mihon, 4)
    actions.commit_import(mihon.ctx("cli"), again, actions.CommitImport(unchecked=True))
    assert Initiative.unscoped.get(number="9").title == "もれた取組", "a second reading leaves it"


def test_a_made_row_keeps_its_place_when_others_are_taken_back(mihon: Town, client: Client) -> None:
    job = ready(mihon, 4)
    assert make(client, job, "0.0").status_code == 303
    assert make(client, job, "0.1", title="もう1つ", number="10").status_code == 303
    decide(mihon, job, row=5, path="title", verdict="correct", value="直したもう1つ")
    first = decisions_of(job)[0]
    actions.undo_settled(mihon.ctx("cli"), job, actions.UndoSettled(first.batch))
    staged = staged_of(job)
    assert staged.broken == []
    assert staged.form((0, 5))["title"] == "直したもう1つ"
    with pytest.raises(LookupError):
        staged.form((0, 4))
    first_row = staged.taken(0)["initiatives"][0]
    assert first_row["number"] == "10", "its line is above the others"
    for rest in ("", "rows/", "rows/0/5/", "pieces/", "pieces/?piece=0.0"):
        assert client.get(page(job, rest)).status_code == 200, rest
    assert client.get(page(job, "rows/0/4/")).status_code == 404
    second = next(one for one in decisions_of(job) if one.verdict == "make")
    with pytest.raises(Problem, match="あとの決定"):
        actions.undo_settled(mihon.ctx("cli"), job, actions.UndoSettled(second.batch))
    assert make(client, job, "0.0").status_code == 303
    assert staged_of(job).form((0, 6))["title"] == "もれた取組"


def test_only_the_next_place_is_free_for_a_new_row(mihon: Town) -> None:
    job = ready(mihon, 4)
    for row in (3, 5):
        with pytest.raises(Problem):
            decide(mihon, job, row=row, piece=0, path="title", verdict="make", value="もれた取組")
    assert decisions_of(job) == []


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        ("number", "9-1", lambda form: form["number"] == "9-1"),
        ("offices", "例示課", lambda form: form["offices"][0]["name"] == "例示課"),
        ("stages.2026", "検討", lambda form: form["stages"]["2026"] == "検討"),
        (
            "indicators",
            "新しい指標",
            lambda form: (
                [one["name"] for one in form["indicators"]] == ["手続の件数", "新しい指標"]
                and form["indicators"][0]["values"]
            ),
        ),
    ],
)
def test_pieces_go_into_every_kind_of_field(
    mihon: Town, client: Client, path: str, value: str, found: Any
) -> None:
    job = ready(mihon, 4)
    sent = {"do": "copy", "piece": "0.0", "row": "1", "path": path, "value": value}
    assert client.post(page(job, "pieces/"), sent).status_code == 303
    assert found(staged_of(job).form((0, 1)))
    actions.commit_import(mihon.ctx("cli"), job, actions.CommitImport(unchecked=True))
    rows = Initiative.unscoped.order_by("position")
    assert found(queries.initiative_form(rows[1]))


def test_the_trail_tells_what_became_of_rows(mihon: Town, client: Client) -> None:
    job = ready(mihon, 4)
    decide(mihon, job, row=0, verdict="omit")
    make(client, job, "0.0")
    for batch in dict.fromkeys(one.batch for one in decisions_of(job)):
        actions.undo_settled(mihon.ctx("cli"), job, actions.UndoSettled(batch))
    auditor = signed_in(mihon, "auditor")
    left, made, back, undone = (
        auditor.get(f"/990019/desk/trail/{one.pk}/").content.decode()
        for one in TrailEntry.unscoped.filter(subject_id=job.pk, action__contains="settle").order_by(
            "at", "pk"
        )
    )
    assert "見本の取組その1" in left
    assert "取組として取り込まない" in left
    assert "新しい取組にする" in made
    assert "もれた取組" in made
    assert "取組として取り込まない" in back
    assert "もれた取組" in undone


def test_what_was_not_checked_is_said_and_asked(mihon: Town, client: Client) -> None:
    job = ready(mihon)
    here = f"/990019/desk/plan/imports/{job.pk}/"
    html = client.get(here).content.decode()
    assert "確かめていない読み取りが8件残っています" in html
    assert "新しく下書きに入る取組：8件に、確かめていない読み取りがあります" in html
    seen = {"version": str(job.version)}
    refused = client.post(f"{here}commit/", seen)
    assert refused.status_code == 422
    assert "確かめていないものが8件あります" in refused.content.decode()
    assert not Edition.unscoped.exists()
    assert client.post(f"{here}commit/", {**seen, "unchecked": "1"}).status_code == 303

    again = ready(mihon)
    html = client.get(f"/990019/desk/plan/imports/{again.pk}/").content.decode()
    assert 'name="unchecked"' not in html, "the rows are in the draft; their doubts wait there"
    actions.commit_import(mihon.ctx("cli"), again, actions.CommitImport())

    given = reading(8)
    given["initiatives"][2]["doubts"][0]["field"] = "title"
    named = ready(mihon, 8, given)
    html = client.get(f"/990019/desk/plan/imports/{named.pk}/").content.decode()
    assert "取組名・番号の読み取り：1件を確かめていません" in html
    with pytest.raises(Problem, match="1件あります"):
        actions.commit_import(mihon.ctx("cli"), named, actions.CommitImport())


def test_pieces_are_counted_in_one_way(mihon: Town, client: Client) -> None:
    given = reading(4)
    given["unplaced"] = [{"line": 4, "text": text, "part": ""} for text in ("甲", "乙", "丙")]
    job = ready(mihon, 4, given)
    html = client.get(f"/990019/desk/plan/imports/{job.pk}/").content.decode()
    assert "置き場所のない記載（1件）" in html
    assert "<dt>置き場所のない記載</dt><dd>1</dd>" in html
