"""Proposals: the score, the evidence, and what must never change them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.services.plan.themes import THEMES, Proposal, propose

Form = dict[str, Any]


def ids(form: Form) -> list[str]:
    return [one.theme for one in propose(form)]


def score(form: Form, theme: str) -> int:
    return next((one.score for one in propose(form) if one.theme == theme), 0)


def test_nothing_in_nothing_out():
    assert propose({}) == []
    assert (
        propose({"title": "", "texts": {}, "items": [], "indicators": [], "tags": {}, "placements": []}) == []
    )
    assert (
        propose({"title": None, "texts": None, "items": [{"text": None}], "indicators": [{}], "tags": None})
        == []
    )
    assert propose({"title": "みんなで考えるまち"}) == []


@pytest.mark.parametrize(
    ("form", "expected", "path"),
    [
        ({"title": "道路台帳"}, 60, "title"),
        ({"indicators": [{"name": "件数"}, {"name": "道路台帳の更新"}]}, 30, "indicators[1].name"),
        ({"items": [{"text": "道路台帳"}]}, 24, "items[0].text"),
        ({"texts": {"approach": "道路台帳を直す"}}, 12, "texts.approach"),
        ({"texts": {"target_state": ["安全な道", "道路台帳"]}}, 12, "texts.target_state[1]"),
    ],
)
def test_the_place_gives_the_points(form: Form, expected: int, path: str):
    assert propose(form) == [Proposal("road-ledger", expected, ((path, "道路台帳"),))]


def test_goals_and_tags_only_support():
    around = {"placements": [{"path": ["1", "道路台帳"]}], "tags": {"分野": ["道路台帳"]}}
    assert propose(around) == []
    assert score({"title": "道路台帳", **around}, "road-ledger") == 66


def test_a_word_counts_once_in_each_place():
    assert score({"title": "道路台帳と道路台帳"}, "road-ledger") == 60
    assert (
        score({"title": "道路台帳", "texts": {"issue": "道路台帳", "effect": "道路台帳"}}, "road-ledger")
        == 72
    )


def test_spellings_of_one_word_are_one_word():
    assert score({"title": "空家台帳・空き家台帳"}, "vacant-house-registry") == 60


def test_a_weak_word_counts_half_and_a_shared_one_is_divided():
    assert THEMES["citizen-voice"].weak_words.count("市民参加") == 1
    assert score({"title": "市民参加"}, "citizen-voice") == 30
    sharing = [one.id for one in THEMES.values() if "電子納付" in one.weak_words]
    assert len(sharing) == 2
    assert {one.theme: one.score for one in propose({"title": "電子納付"})} == dict.fromkeys(sharing, 15)


def test_the_longest_word_wins():
    proposals = propose({"title": "電子納付の拡大"})
    assert [(one.theme, one.score) for one in proposals] == [("public-money-epayment", 60)]
    assert ids({"title": "議会報告会"}) == ["council-streaming"]


@pytest.mark.parametrize(
    "title",
    ["ONLINEの広場", "OUTLINEを示す", "MAIN", "地域協議会", "国土強靱化", "庁内の本部会議", "広い面積算定"],
)
def test_parts_of_other_words_are_no_words(title: str):
    assert propose({"title": title}) == []


def test_latin_words_stand_beside_japanese_ones():
    assert ids({"title": "ＬＩＮＥで届ける"}) == ["sns-line-delivery"]
    assert "rpa" in ids({"title": "AI、RPAの利活用"})


def test_long_texts_do_not_outweigh_the_title():
    mentions = "、".join(THEMES["digital-archive"].words)
    form = {"title": "道路台帳", "texts": {"approach": mentions, "issue": mentions}}
    assert [(one.theme, one.score) for one in propose(form)] == [("road-ledger", 60), ("digital-archive", 36)]


def test_at_most_five_best_first():
    title = "道路台帳 公衆無線LAN 狂犬病 戸籍 図書館 電子契約 ふるさと納税"
    proposals = propose({"title": title, "texts": {"issue": "図書館"}})
    assert len(proposals) == 5
    assert proposals[0].theme == "library-management"
    assert [one.score for one in proposals] == sorted((one.score for one in proposals), reverse=True)


def test_equals_stand_in_the_order_of_length_then_of_the_vocabulary():
    assert ids({"title": "戸籍と図書館と旅券"}) == [
        "library-management",
        "passport-applications",
        "family-register",
    ]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Ｗｅｂアクセシビリティの確保", "Ｗｅｂアクセシビリティ"),
        ("市の　おくやみ\u3000窓口", "おくやみ\u3000窓口"),
        ("手続 き  のオンライン化", "手続 き  のオンライン化"),
        ("㌔メートル表示と道路台帳", "道路台帳"),
        ("\ufeff\u200b道路\u200b台帳", "道路\u200b台帳"),
        ("ﾃﾞｼﾞﾀﾙｻｲﾈｰｼﾞの設置", "ﾃﾞｼﾞﾀﾙｻｲﾈｰｼﾞ"),
    ],
)
def test_evidence_is_the_word_as_it_stands(title: str, found: str):
    (proposal,) = propose({"title": title})
    assert proposal.evidence == (("title", found),)


def test_evidence_is_ordered_by_weight_and_complete():
    (proposal,) = propose(
        {
            "title": "電子申請の拡大",
            "indicators": [{"name": "オンライン申請率"}],
            "texts": {"purpose": "電子申請を広げる"},
        }
    )
    assert proposal == Proposal(
        "online-applications",
        100,
        (("title", "電子申請"), ("indicators[0].name", "オンライン申請"), ("texts.purpose", "電子申請")),
    )


# Pieces that are glued together: every theme's first word, and words of no theme.
WORDS = [one.words[0] for one in THEMES.values()]
IDLE = ["まちの人", "令和8年度", "120件", "。", "\n", "　", "とても大切です"]
GLUED = st.lists(st.sampled_from(WORDS + IDLE), max_size=12).map("。".join)
FORMS = st.fixed_dictionaries(
    {
        "title": GLUED,
        "texts": st.dictionaries(st.sampled_from(["purpose", "issue", "approach"]), GLUED, max_size=3),
        "items": st.lists(GLUED.map(lambda text: {"text": text}), max_size=3),
        "indicators": st.lists(GLUED.map(lambda name: {"name": name}), max_size=3),
    }
)


@given(FORMS, st.lists(st.sampled_from(IDLE), max_size=8).map("。".join))
def test_unrelated_text_changes_nothing(form: Form, idle: str):
    more = {
        **form,
        "title": form["title"] + "。" + idle,
        "texts": {**form["texts"], "effect": idle},
        "items": [*form["items"], {"text": idle}],
        "indicators": [*form["indicators"], {"name": idle}],
    }
    assert propose(more) == propose(form)


@given(FORMS, GLUED)
def test_more_text_never_lowers_a_score(form: Form, added: str):
    more = {**form, "items": [*form["items"], {"text": added}], "texts": {**form["texts"], "result": added}}
    after = {one.theme: one for one in propose(more)}
    for before in propose(form):
        if before.theme not in after:
            assert len(after) == 5
            assert min(one.score for one in after.values()) >= before.score
        else:
            assert after[before.theme].score >= before.score
            assert set(before.evidence) <= set(after[before.theme].evidence)


@given(FORMS)
def test_the_same_form_gives_the_same_list(form: Form):
    proposals = propose(form)
    assert proposals == propose(dict(reversed(form.items())))
    assert len(proposals) <= 5
    assert all(12 <= one.score <= 100 and one.evidence for one in proposals)
    for one in proposals:
        for path, word in one.evidence:
            assert path == "title" or path.startswith(("texts.", "items[", "indicators["))
            assert word


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_read(title: str, text: str):
    for one in propose({"title": title, "texts": {"purpose": text}}):
        assert one.theme in THEMES
