"""Which questions are asked: whatever the conditions and the answers."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.procedures.definition.examples import DAY, define
from yakuba.services.procedures.definition import answers, order
from yakuba.services.procedures.definition.answers import read_section, standing, visible
from yakuba.services.procedures.definition.conditions import parse
from yakuba.services.procedures.definition.model import Definition

COUNT = 6


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """Yes/no questions on one page; each may rest on others before it in a drawn order, not in the order of the page."""
    ranks = draw(st.permutations(range(COUNT)))
    questions = []
    for place in range(COUNT):
        before = [n for n in range(COUNT) if ranks[n] < ranks[place]]
        chosen = draw(st.lists(st.sampled_from(before), max_size=2, unique=True)) if before else []
        signs = [draw(st.sampled_from(["q{}", "not q{}", "answered(q{})"])).format(n) for n in chosen]
        word = draw(st.sampled_from([" and ", " or "]))
        required = draw(st.booleans())
        question = {"key": f"q{place}", "kind": "yes_no", "label": f"問{place}", "required": required}
        questions.append({**question, **({"when": word.join(signs)} if signs else {})})
    return define(*questions)


_given = st.dictionaries(st.sampled_from([f"q{n}" for n in range(COUNT)]), st.booleans())


@given(definitions(), _given)
@settings(max_examples=40, deadline=None)
def test_a_question_is_asked_exactly_when_its_condition_holds(
    definition: Definition, given: dict[str, Any]
) -> None:
    asked, counted = standing(definition, given, DAY)
    assert set(counted) == asked & set(given)
    for question in definition.questions():
        holds = not question.when or parse(question.when).true(counted, definition, DAY)
        assert (question.key in asked) == holds
    shown = [one.key for page in visible(definition, given, DAY) for one in page.questions]
    assert shown == [one.key for one in definition.questions() if one.key in asked]


@given(definitions(), _given)
@settings(max_examples=40, deadline=None)
def test_what_is_cleaned_stays_clean(definition: Definition, given: dict[str, Any]) -> None:
    cleaned = answers.clean(definition, given, DAY)
    assert answers.clean(definition, cleaned.given, DAY) == cleaned
    assert set(cleaned.given) <= standing(definition, given, DAY)[0]


@given(definitions(), _given, st.lists(st.booleans(), min_size=COUNT, max_size=COUNT))
@settings(max_examples=40, deadline=None)
def test_a_form_comes_to_an_end(definition: Definition, given: dict[str, Any], mind: list[bool]) -> None:
    """Who answers what is asked gets through: nothing is asked for ever, and nothing required is left out."""
    for _round in range(2 * COUNT):
        posted = {
            f"q.{one.key}": ["1" if mind[int(one.key[1:])] else "0"]
            for page in visible(definition, given, DAY)
            for one in page.questions
        }
        read = read_section(definition, "page", posted, given, DAY)
        given = read.given
        if read.complete:
            break
    assert read.complete
    assert answers.clean(definition, given, DAY).problems == []


def test_a_long_chain_is_no_trouble() -> None:
    chain = [
        {"key": f"q{n}", "kind": "yes_no", "label": "次も", **({"when": f"q{n + 1}"} if n < 199 else {})}
        for n in range(200)
    ]
    definition = define(*chain)
    everything = {f"q{n}": True for n in range(200)}
    assert len(visible(definition, everything, DAY)[0].questions) == 200
    assert len(visible(definition, {}, DAY)[0].questions) == 1
    assert answers.clean(definition, everything, DAY).problems == []


def test_the_order_of_rings() -> None:
    ring = {"a": frozenset({"b"}), "b": frozenset({"a"}), "c": frozenset[str]()}
    assert order.in_order(ring) == (["c"], ["a", "b"])
    assert set(order.cycle(ring)) == {"a", "b"}
    assert order.cycle({"a": frozenset(), "b": frozenset({"a"})}) == []
