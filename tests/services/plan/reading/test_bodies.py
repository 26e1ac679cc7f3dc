"""Who steers the plan: the published documents' rules and prose, altered copies, rules in other words."""

from __future__ import annotations

import re

import pytest

from tests.services.plan.reading.framing import expected, own, recognised, same, share, text_of
from yakuba.services.plan.reading import model
from yakuba.services.plan.reading.bodies import MAX_BODIES, recognise

GUIDELINE = """みほん市DX推進本部設置要綱

（設置）
第１条　本市のデジタル化を総合的に推進するため、みほん市DX推進本部（以下「本部」という。）を置く。

（所掌事務）
第２条　本部は、次に掲げる事項を所掌する。
（１）計画の策定に関すること。
（２）進捗の管理に関すること。

（組織）
第３条　本部は、本部長、副本部長及び本部員をもって組織する。
２　本部長は市長を、副本部長は副市長及び教育長をもって充てる。
３　本部員は、別表に掲げる職にある者をもって充てる。

（幹事会）
第４条　本部に、幹事会を設置する。
２　幹事会に幹事長及び幹事を置き、幹事長には総務部長を、幹事には次の職にある者を充てる。
（１）DX推進課長
（２）財政課長（契約担当を除く。）

附　則
この要綱は、令和５年４月１日から施行する。

別表（第３条関係）
部長
議会事務局長

資料2 計画の策定経過
"""


def seats(bodies: tuple[model.Body, ...] | list[model.Body]) -> set[tuple[str, str, str]]:
    return {(body.name, member.role or "", member.post) for body in bodies for member in body.members}


def right(bodies: tuple[model.Body, ...] | list[model.Body], rows: list[dict[str, str]]) -> float:
    """The share of bodies, rules and seats that are right."""
    facts = []
    for row in rows:
        body = next((one for one in bodies if same(one.name, row["body"])), None)
        facts.append(body is not None and same(body.rule, row["rule"]))
        if row["role"]:
            facts.append(
                body is not None
                and any(same(one.role, row["role"]) and same(one.post, row["post"]) for one in body.members)
            )
    known = {row["body"] for row in rows}
    invented = sum(1 for body in bodies if not any(same(body.name, name) for name in known))
    extra = len(seats(bodies)) - sum(1 for row in rows if row["role"])
    return share(facts, invented + max(0, extra))


@pytest.mark.plans
@pytest.mark.parametrize(
    "name", ["shibukawa.txt", "shibata.txt", "oyama.txt", "ryugasaki.txt", "fujioka.txt"]
)
def test_the_bodies_of_published_plans(name: str):
    rows = expected("bodies.csv", name)
    bodies = own(name).bodies
    assert (right(bodies, rows) if rows else float(not bodies)) >= 0.97


@pytest.mark.plans
def test_the_rule_of_a_published_plan():
    reading = own("ryugasaki.txt")
    assert sum(len(body.members) for body in reading.bodies) == 7
    duties = {body.name: len(body.duties) for body in reading.bodies}
    assert duties == {
        "情報化統括責任者": 1,
        "情報化責任者": 1,
        "龍ヶ崎市情報化推進委員会": 5,
        "情報化推進検討部会": 1,
        "専門部会": 1,
    }
    articles = [one.number for one in reading.plan.sections if re.fullmatch(r"第[0-9]+条", one.number or "")]
    assert articles == [f"第{number}条" for number in range(1, 11)]


def wide_digits(text: str) -> str:
    wide = str.maketrans("0123456789()", "０１２３４５６７８９（）")
    begin = text.index("(目的)")
    return text[:begin] + text[begin:].translate(wide)


def other_verb(text: str) -> str:
    return text.replace("をもって充てる", "を充てる")


def plain_verb(text: str) -> str:
    return text.replace("をもって充てる", "とする")


def other_posts(text: str) -> str:
    return (
        text.replace("副市長", "副町長").replace("総務部長", "総務課長").replace("情報管理課長", "企画室長")
    )


def other_kind(text: str) -> str:
    return text.replace("規程", "要綱").replace("訓令", "告示").replace("付 則", "附則")


def no_titles(text: str) -> str:
    """Without the headings in brackets above the articles."""
    return re.sub(r"^\([^()。]{2,20}\)$", "", text, flags=re.MULTILINE)


def inline_titles(text: str) -> str:
    """The headings behind the articles' numbers."""
    return re.sub(r"^\(([^()。]{2,20})\)\n\n(第 ?\d+ ?条)", r"\2(\1)", text, flags=re.MULTILINE)


@pytest.mark.plans
@pytest.mark.parametrize(
    "change", [wide_digits, other_verb, plain_verb, other_posts, other_kind, no_titles, inline_titles]
)
def test_altered_rules(change):
    changed = change(text_of("ryugasaki.txt"))
    assert changed != text_of("ryugasaki.txt")
    rows = expected("bodies.csv", "ryugasaki.txt")
    if change is other_posts:
        rows = [row | {"post": other_posts(row["post"])} for row in rows]
    assert right(recognised(recognise, changed).bodies, rows) >= 0.93


@pytest.mark.plans
def test_altered_prose():
    changed = (
        text_of("shibukawa.txt").replace("を本部長とする", "を本部長とした").replace("「渋川市", "「みほん市")
    )
    rows = [
        row | {"body": row["body"].replace("渋川", "みほん")}
        for row in expected("bodies.csv", "shibukawa.txt")
    ]
    assert right(recognised(recognise, changed).bodies, rows) >= 0.93


def test_a_guideline_with_several_seats_in_a_sentence_items_and_an_attached_list():
    found = recognised(recognise, GUIDELINE)
    headquarters, board = found.bodies
    assert (headquarters.name, headquarters.rule) == ("みほん市DX推進本部", "第1条")
    assert [(one.role, one.post) for one in headquarters.members] == [
        ("本部長", "市長"),
        ("副本部長", "副市長及び教育長"),
        ("本部員", "部長、議会事務局長"),
    ]
    assert headquarters.duties == ("計画の策定に関すること", "進捗の管理に関すること")
    assert (board.name, board.rule) == ("幹事会", "第4条")
    assert [(one.role, one.post) for one in board.members] == [
        ("幹事長", "総務部長"),
        # What a bracket takes out stays with the post, as printed.
        ("幹事", "DX推進課長、財政課長（契約担当を除く。）"),
    ]


def test_a_rule_is_kept_article_by_article_and_ends_where_other_text_begins():
    found = recognised(recognise, GUIDELINE)
    assert [(one.number, one.title) for one in found.sections] == [
        (None, "みほん市DX推進本部設置要綱"),
        ("第1条", "設置"),
        ("第2条", "所掌事務"),
        ("第3条", "組織"),
        ("第4条", "幹事会"),
    ]
    lines = GUIDELINE.split("\n")
    left = [line for at, line in enumerate(lines) if line and at not in found.claimed]
    assert left == ["資料2 計画の策定経過"]
    printed = "\n".join(one.text or "" for one in found.sections)
    assert all(line.strip() in printed for line in lines[3:10] if line and not line.startswith("（所"))


def test_an_attached_table_of_roles_and_posts():
    text = (
        "みほん町情報化推進委員会設置規程\n（設置）\n第1条 情報化を進めるため、みほん町情報化推進委員会を設置する。\n"
        "（組織）\n第2条 委員長及び委員は、別表に掲げる職にある者をもって充てる。\n"
        "附 則\nこの規程は、公布の日から施行する。\n別表（第2条関係）\n区分\t職名\n委員長\t副町長\n委員\t総務課長\n委員\t税務課長\n"
    )
    (body,) = recognised(recognise, text).bodies
    assert {(one.role, one.post) for one in body.members} == {
        ("委員長", "副町長"),
        ("委員", "総務課長、税務課長"),
    }


def test_a_line_that_the_pages_end_cut_in_two_is_one_paragraph():
    text = (
        "みほん市情報化規程\n第1条 情報化推進委員会を置く。\n2 委員会は、計画の策定について調査し、及\n\n- 12 -\n\n"
        "び審議する。\n3 委員長は、副市長をもって充てる。\n第2条 この規程は、公布の日から施行する。\n"
    )
    found = recognised(recognise, text)
    assert "調査し、及び審議する。" in (found.sections[1].text or "")
    assert seats(found.bodies) == {("情報化推進委員会", "委員長", "副市長")}


@pytest.mark.parametrize(
    ("sentence", "seat"),
    [
        (
            "市長を本部長とする「みほん市DX推進本部」を設置します。",
            ("みほん市DX推進本部", "本部長", "市長"),
        ),
        (
            "副市長を委員長とした情報化推進委員会を置きます。",
            ("情報化推進委員会", "委員長", "副市長"),
        ),
        (
            "「デジタル化検討部会」（部会長：DX推進課長）で調べます。",
            ("デジタル化検討部会", "部会長", "DX推進課長"),
        ),
        (
            "副市長を最高情報責任者（ＣＩＯ）とする「情報化戦略会議」を開きます。",
            ("情報化戦略会議", "最高情報責任者（ＣＩＯ）", "副市長"),
        ),
    ],
)
def test_prose_names_who_heads_a_body(sentence: str, seat: tuple[str, str, str]):
    assert seats(recognised(recognise, f"4 推進体制\n\n{sentence}\n").bodies) == {seat}


def test_a_body_without_a_post_is_named_in_the_chapter_about_steering_alone():
    sentence = "「みほん市情報化推進会議」が中心となって進めます。\n"
    (body,) = recognised(recognise, f"4 推進体制\n\n{sentence}").bodies
    assert (body.name, body.members) == ("みほん市情報化推進会議", ())
    assert recognised(recognise, f"1 社会の動向\n\n{sentence}").bodies == []


@pytest.mark.parametrize(
    "text",
    [
        "国は、内閣総理大臣を議長とする「デジタル社会推進会議」を設置しています。\n",
        "4 推進体制\n\n内閣に設置された「高度情報通信ネットワーク社会推進戦略本部」が中心です。\n",
        "第9条第3項により、委員会を置くことが努力義務とされました。\n",
        "第1条 この法律は、公布の日から施行する。\n",
    ],
)
def test_bodies_of_others_and_cited_laws_are_left_alone(text: str):
    found = recognised(recognise, text)
    assert (found.bodies, found.sections, found.claimed) == ([], [], set())


def test_countless_bodies_take_bounded_time():
    lines = "\n".join(f"市長を本部長とする「第{number}推進本部」を置く。" for number in range(1000))
    assert len(recognised(recognise, f"4 推進体制\n\n{lines}\n").bodies) == MAX_BODIES
