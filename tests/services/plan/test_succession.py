"""Which initiative continues which, from one edition to the next and through many."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.services.plan.forms import Form, initiative
from yakuba.services.plan.succession import Chain, trace


def origin(event: str, number: str, *, year: int | None = 2025, kind: str | None = "advance") -> list[Form]:
    """What a document says itself of where a row comes from."""
    return [{"event": event, "year": 2026, "from": {"year": year, "kind": kind, "number": number}}]


def row(number: str, title: str, year: int = 2025, kind: str = "advance", **more: object) -> Form:
    return initiative(number, title, year=year, kind=kind, **more)


def test_what_the_document_says_comes_before_what_looks_alike() -> None:
    before = [row("14", "標準化"), row("3", "基幹業務システム")]
    after = [row("3", "基幹業務システム", 2026, "operate", lineage=origin("moved", "14"))]
    found = trace(before, after)
    assert [(link.before, link.after, link.how, link.event) for link in found.links] == [
        (0, 0, "stated", "moved")
    ]
    assert found.ended == (1,)


def test_a_merged_row_goes_into_another_that_goes_on_as_itself() -> None:
    before = [row("8", "公式LINE"), row("9", "SNS運用")]
    after = [row("8", "公式LINE", 2026, lineage=origin("merged", "9"))]
    found = trace(before, after)
    assert found.before(0) == 0
    assert found.merged_into(0) == (1,)
    assert found.after(1) == 0
    assert found.ended == ()
    assert found.fresh == ()


def test_an_equal_title_is_followed_whatever_its_number_and_kind() -> None:
    found = trace([row("5", "電子申告の 普及")], [row("4", "電子申告の普及", 2026, "operate")])
    assert [(link.before, link.after, link.how) for link in found.links] == [(0, 0, "title")]


def test_titles_that_occur_twice_are_told_apart_by_number_or_not_at_all() -> None:
    before = [row("2-1", "活用研究"), row("2-2", "活用研究"), row("7", "地図"), row("8", "地図")]
    after = [row("2-2", "活用研究", 2026), row("2-1", "活用研究", 2026), row("9", "地図", 2026)]
    found = trace(before, after)
    assert found.before(0) == 1
    assert found.before(1) == 0
    assert found.before(2) is None
    assert found.fresh == (2,)


def test_a_number_counts_where_the_title_is_nearly_the_same() -> None:
    found = trace(
        [row("1", "電子申請の普及"), row("", "番号のない取組"), row("2", "窓口の改善")],
        [row("1", "電子申請の拡大", 2026), row("2", "公衆無線LAN", 2026)],
    )
    assert [(link.before, link.after, link.how) for link in found.links] == [(0, 0, "number")]
    assert found.ended == (1, 2)
    assert found.fresh == (1,)


@given(st.lists(st.tuples(st.sampled_from("123"), st.sampled_from(["甲", "乙", "丙の取組", "丙の取組み"])), max_size=6),
       st.lists(st.tuples(st.sampled_from("123"), st.sampled_from(["甲", "乙", "丙の取組", "丙の取組み"])), max_size=6))  # fmt: skip
def test_nobody_goes_on_twice_and_nobody_is_lost(
    first: list[tuple[str, str]], second: list[tuple[str, str]]
) -> None:
    before = [row(*one) for one in first]
    after = [row(*one, year=2026) for one in second]
    found = trace(before, after)
    gone_on = [link.before for link in found.links]
    reached = [link.after for link in found.links]
    assert len(gone_on) == len(set(gone_on))
    assert len(reached) == len(set(reached)), "nothing was merged here"
    assert sorted([*gone_on, *found.ended]) == list(range(len(before)))
    assert sorted([*reached, *found.fresh]) == list(range(len(after)))


def test_a_row_is_followed_back_and_onward_through_many_editions() -> None:
    chain = Chain(
        [
            [row("1", "電子申請", 2023), row("2", "窓口", 2023)],
            [row("9", "別の取組", 2024), row("1", "電子申請", 2024)],
            [row("3", "電子申請", 2025)],
            [row("4", "まったく新しい名前", 2026)],
        ]
    )
    back = list(chain.back(2, 0))
    assert [(step.edition, step.row) for step in back] == [(2, 0), (1, 1), (0, 0)]
    assert back[-1].link is None
    assert [(step.edition, step.row) for step in chain.onward(0, 0)] == [(1, 1), (2, 0)]
    assert list(chain.onward(0, 1)) == []
    assert [(step.edition, step.row) for step in chain.back(3, 0)] == [(3, 0)]


def test_what_was_merged_leads_on_in_the_row_that_took_it_in() -> None:
    chain = Chain(
        [
            [row("8", "公式LINE", 2024), row("9", "SNS運用", 2024)],
            [row("8", "公式LINE", 2025, lineage=origin("merged", "9", year=2024))],
        ]
    )
    (step,) = chain.onward(0, 1)
    assert (step.edition, step.row) == (1, 0)
    assert step.link is not None
    assert step.link.merged
    assert step.merged == (1,)
