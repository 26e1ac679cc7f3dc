"""Between what places say: which of them tell of one initiative, which field wins, what stays in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from yakuba.services.plan.reading.blocks import Block, Paper
from yakuba.services.plan.reading.mentions import GUESSED, LIKELY, SURE, Found, Mention, Move, Scope, Years
from yakuba.services.plan.reading.model import (
    FieldSource,
    Initiative,
    Item,
    Node,
    Office,
    Placement,
    Plan,
    Reading,
    Source,
)
from yakuba.services.plan.reading.offices import cut
from yakuba.services.plan.reading.resolving import resolve


def said(
    at: int,
    number: str,
    title: str,
    offices: Sequence[str] = (),
    *,
    rule: str = "detail",
    kind: str | None = None,
    year: int | None = None,
    plan: str | None = None,
    weights: dict[str, float] | None = None,
    series: int = 0,
    alone: bool = True,
    path: tuple[str, ...] = (),
    **more: object,
) -> Mention:
    """A place on line `at` that prints these fields."""
    weights = weights or {}
    guessed = weights.get("offices", SURE) < LIKELY
    source = FieldSource("plan.txt", at + 1, 1, rule)
    sources = {"title": source} | {f"offices[{n}].name": source for n in range(len(offices))}
    own = Initiative(
        year=0,
        number=number,
        title=title,
        source=Source("plan.txt", at + 1),
        offices=tuple(Office(name, "lead", guessed) for name in offices),
        placements=(Placement(path),) if path else (),
        sources=sources | ({"placements[0]": source} if path else {}),
    )
    own = replace(own, **more)  # type: ignore[arg-type]
    return Mention(Scope(year, kind, plan), own, at, rule, weights, alone, series)


def resolved(*mentions: Mention, **more: object) -> tuple[Reading, ...]:
    size = max(one.at for one in mentions) + 1
    blocks = (
        Block(1, ("みほん市情報化推進計画 令和6年度版",)),
        *(Block(at + 1, ("",)) for at in range(1, size)),
    )
    found = Found(mentions=list(mentions), years=Years(spans=[(2024, 2027)]), **more)  # type: ignore[arg-type]
    return resolve(Paper("plan.txt", "text", blocks), [found])


def rows(reading: Reading) -> list[tuple[str, str]]:
    return [(one.number, one.title) for one in reading.initiatives]


def office(reading: Reading, at: int = 0) -> list[str]:
    return [one.name for one in reading.initiatives[at].offices]


def codes(one: Initiative) -> list[tuple[str, str]]:
    return [(doubt.field, doubt.code) for doubt in one.doubts]


def test_a_row_of_the_overview_and_its_detail_are_one():
    (reading,) = resolved(
        said(1, "1", "窓口の予約", rule="overview", path=("ア",)),
        said(2, "2", "証明書の申請", rule="overview", path=("ア",)),
        said(5, "1", "窓口の予約", ["市民課"], items=(Item("①", "始める"),)),
        said(6, "2", "証明書の申請", ["税務課"]),
    )
    assert rows(reading) == [("1", "窓口の予約"), ("2", "証明書の申請")]
    assert office(reading) == ["市民課"]
    assert reading.initiatives[0].items[0].text == "始める"
    assert reading.initiatives[0].placements == (Placement(("ア",)),)
    assert not any(one.doubts for one in reading.initiatives)


def test_two_rows_of_one_table_are_two_initiatives():
    (reading,) = resolved(said(1, "2-1", "カードの活用"), said(2, "2-2", "カードの活用"))
    assert [(one.number, one.group) for one in reading.initiatives] == [("2-1", "2"), ("2-2", "2")]


def test_kinds_and_years_are_kept_apart():
    now, before = resolved(
        said(1, "1", "窓口の予約", kind="advance"),
        said(2, "1", "庁内網の運用", kind="operate", rule="other"),
        said(3, "1", "窓口の予約", kind="advance", year=2023),
    )
    assert [(one.kind, one.title) for one in now.initiatives] == [
        ("advance", "窓口の予約"),
        ("operate", "庁内網の運用"),
    ]
    assert (now.plan.edition, before.plan.edition) == ("令和6年度版", "令和5年度版")
    assert [one.year for one in before.initiatives] == [2023]


def test_a_number_misread_follows_its_title():
    (reading,) = resolved(
        *(
            said(n, str(n), title, rule="overview", kind="operate")
            for n, title in enumerate(["移住の案内サイトの運用", "統計の公開", "子育てサイトの運用"], 1)
        ),
        said(5, "2", "移住の案内サイトの運用", kind="operate"),
        said(6, "1", "統計の公聞", kind="operate"),
        said(7, "3", "子育てサイトの運用", kind="operate"),
    )
    assert rows(reading) == [
        ("1", "移住の案内サイトの運用"),
        ("2", "統計の公開"),
        ("3", "子育てサイトの運用"),
    ]
    assert ("number", "places-differ") in codes(reading.initiatives[0])
    assert ("number", "places-differ") in codes(reading.initiatives[1])


def test_a_row_between_its_neighbours_is_not_invented():
    (reading,) = resolved(
        *(
            said(n, str(n), title, rule="overview", kind="operate")
            for n, title in enumerate(["甲の台帳の運用", "乙の地図の運用", "丙の帳票の運用"], 1)
        ),
        said(5, "1", "甲の台帳の運用", kind="operate"),
        said(6, "", "乙の圏の運用", kind="operate"),
        said(7, "3", "丙の帳票の運用", kind="operate"),
    )
    assert len(reading.initiatives) == 3


def test_a_place_that_only_adds_is_never_an_initiative():
    (reading,) = resolved(
        said(1, "1", "窓口の予約"),
        said(2, "1", "窓口の予約", rule="cross", alone=False, tags={"SDGs": ("9",)}),
        said(3, "7", "どこにもない取組", rule="cross", alone=False),
    )
    assert rows(reading) == [("1", "窓口の予約")]
    assert reading.initiatives[0].tags == {"SDGs": ("9",)}
    assert [(piece.line, piece.text) for piece in reading.unplaced] == [(4, "7 どこにもない取組")]


def test_the_title_that_more_places_print_wins():
    readings = resolved(
        said(1, "1", "会議の中継の連用", rule="overview"),
        said(2, "1", "会議の中継の運用"),
        said(3, "4", "会議の中継の運用", year=2023),
    )
    assert rows(readings[0]) == [("1", "会議の中継の運用")]
    assert not readings[0].initiatives[0].doubts


def test_titles_that_stand_one_to_one_are_in_doubt():
    (reading,) = resolved(said(1, "1", "会議の中継の運用", rule="overview"), said(8, "1", "会議の中断の運用"))
    (doubt,) = reading.initiatives[0].doubts
    assert (doubt.field, doubt.code) == ("title", "places-differ")
    assert doubt.candidates == ("会議の中継の運用", "会議の中断の運用")
    assert "2行目" in doubt.note
    assert "9行目" in doubt.note


def test_what_is_outvoted_is_told_beside_the_row():
    readings = resolved(
        said(1, "1", "会議の中継の連用", ["市民課"], rule="overview", weights={"offices": LIKELY}, series=1),
        said(
            2, "1", "会議の中継の運用", ["議会局"], items=(Item("①", "映す"),), texts={"purpose": "見せる。"}
        ),
        said(
            3,
            "1",
            "会議の中継の運用",
            ["議会局"],
            rule="sheet",
            items=(Item("①", "写す"),),
            texts={"purpose": "示す。"},
        ),
    )
    (row,) = readings[0].initiatives
    assert (row.title, office(readings[0]), row.items[0].text) == ("会議の中継の運用", ["議会局"], "映す")
    told = " ".join(row.warnings)
    assert all(text in told for text in ("会議の中継の連用", "市民課", "写す"))
    assert [(doubt.field, doubt.candidates) for doubt in row.doubts] == [
        ("texts.purpose", ("見せる。", "示す。"))
    ]


def test_a_letter_of_another_alphabet_is_set_right_by_the_document_itself():
    blocks = (
        Block(1, ("みほん市情報化推進計画 令和6年度版",)),
        Block(2, ("デジタルデバイドとは、情報の格差のこと。",)),
        Block(3, ("",)),
    )
    found = Found(mentions=[said(2, "1", "デジタルデバйдの解消")], years=Years(spans=[(2024, 2027)]))
    (reading,) = resolve(Paper("plan.txt", "text", blocks), [found])
    (doubt,) = reading.initiatives[0].doubts
    assert reading.initiatives[0].title == "デジタルデバイドの解消"
    assert (doubt.code, doubt.candidates) == (
        "odd-letter",
        ("デジタルデバイドの解消", "デジタルデバйдの解消"),
    )


def test_a_blank_office_is_decided_by_the_detail_row():
    (reading,) = resolved(
        said(1, "1", "窓口の予約", ["市民課"], rule="overview", weights={"offices": LIKELY}, series=1),
        said(2, "2", "税の申告", ["市民課"], rule="overview", weights={"offices": GUESSED}, series=1),
        said(5, "2", "税の申告", ["税務課"]),
    )
    second = reading.initiatives[1]
    assert [(one.name, one.doubtful) for one in second.offices] == [("税務課", False)]
    assert second.sources["offices[0].name"].line == 6
    assert not second.doubts


def test_a_blank_office_that_the_other_year_bears_out_is_decided():
    readings = resolved(
        said(1, "1", "窓口の予約", ["市民課"], rule="overview", weights={"offices": LIKELY}, series=1),
        said(2, "2", "証明の発行", ["市民課"], rule="overview", weights={"offices": GUESSED}, series=1),
        said(5, "3", "証明の発行", ["市民課"], year=2023),
    )
    assert [(one.name, one.doubtful) for one in readings[0].initiatives[1].offices] == [("市民課", False)]


def test_a_blank_office_that_nothing_bears_out_stays_in_doubt():
    (reading,) = resolved(
        said(1, "1", "窓口の予約", ["市民課"], rule="overview", weights={"offices": LIKELY}, series=1),
        said(2, "2", "税の申告", ["市民課"], rule="overview", weights={"offices": GUESSED}, series=1),
    )
    assert reading.initiatives[1].offices[0].doubtful
    assert [doubt.field for doubt in reading.initiatives[1].doubts] == ["offices[0].name"]


def displaced() -> list[Mention]:
    """A list whose offices slipped: the detail rows of the first five say so; two more rows have none."""
    printed = ["広報課", "総務課", "人事課", "税務課", "市民課", "環境課", "土木課"]
    titles = ["甲の発信", "乙の例規", "丙の文書", "丁の給与", "戊の勤怠", "己の税", "庚の戸籍"]
    right = ["広報課", "総務課", "総務課", "人事課", "人事課"]
    mentions = [
        said(n, str(n), title, [name], rule="overview", weights={"offices": LIKELY}, series=1)
        for n, (title, name) in enumerate(zip(titles, printed, strict=True), 1)
    ]
    mentions += [
        said(20 + n, str(n), title, [name])
        for n, (title, name) in enumerate(zip(titles, right, strict=False), 1)
    ]
    return mentions


def test_a_list_that_others_contradict_is_not_believed():
    (reading,) = resolved(*displaced())
    assert [office(reading, at) for at in range(5)] == [
        ["広報課"],
        ["総務課"],
        ["総務課"],
        ["人事課"],
        ["人事課"],
    ]
    assert not any(one.doubts for one in reading.initiatives[:5])
    for one in reading.initiatives[5:]:
        assert one.offices[0].doubtful
        (doubt,) = one.doubts
        assert doubt.code == "displaced-list"
        # The names that no other row has, the neighbours', and what stands beside it.
        assert {"税務課", "市民課", "環境課", "土木課"} <= set(doubt.candidates)


def test_the_other_years_row_decides_in_a_displaced_list_but_in_doubt():
    readings = resolved(*displaced(), said(40, "5", "己の税", ["税務課"], year=2023))
    sixth = readings[0].initiatives[5]
    assert [one.name for one in sixth.offices] == ["税務課"]
    assert [(doubt.code, doubt.candidates) for doubt in sixth.doubts] == [
        ("other-year", ("税務課", "環境課"))
    ]
    assert sixth.sources["offices[0].name"].line == 41


def test_offices_that_took_another_name():
    old = [said(20 + n, str(n), title, ["情報管理課"], year=2023) for n, title in enumerate("甲乙丙丁", 1)]
    new = [
        *(said(n, str(n), title, ["DX推進課"]) for n, title in enumerate("甲乙丙", 1)),
        said(4, "4", "丁", ["市民課"], rule="overview", weights={"offices": GUESSED}, series=1),
    ]
    fourth = resolved(*new, *old)[0].initiatives[3]
    assert [one.name for one in fourth.offices] == ["DX推進課"]


def test_offices_that_places_print_differently_are_in_doubt():
    (reading,) = resolved(
        said(1, "1", "窓口の予約", ["市民課"], rule="overview"), said(5, "1", "窓口の予約", ["税務課"])
    )
    (doubt,) = reading.initiatives[0].doubts
    assert (doubt.field, doubt.code, doubt.candidates) == (
        "offices[0].name",
        "places-differ",
        ("市民課", "税務課"),
    )
    assert "2行目は「市民課」" in doubt.note


def test_a_name_that_lost_letters_is_set_right_in_doubt_and_below_a_blank_with_it():
    (reading,) = resolved(
        said(
            1, "1", "上水の端末の更新", ["総務経営課"], rule="overview", weights={"offices": LIKELY}, series=1
        ),
        said(
            2,
            "2",
            "上水の印刷の更新",
            ["総務経営課"],
            rule="overview",
            weights={"offices": GUESSED},
            series=1,
        ),
        said(5, "1", "上水の端末の更新", ["総務課"]),
        said(6, "2", "上水の印刷の更新", ["総務課"]),
        said(7, "3", "例規の管理", ["総務課"]),
    )
    assert [office(reading, at) for at in range(3)] == [["総務経営課"], ["総務経営課"], ["総務課"]]
    assert [codes(one) for one in reading.initiatives[:2]] == [[("offices[0].name", "places-differ")]] * 2
    assert reading.initiatives[1].doubts[0].candidates == ("総務経営課", "総務課")


def test_one_spelling_of_an_office():
    (reading,) = resolved(
        said(1, "1", "甲", ["DX推進課"]), said(2, "2", "乙", ["DX推進課"]), said(3, "3", "丙", ["D X推進課"])
    )
    assert [office(reading, at) for at in range(3)] == [["DX推進課"]] * 3


@pytest.mark.parametrize(
    ("cell", "names", "fits"),
    [
        ("市民課・税務課", ("市民課", "税務課"), True),
        ("DX・行政管理課", ("DX・行政管理課",), True),
        ("D X推進課", ("DX推進課",), True),
        ("市民課\n税務課", ("市民課", "税務課"), True),
        ("未定です。", ("未定です。",), False),
        ("", (), True),
    ],
)
def test_offices_of_a_cell(cell: str, names: tuple[str, ...], fits: bool):
    assert cut(cell) == (names, fits)


def test_what_goes_on_and_what_moved():
    now, _ = resolved(
        said(1, "1", "窓口の予約", kind="advance"),
        said(2, "2", "新しい窓口", kind="advance", flags=("new",)),
        said(3, "1", "文書の仕組みの運用", kind="operate"),
        said(4, "2", "道路台帳の運用", kind="operate", flags=("moved",)),
        said(5, "3", "庁内網の運用", kind="operate", flags=("moved",)),
        said(11, "4", "窓口の予約", kind="advance", year=2023),
        said(12, "5", "文書の仕組みの導入", kind="advance", year=2023),
        said(13, "6", "道路台帳の構築", kind="advance", year=2023),
        said(14, "9", "庁内網の運用", kind="operate", year=2023),
        moves=[Move("文書の仕組みの導入", "文書の仕組みの運用", "operate", 8)],
    )
    told = {
        (one.kind, one.number): [
            (event.event, event.origin and (event.origin.kind, event.origin.number)) for event in one.lineage
        ]
        for one in now.initiatives
    }
    assert told == {
        ("advance", "1"): [("continued", ("advance", "4"))],
        ("advance", "2"): [("new", None)],
        ("operate", "1"): [("moved", ("advance", "5"))],
        ("operate", "2"): [("moved", ("advance", "6"))],
        ("operate", "3"): [("continued", ("operate", "9"))],
    }
    flags = {(one.kind, one.number): one.flags for one in now.initiatives}
    assert flags["operate", "1"] == ("moved",)
    # The mark stands beside the wrong row; what was inferred from a mark and a title is in doubt.
    assert flags["operate", "3"] == ()
    last = {one.number: one for one in now.initiatives if one.kind == "operate"}
    assert any("印" in text for text in last["3"].warnings)
    assert codes(last["2"]) == [("lineage[0]", "likely-origin")]
    assert not codes(last["1"])


def test_a_list_keeps_its_order_from_year_to_year():
    now, _ = resolved(
        *(said(n, str(n), title) for n, title in enumerate(["甲の台帳", "福祉の閲覧の運用", "丙の台帳"], 1)),
        *(
            said(10 + n, str(n), title, year=2023)
            for n, title in enumerate(["甲の台帳", "福祉の控除の運用", "丙の台帳"], 1)
        ),
    )
    assert [one.lineage[0].origin and one.lineage[0].origin.number for one in now.initiatives] == [
        "1",
        "2",
        "3",
    ]
    assert codes(now.initiatives[1]) == [("lineage[0]", "likely-origin")]


def test_the_overview_places_and_misread_codes_do_not():
    nodes = [Node(("ア",), "窓口"), Node(("ア", "(ア)"), "届出"), Node(("ア", "(イ)"), "発信")]
    weak = {"placements": GUESSED}
    now, before = resolved(
        said(1, "1", "届出の電子化", rule="overview", path=("ア", "(ア)")),
        said(2, "1", "届出の電子化", rule="overview", path=("ア", "(イ)"), alone=False),
        said(5, "1", "届出の電子化", weights=weak, path=("7", "(ア)")),
        said(11, "1", "届出の電子化", year=2023, weights=weak, path=("ア", "(イ)")),
        said(12, "2", "発信の電子化", year=2023, weights=weak, path=("9",)),
        nodes=nodes,
    )
    assert [(place.path, place.primary) for place in now.initiatives[0].placements] == [
        (("ア", "(ア)"), True),
        (("ア", "(イ)"), False),
    ]
    assert [place.path for place in before.initiatives[0].placements] == [("ア", "(ア)")]
    assert codes(before.initiatives[0]) == [("placements[0]", "places-differ")]
    assert before.initiatives[1].placements == ()
    assert codes(before.initiatives[1]) == [("placements[0]", "unknown-node")]
    assert [node.path for node in before.nodes] == [("ア",), ("ア", "(ア)")]


def test_goals_named_by_code_and_by_title_are_one():
    blocks = (Block(1, ("みほん市情報化推進計画 令和6年度版",)), *(Block(n, ("",)) for n in range(2, 9)))
    coded = Found(
        mentions=[said(1, "1", "甲", rule="overview", path=("1",))],
        nodes=[Node(("1",), "暮らしの窓口")],
        years=Years(spans=[(2024, 2027)]),
    )
    titled = Found(
        mentions=[said(5, "1", "甲", path=("暮らしの窓口",))], nodes=[Node(("暮らしの窓口",), "暮らしの窓口")]
    )
    (reading,) = resolve(Paper("plan.txt", "text", blocks), [coded, titled])
    assert [node.path for node in reading.nodes] == [("1",)]
    assert [place.path for place in reading.initiatives[0].placements] == [("1",)]


def test_a_former_plan_keeps_its_own_tree():
    blocks = (Block(1, ("みほん市第2次情報化推進計画",)), *(Block(n, ("",)) for n in range(2, 9)))
    own = Found(
        mentions=[said(1, "1-1", "甲", path=("1",))],
        nodes=[Node(("1",), "窓口")],
        years=Years(spans=[(2024, 2027)]),
    )
    former = Found(
        mentions=[said(5, "1-1", "乙", plan="第1次計画", year=2023, path=("1",))],
        nodes=[Node(("1",), "基盤")],
        levels=("柱",),
        plan=Plan("第1次計画", 2019, 2023),
    )
    first, second = resolve(Paper("plan.txt", "text", blocks), [own, former])
    assert [node.title for node in first.nodes] == ["窓口"]
    assert [node.title for node in second.nodes] == ["基盤"]
    assert second.levels == ("柱",)
    assert (second.plan.first_year, second.plan.last_year) == (2019, 2023)


def test_claims_beside_counts():
    rows_ = [
        said(1, "1-1", "甲", kind="advance", progress="順調"),
        said(2, "1-2", "甲", kind="advance", progress="順調"),
        said(3, "2", "乙", kind="advance", progress="遅れ"),
        said(4, "1", "丙", kind="operate"),
    ]
    (reading,) = resolved(
        *rows_, counts={"advance": 2, "operate": 3}, progress={"順調": 1, "遅れ": 2, "停滞": 0}
    )
    texts = [one.text for one in reading.warnings if one.code == "stated-differs"]
    assert len(texts) == 2
    assert "運用取組" in texts[0]
    assert "3件" in texts[0]
    assert "1件" in texts[0]
    assert "遅れ" in texts[1]
    assert (reading.stated.counts, reading.stated.progress) == (
        {"advance": 2, "operate": 3},
        {"順調": 1, "遅れ": 2, "停滞": 0},
    )


def test_a_claim_about_another_year_is_held_against_that_year():
    rows_ = [said(1, "1", "甲", kind="operate"), said(2, "1", "甲", kind="operate", year=2023)]
    readings = resolved(*rows_, counts={"運用取組(令和5年度)": 4, "運用取組(令和4年度)": 9, "operate": 1})
    assert [dict(one.stated.counts) for one in readings] == [
        {"運用取組(令和4年度)": 9, "operate": 1},
        {"operate": 4},
    ]
    texts = [one.text for one in readings[1].warnings if one.code == "stated-differs"]
    assert len(texts) == 1
    assert "令和5年度" in texts[0]
