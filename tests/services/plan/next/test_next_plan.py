"""The next plan: a tree written as lines, what it takes over, and the verification of the plan before it."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.services.plan.forms import Form, document, indicator, initiative, value
from tests.services.plan.test_making_pages import fields
from tests.services.plan.test_portal_overview import plain, rows_of
from tests.signin import sign_in
from tests.world import Town
from yakuba.kernel.actions import Problem
from yakuba.services.plan import queries
from yakuba.services.plan.actions import ImportDocument, PublishEdition, import_document, publish_edition
from yakuba.services.plan.models import Edition, Initiative
from yakuba.services.plan.next import outline
from yakuba.services.plan.next.verification import measure

DESK = "/990019/desk/plan/editions/"
TREE = "1 情報発信\n　1-1 交流の推進\n　1-2 DX 人材\n2 窓口"


def paths(text: str) -> list[tuple[list[str], str]]:
    return [(node["path"], node["title"]) for node in outline.read(text, [])]


def test_a_tree_is_written_as_lines():
    assert paths(TREE) == [
        (["1"], "情報発信"), (["1", "1-1"], "交流の推進"), (["1", "1-2"], "DX 人材"), (["2"], "窓口"),
    ]  # fmt: skip
    assert paths("ア 市民\n\t(ア) 手続\n\n\t(イ) 発信\nDX 推進") == [
        (["ア"], "市民"), (["ア", "(ア)"], "手続"), (["ア", "(イ)"], "発信"), (["DX 推進"], "DX 推進"),
    ]  # fmt: skip
    assert paths("1) 柱\n 1)-(1) 施策") == [(["1)"], "柱"), (["1)", "1)-(1)"], "施策")]
    nodes = outline.read(TREE, [])
    assert outline.read(outline.written(nodes), []) == nodes


@pytest.mark.parametrize(
    ("text", "line"), [("1 甲\n1 乙", "2行目"), ("甲\n　乙\n　　丙", "3行目"), ("長" * 301, "1行目")]
)
def test_a_line_that_is_no_node_is_named(text: str, line: str):
    with pytest.raises(Problem) as wrong:
        outline.read(text, ["柱", "施策"])
    assert (wrong.value.field, line in wrong.value.message) == ("outline", True)


def test_an_initiative_stands_under_the_node_of_the_same_title():
    before = outline.read("ア 市民\n　(ア) 手続\nイ 職員", [])
    after = outline.read("1 くらし\n　1-1 手続\n2 職員\n3 職員", [])
    form = initiative("1", "甲", placements=[
        {"path": ["イ"], "primary": False}, {"path": ["ア", "(ア)"], "primary": True},
    ])  # fmt: skip
    assert outline.placed(form, before, after) == [{"path": ["1", "1-1"], "primary": True}]


@pytest.mark.parametrize(
    ("values", "direction", "met"),
    [
        (
            [value("100件", 2026, "target", number="100"), value("120件", 2026, number="120")],
            "increase",
            True,
        ),
        ([value("100件", 2026, "target", number="100"), value("80件", 2026, number="80")], "increase", False),
        ([value("100件", 2026, "target", number="100"), value("80件", 2025, number="80")], "increase", None),
        (
            [value("100件", 2026, "target", number="100"), value("110件", 2025, number="110")],
            "increase",
            None,
        ),
        (
            [
                value("100件", 2026, "target", number="100"),
                value("50件", 2025, "target", number="50"),
                value("80件", 2025, number="80"),
            ],
            "increase",
            True,
        ),
        ([value("10件", 2026, "target", number="10"), value("8件", 2026, number="8")], "decrease", True),
        ([value("10件", 2026, "target", number="10"), value("8件", 2026, number="8")], None, None),
        ([value("実施", 2026, "target", state="実施"), value("検討", 2026, state="検討")], None, False),
        ([value("10件", 2026, "target", number="10")], "increase", None),
        ([value("8件", 2026, number="8")], "increase", None),
    ],
)
def test_whether_a_goal_was_reached(values: list[Form], direction: str | None, met: bool | None):
    assert measure(indicator("件数", values, direction=direction), 2026).met is met


@pytest.fixture
def former(mihon: Town) -> Edition:
    def at(*path: str) -> list[Form]:
        return [{"path": list(path), "primary": True}]

    goal = [value("100手続", 2026, "target", number="100"), value("120手続", 2026, number="120")]
    rows = [
        initiative("1-1", "電子申請", placements=at("1"), progress="順調", progress_meaning="on_track",
                   indicators=[indicator("手続数", goal, unit="手続", direction="increase")]),
        initiative("1-2", "掲示板", placements=at("1"), progress="廃止", texts={"result": "使う人が減った。"}),
        initiative("2-1", "窓口の改善", placements=at("2"), progress="順調", progress_meaning="on_track"),
    ]  # fmt: skip
    given = document(rows, title="みほん市第2次計画")
    given["nodes"] = outline.read("1 情報発信\n2 窓口", [])
    given["stated"] = {"progress": {"順調": 3}, "counts": {}}
    made = import_document(mihon.ctx("cli"), None, ImportDocument(given))
    return Edition.unscoped.get(pk=made.pk)


@pytest.mark.django_db
def test_the_next_plan_and_its_verification(client: Client, mihon: Town, former: Edition) -> None:
    desk = Client()
    sign_in(desk, mihon.account("plan_secretariat"))
    here = f"{DESK}{former.pk}/next-plan/"
    known = fields(desk.get(here))
    assert (known["first_year"], known["outline"], known["numbering"]) == (
        "令和9年度",
        "1 情報発信\n2 窓口",
        "by_place",
    )
    sent = {**known, "title": "みほん市第3次計画", "outline": TREE, "levels": "目標\n施策"}
    wrong = desk.post(here, {**sent, "outline": "1 甲\n1 乙", "first_year": "R6"})
    assert wrong.status_code == 422
    assert 'id="id_first_year-error"' in wrong.content.decode()
    again = desk.post(here, {**sent, "outline": "1 甲\n1 乙"}).content.decode()
    assert 'id="id_outline-error"' in again
    assert ">\n1 甲\n1 乙</textarea>" in again
    answer = desk.post(here, sent)
    made = Edition.unscoped.get(plan__title="みほん市第3次計画")
    assert (answer.status_code, answer.url) == (303, f"{DESK}{made.pk}/places/")
    found = queries.document(made, "990019", "みほん市")
    assert found["plan"]["predecessors"] == ["みほん市第2次計画"]
    assert [(one["number"], one["title"], one["placements"][0]["path"]) for one in found["initiatives"]] == [
        ("1-1", "電子申請", ["1"]), ("2-1", "窓口の改善", ["2"]),
    ]  # fmt: skip
    moved = Initiative.unscoped.get(edition=made, title="電子申請")
    put = {"version": str(made.version), f"node-{moved.pk}": '["1", "1-1"]'}
    assert desk.post(f"{DESK}{made.pk}/places/?show=all", put).status_code == 303
    assert queries.initiative_form(moved)["placements"] == [{"path": ["1", "1-1"], "primary": True}]
    verified = f"{DESK}{made.pk}/verification/"
    page = desk.get(verified)
    words = fields(page)
    assert words["title"] == "みほん市第2次計画の検証"
    assert "取組3件を検証しました。" in words["text"]
    assert "目標のある指標1個のうち、実績と比べられるものは1個で、そのうち1個（100％）" in words["text"]
    assert "引き継いだ取組2件、廃止1件です（3件の内訳）。" in words["text"]
    assert desk.post(verified, words).status_code == 303
    again_words = fields(desk.get(verified)) | {
        "text": "書き直した文。",
        "version": str(Edition.unscoped.get(pk=made.pk).version),
    }
    assert desk.post(verified, again_words).status_code == 303
    made = Edition.unscoped.get(pk=made.pk)
    assert [(one["title"], one["text"]) for one in made.prose["sections"]] == [
        ("みほん市第2次計画の検証", "書き直した文。")
    ]
    for edition in (Edition.unscoped.get(pk=former.pk), made):
        publish_edition(mihon.ctx("cli"), edition, PublishEdition())
    public = plain(client.get("/990019/plan/2027/verification/").content.decode())
    assert "100% （比べられる指標1個のうち1個・目標のある指標は1個）" in public
    assert "計画書 3、数えると 2" in public
    assert "1-2 掲示板 廃止" in public
    assert "使う人が減った。" in public
    lines = rows_of(client, "/990019/plan/2027/verification.csv")
    assert [(line["取組名"], line["この計画での扱い"], line["目標に届いたか"]) for line in lines] == [
        ("電子申請", "そのまま", "届いた"), ("掲示板", "廃止", ""), ("窓口の改善", "そのまま", ""),
    ]  # fmt: skip
    assert "前の計画がありません" in plain(client.get("/990019/plan/2024/verification/").content.decode())
